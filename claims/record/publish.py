"""The snapshot that readers get: built beside the old one and put in its place in one step."""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from claims.errors import StoreBusy
from claims.record.database import at_rest, one_line_errors

FILE_NAME = "published.duckdb"
_LOCK_NAME = ".publish.lock"
_PREFIX = ".published-"
_COPY_BYTES = 1 << 20


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


def publish(live: Path, workspace: Path, busy_wait_s: float) -> Path | None:
    """The snapshot holds all that the live database holds: it is a copy of the file.

    None, and nothing done, where the last writer was cut short: what it had committed is not in the
    file itself before the next turn. To be called by one at a time. Readers who have the old snapshot
    open keep it; whoever opens one next gets the new one. What killed publishers left is removed.
    """
    for left in workspace.glob(_PREFIX + "*"):
        left.unlink(missing_ok=True)
    building = workspace / f"{_PREFIX}{os.getpid()}-{secrets.token_hex(4)}.tmp"
    published = workspace / FILE_NAME
    with at_rest(live, busy_wait_s) as file, one_line_errors(published):
        if live.with_name(live.name + ".wal").exists():
            return None
        try:
            with building.open("xb") as copy:
                shutil.copyfileobj(file, copy, _COPY_BYTES)
                os.fsync(copy.fileno())
            # Of somebody who wrote to the snapshot and was cut short; it must not meet the new one
            published.with_name(FILE_NAME + ".wal").unlink(missing_ok=True)
            building.replace(published)
        finally:
            building.unlink(missing_ok=True)
    return published
