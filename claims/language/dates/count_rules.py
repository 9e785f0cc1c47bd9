"""Rules for what is counted in a calendar: week 31, the first nine months of a year, the week before last."""

from __future__ import annotations

from dataclasses import replace

from claims.language.dates import combine, counted, relative
from claims.language.dates.calendar_rules import OF
from claims.language.dates.meaning import Expression, Partial
from claims.language.dates.range_rules import expression
from claims.language.dates.rules import Built, Grammar, Parts

_WAY = {"L": -1, "H": 0, "j": 0, "X": 1}
# What is larger: a date of its own, or a unit with its direction, which no rule has put together yet
_PLACE = "[pi]?G?(?P<date>[DPT])"
_LARGER = r"(?:G?(?P<whole>[PRYyE])|G?(?P<before>[LXj])(?P<u1>U)|G?(?P<u2>U)(?P<after>[LXH]?)(?!F?[Mm]|@))"


def add_count_rules(grammar: Grammar) -> None:
    """The grammar knows numbered weeks, first and last units of a stretch, and what lies one further."""
    rule = grammar.rule
    rule(rf"(?:[1G]?u?(?P<u1>U)u?|(?P<n1>[dc])(?P<u2>U)|(?P<u3>U)(?P<n2>[dc])|(?P<u4>V))!{_PLACE}")(_ending)
    rule(r"G(?P<n1>[dc])(?P<u2>U)(?P<to>t)(?P<date>P)")(_ending)
    rule(r"G?(?P<way>[LX])(?P<n>[#dc]):")(_hours)
    rule(r":G?(?P<n>[#dc])(?P<way>[LX])")(_hours)
    rule(r"G?(?P<n>[#dc]):(?P<way>[LX])")(_hours)
    rule(r"(?P<p>[pv])G?(?P<n>[#dc]):")(_within_hours)
    rule(r"(?:jU|(?P<today>T))[fFip]{1,2}(?P<y>[yY])")(_this_day_in)
    rule(r"(?:uG?(?P<u1>U)|(?P<u2>U)u)(?P<way>[LXH]?)(?P<y>y?)(?:[-/](?P<y2>[yd]))?")(_fiscal)
    rule(r"(?P<way>[LXj])u(?P<u1>U)(?P<y>y?)")(_fiscal)
    rule(r"uG?(?P<whole>[YydR])")(_fiscal_named)
    rule(rf"G?(?P<edge>[oJL])(?:(?P<n>[dc])(?P<u>U)|(?P<two>V)){OF}{_LARGER}")(_edge_units)
    rule(rf"(?:(?P<u>U)(?P<n>[dc])|(?P<two>V))(?P<edge>[oJL]){OF}{_LARGER}")(_edge_units)
    rule(
        rf"(?:(?P<what1>U)(?P<n1>[oJL])|G?(?P<n2>[oJL])(?P<what2>[WwU])){OF}"
        r"(?:G?(?P<before>[LXj])(?P<u1>U)|G?(?P<u2>U)(?P<after>[LXH]?)(?!F?[Mmy]))"
    )(_numbered)
    rule(r"(?P<q>q)(?P<way>[LXH])")(_quarter)
    rule(r"(?P<way>j)(?P<q>q)")(_quarter)
    rule(r"G?(?P<what>[UWw])[A<]G?L")(_before_last)
    rule(r"G?s[>I]G?X")(lambda _: relative.weekend(2))
    rule(r"(?P<day>[EDR])(?P<s>s)(?:F?(?P<y>y))?")(_weekend_at)
    rule(r"s[Fp]G?(?P<day>[EDR])(?:,?(?P<y>y))?")(_weekend_at)
    rule(rf"(?P<u>U)(?P<n>[dc#])(?![UMmo])(?!F(?!G?[PRYyULXj]))(?:{OF}{_LARGER})?")(_week_number)
    rule(r"(?P<o>o)(?P<u>U?)F?(?P<feast>[ER])")(_day_of_feast)
    rule(r"(?P<eve>k)(?P<feast>[ER])")(_eve)
    rule(r"(?P<one>[G1]?)(?P<u>U)(?:(?P<from>f)|(?P<b>B))p?(?P<date>[DT])")(_week_from)


def _fiscal(parts: Parts) -> Built | None:
    """A fiscal year: about the year of that number, since no two countries begin it on the same day."""
    groups = parts.match.groupdict()
    unit = parts["u1"] if groups.get("u1") else parts["u2"]
    if unit != "year":
        return None
    if parts["y"] and groups.get("y2"):
        two = combine.stretch(Partial(year=parts["y"]), Partial(year=parts["y"] + 1))
        return "R", counted.roughly(two[1])
    if parts["y"]:
        return "R", counted.roughly(Partial(year=parts["y"]))
    if not parts.tag("way"):
        return None
    year = relative.unit("year", _WAY[parts.tag("way")])
    return ("R", counted.roughly(year[1])) if year else None


def _fiscal_named(parts: Parts) -> Built | None:
    """Fiscal 2024, FY24, FY2023/24."""
    whole, tag = parts["whole"], parts.tag("whole")
    first, second = parts.tokens[parts.match.start()], parts.token("whole")
    if tag == "d" and second and second.start == first.end and second.end == second.start + 2:
        return "R", counted.roughly(Partial(year=2000 + whole))
    if tag == "y":
        return "R", counted.roughly(Partial(year=whole))
    return ("R", counted.roughly(whole)) if tag in "YR" and whole.grain == "year" else None


