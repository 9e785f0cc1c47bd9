"""The grammar of dates: rules over the tags of an island, each putting one token for several.

Rules run in the order in which they stand, from numbers to calendar dates to relative dates to ranges.
A rule whose function gives None leaves the island as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from claims.language.dates import relative
from claims.language.dates.meaning import Partial
from claims.language.dates.words import Token

# Tags the rules make: D day of a month, P month, Y year, R fixed stretch, E what recurs, O bare day of month
DATE_TAGS = "DPYRETOWw"


@dataclass(frozen=True, slots=True)
class Parts:
    """What a rule matched: the value or section of a named part, None where it is not there."""

    tokens: list[Token]
    match: re.Match[str]

    def token(self, name: str) -> Token | None:
        at = self.match.start(name)
        return None if at < 0 or at == self.match.end(name) else self.tokens[at]

    def __getitem__(self, name: str) -> Any:
        token = self.token(name)
        return None if token is None else token.value


Build = Callable[[Parts], "tuple[str, Any] | None"]
_RULES: list[tuple[re.Pattern[str], Build]] = []


def _rule(pattern: str) -> Callable[[Build], Build]:
    def add(build: Build) -> Build:
        _RULES.append((re.compile(pattern), build))
        return build

    return add


def parse(island: list[Token]) -> list[Token]:
    """The island after all rules have run."""
    tokens = island
    tags = "".join(t.tag for t in tokens)
    for pattern, build in _RULES:
        at = 0
        while match := pattern.search(tags, at):
            made = build(Parts(tokens, match)) if match.end() > match.start() else None
            if made is None:
                at = match.start() + 1
                continue
            start, end = match.span("all") if "all" in pattern.groupindex else match.span()
            tag, value = made
            token = Token(tag, value, tokens[start].start, tokens[end - 1].end, "made")
            tokens = [*tokens[:start], token, *tokens[end:]]
            tags = f"{tags[:start]}{tag}{tags[end:]}"
            at = start + 1
    return tokens


# Numbers in words


@_rule(r"[co]n")
def _teen(parts: Parts) -> tuple[str, Any] | None:
    first = parts.tokens[parts.match.start()]
    return (first.tag, first.value + 10) if first.value < 10 else None


@_rule(r"[co]&[co]")
def _units_and_tens(parts: Parts) -> tuple[str, Any] | None:
    first, last = parts.tokens[parts.match.start()], parts.tokens[parts.match.end() - 1]
    low, high = sorted((first.value, last.value))
    if not (0 < low < 10 and 20 <= high <= 90) or (
        first.tag == "c" and last.tag == "o" and low == first.value
    ):
        return None
    return ("o" if "o" in (first.tag, last.tag) else "c"), low + high


# Months and years


@_rule(r"(?P<a>[Mm])[-/(,]+(?P<b>[Mm])\)?")
def _month_twice(parts: Parts) -> tuple[str, Any] | None:
    return ("M", parts["a"]) if parts["a"] == parts["b"] else None


@_rule(r"(?P<u>U)(?P<m>[Mm])")
def _month_named(parts: Parts) -> tuple[str, Any] | None:
    return ("M", parts["m"]) if parts["u"] == "month" else None


@_rule(r"U[pF]?(?P<y>[yi])e?")
def _year_named(parts: Parts) -> tuple[str, Any] | None:
    unit = parts.tokens[parts.match.start()]
    if unit.value != "year":
        return None
    return _year(parts["y"], parts.tokens[parts.match.end() - 1])


@_rule(r"(?P<y>[yi])e")
def _year_with_era(parts: Parts) -> tuple[str, Any] | None:
    return _year(parts["y"], parts.tokens[parts.match.end() - 1])


def _year(year: int, last: Token) -> tuple[str, Any] | None:
    hijri = last.section == "era_hijri"
    if not 1 <= year <= 9998:
        return None
    return "Y", Partial(year=year, calendar="hijri" if hijri else "gregorian")


# Calendar dates

_YEAR = r"(?:[,pFf/-]{0,2}(?P<y>[yY]))?"


def _calendar_date(month: tuple[Any, int], day: int | None, year: Any, weak: bool = False) -> Partial | None:
    calendar, number = month
    if isinstance(year, Partial):
        if year.calendar != "gregorian":
            calendar = year.calendar if calendar == "gregorian" else calendar
        year = year.year
    if day is not None and not 1 <= day <= 31:
        return None
    return Partial(year=year, month=number, day=day, calendar=calendar, weak=weak and year is None)


@_rule(rf"(?P<d>[do])[pFfG-]{{0,2}}(?P<m>[Mm]){_YEAR}")
def _day_month(parts: Parts) -> tuple[str, Any] | None:
    date = _calendar_date(parts["m"], parts["d"], parts["y"])
    return ("D", date) if date else None


@_rule(r"(?P<m>[Mm])[.,]?G?(?P<d>[do])(?:[,p]{0,2}(?P<y>[yY]))?")
def _month_day(parts: Parts) -> tuple[str, Any] | None:
    date = _calendar_date(parts["m"], parts["d"], parts["y"])
    return ("D", date) if date else None


@_rule(rf"(?P<m>[Mm]){_YEAR}")
def _month(parts: Parts) -> tuple[str, Any] | None:
    token = parts.token("m")
    weak = token is not None and token.tag == "m"
    date = _calendar_date(parts["m"], None, parts["y"], weak)
    return ("P", date) if date else None


# Relative dates

_WAY = {"L": -1, "H": 0, "X": 1}


@_rule(r"(?:j(?P<u1>U)|(?P<u2>U)H)")
def _this_unit(parts: Parts) -> tuple[str, Any] | None:
    return relative.unit(parts["u1"] or parts["u2"], 0)


@_rule(r"(?P<u>U)(?P<way>[LX])")
def _unit_after(parts: Parts) -> tuple[str, Any] | None:
    return relative.unit(parts["u"], -1 if parts.token("way").tag == "L" else 1)  # type: ignore[union-attr]


@_rule(r"(?P<date>[DP])(?P<way>[LXH])")
def _date_with_direction(parts: Parts) -> tuple[str, Any] | None:
    date, way = parts["date"], parts.token("way")
    if way is None or date.year is not None:
        return None
    return parts.tokens[parts.match.start()].tag, replace(date, way=_WAY[way.tag], weak=False)


@_rule(r"(?P<w>[Ww])(?P<way>[LX])")
def _weekday_with_direction(parts: Parts) -> tuple[str, Any] | None:
    return relative.weekday(parts["w"], -1 if parts.tokens[parts.match.end() - 1].tag == "L" else 1)


@_rule(r"A(?:(?P<n>[dc])(?P<u>U)|(?P<one>U)|(?P<two>V))")
def _ago(parts: Parts) -> tuple[str, Any] | None:
    if parts.token("u"):
        return relative.moved(parts["n"], parts["u"], -1)
    unit = parts.token("one")
    if unit and unit.section == "definite":
        return None
    return relative.moved(1 if unit else 2, parts["one"] or parts["two"], -1)


# Ranges


@_rule(r"[fb]?(?P<a>[do])(?:t|-|(?<=b.)&)(?P<b>D)")
def _days_to_date(parts: Parts) -> tuple[str, Any] | None:
    return relative.stretch(replace(parts["b"], day=parts["a"]), parts["b"])
