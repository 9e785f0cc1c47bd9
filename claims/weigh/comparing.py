"""Figures with what stands around them: "more than twenty" agrees with 23, "fewer than twenty" does not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from claims.model import Quantity
from claims.weigh.amounts import Amount, Bounds, amounts_of, scores_of
from claims.weigh.checks_words import phrases

Figures = Literal["agree", "differ", "missing", "silent"]
_ALIKE = 4  # times; "more than ten" holds of 14, but of 350,000 it would count something else


def fit_figures(
    claimed: Sequence[Quantity], claim: str, found: Sequence[Quantity], passage: str, langs: tuple[str, str]
) -> Figures:
    """How the figures of a claim fit those of a passage.

    agree: each has one that it can equal; differ: one has none, though the passage counts the same sort of
    thing; missing: one has nothing to be compared with, or would have to be reckoned; silent: the claim has
    no figure.
    """
    scores = scores_of(claim), scores_of(passage)
    if all(scores) and not scores[0] & scores[1]:
        return "differ"
    mine, theirs = amounts_of(claimed, claim, langs[0]), amounts_of(found, passage, langs[1])
    theirs += [Amount(float(one), None, Bounds(one, one)) for score in sorted(scores[1]) for one in score]
    if not mine:
        return "agree" if scores[0] & scores[1] else "missing" if scores[0] else "silent"
    doubling = phrases(langs[0], "doubling")
    share = bool(doubling and doubling.search(claim.lower()))
    fits = {_fit(one, theirs, share=share) for one in mine}
    return next(fit for fit in ("differ", "missing", "agree") if fit in fits)


def _fit(mine: Amount, theirs: Sequence[Amount], *, share: bool) -> Figures:
    alike = [other.like(mine) for other in theirs if mine.counts_like(other)]
    if any(
        mine.bounds.meet(other.bounds)
        and ((mine.bounds.exact and other.bounds.exact) or _near(mine.value, other.value))
        for other in alike
    ):
        return "agree"
    reckoned = _reckoned([other.value for other in alike], share=share) if mine.bounds.exact else set()
    if not alike or any(mine.bounds.low <= value <= mine.bounds.high for value in reckoned):
        return "missing"
    return "differ"


def _near(one: float, other: float) -> bool:
    smaller, larger = sorted((abs(one), abs(other)))
    return smaller > 0 and larger / smaller <= _ALIKE


def _reckoned(values: Sequence[float], *, share: bool) -> set[float]:
    """What a reader may work out: sums and differences of two, and twice and half of one for a `share`."""
    pairs = [(a, b) for at, a in enumerate(values) for b in values[at + 1 :]]
    made = {abs(a - b) for a, b in pairs if a != b} | {a + b for a, b in pairs}
    return made | ({value / 2 for value in values} | {value * 2 for value in values} if share else set())
