"""Three workers, one shared record: what one machine would have done, though one of the three is killed."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from newsroom import TABAYYUN, Newsroom, kill, newsroom, write_world
from postgres import Postgres, postgres

from claims.record.shared_store import SharedStore
from claims.settings import Settings

pytestmark = pytest.mark.slow
ARTICLES = int(os.environ.get("TABAYYUN_TEST_ARTICLES", "12"))
KILLS = int(os.environ.get("TABAYYUN_TEST_WORKER_KILLS", "1"))
PER_PART = max(2, ARTICLES // max(12, 6 * KILLS))
_SINGLE = (
    "import asyncio,sys;from pathlib import Path;from claims.pipeline import plan_night,run_plan;"
    "asyncio.run(run_plan(plan_night(Path(sys.argv[1]),Path(sys.argv[2])),nothing_to_do=True))"
)
# What must be the same, by table; times and places in the archive are those of who wrote them
_SAME = {
    "claim_status": "claim_id, article_id, text, kind, worth, verdict, said, confidence, supports, refutes, verdict_id",
    "article": "article_id",
    "run_article": "ordinal, article_id, ref",
    "claim": "claim_id",
    "run_claim": "ordinal, claim_id, reading_id",
    "document": "document_id",
    "evidence": "evidence_id",
    "verdict_evidence": "verdict_id, ordinal, evidence_id, origin, stance",
    "run_verdict": "claim_id, verdict_id",
    "sought": "claim_id, ordinal, source, query, outcome, found",
    "unread": "claim_id, ordinal, url, outcome",
    "taken": "key",
    "weighed": "claim_id, inputs, used",
    "run_finished": "count(*)",
}


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    with postgres() as running:
        yield running


def tables(workspace: Path) -> dict[str, list[Any]]:
    with duckdb.connect(str(workspace / "published.duckdb"), read_only=True) as con:
        return {
            table: con.execute(f"SELECT {columns} FROM {table} ORDER BY ALL").fetchall()
            for table, columns in _SAME.items()
        }


def test_a_killed_worker_costs_nothing_and_the_record_is_that_of_one_machine(
    tmp_path: Path, server: Postgres
) -> None:
    desk = write_world(tmp_path / "world", ARTICLES)
    subprocess.run(
        [sys.executable, "-c", _SINGLE, str(desk), str(tmp_path / "single")], check=True, timeout=1800
    )
    wanted = tables(tmp_path / "single")
    assert len(wanted["article"]) == ARTICLES and len(wanted["evidence"]) >= ARTICLES
    with newsroom(tmp_path / "room", server) as room:
        workers = {name: room.worker(name) for name in ("worker-0", "worker-1", "worker-2")}
        night = room.night(
            desk,
            tmp_path / "shared",
            f"store=ducklake:postgres:{server.make('record')}",
            f"articles_per_part={PER_PART}",
            "worker_silent_s=30",
        )
        assert kill_some(room, workers, night) == KILLS
        assert night.wait(1800) == 0, (tmp_path / "room" / "night-shared.log").read_text()
    assert tables(tmp_path / "shared") == wanted
    files = sorted(path.name for path in (tmp_path / "shared" / "archive").glob("*.warc.gz"))
    assert len(files) >= ARTICLES // PER_PART  # nobody wrote into another's file


def kill_some(
    room: Newsroom, workers: dict[str, subprocess.Popen[bytes]], night: subprocess.Popen[bytes]
) -> int:
    """Workers were killed at their work, spread over the night, the last but one of them replaced; how many."""
    parts = -(-ARTICLES // PER_PART)
    killed = 0
    end = time.monotonic() + 1800
    while killed < KILLS and night.poll() is None and time.monotonic() < end:
        if len(room.parts("Completed")) >= parts * (killed + 1) // (KILLS + 2):
            busy = next((name for name in workers if room.busy(name)), None)
            if busy:
                kill(workers.pop(busy))
                killed += 1
                if killed < KILLS:
                    workers[f"worker-{2 + killed}"] = room.worker(f"worker-{2 + killed}")
        time.sleep(0.5)
    return killed


def test_a_workspace_moves_to_a_shared_record_and_back(tmp_path: Path, server: Postgres) -> None:
    desk = write_world(tmp_path / "world", 2)
    workspace = tmp_path / "workspace"
    subprocess.run([sys.executable, "-c", _SINGLE, str(desk), str(workspace)], check=True, timeout=900)
    before = tables(workspace)

    def tabayyun(*words: str) -> str:
        done = subprocess.run(
            [TABAYYUN, *words, "--workspace", str(workspace)], capture_output=True, text=True, timeout=900
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    tabayyun("store", "move", f"ducklake:postgres:{server.make('moved')}")
    assert not (workspace / "claims.duckdb").exists()
    assert tables(workspace) == before
    assert tabayyun("status", "--json").count("\n") == len(before["claim_status"])
    tabayyun("integrity")
    tabayyun("store", "move", "file")
    assert tables(workspace) == before
    assert "ducklake" not in (workspace / "tabayyun.toml").read_text()


def test_what_two_workers_hand_over_is_read_once(tmp_path: Path, server: Postgres) -> None:
    store = SharedStore(tmp_path, Settings(store=f"ducklake:postgres:{server.make('twice')}"))
    row = "INSERT INTO lake.article VALUES ('a_1', 'x', 'the same text')"
    with store.turn() as one:
        one.execute(row)
        with store._opened() as other:  # a transaction of somebody else, at the same moment
            other.execute("BEGIN")
            other.execute(row)
            other.execute("COMMIT")
    with store.turn() as con:
        assert con.execute("SELECT count(*) FROM lake.article").fetchall() == [(2,)]
        assert con.execute("SELECT count(*) FROM article").fetchall() == [(1,)]
    store.publish()
    with duckdb.connect(str(tmp_path / "published.duckdb"), read_only=True) as con:
        assert con.execute("SELECT count(*) FROM article").fetchall() == [(1,)]
