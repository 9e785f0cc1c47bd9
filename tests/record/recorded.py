"""A small run to record, in which everything that can stand in a record stands once."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from claims.model import (
    Article,
    Attribution,
    Capture,
    Claim,
    Document,
    Evidence,
    Excluded,
    Quantity,
    Sought,
    Unread,
    Verdict,
    When,
    Where,
    Who,
    digest,
)
from claims.record.query import run_sql
from claims.record.store import Store
from claims.run_record import Run

BEGAN = datetime(2024, 10, 12, 9, 30, 0, 123456, tzinfo=UTC)
TEXT = "أعلنت الوكالة أن القمة تعقد في قازان من 22 إلى 24 أكتوبر. ونفت طهران الاتهامات."
PAGE = "Kazan hosts the summit on 22 to 24 October. e\u0301 👩‍🚀 The mayor said so."


def run(number: int = 1) -> Run:
    return Run(
        f"run-{number}", BEGAN + timedelta(days=number - 1), None, "engine 1", "sources.toml", sample=True
    )


def article(text: str = TEXT, ref: str | None = "first") -> Article:
    return Article(
        "a_" + digest(text), text, date(2024, 10, 12), "ar", ref, "https://news.example/1", "News", "Title"
    )


def claims(of: Article) -> list[Claim]:
    """A report with two speakers that names days to come, and a denial of it."""
    end = of.text.index(".")
    first = Claim(
        id="c_" + digest(of.text, 0, end),
        article=of.name,
        text=of.text[:end],
        start=0,
        end=end,
        sentence=0,
        lang="ar",
        kind="plan",
        standalone="القمة تعقد في قازان",
        attribution=(
            Attribution("الوكالة", "TASS", "أعلنت", "announces", 0, 5),
            Attribution("المتحدث", None, "قال", "says", 6, 9),
        ),
        polarity="affirmed",
        when=(When("من 22 إلى 24 أكتوبر", 38, 56, date(2024, 10, 22), date(2024, 10, 24), "day"),),
        where=(Where("قازان", 31, 36, "Kazan", "RU"),),
        who=(Who("الوكالة", 6, 13, "TASS", "agency"),),
        numbers=(Quantity("22", 40, 42, 22.0, None), Quantity("نصف", 1, 4, 0.1 + 0.2, "hour", True)),
        about=None,
        worth=0.8123456789,
        reasons=("names a date",),
        content=(14, end),
    )
    second = replace(
        first,
        id="c_" + digest(of.text, end + 2, len(of.text)),
        text=of.text[end + 2 :],
        start=end + 2,
        end=len(of.text),
        sentence=1,
        kind="denial",
        standalone=None,
        attribution=(),
        when=(),
        about=first.id,
        content=None,
    )
    return [first, second]


def capture(url: str = "https://page.example/1", body: str = PAGE, offset: int = 0) -> Capture:
    sha256 = hashlib.sha256(body.encode()).hexdigest()
    identity = "k_" + digest(url, 200, sha256)
    return Capture(
        identity, url, url + "/", "ok", 200, sha256, 99, "text/html", "archive/1.warc.gz", offset, BEGAN
    )


def refused(url: str = "https://page.example/private") -> Capture:
    identity = "k_" + digest(url, None, None)
    return Capture(
        identity, url, url, "blocked_by_robots", None, None, 0, None, None, None, BEGAN, "robots.txt"
    )


def document(of: Capture, text: str = PAGE) -> Document:
    return Document(
        id="d_" + digest(of.id, text),
        capture=of.id,
        url=of.final_url,
        title="Summit",
        text=text,
        authors=("A. Author",),
        outlet="Page",
        published=date(2024, 10, 11),
        modified=None,
        lang="en",
        canonical=of.url,
        links=("https://other.example/",),
        claim_reviews=({"@type": "ClaimReview", "reviewRating": {"ratingValue": 1}},),
    )


def evidence(of: Claim, where: Document, quote: str) -> Evidence:
    start = where.text.index(quote)
    end = start + len(quote)
    return Evidence(
        id="e_" + digest(of.id, "so", where.id, start, end),
        claim=of.id,
        question="so",
        document=where.id,
        capture=where.capture,
        url=where.url,
        outlet=where.outlet,
        origin="page.example",
        origin_chain=("page.example", "TASS"),
        published=where.published,
        lang=where.lang,
        quote=quote,
        start=start,
        end=end,
        stance="supports",
        supports=0.9,
        refutes=0.05,
        interested=False,
        why=("same days", "same place"),
        speaker="the mayor",
    )


def verdict(of: Claim, items: tuple[Evidence, ...] = ()) -> Verdict:
    return Verdict(
        claim=of.id,
        verdict="supported" if items else "not_enough_evidence",
        said="supported" if of.attribution else None,
        confidence=0.7 if items else 0.0,
        supports=len(items),
        refutes=0,
        evidence=items,
        sought=(
            Sought("metasearch", "قمة قازان", "ok", 2),
            Sought("wiki", "Kazan summit", "unreachable", 0, "refused the connection"),
        ),
        unread=(Unread("https://page.example/private", "blocked_by_robots", "robots.txt"),),
        gaps=("the programme of the summit",),
        reasons=("one origin",),
        engine="engine 1",
    )


def record(store: Store, number: int = 1) -> list[Claim]:
    """One whole run in the store; the same one but for its number and time."""
    with store.turn():
        return record_step_by_step(store, number)


def record_step_by_step(store: Store, number: int = 1) -> list[Claim]:
    """`record`, each call in a turn of its own."""
    this = run(number)
    given = article()
    found = claims(given)
    page = document(capture())
    store.begin_run(this)
    store.add_article(this.id, given)
    store.add_claims(this.id, given, found, [Excluded(given.name, 3, 9, "no claim in it")])
    store.add_captures(this.id, [capture(), refused()])
    store.add_documents([page])
    cited = (evidence(found[0], page, "22 to 24 October"), evidence(found[0], page, "👩‍🚀 The mayor"))
    decided_at = this.started_at + timedelta(minutes=1)
    store.add_verdict(this.id, verdict(found[0], cited), decided_at)
    store.add_verdict(this.id, verdict(found[1]), decided_at)
    store.add_failures(this.id, ["https://broken.example: not HTML"])
    store.finish_run(this.id, this.started_at + timedelta(minutes=2))
    return found


def sizes(store: Store) -> dict[str, int]:
    """The number of rows of every table."""
    with store.turn() as con:
        tables = [name for (name,) in con.execute("SELECT table_name FROM duckdb_tables()").fetchall()]
        return {name: con.execute(f"SELECT count(*) FROM {name}").fetchall()[0][0] for name in tables}


def store_at(workspace: Path) -> Store:
    return Store(workspace, memory_limit_mb=256, busy_wait_s=120)


def rows(workspace: Path, sql: str) -> list[tuple[object, ...]]:
    """What the snapshot answers."""
    return list(run_sql(workspace, sql)[1])
