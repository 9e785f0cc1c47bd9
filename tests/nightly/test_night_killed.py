"""A night killed at any moment, or out of room: the plain rerun leaves the record as an undisturbed night does."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest
from kills import Trial

pytestmark = pytest.mark.slow
KILLS = int(os.environ.get("TABAYYUN_TEST_KILLS", "8"))


def test_a_plain_rerun_finishes_what_was_killed(tmp_path: Path) -> None:
    trial = Trial(tmp_path, 12, random.Random(20241012))
    trial.nights(KILLS)
    trial.commands(2)
    trial.second_nights(KILLS // 2)
    assert trial.failures == []
    assert trial.done == {"night": KILLS, "command": 1, "server": 1, "second": KILLS // 2}
    assert trial.hit.total() > trial.done.total() / 2


@pytest.mark.skipif(os.geteuid() != 0, reason="a file system of its own needs root")
def test_a_night_that_ran_out_of_room_is_finished_when_there_is_some(tmp_path: Path) -> None:
    trial = Trial(tmp_path, 12, random.Random(20241012))
    trial.full_disks(3)
    assert trial.failures == []
    assert trial.hit["disk"] >= 2
