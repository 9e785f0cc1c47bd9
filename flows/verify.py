"""The verification as a Prefect flow: one task for each step of an article that is worth repeating.

Ids pass between tasks, never bodies: what a task needs is in the open run or on disk. A page or a claim
that fails is recorded by the steps themselves and does not fail the flow.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from prefect import flow, task
from prefect.artifacts import create_link_artifact, create_table_artifact
from prefect.cache_policies import NO_CACHE

from claims.errors import StoreBusy
from claims.pipeline import (
    Finished,
    Progress,
    Published,
    Verification,
    make_request,
    plan_replay,
    plan_run,
    run_plan,
    silent,
    verdict_lines,
)

# Who is told about progress. A parameter could not be it: Prefect stores those as JSON.
showing: ContextVar[Progress] = ContextVar("showing", default=silent)


def _worth_repeating(task: Any, run: Any, state: Any) -> bool:
    """Only a store that another process keeps: whatever else is wrong would be wrong again."""
    try:
        state.result()
    except StoreBusy:
        return True
    except BaseException:
        return False
    return False


def step(name: str, work: Callable[..., Awaitable[Any]]) -> Any:
    """The step of an open run as a task."""
    as_task = task(
        name=name,
        retries=2,
        retry_delay_seconds=5,
        retry_condition_fn=_worth_repeating,
        cache_policy=NO_CACHE,
        persist_result=False,
    )
    return as_task(work)


@flow(name="verify", persist_result=False)
async def verify_flow(
    sources: list[str],
    published: str | None = None,
    lang: str | None = None,
    workspace: str = ".",
    evidence: str | None = None,
    overrides: list[str] | None = None,
    replay: str | None = None,
) -> Finished:
    """The articles verified, recorded, published and reported.

    `sources` are files, addresses or JSON Lines; `evidence` is the sources file; `overrides` are settings
    as NAME=VALUE. `replay` names a run of the workspace that is repeated instead, from its record alone.
    Raises ConfigError, InputError and StoreError as `claims.pipeline.verify` does.
    """
    if replay:
        plan = plan_replay(Path(workspace), replay)
    else:
        file = Path(evidence) if evidence else None
        plan = plan_run(make_request(sources, published, lang, Path(workspace), file, overrides or []))
    return await run_plan(plan, showing.get(), step=step, show=show)


async def show(run: Verification, published: Published) -> None:
    """Prefect's page of the run links to the report and lists the verdicts that it shows."""
    await create_link_artifact(
        published.report.resolve().as_uri(), "Verification report", key="verification-report"
    )  # type: ignore[misc]
    rows = [
        {"claim": str(line["claim"]["text"])[:200], "verdict": line["verdict"], "said": line["said"]}  # type: ignore[index]
        for line in verdict_lines(published.record)
    ]
    await create_table_artifact(rows, key="verdicts")  # type: ignore[misc]
