"""What more workers bring, and what Prefect costs: whole nights over made articles, their pages on loopback.

python tests/bench/bench_machines.py workers --articles 300 --workers 1 2 3   # needs Debian's postgresql
python tests/bench/bench_machines.py share --articles 500
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

_TESTS = Path(__file__).parents[1]
sys.path[:0] = [str(_TESTS / "machines"), str(_TESTS / "nightly"), str(_TESTS)]

from newsroom import TABAYYUN, newsroom, write_world  # noqa: E402
from postgres import postgres  # noqa: E402
from towns import write_towns  # noqa: E402

_PLAIN = (
    "import asyncio,sys;from pathlib import Path;from claims.pipeline import plan_night,run_plan;"
    "asyncio.run(run_plan(plan_night(Path(sys.argv[1]),Path(sys.argv[2])),nothing_to_do=True))"
)


def workers(folder: Path, articles: int, counts: list[int]) -> None:
    """A night with each number of workers, each on a new record; from its start to its report."""
    desk = write_world(folder / "world", articles)
    with postgres() as server:
        for count in counts:
            with newsroom(folder / f"room-{count}", server) as room:
                for number in range(count):
                    room.worker(f"worker-{number}")
                began = time.perf_counter()
                record = server.make(f"record{count}")
                night = room.night(desk, folder / f"shared-{count}", f"store=ducklake:postgres:{record}")
                if night.wait():
                    raise SystemExit((room.folder / f"night-shared-{count}.log").read_text())
                took = time.perf_counter() - began
                print(f"{count} workers: {articles} articles in {took:.1f} s, {articles / took:.2f} a second")


def share(folder: Path, articles: int) -> None:
    """The same night without Prefect and with it, at once and each on a processor of its own.

    One after the other would tell more about the machine: its speed differs by more between two quarters of
    an hour than Prefect takes. Prefect's server has the processor of its night; its tables, which are made
    once, are there before.
    """
    desk = write_towns(folder / "world", articles)
    env = os.environ | {"PREFECT_HOME": str(folder / "prefect")}
    began = time.perf_counter()
    prefect = Path(TABAYYUN).with_name("prefect")
    subprocess.run([prefect, "server", "database", "upgrade", "-y"], env=env, check=True, capture_output=True)
    print(f"Prefect's tables, once: {time.perf_counter() - began:.1f} s", flush=True)
    commands = {
        "plain": [sys.executable, "-c", _PLAIN, str(desk), str(folder / "plain")],
        "flow": [TABAYYUN, "nightly", str(desk), "--workspace", str(folder / "flow")],
    }
    processors = sorted(os.sched_getaffinity(0))[: len(commands)]
    if len(processors) < len(commands):
        raise SystemExit("two processors are needed")
    began = time.perf_counter()
    nights = {}
    for processor, (name, command) in zip(processors, commands.items(), strict=True):
        with (folder / f"{name}.log").open("wb") as log:
            nights[name] = subprocess.Popen(command, env=env, stdout=log, stderr=log)
        os.sched_setaffinity(nights[name].pid, {processor})
    took: dict[str, float] = {}
    try:
        while len(took) < len(nights):
            time.sleep(0.05)
            for name, night in nights.items():
                if name not in took and night.poll() is not None:
                    took[name] = time.perf_counter() - began
                    if night.returncode:
                        raise SystemExit((folder / f"{name}.log").read_text())
    finally:
        for night in nights.values():
            night.kill()  # the other, where one has failed
    plain, flow = took["plain"], took["flow"]
    print(f"without Prefect {plain:.1f} s, with it {flow:.1f} s: its share {(flow - plain) / flow:.1%}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("workers", "share"))
    parser.add_argument("--articles", type=int, default=300)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2, 3])
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if chosen.what == "workers":
            workers(Path(folder), chosen.articles, chosen.workers)
        else:
            share(Path(folder), chosen.articles)


if __name__ == "__main__":
    main()
