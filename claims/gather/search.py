"""Every source asked every suitable query, and what they named merged into one ranked list."""

from __future__ import annotations

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from pathlib import Path

from claims.errors import SourceSkipped, SourceUnusable
from claims.gather.addresses import names_revision, page_key
from claims.gather.base import Ask, Connector
from claims.gather.factcheck import FactCheckConnector
from claims.gather.feed import fetched_feed
from claims.gather.folder import FolderConnector
from claims.gather.gdelt import GdeltConnector
from claims.gather.listing import ListingConnector
from claims.gather.mediawiki import MediaWikiConnector
from claims.gather.replay import ReplayConnector
from claims.gather.searxng import SearxngConnector
from claims.gather.sitemap import fetched_sitemap
from claims.gather.wayback import WaybackConnector
from claims.model import Article, Candidate, PublishedCheck, Query, Sought, SoughtOutcome
from claims.source_kinds import (
    FactCheckToolsSource,
    FeedSource,
    FolderSource,
    GdeltSource,
    MediaWikiSource,
    ReplaySource,
    SearxngSource,
    SitemapSource,
    SourceSpec,
    WaybackSource,
)

ANSWER_WITHIN_S = 60.0
_GIVE_UP_AFTER = 3  # look-ups in a row that could not reach the source
_BY_DAYS = (GdeltSource, FeedSource, SitemapSource)  # the others are asked by words alone
_RANK_DAMPING = 60  # of reciprocal rank fusion, the value of its authors


@dataclass(frozen=True, slots=True)
class Gathered:
    """Where evidence for a claim may be, best first, and how each question to each source went.

    `checks` are published checks of claims like it; their pages are among no candidates.
    """

    candidates: tuple[Candidate, ...]
    sought: tuple[Sought, ...]
    checks: tuple[PublishedCheck, ...] = ()


@dataclass(slots=True)
class OpenSource:
    """A connector during a run, with what was learnt of it so far."""

    connector: Connector
    languages: tuple[str, ...] = ()  # none: every language
    by_days: bool = False  # whether the days of a query change the answer
    share: int = 20  # of an archive: the pages it is asked for in one article
    answer_within_s: float = ANSWER_WITHIN_S
    given_up: tuple[SoughtOutcome, str] | None = None
    failures: int = 0
    answers: dict[Query, list[Candidate]] = field(default_factory=dict)
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def ask(self, query: Query) -> tuple[list[Candidate], Sought]:
        """The source's answer and the record of it. A question is put to a source once in a run."""
        if not self.by_days:
            query = Query(query.text, query.lang)
        async with self.turn:  # one question at a time: servers ask for it, and so do ordered records
            if query not in self.answers:
                if self.given_up:
                    return self._failed(query, *self.given_up)
                try:
                    async with asyncio.timeout(self.answer_within_s):
                        self.answers[query] = await self.connector.search(query)
                except TimeoutError:
                    detail = f"{self.connector.name}: no answer within {self.answer_within_s:g} s"
                    self.given_up = ("unreachable", detail)
                    return self._failed(query, "unreachable", detail)
                except SourceSkipped as error:
                    if error.outcome != "refused":  # that is a matter of the one question
                        self._count(error)
                    return self._failed(query, error.outcome, str(error))
                except SourceUnusable as error:
                    self.given_up = (error.outcome, str(error))
                    return self._failed(query, error.outcome, str(error))
                self.failures = 0
            found = self.answers[query]
        outcome: SoughtOutcome = "ok" if found else "empty"
        return found, Sought(self.connector.name, query.text, outcome, len(found))

    def _count(self, error: SourceSkipped) -> None:
        self.failures += 1
        if self.failures >= _GIVE_UP_AFTER:
            self.given_up = (error.outcome, f"{error} (given up after {self.failures} failures in a row)")

    def _failed(self, query: Query, outcome: SoughtOutcome, detail: str) -> tuple[list[Candidate], Sought]:
        return [], Sought(self.connector.name, query.text, outcome, 0, detail)


@dataclass(frozen=True, slots=True)
class OpenSources:
    """The sources of a run. `routes`, `trusted` and `folders` are what the fetcher must know about them.

    `routes`: recorded host -> where it answers; `trusted`: origins named in the sources file, which may be
    asked even on private addresses; `folders`: below which files may be read. `archives` are asked by the
    address of a page that is gone, not by words.
    """

    sources: tuple[OpenSource, ...]
    routes: dict[str, tuple[str, int]] = field(default_factory=dict)
    trusted: frozenset[str] = frozenset()
    folders: tuple[Path, ...] = ()
    archives: tuple[OpenSource, ...] = ()

    @property
    def every(self) -> tuple[OpenSource, ...]:
        """All of them, whatever they are asked by."""
        return self.sources + self.archives


