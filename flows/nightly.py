"""The night as a Prefect flow: what is new and what is due, verified as one run; what changed, and why."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

from prefect import flow
from prefect.artifacts import create_markdown_artifact
from prefect.schedules import Cron

from claims.pipeline import (
    Finished,
    Published,
    Verification,
    one_night,
    plan_night,
    run_plan,
    step_back,
    with_alert,
)
from claims.run_record import RunRecord
from claims.settings import load_settings
from flows.parts import FanOut
from flows.server import server_ends_with_us
from flows.verify import show, showing, step


@flow(name="nightly", persist_result=False)
async def nightly_flow(
    desk: str = "desk.toml", workspace: str = ".", day: str | None = None, overrides: list[str] | None = None
) -> Finished:
    """New articles of the watched places and all claims that are due were verified, recorded and reported.

    `desk` is the file that says what is watched; `day` is the day by which claims are due, today in UTC where
    it is not given; `overrides` are settings as NAME=VALUE. A night that was cut short is finished first.
    Where the record is shared, the articles are checked by whoever serves the pool of the deployment `part`.
    Raises ConfigError and StoreError, StoreBusy where another night is going on in the workspace.
    """
    return await with_alert(Path(desk), Path(workspace), _night(desk, Path(workspace), day, overrides or []))


async def _night(desk: str, folder: Path, day: str | None, set_: list[str]) -> Finished:
    with one_night(folder):
        settings = load_settings(folder, set_)
        step_back(settings.night_nice)
        shared = bool(settings.store)
        plan = plan_night(Path(desk), folder, date.fromisoformat(day) if day else None, set_, shared)
        go = None
        if shared:
            go = FanOut(
                Path(desk).resolve(),
                folder.resolve(),
                set_,
                settings.worker_silent_s,
                settings.articles_per_part,
            )
        return await run_plan(plan, showing.get(), nothing_to_do=True, step=step, show=_show, go=go)


async def _show(run: Verification, published: Published) -> None:
    await show(run, published)
    await _summary(published.record)


async def _summary(record: RunRecord) -> None:
    """Prefect's page of the run tells what changed and what could not be reached."""
    changed = [decisions[-1] for decisions in record.history.values() if decisions and decisions[-1].changed]
    checked = len(record.history) + record.as_before
    lines = [f"**{checked}** claims checked, **{len(changed)}** rulings changed."]
    texts = {claim.id: claim.text for checked in record.articles for claim in checked.claims}
    for claim, decisions in record.history.items():
        last = decisions[-1]
        if last.changed:
            text = " ".join(texts.get(claim, claim).split())[:120].replace("|", "/")
            lines.append(f"- {decisions[-2].holds} → {last.holds}: {text} (new {last.new}, gone {last.gone})")
    unread = Counter(
        item.outcome
        for checked in record.articles
        for verdict in checked.verdicts.values()
        for item in verdict.unread
    )
    lines += [f"- could not be read, {outcome}: {count}" for outcome, count in sorted(unread.items())]
    lines += [f"- skipped: {line}" for line in record.failures[:20]]
    await create_markdown_artifact("\n".join(lines), key="night")  # type: ignore[misc]


def serve_nights(desk: Path, workspace: Path, cron: str, timezone: str) -> None:
    """Nights are run at their hour, one at a time, until the process is told to end."""
    server_ends_with_us()
    nightly_flow.serve(
        name="nightly",
        schedule=Cron(cron, timezone=timezone),
        parameters={"desk": str(desk), "workspace": str(workspace)},
        global_limit=1,
        limit=1,
        pause_on_shutdown=False,
    )
