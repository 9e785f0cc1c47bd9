"""What a night costs on which nothing has changed, beside the first over the same articles; and one with an edit.

    python tests/bench/bench_second_night.py --articles 60

Each night is the process that cron starts, without Prefect's server: seconds on the wall and of the processors, of the
whole process, and of the night in it once everything is imported. The articles and pages are made (tests/nightly).
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb

sys.path.insert(0, str(Path(__file__).parents[1] / "nightly"))

from towns import Story, write_towns

_NIGHT = """
import asyncio, json, resource, sys, time
from datetime import date
from pathlib import Path
from claims.pipeline import plan_night, run_plan
clocks = lambda: (time.perf_counter(), sum(resource.getrusage(resource.RUSAGE_SELF)[:2]))
began = clocks()
desk, workspace, day = Path(sys.argv[1]), Path(sys.argv[2]), date.fromisoformat(sys.argv[3])
done = asyncio.run(run_plan(plan_night(desk, workspace, day), nothing_to_do=True))
print(json.dumps([done.claims, *(b - a for a, b in zip(began, clocks())), clocks()[1]]))
"""


def night(desk: Path, workspace: Path, days: int) -> list[float]:
    """Claims checked; seconds of the night, wall and processors; of the whole process, wall and processors."""
    day = (datetime.now(UTC).date() + timedelta(days=days)).isoformat()
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", _NIGHT, str(desk), str(workspace), day],
        check=True,
        capture_output=True,
        text=True,
    )
    whole = time.perf_counter() - began
    claims, wall, processors, all_processors = json.loads(done.stdout)
    return [claims, wall, processors, whole, all_processors]


def main(articles: int) -> None:
    """Prints a line for each night, then how the second compares with the first."""
    with tempfile.TemporaryDirectory() as folder:
        desk, workspace = write_towns(Path(folder) / "world", articles), Path(folder) / "workspace"
        nights = []
        for number, name in enumerate(("first", "nothing changed", "a page edited")):
            if name == "a page edited":
                page = desk.parent / "web" / Story(0).page
                page.write_text(
                    page.read_text(encoding="utf-8").replace("40 مليون", "55 مليون"), encoding="utf-8"
                )
            nights.append(night(desk, workspace, number))
            with duckdb.connect(str(workspace / "published.duckdb"), read_only=True) as con:
                ((verdicts,),) = con.execute("SELECT count(*) FROM verdict").fetchall()
            claims, wall, processors, whole, all_processors = nights[-1]
            print(
                f"{name:16} {claims:.0f} claims, {verdicts} verdicts on record; the night {wall:.1f} s "
                f"({processors:.1f} s of processors), its process {whole:.1f} s ({all_processors:.1f} s)",
                flush=True,
            )
        first, second, _ = nights
        shares = [f"{after / before:.1%}" for before, after in zip(first[1:], second[1:], strict=True)]
        print(
            f"share of the first: the night {shares[0]} ({shares[1]}), its process {shares[2]} ({shares[3]})"
        )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--articles", type=int, default=60)
    main(parser.parse_args().articles)
