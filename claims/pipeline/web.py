"""Where a run's evidence comes from: the web as it answers now."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping, Sequence, Set
from datetime import date
from typing import Protocol

from claims.fetch.archive import Archive
from claims.fetch.client import Answer, Fetcher
from claims.gather.search import Gathered, OpenSources, archived, gather
from claims.model import Article, Candidate, Capture, Claim, Document, Mark, Query
from claims.pipeline.by_hand import pages_by_hand
from claims.pipeline.fetching import open_fetching
from claims.pipeline.request import Request
from claims.record import nights
from claims.record.store import Store


class Web(Protocol):
    """What the steps of a run need of the world. It may be the web of today, or that of a recorded run."""

    @property
    def sources(self) -> tuple[str, ...]:
        """The names of the sources that are asked, in order."""
        ...

    async def ask(
        self, url: str, params: Mapping[str, str], *, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """A server's answer to a question. Raises SourceSkipped or SourceUnusable where none comes."""
        ...

    async def find(self, claim: Claim, queries: Sequence[Query], article: Article, limit: int) -> Gathered:
        """Every source was asked; at most `limit` candidates come back, best placed first."""
        ...

    async def named_before(self, claims: Sequence[Claim], again: Set[str]) -> Mapping[str, nights.Before]:
        """What is known of what sources name, by claim id; `again` are those that were checked before."""
        ...

    async def by_hand(self, marks: Mapping[str, Sequence[Mark]]) -> Mapping[str, tuple[Candidate, ...]]:
        """The pages that people brought to the claims, by claim id."""
        ...

    async def cited(self, claims: Sequence[Claim]) -> list[str]:
        """The addresses on which earlier verdicts on the claims rest: what changed there is to be told."""
        ...

    async def archived(self, urls: Sequence[str], near: date | None) -> Mapping[str, Gathered]:
        """Archived copies of pages that are gone, by their addresses, as the archives answered."""
        ...

    async def capture(self, url: str) -> Capture:
        """What came from an address, archived. A bad page raises nothing: the outcome says it."""
        ...

    async def body(self, capture: Capture) -> bytes:
        """The decoded body of a capture. Raises StoreError where the archive does not hold it."""
        ...

    def keep_texts(self, documents: Sequence[Document], captures: Mapping[str, Capture]) -> None:
        """The texts that were read are archived beside the bytes, and how each address was come by is on
        record; `captures` is by id."""
        ...


class LiveWeb:
    """The configured sources, asked and fetched from now; everything that comes is archived."""

    def __init__(
        self, run: str, opened: OpenSources, fetcher: Fetcher, archive: Archive, store: Store
    ) -> None:
        self._run = run
        self._opened = opened
        self._fetcher = fetcher
        self._archive = archive
        self._store = store
        self.sources = tuple(source.connector.name for source in opened.sources)

    async def ask(
        self, url: str, params: Mapping[str, str], *, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """The answer as it comes, archived."""
        return await self._fetcher.ask(url, params, headers=headers)

    async def named_before(self, claims: Sequence[Claim], again: Set[str]) -> Mapping[str, nights.Before]:
        """What was named when they were checked last, as the record has it."""
        if not again:
            return {}
        return await asyncio.to_thread(nights.named_before, self._store, again, self._run)

    async def find(self, claim: Claim, queries: Sequence[Query], article: Article, limit: int) -> Gathered:
        """Every suitable question was put to every source."""
        return await gather(queries, self._opened, article, limit)

    async def by_hand(self, marks: Mapping[str, Sequence[Mark]]) -> Mapping[str, tuple[Candidate, ...]]:
        """The pages, as the marks and the record have them."""
        return await asyncio.to_thread(pages_by_hand, self._store, marks, self._run)

    async def cited(self, claims: Sequence[Claim]) -> list[str]:
        """The addresses, as the record has them."""
        return await asyncio.to_thread(self._store.known_citations, [claim.id for claim in claims])

    async def archived(self, urls: Sequence[str], near: date | None) -> Mapping[str, Gathered]:
        """Every archive was asked about every address, as far as its share for one article goes."""
        return await archived(urls, self._opened, near)

    async def capture(self, url: str) -> Capture:
        """What came from an address, archived."""
        return await self._fetcher.capture(url)

    async def body(self, capture: Capture) -> bytes:
        """The decoded body, from memory or from the archive."""
        return await self._fetcher.body(capture)

    def keep_texts(self, documents: Sequence[Document], captures: Mapping[str, Capture]) -> None:
        """The texts are archived, each with a reference to what it was read from; the visits are recorded."""
        self._store.add_visits(self._run, self._fetcher.take_visits())
        for document in documents:
            self._archive.write_conversion(document, captures[document.capture])


@contextlib.asynccontextmanager
async def live_web(
    request: Request, run: str, store: Store, archive: str | None = None
) -> AsyncIterator[LiveWeb]:
    """The web of a request, archived under the run's name unless `archive` is another, closed at the end."""
    async with open_fetching(store, request.evidence, run, archive, ask=True) as opened:
        yield LiveWeb(run, opened.opened, opened.fetcher, opened.archive, store)
