"""Two processes write to one log while a night writes to the same file: nothing is lost, the order is clear."""

from __future__ import annotations

import subprocess
import sys
import time
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import pytest
from desk_server import copied, running
from project import SAMPLE_ARTICLE

from claims.record.desk import actions_after, standing
from claims.record.matches import ENGINE
from claims.record.status import claim_status
from claims.record.store import Store
from claims.run_record import Run

REVIEWER = """
import sys
from pathlib import Path
from claims.record.desk import Moved, act, actions_on, new_action
from claims.record.store import Store
workspace, who, claim, times = Path(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4])
store = Store(workspace, busy_wait_s=300)
overtaken = 0
for number in range(times):
    while True:
        with store.turn() as con:
            log = actions_on(con, claim)
        seen = log[-1].id if log else None
        kind = ("comment", "change")[number % 2]
        payload = {"verdict": ("supported", "refuted")[number % 4 > 1], "said": None} if kind == "change" else {}
        try:
            act(store, new_action(claim, kind, who, f"{who} {number}", payload, seen, f"{who}-{number}"))
            break
        except Moved:
            overtaken += 1
print(overtaken)
"""


def together(workspace: Path, times: int) -> None:
    claim = claim_status(workspace)[0]["claim_id"]
    people = [
        subprocess.Popen(
            [sys.executable, "-c", REVIEWER, str(workspace), who, claim, str(times)],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for who in ("ravi", "salma")
    ]  # fmt: skip
    store, runs = Store(workspace, busy_wait_s=300), 0
    while any(person.poll() is None for person in people):  # as a nightly run does
        store.begin_run(Run(f"night-{runs}", datetime.now(UTC), None, "test", "test", False))
        runs += 1
        if runs % 10 == 0:
            store.publish()
        time.sleep(0.02)  # a night does other things between its turns
    for person in people:
        _, wrong = person.communicate(timeout=300)
        assert person.returncode == 0, wrong
    with store.turn() as con:
        log = actions_after(con, 0)
    assert [action.number for action in log] == list(range(1, 2 * times + 1))
    assert [action.answers for action in log] == [None, *(action.id for action in log[:-1])]
    for who in ("ravi", "salma"):
        assert [a.reason for a in log if a.who == who] == [f"{who} {n}" for n in range(times)]
    store.publish()
    last = standing(log).decision
    assert last is not None
    (row,) = claim_status(workspace, claim)
    assert (row["verdict"], row["reviewer"]) == (last.payload["verdict"], last.who)
    assert runs > 0


def test_a_few_actions_of_two_processes(sample_workspace: Path, tmp_path: Path) -> None:
    together(copied(sample_workspace, tmp_path / "workspace"), 3)


OVER_HTTP = """
import sys
from desk_server import Person
url, who, claims, times = sys.argv[1], sys.argv[2], sys.argv[3].split(","), int(sys.argv[4])
person, overtaken = Person(url, who), 0
for number in range(times):
    claim = claims[number // 2 % len(claims)]
    while True:
        if number % 2:
            ruling = ("supported", "refuted")[number % 4 > 1]
            answer = person.act(claim, "change", verdict=ruling, reason=f"{who} {number}")
        else:
            answer = person.act(claim, "comment", reason=f"{who} {number}")
        if answer.status_code == 303:
            break
        assert answer.status_code in (409, 503), answer.text  # somebody was faster, or the night has its turn
        overtaken += answer.status_code == 409
print(overtaken)
"""


@pytest.mark.slow
def test_two_hundred_actions_of_two_people_while_a_night_runs(sample_workspace: Path, tmp_path: Path) -> None:
    """Over HTTP, on the same claims, from two processes; `tabayyun nightly` checks and writes in a third."""
    workspace, times = copied(sample_workspace, tmp_path / "workspace"), 100
    claims = [str(row["claim_id"]) for row in claim_status(workspace)[:4]]
    (tmp_path / "inbox").mkdir()
    desk = tmp_path / "desk.toml"
    desk.write_text("[[watch]]\nname = 'inbox'\nkind = 'folder'\npath = 'inbox'\n")
    article = SAMPLE_ARTICLE.read_text(encoding="utf-8")
    nights = 0
    with running(workspace) as url:
        people = [
            subprocess.Popen(
                [sys.executable, "-c", OVER_HTTP, url, who, ",".join(claims), str(times)],
                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=Path(__file__).parent,
            )
            for who in ("ravi", "salma")
        ]  # fmt: skip
        while not nights or any(person.poll() is None for person in people):
            nights += 1
            (tmp_path / "inbox" / f"{nights}.txt").write_text(f"{article}\n{nights}", encoding="utf-8")
            subprocess.run(
                [sys.executable, "-m", "claims.cli", "nightly", str(desk), "--workspace", str(workspace),
                 "--day", f"2030-01-{nights:02}", "--set", "night_nice=0"],
                check=True, capture_output=True, timeout=600,
            )  # fmt: skip
        overtaken = 0
        for person in people:
            told, wrong = person.communicate(timeout=600)
            assert person.returncode == 0, wrong
            overtaken += int(told)
    with Store(workspace, busy_wait_s=300).turn() as con:
        log = actions_after(con, 0)
    assert [action.number for action in log] == list(range(1, len(log) + 1))
    assert {action.who for action in log} == {
        "ravi",
        "salma",
        ENGINE,
    }  # who found every night's article alike
    for claim in claims:
        of_claim = [action for action in log if action.claim == claim]
        assert [action.answers for action in of_claim] == [None, *(action.id for action in of_claim[:-1])]
    for who in ("ravi", "salma"):
        assert [a.reason for a in log if a.who == who] == [f"{who} {n}" for n in range(times)]
    turns = sum(before.who != after.who for before, after in pairwise(log))
    assert turns > 10  # they did get in each other's way
    Store(workspace, busy_wait_s=300).publish()
    for claim in claims:
        last = standing([action for action in log if action.claim == claim]).decision
        (row,) = claim_status(workspace, claim)
        assert last is not None and (row["verdict"], row["reviewer"]) == (last.payload["verdict"], last.who)
