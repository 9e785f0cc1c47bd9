"""The same verification again adds a run and changes nothing else; an interrupted one is finished by it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from commands_support import (
    PAGES,
    PUBLISHED,
    World,
    environment,
    make_sources,
    make_web,
    replay,
    whole_archives,
)

IDS = {
    "claim": "claim_id",
    "claim_reading": "reading_id",
    "article": "article_id",
    "capture": "capture_id",
    "document": "document_id",
    "document_reading": "reading_id",
    "evidence": "evidence_id",
    "verdict": "verdict_id",
}
VERIFY = """
import asyncio, sys
from pathlib import Path
from claims.pipeline import make_request, verify
article, published, workspace, sources = sys.argv[1:]
asyncio.run(verify(make_request([article], published, workspace=Path(workspace), evidence=Path(sources))))
"""


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def recorded(world: World) -> dict[str, set[tuple[str, ...]]]:
    """Everything that is recorded apart from runs, by table."""
    return {table: set(world.rows(f"SELECT {key} FROM {table}")) for table, key in IDS.items()}


# What only a second run can tell: every verdict so far, and what changed since the run before
HISTORY = re.compile(
    r'<h2>(?:Every verdict so far|كل الأحكام إلى الآن)</h2>.*?</section>|\s*<section class="changed".*?</section>',
    re.DOTALL,
)


def without_run(report: Path, run: str) -> dict[str, str]:
    """The files of a report; in them, the run's name and every time of day in it replaced."""
    texts = {}
    for file in sorted(report.rglob("*")):
        # Parquet has the rows of the CSV; the package has the run's name and digests of files that tell times
        if file.is_file() and file.suffix != ".parquet" and file.name != "datapackage.json":
            text = file.read_text(encoding="utf-8")
            # an archived copy stays where it was archived first
            text = re.sub(f"(?<!archive/){run}", "RUN", text)
            text = re.sub(r'"decided_at": "[^"]+"', '"decided_at": "TIME"', text)
            text = re.sub(r"<dd><time datetime=[^<]+</time></dd>", "<dd>TIME</dd>", text)
            texts[str(file.relative_to(report))] = re.sub(r"\s*\n\s*", "\n", HISTORY.sub("", text))
    return texts


def test_a_second_run_adds_itself_and_nothing_else(world: World) -> None:
    """Also where pages come in another order, some too late, some moved, and one source is out of reach."""
    waits = [0.0, 0.3, 0.15, 0.45, 3.0]
    pages = {
        f"http://{host}{number}.example/page": (
            lang,
            title,
            body.replace("Maan on", f"Maan {number} on"),
            wait,
        )
        for number, wait in enumerate(waits)
        for host, (_, (lang, title, body, _)) in zip(("a", "b"), PAGES.items(), strict=True)
    }
    web = make_web(world.folder / "larger", pages)
    table = web / "web.toml"
    table.write_text(
        table.read_text(encoding="utf-8")
        + '[[page]]\nurl = "http://gone.example/maan"\nstatus = 404\ntitle = "محطة معان"\n'
        + '[[page]]\nurl = "http://moved.example/maan"\nstatus = 302\ntitle = "محطة معان"\n'
        + 'location = "http://a0.example/page"\n',
        encoding="utf-8",
    )
    away = {"name": "away", "kind": "searxng", "url": "http://127.0.0.1:9"}
    file = make_sources(world.folder / "larger.toml", replay(web), away, timeout_s=1.2)
    reports, ids = [], []
    for other_order in (False, True):
        if other_order:  # of arrival
            table.write_text(
                re.sub(
                    r"delay_s = 0\.\d+",
                    lambda m: "delay_s = " + str(0.5 - float(m[0][10:])),
                    table.read_text(),
                )
            )
        finished = world.verify(evidence=file)
        assert finished.report and finished.claims == 2
        ids.append(recorded(world))
        reports.append(without_run(finished.report.parent, finished.run))
    assert ids[0]["evidence"] and ids[0]["document"] and ids[0] == ids[1]
    assert reports[0].keys() == reports[1].keys()
    for name, text in reports[0].items():
        assert text == reports[1][name], name
    assert world.rows(
        "SELECT count(*), count(finished_at) FROM run LEFT JOIN run_finished USING (run_id)"
    ) == [(2, 2)]
    assert world.rows("SELECT count(*) FROM run_verdict") == [(4,)]
    assert whole_archives(world.workspace) == 2


@pytest.mark.parametrize("late", [0.0, 0.5])
def test_a_killed_run_leaves_whole_archives_and_is_finished_by_the_next(tmp_path: Path, late: float) -> None:
    world = World(tmp_path, slow=True, timeout_s=60)
    process = subprocess.Popen(
        [sys.executable, "-c", VERIFY, *map(str, (world.article, PUBLISHED, world.workspace, world.sources))],
        env=environment(tmp_path / "home"),
        stderr=subprocess.PIPE,
    )
    with process:
        archive = world.workspace / "archive"
        deadline = time.monotonic() + 60
        while not archive.exists() and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.02)
        time.sleep(late)
        os.kill(process.pid, signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL
    assert whole_archives(world.workspace) == 1
    quick = make_sources(world.folder / "quick.toml", replay(world.web), timeout_s=1)
    assert world.verify(evidence=quick).claims == 2
    assert world.rows("SELECT count(*) FROM claim_status WHERE verdict IS NOT NULL") == [(2,)]
    assert whole_archives(world.workspace) == 2
