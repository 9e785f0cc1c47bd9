"""Rules that put two dates together: ranges, dates counted from dates, a weekday with its date."""

from __future__ import annotations

from dataclasses import replace

from claims.language.dates import combine, relative
from claims.language.dates.calendar_rules import OF
from claims.language.dates.meaning import Expression, Fixed, Partial
from claims.language.dates.rules import Built, Grammar, Parts
from claims.language.dates.tokens import Token

_TO = "(?:[.]?-|k?[pfG]?t|/)"
_DATE = "[DPYRETCW]"
_ENDS = "[DPYRETCW2]"


def add_day_range_rules(grammar: Grammar) -> None:
    """The grammar knows ranges of days of one month: from 22 to 24 October, October 22-24."""
    rule = grammar.rule
    rule(r"bG?(?P<a>[do])[,]?[&t-]t?G?(?P<b>D)")(_days_to_date)
    rule(r"(?P<from>[fb]G?)?(?P<a>d)(?P<sign>/)(?P<b>d)-(?:(?P<end>D)|(?P<c>d)/(?P<d>d))(?:,?(?P<y>y))?")(
        _numeric_range
    )
    rule(rf"(?:[fb]G?)?(?<!/)(?P<a>[do])\.?{_TO}G?(?P<b>D)")(_days_to_date)
    rule(r"[fb]?(?P<a>D)(?:-|tG?|tG?p)(?P<b>[do])(?!U)(?:[,pFi]{0,2}(?P<y>[yY]))?")(_date_to_day)
    rule(r"b?(?P<m>P)b?(?P<a>[do])[&t-](?P<b>[do])(?:[,p]?(?P<y>[yY]))?")(_days_in_month)


def add_list_rules(grammar: Grammar) -> None:
    """The grammar gives the days of a list the month that stands after the last: 22 و24 أكتوبر."""
    for _ in range(4):
        grammar.rule(r"(?P<m>P)(?=,?&G?U?(?P<next>P))")(_listed_month)
        grammar.rule(r"(?P<d>[do])(?=,?&G?(?P<next>D))")(_listed)
        grammar.rule(r"(?P<d>o)(?=,G?(?P<next>D))")(_listed)
        grammar.rule(r"(?:(?<=D,)|(?<=D&)|(?<=D,&))(?P<d>o)(?![UPMmy])")(_listed_after)


def _listed(parts: Parts) -> Built | None:
    following = parts["next"]
    day = parts["d"]
    if not isinstance(following, Partial) or following.month is None or not 1 <= day <= 31:
        return None
    return "D", replace(following, day=day, weekday=None)


def _listed_month(parts: Parts) -> Built | None:
    """يوليو وأغسطس 2023: the year or direction after the last month holds for all."""
    month, following = parts["m"], parts["next"]
    if month.year is not None or month.way is not None or (following.year is None and following.way is None):
        return None
    year = following.year
    if year is not None and month.month > following.month:
        year -= 1  # December and January 2024
    return "P", replace(month, year=year, way=following.way, weak=False)


def _listed_after(parts: Parts) -> Built | None:
    """March 22nd, 23rd and 24th: figures only, in words they may be the third and fourth of anything."""
    before = next(token for token in reversed(parts.tokens[: parts.match.start()]) if token.tag == "D")
    day, first = parts["d"], before.value
    if parts.section("d") != "digits" or not isinstance(first, Partial) or first.month is None or day > 31:
        return None
    return "D", replace(first, day=day, weekday=None)


def add_days_of_rules(grammar: Grammar) -> None:
    """The grammar knows ranges of days of a month that is named by its place: from 4 to 22 this month."""
    rule = grammar.rule
    rule(r"(?<!U)(?:(?<=d)f?|(?<=of))(?P<now>H)(?!U)")(_this_month)
    rule(rf"f?(?P<a>[od])\.?{_TO}G?(?P<b>[od])[pfFiG]{{0,2}}(?P<whole>R)")(_days_of)
    rule(rf"b(?P<a>[od])[&t-](?P<b>[od]){OF}(?P<whole>R)")(_days_of)


def _this_month(parts: Parts) -> Built | None:
    """في 20 الجاري: of a month that is not named; the word for it is left out."""
    return relative.unit("month", 0)


def add_days_of_week_rules(grammar: Grammar) -> None:
    """The grammar knows ranges of weekdays in a week that is named beside them."""
    rule = grammar.rule
    days = rf"(?:f?(?P<a>[Ww]){_TO}(?P<b>[Ww])|b(?P<c>[Ww])[&t](?P<d>[Ww]))"
    rule(r"(?P<w>[Ww])(?=(?:,?&?[Ww])*,?&[Ww][pfFi]{0,2}G?(?P<whole>R))")(_day_of_week)
    rule(rf"(?P<whole>R),?{days}")(_days_of_week)
    rule(rf"{days}[pfFi]{{0,2}}(?P<whole>R)")(_days_of_week)


