"""Prefect's temporary server ends with the process that it was started for, even where that is killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow
_STARTS = """
import sys
from flows.server import server_ends_with_us
server_ends_with_us()
from prefect.server.api.server import SubprocessASGIServer
server = SubprocessASGIServer()
server.start()
print(server.server_process.pid, flush=True)
sys.stdin.read()
"""


def runs(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.parametrize("how", [signal.SIGKILL, None])
def test_no_server_is_left(tmp_path: Path, how: signal.Signals | None) -> None:
    env = os.environ | {
        "PREFECT_HOME": str(tmp_path),
        "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",
    }
    env.pop("PREFECT_API_URL", None)
    with subprocess.Popen(
        [sys.executable, "-c", _STARTS], env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdin and process.stdout
        server = int(process.stdout.readline())
        assert runs(server)
        if how:
            process.send_signal(how)
        else:
            process.stdin.close()
        process.wait(30)
    end = time.monotonic() + 20
    while runs(server) and time.monotonic() < end:
        time.sleep(0.2)
    assert not runs(server)
