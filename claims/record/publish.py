"""The snapshot that readers get: built beside the old one and put in its place in one step."""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from claims.errors import StoreBusy
from claims.record.database import remove
from claims.record.guarded import SAFE, THREADS, one_line_errors
from claims.record.materialise import settle
from claims.record.query import FILE_NAME as FILE_NAME

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


def publish(copy_to: Callable[[Path], None], workspace: Path, memory_limit_mb: int) -> Path:
    """The snapshot holds all that the record holds: it is a copy of it, with some views worked out.

    `copy_to` makes the copy at the path that it is given. To be called by one at a time. Readers who have
    the old snapshot open keep it; whoever opens one next gets the new one. What killed publishers left is
    removed.
    """
    for left in workspace.glob(_PREFIX + "*"):
        shutil.rmtree(left) if left.is_dir() else left.unlink(missing_ok=True)
    building = workspace / f"{_PREFIX}{os.getpid()}-{secrets.token_hex(4)}.tmp"
    published = workspace / FILE_NAME
    with one_line_errors(published):
        try:
            copy_to(building)
            _settle(building, memory_limit_mb)
            # Of somebody who wrote to the snapshot and was cut short; it must not meet the new one
            published.with_name(FILE_NAME + ".wal").unlink(missing_ok=True)
            building.replace(published)
        finally:
            remove(building)
    return published


def _settle(path: Path, memory_limit_mb: int) -> None:
    with duckdb.connect(
        str(path), config={**SAFE, "threads": THREADS, "memory_limit": f"{memory_limit_mb}MB"}
    ) as con:
        settle(con)
        con.execute("CHECKPOINT")
    with path.open("rb") as file:
        os.fsync(file.fileno())
