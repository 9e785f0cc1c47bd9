"""A night: new articles from what is watched, and the claims that have fallen due, as one run.

What is watched stands in one file, `desk.toml`. A night that was cut short is taken up where it ended; a
night that is over leaves nothing to do until something is new, or due.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from claims.errors import ConfigError, StoreBusy, StoreError
from claims.finding import Watch, find_articles
from claims.gather.base import Ask
from claims.intake import Named, named_articles
from claims.pipeline.plan import Listed, Plan, plan_run
from claims.pipeline.request import Request, make_request
from claims.record import nights
from claims.source_kinds import FolderSource
from claims.sources import checked, load_sources, read_toml, require_own_names

_FINE = ("ok", "empty")


class Budget(BaseModel):
    """How much one night may take on."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    new_articles: Annotated[int, Field(ge=0)] = 500
    claims_again: Annotated[int, Field(ge=0)] = 5_000
    # Questions to each source for a claim that was checked before
    queries_again: Annotated[int, Field(ge=0, le=50)] = 1


class Desk(BaseModel):
    """What a newsroom watches, and where its evidence comes from."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    sources: Path | None = None
    budget: Budget = Budget()
    alert: Annotated[str, Field(pattern=r"^https?://[^\s/]")] | None = None  # is told of nights that fail
    watch: tuple[Annotated[Watch, Field(discriminator="kind")], ...] = ()


def load_desk(file: Path) -> Desk:
    """What the file says, paths made absolute. Raises ConfigError with what is wrong and where."""
    desk = checked(Desk, read_toml(file, "no such file; docs/nightly.md shows one"), str(file))
    require_own_names([watch.name for watch in desk.watch], str(file), "watch")
    base = file.parent.resolve()
    watches = tuple(
        watch.model_copy(update={"path": base / watch.path}) if isinstance(watch, FolderSource) else watch
        for watch in desk.watch
    )
    for watch in watches:
        if isinstance(watch, FolderSource) and not watch.path.is_dir():
            raise ConfigError(f"{file}: {watch.name}: {watch.path} is no folder")
    sources = base / desk.sources if desk.sources else None
    load_sources(sources)
    return desk.model_copy(update={"watch": watches, "sources": sources})


def plan_night(
    file: Path,
    workspace: Path,
    day: date | None = None,
    overrides: Sequence[str] = (),
    in_parts: bool = False,
) -> Plan:
    """The plan of this night's run: the one that was cut short, else a new one.

    Its articles are those with claims that are due by `day` (today, in UTC), then the new ones, which the run
    itself looks for; where it is done `in_parts`, they are named and left for others to read. Raises
    ConfigError and StoreError.
    """
    desk = load_desk(file)
    request = make_request((), workspace=workspace, evidence=desk.sources, overrides=overrides)
    store = request.store()
    today = day or datetime.now(UTC).date()
    night = nights.night_of(store, today, datetime.now(UTC), workspace / "reports")
    due = nights.due_on(store, today, desk.budget.claims_again, night.run)
    plan = plan_run(request, night.run, night.started_at)

    def articles(bad: list[str]) -> Iterator[Named]:
        return iter([Named(article.name, article) for article, _ in due])

    keys: dict[str, str] = {}

    async def look(ask: Ask) -> Listed:
        known = await asyncio.to_thread(nights.taken_before, store)
        findings = await find_articles(desk.watch, ask, known)
        failed = [
            one.detail or f"{one.watch}: {one.outcome}" for one in findings.looked if one.outcome not in _FINE
        ]
        named: list[Named] = []
        for found in findings.articles[: desk.budget.new_articles]:
            keys[found.where] = found.key
            if in_parts:
                named.append(Named(found.where, None))
            else:
                named += await asyncio.to_thread(load_article, found.where, request, failed)
        return Listed(tuple(named), tuple(failed))

    def taken(places: Sequence[str]) -> None:
        nights.add_taken(plan.store, night.run, [keys[where] for where in places if where in keys])

    return replace(
        plan,
        articles=articles,
        again={article.id: claims for article, claims in due},
        done=frozenset(nights.decided_in(store, night.run)) if night.unfinished else frozenset(),
        queries_again=desk.budget.queries_again,
        look=look,
        taken=taken,
        keys=keys,
    )


def load_article(where: str, request: Request, failed: list[str]) -> list[Named]:
    """The articles that stand at a place that was found; what cannot be used adds a line to `failed`."""
    return list(named_articles([where], None, None, request.settings.max_article_bytes, failed))


def step_back(by: int) -> None:
    """This thread, and whatever it starts, works at a priority lower by so much, so that others go first."""
    if os.getpriority(os.PRIO_PROCESS, 0) < by:  # Linux means the thread
        os.setpriority(os.PRIO_PROCESS, 0, by)


@contextlib.contextmanager
def one_night(workspace: Path) -> Iterator[None]:
    """No other night of the workspace begins meanwhile. Raises StoreBusy where one is going on."""
    try:
        workspace.mkdir(parents=True, exist_ok=True)
        lock = (workspace / ".night.lock").open("wb")
    except OSError as error:
        raise StoreError(
            f"{workspace}: cannot be written ({error.strerror}); name another --workspace"
        ) from None
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise StoreBusy(f"{workspace}: another nightly run is going on; let it end") from None
        yield
