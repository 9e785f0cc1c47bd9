"""What it takes to record a night of 10,000 claims: on an empty record, and on one that holds years of them.

    python tests/bench/bench_night.py FOLDER                 FOLDER as `bench_record.py --folder FOLDER` left it
    python tests/bench/bench_night.py FOLDER --articles 50   a part of the night, twenty claims an article

Each article is recorded in the turns of the pipeline: it and its claims, what was named, what was fetched and read,
the verdicts with ten quotations each; before that the record is asked what people marked, on what the claims were
decided, and what it knows of the pages. Then the snapshot is published. Nothing is fetched, read or weighed. The folder
is copied first.
Time on the processors, in brackets, changes less on a machine that others use too.
"""

from __future__ import annotations

import argparse
import hashlib
import shutil
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

from claims.model import Article, Candidate, Capture, Claim, Document, Evidence, Sought, Verdict, digest
from claims.record import nights
from claims.record.marks import marks_of
from claims.record.replay import add_named
from claims.record.store import FILE_NAME, Store
from claims.run_record import Run

CLAIMS = 20
QUOTES = 10
BEGAN = datetime(2025, 1, 6, 2, 15, tzinfo=UTC)
RUN = "night-2025-01-06"


def claims_of(article: Article) -> list[Claim]:
    """Its sentences."""
    found, start = [], 0
    for number, sentence in enumerate(article.text.split("\n")):
        end = start + len(sentence)
        found.append(
            Claim(
                id="c_" + digest(article.text, start, end),
                article=article.name,
                text=sentence,
                start=start,
                end=end,
                sentence=number,
                lang="en",
                kind="event",
                standalone=sentence,
                attribution=(),
                polarity="affirmed",
                when=(),
                where=(),
                who=(),
                numbers=(),
                about=None,
                worth=0.5,
                reasons=("names a number",),
            )
        )
        start = end + 1
    return found


def page_of(number: int, place: int) -> tuple[Capture, Document]:
    """A page that speaks of the article of this number."""
    url = f"https://outlet{place}.example/night/{number}"
    text = f"Page {place} of story {number}. " + "The council met and spoke of many things. " * 12
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    identity = "k_" + digest(url, 200, sha256)
    capture = Capture(
        identity, url, url, "ok", 200, sha256, len(text), "text/html", "archive/n.warc.gz", place, BEGAN
    )
    day = date(2025, 1, 5)
    document = Document(
        "d_" + digest(identity, text),
        identity,
        url,
        "Story",
        text,
        (),
        "Outlet",
        day,
        None,
        "en",
        None,
        (),
        (),
    )
    return capture, document


def verdict_on(claim: Claim, pages: list[Document]) -> Verdict:
    """It cites the beginning of ten pages."""
    cited = []
    for page in pages[:QUOTES]:
        end = page.text.index(".")
        cited.append(
            Evidence(
                id="e_" + digest(claim.id, "so", page.id, 0, end),
                claim=claim.id,
                question="so",
                document=page.id,
                capture=page.capture,
                url=page.url,
                outlet=page.outlet,
                origin=page.url.split("/")[2],
                origin_chain=(),
                published=page.published,
                lang="en",
                quote=page.text[:end],
                start=0,
                end=end,
                stance="supports",
                supports=0.8,
                refutes=0.1,
                interested=False,
                why=("same days",),
            )
        )
    sought = (Sought("metasearch", claim.text, "ok", QUOTES),)
    return Verdict(claim.id, "supported", None, 0.7, QUOTES, 0, tuple(cited), sought, (), (), (), "engine 1")


def articles(count: int) -> Iterator[tuple[int, Article]]:
    """As many articles of twenty sentences each."""
    for number in range(count):
        text = "\n".join(f"Town {number} approved item {i} of its budget on Monday." for i in range(CLAIMS))
        yield number, Article("a_" + digest(text), text, date(2025, 1, 5), "en", None, None, "News", "Title")


def clocks() -> tuple[float, float]:
    """Seconds by the clock on the wall, and of the processors."""
    return time.perf_counter(), time.process_time()


def record_night(store: Store, count: int) -> list[tuple[float, float]]:
    """The night stands in the record and is published; the seconds of both, by both clocks."""
    began = clocks()
    store.begin_run(Run(RUN, BEGAN, None, "engine 1", "sources.toml", False))
    for number, article in articles(count):
        claims = claims_of(article)
        pages = [page_of(number, place) for place in range(CLAIMS)]
        with store.turn():
            store.add_article(RUN, article)
            store.add_claims(RUN, article, claims)
            nights.add_taken(store, RUN, [article.id])
        marks_of(store, [claim.id for claim in claims], BEGAN)
        store.known_citations([claim.id for claim in claims])
        store.known_pages([capture.url for capture, _ in pages])
        named = tuple(Candidate(capture.url, "metasearch", "Story", "", None) for capture, _ in pages)
        with store.turn():
            add_named(store, RUN, {claim.id: (named, ()) for claim in claims})
            store.add_captures(RUN, [capture for capture, _ in pages])
            store.add_documents([document for _, document in pages])
        with store.turn():
            nights.add_grounds(store, RUN, {c.id: c.id for c in claims}, {c.id: QUOTES for c in claims})
            documents = [document for _, document in pages]
            store.add_verdicts(RUN, [verdict_on(claim, documents) for claim in claims], BEGAN)
    store.finish_run(RUN, BEGAN + timedelta(hours=1))
    recorded = clocks()
    store.publish()
    times = (began, recorded, clocks())
    return [(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(times)]


def main(folder: Path, count: int) -> None:
    """Prints a line for each record, and how they compare."""
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        seconds = []
        for name in ("empty", "large"):
            store = Store(Path(scratch) / name, 4096, 60)
            if name == "large":
                store.workspace.mkdir()
                shutil.copyfile(folder / FILE_NAME, store.path)
            with store.turn():
                pass
            recorded, published = record_night(store, count)
            seconds.append(recorded)
            told = ", ".join(
                f"{name} {wall:7.1f} s ({processor:6.1f} s)"
                for name, (wall, processor) in (("recorded", recorded), ("published", published))
            )
            print(f"{name:6} {count * CLAIMS:,} claims {told}", flush=True)
        (wall, processor), (wall_large, processor_large) = seconds
        print(f"ratio  {wall_large / wall:.2f} ({processor_large / processor:.2f})")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--articles", type=int, default=500)
    given = parser.parse_args()
    main(given.folder, given.articles)
