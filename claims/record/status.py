"""What holds now: the claims of a workspace with their current verdict."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any, get_args

from claims.errors import InputError
from claims.model import Ruling
from claims.record.query import snapshot
from claims.record.rows import aware
from claims.record.runs import select


def claim_status(
    workspace: Path,
    claim: str | None = None,
    verdict: str | None = None,
    since: date | None = None,
    changed: bool = False,
) -> list[dict[str, Any]]:
    """The rows of the view `claim_status` in the published snapshot, first seen first.

    `since` keeps what was decided on that day or later; with `changed`, only claims on which a later
    decision changed what held before, since that day if one is given. Times are UTC. Raises InputError
    where nothing was published yet or `verdict` is none of the four.
    """
    if verdict is not None and verdict not in get_args(Ruling):
        raise InputError(f"verdict {verdict}: not known; give one of {', '.join(get_args(Ruling))}")
    conditions = ["true"]
    values: list[Any] = []
    if claim is not None:
        conditions.append("claim_id = ?")
        values.append(claim)
    if verdict is not None:
        conditions.append("verdict = ?")
        values.append(verdict)
    if changed:
        conditions.append(
            "claim_id IN (SELECT claim_id FROM claim_history WHERE changed AND decided_at >= ?)"
        )
        values.append(since or date.min)
    elif since is not None:
        conditions.append("decided_at >= ?")
        values.append(since)
    with snapshot(workspace) as con:
        found = select(
            con,
            f"SELECT * FROM claim_status WHERE {' AND '.join(conditions)} "  # noqa: S608 (fixed words)
            "ORDER BY first_seen, article_id, span_start, claim_id",
            *values,
        )
    return [
        {key: aware(value) if isinstance(value, datetime) else value for key, value in row.items()}
        for row in found
    ]
