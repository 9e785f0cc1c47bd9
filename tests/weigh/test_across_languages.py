"""An Arabic claim weighed against pages in other languages alone, from the packaged sample web."""

from __future__ import annotations

import tomllib
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
# What the sample's Arabic and its foreign pages both tell enough of, each by a part of the claim's text.
DECIDED = {
    "عقد الرئيس الروسي": ("supported", None),
    DAYS: ("supported", None),
    "اتهمت إيران": ("conflicting", "supported"),
    "وتنفي طهران": ("conflicting", "supported"),
    "أعرب بزشكيان": ("not_enough_evidence", "supported"),
}
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


def judged(text: str, *langs: str) -> Judged:
    """The verdict on every claim of a text, by the claim's text."""
    article = Article("a_" + digest(text), text, PUBLISHED, "ar")
    claims = read_claims(article).claims
    weigher, pages = Weigher(), sample_pages(*langs)
    by_id = {claim.id: claim for claim in claims}
    return {claim.text: weigher.weigh(claim, article, by_id, pages, (), ()) for claim in claims}


def on(part: str, found: Judged) -> Verdict:
    """The verdict on the one claim that holds the part."""
    (verdict,) = (verdict for text, verdict in found.items() if part in text)
    return verdict


@pytest.fixture(scope="module")
def article() -> str:
    return SAMPLE_ARTICLE.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def arabic(article: str) -> Judged:
    return judged(article, "ar")


@pytest.fixture(scope="module")
def foreign(article: str) -> Judged:
    return judged(article, "en", "ru", "fa")


def test_foreign_pages_alone_give_the_verdicts_that_arabic_pages_give(
    arabic: Judged, foreign: Judged
) -> None:
    """All but one: an invitation, whose paraphrase in Arabic the stance model takes for the opposite."""
    apart = [text for text, one in arabic.items() if _rulings(one) != _rulings(foreign[text])]
    assert len(arabic) == len(foreign) == 27
    assert len(apart) <= 1
    for text in apart:
        assert "not_enough_evidence" in _rulings(arabic[text]) + _rulings(foreign[text])


def _rulings(verdict: Verdict) -> tuple[str | None, str | None]:
    return verdict.verdict, verdict.said


@pytest.mark.parametrize("part", DECIDED)
def test_both_find_enough_to_decide(arabic: Judged, foreign: Judged, part: str) -> None:
    for found in (on(part, arabic), on(part, foreign)):
        assert (found.verdict, found.said) == DECIDED[part]


def test_other_days_of_the_summit_are_refuted(article: str) -> None:
    """Foreign pages alone speak against them too, but too few name the summit beside its days."""
    moved = DAYS.replace("22", "12").replace("24", "14")
    text = article.replace(DAYS, moved)
    found = on(moved, judged(text, "ar", "en", "ru", "fa"))
    assert (found.verdict, found.supports) == ("refuted", 0)
    foreign = on(moved, judged(text, "en", "ru", "fa"))
    assert (foreign.supports, foreign.refutes) == (0, 1)
