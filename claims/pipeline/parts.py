"""A night in parts: what one worker takes at a time, and its way from the list to the shared record."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from claims.errors import ConfigError
from claims.intake import Named
from claims.model import digest
from claims.pipeline.night import load_article, load_desk
from claims.pipeline.plan import Plan, plan_run
from claims.pipeline.progress import Progress, silent
from claims.pipeline.request import make_request
from claims.pipeline.running import go_through
from claims.pipeline.verification import Verification
from claims.pipeline.web import live_web
from claims.record import nights
from claims.record.shared_store import SharedStore

_SIGN_S = 3.0
_FOLDER = ".parts"


@dataclass(frozen=True, slots=True)
class PartOfNight:
    """Some articles of a night, in a form that passes as JSON. `first` is the place of the first in the run.

    An article that is `new` is known by where it is and its key, one to be checked `again` by its id and the
    claims to check.
    """

    run: str
    started_at: str
    first: int
    new: list[tuple[str, str]]
    again: dict[str, list[str]]

    @property
    def name(self) -> str:
        """The same name for the same work, however often the night is begun."""
        return f"{self.run}-{self.first:06d}-{digest(self.new, self.again)[:8]}"


def in_parts(plan: Plan, articles: Iterable[Named], size: int) -> Iterator[PartOfNight]:
    """The articles of the night, `size` at a time, in their order."""
    named = list(articles)
    for first in range(0, len(named), size):
        some = named[first : first + size]
        again = {
            one.article.id: sorted(plan.again[one.article.id])
            for one in some
            if one.article and one.article.id in plan.again
        }
        new = [(one.where, plan.keys[one.where]) for one in some if one.where in plan.keys]
        yield PartOfNight(plan.run, plan.started_at.isoformat(), first, new, again)


async def verify_part(
    part: PartOfNight, desk: Path, workspace: Path, overrides: list[str], progress: Progress = silent
) -> int:
    """The articles of the part are checked and handed over whole; how many. Repeated, it changes nothing.

    Raises ConfigError where the record is not shared.
    """
    budget = load_desk(desk)
    request = make_request((), workspace=workspace, evidence=budget.sources, overrides=overrides)
    whole = request.store()
    if not isinstance(whole, SharedStore):
        raise ConfigError(f"{workspace}: the record is a file of its own; set `store` to share it")
    with whole.part(part.first) as store:
        plan = plan_run(request, part.run, datetime.fromisoformat(part.started_at))
        archive = f"{part.name}-{secrets.token_hex(3)}"  # nobody else writes into this file
        keys = dict(part.new)

        def articles(bad: list[str]) -> Iterator[Named]:
            for article in nights.articles_of(store, part.again):
                yield Named(article.name, article)
            for where in keys:
                yield from load_article(where, request, bad)

        plan = replace(
            plan,
            store=store,
            articles=articles,
            web=lambda: live_web(request, part.run, store, archive),
            again={article: frozenset(claims) for article, claims in part.again.items()},
            queries_again=budget.budget.queries_again,
            done=frozenset(store.decided_already(part.run)),
            taken=lambda places: nights.add_taken(
                store, part.run, [keys[where] for where in places if where in keys]
            ),
        )
        async with showing_life(workspace, part), Verification(plan, progress) as run:
            await go_through(run, run.articles())
            if run.bad:
                await asyncio.to_thread(store.add_failures, part.run, run.bad)
        await asyncio.to_thread(store.hand_over)
        return len(part.new) + len(part.again)


@contextlib.asynccontextmanager
async def showing_life(workspace: Path, part: PartOfNight) -> AsyncIterator[None]:
    """A file of the workspace changes every few seconds, by which others see that the part is worked on."""
    file = life_of(workspace, part)
    file.parent.mkdir(parents=True, exist_ok=True)

    async def sign() -> None:
        while True:
            file.write_text(secrets.token_hex(8), encoding="ascii")
            await asyncio.sleep(_SIGN_S)

    signing = asyncio.create_task(sign())
    try:
        yield
    finally:
        signing.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await signing


def life_of(workspace: Path, part: PartOfNight) -> Path:
    """The file by which it is seen that somebody works on the part."""
    return workspace / _FOLDER / part.name
