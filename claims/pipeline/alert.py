"""A desk's webhook is told when a night failed or did not reach everything: one POST of one line of JSON."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Awaitable
from pathlib import Path

from claims.errors import TabayyunError
from claims.fetch.archive import Archive
from claims.fetch.client import Fetcher
from claims.pipeline.night import load_desk
from claims.pipeline.verification import Finished
from claims.source_kinds import origin_of
from claims.sources import FetchPolicy, load_sources

_INCOMPLETE = 3  # the exit status of such a night


async def with_alert(desk: Path, workspace: Path, night: Awaitable[Finished]) -> Finished:
    """What the night came to. Where it failed or is incomplete, the webhook of the desk was told.

    Raises what the night raises. That the webhook could not be told is said with it; it changes nothing else.
    """
    what = load_desk(desk)
    policy = load_sources(what.sources).fetch
    try:
        finished = await night
    except TabayyunError as error:
        trouble = await _tell(what.alert, policy, workspace, error.exit_status, str(error))
        if trouble:
            error.args = (f"{error}; and {trouble}", *error.args[1:])
        raise
    if finished.incomplete:
        line = finished.bad[0] if finished.bad else "some places could not be reached"
        trouble = await _tell(what.alert, policy, workspace, _INCOMPLETE, f"{finished.run}: {line}")
        if trouble:
            finished = Finished(
                finished.run,
                finished.report,
                finished.articles,
                finished.claims,
                True,
                (*finished.bad, trouble),
            )
    return finished


async def _tell(url: str | None, policy: FetchPolicy, workspace: Path, status: int, line: str) -> str | None:
    """The webhook was told; else why not. This one address may lie in a private network."""
    if url is None:
        return None
    body = json.dumps(
        {"workspace": str(workspace.resolve()), "status": status, "line": " ".join(line.split())},
        ensure_ascii=False,
    ).encode("utf-8", "replace")
    headers = {"content-type": "application/json; charset=utf-8"}
    try:
        with tempfile.TemporaryDirectory() as folder, Archive(Path(folder), "alert") as archive:
            async with Fetcher(policy, archive, trusted=[origin_of(url)]) as fetcher:
                answer = await fetcher.call(url, headers, body)
    except (TabayyunError, OSError) as error:
        return f"the alert could not be sent ({error})"
    return None if answer.status < 300 else f"the alert was not taken ({url}: status {answer.status})"
