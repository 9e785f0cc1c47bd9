"""A plan carried out: every article through every step, then publication; who calls the steps is open."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Iterator
from itertools import chain
from typing import Any

from claims.contract import verdict_record
from claims.intake import Named
from claims.pipeline.joining import match_new
from claims.pipeline.plan import Plan, plan_run
from claims.pipeline.progress import Progress, silent
from claims.pipeline.publication import Published, publish
from claims.pipeline.request import Request
from claims.pipeline.verification import Finished, Verification
from claims.run_record import RunRecord

Does = Callable[..., Awaitable[Any]]
Step = Callable[[str, Does], Does]
Go = Callable[["Verification", Iterable[Named], Step], Awaitable[None]]
Show = Callable[[Verification, Published], Awaitable[None]]


def directly(name: str, work: Does) -> Does:
    """The step as it is, with no orchestrator around it."""
    return work


async def show_nowhere(run: Verification, published: Published) -> None:
    """Nothing is shown."""


async def verify(request: Request, progress: Progress = silent) -> Finished:
    """The articles of a request verified, recorded, published and reported, without an orchestrator.

    Raises InputError where none of them could be used, StoreError where the workspace cannot be.
    """
    return await run_plan(plan_run(request), progress)


async def run_plan(
    plan: Plan,
    progress: Progress = silent,
    nothing_to_do: bool = False,
    step: Step = directly,
    show: Show = show_nowhere,
    go: Go | None = None,
) -> Finished:
    """The run of a plan made, as `verify` makes it; `nothing_to_do` where there may well be nothing.

    `step` wraps each step by its name, so that an orchestrator can watch and repeat it, `show` is told
    when the run is published with a report, and `go` is who goes through the articles, if not this process.
    """
    async with Verification(plan, progress) as run:

        async def match() -> int:
            return await match_new(run)

        async def end() -> Published | None:
            return await publish(run)

        new = await step("look", run.look)() if plan.look else []
        await (go or go_through)(run, chain(run.articles(), new), step)
        if plan.look:
            await step("match", match)()
        published = await step("publish", end)()
        if published:
            await show(run, published)
        return run.finished(published.report if published else None, nothing_to_do)


async def go_through(run: Verification, articles: Iterable[Named], step: Step = directly) -> None:
    """Every article was taken in, its sources asked, its pages fetched and its claims weighed; several
    small ones go through the steps together."""
    steps = [
        step(name, work)
        for name, work in (("search", run.search), ("fetch", run.fetch), ("weigh", run.weigh))
    ]

    async def go_on() -> None:
        together = await run.record_taken()
        for one in steps if together else ():
            await one(together)

    for named in articles:
        if await run.take_in(named):
            await go_on()
    await go_on()


def verdict_lines(record: RunRecord) -> Iterator[dict[str, object]]:
    """One verdict record a claim, in the order of the articles."""
    decided_at = record.run.started_at.isoformat(timespec="seconds").replace("+00:00", "Z")
    for checked in record.articles:
        for claim in checked.claims:
            if claim.id in checked.verdicts:
                verdict = checked.verdicts[claim.id]
                yield verdict_record(claim, verdict, record.captures, decided_at, checked.article.name)
