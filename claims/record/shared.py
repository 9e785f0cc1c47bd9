"""A record that many machines write to: DuckLake, with a catalog in PostgreSQL and rows in Parquet files.

There are no keys in it that could refuse a row twice. So every row is known by its content (see `layers`),
who adds one looks first whether it is there, and where two add the same at the same moment it is read once.
"""

from __future__ import annotations

import random
import re
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import duckdb
from duckdb import DuckDBPyConnection

from claims.errors import ConfigError, StoreBusy, StoreError, StoreTooNew
from claims.record.database import create
from claims.record.guarded import SAFE, THREADS
from claims.record.layers import WRITTEN_TO, Table, lay, once, tables, unseen
from claims.record.migrate import migrations

PREFIX = "ducklake:postgres:"
LAKE = "lake"
_EXTENSIONS = ("ducklake", "postgres_scanner")
_CONFLICT = re.compile("conflict|could not serialize|deadlock|duplicate key", re.IGNORECASE)
_POLL_S = (0.05, 0.3)
_KEPT_DAYS = 7  # for which an earlier state of the record can be looked at

_open: dict[tuple[str, str], DuckDBPyConnection] = {}
_opening = threading.Lock()


def connect(store: str, data: str, memory_limit_mb: int) -> DuckDBPyConnection:
    """A connection to the record that reads it by its names and writes to its tables; to be closed.

    The first of a process costs about a second. Raises ConfigError where the extensions are not installed,
    StoreError where the catalog or the files cannot be reached, StoreTooNew.
    """
    with _opening:
        key = (store, data)
        if key not in _open:
            _open[key] = _connected(store, data, memory_limit_mb)
        con = _open[key].cursor()
    con.execute(f"SET VARIABLE {WRITTEN_TO} = '{LAKE}'")
    return con


@contextmanager
def in_one_line(store: str) -> Iterator[None]:
    """What keeps the record from being used is raised as a StoreError, somebody else's turn as StoreBusy."""
    try:
        yield
    except (duckdb.Error, OSError) as error:
        if isinstance(error, (duckdb.BinderException, duckdb.ParserException)):
            raise  # a fault of this program
        text = " ".join(str(error).split())[:300]
        if _CONFLICT.search(text):
            raise StoreBusy(f"{store}: somebody else wrote the same ({text}); run the same again") from None
        raise StoreError(
            f"{store}: cannot be used ({text}); see that PostgreSQL runs, that this user may use the "
            "database, and that the folder of the files can be written"
        ) from None


def _connected(store: str, data: str, memory_limit_mb: int) -> DuckDBPyConnection:
    """The one connection of this process, with the tables up to date."""
    with in_one_line(store):
        con = duckdb.connect(
            ":memory:", config={**SAFE, "memory_limit": f"{memory_limit_mb}MB", "threads": THREADS}
        )
        load_extensions(con, "httpfs" if "://" in data else None)
        where = data.replace("'", "''")
        # Rows in the catalog itself instead of files cost half a second a table (measured), so none are.
        options = f"DATA_PATH '{where}', DATA_INLINING_ROW_LIMIT 0"
        con.execute(f"ATTACH '{store.replace(chr(39), chr(39) * 2)}' AS {LAKE} ({options})")
        _bring_up_to_date(con, store)
        lay(con, lambda table: f"FROM {once(f'{LAKE}.{table.name}', table)}")
        return con


def load_extensions(con: DuckDBPyConnection, also: str | None = None) -> None:
    """The extensions are loaded from their wheels. Raises ConfigError where these are not installed."""
    try:
        import duckdb_extensions  # an extra: who has one machine needs none of it

        for name in (*_EXTENSIONS, *([also] if also else [])):
            duckdb_extensions.import_extension(name, con=con)
            con.load_extension(name)
    except Exception as error:
        wheels = "tabayyun[ducklake]" + (f" duckdb-extension-{also}" if also else "")
        raise ConfigError(
            f"a shared store needs extensions of DuckDB ({type(error).__name__}); pip install {wheels}"
        ) from None


def _bring_up_to_date(con: DuckDBPyConnection, store: str) -> None:
    """The tables that the migrations give stand in the catalog; who comes at the same moment waits."""
    for _ in range(20):
        con.execute("BEGIN")
        try:
            _add_what_is_missing(con, store)
            con.execute("COMMIT")
            return
        except duckdb.Error as error:
            rolled_back(con)
            if not _CONFLICT.search(str(error)) and "already exists" not in str(error):
                raise
            time.sleep(random.uniform(*_POLL_S))  # noqa: S311
    raise StoreBusy(f"{store}: others keep changing its tables; run the same again")


