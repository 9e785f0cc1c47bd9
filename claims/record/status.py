"""What holds now: the claims of a workspace with their current verdict."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from claims.errors import InputError
from claims.record.query import FETCH_ROWS, refused_in_one_line, snapshot
from claims.rulings import RULINGS


def claim_status(
    workspace: Path,
    claim: str | None = None,
    verdict: str | None = None,
    since: date | None = None,
    changed: bool = False,
) -> list[dict[str, Any]]:
    """All rows of `status_rows` at once."""
    return list(status_rows(workspace, claim, verdict, since, changed))


def status_rows(
    workspace: Path,
    claim: str | None = None,
    verdict: str | None = None,
    since: date | None = None,
    changed: bool = False,
    columns: Sequence[str] = (),
) -> Iterator[dict[str, Any]]:
    """The rows of `claim_status` in the published snapshot, read as they are asked for, first seen first.

    Only these `columns` of them where any are named: to hand over all takes ten times as long as nine.
    `since` keeps what was decided on that day or later; with `changed`, only claims on which a later
    decision changed what held before, since that day if one is given. Times are UTC. Raises InputError
    where nothing was published yet or `verdict` is none of the four.
    """
    if verdict is not None and verdict not in RULINGS:
        raise InputError(f"verdict {verdict}: not known; give one of {', '.join(RULINGS)}")
    conditions = ["true"]
    values: list[Any] = []
    if claim is not None:
        conditions.append("claim_id = ?")
        values.append(claim)
    if verdict is not None:
        conditions.append("verdict = ?")
        values.append(verdict)
    if changed:
        conditions.append("last_changed >= ?")
        values.append(since or date.min)
    elif since is not None:
        conditions.append("decided_at >= ?")
        values.append(since)
    return _read(workspace, ", ".join(columns) or "*", " AND ".join(conditions), values)


def _read(workspace: Path, columns: str, condition: str, values: list[Any]) -> Iterator[dict[str, Any]]:
    """The rows of the snapshot stand in the order in which they are given, so nothing is sorted."""
    with snapshot(workspace) as con, refused_in_one_line():
        cursor = con.execute(f"SELECT {columns} FROM claim_status WHERE {condition}", values)  # noqa: S608
        names = [column[0] for column in cursor.description or ()]
        while rows := cursor.fetchmany(FETCH_ROWS):
            for row in rows:
                yield {
                    name: value.replace(tzinfo=UTC) if isinstance(value, datetime) else value
                    for name, value in zip(names, row, strict=True)
                }
