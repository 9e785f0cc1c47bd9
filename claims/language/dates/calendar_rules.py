"""Rules for what stands in a calendar: months, years, days of months, quarters, decades."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from claims.language.dates import combine
from claims.language.dates.calendars import Calendar
from claims.language.dates.feasts import part_of_year, season
from claims.language.dates.meaning import Fixed, Partial, Span
from claims.language.dates.rules import Built, Grammar, Parts

_LAST_CENTURY = 50  # years of two digits from here on are of the twentieth
OF = "[piFfGk]{0,3}"  # what may stand between a small and a larger part: of, in the, من, в


def add_calendar_rules(grammar: Grammar) -> None:
    """The grammar knows months, years, calendar dates, quarters, seasons and decades."""
    rule = grammar.rule
    rule(r"(?P<a>[Mm])[-/(,]{0,2}(?P<b>[Mm])\)?")(_month_twice)
    rule(r"(?P<u>U)F?(?P<m>[Mm])")(_month_named)
    rule(r"(?P<u>U)(?P<n>[cdo])(?!U(?![pF]{0,2}y))")(_month_by_number)
    rule(r"(?P<u>U)[pF]{0,2}(?P<y>[y#dc])(?P<e>e?)(?!U)")(_year_named)
    rule(r"(?P<y>[y#])(?P<e>e)")(_year_with_era)
    rule(r"(?P<y>y)(?P<u>U)(?P<e>e?)")(_year_named)
    rule(r"(?P<z>Z)[fpF]?G?(?:(?P<o>o)(?P<u>U)|(?P<u2>U)(?P<o2>o))")(_decade_of)
    rule(r"(?P<o>o)(?P<u>U)")(_century_or_day)
    rule(r"(?P<u>U)(?P<o>o)")(_century_or_day)
    rule(r"(?P<c>c)-?(?P<z>Z)")(_decade_of_century)
    rule(r"(?P<z>Z)(?:[fpF]?(?P<u>U)(?P<way>[LH])?)?")(_decade)
    rule(r"(?P<y>[yY])(?P<s>[-/,]?)(?P<m>[Mm])(?P=s)(?P<d>d)(?!\d)")(_calendar_date)
    rule(r"(?P<y>[yY])(?P<s>[-/])(?P<d>d)(?P=s)(?P<m>[Mm])")(_calendar_date)
    rule(r"(?P<d>d)-(?P<y>y)-(?P<m>[Mm])")(_calendar_date)
    rule(r"(?P<m>[Mm])-(?P<y>y)-(?P<d>d)")(_calendar_date)
    rule(r"(?P<m>[Mm])-(?P<d>d)-(?P<y>y)")(_calendar_date)
    rule(r"(?<![do][/-])(?P<m>[Mm])(?P<s>[/-])(?P<y>y)(?!-d)")(_month)
    rule(r"(?P<d>[do])(?P<m>[Mm])(?P<y2>d)")(_persian_date)
    rule(
        r"(?<![Mm])(?<![Mm]\.)(?P<d>[do])(?P<s>[-/.])(?P<m>[Mm])(?:(?:\.,?|(?P=s)|,)?(?P<y>[yY])|(?P=s)(?P<y2>[d#])(?![t-]))?"
    )(_calendar_date)
    rule(r"(?P<u>U)(?P<d>[do])(?P<m>[Mm])(?:\.?[,pFfi]{0,2}(?P<y>[yY#]))?")(_day_and_date)
    rule(r"(?<![UN])(?<!U[dc])(?P<d>[doc])(?:[fFG]{0,2}|p?)(?P<m>[Mm])(?:\.?[,pFfi]{0,2}(?P<y>[yY#]))?")(
        _calendar_date
    )
    rule(r"(?P<m>[Mm])\.?[,/-]?G?(?P<d>[doc])(?:[,pFi]{0,2}(?P<y>[yY]))?(?!U)")(_calendar_date)
    rule(r"(?P<y>[yY])[-/,]?(?P<m>[Mm])")(_month)
    rule(rf"(?P<m>[Mm])(?:\.?(?:[,/-]|{OF})(?P<y>[yY])|F?(?P<y2>#))?")(_month)
    rule(r"(?P<y>[yd])-?(?P<q>[QK])")(_part_of_year)
    rule(r"(?P<q>[QK])")(_part_of_year)
    rule(r"(?P<o>o)(?P<n>[NU])")(_numbered_part)
    rule(r"(?P<n>[Nq])(?P<o>[oJ])")(_numbered_part)
    rule(r"G?(?P<s>S)")(_season)
    rule(r"G?(?P<s>;)(?=F?[yY])")(_season)
    rule(r"(?<=[LXj])(?P<s>;)")(_season)
    rule(r"G(?P<s>;)(?!F)")(_season)
    rule(rf"(?P<c>C)(?:-|,|{OF})(?P<y>[yY])")(_part_in_year)
    rule(r"(?P<y>[yY])[-,G]{0,2}(?P<c>C)")(_part_in_year)
    rule(rf"(?P<c>E),?{OF}(?P<y>[yY])")(_part_in_year)
    rule(r"(?P<y>y)[-/.](?P<d>d)(?![-/.]?\d)")(_year_and_number)
    rule(r"(?P<d>d)[-/](?P<y>y)")(_year_and_number)
    rule(r"(?<!\d[-/.])(?P<a>d)(?P<s>[-/.])(?P<b>d)\.?(?![-/.]?[dy#]|[-&t]*[MmD]|i[GLXj]*U)")(_two_numbers)


def _month_twice(parts: Parts) -> Built | None:
    return ("M", parts["a"]) if parts["a"] == parts["b"] else None


def _month_named(parts: Parts) -> Built | None:
    return ("M", parts["m"]) if parts["u"] == "month" else None


def _month_by_number(parts: Parts) -> Built | None:
    if parts["u"] != "month" or parts.section("u") == "units" or not 1 <= parts["n"] <= 12:
        return None
    return "m", ("gregorian", parts["n"])


_ERAS: dict[str, Calendar] = {"era_hijri": "hijri", "era_jalali": "jalali", "era_gregorian": "gregorian"}


def _year_named(parts: Parts) -> Built | None:
    if parts["u"] != "year" or parts.section("u") == "units" or (parts.tag("y") == "c" and parts["y"] < 100):
        return None
    if parts.tag("y") == "d" and (parts.section("y") != "digits" or _split(parts)):
        return None
    return _year(parts)


def _split(parts: Parts) -> bool:
    """True where a preposition of its own stands before the number: next year at 6."""
    before = parts.tokens[parts.match.start("y") - 1]
    return before.tag == "p" and before.section != "clitic"


def _year_with_era(parts: Parts) -> Built | None:
    return _year(parts)


def _year(parts: Parts) -> Built | None:
    year = parts["y"]
    if not 1 <= year <= 9998 or parts.section("y") == "long":
        return None
    return "Y", Partial(year=year, calendar=_ERAS.get(parts.section("e"), _calendar_of(year, "gregorian")))


def _calendar_of(year: int, written: Calendar) -> Calendar:
    """A year of the fourteenth or fifteenth century in news is Hijri; Persian text is handled before."""
    return "hijri" if written == "gregorian" and 1380 <= year <= 1480 else written


def _century_or_day(parts: Parts) -> Built | None:
    number = parts["o"]
    if parts["u"] == "day" and number <= 31:
        return "o", number
    if parts["u"] != "century" or not 1 <= number <= 30:
        return None
    first = date((number - 1) * 100 or 1, 1, 1)
    return "R", Fixed(lambda _: Span(first, date(number * 100 - 1, 12, 31), "year"), "year")


def _decade_of_century(parts: Parts) -> Built | None:
    """Nineteen seventies: the century is said in a word of its own."""
    if not 10 <= parts["c"] <= 20 or parts["z"] >= 100:
        return None
    return "Z", parts["c"] * 100 + parts["z"]


def _decade_of(parts: Parts) -> Built | None:
    """The nineties of the twentieth century, with the number before or after its noun."""
    name, number = ("u", "o") if parts.tag("u") else ("u2", "o2")
    if parts[name] != "century" or parts["z"] >= 100 or not 1 < parts[number] <= 30:
        return None
    return "Z", (parts[number] - 1) * 100 + parts["z"]


def _decade(parts: Parts) -> Built | None:
    start = parts["z"]
    if parts["u"] is not None and parts["u"] != "century":
        return None
    weak = False
    if start < 100:
        weak = parts["u"] is None
        start += 2000 if parts.tag("way") == "H" else 1900
    return "R", Fixed(lambda _: Span(date(start, 1, 1), date(start + 9, 12, 31), "year"), "year", weak)


def _day_and_date(parts: Parts) -> Built | None:
    """ "The day 17 April", as Arabic writes it; "the year 5 March" is no date."""
    return _calendar_date(parts) if parts["u"] == "day" and parts.section("u") != "units" else None


def _calendar_date(parts: Parts) -> Built | None:
    day, (calendar, month) = parts["d"], parts["m"]
    if not 1 <= day <= 31 or (parts.tag("d") == "c" and day < 13) or not _hyphens_close(parts):
        return None
    groups = parts.match.groupdict()
    year = parts["y"]
    if groups.get("y2"):
        if parts["y2"] > 99 or parts.section("y2") == "long":
            return None
        year = parts["y2"] + (1900 if parts["y2"] >= _LAST_CENTURY else 2000)
    if year is None and parts.section("m") == "arabic" and parts.match.start("m") < parts.match.start("d"):
        return None
    if isinstance(year, int) and parts.tag("y") == "#":
        if parts.section("y") == "long" or year > 99:
            return None
        year += 1300 if calendar == "jalali" and year > 10 else 1400 if calendar == "jalali" else 1900
    return _in_calendar("D", _dated(calendar, month, day, year))


def _in_calendar(tag: str, date: Partial) -> Built | None:
    """The date; a Hijri or Jalali month with a Gregorian year is the one that begins in that year."""
    if date.calendar != "gregorian" and date.year is not None and date.year > 1600:
        return combine.within(replace(date, year=None), Partial(year=date.year))
    return tag, date


def _persian_date(parts: Parts) -> Built | None:
    """A day of the Jalali calendar with the year in two digits, of which the first is 0."""
    calendar, month = parts["m"]
    if calendar != "jalali" or parts.section("y2") != "padded":
        return None
    return "D", _dated(calendar, month, parts["d"], 1400 + parts["y2"])


def _hyphens_close(parts: Parts) -> bool:
    """False where a hyphen stands free, as it does between two dates."""
    matched = parts.tokens[parts.match.start() : parts.match.end()]
    return all(
        sign.tag != "-" or (sign.start == before.end and after.start == sign.end)
        for before, sign, after in zip(matched, matched[1:], matched[2:], strict=False)
    )


def _dated(calendar: Calendar, month: int, day: int | None, year: Any, weak: bool = False) -> Partial:
    if isinstance(year, Partial):
        if calendar == "gregorian":
            calendar = year.calendar
        year = year.year
    return Partial(year=year, month=month, day=day, calendar=calendar, weak=weak and year is None)


def _month(parts: Parts) -> Built | None:
    calendar, month = parts["m"]
    year = parts["y"]
    if parts.match.groupdict().get("y2"):
        if not 32 <= parts["y2"] <= 99:
            return "P", _dated(calendar, month, None, None, parts.tag("m") == "m")
        year = (1300 if calendar == "jalali" else 1900) + parts["y2"]
    return _in_calendar("P", _dated(calendar, month, None, year, parts.tag("m") == "m"))


def _part_of_year(parts: Parts) -> Built | None:
    if not _hyphens_close(parts):
        return None
    part = part_of_year(parts["q"], 4 if parts.tag("q") == "Q" else 2)
    year = parts["y"] if "y" in parts.match.groupdict() else None
    if year is None:
        return "C", part
    return combine.within(part, Partial(year=year if year > 99 else 2000 + year))


def _numbered_part(parts: Parts) -> Built | None:
    kind, number = parts.token("n"), parts["o"]
    if kind is None or (kind.tag == "U" and kind.value != "quarter"):
        return None
    if kind.tag == "q" and kind.section == "made":
        return None
    count = 4 if kind.tag != "N" else 3 if kind.section == "third_part" else 2
    if parts.tag("o") == "J":
        number = count
    return ("C", replace(part_of_year(number, count), weak=True)) if number <= count else None


def _season(parts: Parts) -> Built:
    return "C", replace(season(parts["s"], parts.section("s") in ("latin", "fall")), weak=True)


def _part_in_year(parts: Parts) -> Built | None:
    if not _hyphens_close(parts):
        return None
    year = parts["y"]
    if not isinstance(year, Partial):
        year = Partial(year=year, calendar=_calendar_of(year, "gregorian"))
    return combine.within(parts["c"], year)


def _year_and_number(parts: Parts) -> Built | None:
    year, number = parts["y"], parts["d"]
    if not 1900 <= year <= 2100:
        return None
    if number == (year + 1) % 100:  # 2010-11 is a season of two years
        return "R", Fixed(lambda _: Span(date(year, 1, 1), date(year + 1, 12, 31), "year"), "year")
    return ("P", Partial(year=year, month=number)) if number <= 12 else None


def _two_numbers(parts: Parts) -> Built | None:
    """A day and a month as numbers: only beside a word that calls for a date, so it is weak."""
    first, second, sign = parts["a"], parts["b"], parts.token("s")
    if sign is None:
        return None
    for day, month in (
        ((first, second), (second, first)) if sign.value else ((second, first), (first, second))
    ):
        if month <= 12 and day <= (29 if month == 2 else 30 if month in (4, 6, 9, 11) else 31):
            return "D", Partial(month=month, day=day, weak=True)
    return None
