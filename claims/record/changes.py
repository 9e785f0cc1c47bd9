"""What changed, and why, as the published snapshot tells it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from duckdb import DuckDBPyConnection

from claims.record.query import snapshot
from claims.record.rows import aware, utc
from claims.record.runs import select
from claims.run_record import Change, Run

_CHANGES = """
    SELECT change.*, claim.lang
    FROM changes_since(?) AS change JOIN claim_status AS claim USING (claim_id)
"""


def changes_of_run(workspace: Path, run: Run) -> tuple[Change, ...]:
    """Every change of a ruling that the run brought, by claim. Raises as `snapshot` does."""
    with snapshot(workspace) as con:
        return _read(con, f"{_CHANGES} WHERE decision_id = ? ORDER BY claim_id", utc(run.started_at), run.id)


def latest_changes(workspace: Path, limit: int = 100) -> tuple[Change, ...]:
    """The last changes of rulings, by runs and by people, the newest first. Raises as `snapshot` does."""
    with snapshot(workspace) as con:
        since = con.execute(
            "SELECT min(decided_at) FROM"
            " (SELECT decided_at FROM rulings WHERE changed ORDER BY decided_at DESC LIMIT ?)",
            [limit],
        ).fetchone()
        if since is None or since[0] is None:
            return ()
        return _read(con, f"{_CHANGES} ORDER BY decided_at DESC, claim_id LIMIT ?", since[0], limit)


def _read(con: DuckDBPyConnection, sql: str, since: datetime, other: object) -> tuple[Change, ...]:
    return tuple(
        Change(
            claim=row["claim_id"],
            text=row["text"],
            lang=row["lang"],
            at=aware(row["decided_at"]),
            before=row["before_verdict"],
            verdict=row["verdict"],
            causes=tuple(row["causes"]),
            came=tuple(row["new_urls"]),
            went=tuple(row["gone_urls"]),
            who=row["reviewer"],
            reason=row["reason"],
            decision=row["decision_id"],
        )
        for row in select(con, sql, since, other)
    )
