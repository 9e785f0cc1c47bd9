"""Pages and articles for tests of the weighing, made by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime

from claims.extract.claims import read_claims
from claims.model import Article, Capture, Claim, Document, Verdict, digest
from claims.weigh.engine import Weigher

PUBLISHED = date(2024, 10, 12)


def page(
    host: str, text: str, lang: str = "en", published: date | None = PUBLISHED
) -> tuple[Document, Capture]:
    """A page as it was read, and its capture."""
    url = f"http://{host}/{digest(text)}"
    capture = Capture(
        "k_" + digest(url), url, url, "ok", 200, digest(text), len(text), "text/html", "archive/x.warc.gz", 0,
        datetime(2024, 10, 12, tzinfo=UTC),
    )  # fmt: skip
    document = Document(
        "d_" + digest(url), capture.id, url, None, text, (), host, published, None, lang, None
    )
    return document, capture


def verdicts(
    text: str, pages: list[tuple[Document, Capture]], lang: str = "en", published: date = PUBLISHED
) -> list[tuple[Claim, Verdict]]:
    """Every claim of a text with its verdict from the pages."""
    article = Article("a_" + digest(text), text, published, lang)
    claims = read_claims(article).claims
    weigher = Weigher()
    by_id = {claim.id: claim for claim in claims}
    return [(claim, weigher.weigh(claim, article, by_id, pages, (), ())) for claim in claims]


def verdict_on(part: str, text: str, pages: list[tuple[Document, Capture]], lang: str = "en") -> Verdict:
    """The verdict on the one claim that holds `part`."""
    found = [verdict for claim, verdict in verdicts(text, pages, lang) if part in claim.text]
    assert len(found) == 1
    return found[0]
