"""A large report: how long it takes to build, in how much memory, and how large its pages are.

python tests/bench/bench_report.py                  1,000 claims with 20 quotations each
python tests/bench/bench_report.py --claims 100
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "report"))

from large_run import large_record

from claims.report import build_report


def main() -> None:
    given = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    given.add_argument("--claims", type=int, default=1_000)
    given.add_argument("--quotes", type=int, default=20)
    asked = given.parse_args()
    record = large_record(asked.claims, asked.quotes)
    with tempfile.TemporaryDirectory(prefix="tabayyun-report-") as folder:
        begun = time.perf_counter()
        out = build_report(record, Path(folder) / "run").parent
        seconds = time.perf_counter() - begun
        sizes = [file.stat().st_size for file in (out / "claims").iterdir()]
        whole = sum(file.stat().st_size for file in out.rglob("*"))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{asked.claims:,} claims, {asked.claims * asked.quotes:,} quotations, both languages")
    print(f"built in {seconds:.1f} s, peak {peak:.0f} MB, largest claim page {max(sizes) / 1000:.0f} kB")
    print(f"{whole / 1e6:.0f} MB in all")


if __name__ == "__main__":
    main()
