"""New articles: what feeds, sitemaps, folders and single addresses hold that was not seen before.

Nothing is fetched but the lists themselves, and nothing is written: the caller keeps the keys of what it took
in, and gives them back the next time.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import ClassVar, Literal

from claims.errors import SourceSkipped, SourceUnusable
from claims.gather.addresses import page_key
from claims.gather.base import Ask
from claims.gather.feed import fetched_feed
from claims.gather.listing import Entry
from claims.gather.sitemap import fetched_sitemap
from claims.model import SoughtOutcome
from claims.source_kinds import FeedSource, FolderSource, HttpAddress, ServerOrFolder, SitemapSource

_SUFFIXES = (".txt", ".md", ".html", ".htm", ".xhtml")
_MOST_FILES = 20_000
_MOST_BYTES = 5_000_000


class PageWatch(ServerOrFolder):
    """One article at one address."""

    asks: ClassVar[str] = "nothing: the address itself is the article"
    limits: ClassVar[str] = "one article"

    kind: Literal["page"]
    url: HttpAddress


Watch = FeedSource | SitemapSource | FolderSource | PageWatch
WATCHES: dict[str, type[Watch]] = {
    "feed": FeedSource,
    "sitemap": SitemapSource,
    "folder": FolderSource,
    "page": PageWatch,
}


@dataclass(frozen=True, slots=True)
class Found:
    """An article that was listed. `where` is what `verify` takes: an address or the path of a file.

    `key` stays the same as long as it is the same article: for a page its address without what leads there,
    for a file its path and its bytes, so that a file that was edited is new again.
    """

    key: str
    where: str
    watch: str
    title: str | None = None
    published: date | None = None


@dataclass(frozen=True, slots=True)
class Looked:
    """How looking at one watch went: how many articles it lists, and how many of them are new."""

    watch: str
    outcome: SoughtOutcome
    listed: int
    new: int
    detail: str | None = None


@dataclass(frozen=True, slots=True)
class Findings:
    """New articles, each once, and how looking for them went, in the order of the watches."""

    articles: tuple[Found, ...]
    looked: tuple[Looked, ...]


async def find_articles(
    watches: Sequence[Watch], ask: Ask, known: Collection[str], since: date | None = None
) -> Findings:
    """What the watches list, was not known by its key, and is not known to be older than `since`.

    Of each watch at most `limit` articles, the newest first and those without a day last. A watch that fails
    costs the others nothing: how it went stands in `looked`. `ask` may be called several times at once.
    """
    lists = await asyncio.gather(*(_listed(watch, ask) for watch in watches))
    seen = set(known)
    articles: list[Found] = []
    looked: list[Looked] = []
    for watch, (found, looking) in zip(watches, lists, strict=True):
        fresh = {f.key: f for f in reversed(found) if f.key not in seen and not _older(f.published, since)}
        newest = sorted(reversed(fresh.values()), key=lambda f: f.published or date.min, reverse=True)
        taken = newest[: watch.limit]
        seen.update(article.key for article in taken)
        articles += taken
        looked.append(Looked(watch.name, looking[0], len(found), len(taken), looking[1]))
    return Findings(tuple(articles), tuple(looked))


_Looking = tuple[SoughtOutcome, str | None]


async def _listed(watch: Watch, ask: Ask) -> tuple[list[Found], _Looking]:
    """All that a watch lists, and how that went."""
    try:
        match watch:
            case FeedSource():
                found = [_page(e, watch.name) for e in await fetched_feed(watch.url, watch.name, ask)]
            case SitemapSource():
                entries = await fetched_sitemap(watch.url, watch.sitemaps, watch.name, ask)
                found = [_page(entry, watch.name) for entry in entries]
            case FolderSource():
                found = await asyncio.to_thread(_files, watch)
            case PageWatch():
                found = [_page(Entry(watch.url), watch.name)]
    except (SourceSkipped, SourceUnusable) as error:
        return [], (error.outcome, str(error))
    return found, ("ok" if found else "empty", None)


def _page(entry: Entry, watch: str) -> Found:
    return Found(page_key(entry.url), entry.url, watch, entry.title, entry.day)


def _files(watch: FolderSource) -> list[Found]:
    """The articles in the files below a folder, in a fixed order. Raises SourceUnusable without it."""
    if not watch.path.is_dir():
        raise SourceUnusable(f"{watch.name}: {watch.path} is no folder; correct path")
    root = watch.path.resolve()
    found: list[Found] = []
    for folder, folders, names in os.walk(root):  # does not follow links to folders
        folders.sort()
        for name in sorted(names):
            file = Path(folder, name)
            if len(found) < _MOST_FILES and file.suffix.lower() in _SUFFIXES and not name.startswith("."):
                found += _file(file, root, watch.name)
    return found


def _file(file: Path, root: Path, watch: str) -> list[Found]:
    """The article in a file, where it can be read and lies below the root."""
    try:
        if not file.resolve().is_relative_to(root) or not file.is_file():
            return []
        with file.open("rb") as opened:
            body = opened.read(_MOST_BYTES + 1)
        changed = datetime.fromtimestamp(file.stat().st_mtime, UTC).date()
    except (OSError, OverflowError, ValueError):
        return []  # gone since it was listed, or not ours to read
    if not body.strip() or len(body) > _MOST_BYTES:
        return []
    key = f"{file.as_uri()}#{hashlib.sha256(body).hexdigest()[:16]}"
    return [Found(key, str(file), watch, None, changed)]


def _older(day: date | None, since: date | None) -> bool:
    return day is not None and since is not None and day < since
