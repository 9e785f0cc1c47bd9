"""A run repeated with the network off gives the same report, byte for byte, whatever its pages came to."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import socket
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

import pytest
from archive_world import World
from project import ROOT

from claims import cli
from claims.errors import InputError
from claims.pipeline import Finished, differences, files_that_differ, plan_replay, replay_folder, run_plan
from claims.record.store import Store
from claims.weigh.engine import Weigher


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing can be connected to or looked up."""

    def refuse(*_: object, **__: object) -> NoReturn:
        raise AssertionError("the network was used")

    for name in ("connect", "connect_ex", "bind"):
        monkeypatch.setattr(socket.socket, name, refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


def again(world: World) -> Finished:
    return asyncio.run(run_plan(plan_replay(world.workspace, world.run)))


def outcomes(world: World) -> set[str]:
    return {page["outcome"] for claim in world.claims() for page in claim["unread"]}  # type: ignore[attr-defined]


def test_the_report_comes_out_again_byte_for_byte(world: World, no_network: None) -> None:
    assert outcomes(world) == {"gone", "blocked_by_robots"}
    asked = {s["outcome"] for claim in world.claims() for s in claim["sought"]}  # type: ignore[attr-defined]
    assert "unreachable" in asked and "ok" in asked
    assert any("missing.txt" in line for line in world.finished.bad)
    for _ in range(2):  # a repetition may be repeated
        repeated = again(world)
        assert repeated.report and repeated.report.parent != world.report
        assert files_that_differ(world.report, repeated.report.parent) == []
        assert repeated.bad == world.finished.bad and repeated.incomplete


def test_later_runs_and_decisions_leave_a_repetition_as_it_was(own_world: World, no_network: None) -> None:
    store = Store(own_world.workspace)
    record = store.read_run(own_world.run)
    assert record.run.finished_at
    checked = record.articles[0]
    later = replace(record.run, id="later", started_at=record.run.finished_at)
    store.begin_run(later)
    store.add_article("later", checked.article)
    store.add_claims("later", checked.article, checked.claims)
    for verdict in checked.verdicts.values():
        changed = replace(verdict, verdict="refuted", confidence=0.1)
        store.add_verdict("later", changed, record.run.finished_at.replace(year=2099))
    repeated = again(own_world)
    assert repeated.report and files_that_differ(own_world.report, repeated.report.parent) == []


def test_another_engine_says_what_it_decides_otherwise(
    own_world: World, no_network: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Weigher, "engine", "tabayyun/99")
    repeated = again(own_world)
    assert repeated.report
    assert "index.html" in files_that_differ(own_world.report, repeated.report.parent)
    before = Store(own_world.workspace).read_run(own_world.run)
    after = Store(replay_folder(own_world.workspace, own_world.run)).read_run(own_world.run)
    assert after.run.engine == "tabayyun/99" and differences(before, after) == []
    first = next(iter(after.articles[0].verdicts.values()))
    other = replace(first, verdict="refuted", evidence=first.evidence[:1])
    article = replace(after.articles[0], verdicts=after.articles[0].verdicts | {first.claim: other})
    (line,) = differences(before, replace(after, articles=(article,)))
    assert line.startswith(f"{first.claim}: {first.verdict}") and "refuted" in line


def test_a_page_that_is_lost_from_the_archive_shows(own_world: World, no_network: None) -> None:
    own_world.warc.unlink()
    repeated = again(own_world)
    assert repeated.report
    assert files_that_differ(own_world.report, repeated.report.parent)
    assert "no such archive file" in (repeated.report.parent / "claims.jsonl").read_text(encoding="utf-8")


def test_what_cannot_be_repeated_is_said(own_world: World, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no run nothing"):
        plan_replay(own_world.workspace, "nothing")
    with pytest.raises(InputError, match="no run \\.\\./ws"):
        plan_replay(own_world.workspace, "../ws")
    store = Store(own_world.workspace)
    record = store.read_run(own_world.run)
    store.begin_run(replace(record.run, id="cut"))
    with pytest.raises(InputError, match="was cut short"):
        plan_replay(own_world.workspace, "cut")
    assert record.run.finished_at
    store.finish_run("cut", record.run.finished_at)
    with pytest.raises(InputError, match="did not record what its sources named"):
        plan_replay(own_world.workspace, "cut")
    assert not (own_world.workspace / "replays" / "cut").exists()


def test_the_command_takes_a_run_or_articles(
    own_world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for arguments, said in (([], "no article was named"), (["a.txt", "--replay", "r"], "name the run alone")):
        monkeypatch.setattr(sys, "argv", ["tabayyun", "verify", *arguments])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        assert ended.value.code == 2 and said in capsys.readouterr().err


def cut_off() -> list[str]:
    """What to put before a command so that it has a loopback of its own and no other network."""
    if os.geteuid() != 0 or not shutil.which("unshare") or not shutil.which("ip"):
        pytest.skip("needs root, unshare and ip")
    return ["unshare", "-n", "sh", "-c", 'ip link set lo up && exec "$@"', "sh"]


@pytest.mark.slow
def test_the_command_gives_the_sample_report_again_with_the_network_cut_off(
    sample_workspace: Path, tmp_path: Path
) -> None:
    workspace = tmp_path / "ws"
    shutil.copytree(sample_workspace, workspace)
    (run,) = [path.parent.name for path in (workspace / "reports").glob("*/index.html")]
    command = [sys.executable, "-m", "claims.cli", "verify", "--replay", run, "--workspace", str(workspace)]
    done = subprocess.run(
        [*cut_off(), *command], capture_output=True, text=True, cwd=ROOT, timeout=600, check=False
    )
    assert done.returncode == 0, done.stderr
    assert f"report: {workspace}/replays/{run}/reports/{run}/index.html" in done.stdout
    assert "byte for byte" in done.stderr
    first = workspace / "reports" / run
    assert files_that_differ(first, workspace / "replays" / run / "reports" / run) == []
    assert json.loads((first / "claims.jsonl").read_text(encoding="utf-8").splitlines()[0])["claim"]
