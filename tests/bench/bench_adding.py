"""What it takes to add a night to a large record, beside the same night added to an empty one.

    python tests/bench/bench_adding.py                      10,000 claims to 20,000 and to none
    python tests/bench/bench_adding.py --folder DIR         to the record that is there, which keeps the night

A night is recorded by the calls of a run and in its turns, article by article: what is known of the pages is looked
up, their visits, the article and its claims are recorded, the pages, then the verdicts with ten quotations each.
Writing counts from the first turn to the last and publication by itself. What a run does between two turns is left
out, so the turns follow each other more closely than ever in a run.
"""

from __future__ import annotations

import argparse
import hashlib
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from bench_record import MEMORY_MB, generate

from claims.fetch.cache import Visit
from claims.model import Article, Capture, Claim, Document, Evidence, Run, Sought, Verdict, digest
from claims.record.store import Store

BEGAN = datetime(2024, 6, 2, 1, tzinfo=UTC)
CLAIMS_OF_ARTICLE = 20
PAGES_OF_ARTICLE = 20
QUOTES_OF_CLAIM = 10
PAGE = "The council met and spoke of many things. " * 12


def article_of(number: int) -> tuple[Article, list[Claim]]:
    """An article that says something in every sentence."""
    sentences = [
        f"Town {number * CLAIMS_OF_ARTICLE + i} approved a budget of {i * 7919 % 1000} million."
        for i in range(CLAIMS_OF_ARTICLE)
    ]
    text = " ".join(sentences)
    url = f"https://news.example/night/{number}"
    article = Article("a_" + digest(text), text, date(2024, 6, 1), "en", None, url, "News", f"Title {number}")
    claims, start = [], 0
    for place, sentence in enumerate(sentences):
        end = start + len(sentence)
        claims.append(
            Claim(
                id="c_" + digest(text, start, end),
                article=article.name,
                text=sentence,
                start=start,
                end=end,
                sentence=place,
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
    return article, claims


def pages_of(number: int) -> list[tuple[Capture, Document]]:
    """The pages that are found for an article."""
    made = []
    for i in range(PAGES_OF_ARTICLE):
        url = f"https://site{i % 3000}.example/night/{number}/{i}"
        text = f"Page {number} {i}. {PAGE}"
        sha256 = hashlib.sha256(text.encode()).hexdigest()
        capture = Capture(
            "k_" + digest(url, 200, sha256),
            url,
            url,
            "ok",
            200,
            sha256,
            len(text),
            "text/html",
            "archive/night.warc.gz",
            (number * PAGES_OF_ARTICLE + i) * 9000,
            BEGAN,
        )
        document = Document(
            "d_" + digest(capture.id, text),
            capture.id,
            url,
            f"Page {i}",
            text,
            (),
            f"Site {i}",
            date(2024, 6, 1),
            None,
            "en",
            url,
        )
        made.append((capture, document))
    return made


def verdict_on(claim: Claim, documents: list[Document], place: int) -> Verdict:
    """A verdict that quotes ten of the pages."""
    cited = []
    for i in range(QUOTES_OF_CLAIM):
        page = documents[(place + i) % len(documents)]
        end = page.text.index(".")
        cited.append(
            Evidence(
                "e_" + digest(claim.id, "so", page.id, 0, end),
                claim.id,
                "so",
                page.id,
                page.capture,
                page.url,
                page.outlet,
                f"site{i}.example",
                (),
                page.published,
                page.lang,
                page.text[:end],
                0,
                end,
                "supports",
                0.9,
                0.05,
                False,
                ("same days",),
            )
        )
    sought = (Sought("metasearch", claim.text, "ok", 10),)
    return Verdict(
        claim.id, "supported", None, 0.7, 2, 0, tuple(cited), sought, (), (), ("two origins",), "engine 1"
    )


def add_night(store: Store, claims: int) -> tuple[float, float]:
    """The night is on record. Seconds in its turns, and the longest of them."""
    took: list[float] = []
    run = "night-2024-06-02"

    def turn(*calls: object) -> None:
        began = time.perf_counter()
        with store.turn():
            for call in calls:
                call()  # type: ignore[operator]
        took.append(time.perf_counter() - began)

    turn(lambda: store.begin_run(Run(run, BEGAN, None, "engine 1", "sources.toml", False)))
    for number in range(claims // CLAIMS_OF_ARTICLE):
        article, found = article_of(number)
        captures, documents = (list(some) for some in zip(*pages_of(number), strict=True))
        visits = [Visit(capture, "fetched", BEGAN, 1) for capture in captures]
        verdicts = [verdict_on(claim, documents, place) for place, claim in enumerate(found)]
        at = BEGAN + timedelta(seconds=number)
        turn(
            lambda article=article: store.add_article(run, article),
            lambda article=article, found=found: store.add_claims(run, article, found),
        )
        turn(lambda captures=captures: store.known_pages([capture.url for capture in captures]))
        turn(lambda visits=visits: store.add_visits(run, visits))
        turn(
            lambda captures=captures: store.add_captures(run, captures),
            lambda documents=documents: store.add_documents(documents),
        )
        turn(lambda verdicts=verdicts, at=at: store.add_verdicts(run, verdicts, at))
    turn(lambda: store.finish_run(run, BEGAN + timedelta(hours=5)))
    return sum(took), max(took)


def measure(name: str, store: Store, claims: int) -> float:
    """Prints what the night took; the seconds of writing."""
    processor = time.process_time()
    writing, longest = add_night(store, claims)
    processor = time.process_time() - processor
    began = time.perf_counter()
    store.publish()
    publishing = time.perf_counter() - began
    print(
        f"{name:24} writing {writing:7.2f} s (processors {processor:6.2f} s, longest turn {longest:.2f} s)"
        f"  publishing {publishing:6.2f} s",
        flush=True,
    )
    return writing


def main(claims: int, night: int, folder: Path, scratch: Path) -> None:
    """Prints a line for each, and how they compare."""
    store = Store(folder, MEMORY_MB, 60)
    if not store.path.exists():
        generate(store, claims)
        store.publish()
    empty = measure("to an empty record", Store(scratch / "empty", MEMORY_MB, 60), night)
    large = measure("to a large record", store, night)
    print(f"writing to the large record took {large / empty:.2f} times as long")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--claims", type=int, default=20_000)
    parser.add_argument("--night", type=int, default=10_000)
    parser.add_argument("--folder", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        main(given.claims, given.night, given.folder or Path(temporary) / "large", Path(temporary))
