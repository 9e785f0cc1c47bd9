"""Expressions that are said from a date named before: the same month, the following day, two years later."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import get_args

from claims.language.dates.lengths import Length
from claims.language.dates.meaning import Context, Expression, Fixed, Span, add_units, unit_span
from claims.language.dates.relative import grain_of
from claims.language.dates.rules import Built
from claims.model import Grain

_GRAINS: tuple[Grain, ...] = get_args(Grain)  # from the finest to the coarsest


def same(name: str) -> Built | None:
    """The unit in which the date named before lies."""
    return _beside(name, 0)


def beside(name: str, way: int) -> Built | None:
    """The unit after (1) or before (-1) the one in which the date named before lies.

    Where none is named, the day of writing is meant by words that stand alone or look ahead to a unit
    longer than a day.
    """
    return _beside(name, way)


def _beside(name: str, way: int) -> Built | None:
    known = grain_of(name)
    if known is None or known[1] > 1:
        return None
    grain = known[0]

    def find(context: Context) -> Span | None:
        base = _unit(grain, context.before)
        if base is None and way:
            ahead = context.sense == "future" and grain != "day" and way > 0
            base = _here(grain, context) if context.before is None and (ahead or _alone(context)) else None
        there = base and add_units(base.first, grain, way)
        return unit_span(grain, there) if there else None

    return "R", Fixed(find, grain)


def _alone(context: Context) -> bool:
    return context.sense == "alone"


def _here(grain: Grain, context: Context) -> Span | None:
    return unit_span(grain, context.reference) if context.reference else None


def _unit(grain: Grain, span: Span | None) -> Span | None:
    """The unit that a stretch lies in, or None where it is longer or lies in several."""
    if span is None or _GRAINS.index(span.grain) > _GRAINS.index(grain):
        return None
    unit = unit_span(grain, span.first)
    return unit if span.last <= unit.last else None


def same_in(name: str, year: Expression) -> Built | None:
    """The month, quarter … of another year that the one named before, or that of writing, is of its own."""
    known = grain_of(name)
    if known is None or known[1] > 1 or known[0] == "year" or year.grain != "year":
        return None
    grain = known[0]

    def find(context: Context) -> Span | None:
        outer = year.resolve(context)
        base = _unit(grain, context.before)
        here = base or _here(grain, context)
        if outer is None or here is None:
            return None
        there = add_units(here.first, "year", outer.first.year - here.first.year)
        return replace(unit_span(grain, there), approximate=base is None) if there else None

    return "R", Fixed(find, grain)


def later(size: Length, way: int) -> Built:
    """A length after (1) or before (-1) the date named before.

    It is as fine as that date; whole years lead from a day to a month.
    """
    finest: Grain = "month" if size.finest == "year" else "day"

    def find(context: Context) -> Span | None:
        base = context.before
        if base is None or _GRAINS.index(base.grain) > _GRAINS.index(size.finest):
            return None
        there: date | None = size.after(base.first, way) if _unit(base.grain, base) else None
        grain = max(base.grain, finest, key=_GRAINS.index)
        return replace(unit_span(grain, there), approximate=grain != size.finest) if there else None

    return "R", Fixed(find, finest)
