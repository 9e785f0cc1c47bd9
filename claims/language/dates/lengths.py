"""Lengths of time of one or several units (a month and 21 days, a year and a half), and where they lead."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

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
from claims.language.dates.relative import grain_of
from claims.language.dates.rules import Built
from claims.language.dates.tokens import Token
from claims.model import Grain

_ORDER: tuple[Grain, ...] = ("year", "quarter", "month", "week", "day")  # the longest is added first
_HALVES: dict[Grain, tuple[Grain, int]] = {"year": ("month", 6), "month": ("day", 15), "week": ("day", 4)}
_HALF = frozenset({"half", "middle", "half_of"})


@dataclass(frozen=True, slots=True)
class Length:
    """How many of each unit, the longest unit first."""

    parts: tuple[tuple[Grain, int], ...]

    @property
    def finest(self) -> Grain:
        return self.parts[-1][0]

    def after(self, day: date, way: int) -> date | None:
        """The day that lies so much after (1) or before (-1) another."""
        there: date | None = day
        for grain, count in self.parts:
            there = there and add_units(there, grain, way * count)
        return there


def length(tokens: list[Token]) -> Length | None:
    """The length that numbers and units in a row name, or None where they name none.

    A token "V" is two of its unit, a unit without a number is one, a half is half of the unit before it, or
    of the one after it where it comes first.
    """
    found: list[tuple[Grain, int]] = []
    number: int | None = None
    first = tokens[0].section in _HALF
    halved = False
    for token in tokens:
        if token.tag in "dc1#":
            number = token.value
        elif token.tag in "BN" and token.section in _HALF and found:
            half = _HALVES.get(found[-1][0])
            if half is None:
                return None
            found.append(half)
            number, halved = None, True
        elif token.tag in "BN":
            if token.section not in _HALF:
                return None
        elif token.section == "definite" and found and halved:  # عام ونصف العام
            if grain_of(token.value) != (found[-2][0], 1):
                return None
        elif token.tag in "UV":
            known = grain_of(token.value)
            if known is None or token.section == "definite" or (token.section == "units" and number is None):
                return None
            if first and not found:
                half = (known[0], known[1] // 2) if known[1] > 1 else _HALVES.get(known[0])
                if half is None:
                    return None
                found.append(half)
            else:
                found.append((known[0], known[1] * (2 if token.tag == "V" else number or 1)))
            number = None
    if number is not None or not found:
        return None
    return Length(tuple(sorted(found, key=lambda part: _ORDER.index(part[0]))))


def moved(size: Length, way: int, weak: bool = False) -> Built:
    """A length before (-1) or after (1) the day of writing."""

    def find(context: Context) -> Span | None:
        there = context.reference and size.after(context.reference, way)
        if there and size.finest == "year":
            month = unit_span("month", there)
            return Span(month.first, month.last, "month", True)
        return one_day(there, size.finest != "day")

    return "R", Fixed(find, "day", weak)


def shift(anchor: Expression, size: Length, way: int) -> Built | None:
    """A length before or after the day that another expression names."""
    if anchor.grain != "day":
        return None

    def find(context: Context) -> Span | None:
        base = anchor.resolve(context)
        return one_day(size.after(base.first, way)) if base else None

    return "R", Fixed(find, "day")


def run(size: Length, way: int) -> Built:
    """The length right before (-1) or after (1) the day of writing."""

    def find(context: Context) -> Span | None:
        edge = context.reference and shifted(context.reference, way)
        far = context.reference and size.after(context.reference, way)
        if edge is None or far is None:
            return None
        return Span(min(edge, far), max(edge, far), "day", size.finest != "day")

    return "R", Fixed(find, "day")


def inside(size: Length, anchor: Expression | None = None, ahead: bool = False) -> Built:
    """From the day of writing, or from the day that another expression names, on for a length.

    `ahead` says that the words themselves look ahead: the next two weeks, أسبوعين من الآن.
    """

    def find(context: Context) -> Span | None:
        base = anchor.resolve(context) if anchor else None
        start = base.first if base else context.reference
        after = size.after(start, 1) if start and (base or not anchor) else None
        if start is None or after is None or after <= start:
            return None
        return Span(start, after - timedelta(days=1), size.finest, True)

    return "R", Fixed(find, "day", weak=anchor is None and not ahead)