def add_range_rules(grammar: Grammar) -> None:
    """The grammar knows ranges, dates counted from other dates, and weekdays that go with a date."""
    rule = grammar.rule
    rule(rf"(?P<o>[oc])(?P<w>[Ww])(?P<way>[<>AI])G?(?P<anchor>{_DATE})")(_weekday_from)
    rule(rf"(?P<for>p)(?P<n>[dc1])(?P<u>U),?ff?G?(?P<anchor>{_DATE})")(_lasting_from)
    rule(rf"(?P<way>[AI])(?P<n>[dc1#])?(?P<u>[UV])fG?(?:U(?=[WwD]))?(?P<anchor>{_DATE})")(_shifted)
    rule(rf"(?P<n>[dc1#])(?P<u>U)(?P<way>[<>AIf])G?(?P<anchor>{_DATE})")(_shifted)
    rule(rf"(?P<u>V)(?P<way>[<>AI])G?(?P<anchor>{_DATE})")(_shifted)
    rule(r"(?P<a>D)(?P<for>p)(?P<n>[dc1])(?P<u>U)")(_lasting)
    rule(r"(?P<w>[Ww])[,kp(-]{0,3}(?P<date>D)\)?")(_weekday_and_date)
    rule(r"(?P<date>D),(?P<w>[Ww])(?![,G]?[do])")(_weekday_and_date)
    rule(r"k(?P<day>z)")(_named_day_of)
    rule(r"(?P<t>[Tz])[,(]?(?P<w>W)\)?")(_weekday_and_date)
    rule(r"(?P<w>[Ww]),?G?(?P<d>[do])(?![Ukt-])")(_weekday_and_number)
    rule(r"(?P<w>[Ww]),?G(?P<d>o)(?=t)")(_weekday_and_number)
    rule(r"(?P<w>[Ww]),?G(?P<d>c)(?![UoMm])")(_weekday_and_number)
    rule(r"(?P<u>U)(?P<w>[W2])")(_named_day)
    rule(rf"bG?(?P<a>{_ENDS})[,]?(?:&|t|-)G?(?P<b>{_ENDS})")(_range)
    rule(rf"(?:[fb]k?G?)?(?P<a>{_ENDS}){_TO}k?G?(?P<b>{_ENDS})")(_range)
    rule(r"k(?P<a>W)-?(?P<b>W)")(_night)
    rule(rf"[fb](?P<a>{_DATE}|y)[t&-](?P<b>z)")(_range)
    rule(rf"b(?P<a>z)&(?P<b>{_DATE})")(_range)
    rule(rf"f(?P<a>z)tG?(?P<b>{_DATE})")(_range)
    rule(r"[bf]G(?P<a>o)[&t]G?(?P<b>o)(?!U)")(_numbered_days)
    rule(r"b(?P<a>y)(?:[&t-])(?P<b>y)")(_years)
    rule(r"[fbi]?(?P<a>[yY])[t-](?P<b>[yY])")(_years)
    rule(r"(?P<a>y)(?P<sign>/)(?P<b>y)")(_years)
    rule(rf"[fb](?P<a>[yY])[t&-]G?(?P<b>{_DATE})")(_range)
    rule(rf"[fb](?P<a>{_DATE})[t&-]G?(?P<b>[yY])")(_range)
    rule(rf"i(?P<a>[yY])tG?(?P<b>{_DATE})")(_range)


def _numeric_range(parts: Parts) -> Built | None:
    """10/1-10/7/2024, and from 10/1-10/7 where a word shows that no fractions are meant."""
    token = parts.token("sign")
    first = _two(parts["a"], parts["b"], bool(token and token.value))
    last = parts["end"] if parts.tag("end") else _two(parts["c"], parts["d"], bool(token and token.value))
    if first is None or not isinstance(last, Partial):
        return None
    if parts["y"] and last.year is None:
        return combine.stretch(replace(first, year=parts["y"]), replace(last, year=parts["y"]))
    return combine.stretch(first, last) if parts.tag("from") or parts.tag("end") else None


def _two(first: int, second: int, day_first: bool) -> Partial | None:
    day, month = (first, second) if day_first else (second, first)
    return Partial(month=month, day=day) if month <= 12 and day <= 31 else None


def _days_to_date(parts: Parts) -> Built | None:
    end = parts["b"]
    if parts["a"] > 31 or end.weekday is not None or (end.month is not None and parts["a"] > end.day):
        return None
    return combine.days(replace(end, day=parts["a"]), end)


def _date_to_day(parts: Parts) -> Built | None:
    start, day, year = parts["a"], parts["b"], parts["y"]
    if start.day is None or not start.day < day <= 31 or (start.year is not None and year is not None):
        return None
    if year is not None:
        start = replace(start, year=year.year if isinstance(year, Partial) else year)
    return combine.days(start, replace(start, day=day))


