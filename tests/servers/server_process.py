"""Servers as processes of their own: started, waited for, and ended with everything that they started."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

READY_WITHIN_S = 60.0


def free_port() -> int:
    """A port of the loopback address on which nothing listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def run(command: Sequence[str], environment: Mapping[str, str], log: Path) -> None:
    """A command has ended well; what it said stands in `log`. Raises AssertionError with the end of it."""
    with log.open("ab") as out:
        done = subprocess.run(
            command, env={**os.environ, **environment}, stdout=out, stderr=out, timeout=300, check=False
        )
    assert done.returncode == 0, f"{command[0]} {command[1]} failed:\n{_end_of(log)}"


@contextlib.contextmanager
def running(command: Sequence[str], environment: Mapping[str, str], ready: str, log: Path) -> Iterator[None]:
    """A server answers at the address `ready`; afterwards neither it nor a child of it runs any more.

    It is told to end also where this process is killed.
    """
    with log.open("ab") as out:
        process = subprocess.Popen(
            ["setpriv", "--pdeathsig", "TERM", *command],
            env={**os.environ, **environment},
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
    try:
        _wait(process, ready, log)
        yield
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(10)


def _wait(process: subprocess.Popen[bytes], ready: str, log: Path) -> None:
    until = time.monotonic() + READY_WITHIN_S
    while time.monotonic() < until:
        assert process.poll() is None, f"the server ended at once:\n{_end_of(log)}"
        try:
            with urllib.request.urlopen(ready, timeout=10):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    raise AssertionError(f"nothing answers at {ready}:\n{_end_of(log)}")


def _end_of(log: Path) -> str:
    return log.read_text(encoding="utf-8", errors="replace")[-2000:]
