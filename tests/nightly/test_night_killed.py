"""A night killed at any moment: the plain rerun leaves the record as an undisturbed night does."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest

from claims.pipeline import plan_night

pytestmark = pytest.mark.slow
KILLS = int(os.environ.get("TABAYYUN_TEST_KILLS", "12"))
ARTICLES = 6
_NIGHT = (
    "import asyncio,sys;from pathlib import Path;from datetime import date;"
    "from claims.pipeline import plan_night,run_plan;"
    "asyncio.run(run_plan(plan_night(Path(sys.argv[1]),Path(sys.argv[2]),date.fromisoformat(sys.argv[3])),"
    "nothing_to_do=True))"
)
# What must be the same, by table. Times, and places in the archive, are those of the process that wrote them.
_SAME = {
    "run": "run_id",
    "run_finished": "run_id",
    "article": "article_id",
    "run_article": "run_id, article_id, ref, url",
    "claim": "claim_id",
    "claim_reading": "reading_id",
    "run_claim": "run_id, claim_id, reading_id",
    "excluded": "run_id, article_id, span_start, span_end, reason",
    "capture": "capture_id, url, status, sha256",
    "document": "document_id",
    "evidence": "evidence_id",
    "verdict": "verdict_id",
    "verdict_evidence": "verdict_id, ordinal, evidence_id, origin, stance",
    "run_verdict": "run_id, claim_id, verdict_id",
    "sought": "run_id, claim_id, ordinal, source, query, outcome, found",
    "unread": "run_id, claim_id, ordinal, url, outcome",
    "taken": "run_id, key",
    "weighed": "run_id, claim_id, inputs, used",
    "failure": "run_id, line",
}
_DECIDED = dict.fromkeys(("run", "run_finished"), "WHERE run_id IN (SELECT run_id FROM run_verdict)")


def make_desk(folder: Path) -> Path:
    inbox, pages = folder / "inbox", folder / "pages"
    inbox.mkdir(parents=True)
    pages.mkdir()
    for number in range(ARTICLES):
        (inbox / f"{number}.txt").write_text(
            f"أعلنت بلدية المرسى أن الجسر رقم {number + 3} افتتح في {number + 3} مارس 2024 بحضور وزير النقل. "
            f"وقالت البلدية إن كلفته بلغت {40 + number} مليون دينار. ونفى الوزير أن يكون العمل قد تأخر.",
            encoding="utf-8",
        )
        (pages / f"{number}.html").write_text(
            '<html lang="ar"><head><meta charset="utf-8"><title>الجسر</title></head><body><article><h1>الجسر</h1>'
            f"<p>شهدت المرسى في {number + 3} مارس 2024 افتتاح الجسر رقم {number + 3}. "
            f"وحضر وزير النقل الافتتاح، وبلغت الكلفة {40 + number} مليون دينار.</p></article></body></html>",
            encoding="utf-8",
        )
    (folder / "sources.toml").write_text('[[source]]\nname = "pages"\nkind = "folder"\npath = "pages"\n')
    desk = folder / "desk.toml"
    desk.write_text('sources = "sources.toml"\n[[watch]]\nname = "inbox"\nkind = "folder"\npath = "inbox"\n')
    return desk


def start(desk: Path, workspace: Path, day: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", _NIGHT, str(desk), str(workspace), day])


def tables(workspace: Path) -> dict[str, list[tuple[object, ...]]]:
    with duckdb.connect(str(workspace / "published.duckdb"), read_only=True) as con:
        return {
            # a night that had ended when the rerun came leaves a run without anything to do beside it
            table: con.execute(
                f"SELECT {columns} FROM {table} {_DECIDED.get(table, '')} ORDER BY ALL"
            ).fetchall()
            for table, columns in _SAME.items()
        }


def test_a_night_killed_at_any_moment_is_finished_by_a_plain_rerun(tmp_path: Path) -> None:
    desk = make_desk(tmp_path)
    day = plan_night(desk, tmp_path / "none").started_at.date().isoformat()
    began = time.monotonic()
    assert start(desk, tmp_path / "whole", day).wait(300) == 0
    takes = time.monotonic() - began
    wanted = tables(tmp_path / "whole")
    assert len(wanted["run_verdict"]) >= 2 * ARTICLES and len(wanted["evidence"]) > 0
    dice = random.Random(20241012)
    killed = 0
    for attempt in range(KILLS):
        workspace = tmp_path / f"killed-{attempt}"
        for _ in range(dice.choice((1, 1, 2))):
            process = start(desk, workspace, day)
            time.sleep(takes * dice.uniform(0.1, 1.0))
            killed += process.poll() is None
            process.send_signal(signal.SIGKILL)
            process.wait()
        assert start(desk, workspace, day).wait(300) == 0
        found = tables(workspace)
        assert found == wanted, attempt
        assert (workspace / "reports" / str(wanted["run"][0][0]) / "index.html").is_file()
    assert killed > KILLS // 2
