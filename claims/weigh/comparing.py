"""Figures with what stands around them: "more than twenty" agrees with 23, "fewer than twenty" does not."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from claims.language.letters import fold
from claims.model import Quantity
from claims.weigh.checks_words import phrases

Figures = Literal["agree", "differ", "missing", "silent"]
_EXACT = 0.006  # of the value, for figures that were rounded
_ROUGH = 0.15  # where the text says "about"
_BEFORE = 26  # letters before a figure in which it is said how it compares
_BETWEEN = 10  # letters that may stand between that and the figure
_ALIKE = 4  # times; "more than ten" holds of 14, but of 350,000 it would count something else
_HOURS = {"minute": 1 / 60, "hour": 1.0, "day": 24.0, "week": 168.0, "month": 730.0, "year": 8766.0}


@dataclass(frozen=True, slots=True)
class Bounds:
    """What values a figure allows."""

    low: float
    high: float

    def meet(self, other: Bounds) -> bool:
        """Whether one value can be both."""
        return self.low <= other.high and other.low <= self.high

    def times(self, factor: float) -> Bounds:
        """The same in another unit."""
        return Bounds(self.low * factor, self.high * factor)


def bounds_of(number: Quantity, text: str, lang: str) -> Bounds:
    """The values that a text allows with this figure, by the words before it."""
    around = fold(text[max(0, number.start - _BEFORE) : number.start] + number.text)
    figure = len(fold(number.text))
    above, below = (_reach(around, figure, lang, name) for name in ("above", "below"))
    value = number.value
    if max(above, below) < 0:
        reach = abs(value) * (_ROUGH if number.approximate else _EXACT)
        return Bounds(value - reach, value + reach)
    reach = abs(value) * _EXACT
    return Bounds(value - reach, math.inf) if above > below else Bounds(0.0, value + reach)


def _reach(around: str, figure: int, lang: str, name: str) -> int:
    """How far the last of such phrases reaches that stands close to the figure; -1 where there is none."""
    some = phrases(lang, name)
    ends = [match.end() for match in some.finditer(around)] if some else []
    return max((end for end in ends if len(around) - figure - end <= _BETWEEN), default=-1)


def fit_figures(
    claimed: Sequence[Quantity], claim: str, found: Sequence[Quantity], passage: str, langs: tuple[str, str]
) -> Figures:
    """How the figures of a claim fit those of a passage.

    agree: each has one that it can equal; differ: one has none, though the passage counts the same sort of
    thing; missing: one has nothing to be compared with, or would have to be reckoned; silent: the claim has
    no figure.
    """
    if not claimed:
        return "silent"
    theirs = [(other, bounds_of(other, passage, langs[1])) for other in found]
    fits = {_fit(mine, bounds_of(mine, claim, langs[0]), theirs) for mine in claimed}
    return next(fit for fit in ("differ", "missing", "agree") if fit in fits)


def _fit(mine: Quantity, bounds: Bounds, theirs: Sequence[tuple[Quantity, Bounds]]) -> Figures:
    alike = [
        (other.value * _factor(other, mine), b.times(_factor(other, mine)))
        for other, b in theirs
        if _sort(mine, other)
    ]
    if any(bounds.meet(b) and (_exact(bounds, b) or _near(mine.value, value)) for value, b in alike):
        return "agree"
    values = [value for value, _ in alike]
    reckoned = _reckoned(values) if _exact(bounds) else set()
    if not alike or any(bounds.low <= value <= bounds.high for value in reckoned):
        return "missing"
    return "differ"


def _sort(one: Quantity, other: Quantity) -> bool:
    """Whether two figures can count the same; one whose unit is not said may count anything but ranks."""
    if one.unit == other.unit or (one.unit in _HOURS and other.unit in _HOURS):
        return True
    return None in (one.unit, other.unit) and "ordinal" not in (one.unit, other.unit)


def _factor(of: Quantity, like: Quantity) -> float:
    """What turns a stretch of time into the unit of another: three days are 72 hours."""
    if of.unit == like.unit or of.unit not in _HOURS or like.unit not in _HOURS:
        return 1.0
    return _HOURS[of.unit] / _HOURS[like.unit]


def _exact(*bounds: Bounds) -> bool:
    return all(b.low > 0 and not math.isinf(b.high) for b in bounds)


def _near(one: float, other: float) -> bool:
    smaller, larger = sorted((abs(one), abs(other)))
    return smaller > 0 and larger / smaller <= _ALIKE


def _reckoned(values: Sequence[float]) -> set[float]:
    """What a reader may work out: sums and differences of two, twice and half of one."""
    made = {abs(a - b) for a in values for b in values if a != b} | {a + b for a in values for b in values}
    return made | {value / 2 for value in values}
