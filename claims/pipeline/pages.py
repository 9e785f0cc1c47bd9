"""What became of the pages that were named for a claim: weighed, unread, a copy, somebody's own check."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from claims.gather.search import Gathered
from claims.language.sentences import split_sentences
from claims.language.shingles import shingles
from claims.model import Article, Capture, Document, PublishedCheck, Unread
from claims.weigh.checks import checks_in

_REPRINTED = 0.5  # share of the article's shingles that a page holds
_EXCERPT = 0.7  # share of a page's shingles that the article holds
_SHORTEST_EXCERPT = 25  # shingles: a statement that the article quotes whole may be shorter, and is a source


@dataclass(frozen=True, slots=True)
class Pages:
    """The pages of a claim. Only those in `weighed` can be evidence."""

    weighed: tuple[tuple[Document, Capture], ...]
    unread: tuple[Unread, ...]  # by address
    copies: tuple[str, ...]  # addresses of pages that print the article
    checks: tuple[PublishedCheck, ...]


def sort_pages(
    found: Gathered, article: Article, captures: Mapping[str, Capture], documents: Mapping[str, Document]
) -> Pages:
    """The pages sorted out, each once. `captures` and `documents` are by address.

    Copies of the article say nothing that it does not say itself. Pages that check claims repeat what they
    refute, so they are listed as checks and their words are not weighed.
    """
    weighed: dict[str, tuple[Document, Capture]] = {}
    unread: list[Unread] = []
    copies: list[str] = []
    checks = {(check.url, check.claim): check for check in found.checks}
    for candidate in found.candidates:
        capture, document = captures[candidate.url], documents.get(candidate.url)
        if document is None:
            unread.append(Unread(candidate.url, capture.outcome, capture.detail))
        elif is_copy(document.text, article.text):
            copies.append(candidate.url)
        elif own := checks_in(document):
            checks.update(((check.url, check.claim), check) for check in own)
        else:
            weighed.setdefault(document.id, (document, capture))
    return Pages(
        tuple(weighed.values()),
        tuple(sorted(unread, key=lambda u: u.url)),
        tuple(sorted(copies)),
        tuple(checks.values()),
    )


def is_copy(page: str, article: str) -> bool:
    """Whether a page prints the article, or half of it, or little but parts of it.

    Boilerplate around it, other line ends, and letters written otherwise make no difference.
    """
    ours, theirs = shingles(article), shingles(page)
    # A single sentence is a claim that somebody wants checked and no article that others print.
    if not ours or not theirs or len(split_sentences(article)) < 2:
        return page.split() == article.split()
    shared = len(ours & theirs)
    if shared >= _REPRINTED * len(ours):
        return True
    return len(theirs) >= _SHORTEST_EXCERPT and shared >= _EXCERPT * len(theirs)
