"""Questions to the published snapshot. Nothing can be written, attached, read from disk or installed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
from duckdb import DuckDBPyConnection, StatementType

from claims.errors import InputError
from claims.record.guarded import SAFE, THREADS, one_line_errors

FILE_NAME = "published.duckdb"
FETCH_ROWS = 1000


@contextmanager
def snapshot(
    workspace: Path, memory_limit_mb: int = 1024, writable: Path | None = None, threads: int = THREADS
) -> Iterator[DuckDBPyConnection]:
    """The published snapshot, open for reading; `writable` is the one file or folder that may be written.
    `threads` work on one question, so one will do where many ask at once.

    It is attached to a database of its own in memory, so that a reader that asks again in the same
    process gets the newest snapshot and not the one that another thread still has open. Raises
    InputError where nothing was published yet, StoreError where the file cannot be read.
    """
    path = workspace / FILE_NAME
    if not path.exists():
        raise InputError(
            f"{path}: no verification has been recorded here yet; run 'tabayyun verify' first "
            "or name another --workspace"
        )
    with one_line_errors(path):
        con = duckdb.connect(
            ":memory:",
            config={
                **SAFE,
                "threads": threads,
                "memory_limit": f"{memory_limit_mb}MB",
                "temp_directory": "",  # else in the caller's own folder
            },
        )
        try:
            con.execute(f"ATTACH '{_escaped(path)}' AS published (READ_ONLY)")
            con.execute("USE published")
            if writable is not None:
                which = "allowed_directories" if writable.is_dir() else "allowed_paths"
                con.execute(f"SET {which} = ['{_escaped(writable)}']")
            con.execute("SET enable_external_access = false")
            con.execute("SET lock_configuration = true")
            yield con
        finally:
            con.close()


def run_sql(
    workspace: Path, sql: str, memory_limit_mb: int = 1024
) -> tuple[list[str], Iterator[tuple[Any, ...]]]:
    """The columns of the answer and its rows, which are read as they are asked for.

    Columns of type JSON come as lists and dictionaries, times are UTC. Raises InputError, in one line,
    where the statement is wrong or does anything else than reading; also while rows are read.
    """
    answer = _answer(workspace, sql, memory_limit_mb)
    columns = next(answer)
    return list(columns), answer


def _answer(workspace: Path, sql: str, memory_limit_mb: int) -> Iterator[tuple[Any, ...]]:
    """First the names of the columns, then the rows. The snapshot stays open until the last of them."""
    with snapshot(workspace, memory_limit_mb) as con, refused_in_one_line():
        require_reading(con, sql)
        cursor = con.execute(sql)
        described = cursor.description or []
        yield tuple(column[0] for column in described)
        as_json = [index for index, column in enumerate(described) if str(column[1]) == "JSON"]
        while rows := cursor.fetchmany(FETCH_ROWS):
            for row in rows:
                yield _decoded(row, as_json) if as_json else row


def _decoded(row: tuple[Any, ...], as_json: Sequence[int]) -> tuple[Any, ...]:
    values = list(row)
    for index in as_json:
        values[index] = None if row[index] is None else json.loads(row[index])
    return tuple(values)


def require_reading(con: DuckDBPyConnection, sql: str) -> None:
    """The statement is one, and it reads. Raises InputError where it is not so."""
    kinds = [statement.type for statement in con.extract_statements(sql)]
    # PIVOT comes apart into the making of temporary types and one SELECT
    reads = bool(kinds) and kinds[-1] in (StatementType.SELECT, StatementType.EXPLAIN)
    if not reads or any(kind != StatementType.CREATE for kind in kinds[:-1]):
        raise InputError("the snapshot can only be read: give one SELECT, FROM, DESCRIBE or EXPLAIN")


@contextmanager
def refused_in_one_line() -> Iterator[None]:
    """What DuckDB refuses is raised as an InputError of one line."""
    try:
        yield
    except duckdb.Error as error:
        text = " ".join(str(error).split())
        raise InputError(f"the query was refused: {text[:400]}") from None


def _escaped(path: Path) -> str:
    return str(path.resolve()).replace("'", "''")
