"""Expressions that hang on the day of writing or on another expression."""

from __future__ import annotations

from typing import Any

from claims.language.dates.meaning import (
    Context,
    Expression,
    Fixed,
    Partial,
    Span,
    add_units,
    pick,
    shifted,
    unit_span,
)
from claims.model import Grain

Built = tuple[str, Any]


def day(offset: int) -> Fixed:
    """So many days from the day of writing."""

    def find(context: Context) -> Span | None:
        if context.reference is None:
            return None
        there = shifted(context.reference, offset)
        return Span(there, there, "day") if there else None

    return Fixed(find, "day")


def unit(name: str, offset: int) -> Built | None:
    """The calendar unit so many units from the one of the day of writing."""
    if name not in ("day", "week", "month", "quarter", "year"):
        return None
    grain: Grain = name  # type: ignore[assignment]

    def find(context: Context) -> Span | None:
        if context.reference is None:
            return None
        here = unit_span(grain, context.reference).first
        there = add_units(here, grain, offset)
        return unit_span(grain, there) if there else None

    return "R", Fixed(find, grain)


def moved(count: int, name: str, way: int) -> Built | None:
    """So many units before (-1) or after (1) the day of writing; years give a month."""
    factor = {"decade": 10, "century": 100}.get(name, 1)
    grain: Grain = "year" if factor > 1 else name  # type: ignore[assignment]
    if grain not in ("day", "week", "month", "quarter", "year"):
        return None

    def find(context: Context) -> Span | None:
        if context.reference is None:
            return None
        there = add_units(context.reference, grain, way * count * factor)
        if there is None:
            return None
        if grain == "year":
            whole = unit_span("month", there)
            return Span(whole.first, whole.last, "month", True)
        return Span(there, there, "day", grain != "day")

    return "R", Fixed(find, "month" if grain == "year" else "day")


def weekday(number: int, way: int) -> Built:
    """The nearest such weekday strictly before or after the day of writing."""

    def find(context: Context) -> Span | None:
        if context.reference is None:
            return None
        gap = (number - context.reference.weekday()) % 7
        there = shifted(context.reference, (gap or 7) if way > 0 else (gap or 7) - 7 - (0 if gap else 7))
        return Span(there, there, "day") if there else None

    return "R", Fixed(find, "day")


def stretch(first: Expression, last: Expression) -> Built:
    """From the first day of one expression to the last day of another."""

    def find(context: Context) -> Span | None:
        end = last.resolve(context)
        if end is None:
            return None
        start = first.resolve(context)
        if start is not None and start.first > end.last and isinstance(first, Partial) and first.year is None:
            start = pick(first, end.first, "past")
        if start is None or start.first > end.last:
            return None
        return Span(start.first, end.last, end.grain, start.approximate or end.approximate)

    return "R", Fixed(find, last.grain)
