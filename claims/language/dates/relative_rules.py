"""Rules for what hangs on the day of writing or on a larger date: last week, the 20th of next month."""

from __future__ import annotations

from dataclasses import replace

from claims.language.dates import anaphora, combine, relative
from claims.language.dates.anaphora_rules import add_same_rules
from claims.language.dates.calendar_rules import OF
from claims.language.dates.meaning import Expression, Fixed, Partial, Recurring
from claims.language.dates.range_rules import add_days_of_rules, add_days_of_week_rules
from claims.language.dates.rules import Built, Grammar, Parts

_WAY = {"L": -1, "J": -1, "H": 0, "j": 0, "X": 1}
_NUMBER = "[dc1#]"
_DATED = r"[,kp(-]{0,3}D"  # a weekday with its date beside it
_OF_LARGER = "Fy|[Fi]G?[PRYLXjU]"  # what follows shows that "last week" is the last of something


def add_direction_rules(grammar: Grammar) -> None:
    """The grammar knows last March, أكتوبر الجاري and the next Easter."""
    rule = grammar.rule
    rule(r"(?P<way>[LXj])(?P<date>[DPEC])")(_directed)
    rule(r"(?P<date>[DPEC])(?P<way>[LXH])(?![dc]?[UVs])")(_directed)


def add_relative_rules(grammar: Grammar) -> None:
    """The grammar knows what is said from the day of writing and parts of larger dates."""
    rule = grammar.rule
    rule(rf"(?P<part>[EP])[,Gi]{{0,2}}(?P<n>{_NUMBER})(?P<u>U)(?P<way>[ah])")(_near)
    rule(rf"(?P<part>[EP]),?(?P<way>i)(?P<n>{_NUMBER})(?P<u>U)")(_near)
    # weekends, then units with a direction before (English, Russian) or after (Arabic, Persian)
    rule(r"(?P<way>[LXjG])(?P<s>s)(?!F)")(_weekend)
    rule(r"(?P<s>s)(?P<way>[LXH])")(_weekend)
    rule(rf"j(?P<way>[XL])(?P<w>[Ww])(?!{_DATED})")(_this_weekday)
    rule(r"G?(?P<way>[LX])(?P<n>[dc#])(?P<u>[UV])")(_run)
    rule(r"G?(?P<n>[dc#])(?P<way>[LX])(?P<u>U)")(_run)
    rule(r"(?P<u>U)G?(?P<n>[dc#])(?P<way>[LX])")(_run)
    rule(r"(?P<n>[dc#])(?P<u>U)(?P<way>[LX])")(_run)
    rule(r"(?P<u>V)(?P<way>[LX])")(_run)
    rule(r"(?P<way>J)(?P<n>[dc#])(?P<u>U)(?![pf])")(_run)
    rule(r"(?P<way>J)(?P<u>V)(?![pf])")(_run)
    rule(r"(?P<n>[oJ])(?P<u>U)(?![LXHpf])")(_edge_of_this)
    rule(r"G?(?P<u>U)[>I]G?X")(_after_next)
    rule(r"G?(?P<w>[WwPE])[>I]G?X")(_after_next)
    rule(rf"G?(?P<way>[LXj])(?P<u>U)(?!{_OF_LARGER})")(_unit)
    rule(r"(?P<u>U)(?P<way>[LXH])")(_unit)
    rule(rf"(?P<way>j)(?P<w>[Ww])(?!{_DATED})")(_this_weekday)
    rule(rf"(?P<way>[LX])(?P<w>[Ww])(?!{_OF_LARGER}|{_DATED})")(_weekday)
    rule(r"(?P<w>[Ww])(?=(?:,?&?[Ww])*,?&(?P<next>[Ww])(?P<way>[LX]))")(_listed_weekday)
    rule(r"(?P<w>[Ww])(?P<way>[LX])")(_weekday)
    rule(rf"(?P<n>{_NUMBER})(?P<w>[Ww])(?P<way>[ah])")(_weekdays_away)
    # so long ago, in so long
    rule(r"A~?(?P<n>[dc#])(?P<u>U)(?!f)")(_ago)
    rule(r"A~?(?P<two>V)(?!f)")(_ago)
    rule(r"A~?(?P<one>U)(?!f)c?")(_ago)
    rule(rf"[~v]?(?P<n>{_NUMBER})(?P<u>U)(?P<way>[ah])")(_away)
    rule(r"(?P<one>U)a")(_ago)
    rule(rf"i~?(?P<n>{_NUMBER})(?P<u>U)")(_in)
    rule(r"i(?P<one>U)")(_in)
    rule(r"I(?P<n>[dc])(?P<u>U)(?!f)")(_in)
    rule(r"I(?P<two>V)(?!f)")(_in)
    rule(r"I(?P<one>U)(?!f)")(_in)
    rule(r"f(?:(?P<n>[dc])(?P<u>U)|(?P<one>[UV]))$")(_since)
    rule(r"(?<![AI])G?(?P<u>U)(?:[Ff]G?)(?P<date>[DTo])")(_week_of)
    rule(r"G(?P<u>U)")(_the_unit)
    add_same_rules(grammar)
    # parts of what is larger
    add_days_of_rules(grammar)
    add_days_of_week_rules(grammar)
    rule(rf"(?P<d>o){OF}(?P<whole>R)")(_day_of)
    rule(r"(?P<d>d)[fFG]{0,2}(?P<whole>R)")(_day_of)  # "5 in last month" are five of something
    rule(rf"G?(?P<n>[oJLd])(?P<last>[LJ]?)(?P<what>[WwU]){OF}(?P<whole>[PRYy])")(_numbered)
    rule(rf"(?P<what>[WwU])(?P<n>[oJ]){OF}(?P<whole>[PRYy])")(_numbered)
    rule(rf"(?P<part>[CPEDWw]),?(?:{OF}|f)(?P<whole>[RY])")(_within_whole)
    rule(r"(?P<part>R)[Fif](?P<whole>R)")(_within_year)
    rule(r"(?P<whole>R)p?-?(?P<part>[Ww])")(_within_whole)
    rule(rf"(?P<part>C){OF}(?P<whole>P)")(_share)
    rule(rf"(?P<part>C){OF}(?P<u>U)")(_within_this)
    rule(rf"(?P<way>[lr]){OF}(?P<whole>R)")(_rest)
    rule(rf"(?P<way>[lr]){OF}(?P<u>U)")(_rest_of_this)
    rule(r"(?P<b>B)-?(?:FG?|[GFfk~]|F~)?(?P<whole>[PRYy])")(_part)
    rule(r"(?P<last>J)(?P<whole>P)")(_last_of)
    rule(r"(?P<b>B)(?:FG?|G)?(?P<u>U)")(_part_of_this)
    rule(r"(?P<led>p?)G?(?P<b>%)")(_abbreviated)


