"""Seconds to weigh one claim against the sixty pages of the packaged sample web, and the memory that it takes.

    python tests/bench/bench_weigh.py

Cold: nothing of the pages was read or embedded before, the model is loaded. Warm: another claim of the same article,
the pages' passages known. The median of ROUNDS processes on the clock, the processors' time in brackets.
"""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable
from datetime import UTC, date, datetime

from claims.extract.claims import read_claims
from claims.model import Article, Capture, Document, digest
from claims.read.page import document_of, read_page
from claims.sources import SAMPLE_SOURCES
from claims.weigh.engine import Weigher
from claims.weigh.stance_model import StanceModel

ROUNDS = 5
FOLDER = SAMPLE_SOURCES.parent
FIRST, SECOND = 0, 9  # claims of the sample article


def pages() -> list[tuple[Document, Capture]]:
    """The pages as they are read, with their captures."""
    found = []
    for row in tomllib.loads((FOLDER / "web" / "web.toml").read_text(encoding="utf-8"))["page"]:
        if not row.get("lang") or row.get("status", 200) != 200:
            continue
        url, body = row["url"], (FOLDER / "web" / row["file"]).read_bytes()
        read = read_page(body, url, row.get("content_type", "text/html; charset=utf-8"))
        if read.problem:
            continue
        capture = Capture(
            "k_" + digest(url), url, url, "ok", 200, digest(url), len(body), "text/html", "archive/x.warc.gz", 0,
            datetime(2024, 10, 12, tzinfo=UTC),
        )  # fmt: skip
        found.append((document_of(capture, read), capture))
    return found


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds on the clock, and of the processors."""
    clock, processors = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - clock, time.process_time() - processors


def once() -> None:
    """Prints the times of one process, with the pages, their words and the memory."""
    text = (FOLDER / "article.ar.txt").read_text(encoding="utf-8")
    article = Article("a_" + digest(text), text, date(2024, 10, 12), "ar")
    claims = read_claims(article).claims
    by_id, found = {claim.id: claim for claim in claims}, pages()
    Weigher().weigh(claims[FIRST], article, by_id, (), (), ())
    StanceModel().shares([("خبر", "خبر")])  # loads what every process loads once
    weigher = Weigher()
    times = [
        timed(lambda c=claims[number]: weigher.weigh(c, article, by_id, found, (), ()))
        for number in (FIRST, SECOND)
    ]
    words = sum(len(document.text.split()) for document, _ in found)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(*(part for pair in times for part in pair), len(found), words, memory)


def main() -> None:
    """Prints one line for cold and warm, and one for the pages and the memory."""
    rows = [
        [float(part) for part in subprocess.check_output([sys.executable, __file__, "--once"]).split()]
        for _ in range(ROUNDS)
    ]
    cold, cold_cpu, warm, warm_cpu, found, words, memory = map(statistics.median, zip(*rows, strict=True))
    print(f"cold: {cold:.2f} s ({cold_cpu:.2f} s)")
    print(f"warm: {warm:.2f} s ({warm_cpu:.2f} s)")
    print(f"{found:.0f} pages, {words:.0f} words; {memory:.0f} MB at most")


if __name__ == "__main__":
    once() if "--once" in sys.argv else main()
