"""Figures for whoever leads the desk, from the snapshot and the log."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
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
class Charts:
    """What the page shows. `confusion` counts claims by (engine's verdict, person's verdict)."""

    weeks: tuple[Week, ...]
    hours_to_decision: float | None  # median, from the claim's first sight
    confusion: dict[tuple[str, str], int]
    agreement: float | None
    sources: tuple[tuple[str, int, int], ...]  # name, questions, questions that came to nothing for a fault

    @property
    def most(self) -> int:
        return max((week.total for week in self.weeks), default=1)


def charts(con: DuckDBPyConnection, actions: list[Action]) -> Charts:
    """The figures of now."""
    decisions = [action for action in actions if action.kind in DECISIONS]
    seen: dict[str, tuple[object, ...]] = {
        row[0]: row[1:]
        for row in con.execute(
            "SELECT claim_id, first_seen, engine_verdict FROM memory.queue "
            "WHERE claim_id IN (SELECT unnest(CAST(? AS VARCHAR[])))",
            [sorted({action.claim for action in decisions})],
        ).fetchall()
    }
    weeks: dict[date, Counter[str]] = {}
    for action in decisions:
        monday = action.at.date() - timedelta(days=action.at.weekday())
        weeks.setdefault(monday, Counter())[action.payload["verdict"]] += 1
    first = {action.claim: action for action in reversed(decisions)}
    waits = [
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
        median(waits) if waits else None,
        dict(confusion),
        sum(confusion[(ruling, ruling)] for ruling in RULINGS) / total if total else None,
        tuple(sources),
    )
