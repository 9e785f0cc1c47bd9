"""`tabayyun verify` from the shell, orchestrated, in processes of its own."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

import pytest
from commands_support import (
    PUBLISHED,
    TEXT,
    Ended,
    World,
    command,
    make_sources,
    replay,
    run,
    started,
    whole_archives,
)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the orchestrator keeps its own records; making them takes it ten seconds."""
    return tmp_path_factory.mktemp("home")


def end_of(process: subprocess.Popen[str]) -> Ended:
    out, err = process.communicate(timeout=60)
    return Ended(process.returncode, out, err)


def test_articles_from_standard_input_with_a_source_out_of_reach(tmp_path: Path, home: Path) -> None:
    world = World(tmp_path)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        away = {"name": "away", "kind": "searxng", "url": f"http://127.0.0.1:{taken.getsockname()[1]}"}
        sources = make_sources(tmp_path / "two.toml", away, replay(world.web))
        row = json.dumps({"id": "mine", "text": TEXT, "published": PUBLISHED})
        options = [
            "--sources",
            sources,
            "--workspace",
            world.workspace,
            "--json",
            "--out",
            tmp_path / "v.jsonl",
        ]
        said = run(home, "verify", "-", *options, input=f"{row}\n{{broken\n".encode())
    assert said.status == 3, said
    assert said.out == "" and "Traceback" not in said.err
    assert "skipped: - line 2: is not JSON" in said.err and "some sources could not be asked" in said.err
    verdicts = [json.loads(line) for line in (tmp_path / "v.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [v["claim"]["article"] for v in verdicts] == ["mine", "mine"]
    for verdict in verdicts:
        claim = verdict["claim"]
        assert TEXT[claim["start"] : claim["end"]] == claim["text"]
        assert {s["outcome"] for s in verdict["sought"] if s["source"] == "away"} == {"unreachable"}
        assert verdict["verdict"] in ("supported", "refuted", "conflicting", "not_enough_evidence")
        assert verdict["decided_by"] == "engine" and verdict["origins"].keys() == {"supports", "refutes"}
        for item in verdict["evidence"]:
            assert item["stance"] in ("supports", "refutes", "neutral") and item["quote"]
            assert (world.workspace / item["capture"]["warc"]).is_file()
    assert any(verdict["evidence"] for verdict in verdicts)
    shown = command("status", "--workspace", world.workspace, "--json")
    assert {r["claim_id"]: r["verdict"] for r in shown.records} == {
        v["claim"]["id"]: v["verdict"] for v in verdicts
    }
    assert whole_archives(world.workspace) == 1


def test_interrupted_while_fetching(tmp_path: Path, home: Path) -> None:
    """By Ctrl-C, which reaches every process of the terminal, and by SIGTERM, which reaches one."""
    worlds = [World(tmp_path / name, slow=True, timeout_s=100) for name in ("int", "term")]
    for world in worlds:  # a first run publishes a snapshot
        quick = make_sources(world.folder / "quick.toml", replay(world.web), timeout_s=0.5)
        assert world.verify(evidence=quick).claims == 2
    shutil.copytree(home, tmp_path / "home")  # two servers over one file would wait for each other
    with (
        started(home, *worlds[0].arguments()) as first,
        started(tmp_path / "home", *worlds[1].arguments()) as second,
    ):
        for world, process in zip(worlds, (first, second), strict=True):
            wait_for_fetching(world, process)
        for question in (["status", "--json"], ["sql", "from claim_status", "--json"]):
            said = command(*question, "--workspace", worlds[0].workspace)
            assert (said.status, len(said.records), said.err) == (0, 2, "")
        assert first.poll() is None and second.poll() is None
        os.killpg(first.pid, signal.SIGINT)
        os.kill(second.pid, signal.SIGTERM)
        ended = [end_of(first), end_of(second)]
    for world, said in zip(worlds, ended, strict=True):
        *progress, last = said.err.splitlines()
        assert said.status == 1 and said.out == "", said
        assert last.startswith("tabayyun: interrupted; what was recorded stays")
        assert all(line == "search: 2 done" for line in progress)
        assert whole_archives(world.workspace) == 2
        assert world.rows("SELECT count(*) FROM run") == [(1,)]
        world.verify(evidence=world.folder / "quick.toml")
        assert world.rows(
            "SELECT count(*), count(finished_at) FROM run LEFT JOIN run_finished USING (run_id)"
        ) == [(3, 2)]
        assert whole_archives(world.workspace) == 3


def wait_for_fetching(world: World, process: subprocess.Popen[str]) -> None:
    """The second run's archive holds the quick pages and its process waits for the slow one."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        archives = sorted((world.workspace / "archive").iterdir(), key=lambda file: file.stat().st_mtime)
        if len(archives) == 2 and time.time() - archives[-1].stat().st_mtime > 1.5:
            return
        if process.poll() is not None:
            break
        time.sleep(0.05)
    raise AssertionError(f"never came to fetching: {process.poll()}")