def _near(parts: Parts) -> Built | None:
    way = -1 if parts.tag("way") == "a" else 1
    return combine.near(parts["part"], parts["n"], parts["u"], way)


def _weekend(parts: Parts) -> Built:
    return relative.weekend(_WAY.get(parts.tag("way"), 0), working=parts["s"] == 2)


def _run(parts: Parts) -> Built | None:
    count = 2 if parts.tag("u") == "V" else parts["n"]
    if parts.match[0][0] == "U" and parts.section("u") in ("unit", "made"):
        return None  # يوم 20 المقبل is one day
    number_first = (
        parts.match.start("n") < parts.match.start("way") if "n" in parts.match.groupdict() else False
    )
    if (
        number_first
        and count > 1
        and parts.section("u") == "unit"
        and parts.match.end("way") < parts.match.end()
    ):
        return None  # only three next week
    return relative.run(parts["u"], count, _WAY[parts.tag("way")])


def _edge_of_this(parts: Parts) -> Built | None:
    """آخر الشهر: the end of this one; أول الشهر: its beginning."""
    if parts.section("u") != "definite" or parts["u"] not in ("month", "year") or parts["n"] != 1:
        return None
    whole = relative.unit(parts["u"], 0)
    return combine.part("end" if parts.tag("n") == "J" else "beginning", whole[1]) if whole else None


