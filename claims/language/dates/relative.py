"""Expressions that hang on the day of writing, or are counted from another day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import get_args

from claims.language.dates.meaning import (
    Context,
    Expression,
    Fixed,
    Span,
    add_units,
    one_day,
    shifted,
    unit_span,
)
from claims.language.dates.rules import Built
from claims.model import Grain

_MANY_YEARS = 5  # from here on nobody means the day
_LONGER = {"fortnight": ("week", 2), "decade": ("year", 10), "century": ("year", 100)}


def grain_of(unit: str) -> tuple[Grain, int] | None:
    """The grain of a unit and how many of it the unit is, or None for units that are no stretch of days."""
    grain, factor = _LONGER.get(unit, (unit, 1))
    return (grain, factor) if grain in get_args(Grain) else None  # type: ignore[return-value]


def day(offset: int) -> Fixed:
    """So many days from the day of writing."""
    return Fixed(lambda c: one_day(c.reference and shifted(c.reference, offset)), "day")


def unit(name: str, offset: int, weak: bool = False) -> Built | None:
    """The calendar unit so many units from the one of the day of writing."""
    known = grain_of(name)
    if known is None:
        return None
    grain, factor = known

    def find(context: Context) -> Span | None:
        if context.reference is None:
            return None
        if name == "decade":
            return _decade(context.reference, offset, 1)
        if name == "century":
            first = context.reference.year // 100 * 100 + 100 * offset
            return Span(date(first, 1, 1), date(first + 99, 12, 31), "year") if 1 <= first <= 9900 else None
        if factor > 1:
            return _run(context.reference, grain, factor, offset)
        there = add_units(unit_span(grain, context.reference).first, grain, offset)
        return unit_span(grain, there) if there else None

    return "R", Fixed(find, grain, weak)


def _decade(reference: date, offset: int, count: int) -> Span | None:
    first = reference.year // 10 * 10 + (offset * 10 if offset > 0 else offset * 10 * count)
    last = first + 10 * count - 1
    return Span(date(first, 1, 1), date(last, 12, 31), "year") if first >= 1 and last <= 9999 else None


def run(name: str, count: int, way: int) -> Built | None:
    """So many units right before (-1) or after (1) the day of writing.

    Alone, calendar units are meant ("next two months"); in a sentence, days are counted.
    """
    if name == "workday":
        return workdays(count, way, whole=True)
    known = grain_of(name)
    if known is None or not 1 <= count <= 1000:
        return None
    grain, factor = known

    def find(context: Context) -> Span | None:
        reference = context.reference
        if reference is None:
            return None
        if name == "decade":
            return _decade(reference, way, count)
        if context.sense == "alone" or grain == "quarter":
            return _run(reference, grain, count * factor, way)
        edge = shifted(reference, way)
        far = add_units(reference, grain, way * count * factor)
        if edge is None or far is None:
            return None
        return Span(min(edge, far), max(edge, far), grain, grain != "day")

    return "R", Fixed(find, grain)


def _run(reference: date, grain: Grain, count: int, way: int) -> Span | None:
    here = unit_span(grain, reference).first
    first: date | None
    after: date | None
    if way == 0:
        first, after = here, add_units(here, grain, count)
    elif way > 0:
        first, after = add_units(here, grain, 1), add_units(here, grain, count + 1)
    else:
        first, after = add_units(here, grain, -count), here
    return Span(first, after - timedelta(days=1), grain) if first and after else None


def moved(count: float, name: str, way: int, weak: bool = False, about: bool = False) -> Built | None:
    """So many units before (-1) or after (1) the day of writing.

    Many years give a month, and so do any that stand alone.
    """
    if name == "workday":
        return workdays(int(count), way, whole=False)
    known = grain_of(name)
    if known is None:
        return None
    grain, factor = known

    def find(context: Context) -> Span | None:
        if context.reference is None:
            return None
        there = add_units(context.reference, grain, way * count * factor)
        if there is None or grain != "year" or (factor * count < _MANY_YEARS and context.sense != "alone"):
            return one_day(there, about or grain != "day")
        month = unit_span("month", there)
        return Span(month.first, month.last, "month", True)

    return "R", Fixed(find, "month" if grain == "year" else "day", weak)


def shift(anchor: Expression, count: float, name: str, way: int) -> Built | None:
    """So many units before or after the day that another expression names."""
    known = grain_of(name)
    if known is None or anchor.grain != "day":
        return None
    grain, factor = known

    def find(context: Context) -> Span | None:
        base = anchor.resolve(context)
        return one_day(add_units(base.first, grain, way * count * factor)) if base else None

    return "R", Fixed(find, "day")


def workdays(count: int, way: int, whole: bool) -> Built:
    """The day so many working days (Monday to Friday) away, or all from the first to the last of them."""

    def find(context: Context) -> Span | None:
        days: list[date] = []
        there = context.reference and shifted(context.reference, way)
        while there is not None and len(days) < count:
            if there.weekday() < 5:
                days.append(there)
            there = shifted(there, way)
        if len(days) < count:
            return None
        return Span(min(days), max(days), "day") if whole else one_day(days[-1])

    return "R", Fixed(find, "day")


def weekday_from(anchor: Expression, number: int, count: int, way: int) -> Built:
    """The first, second … such weekday before or after the day that another expression names."""

    def find(context: Context) -> Span | None:
        base = anchor.resolve(context)
        if base is None:
            return None
        gap = (number - base.first.weekday()) % 7 if way > 0 else -((base.first.weekday() - number) % 7)
        return one_day(shifted(base.first, (gap or 7 * way) + 7 * way * (count - 1)))

    return "R", Fixed(find, "day")


def weekday(number: int, way: int, by_week: bool) -> Built:
    """The such weekday of the week before or after, or the nearest one strictly before or after."""

    def find(context: Context) -> Span | None:
        if context.reference is None:
            return None
        if by_week:
            monday = shifted(context.reference, 7 * way - context.reference.weekday())
            return one_day(monday and shifted(monday, number))
        gap = (number - context.reference.weekday()) % 7
        return one_day(shifted(context.reference, (gap or 7) if way > 0 else gap - 7))

    return "R", Fixed(find, "day")


def weekend(way: int, working: bool = False) -> Built:
    """Saturday and Sunday of this week, the one before or the one after; or Monday to Friday of it."""
    first, last = (0, 4) if working else (5, 6)

    def find(context: Context) -> Span | None:
        monday = context.reference and shifted(context.reference, 7 * way - context.reference.weekday())
        start, end = monday and shifted(monday, first), monday and shifted(monday, last)
        return Span(start, end, "day") if start and end else None

    return "R", Fixed(find, "day")
