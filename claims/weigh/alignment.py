"""Checks on fields: do the dates, numbers and places of a statement fit those of a claim?"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from claims.model import Quantity, When

Fit = Literal["agree", "differ", "elsewhere", "silent"]

# Two dates this close that do not meet are two dates of one event; further apart, they are two events.
_SAME_EVENT_DAYS = 45
_TOLERANCE = 0.005  # of the value, for figures that were rounded
_ROUGH_TOLERANCE = 0.15  # where one side says "about"


def fit_dates(claimed: Iterable[When], found: Iterable[When]) -> tuple[Fit, When | None, When | None]:
    """How the days of a statement fit those of a claim, with the pair that decided.

    agree: the same days, or days inside those of the claim; differ: they do not fit, yet are close enough
    to be about one event; elsewhere: further apart; silent: nothing found, or only a stretch so coarse
    that the claim's days lie inside it.
    """
    wanted = [w for w in claimed if w.grain in ("day", "week")] or list(claimed)
    theirs = list(found)
    if not wanted or not theirs:
        return "silent", None, None
    for mine in wanted:
        for other in theirs:
            if (mine.first, mine.last) == (other.first, other.last):
                return "agree", mine, other
    for mine in wanted:
        for other in theirs:
            inside = mine.first <= other.first and other.last <= mine.last
            if inside and other.grain in ("day", "week") and _fine(mine):
                return "agree", mine, other
    exact = [o for o in theirs if o.grain in ("day", "week") and not o.approximate]
    for mine in wanted:
        if not _fine(mine) or mine.approximate:
            continue
        for other in exact:
            if other.first <= mine.first and mine.last <= other.last:
                return "silent", None, None
            gap = max((other.first - mine.last).days, (mine.first - other.last).days)
            crossing = gap <= 0  # they overlap without either lying inside the other
            if (
                crossing and (other.first, other.last) != (mine.first, mine.last)
            ) or 0 < gap <= _SAME_EVENT_DAYS:
                return "differ", mine, other
    if exact:
        return "elsewhere", wanted[0], exact[0]
    return "silent", None, None


def _fine(when: When) -> bool:
    return when.grain in ("day", "week")


def same_stretch(mine: When, other: When) -> bool:
    """Whether both name exactly the same days."""
    return (mine.first, mine.last) == (other.first, other.last)


def fit_numbers(
    claimed: Iterable[Quantity], found: Iterable[Quantity]
) -> tuple[Fit, Quantity | None, Quantity | None]:
    """How the figures of a statement fit those of a claim; only figures of the same unit are compared."""
    theirs = list(found)
    differing: tuple[Quantity, Quantity] | None = None
    for mine in claimed:
        if mine.unit in (None, "ordinal"):
            continue
        for other in theirs:
            if other.unit != mine.unit:
                continue
            rough = mine.approximate or other.approximate
            allowed = (_ROUGH_TOLERANCE if rough else _TOLERANCE) * max(abs(mine.value), 1e-9)
            if abs(mine.value - other.value) <= allowed:
                return "agree", mine, other
            differing = (mine, other)
    if differing:
        return "differ", *differing
    return "silent", None, None
