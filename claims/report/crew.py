"""Other processes that write pages of a large report, so that every processor has a share.

They are programs of their own, started with the report to be on standard input: a copy of this process would
hold the locks of its threads, and Python's own pool would start the caller's script once more.
"""

from __future__ import annotations

import contextlib
import gc
import os
import pickle
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import claims
from claims.errors import TabayyunError
from claims.report.site import Site

_MOST = 4  # processes; each has the whole run in its memory
_WORTH_IT = 1_000  # quotations; to start a process takes half a second
_PASSED = ".site"


@contextlib.contextmanager
def crew(site: Site, folder: Path) -> Iterator[int]:
    """Others write every share of the pages but the first, which the caller writes meanwhile.

    Yields how many shares there are; all are written at the end. Raises OSError
    where a process could not write its share.
    """
    quotes = sum(len(v.evidence) for c in site.record.articles for v in c.verdicts.values())
    shares = min(_MOST, len(os.sched_getaffinity(0))) if quotes >= _WORTH_IT else 1
    passed = folder / _PASSED
    started: list[subprocess.Popen[str]] = []
    try:
        if shares > 1:
            with passed.open("wb") as file:
                pickle.dump(replace(site), file, pickle.HIGHEST_PROTOCOL)  # without what it worked out
        for share in range(1, shares):
            started.append(_start(passed, folder, share, shares))
        yield shares
        for process in started:
            told = process.communicate()[1].strip()
            if process.returncode:
                raise OSError(told.splitlines()[-1] if told else f"a writer ended with {process.returncode}")
    finally:
        for process in started:
            if process.returncode is None:
                process.kill()
                process.communicate()
        passed.unlink(missing_ok=True)


def _start(passed: Path, folder: Path, share: int, shares: int) -> subprocess.Popen[str]:
    found_in = [str(Path(claims.__file__).parent.parent), os.environ.get("PYTHONPATH", "")]
    with passed.open("rb") as file:
        return subprocess.Popen(  # noqa: S603 - this program itself, no shell
            [sys.executable, "-m", "claims.report.crew", str(folder), str(share), str(shares)],
            stdin=file, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, errors="replace",
            env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, found_in))},
        )  # fmt: skip


def main() -> None:
    """Writes one share of the pages of the report on standard input; on standard error, why it cannot."""
    folder, share, shares = sys.argv[1:]
    site = pickle.load(sys.stdin.buffer)  # noqa: S301 - from the process that started this one
    gc.freeze()  # what the run consists of is there until the end
    try:
        site.write_pages(Path(folder), int(share), int(shares))
    except (OSError, TabayyunError) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