def _after_next(parts: Parts) -> Built | None:
    if "u" in parts.match.groupdict():
        return relative.unit(parts["u"], 2) if parts.section("u") != "units" else None
    if parts.tag("w") in "Ww":
        return relative.weekday_from(relative.day(0), parts["w"], 2, 1)
    return combine.directed(parts["w"], 1, 2)


def _unit(parts: Parts) -> Built | None:
    if parts.section("u") == "units":
        return None
    way = _WAY[parts.tag("way")]
    if parts["way"] == 2 and parts.match.start("way") < parts.match.start("u"):
        return None  # في السابق يوم
    if parts.section("way") in ("previous", "following") or (
        parts["u"] == "day" and parts.tokens[parts.match.start()].tag == "G"
    ):
        return anaphora.beside(parts["u"], way)
    return relative.unit(parts["u"], way)


def _directed(parts: Parts) -> Built | None:
    date, way = parts["date"], _WAY[parts.tag("way")]
    if isinstance(date, Fixed):
        return None
    if isinstance(date, Partial):
        if date.year is not None:
            return None
        return parts.tag("date"), replace(date, way=way, weak=False)
    return combine.directed(date, way)


def _this_weekday(parts: Parts) -> Built:
    """The nearest from the day of writing on; "this past Friday" the nearest before it."""
    if parts.tag("way") == "L":
        return relative.weekday(parts["w"], -1, by_week=False)
    return relative.weekday_from(relative.day(-1), parts["w"], 1, 1)


def _weekday(parts: Parts) -> Built:
    by_week = parts.section("w") == "latin" and parts.section("way") != "past"
    return relative.weekday(parts["w"], _WAY[parts.tag("way")], by_week)


def _listed_weekday(parts: Parts) -> Built | None:
    """الأحد والاثنين المقبلين: what is said of the last weekday of a list holds for all."""
    if parts.section("w") == "latin":
        return None
    return relative.weekday(parts["w"], _WAY[parts.tag("way")], by_week=False)


def _weekdays_away(parts: Parts) -> Built:
    way = -1 if parts.tag("way") == "a" else 1
    return relative.weekday_from(relative.day(0), parts["w"], parts["n"], way)


def _ago(parts: Parts) -> Built | None:
    groups = parts.match.groupdict()
    if groups.get("n"):
        return relative.moved(parts["n"], parts["u"], -1, about=_about(parts))
    if groups.get("two"):
        return relative.moved(2, parts["two"], -1, about=_about(parts))
    if parts.section("one") in ("definite", "units"):
        return None
    return relative.moved(1, parts["one"], -1, about=_about(parts))


def _away(parts: Parts) -> Built | None:
    way = -1 if parts.tag("way") == "a" else 1
    return relative.moved(parts["n"], parts["u"], way, about=_about(parts))


def _about(parts: Parts) -> bool:
    return "~" in parts.match[0] or "v" in parts.match[0]


def _in(parts: Parts) -> Built | None:
    """In a sentence this is as often a length of time or counted from something else, so it is weak."""
    groups = parts.match.groupdict()
    count = parts["n"] if groups.get("n") else 2 if groups.get("two") else 1
    unit = next(parts[name] for name in ("u", "one", "two") if groups.get(name))
    if groups.get("one") and parts.section("one") in ("definite", "units"):
        return None
    return relative.moved(count, unit, 1, weak=True)


def _since(parts: Parts) -> Built | None:
    """من أسبوع: a week ago in speech, anything else in a sentence."""
    unit = parts["u"] or parts["one"]
    if parts.section("one") in ("definite", "units"):
        return None
    return relative.moved(parts["n"] or (2 if parts.tag("one") == "V" else 1), unit, -1, weak=True)


