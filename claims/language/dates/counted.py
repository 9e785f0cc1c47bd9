"""What is counted in a calendar: weeks by number, the first or last units of a stretch, long weekends."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from claims.language.dates import combine
from claims.language.dates.meaning import (
    Context,
    Expression,
    Fixed,
    Sense,
    Span,
    add_units,
    one_day,
    shifted,
    unit_span,
)
from claims.language.dates.relative import grain_of
from claims.language.dates.rules import Built

_FRIDAY = 4


def roughly(expression: Expression) -> Fixed:
    """The same stretch, of which only about is known where it begins and ends."""

    def find(context: Context) -> Span | None:
        span = expression.resolve(context)
        return replace(span, approximate=True) if span else None

    return Fixed(find, expression.grain)


def edge(count: int, unit: str, whole: Expression) -> Built | None:
    """The first (above 0) or last (below 0) so many units of a longer stretch, as one stretch."""
    known = grain_of(unit)
    if known is None or known[1] > 1 or known[0] == whole.grain or count == 0:
        return None
    grain = known[0]

    def find(context: Context) -> Span | None:
        outer = whole.resolve(context)
        if outer is None:
            return None
        by_thursday = outer.grain == "year" or context.sense != "alone"
        inside = combine.units(grain, outer, by_thursday)
        if len(inside) < abs(count):
            return None
        chosen = inside[:count] if count > 0 else inside[count:]
        return Span(chosen[0].first, chosen[-1].last, grain, outer.approximate or grain == "week")

    return "R", Fixed(find, grain)


def week_number(number: int, year: Expression | None) -> Fixed:
    """The week of that number, as ISO 8601 counts them, in a year or in that of the day of writing."""

    def find(context: Context) -> Span | None:
        outer = year.resolve(context) if year else None
        day = outer.first if outer else context.reference
        if day is None or (year and outer is None):
            return None
        monday = date.fromisocalendar(day.year, number, 1)
        return Span(monday, monday + timedelta(days=6), "week")

    return Fixed(find, "week")


def weekend_at(day: Expression) -> Fixed:
    """The weekend that a day is part of or nearest to, with the days between."""

    def find(context: Context) -> Span | None:
        base = day.resolve(context)
        if base is None or base.first != base.last:
            return None
        weekday = base.first.weekday()
        after = weekday >= _FRIDAY - 1  # from Thursday on the weekend that comes, before that the one gone by
        first = shifted(base.first, min(0, 5 - weekday) if after else -weekday - 2)
        last = shifted(base.last, 6 - weekday if after else 0)
        return Span(first, last, "day") if first and last else None

    return Fixed(find, "day")


def week_from(day: Expression, exactly: bool) -> Fixed:
    """Seven days from a day that may begin a week; else, unless exactly that is said, the week it lies in."""

    def find(context: Context) -> Span | None:
        base = day.resolve(context)
        if base is None:
            return None
        if not exactly and base.first.weekday() < _FRIDAY + 1:
            return unit_span("week", base.first)
        last = shifted(base.first, 6)
        return Span(base.first, last, "week") if last else None

    return Fixed(find, "week")


def ending(count: int, unit: str, last: Expression) -> Built | None:
    """So many units up to the last day of what is named."""
    known = grain_of(unit)
    if known is None or not 1 <= count <= 120:
        return None
    grain, factor = known

    def find(context: Context) -> Span | None:
        sense: Sense = "near" if context.sense == "alone" else context.sense
        end = last.resolve(replace(context, sense=sense))
        after = end and shifted(end.last, 1)
        first = after and add_units(after, grain, -count * factor)
        return Span(first, end.last, grain) if end and first else None

    return "R", Fixed(find, grain)


def hours(days: int, way: int) -> Built:
    """So many times 24 hours before or after the day of writing, of which the first or last is not whole."""

    def find(context: Context) -> Span | None:
        here = context.reference
        there = here and shifted(here, way * days)
        return Span(min(here, there), max(here, there), "day", True) if here and there else None

    return "R", Fixed(find, "day")


def this_day_in(year: Expression) -> Built | None:
    """The day of writing in another year."""
    if year.grain != "year":
        return None

    def find(context: Context) -> Span | None:
        here, outer = context.reference, year.resolve(context)
        if here is None or outer is None:
            return None
        return one_day(add_units(here, "year", outer.first.year - here.year))

    return "R", Fixed(find, "day")