def _add_what_is_missing(con: DuckDBPyConnection, store: str) -> None:
    step = migrations()[-1]
    found: dict[str, set[str]] = {}
    for table, column in con.execute(
        "SELECT table_name, column_name FROM duckdb_columns() WHERE database_name = ?", [LAKE]
    ).fetchall():
        found.setdefault(table, set()).add(column)
    if "_migrations" in found:
        (done,) = con.execute(f"SELECT coalesce(max(number), 0) FROM {LAKE}._migrations").fetchall()[0]  # noqa: S608
        if done > step.number:
            raise StoreTooNew(f"{store}: written by a newer version; update tabayyun")
        if done == step.number:
            return
    elif found:
        raise StoreError(f"{store}: holds tables of something else; name another database")
    else:
        con.execute(f"CREATE TABLE {LAKE}._migrations (number INTEGER, name VARCHAR, applied_at TIMESTAMP)")
    for table in tables():
        _add_table(con, table, found.get(table.name))
    applied = datetime.now(UTC).replace(tzinfo=None)
    con.execute(f"INSERT INTO {LAKE}._migrations VALUES (?, ?, ?)", [step.number, step.name, applied])  # noqa: S608


def _add_table(con: DuckDBPyConnection, table: Table, found: set[str] | None) -> None:
    name = f"{LAKE}.{table.name}"
    if found is None:
        con.execute(f"CREATE TABLE {name} ({table.definition})")
    for column, type_, _ in table.columns:
        if found is not None and column not in found:
            con.execute(f"ALTER TABLE {name} ADD COLUMN {column} {type_}")
    if found is None:  # the comments of columns, some hundreds, would take ten seconds; snapshots have them
        con.execute(f"COMMENT ON TABLE {name} IS '{table.comment.replace(chr(39), chr(39) * 2)}'")


def write_file(con: DuckDBPyConnection, path: Path, memory_limit_mb: int) -> None:
    """A record of one file stands at `path`, which must not exist, with all that the shared one holds."""
    create(path, memory_limit_mb)
    copy = f"copy_{secrets.token_hex(4)}"
    con.execute(f"ATTACH '{str(path.resolve()).replace(chr(39), chr(39) * 2)}' AS {copy}")
    try:
        con.execute("BEGIN")
        for table in tables():
            con.execute(f"INSERT INTO {copy}.{table.name} BY NAME FROM {table.name}")
        con.execute("COMMIT")
    finally:
        con.execute(f"DETACH {copy}")


def add_all(con: DuckDBPyConnection, schema: str, store: str, busy_wait_s: float) -> None:
    """All rows of the schema's tables stand in the shared record, in one transaction, none of them twice.

    What somebody else writes meanwhile is no hindrance; where the catalog refuses, it is tried again for as
    long as `busy_wait_s`. Raises StoreBusy.
    """
    deadline = time.monotonic() + busy_wait_s
    while True:
        try:
            with in_one_line(store):
                con.execute("BEGIN")
                try:
                    for table in tables():
                        con.execute(unseen(schema, LAKE, table))
                    con.execute("COMMIT")
                except BaseException:
                    rolled_back(con)
                    raise
            return
        except StoreBusy:
            if time.monotonic() > deadline:
                raise
            time.sleep(random.uniform(*_POLL_S))  # noqa: S311


def rolled_back(con: DuckDBPyConnection) -> None:
    """Nothing of the transaction is left, even where its own failure has ended it."""
    with suppress(duckdb.TransactionException):
        con.execute("ROLLBACK")


def tidy(con: DuckDBPyConnection) -> None:
    """Small files are joined, and what was replaced over a week ago is removed."""
    con.execute(f"CALL ducklake_merge_adjacent_files('{LAKE}')")
    con.execute(f"CALL ducklake_expire_snapshots('{LAKE}', older_than => now() - INTERVAL {_KEPT_DAYS} DAY)")
    con.execute(f"CALL ducklake_cleanup_old_files('{LAKE}', older_than => now() - INTERVAL {_KEPT_DAYS} DAY)")


def forget_connections() -> None:
    """The next connection is a new one: the server that these led to has ended."""
    with _opening:
        for con in _open.values():
            con.close()
        _open.clear()
