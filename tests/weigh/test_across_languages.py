"""An Arabic claim weighed against pages in other languages alone, from the packaged sample web."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from project import SAMPLE_ARTICLE
from weigh_pages import PUBLISHED

from claims.extract.claims import read_claims
from claims.model import Article, Capture, Document, Verdict, digest
from claims.read.page import document_of, read_page
from claims.sources import SAMPLE_SOURCES
from claims.weigh.engine import Weigher

WEB = SAMPLE_SOURCES.parent / "web"
DAYS = "بين 22 و24 أكتوبر"
# What the sample's Arabic and its foreign pages both tell of, each by a part of the claim's text.
MEETING, ACCUSED, DENIED, HOPED = "عقد الرئيس الروسي", "اتهمت إيران", "وتنفي طهران", "أعرب بزشكيان"
CLAIMS = (MEETING, ACCUSED, DENIED, HOPED, DAYS)
Judged = dict[str, Verdict]


def sample_pages(*langs: str) -> list[tuple[Document, Capture]]:
    """The readable pages of the sample web in some languages."""
    found = []
    for row in tomllib.loads((WEB / "web.toml").read_text(encoding="utf-8"))["page"]:
        if row.get("lang") not in langs or row.get("status", 200) != 200:
            continue
        url, body = row["url"], Path(WEB / row["file"]).read_bytes()
        read = read_page(body, url, row.get("content_type", "text/html; charset=utf-8"))
        capture = Capture(
            "k_" + digest(url), url, url, "ok", 200, digest(url), len(body), "text/html", "archive/x.warc.gz", 0,
            datetime(2024, 10, 12, tzinfo=UTC),
        )  # fmt: skip
        if not read.problem:
            found.append((document_of(capture, read), capture))
    return found


def judged(text: str, parts: Sequence[str], *langs: str) -> dict[str, Verdict]:
    """The verdicts on the claims that hold these parts."""
    article = Article("a_" + digest(text), text, PUBLISHED, "ar")
    claims = read_claims(article).claims
    weigher, pages = Weigher(), sample_pages(*langs)
    by_id = {claim.id: claim for claim in claims}
    found = {}
    for part in parts:
        (claim,) = (claim for claim in claims if part in claim.text)
        found[part] = weigher.weigh(claim, article, by_id, pages, (), ())
    return found


@pytest.fixture(scope="module")
def article() -> str:
    return SAMPLE_ARTICLE.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def arabic(article: str) -> Judged:
    return judged(article, CLAIMS, "ar")


@pytest.fixture(scope="module")
def foreign(article: str) -> Judged:
    return judged(article, CLAIMS, "en", "ru", "fa")


@pytest.mark.parametrize(
    ("part", "verdict", "said"),
    [
        (MEETING, "supported", None),
        (ACCUSED, "conflicting", "supported"),
        (DENIED, "conflicting", "supported"),
        (HOPED, "not_enough_evidence", "supported"),
    ],
)
def test_foreign_pages_alone_give_the_verdict_that_arabic_pages_give(
    arabic: Judged, foreign: Judged, part: str, verdict: str, said: str | None
) -> None:
    for found in (arabic, foreign):
        assert (found[part].verdict, found[part].said) == (verdict, said)


def test_foreign_pages_know_the_days_of_the_summit(article: str, foreign: Judged) -> None:
    assert foreign[DAYS].verdict == "supported"
    moved = DAYS.replace("22", "12").replace("24", "14")
    found = judged(article.replace(DAYS, moved), [moved], "en", "ru", "fa")[moved]
    assert (found.verdict, found.supports) == ("refuted", 0)
