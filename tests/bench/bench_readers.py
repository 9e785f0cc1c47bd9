"""Readers in processes of their own who ask the snapshot all through whole runs: does it hold, how long do they wait.

    python tests/bench/bench_readers.py                     8 readers through 3 runs of verify
    python tests/bench/bench_readers.py --pause 0           readers who never pause
    python tests/bench/bench_readers.py --folder DIR        in the workspace that is there

Each reader opens the snapshot anew for every look, as the commands do, asks four things, and checks that they fit
together: every decision leads to its verdict, what the view of what holds says is what the decisions say, a finished
run has all that belongs to it, and no look shows less than the one before. Every twentieth look follows all links.
Between two looks it pauses, half a second on average, as people do: eight that never pause take two cores from the
run, and from each other. The runs are real ones of the packaged article; each publishes, and their readers go on.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from claims.record.integrity import broken_links
from claims.record.query import snapshot

ROOT = Path(__file__).resolve().parent.parent.parent
ARTICLE = ROOT / "claims" / "sample" / "article.ar.txt"
TABAYYUN = [sys.executable, "-m", "claims.cli"]
LINKS_EVERY = 20
QUESTIONS = {
    "one claim": "FROM claim_status WHERE claim_id = (SELECT min(claim_id) FROM claim_status)",
    "by verdict": "SELECT verdict, count(*) FROM claim_status GROUP BY verdict",
    "its quotes": "FROM evidence_quotes WHERE claim_id = (SELECT min(claim_id) FROM claim_status)",
    "recent changes": "FROM rulings WHERE changed ORDER BY decided_at DESC LIMIT 20",
}
WHOLE = """
SELECT (SELECT count(*) FROM run_finished) AS finished,
       (SELECT count(*) FROM run_verdict) AS decided,
       (SELECT count(*) FROM run_verdict JOIN verdict USING (verdict_id, claim_id)) AS led,
       (SELECT count(*) FROM rulings WHERE decided_by = 'engine') AS ruled,
       (SELECT count(DISTINCT claim_id) FROM run_verdict) AS claims,
       (SELECT count(*) FROM claim_status WHERE last_checked IS NOT NULL) AS status,
       (SELECT count(*) FROM run_finished ANTI JOIN run_verdict USING (run_id)) AS empty
"""


def read(folder: Path, pause_s: float, number: int) -> None:
    """Looks until the file `stop` is there; then prints the milliseconds of each question as JSON."""
    chance, stop = random.Random(number), folder / "stop"
    took: dict[str, list[float]] = {"open": [], **{name: [] for name in QUESTIONS}}
    seen: list[tuple[int, int]] = []
    while not stop.exists():
        began = time.perf_counter()
        with snapshot(folder, threads=1) as con:
            took["open"].append(1000 * (time.perf_counter() - began))
            for name, question in QUESTIONS.items():
                began = time.perf_counter()
                con.execute(question).fetchall()
                took[name].append(1000 * (time.perf_counter() - began))
            finished, decided, led, ruled, claims, status, empty = con.execute(WHOLE).fetchall()[0]
            assert decided == led == ruled, (decided, led, ruled)
            assert claims == status, (claims, status)
            assert not empty, empty
            seen.append((finished, decided))
            if len(seen) % LINKS_EVERY == 1:
                assert not broken_links(con)
        if pause_s:
            time.sleep(chance.expovariate(1 / pause_s))
    assert seen == sorted(seen)
    print(json.dumps({"took": took, "versions": len(set(seen))}))


def verify(folder: Path) -> None:
    """One whole run, by the command."""
    command = [*TABAYYUN, "verify", str(ARTICLE), "--published", "2024-10-12", "--workspace", str(folder)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def main(folder: Path, readers: int, runs: int, pause_s: float) -> None:
    """Prints how long each question took. Fails where a reader met an error, or what does not fit together."""
    verify(folder)
    (folder / "stop").unlink(missing_ok=True)
    asked = [sys.executable, __file__, "--folder", str(folder), "--pause", str(pause_s), "--read"]
    processes = [
        subprocess.Popen([*asked, str(number)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for number in range(readers)
    ]
    began = time.perf_counter()
    for _ in range(runs):
        verify(folder)
    seconds = time.perf_counter() - began
    (folder / "stop").touch()
    took: dict[str, list[float]] = {}
    versions = 0
    for process in processes:
        out, err = process.communicate(timeout=60)
        assert process.returncode == 0, err
        told = json.loads(out)
        versions = max(versions, told["versions"])
        for name, times in told["took"].items():
            took.setdefault(name, []).extend(times)
    print(
        f"{readers} readers, pause {pause_s:g} s, through {runs} runs ({seconds:.0f} s): {len(took['open'])} looks, "
        f"{versions} snapshots seen, no error, nothing torn"
    )
    took["a query"] = [ms for name in QUESTIONS for ms in took[name]]
    for name, times in took.items():
        times.sort()
        print(
            f"{name:15} median {statistics.median(times):6.1f} ms  95 % within {times[int(0.95 * len(times))]:6.1f} ms"
            f"  longest {times[-1]:7.1f} ms"
        )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--readers", type=int, default=8)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--pause", type=float, default=0.5, help="seconds, the mean")
    parser.add_argument("--read", type=int, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.read is not None:
        read(given.folder, given.pause, given.read)
    else:
        with tempfile.TemporaryDirectory() as temporary:
            main(given.folder or Path(temporary) / "ws", given.readers, given.runs, given.pause)
