"""A large report: how long it takes to build, in how much memory, and how large its pages are.

python tests/bench/bench_report.py                  1,000 claims with 20 quotations each
python tests/bench/bench_report.py --claims 100
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "report"))

from large_run import large_record
from playwright.sync_api import sync_playwright

from claims.report import build_report


def main() -> None:
    given = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    given.add_argument("--claims", type=int, default=1_000)
    given.add_argument("--quotes", type=int, default=20)
    asked = given.parse_args()
    record = large_record(asked.claims, asked.quotes)
    with tempfile.TemporaryDirectory(prefix="tabayyun-report-") as folder:
        begun, before = time.perf_counter(), sum(os.times()[:4])
        out = build_report(record, Path(folder) / "run").parent
        seconds, spent = time.perf_counter() - begun, sum(os.times()[:4]) - before
        sizes = [file.stat().st_size for file in (out / "claims").iterdir()]
        whole = sum(file.stat().st_size for file in out.rglob("*"))
        largest = max((out / "claims").iterdir(), key=lambda file: file.stat().st_size)
        own, other = (
            resource.getrusage(who).ru_maxrss / 1024
            for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
        )
        painted = {file.name: first_paint(file) for file in (out / "index.html", largest)}
    print(f"{asked.claims:,} claims, {asked.claims * asked.quotes:,} quotations, both languages")
    print(
        f"built in {seconds:.1f} s with {spent:.1f} s of processors, largest claim page "
        f"{max(sizes) / 1000:.0f} kB, {whole / 1e6:.0f} MB in all"
    )
    print(f"at most {own:.0f} MB in this process, {other:.0f} MB in the largest of its others")
    for name, ms in painted.items():
        print(
            f"first paint of {name} from the disk: " + (f"{ms:.0f} ms" if ms else "Chromium is not installed")
        )


PAINTED = "performance.getEntriesByName('first-contentful-paint').map(one => one.startTime)"


def first_paint(file: Path) -> float | None:
    """Milliseconds from opening the page to the first of its contents on the screen, the middle of five times."""
    chromium = shutil.which("chromium")
    if chromium is None:
        return None
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        times = []
        for _ in range(5):
            page = browser.new_context().new_page()
            page.goto(file.as_uri())
            while not (painted := page.evaluate(PAINTED)):
                page.wait_for_timeout(20)
            times.append(painted[0])
            page.context.close()
        browser.close()
    return float(median(times))


if __name__ == "__main__":
    main()
