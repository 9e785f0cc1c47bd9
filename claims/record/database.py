"""The live file, which one process at a time may open, and nobody else meanwhile, not even to read."""

from __future__ import annotations

import fcntl
import os
import random
import re
import secrets
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, TypeVar

import duckdb
from duckdb import DuckDBPyConnection

from claims.errors import StoreBusy
from claims.record import keys
from claims.record.guarded import SAFE, THREADS, one_line_errors
from claims.record.migrate import migrate

_T = TypeVar("_T")
_Config = dict[str, str | bool | int | float | list[str]]

# What is committed stands in the log beside the file, and goes into the file when the log has grown to this.
# Every turn reads the log; to put it into the file costs more, most at a million claims. With 100, 300 and
# 1,000 both together were least here (bench_night.py). DuckDB reads the log after a kill as well.
_LOG_KB = 300
_LOG = ".wal"  # its name goes on while DuckDB moves a log into the file
_COPY_BYTES = 1 << 20
_FICLONE = 0x40049409  # Linux: share the blocks of a file until one of the two is written to
_POLL_S = (0.005, 0.05)  # drawn at random, so that two who wait do not meet again and again
_HOLDER = re.compile(r"Conflicting lock is held in (.+?) \(PID (\d+)\)")

# Locks belong to a process, so threads of one process must keep apart by themselves; and whoever closes
# the file in a process gives up its lock, so nobody else here may have it open meanwhile.
_turns: dict[Path, threading.Lock] = {}


@contextmanager
def opened(path: Path, memory_limit_mb: int, busy_wait_s: float) -> Iterator[DuckDBPyConnection]:
    """The live database, open for writing with its tables up to date, and closed at the end.

    Waits up to `busy_wait_s` seconds while somebody else holds it. Raises StoreBusy, StoreTooNew, or
    StoreError where the file cannot be used; what was committed before stays.
    """
    config = _config(memory_limit_mb)

    def connect() -> DuckDBPyConnection:
        try:
            return duckdb.connect(str(path), config=config)
        except duckdb.IOException as error:
            if "Could not set lock" not in str(error):
                raise
            holder = _HOLDER.search(str(error))
            raise _Held(f"process {holder[2]} ({holder[1]})" if holder else "another process") from None

    with _in_turn(path, busy_wait_s) as deadline:
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            create(path, memory_limit_mb)
        con = _as_soon_as_free(connect, path, deadline, busy_wait_s)
        try:
            con.execute(f"SET checkpoint_threshold = '{_LOG_KB}KB'")
            con.execute("PRAGMA disable_checkpoint_on_shutdown")
            migrate(con, path)
            with keys.at_hand(con, path):
                yield con
        finally:
            con.close()


def _config(memory_limit_mb: int) -> _Config:
    return {
        **SAFE,
        "memory_limit": f"{memory_limit_mb}MB",
        "threads": THREADS,
        # A new workspace is 1.1 MB instead of 10. At a million claims the file is a fifth smaller than with
        # blocks of 16 KB, and a night on it costs little more than on an empty record (docs/decisions.md).
        "default_block_size": "65536",
    }


def create(path: Path, memory_limit_mb: int) -> None:
    """A new database with its tables stands at `path`, or the one that somebody else was faster with.

    It is made beside it: DuckDB cannot open what it was cut short in making, so a full disk or a kill in
    that moment would leave a workspace that nothing but deleting the file could mend.
    """
    building = path.with_name(f".{path.name}.{os.getpid()}-{secrets.token_hex(4)}.tmp")
    try:
        with duckdb.connect(str(building), config=_config(memory_limit_mb)) as con:
            migrate(con, path)
        try:
            os.link(building, path)
        except FileExistsError:
            pass
        except OSError:  # a file system without second names
            if not path.exists():
                building.replace(path)
    finally:
        remove(building)


def copy_at_rest(path: Path, copy: Path, busy_wait_s: float) -> None:
    """The file `copy` and the log beside it hold what is committed in the live file and its log.

    Nobody can write to these meanwhile: the lock is the one that DuckDB takes for a reader, so a writer
    waits for it as for any other.
    """

    def lock() -> None:
        try:
            fcntl.lockf(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except (BlockingIOError, PermissionError):  # POSIX allows either where somebody holds the lock
            raise _Held("another process") from None

    with _in_turn(path, busy_wait_s) as deadline, path.open("rb") as file:
        _as_soon_as_free(lock, path, deadline, busy_wait_s)
        remove(copy)
        with one_line_errors(copy):
            _copy(file, copy)
            for log in _logs(path):
                with log.open("rb") as beside:
                    _copy(beside, copy.with_name(copy.name + log.name.removeprefix(path.name)))


def remove(path: Path) -> None:
    """Neither the database nor its log is there any more."""
    for file in (path, *_logs(path)):
        file.unlink(missing_ok=True)


def _logs(path: Path) -> list[Path]:
    return list(path.parent.glob(f"{path.name}{_LOG}*"))


def _copy(file: BinaryIO, to: Path) -> None:
    """The bytes of the one file are those of the other: shared with it where the file system can."""
    with to.open("wb") as copy:
        try:
            fcntl.ioctl(copy.fileno(), _FICLONE, file.fileno())
        except OSError:
            shutil.copyfileobj(file, copy, _COPY_BYTES)


@contextmanager
def _in_turn(path: Path, busy_wait_s: float) -> Iterator[float]:
    """No other thread of this process has the file; gives the time until which to wait for others."""
    deadline = time.monotonic() + busy_wait_s
    turn = _turns.setdefault(path.resolve(), threading.Lock())
    if not turn.acquire(timeout=busy_wait_s):
        raise StoreBusy(f"{path}: held by this process for over {busy_wait_s:g} s; try again")
    try:
        with one_line_errors(path):
            yield deadline
    finally:
        turn.release()


class _Held(Exception):
    """Somebody else holds the file; the message names them."""


def _as_soon_as_free(take: Callable[[], _T], path: Path, deadline: float, busy_wait_s: float) -> _T:
    while True:
        try:
            return take()
        except _Held as held:
            if time.monotonic() > deadline:
                raise StoreBusy(
                    f"{path}: held by {held} for over {busy_wait_s:g} s; wait for it or end it, "
                    "then run the same again"
                ) from None
        time.sleep(random.uniform(*_POLL_S))  # noqa: S311 (when to look again is no secret)
