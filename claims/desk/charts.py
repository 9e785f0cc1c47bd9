"""Figures for whoever leads the desk, from the snapshot and the log."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from math import inf
from statistics import median

from duckdb import DuckDBPyConnection

from claims.model import RULINGS
from claims.record.desk import DECISIONS, Action


@dataclass(frozen=True, slots=True)
class Week:
    """A week, by its Monday, and how many decisions with which verdict people made in it."""

    day: date
    counts: dict[str, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class Trust:
    """Claims on which the engine was so sure (from `low` to `high`), and on how many people agreed."""

    low: float
    high: float
    claims: int
    agreed: int

    @property
    def share(self) -> float:
        return self.agreed / self.claims


@dataclass(frozen=True, slots=True)
class Charts:
    """What the page shows. `confusion` counts claims by (engine's verdict, person's verdict)."""

    weeks: tuple[Week, ...]
    hours_to_decision: float | None  # median, from the claim's first sight
    waits: tuple[tuple[str, int], ...]  # decided claims, by how long they waited
    confusion: dict[tuple[str, str], int]
    agreement: float | None
    calibration: tuple[Trust, ...]
    sources: tuple[tuple[str, int, int], ...]  # name, questions, questions that came to nothing for a fault

    @property
    def most(self) -> int:
        return max((week.total for week in self.weeks), default=1)

    @property
    def longest_wait(self) -> int:
        return max((count for _, count in self.waits), default=1) or 1


_WAITS = (("hour", 1.0), ("hours", 4.0), ("day", 24.0), ("days", 72.0), ("week", 168.0), ("longer", inf))
_CONFIDENCES = ((0.0, 0.5), (0.5, 0.6), (0.6, 0.7), (0.7, 0.8), (0.8, 0.9), (0.9, 1.0))


def charts(con: DuckDBPyConnection, actions: list[Action]) -> Charts:
    """The figures of now."""
    decisions = [action for action in actions if action.kind in DECISIONS]
    seen: dict[str, tuple[object, ...]] = {
        row[0]: row[1:]
        for row in con.execute(
            "SELECT claim_id, first_seen, engine_verdict, engine_confidence FROM memory.queue "
            "WHERE claim_id IN (SELECT unnest(CAST(? AS VARCHAR[])))",
            [sorted({action.claim for action in decisions})],
        ).fetchall()
    }
    weeks: dict[date, Counter[str]] = {}
    for action in decisions:
        monday = action.at.date() - timedelta(days=action.at.weekday())
        weeks.setdefault(monday, Counter())[action.payload["verdict"]] += 1
    first = {action.claim: action for action in reversed(decisions)}
    hours = [
        (action.at.replace(tzinfo=None) - seen[claim][0]).total_seconds() / 3600  # type: ignore[operator]
        for claim, action in first.items()
        if claim in seen
    ]
    last = {action.claim: action for action in decisions}
    confusion = Counter(
        (str(seen[claim][1]), str(action.payload["verdict"]))
        for claim, action in last.items()
        if claim in seen and seen[claim][1]
    )
    total = sum(confusion.values())
    sources = con.execute(
        "SELECT source, count(*), count(*) FILTER (WHERE outcome NOT IN ('ok', 'empty')) FROM sought "
        "GROUP BY source ORDER BY source"
    ).fetchall()
    return Charts(
        tuple(
            Week(monday, {ruling: counts[ruling] for ruling in RULINGS})
            for monday, counts in sorted(weeks.items())[-12:]
        ),
        median(hours) if hours else None,
        _by_length(hours),
        dict(confusion),
        sum(confusion[(ruling, ruling)] for ruling in RULINGS) / total if total else None,
        _calibration(
            [
                (float(str(seen[claim][2])), seen[claim][1] == action.payload["verdict"])
                for claim, action in last.items()
                if claim in seen and seen[claim][1] not in (None, "not_enough_evidence")
            ]
        ),
        tuple(sources),
    )


def _by_length(hours: list[float]) -> tuple[tuple[str, int], ...]:
    """How many waited up to each length, and not up to the one before."""
    counts = Counter(next(name for name, most in _WAITS if waited < most) for waited in hours)
    return tuple((name, counts[name]) for name, _ in _WAITS) if hours else ()


def _calibration(rulings: list[tuple[float, bool]]) -> tuple[Trust, ...]:
    """How often people agreed with rulings, by the confidence that the engine stated for them."""
    found = []
    for low, high in _CONFIDENCES:
        agreed = [right for stated, right in rulings if low <= stated < high or (stated == high == 1.0)]
        if agreed:
            found.append(Trust(low, high, len(agreed), sum(agreed)))
    return tuple(found)
