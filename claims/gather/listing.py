"""Pages that a site lists itself, in feeds and sitemaps, and which of them fit a question."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import unquote, urlsplit

from claims.gather.addresses import page_key
from claims.gather.lexical import LexicalIndex
from claims.model import Candidate, Query

# An announcement comes before its event, what became of it after.
_BEFORE = timedelta(days=14)
_AFTER = timedelta(days=90)
_FEWEST_SHARED = 2  # words of the question in what is said of a page
_TITLE_WEIGHT = 3
_SLUG_BREAK = re.compile(r"[\W_\d]+")


class Unreadable(Exception):
    """The bytes are no list of pages; the message says what they are."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One page of the list. `published` and `modified` are kept apart; either may be missing."""

    url: str
    title: str | None = None
    summary: str | None = None
    published: date | None = None
    modified: date | None = None
    lang: str | None = None

    @property
    def day(self) -> date | None:
        """The best that is known of when it appeared."""
        return self.published or self.modified


class Listing:
    """Listed pages, each once, ready to be searched by words and days."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.entries = tuple({page_key(entry.url): entry for entry in reversed(list(entries))}.values())[::-1]
        self._by_url = {entry.url: entry for entry in self.entries}
        self._index = LexicalIndex()
        for entry in self.entries:
            told = ((entry.title or _slug(entry.url), _TITLE_WEIGHT), (entry.summary or "", 1))
            self._index.add(entry.url, told)

    def search(self, query: Query, source: str, limit: int) -> list[Candidate]:
        """The pages that share words with the query and appeared around its days, best first."""
        return [
            Candidate(entry.url, source, entry.title, entry.published, entry.summary)
            for _, entry in zip(range(limit), self._fitting(query), strict=False)
        ]

    def _fitting(self, query: Query) -> Iterator[Entry]:
        for url, _ in self._index.search(query.text, _FEWEST_SHARED):
            if _near(self._by_url[url].day, query):
                yield self._by_url[url]


class ListingConnector:
    """A list of pages that is fetched with the first question of a run and read for all of them."""

    def __init__(self, name: str, fetched: Callable[[], Awaitable[list[Entry]]], limit: int) -> None:
        self.name = name
        self._fetched = fetched
        self._limit = limit
        self._listing: Listing | None = None

    async def search(self, query: Query) -> list[Candidate]:
        """The listed pages that fit the query, best first. Raises as every connector does."""
        if self._listing is None:
            self._listing = await asyncio.to_thread(Listing, await self._fetched())
        return self._listing.search(query, self.name, self._limit)


def _near(day: date | None, query: Query) -> bool:
    if day is None or query.first is None or query.last is None:
        return True
    return query.first - _BEFORE <= day <= query.last + _AFTER


def _slug(url: str) -> str:
    """The words in an address, which is all that a plain sitemap says of a page."""
    try:
        return " ".join(_SLUG_BREAK.split(unquote(urlsplit(url).path)))
    except ValueError:
        return ""


def refuse_entities(body: bytes) -> None:
    """The XML declares no entity. Raises Unreadable where it does: lists need none, attacks do."""
    for encoding in ("ascii", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"):
        if "<!ENTITY".encode(encoding) in body:
            raise Unreadable("it declares entities of its own, which no list of pages needs; it is not read")
