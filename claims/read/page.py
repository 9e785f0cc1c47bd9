"""A fetched page as a document: its text, and what it says of itself."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal
from urllib.parse import urljoin, urlsplit

from claims.model import Capture, Document, digest
from claims.read.charset import decode
from claims.read.dates import modified_on, published_on
from claims.read.headline import headline, wordings
from claims.read.hidden import drop_hidden
from claims.read.jsonld import Node, nodes, plain_text, types
from claims.read.language import language_of
from claims.read.markup import Element, drop_silent, is_large, metas, one_line, parse
from claims.read.origin import authors_of, names_in, outlet_of
from claims.read.pdf import PdfText, is_pdf, read_pdf
from claims.read.problems import problem_of
from claims.read.reviews import claim_reviews
from claims.read.text import About, main_text

Problem = Literal["paywalled", "gone", "unsupported_type", "too_large", "error"]
_MAX_TEXT = 1_000_000
_MAX_LINKS = 500
_MAX_ANCHORS = 5_000
_MAX_ADDRESS = 2_000
_ARTICLE = re.compile(r"(?:Article|Posting|Report|Story)$")


@dataclass(frozen=True, slots=True)
class Page:
    """What a page says. `text` is paragraphs separated by newlines; `problem` is why it may say little.

    `summary` is what stands above the article, where the page itself calls that its summary.
    """

    url: str
    title: str | None
    text: str
    authors: tuple[str, ...]
    outlet: str | None
    published: date | None
    modified: date | None
    lang: str | None
    canonical: str | None
    links: tuple[str, ...]
    claim_reviews: tuple[dict[str, Any], ...]
    problem: Problem | None
    summary: str | None = None
    detail: str | None = None  # of the problem, where there is more to say

    @property
    def full_text(self) -> str:
        """The summary and the text: all that the article says."""
        return f"{self.summary}\n{self.text}".strip() if self.summary else self.text


def read_page(body: bytes, url: str, content_type: str | None = None) -> Page:
    """The page as far as it can be read: any bytes give a page, those without text one with text ""."""
    if is_pdf(body):
        return _pdf(read_pdf(body), url)
    markup = decode(body, content_type)
    if not _is_html(markup, content_type):
        return _plain(markup, url)
    root = parse(markup)
    if root is None:
        return _plain("", url)
    return _html(root, url)


def document_of(capture: Capture, page: Page) -> Document:
    """The page as the document of its capture; the id depends on the capture and on the text."""
    text = page.full_text
    return Document(
        id="d_" + digest(capture.id, text),
        capture=capture.id,
        url=page.url,
        title=page.title,
        text=text,
        authors=page.authors,
        outlet=page.outlet,
        published=page.published,
        modified=page.modified,
        lang=page.lang,
        canonical=page.canonical,
        links=page.links,
        claim_reviews=page.claim_reviews,
    )


def _is_html(markup: str, content_type: str | None) -> bool:
    kind = (content_type or "").split(";")[0].strip().lower()
    if kind in ("text/plain", "text/markdown", "text/csv"):
        return False
    if kind in ("text/html", "application/xhtml+xml"):
        return True
    return (
        re.match(
            r"\s*(?:<!--.{0,2000}?-->\s*)*<(?:!doctype|html|head|body|\?xml|title|meta|p|div|h\d)\b",
            markup[:5000],
            re.I | re.S,
        )
        is not None
    )


def _plain(text: str, url: str) -> Page:
    lines = (one_line(line) for line in text[:_MAX_TEXT].split("\n"))
    clean = "\n".join(line for line in lines if line)
    return Page(url, None, clean, (), None, None, None, language_of(clean, None), None, (), (), None)


def _pdf(found: PdfText, url: str) -> Page:
    text = found.text[:_MAX_TEXT]
    return Page(
        url=url,
        title=found.title,
        text=text,
        authors=names_in(found.author or ""),
        outlet=None,
        published=found.created,
        modified=None,
        lang=language_of(text, None),
        canonical=None,
        links=(),
        claim_reviews=(),
        problem=found.problem,
        detail=found.detail,
    )


def _html(root: Element, url: str) -> Page:
    base = url if _address(url, "") else ""
    host = urlsplit(base).hostname or ""
    told = metas(root)
    every = nodes(root)
    drop_hidden(root)
    drop_silent(root)
    large = is_large(root)
    about = _about_article(every, base)
    outlet = outlet_of(every, about, told, host)
    title = headline(root, about, told, outlet, host)
    summaries = told.get("description", []) + told.get("og:description", [])
    abstracts = [
        text for node in about if _is_article(node) and (text := plain_text(node.get("description")))
    ]
    titles = [wording for wording in (title, *wordings(root, about, told)) if wording]
    declared = (
        root.get("lang")
        or root.get("{http://www.w3.org/XML/1998/namespace}lang")
        or _first(told, "og:locale", "content-language")
    )
    links = _links(root, base)
    canonical = _canonical(root, told, base)
    lang = language_of(title or "", declared)
    published = published_on(root, about, told, base, lang, large)
    authors = authors_of(root, about, told)
    reviews = claim_reviews(root, every)
    flagged = problem_of(root, every, title)
    summary, text = main_text(root, About(titles, summaries, abstracts, authors), large)
    text = text[:_MAX_TEXT]
    return Page(
        url=url,
        title=title,
        text=text,
        authors=authors,
        outlet=outlet,
        published=published,
        modified=modified_on(about, told),
        lang=language_of(text or title or "", declared),
        canonical=canonical,
        links=links,
        claim_reviews=reviews,
        problem=flagged(text),
        summary=summary,
    )


def _about_article(every: list[Node], url: str) -> list[Node]:
    """The nodes that describe the article of this page, the most telling first."""
    articles = [node for node in every if _is_article(node)]
    path = urlsplit(url).path.rstrip("/")
    named = [
        node for node in articles if path and path in str(node.get("url")) + str(node.get("mainEntityOfPage"))
    ]
    whole = [node for node in articles if node.get("headline") and node.get("datePublished")]
    pages = [node for node in every if "WebPage" in types(node) and node.get("datePublished")]
    reviews = [node for node in every if "ClaimReview" in types(node)]
    ordered = [node for node in named if node in whole] + whole + articles + pages + reviews
    unique: list[Node] = []
    for node in ordered:
        if not any(node is other for other in unique):
            unique.append(node)
    return unique


def _is_article(node: Node) -> bool:
    return any(_ARTICLE.search(name) for name in types(node))


def _links(root: Element, url: str) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for anchor in itertools.islice(root.iter("a"), _MAX_ANCHORS):
        address = _address(anchor.get("href"), url)
        if address:
            found.setdefault(address)
        if len(found) >= _MAX_LINKS:
            break
    return tuple(found)


def _canonical(root: Element, told: dict[str, list[str]], url: str) -> str | None:
    for link in root.iter("link"):
        if "canonical" in (link.get("rel") or "").lower().split():
            address = _address(link.get("href"), url)
            if address:
                return address
    return _address(_first(told, "og:url"), url)


def _address(value: str | None, base: str) -> str | None:
    """The value as an absolute http address without fragment; None where it is not one."""
    if not value or len(value) > _MAX_ADDRESS:
        return None
    try:
        joined = urljoin(base, one_line(value)).partition("#")[0]
        parts = urlsplit(joined)
    except ValueError:
        return None
    return joined if parts.scheme in ("http", "https") and parts.netloc and " " not in joined else None


def _first(told: dict[str, list[str]], *names: str) -> str | None:
    return next((value for name in names for value in told.get(name, [])), None)
