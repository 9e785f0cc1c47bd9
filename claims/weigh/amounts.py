"""How much a text says of what: its figures with the values that they allow, and the counts told in words.

"More than twenty" allows 23, "dozens" allows 47, "between 50 and 60" allows 55, "half" is fifty percent.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from claims.language.letters import fold
from claims.model import Quantity
from claims.weigh.checks_words import phrases, word_values

_EXACT = 0.006  # of the value, for figures that were rounded
_PART = 0.03  # the same for parts told in words: a third, three quarters
_ROUGH = 0.15  # where the text says "about"
_BEFORE = 26  # letters before a figure in which it is said how it compares
_BETWEEN = 10  # letters that may stand between that and the figure
_HOURS = {"minute": 1 / 60, "hour": 1.0, "day": 24.0, "week": 168.0, "month": 730.0, "year": 8766.0}
_SCORE = re.compile(r"(?<![\w-])(\d{1,3})[-–:](\d{1,3})(?![\w-])")
_RANGE = re.compile(r"^\s*(?:and|to|-|–|و|الى|و\s)\s*$")
_DUAL = re.compile(r"(?<!\w)(?:ال)?\w{2,}(?<!س)(?:تان|تين)(?!\w)")
_NO_DUAL = re.compile(r"ساتين|ستان$|^(?:ال)?(?:اثن|ثن|مئ|ما|مي)تين$")


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

    @property
    def exact(self) -> bool:
        """Whether it is bounded on both sides."""
        return self.low > 0 and not math.isinf(self.high)


@dataclass(frozen=True, slots=True)
class Amount:
    """A figure: its value, what it counts as far as that is known, and the values that it allows."""

    value: float
    unit: str | None
    bounds: Bounds

    def like(self, other: Amount) -> Amount:
        """The same in the unit of another: three days are 72 hours, and a half is fifty percent."""
        factor = 1.0
        if self.unit in _HOURS and other.unit in _HOURS:
            factor = _HOURS[self.unit or ""] / _HOURS[other.unit or ""]
        elif other.unit == "percent" and self.is_part:
            factor = 100.0
        elif self.unit == "percent" and other.is_part:
            factor = 0.01
        return Amount(self.value * factor, other.unit, self.bounds.times(factor))

    @property
    def is_part(self) -> bool:
        """Whether it is told as a part of a whole."""
        return self.unit is None and 0 < self.value < 1

    def counts_like(self, other: Amount) -> bool:
        """Whether both can count the same; one whose unit is not said may count anything but ranks."""
        if self.unit == other.unit or (self.unit in _HOURS and other.unit in _HOURS):
            return True
        return None in (self.unit, other.unit) and "ordinal" not in (self.unit, other.unit)


def amounts_of(numbers: Sequence[Quantity], text: str, lang: str) -> list[Amount]:
    """The figures of a text, ranges as one, and what it counts in words."""
    scored = [match.span() for match in _SCORE.finditer(text)]
    plain = [n for n in numbers if not any(a <= n.start < b for a, b in scored)]
    found: list[Amount] = []
    at = 0
    while at < len(plain):
        first, last = plain[at], plain[at]
        if at + 1 < len(plain) and _is_range(first, plain[at + 1], text, lang):
            last = plain[at + 1]
        low, high = bounds_of(first, text, lang), bounds_of(last, text, lang)
        bounds = low if first is last else Bounds(low.low, high.high)
        found.append(Amount(last.value, last.unit or first.unit, bounds))
        at += 1 if first is last else 2
    return found + _in_words(numbers, text, lang)


def scores_of(text: str) -> frozenset[tuple[int, ...]]:
    """Scores such as 3-1, the smaller figure first."""
    return frozenset(tuple(sorted(map(int, match.groups()))) for match in _SCORE.finditer(text))


def bounds_of(number: Quantity, text: str, lang: str) -> Bounds:
    """The values that a text allows with this figure, by the words before it."""
    around = fold(text[max(0, number.start - _BEFORE) : number.start] + number.text)
    figure = len(fold(number.text))
    above, below = (_reach(around, figure, lang, name) for name in ("above", "below"))
    value = number.value
    if max(above, below) < 0:
        part = number.unit is None and 0 < value < 1 and not any(c.isdigit() for c in number.text)
        reach = abs(value) * (_ROUGH if number.approximate else _PART if part else _EXACT)
        return Bounds(value - reach, value + reach)
    reach = abs(value) * _EXACT
    return Bounds(value - reach, math.inf) if above > below else Bounds(0.0, value + reach)


def _reach(around: str, figure: int, lang: str, name: str) -> int:
    """How far the last of such phrases reaches that stands close to the figure; -1 where there is none."""
    some = phrases(lang, name)
    ends = [match.end() for match in some.finditer(around)] if some else []
    return max((end for end in ends if len(around) - figure - end <= _BETWEEN), default=-1)


def _is_range(number: Quantity, after: Quantity, text: str, lang: str) -> bool:
    """Whether two figures stand as "between 5 and 10"."""
    some = phrases(lang, "between")
    before = fold(text[max(0, number.start - _BEFORE) : number.start]).rstrip()
    opened = some is not None and any(match.end() == len(before) for match in some.finditer(before))
    return opened and number.value < after.value and bool(_RANGE.match(fold(text[number.end : after.start])))


def _in_words(numbers: Sequence[Quantity], text: str, lang: str) -> list[Amount]:
    """Dozens and thousands, and in Arabic two of a kind by the form of its name."""
    folded, found = fold(text), []
    digits = [fold(number.text) for number in numbers]
    for pattern, low, high in word_values(lang):
        match = pattern.search(folded)
        if match and not any(match.group() in figure for figure in digits):
            found.append(Amount(low, None, Bounds(low, high)))
            break  # the longest is listed first: "tens of thousands" before "thousands"
    if lang == "ar":
        duals = [m.group() for m in _DUAL.finditer(folded) if not _NO_DUAL.search(m.group())]
        if duals and not any(dual in figure for dual in duals for figure in digits):
            found.append(Amount(2.0, None, Bounds(2.0, 2.0)))
    return found
