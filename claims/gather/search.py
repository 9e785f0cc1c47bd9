"""Every source asked every suitable query, and what they named merged into one ranked list."""

from __future__ import annotations

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import urlsplit

from claims.errors import SourceSkipped, SourceUnusable
from claims.gather.addresses import names_revision, page_key
from claims.gather.base import Ask, Connector
from claims.gather.folder import FolderConnector
from claims.gather.mediawiki import MediaWikiConnector
from claims.gather.replay import ReplayConnector
from claims.gather.searxng import SearxngConnector
from claims.model import Article, Candidate, Query, Sought, SoughtOutcome
from claims.sources import SourceSpec

ANSWER_WITHIN_S = 60.0
_GIVE_UP_AFTER = 3  # look-ups in a row that could not reach the source
_RANK_DAMPING = 60  # of reciprocal rank fusion, the value of its authors


@dataclass(frozen=True, slots=True)
class Gathered:
    """Where evidence for a claim may be, best first, and how each question to each source went."""

    candidates: tuple[Candidate, ...]
    sought: tuple[Sought, ...]


@dataclass(slots=True)
class OpenSource:
    """A connector during a run, with what was learnt of it so far."""

    connector: Connector
    languages: tuple[str, ...] = ()  # none: every language
    answer_within_s: float = ANSWER_WITHIN_S
    given_up: tuple[SoughtOutcome, str] | None = None
    failures: int = 0
    answers: dict[Query, list[Candidate]] = field(default_factory=dict)
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def ask(self, query: Query) -> tuple[list[Candidate], Sought]:
        """The source's answer and the record of it. A question is put to a source once in a run."""
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
    asked even on private addresses; `folders`: below which files may be read.
    """

    sources: tuple[OpenSource, ...]
    routes: dict[str, tuple[str, int]] = field(default_factory=dict)
    trusted: frozenset[str] = frozenset()
    folders: tuple[Path, ...] = ()


@contextlib.asynccontextmanager
async def open_connectors(specs: Sequence[SourceSpec], ask: Ask) -> AsyncIterator[OpenSources]:
    """The sources are ready to be asked; what they started is ended afterwards.

    `ask` is not called before the first search, so it may belong to a fetcher that is made from `routes`
    and `trusted`. Raises ConfigError where a recorded web cannot be served.
    """
    sources: list[OpenSource] = []
    routes: dict[str, tuple[str, int]] = {}
    trusted: set[str] = set()
    folders: list[Path] = []
    with contextlib.ExitStack() as started:
        for spec in specs:
            connector: Connector
            if spec.kind == "folder" and spec.path:
                connector = FolderConnector(spec.name, spec.path, spec.limit)
                folders.append(connector.path)
            elif spec.kind == "replay" and spec.path:
                replay = await asyncio.to_thread(ReplayConnector, spec.name, spec.path, ask, spec.limit)
                started.callback(replay.close)
                routes = replay.routes | routes  # where two record one host, the first named is asked
                trusted.add(replay.origin)
                connector = replay
            else:
                url = spec.url or ""
                trusted.add(origin_of(url))
                kind = MediaWikiConnector if spec.kind == "mediawiki" else SearxngConnector
                connector = kind(spec.name, url, ask, spec.limit)
            sources.append(OpenSource(connector, spec.languages))
        yield OpenSources(tuple(sources), routes, frozenset(trusted), tuple(folders))


def origin_of(url: str) -> str:
    """Scheme, host and port of an address, such as `http://127.0.0.1:8888`."""
    parts = urlsplit(url)
    return f"{parts.scheme.lower()}://{parts.netloc.lower()}"


async def gather(queries: Sequence[Query], opened: OpenSources, article: Article, limit: int) -> Gathered:
    """At most `limit` candidates for a claim, best placed first, none of them the article itself.

    A source that fails never fails the call: how each question went stands in `sought`, in the order of the
    sources and of the queries.
    """
    answers = await asyncio.gather(*(_asked(source, queries) for source in opened.sources))
    ranked = [found for answer in answers for found, _ in answer]
    own = page_key(article.url) if article.url else None
    return Gathered(
        tuple(_merged(ranked, own)[:limit]), tuple(sought for answer in answers for _, sought in answer)
    )


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
