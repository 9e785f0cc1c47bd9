"""Feasts: from the key that the table gives a feast to its days in any year."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from claims.language.dates.calendars import (
    calendar_years,
    easter,
    hebrew_new_year_eve,
    month_days,
    orthodox_easter,
    to_gregorian,
)
from claims.language.dates.meaning import Recurring, Span
from claims.model import Grain

FEASTS = Path(__file__).parent.parent / "data" / "dates_feasts.toml"
_FIRST_YEAR, _LAST_YEAR = 1583, 2999  # the Gregorian calendar, as far as rules can be trusted
_DAYS = re.compile(r"(\w+) ([+-]?\d+)(?: to ([+-]?\d+))?$")


@cache
def feast(key: str) -> Recurring:
    """The feast of a key such as "fixed 12-25", "easter -2" or "hijri 09"."""
    in_year = _in_year(key)

    def between(first: date, last: date) -> Iterator[Span]:
        for year in range(max(first.year - 1, _FIRST_YEAR), min(last.year + 1, _LAST_YEAR) + 1):
            for span in in_year(year):
                if span.first <= last and span.last >= first:
                    yield span

    return Recurring(between, "month" if key == "hijri 09" else "day", 800)


def _in_year(key: str) -> Callable[[int], Iterator[Span]]:
    kind, *rest = key.split(" ")
    if kind == "fixed":
        month, day = map(int, rest[0].split("-"))
        return lambda year: iter([_days(date(year, month, day), 0, 0)])
    if kind in ("workday", "king"):
        month, day = map(int, rest[0].split("-"))
        moves = {5: -1, 6: 1} if kind == "workday" else {6: -1}
        return lambda year: iter([_moved(date(year, month, day), moves)])
    if kind == "nth":
        month, weekday, count = map(int, rest[:3])
        shift = int(rest[3]) if len(rest) > 3 else 0
        return lambda year: iter([_days(nth_weekday(year, month, weekday, count), shift, shift)])
    if kind == "hijri":
        return _hijri(rest)
    if kind == "table":
        days = _table(rest[0])
        shift, until = int(rest[1]), int(rest[-1])
        return lambda year: iter([_days(d, shift, until) for d in days if d.year == year])
    match = _DAYS.match(key)
    if match is None:
        raise ValueError(f"{FEASTS.name}: unknown key {key!r}")
    first, last = int(match[2]), int(match[3] or match[2])
    anchor = _ANCHORS[kind]
    return lambda year: iter([_days(anchor(year), first, last)])


def _moved(day: date, moves: dict[int, int]) -> Span:
    there = day + timedelta(days=moves.get(day.weekday(), 0))
    return Span(there, there, "day")


def _days(anchor: date, first: int, last: int) -> Span:
    return Span(anchor + timedelta(days=first), anchor + timedelta(days=last), "day")


def nth_weekday(year: int, month: int, weekday: int, count: int) -> date:
    """The first (1), second … or last (-1) such weekday of a month."""
    if count < 0:
        after = date(year + month // 12, month % 12 + 1, 1)
        return after - timedelta(days=(after.weekday() - weekday - 1) % 7 + 1)
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (count - 1))


def _hijri(rest: list[str]) -> Callable[[int], Iterator[Span]]:
    month, _, day = rest[0].partition("-")

    def in_year(year: int) -> Iterator[Span]:
        for hijri in calendar_years("hijri", year, year):
            if day:
                there = to_gregorian("hijri", hijri, int(month), int(day))
                until = to_gregorian("hijri", hijri, int(month), int(rest[2])) if "to" in rest else there
                span = Span(there, until, "day") if there and until else None
            else:
                days = month_days("hijri", hijri, int(month))
                span = Span(*days, "month") if days else None
            if span and "last" in rest:
                back = (span.last.weekday() - int(rest[2])) % 7
                there = span.last - timedelta(days=back)
                span = Span(there, there, "day")
            if span and span.first.year == year:
                yield span

    return in_year


def _passover(year: int) -> date:
    return hebrew_new_year_eve(year) - timedelta(days=163)


def _hanukkah(year: int) -> date:
    start = hebrew_new_year_eve(year)
    length = (hebrew_new_year_eve(year + 1) - start).days
    return start + timedelta(days=84 if length in (355, 385) else 83)


_ANCHORS: dict[str, Callable[[int], date]] = {
    "easter": easter,
    "orthodox": orthodox_easter,
    "hebrew": hebrew_new_year_eve,
    "passover": _passover,
    "hanukkah": _hanukkah,
}


@cache
def _table(name: str) -> tuple[date, ...]:
    with FEASTS.open("rb") as file:
        return tuple(date.fromisoformat(day) for day in tomllib.load(file)["table"][name].split())


_SEASON_STARTS: dict[int, tuple[int, int]] = {3: (3, 20), 6: (6, 21), 9: (9, 23), 12: (12, 21)}


@cache
def season(month: int, by_sun: bool) -> Recurring:
    """The northern season that begins in a month: at the turn of the sun or on the first of the month."""

    def between(first: date, last: date) -> Iterator[Span]:
        for year in range(max(1, first.year - 1), min(9998, last.year + 1) + 1):
            following = month % 12 + 3
            if by_sun:  # the day of the turn is in both
                start = date(year, *_SEASON_STARTS[month])
                end = date(year + (following < month), *_SEASON_STARTS[following])
            else:
                start = date(year, month, 1)
                end = date(year + (following < month), following, 1) - timedelta(days=1)
            if start <= last and end >= first:
                yield Span(start, end, "quarter", True)

    return Recurring(between, "quarter", 740)


def part_of_year(part: int, parts: int) -> Recurring:
    """The first, second … quarter (of 4), third (of 3) or half (of 2) of any year."""
    months = 12 // parts

    def between(first: date, last: date) -> Iterator[Span]:
        for year in range(max(1, first.year - 1), min(9998, last.year + 1) + 1):
            start = date(year, (part - 1) * months + 1, 1)
            after = date(year + (part == parts), part % parts * months + 1, 1)
            span = Span(start, after - timedelta(days=1), grain)
            if span.first <= last and span.last >= first:
                yield span

    grain: Grain = "quarter"
    return Recurring(between, grain, 740, share=(part, parts))
