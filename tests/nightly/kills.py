"""A night killed with SIGKILL at random moments, each kill followed by a plain rerun, compared with a whole one.

    python tests/nightly/kills.py --kills 100 --articles 60      # a line for each kind of kill, 1 where one differs

Killed are the process that writes the night (`night`), the same on the night after, when pages were edited and a
reader holds the snapshot open all the time (`second`), the command `tabayyun nightly` with the server that Prefect
starts for it (`command`) and that server alone (`server`). `disk` is a disk that is full instead of a kill; it needs
root, for a file system of its own. Every table is compared, row for row; of columns all but times, places in the
archive, and how a page was asked for. Every archived body is read back.

A night is forked off this process, which has read the word lists already. Each kill is followed by a plain rerun; that of a
first night is killed as well, twice, before one is left to come to its end. Moments are counted in seconds of the
processors, so that a busy machine does not put all kills at the beginning.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb
from towns import Story, write_page, write_towns

from claims.extract.claims import extract_claims
from claims.fetch.archived import archived_body
from claims.gather.queries import queries_for
from claims.intake import article_from_bytes
from claims.pipeline import plan_night, run_plan
from claims.record.integrity import broken_links
from claims.record.runs import captures_of

# Small nights: what is tried is the record, not the engine
SETTINGS = ["max_claims=2", "queries_per_claim=1", "pages_per_claim=2"]
# Of times, and of who did it and in which order: not the same in two nights that come to the same
_NOT_COMPARED = {
    *(
        "started_at",
        "finished_at",
        "decided_at",
        "fetched_at",
        "observed_at",
        "visited_at",
        "recorded_at",
        "acted_at",
    ),
    *(
        "first_seen",
        "last_checked",
        "changed_at",
        "last_changed",
        "warc",
        "warc_offset",
        "how",
        "requests",
        "not_before",
        "host",
    ),
}
# A night that had ended when it was run again leaves a run without anything to do beside it
_OF_RUNS = ("run", "run_finished", "run_terms")
_DECIDED = "WHERE run_id IN (SELECT run_id FROM run_verdict)"

Rows = dict[str, list[tuple[object, ...]]]


def tables(workspace: Path) -> Rows:
    """All that the snapshot holds, by table, in order. Its links are whole and its archive can be read."""
    with duckdb.connect(str(workspace / "published.duckdb"), read_only=True) as con:
        assert broken_links(con) == []
        for capture in captures_of(
            con, "capture_id", {k for (k,) in con.execute("SELECT capture_id FROM capture").fetchall()}
        ):
            assert len(archived_body(workspace, capture)) == capture.bytes, capture.url
        found: Rows = {}
        for (table,) in con.execute(
            "SELECT table_name FROM duckdb_tables() WHERE NOT starts_with(table_name, '_')"
        ).fetchall():
            columns = [
                name for name, *_ in con.execute(f"DESCRIBE {table}").fetchall() if name not in _NOT_COMPARED
            ]
            which = _DECIDED if table in _OF_RUNS else ""
            found[table] = con.execute(
                f"SELECT {', '.join(columns)} FROM {table} {which} ORDER BY ALL"
            ).fetchall()
        return found


def differing(wanted: Rows, found: Rows) -> list[str]:
    """A line for each table that is not the same."""
    return [
        f"{table}: {len(set(map(str, wanted[table])) - set(map(str, found.get(table, []))))} lost, "
        f"{len(set(map(str, found.get(table, []))) - set(map(str, wanted[table])))} others, "
        f"{len(found.get(table, []))} rows for {len(wanted[table])}"
        for table in wanted
        if found.get(table) != wanted[table]
    ]


@dataclass
class Trial:
    """A world, the night as it is without a kill, and what came of the kills so far."""

    folder: Path
    articles: int
    dice: random.Random
    day: date = field(default_factory=lambda: datetime.now(UTC).date())
    done: Counter[str] = field(default_factory=Counter)
    hit: Counter[str] = field(default_factory=Counter)  # those that found the night still going on
    failures: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.desk = self.folder / "world" / "desk.toml"
        self.whole = self.folder / "whole"
        takes = self.folder / "takes"
        _read_word_lists()
        if not takes.exists():
            write_towns(self.folder / "world", self.articles)
            takes.write_text(str(self.whole_night(self.whole, 0)))
        self.takes = float(takes.read_text())
        self.wanted = tables(self.whole)
        assert len(self.wanted["run_verdict"]) >= 2 * self.articles and self.wanted["evidence"]

    def start(self, workspace: Path, days: int = 0) -> int:
        """A night is begun in a process of its own; its number."""
        process = os.fork()
        if process:
            return process
        with (self.folder / "nights.log").open("ab") as log:
            os.dup2(log.fileno(), 1)
            os.dup2(log.fileno(), 2)
        status = 1
        try:
            plan = plan_night(self.desk, workspace, self.day + timedelta(days=days), SETTINGS)
            asyncio.run(run_plan(plan, nothing_to_do=True))
            status = 0
        except BaseException as error:
            print(f"{type(error).__name__}: {error}", file=sys.stderr, flush=True)
        finally:
            os._exit(status)

    def whole_night(self, workspace: Path, days: int) -> float:
        """The night has come to its end; the seconds of the processors that it took."""
        _, status, used = os.wait4(self.start(workspace, days), 0)
        assert status == 0, (self.folder / "nights.log").read_text()[-2000:]
        return used.ru_utime + used.ru_stime

    def kill(self, workspace: Path, days: int, after: float) -> bool:
        """A night was begun and killed when it had used so many seconds; whether it was still going on."""
        process = self.start(workspace, days)
        while _alive(process) and _seconds(process) < after:
            time.sleep(0.01)
        os.kill(process, signal.SIGKILL)
        return _ended(process) == -signal.SIGKILL

    def rerun(self, workspace: Path, days: int) -> None:
        """The night has come to its end by a plain rerun. None is made where its report stands: what was decided
        just now, on a day that has not come yet, would fall due in it again."""
        if not (workspace / "reports" / f"night-{self.day + timedelta(days=days)}" / "index.html").is_file():
            self.whole_night(workspace, days)

    def count(self, kind: str, workspace: Path, wanted: Rows, kills: int, hits: int) -> None:
        """Whether the record is what it should be after the kills is counted; the workspace is gone."""
        self.done[kind] += kills
        self.hit[kind] += hits
        lines = [f"{kind} {self.done[kind]}: {line}" for line in differing(wanted, tables(workspace))]
        self.failures += lines
        print(
            f"{kind}: {self.done[kind]} kills, {self.hit[kind]} while it went on",
            *lines,
            sep="\n  ",
            flush=True,
        )
        shutil.rmtree(workspace)

    def nights(self, count: int, each: int = 3) -> None:
        """So many times a first night was killed, `each` times before a rerun was left to come to its end."""
        for first in range(0, count, each):
            workspace = self.folder / "killed"
            kills = min(each, count - first)
            longest = self.takes * (1.0 if kills == 1 else 0.8)
            hits = sum(self.kill(workspace, 0, self.dice.uniform(0.0, longest)) for _ in range(kills))
            self.rerun(workspace, 0)
            self.count("night", workspace, self.wanted, kills, hits)

    def second_nights(self, count: int) -> None:
        """So many second nights were killed, with the snapshot of the first held open by a reader."""
        for story in map(Story, range(0, self.articles, 6)):
            number = f"{story.number:04d}"
            write_page(
                self.desk.parent / "web" / story.page, "دفتر اليوم", "ar", story.day + 1, f"{story.town}: تصحيح",
                [f"لم تكلف {story.work[1]} في {story.town} سوى {story.cost - 9} مليون دينار.", number],
            )  # fmt: skip
        after = self.folder / "after"
        shutil.copytree(self.whole, after)
        takes = self.whole_night(after, 1)
        wanted = tables(after)
        assert len(wanted["run_verdict"]) == 2 * len(self.wanted["run_verdict"])
        for _ in range(count):
            workspace = self.folder / "killed"
            shutil.copytree(self.whole, workspace)
            with _reader(workspace) as answers:
                first = answers()
                hit = self.kill(workspace, 1, self.dice.uniform(0.0, takes))
                assert answers() == first
                # The day is not really over: what was decided just now would be due in it again
                if not (
                    workspace / "reports" / f"night-{self.day + timedelta(days=1)}" / "index.html"
                ).exists():
                    self.whole_night(workspace, 1)
                assert answers() == first
            self.count("second", workspace, wanted, 1, hit)

    def commands(self, count: int) -> None:
        """So many commands were killed, every second time the server that Prefect had started for it."""
        env = os.environ | {"PREFECT_HOME": str(self.folder / "prefect"), "PYTHONWARNINGS": "ignore"}
        program = str(Path(sys.executable).with_name("tabayyun"))
        settings = [word for setting in SETTINGS for word in ("--set", setting)]
        command = [
            program,
            "nightly",
            str(self.desk),
            "--day",
            self.day.isoformat(),
            *settings,
            "--workspace",
        ]
        for number in range(count):
            workspace = self.folder / "killed"
            victim = "server" if number % 2 else "command"
            process = subprocess.Popen(
                [*command, str(workspace)], env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
            while not _server_of(process.pid) and process.poll() is None:
                time.sleep(0.1)
            while not (workspace / "claims.duckdb").exists() and process.poll() is None:
                time.sleep(0.1)
            time.sleep(self.dice.uniform(0.0, 1.5 * self.takes))
            server = _server_of(process.pid)
            hit = process.poll() is None
            if hit:
                os.kill(server if victim == "server" and server else process.pid, signal.SIGKILL)
            process.wait(60)  # longer would be to wait for a server that is gone
            end = time.monotonic() + 20
            while server and _alive(server) and time.monotonic() < end:
                time.sleep(0.2)
            if server and _alive(server):
                self.failures.append(f"{victim}: the server of a killed command goes on")
            subprocess.run([*command, str(workspace)], env=env, check=True, capture_output=True, timeout=900)
            self.count(victim, workspace, self.wanted, 1, hit)

    def full_disks(self, count: int) -> None:
        """So many nights ended with a full disk, and were run again with room."""
        size = sum(path.stat().st_size for path in self.whole.rglob("*") if path.is_file())
        for _ in range(count):
            disk = self.folder / "disk"
            disk.mkdir(exist_ok=True)
            room = int(size * self.dice.uniform(0.1, 1.0)) >> 10
            subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={room}k", "tmpfs", str(disk)], check=True)
            try:
                failed = _ended(self.start(disk / "workspace")) != 0
                subprocess.run(["mount", "-o", f"remount,size={4 * size >> 10}k", str(disk)], check=True)
                self.whole_night(disk / "workspace", 0)
                self.count("disk", disk / "workspace", self.wanted, 1, failed)
            finally:
                subprocess.run(["umount", "-l", str(disk)], check=True)


@contextmanager
def _reader(workspace: Path) -> Iterator[Callable[[], object]]:
    """Somebody has the snapshot open, and asks it."""
    with duckdb.connect(str(workspace / "published.duckdb"), read_only=True) as con:
        yield lambda: con.execute(
            "SELECT count(*), sum(supports), max(last_checked) FROM claim_status"
        ).fetchall()


def _read_word_lists() -> None:
    """What every night would read first; nothing of it keeps a thread, so that it can be forked."""
    article = article_from_bytes(Story(0).article.encode(), "0.txt", False, None, None, None)
    for claim in extract_claims(article).claims:
        queries_for(claim, article, 6)


def _ended(process: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


def _server_of(process: int) -> int | None:
    """The server that Prefect started for the process, where there is one."""
    for path in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((path / "stat").read_text().rpartition(")")[2].split()[1])
            if parent == process and b"uvicorn" in (path / "cmdline").read_bytes():
                return int(path.name)
        except OSError:
            continue
    return None


def _seconds(process: int) -> float:
    """What the process has used of the processors so far."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _alive(process: int) -> bool:
    """Whether the process runs: one that has ended and that nobody has asked after does not."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--articles", type=int, default=60)
    parser.add_argument("--kills", type=int, default=100, help="of the process that writes the night")
    parser.add_argument("--second", type=int, default=0, help="of it on the night after")
    parser.add_argument(
        "--commands", type=int, default=0, help="of the command, and of the server it started"
    )
    parser.add_argument("--disks", type=int, default=0, help="that are full")
    parser.add_argument("--folder", type=Path, help="keeps the whole night, for more kills on the same day")
    parser.add_argument("--seed", type=int, default=20241012)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = given.folder or Path(scratch)
        folder.mkdir(exist_ok=True)
        trial = Trial(folder, given.articles, random.Random(given.seed))
        print(f"a whole night over {given.articles} articles: {trial.takes:.1f} s of processors", flush=True)
        for work, count in (
            (trial.full_disks, given.disks),
            (trial.commands, given.commands),
            (trial.nights, given.kills),
            (trial.second_nights, given.second),
        ):
            if count:
                work(count)
        return 1 if trial.failures else 0


if __name__ == "__main__":
    sys.exit(main())
