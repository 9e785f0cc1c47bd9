"""The end of a run: it is recorded as finished, readers get it, and the report stands."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from pathlib import Path

from claims.errors import StoreError
from claims.pipeline.verification import Verification
from claims.record import nights
from claims.record.changes import changes_of_run, latest_changes
from claims.record.matches import matches_in
from claims.report.build import build_report
from claims.report.shelf import write_shelf
from claims.run_record import RunRecord


@dataclass(frozen=True, slots=True)
class Published:
    """The report of a run, and what it shows."""

    report: Path
    record: RunRecord


async def publish(run: Verification) -> Published | None:
    """The run is finished, the snapshot for readers swapped in and the report built; nothing is reported of
    a run that decided nothing, and of a night only what is new or has changed."""
    store, plan = run.store, run.plan
    if run.bad:
        await asyncio.to_thread(store.add_failures, run.id, run.bad)
    await asyncio.to_thread(store.finish_run, run.id, plan.clock(run.id))
    await asyncio.to_thread(store.publish)
    if not run.claims_done and not plan.done:
        return None
    if nights.is_night(run.id):
        record = await asyncio.to_thread(nights.read_news, store, run.id)
        record = replace(record, matches=await asyncio.to_thread(matches_in, store, run.id))
    else:
        record = await asyncio.to_thread(store.read_run, run.id)
    return Published(await asyncio.to_thread(_reported, run, record), record)


def _reported(run: Verification, record: RunRecord) -> Path:
    out, settings, workspace = run.plan.report, run.plan.settings, run.store.workspace
    try:
        changes = changes_of_run(workspace, record.run) if record.articles else ()
        report = build_report(record, out, settings.report_lang, changes, True)
        write_shelf(out.parent, latest_changes(workspace), settings.report_lang, settings.publisher_url)
    except OSError as error:
        raise StoreError(
            f"{out}: the report cannot be written ({error.strerror or error}); make room on the disk and"
            " run the same again: what was recorded stays"
        ) from None
    return report
