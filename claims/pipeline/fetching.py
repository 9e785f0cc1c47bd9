"""The one way in which anything of this project comes from the web: fetched safely, archived, on record."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from claims.errors import SourceUnusable
from claims.fetch.archive import Archive
from claims.fetch.cache import Memory
from claims.fetch.client import Answer, Fetcher
from claims.gather.search import OpenSources, open_connectors
from claims.record.store import Store
from claims.sources import Sources


@dataclass(frozen=True, slots=True)
class Fetching:
    """A fetcher with the archive that it writes and the sources that it may ask."""

    fetcher: Fetcher
    archive: Archive
    opened: OpenSources


def name_of_archive(what: str) -> str:
    """A name for the archive of something that belongs to no run: when, what, and no other like it."""
    return f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{what}-{secrets.token_hex(3)}"


@contextlib.asynccontextmanager
async def open_fetching(
    store: Store, evidence: Sources, run: str, archive: str | None = None, ask: bool = False
) -> AsyncIterator[Fetching]:
    """Pages can be fetched into an archive file of the workspace; what was visited is recorded at the end.

    The visits stand under the name `run`, which the archive file has too, unless `archive` names it.
    The sources can be asked questions where `ask` says so; else they only lend their folders and routes.
    """
    fetcher: Fetcher

    async def question(
        url: str, params: Mapping[str, str], *, headers: Mapping[str, str] | None = None
    ) -> Answer:
        if not ask:
            raise SourceUnusable(f"{url}: sources are not asked here")
        return await fetcher.ask(url, params, headers=headers)

    past = await asyncio.to_thread(store.known_past)
    with Archive(store.workspace, archive or run) as file:
        async with open_connectors(evidence.sources, question) as opened:
            fetcher = Fetcher(
                evidence.fetch,
                file,
                memory=Memory(store.known_pages),
                past=past,
                routes=opened.routes,
                folders=opened.folders,
                trusted=opened.trusted,
            )
            async with fetcher:
                try:
                    yield Fetching(fetcher, file, opened)
                finally:
                    if visits := fetcher.take_visits():
                        store.add_visits(run, visits)
