"""The tables brought up to date: numbered steps in plain SQL, each applied once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from pathlib import Path

from duckdb import DuckDBPyConnection

from claims.errors import StoreError, StoreTooNew
from claims.record.materialise import MARKER, unsettle


@dataclass(frozen=True, slots=True)
class Migration:
    """One step; its number is the one its file name begins with."""

    number: int
    name: str
    sql: str


@cache
def migrations() -> tuple[Migration, ...]:
    """Every step that this version knows, in order, numbered from 1 without a gap."""
    folder = files(__package__) / "migrations"
    steps = [
        Migration(int(file.name.partition("_")[0]), file.name, file.read_text(encoding="utf-8"))
        for file in folder.iterdir()
        if file.name.endswith(".sql")
    ]
    return tuple(sorted(steps, key=lambda step: step.number))


def migrate(con: DuckDBPyConnection, path: Path) -> None:
    """Every known step is applied, each in a transaction of its own and followed by a checkpoint.

    The checkpoint keeps changes of tables out of the write-ahead log, whose replay is where DuckDB has
    had most of its faults. Raises StoreTooNew where the file knows more steps than this version, and
    StoreError where it holds tables of something else.
    """
    steps = migrations()
    done = _steps_done(con, path)
    if done > steps[-1].number:
        raise StoreTooNew(
            f"{path}: written by a newer version (its tables are at step {done}, this version knows "
            f"{steps[-1].number}); update tabayyun or name another --workspace"
        )
    for step in steps[done:]:
        con.execute("BEGIN")
        con.execute(step.sql)
        con.execute(
            "INSERT INTO _migrations VALUES (?, ?, ?)",
            [step.number, step.name, datetime.now(UTC).replace(tzinfo=None)],
        )
        con.execute("COMMIT")
        con.execute("CHECKPOINT")


def apply_all(con: DuckDBPyConnection) -> None:
    """Every known step is applied to an empty database in memory, which has no version to keep."""
    for step in migrations():
        con.execute(step.sql)


def _steps_done(con: DuckDBPyConnection, path: Path) -> int:
    tables = {name for (name,) in con.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
    if not tables:
        return 0
    if MARKER in tables:
        unsettle(con)
    if "_migrations" not in tables:
        raise StoreError(f"{path}: holds tables of something else; name another --workspace")
    (done,) = con.execute("SELECT max(number) FROM _migrations").fetchall()[0]
    return int(done)
