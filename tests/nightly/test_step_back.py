"""A night lets the people at the desk go first."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from project import SAMPLE_ARTICLE

from claims.pipeline import step_back


def test_a_thread_steps_back_with_what_it_starts_and_never_forward() -> None:
    seen: list[int] = []

    def priority() -> None:
        seen.append(os.getpriority(os.PRIO_PROCESS, 0))

    def work() -> None:
        for by in (7, 3):
            step_back(by)
            started = threading.Thread(target=priority)
            started.start()
            started.join()

    before = os.getpriority(os.PRIO_PROCESS, 0)
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == [max(before, 7)] * 2
    assert os.getpriority(os.PRIO_PROCESS, 0) == before


@pytest.mark.slow
def test_a_night_works_at_a_lower_priority(tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (inbox / "article.txt").write_bytes(SAMPLE_ARTICLE.read_bytes())
    desk = tmp_path / "desk.toml"
    desk.write_text("[[watch]]\nname = 'inbox'\nkind = 'folder'\npath = 'inbox'\n")
    command = [
        sys.executable, "-m", "claims.cli", "nightly", str(desk), "--workspace", str(tmp_path / "workspace"),
        "--set", "night_nice=11",
    ]  # fmt: skip
    own = os.getpriority(os.PRIO_PROCESS, 0)
    seen: set[int] = set()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as night:
        while night.poll() is None:
            for task in Path(f"/proc/{night.pid}/task").glob("*/stat"):
                try:
                    seen.add(int(task.read_text().rpartition(")")[2].split()[16]))
                except (OSError, IndexError):
                    continue  # it has ended
            time.sleep(0.01)
    assert night.returncode == 0
    assert max(seen) == max(own, 11)
