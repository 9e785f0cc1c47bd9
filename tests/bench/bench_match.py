"""Finding the known claim that a text repeats, beside bm25s in the same run: how often right, and how fast.

    python tests/bench/bench_match.py TEXTS KNOWN

Both are JSON Lines files, as they are or as .gz. A row of KNOWN has `vclaim_id`, `vclaim` and perhaps `title`; a row
of TEXTS has `text`, and in `relevant_vclaims` the ids that are right. MAP@5 is the mean precision at the places of
the right ones among the first five, found@1 how often the first is right. bm25s gets the same text of each known
claim, English stopwords left out, as its own description begins. Time is that of the clock on the wall, in seconds;
"kept" is what a second start takes when the index of the first was kept.
"""

from __future__ import annotations

import gzip
import json
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import bm25s

from claims.language.embedding import default_embedder
from claims.weigh.matching import Matcher

PLACES = 5
Row = dict[str, Any]
Found = list[list[str]]
_T = TypeVar("_T")


def read(path: Path) -> list[Row]:
    """The rows of a JSON Lines file."""
    data = path.read_bytes()
    text = (gzip.decompress(data) if path.suffix == ".gz" else data).decode("utf-8")
    return [json.loads(line) for line in text.splitlines() if line.strip()]


def timed(work: Callable[[], _T]) -> tuple[_T, float]:
    """What the work gives, and its seconds."""
    began = time.perf_counter()
    return work(), time.perf_counter() - began


def precision(found: Sequence[str], right: set[str]) -> float:
    """The mean precision at the place of each right one; 0 where none is among the first five."""
    hits = [place for place, identity in enumerate(found[:PLACES], 1) if identity in right]
    return sum(number / place for number, place in enumerate(hits, 1)) / min(len(right), PLACES)


def report(
    name: str, rows: Sequence[Row], found: Found, index_s: float, kept_s: float | None, asked_s: float
) -> None:
    """Prints one line."""
    right = [set(map(str, row["relevant_vclaims"])) for row in rows]
    mean = sum(map(precision, found, right)) / len(rows)
    first = sum(bool(got) and got[0] in want for got, want in zip(found, right, strict=True)) / len(rows)
    kept = "     -" if kept_s is None else f"{kept_s:6.1f}"
    print(
        f"{name:8} MAP@5 {mean:.3f}  found@1 {first:.3f}  index {index_s:6.1f}  kept {kept}  all texts {asked_s:6.2f}"
    )


def ours(rows: Sequence[Row], known: Sequence[tuple[str, str]]) -> None:
    """Prints what our matcher does."""
    texts = [row["text"] for row in rows]
    default_embedder().embed(["خبر"])  # loads the model, which both starts would
    with tempfile.TemporaryDirectory() as folder:
        _, index_s = timed(lambda: Matcher(known, index=Path(folder)))
        matcher, kept_s = timed(lambda: Matcher(known, index=Path(folder)))
        matches, asked_s = timed(lambda: matcher.best_of_each(texts, PLACES))
    report("tabayyun", rows, [[str(m.id) for m in some] for some in matches], index_s, kept_s, asked_s)


def theirs(rows: Sequence[Row], known: Sequence[tuple[str, str]]) -> None:
    """Prints what bm25s does."""

    def index() -> bm25s.BM25:
        retriever = bm25s.BM25()
        retriever.index(bm25s.tokenize([text for _, text in known], show_progress=False), show_progress=False)
        return retriever

    def ask() -> Found:
        asked = bm25s.tokenize([row["text"] for row in rows], show_progress=False)
        places, _ = retriever.retrieve(asked, k=min(PLACES, len(known)), show_progress=False)
        return [[known[place][0] for place in some] for some in places.tolist()]

    retriever, index_s = timed(index)
    found, asked_s = timed(ask)
    report("bm25s", rows, found, index_s, None, asked_s)


def main(texts: Path, known: Path) -> None:
    """Prints a line for each."""
    rows = [row for row in read(texts) if row.get("relevant_vclaims")]
    claims = [(str(row["vclaim_id"]), f"{row.get('title') or ''}\n{row['vclaim']}") for row in read(known)]
    print(f"{len(rows)} texts among {len(claims)} known claims")
    theirs(rows, claims)
    ours(rows, claims)


if __name__ == "__main__":
    if len(sys.argv) == 3:
        main(Path(sys.argv[1]), Path(sys.argv[2]))
    else:
        print("left out: name the files of texts and of known claims")