@contextlib.asynccontextmanager
async def open_connectors(specs: Sequence[SourceSpec], ask: Ask) -> AsyncIterator[OpenSources]:
    """The sources are ready to be asked; what they started is ended afterwards.

    `ask` is not called before the first search, so it may belong to a fetcher that is made from `routes`
    and `trusted`. Raises ConfigError where a recorded web cannot be served.
    """
    sources: list[OpenSource] = []
    archives: list[OpenSource] = []
    routes: dict[str, tuple[str, int]] = {}
    trusted: set[str] = set()
    folders: list[Path] = []
    with contextlib.ExitStack() as started:
        for spec in specs:
            trusted.update(spec.origins)
            connector: Connector
            match spec:
                case FolderSource():
                    connector = folder = FolderConnector(spec.name, spec.path, spec.limit)
                    folders.append(folder.path)
                case ReplaySource():
                    connector = replay = await asyncio.to_thread(
                        ReplayConnector, spec.name, spec.path, ask, spec.limit
                    )
                    started.callback(replay.close)
                    routes = replay.routes | routes  # where two record one host, the first named is asked
                    trusted.add(replay.origin)
                case WaybackSource():
                    archives.append(OpenSource(WaybackConnector(spec, ask), by_days=True, share=spec.limit))
                    continue
                case _:
                    connector = _asking(spec, ask)
            sources.append(OpenSource(connector, spec.languages, isinstance(spec, _BY_DAYS)))
        yield OpenSources(
            tuple(sources), routes, frozenset(trusted), tuple(folders), archives=tuple(archives)
        )


_Asking = SearxngSource | MediaWikiSource | GdeltSource | FactCheckToolsSource | FeedSource | SitemapSource


def _asking(spec: _Asking, ask: Ask) -> Connector:
    """The connector of a source that is a server."""
    match spec:
        case GdeltSource():
            return GdeltConnector(spec, ask)
        case FactCheckToolsSource():
            return FactCheckConnector(spec, ask)
        case FeedSource():
            return ListingConnector(spec.name, partial(fetched_feed, spec.url, spec.name, ask), spec.limit)
        case SitemapSource():
            pages = partial(fetched_sitemap, spec.url, spec.sitemaps, spec.name, ask)
            return ListingConnector(spec.name, pages, spec.limit)
        case MediaWikiSource():
            return MediaWikiConnector(spec.name, spec.url, ask, spec.limit)
        case SearxngSource():
            return SearxngConnector(spec.name, spec.url, ask, spec.limit)


async def gather(queries: Sequence[Query], opened: OpenSources, article: Article, limit: int) -> Gathered:
    """At most `limit` candidates for a claim, best placed first, none of them the article itself.

    A source that fails never fails the call: how each question went stands in `sought`, in the order of the
    sources and of the queries.
    """
    answers = await asyncio.gather(*(_asked(source, queries) for source in opened.sources))
    ranked = [found for answer in answers for found, _ in answer]
    own = page_key(article.url) if article.url else None
    checks = {page_key(c.url): c.check for found in ranked for c in found if c.check}
    pages = [[c for c in found if page_key(c.url) not in checks] for found in ranked]
    return Gathered(
        tuple(_merged(pages, own)[:limit]),
        tuple(sought for answer in answers for _, sought in answer),
        tuple(checks.values()),
    )


async def archived(urls: Collection[str], opened: OpenSources, near: date | None) -> dict[str, Gathered]:
    """The archived copies of each of the addresses, nearest to a day, and how asking for them went."""
    found: dict[str, Gathered] = {}
    for archive in opened.archives:
        for url in sorted(urls)[: archive.share]:
            candidates, sought = await archive.ask(Query(url, "", near, near))
            before = found.get(url, Gathered((), ()))
            found[url] = Gathered((*before.candidates, *candidates), (*before.sought, sought))
    return found


async def _asked(source: OpenSource, queries: Sequence[Query]) -> list[tuple[list[Candidate], Sought]]:
    suitable = [query for query in queries if not source.languages or query.lang in source.languages]
    return [await source.ask(query) for query in suitable]


def _merged(ranked: list[list[Candidate]], own: str | None) -> list[Candidate]:
    """One list out of many by reciprocal rank fusion; equal pages once, with what any source knew of them."""
    scores: dict[str, float] = defaultdict(float)
    known: dict[str, Candidate] = {}
    for candidates in ranked:
        seen: set[str] = set()
        for candidate in candidates:
            key = page_key(candidate.url)
            if key in seen or _is_own(key, own):
                continue
            scores[key] += 1 / (_RANK_DAMPING + len(seen) + 1)
            seen.add(key)
            known[key] = _joined(known[key], candidate) if key in known else candidate
    return [known[key] for key in sorted(known, key=lambda key: (-scores[key], key))]


def _is_own(key: str, own: str | None) -> bool:
    """Whether a page is the article, or an archive's copy of it, whose address ends in the article's."""
    return own is not None and (key == own or ("/" in own and key.endswith(own)))


def _joined(first: Candidate, other: Candidate) -> Candidate:
    return replace(
        first,
        url=first.url if names_revision(first.url) else other.url if names_revision(other.url) else first.url,
        title=first.title or other.title,
        published=first.published or other.published,
        snippet=first.snippet or other.snippet,
    )