def _the_unit(parts: Parts) -> Built | None:
    return relative.unit(parts["u"], 0, weak=True) if parts.section("u") != "units" else None


def _day_of(parts: Parts) -> Built | None:
    return (
        combine.within(Partial(day=parts["d"]), parts["whole"]) if parts["whole"].grain == "month" else None
    )


def _whole(parts: Parts) -> Expression:
    whole = parts["whole"]
    return Partial(year=whole) if isinstance(whole, int) else whole


def _numbered(parts: Parts) -> Built | None:
    groups = parts.match.groupdict()
    what = parts["what"]
    if parts.tag("n") == "d" and parts.section("what") == "units":
        return None
    count = -1 if parts.tag("n") in "JL" else parts["n"]
    if groups.get("last"):
        count = -count
    return combine.numbered(count, what, _whole(parts))


def _within_whole(parts: Parts) -> Built | None:
    part, whole = parts["part"], parts["whole"]
    if parts.tag("part") == "C" and whole.grain == "month":
        return _share(parts)
    if isinstance(part, int):
        part = Partial(weekday=part)
        if whole.grain != "week":
            return None
    elif whole.grain not in ("year", "quarter") and not (whole.grain == "month" and part.grain == "day"):
        return None
    return combine.within(part, whole)


def _within_year(parts: Parts) -> Built | None:
    """Between 19 and 21 November of the same year."""
    part, whole = parts["part"], parts["whole"]
    year = whole.grain == "year" and isinstance(part, Fixed) and part.open
    return combine.within(part, whole) if year else None


def _share(parts: Parts) -> Built | None:
    """The second half of September, الثلث الأول من الشهر."""
    return _share_of(parts["part"], parts["whole"])


def _share_of(part: Expression, month: Expression) -> Built | None:
    if not isinstance(part, Recurring) or part.share is None:
        return None
    number, count = part.share
    return combine.share(number, count, month)


def _within_this(parts: Parts) -> Built | None:
    if parts["u"] not in ("month", "year") or parts.section("u") == "units":
        return None
    this, part = relative.unit(parts["u"], 0), parts["part"]
    if this and parts["u"] == "month":
        return _share_of(part, this[1])
    return combine.within(part, this[1]) if this else None


def _week_of(parts: Parts) -> Built | None:
    unit = parts["u"]
    if unit not in ("week", "month") or parts.section("u") == "units":
        return None
    day = parts["date"]
    if isinstance(day, int):
        day = relative.day(day) if parts.tag("date") == "T" else Partial(day=day)
    return combine.week_of(day, unit)


def _rest(parts: Parts) -> Built:
    return combine.rest(parts["whole"], later=parts.tag("way") == "l")


def _rest_of_this(parts: Parts) -> Built | None:
    this = relative.unit(parts["u"], 0) if parts.section("u") != "units" else None
    return combine.rest(this[1], later=parts.tag("way") == "l") if this else None


def _part(parts: Parts) -> Built | None:
    """The end of a stretch; "start" and "end" are verbs too, so they need their "of"."""
    if parts.section("b") in ("start", "end") and parts.tokens[parts.match.start() + 1].tag != "F":
        return None
    return combine.part(parts["b"], _whole(parts))


def _last_of(parts: Parts) -> Built | None:
    """آخر نوفمبر: its last days."""
    return combine.part("late", parts["whole"]) if parts["last"] == 1 else None


def _part_of_this(parts: Parts) -> Built | None:
    if parts.section("u") == "units" or parts["u"] == "day":
        return None
    whole = relative.unit(parts["u"], 0)
    return combine.part(parts["b"], whole[1]) if whole else None


def _abbreviated(parts: Parts) -> Built | None:
    whole = relative.unit(parts["b"], 0)
    made = combine.part(parts.section("b").removesuffix("_of"), whole[1]) if whole else None
    return ("R", replace(made[1], weak=parts.section("led") != "preposition")) if made else None
