"""The snapshot that readers get: built beside the old one and put in its place in one step."""

from __future__ import annotations

import fcntl
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from duckdb import DuckDBPyConnection

from claims.errors import StoreBusy
from claims.record.database import one_line_errors

FILE_NAME = "published.duckdb"
_LOCK_NAME = ".publish.lock"
_PREFIX = ".published-"


@contextmanager
def one_at_a_time(workspace: Path, busy_wait_s: float) -> Iterator[None]:
    """No other process publishes in this workspace meanwhile. Raises StoreBusy after `busy_wait_s`.

    The lock goes with the process that holds it, so a killed publisher blocks nobody.
    """
    path = workspace / _LOCK_NAME
    with one_line_errors(path):
        workspace.mkdir(parents=True, exist_ok=True)
        lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        deadline = time.monotonic() + busy_wait_s
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise StoreBusy(
                        f"{path}: another process has been publishing for over {busy_wait_s:g} s; try again"
                    ) from None
                time.sleep(0.02)
        yield
    finally:
        os.close(lock)


def publish(con: DuckDBPyConnection, workspace: Path) -> Path:
    """The snapshot holds all that the open live database holds, tables, views and comments.

    To be called by one at a time and outside a transaction. Readers who have the old snapshot open keep
    it; whoever opens one next gets the new one. What killed publishers left behind is removed.
    """
    for left in workspace.glob(_PREFIX + "*"):
        left.unlink(missing_ok=True)
    building = workspace / f"{_PREFIX}{os.getpid()}-{secrets.token_hex(4)}.tmp"
    published = workspace / FILE_NAME
    try:
        live = con.execute("SELECT current_database()").fetchall()[0][0]
        con.execute(f"ATTACH '{_quoted(building)}' AS building")
        con.execute(f'COPY FROM DATABASE "{live}" TO building')
        con.execute("CHECKPOINT building")
        con.execute("DETACH building")
        building.replace(published)
    finally:
        for left in workspace.glob(building.name + "*"):
            left.unlink(missing_ok=True)
    return published


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
