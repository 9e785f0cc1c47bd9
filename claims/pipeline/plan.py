"""What is fixed of a run before it begins."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

from claims.gather.base import Ask
from claims.intake import Named, named_articles
from claims.pipeline.request import Request
from claims.pipeline.web import Web, live_web
from claims.record.store import Store
from claims.settings import Settings


@dataclass(frozen=True, slots=True)
class Listed:
    """Articles that are not on record yet, and what went wrong in looking for them."""

    named: tuple[Named, ...]
    failed: tuple[str, ...]


Look = Callable[[Ask], Awaitable[Listed]]


@dataclass(frozen=True, slots=True)
class Plan:
    """A run to be made: its name and moment, its articles, its web, and where it is recorded.

    `clock` tells when something comes to its end: the work on an article, by its id, or the run, by its
    name. `articles` appends to the list that it is given one line for each article that cannot be used.
    """

    run: str
    started_at: datetime
    clock: Callable[[str], datetime]
    sources: str  # name of the sources file
    sample: bool
    settings: Settings
    store: Store
    articles: Callable[[list[str]], Iterator[Named]]
    web: Callable[[], AbstractAsyncContextManager[Web]]
    report: Path  # the folder for it
    published: date | None = None  # of articles that have to be fetched, as the caller says
    lang: str | None = None  # of those
    again: Mapping[str, frozenset[str]] = field(default_factory=dict)  # by article: the only claims to check
    queries_again: int = 0  # questions to each source for these
    done: frozenset[str] = frozenset()  # claims that the run decided before it was cut short
    look: Look | None = None  # finds articles that are known only once the web is open
    taken: Callable[[Sequence[str]], None] = lambda _: None  # is told where articles on record now are from
    keys: Mapping[str, str] = field(default_factory=dict)  # of what `look` found, by where it is


def plan_run(request: Request, run: str | None = None, started_at: datetime | None = None) -> Plan:
    """The plan of a new run of the request, or of one that has a name and has begun already."""
    started_at = started_at or _now()
    run = run or f"{started_at:%Y%m%dT%H%M%S}-{secrets.token_hex(3)}"
    store = request.store()

    def articles(bad: list[str]) -> Iterator[Named]:
        limit = request.settings.max_article_bytes
        return named_articles(request.sources, request.published, request.lang, limit, bad)

    return Plan(
        run=run,
        started_at=started_at,
        clock=lambda _: _now(),
        sources=request.evidence.name,
        sample=request.evidence.sample,
        settings=request.settings,
        store=store,
        articles=articles,
        web=lambda: live_web(request, run, store),
        report=request.workspace / "reports" / run,
        published=request.published,
        lang=request.lang,
    )


def _now() -> datetime:
    return datetime.now(UTC)
