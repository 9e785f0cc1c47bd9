"""The deployment in a real Prefect server: it is scheduled by the local clock, picked up, and never overlaps."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from project import ROOT, SAMPLE_ARTICLE

pytestmark = pytest.mark.slow
PREFECT = str(Path(sys.executable).with_name("prefect"))
# Casablanca's clock is put back for Ramadan, which is in other months every few years
ZONES = (
    "Africa/Casablanca",
    "Europe/Berlin",
    "America/New_York",
    "America/Santiago",
    "Australia/Sydney",
    "Africa/Cairo",
)
_AHEAD = 95  # days for which runs are scheduled


def zone_of_a_change() -> str:
    """A zone whose clock changes within the days for which runs are scheduled."""
    now = datetime.now(UTC)
    for zone in ZONES:
        offsets = {(now + timedelta(days=n)).astimezone(ZoneInfo(zone)).utcoffset() for n in range(1, _AHEAD)}
        if len(offsets) > 1:
            return zone
    pytest.skip("no clock that is known here changes in the next three months")


class Server:
    """Prefect's server with a folder of its own."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            self.port = taken.getsockname()[1]
        self.folder = folder
        self.zone = zone_of_a_change()
        self.api = f"http://127.0.0.1:{self.port}/api"
        self.env = os.environ | {
            "PREFECT_HOME": str(folder / "home"),
            "PREFECT_API_URL": self.api,
            "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
            "PREFECT_SERVER_SERVICES_SCHEDULER_MIN_RUNS": "99",
            "PREFECT_SERVER_SERVICES_SCHEDULER_LOOP_SECONDS": "2",
            "PREFECT_WORKER_QUERY_SECONDS": "1",  # so the second is asked for while the first is at work
            "PYTHONPATH": str(ROOT),
        }

    def ask(self, path: str, body: dict[str, Any] | None = None) -> Any:
        request = urllib.request.Request(
            f"{self.api}/{path}",
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
        )
        for left in reversed(range(60)):
            try:
                with urllib.request.urlopen(request, timeout=30) as answer:
                    return json.loads(answer.read() or b"null")
            except urllib.error.HTTPError as error:
                if error.code != 503 or not left:  # its database is busy
                    raise
            time.sleep(1)
        raise AssertionError("unreachable")

    def run(self, *command: str) -> str:
        done = subprocess.run(
            [PREFECT, "--no-prompt", *command],
            env=self.env,
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def runs(self, *states: str) -> list[dict[str, Any]]:
        wanted = {"flow_runs": {"state": {"name": {"any_": list(states)}}}, "limit": 200}
        return list(self.ask("flow_runs/filter", wanted))


@contextmanager
def going(command: list[str], server: Server, name: str) -> Iterator[subprocess.Popen[bytes]]:
    with (server.folder / f"{name}.log").open("wb") as log:
        process = subprocess.Popen(
            command, env=server.env, cwd=server.folder, stdout=log, stderr=log, start_new_session=True
        )
        try:
            yield process
        finally:
            os.killpg(process.pid, 15)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, 9)


def until(what: Callable[[], Any], seconds: float = 120) -> Any:
    last: object = None
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            last = what()
        except OSError as error:
            last = error
        else:
            if last:
                return last
        time.sleep(1)
    raise AssertionError(f"never came: {last}")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    made = Server(tmp_path_factory.mktemp("prefect"))
    shutil.copytree(ROOT / "flows", made.folder / "flows", ignore=shutil.ignore_patterns("__pycache__"))
    (made.folder / "inbox").mkdir()
    shutil.copy(SAMPLE_ARTICLE, made.folder / "inbox")
    (made.folder / "desk.toml").write_text('[[watch]]\nname = "inbox"\nkind = "folder"\npath = "inbox"\n')
    plan = made.folder / "flows" / "prefect.yaml"
    text = plan.read_text(encoding="utf-8")
    assert "Asia/Riyadh" in text
    plan.write_text(
        text.replace("Asia/Riyadh", made.zone)
        .replace("desk: desk.toml", f"desk: {made.folder}/desk.toml")
        .replace("workspace: .", f"workspace: {made.folder}/workspace")
    )
    with going([PREFECT, "server", "start", "--port", str(made.port)], made, "server"):
        until(lambda: made.ask("health"))
        for pool in ("tabayyun", "tabayyun-parts"):
            made.run("work-pool", "create", pool, "--type", "process")
        made.run("deploy", "--prefect-file", "flows/prefect.yaml", "--all")
        yield made


def test_nights_are_scheduled_by_the_local_clock_across_its_changes(server: Server) -> None:
    found = until(lambda: len(runs := server.runs("Scheduled")) >= 99 and runs)
    moments = sorted(datetime.fromisoformat(run["next_scheduled_start_time"]) for run in found)
    local = [moment.astimezone(ZoneInfo(server.zone)) for moment in moments]
    assert {(moment.hour, moment.minute) for moment in local} == {(2, 15)}
    offsets = [moment.utcoffset() for moment in local]
    changes = [place for place, (one, next_) in enumerate(pairwise(offsets)) if one != next_]
    assert changes and changes[0] >= 3 and len(offsets) - changes[-1] > 3  # some runs before it, some after
    days = [moment.date() for moment in local]
    assert all((later - day).days in (0, 1) for day, later in pairwise(days))


def test_a_worker_completes_a_night_and_an_overlapping_one_is_refused(server: Server) -> None:
    deployment = server.ask("deployments/name/nightly/nightly")
    with going([PREFECT, "worker", "start", "--pool", "tabayyun", "--type", "process"], server, "worker"):
        make = f"deployments/{deployment['id']}/create_flow_run"
        first = server.ask(make, {"state": {"type": "SCHEDULED"}})
        until(lambda: server.ask(f"flow_runs/{first['id']}")["state_type"] == "RUNNING")
        second = server.ask(make, {"state": {"type": "SCHEDULED"}})
        until(lambda: server.ask(f"flow_runs/{second['id']}")["state_type"] == "CANCELLED")
        done = until(
            lambda: (
                (run := server.ask(f"flow_runs/{first['id']}"))["state_type"] not in ("RUNNING", "PENDING")
                and run
            ),
            240,
        )
        assert done["state_type"] == "COMPLETED", done["state"]
    assert list((server.folder / "workspace" / "reports").glob("night-*/index.html"))
    keys = {item["key"] for item in server.ask("artifacts/filter", {"limit": 50})}
    assert {"night", "verdicts", "verification-report"} <= keys