def _ending(parts: Parts) -> Built | None:
    """The week ending 5 October, the three months to June, السنة المالية المنتهية في 30 يونيو."""
    groups = parts.match.groupdict()
    name = next(name for name in ("u1", "u2", "u3", "u4") if groups.get(name))
    count = 2 if name == "u4" else next((parts[n] for n in ("n1", "n2") if groups.get(n)), 1)
    if groups.get("to") and parts[name] != "month":
        return None
    token = parts.token("date")
    return counted.ending(count, parts[name], expression(token)) if token else None


def _hours(parts: Parts) -> Built | None:
    """The last 24 hours, الساعات الـ48 المقبلة: whole days only."""
    days, rest_ = divmod(parts["n"], 24)
    return counted.hours(days, _WAY[parts.tag("way")]) if days and not rest_ else None


def _within_hours(parts: Parts) -> Built | None:
    """Within 48 hours, خلال 48 ساعة: where the sentence looks ahead."""
    days, rest_ = divmod(parts["n"], 24)
    if not days or rest_ or parts.section("p") not in ("during", "within"):
        return None
    tag, ahead = counted.hours(days, 1)
    return tag, replace(ahead, weak=True)


def _this_day_in(parts: Parts) -> Built | None:
    """On this day in 1973, في مثل هذا اليوم من عام 1973."""
    unit = parts.tokens[parts.match.start() + 1]
    if parts.section("today") != "this_day" and (parts.tag("today") or unit.value != "day"):
        return None
    year = parts["y"]
    return counted.this_day_in(Partial(year=year) if isinstance(year, int) else year)


def _larger(parts: Parts) -> Expression | None:
    """The larger stretch that _LARGER matched."""
    groups = parts.match.groupdict()
    if groups.get("whole"):
        whole = parts["whole"]
        return Partial(year=whole) if isinstance(whole, int) else whole
    name = "u1" if groups["u1"] else "u2"
    way = groups["before"] if groups["u1"] else groups["after"]
    if parts.section(name) == "units" or (name == "u2" and not way and parts.section(name) == "made"):
        return None
    built = relative.unit(parts[name], _WAY[way] if way else 0)
    return built[1] if built else None


def _edge_units(parts: Parts) -> Built | None:
    """The first nine months, the last two days of something larger."""
    whole = _larger(parts)
    first = parts.tag("edge") == "o"
    count, unit = (2, parts["two"]) if parts.tag("two") else (parts["n"], parts["u"])
    if whole is None or (first and parts["edge"] != 1):
        return None
    return counted.edge(count if first else -count, unit, whole)


def _numbered(parts: Parts) -> Built | None:
    """The third Monday of next month, the last week of the year."""
    whole = _larger(parts)
    at = "1" if parts.tag("n1") else "2"
    what, number = parts["what" + at], parts["n" + at]
    count = number if parts.tag("n" + at) == "o" else -1
    if whole is None or parts.section("what" + at) == "units":
        return None
    if parts.tag("n1") == "L" and parts.section("what1") != "definite":
        return None  # the month last year
    return combine.numbered(count, what, whole)


def _quarter(parts: Parts) -> Built | None:
    """الربع القادم; without its article the word is a fraction."""
    return relative.unit("quarter", _WAY[parts.tag("way")]) if parts["q"] == 2 else None


def _before_last(parts: Parts) -> Built | None:
    if parts.tag("what") == "U":
        return relative.unit(parts["what"], -2) if parts.section("what") != "units" else None
    return relative.weekday_from(relative.day(0), parts["what"], 2, -1)


def _weekend_at(parts: Parts) -> Built | None:
    day = parts["day"]
    if day.grain != "day":
        return None
    if parts["y"]:
        within = combine.within(day, Partial(year=parts["y"]))
        if within is None:
            return None
        day = within[1]
    return "R", counted.weekend_at(day)


def _week_number(parts: Parts) -> Built | None:
    if parts["u"] != "week" or parts.section("u") == "units" or not 1 <= parts["n"] <= 53:
        return None
    if not any(parts.tag(name) for name in ("whole", "u1", "u2")):
        return "R", counted.week_number(parts["n"], None)
    whole = _larger(parts)
    return ("R", counted.week_number(parts["n"], whole)) if whole and whole.grain == "year" else None


def _day_of_feast(parts: Parts) -> Built | None:
    """ثاني أيام عيد الفطر: the second day of the feast."""
    if (
        (parts["u"] or "day") != "day"
        or parts["o"] > 10
        or (not parts.tag("u") and parts.section("o") != "made")
    ):
        return None
    return relative.shift(parts["feast"], parts["o"] - 1, "day", 1)


def _eve(parts: Parts) -> Built | None:
    return relative.shift(parts["feast"], 1, "day", -1) if parts["eve"] == 2 else None


def _week_from(parts: Parts) -> Built | None:
    """The week beginning 4 February: the one of which that day is the first, or in which it lies."""
    begins = parts.section("from") == "starting" or parts["b"] == "start"
    token = parts.token("date")
    if not begins or token is None or parts.section("u") == "units":
        return None
    if parts["u"] != "week":
        return combine.lasting(expression(token), 1, parts["u"])
    return "R", counted.week_from(expression(token), parts.tag("one") == "1")
