"""A source that a person names: fetched through the safe fetcher, archived and recorded."""

from __future__ import annotations

from pathlib import Path

from claims.model import Capture
from claims.pipeline.fetching import name_of_archive, open_fetching
from claims.record.store import Store
from claims.sources import Sources


async def fetch_source(store: Store, evidence: Sources, url: str) -> Capture:
    """What came from the address; archived and on record where it answered. A bad page raises nothing."""
    async with open_fetching(store, evidence, name_of_archive("desk")) as opened:
        visit = await opened.fetcher.visit(url)
        return visit.capture


def reports_of(workspace: Path) -> list[str]:
    """The names of the reports of the workspace, the newest first."""
    folder = workspace / "reports"
    if not folder.is_dir():
        return []
    found = [item for item in folder.iterdir() if (item / "index.html").is_file()]
    return [item.name for item in sorted(found, key=lambda item: item.stat().st_mtime, reverse=True)]
