"""The server of a command ends with it, and by then every task is written down, though many at a time."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from project import PUBLISHED, SAMPLE_ARTICLE

pytestmark = pytest.mark.slow
TABAYYUN = str(Path(sys.executable).with_name("tabayyun"))


def test_every_task_of_a_command_stands_as_completed(tmp_path: Path) -> None:
    home = tmp_path / "prefect"
    env = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    command = [
        TABAYYUN,
        "verify",
        str(SAMPLE_ARTICLE),
        "--published",
        PUBLISHED,
        "--workspace",
        str(tmp_path),
    ]
    subprocess.run(command, env=env | {"PREFECT_HOME": str(home)}, check=True, capture_output=True)
    with closing(sqlite3.connect(home / "prefect.db")) as prefect:
        tasks = prefect.execute("SELECT name, state_name FROM task_run ORDER BY name").fetchall()
        artifacts = {row[0] for row in prefect.execute("SELECT key FROM artifact")}
    assert [name.partition("-")[0] for name, _ in tasks] == ["fetch", "publish", "search", "weigh"]
    assert {state for _, state in tasks} == {"Completed"}
    assert artifacts == {"verdicts", "verification-report"}
