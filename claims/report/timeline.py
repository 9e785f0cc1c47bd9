"""When: the days that a claim names, the article and the evidence, placed on one line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from claims.model import Claim, Evidence

LANES = ("claim", "article", "supports", "refutes", "neutral")
_MARGIN = 4.0  # percent kept free at either end
_FURTHEST = timedelta(days=366 * 60)  # a page that claims to be older or newer says nothing about this claim


@dataclass(frozen=True, slots=True)
class Mark:
    """Something on a day or over days: where it begins and how far it reaches, in percent of the line."""

    first: date
    last: date
    count: int
    at: float
    reach: float


@dataclass(frozen=True, slots=True)
class Timeline:
    """The marks of each lane that has any, and the days at both ends of the line."""

    lanes: tuple[tuple[str, tuple[Mark, ...]], ...]
    first: date
    last: date


def timeline(claim: Claim, published: date | None, evidence: Iterable[Evidence]) -> Timeline | None:
    """The line on which everything dated about the claim lies; None where fewer than two days are known."""
    days: dict[str, Counter[tuple[date, date]]] = {lane: Counter() for lane in LANES}
    days["claim"].update((when.first, when.last) for when in claim.when)
    if published:
        days["article"][(published, published)] = 1
    pages = {(item.capture, item.stance, item.published) for item in evidence if item.published}
    for _, stance, day in pages:
        days[stance][(day, day)] += 1
    middle = published or next((last for _, last in sorted(days["claim"])), None)
    if middle:
        for lane in days.values():
            for first, last in [span for span in lane if _far(span, middle)]:
                del lane[(first, last)]
    ends = [day for lane in days.values() for span in lane for day in span]
    if len(set(ends)) < 2:
        return None
    begin, end = min(ends), max(ends)
    scale = (100 - 2 * _MARGIN) / (end - begin).days

    def mark(first: date, last: date, count: int) -> Mark:
        at = _MARGIN + (first - begin).days * scale
        return Mark(first, last, count, round(at, 2), round((last - first).days * scale, 2))

    lanes = tuple(
        (lane, tuple(mark(first, last, count) for (first, last), count in sorted(days[lane].items())))
        for lane in LANES
        if days[lane]
    )
    return Timeline(lanes, begin, end)


def _far(span: tuple[date, date], middle: date) -> bool:
    return abs(span[0] - middle) > _FURTHEST or abs(span[1] - middle) > _FURTHEST