def _days_in_month(parts: Parts) -> Built | None:
    month, year = parts["m"], parts["y"]
    if not parts["a"] < parts["b"] <= 31:
        return None
    if year is not None:
        month = replace(month, year=year.year if isinstance(year, Partial) else year)
    return combine.days(
        replace(month, day=parts["a"], weak=False), replace(month, day=parts["b"], weak=False)
    )


def expression(token: Token) -> Expression:
    """What a token names, where it names days at all."""
    if token.tag in "Tz":
        return relative.day(token.value)
    if token.tag in "Ww":
        return Partial(weekday=token.value)
    if token.tag == "2":
        return expression(token.value[1])
    if token.tag == "m":
        return Partial(month=token.value[1], calendar=token.value[0], weak=True)
    if isinstance(token.value, int):
        return Partial(year=token.value)
    return token.value  # type: ignore[no-any-return]


def _end(parts: Parts, name: str) -> Expression:
    token = parts.token(name)
    assert token is not None  # noqa: S101  the pattern demands it
    return expression(token)


def _weekday_from(parts: Parts) -> Built:
    way = -1 if parts.tag("way") in "<A" else 1
    return relative.weekday_from(_end(parts, "anchor"), parts["w"], parts["o"], way)


def _shifted(parts: Parts) -> Built | None:
    way = -1 if parts.tag("way") in "<A" else 1
    number = parts["n"] if "n" in parts.match.groupdict() else None
    count = number or (2 if parts.tag("u") == "V" else 1)
    return relative.shift(_end(parts, "anchor"), count, parts["u"], way)


def _lasting_from(parts: Parts) -> Built | None:
    if parts.section("for") != "for":
        return None
    return combine.lasting(_end(parts, "anchor"), parts["n"], parts["u"])


def _lasting(parts: Parts) -> Built | None:
    if parts.section("for") != "for":
        return None
    return combine.lasting(parts["a"], parts["n"], parts["u"])


def _weekday_and_date(parts: Parts) -> Built:
    return "2", (
        parts.token("w"),
        parts.token("date") if "date" in parts.match.groupdict() else parts.token("t"),
    )


def _weekday_and_number(parts: Parts) -> Built | None:
    low = 13 if parts.tag("d") == "c" else 1  # Friday the thirteen is a date, Friday the two is none
    return ("D", Partial(weekday=parts["w"], day=parts["d"])) if low <= parts["d"] <= 31 else None


def _named_day_of(parts: Parts) -> Built | None:
    """صباح غد: a part of the day makes a date of the bare word."""
    return ("T", parts["day"]) if parts["day"] else None


def _named_day(parts: Parts) -> Built | None:
    token = parts.token("w")
    return (token.tag, token.value) if token and parts["u"] == "day" else None


def _days_of(parts: Parts) -> Built | None:
    whole = parts["whole"]
    if whole.grain != "month" or not 1 <= parts["a"] < parts["b"] <= 31:
        return None
    first, last = (combine.within(Partial(day=parts[name]), whole) for name in "ab")
    return combine.stretch(first[1], last[1]) if first and last else None


def _numbered_days(parts: Parts) -> Built | None:
    """Between the 21st and the 23rd; in words those may be the first and second of anything."""
    if parts.section("a") != "digits" or parts.section("b") != "digits" or not parts["a"] < parts["b"] <= 31:
        return None
    return combine.days(Partial(day=parts["a"]), Partial(day=parts["b"]))


def _days_of_week(parts: Parts) -> Built | None:
    if parts["whole"].grain != "week":
        return None
    names = "ab" if parts.tag("a") else "cd"
    first, last = (combine.within(Partial(weekday=parts[name]), parts["whole"]) for name in names)
    return combine.stretch(first[1], last[1]) if first and last else None


def _day_of_week(parts: Parts) -> Built | None:
    """Monday and Tuesday next week: what is said after the last weekday of a list holds for all."""
    week = parts["whole"].grain == "week"
    return combine.within(Partial(weekday=parts["w"]), parts["whole"]) if week else None


def _range(parts: Parts) -> Built | None:
    first, last = _end(parts, "a"), _end(parts, "b")
    if isinstance(first, Fixed) and isinstance(last, Fixed) and first is last:
        return None
    return combine.stretch(first, last)


def _night(parts: Parts) -> Built | None:
    """ليل السبت الأحد: the night between two days."""
    return _range(parts) if parts["b"] == (parts["a"] + 1) % 7 else None


def _years(parts: Parts) -> Built | None:
    first, last = _end(parts, "a"), _end(parts, "b")
    if not (isinstance(first, Partial) and isinstance(last, Partial) and first.year and last.year):
        return None
    if not 1000 <= first.year < last.year <= 2200 or (parts.tag("sign") and last.year > first.year + 1):
        return None
    return combine.stretch(first, last)
