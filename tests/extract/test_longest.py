"""No text of a megabyte takes long, and many articles take no more memory than a few."""

from __future__ import annotations

import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import pytest

from claims.extract.claims import extract_claims
from claims.extract.quotes import find_quotes
from claims.language.dates import find_dates
from claims.language.numbers import find_numbers
from claims.model import Article

BYTES = 1_000_000
MOST_SECONDS = 6.0  # of processor time: three times what bench_extract.py --longest may show, for any machine
DAY = date(2024, 10, 12)
WORST = [
    ". ", '" ', "“", "(", "1 ", "22 24 ", "a b c d\n", "\u200f", "🙂", "الجمعة الماضي من يوم 22 أكتوبر 2024 ",
    "last Friday of the week from 22 to 24 October 2024 ", "ثلاثة أشهر وأسبوعين ", "نقلت وكالة عن وزير ", "ردت ",
]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("unit", WORST)
def test_a_megabyte_is_read_within_seconds(unit: str) -> None:
    text = unit * (BYTES // len(unit.encode()) + 1)
    lang = "ar" if any("\u0600" <= letter <= "\u06ff" for letter in unit) else "en"
    extract_claims(Article("a_first", "Iran said on Friday that 5 people died.", DAY, "en"))
    find_quotes("Iran said that 5 people died.", "en")
    seconds = {}
    for name, work in {
        "extract": lambda: extract_claims(Article("a_long", text, DAY, lang)),
        "normalise": lambda: (find_dates(text, DAY, lang), find_numbers(text, lang)),
        "quotes": lambda: find_quotes(text, lang),
    }.items():
        started = time.process_time()
        work()
        seconds[name] = round(time.process_time() - started, 2)
    print(repr(unit), seconds)
    assert {name: took for name, took in seconds.items() if took > MOST_SECONDS} == {}


@pytest.mark.slow
def test_memory_stays_flat_over_many_articles() -> None:
    script = (
        "import bench_extract as b\n"
        "sizes = []\n"
        "for part in range(4):\n"
        "    for text in b.articles(500, seed=part + 1):\n"
        "        b.extract([text])\n"
        "    sizes.append(b.resident())\n"
        "print(*sizes)\n"
    )
    bench = Path(__file__).parent.parent / "bench"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=bench, capture_output=True, text=True, check=True
    )
    first, *_, last = map(float, done.stdout.split())
    print(done.stdout)
    assert last < first + 25
