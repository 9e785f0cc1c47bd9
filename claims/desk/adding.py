"""A source that a person names: fetched through the safe fetcher, archived and recorded."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from claims.errors import SourceUnusable
from claims.fetch.archive import Archive
from claims.fetch.cache import Memory
from claims.fetch.client import Answer, Fetcher
from claims.gather.search import open_connectors
from claims.model import Capture
from claims.record.store import Store
from claims.sources import Sources


async def fetch_source(store: Store, evidence: Sources, url: str) -> Capture:
    """What came from the address; archived and on record where it answered. A bad page raises nothing."""
    name = f"{datetime.now(UTC):%Y%m%dT%H%M%S}-desk-{secrets.token_hex(3)}"

    async def unasked(
        url: str, params: Mapping[str, str], *, headers: Mapping[str, str] | None = None
    ) -> Answer:
        raise SourceUnusable(f"{url}: sources are not asked here")

    with Archive(store.workspace, name) as archive:
        async with (
            open_connectors(evidence.sources, unasked) as opened,
            Fetcher(
                evidence.fetch,
                archive,
                memory=Memory(store.known_pages),
                past=store.known_past(),
                routes=opened.routes,
                folders=opened.folders,
                trusted=opened.trusted,
            ) as fetcher,
        ):
            visit = await fetcher.visit(url)
            store.add_visits(name, fetcher.take_visits())
            return visit.capture


def reports_of(workspace: Path) -> list[str]:
    """The names of the reports of the workspace, the newest first."""
    folder = workspace / "reports"
    if not folder.is_dir():
        return []
    found = [item for item in folder.iterdir() if (item / "index.html").is_file()]
    return [item.name for item in sorted(found, key=lambda item: item.stat().st_mtime, reverse=True)]
