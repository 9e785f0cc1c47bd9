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


def reports_of(workspace: Path, lang: str) -> list[tuple[str, str]]:
    """The reports of the workspace, the newest first: the name of each, and its page in the language."""
    folder = workspace / "reports"
    if not folder.is_dir():
        return []
    found = [item for item in folder.iterdir() if (item / "index.html").is_file()]
    found.sort(key=lambda item: item.stat().st_mtime, reverse=True)
    own = f"index.{lang}.html"  # not there where the report opens in this language
    return [(item.name, own if (item / own).is_file() else "index.html") for item in found]
