"""Pages handed to the Wayback Machine (Save Page Now 2), and what became of them.

That a page was taken for saving does not mean that it was saved: its job is asked after until the answer
is success or error, or the time is up, and then it is pending still.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Literal
from urllib.parse import urlencode

from claims.errors import ConfigError, SourceSkipped, SourceUnusable
from claims.fetch.client import Answer, Fetcher
from claims.fetch.safety import AddressGuard, UnsafeAddress, parse_target
from claims.model import digest
from claims.source_kinds import sendable

SERVICE = "https://web.archive.org"
KEY_ENV, SECRET_ENV = "TABAYYUN_WAYBACK_KEY", "TABAYYUN_WAYBACK_SECRET"
Outcome = Literal["archived", "pending", "failed", "refused"]

_JOB = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,150}", re.ASCII)
_TIME = re.compile(r"[12]\d{13}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds: between two submissions, between two questions after a job, and for all jobs to end."""

    submit_s: float = 10.0  # the service takes about seven a minute from one account
    poll_s: float = 5.0
    wait_s: float = 180.0


@dataclass(frozen=True, slots=True)
class Submission:
    """An address handed over, with the last that was said of it. `archived_url` is where the copy is."""

    id: str
    url: str
    run: str | None
    service: str
    submitted_at: datetime
    outcome: Outcome
    job: str | None = None
    archived_url: str | None = None
    detail: str | None = None


def wayback_headers() -> dict[str, str]:
    """What is sent to the service, with the account's keys where the environment has them.

    Raises ConfigError, which does not repeat them, where there is but one or they cannot be sent.
    """
    key, secret = (os.environ.get(name, "").strip() for name in (KEY_ENV, SECRET_ENV))
    headers = {"Accept": "application/json"}
    if not key and not secret:
        return headers
    if not key or not secret:
        raise ConfigError(f"{KEY_ENV} and {SECRET_ENV} belong together; set both or neither")
    try:
        pair = f"{sendable(key, KEY_ENV)}:{sendable(secret, SECRET_ENV)}"
    except ValueError as error:
        raise ConfigError(f"{error}; take it from archive.org/account/s3.php") from None
    return headers | {"Authorization": f"LOW {pair}"}


async def submit(
    fetcher: Fetcher, urls: list[str], run: str | None, service: str, pace: Pace
) -> AsyncIterator[Submission]:
    """Each address is handed over, and told again whenever something new is said of it.

    Addresses that nobody outside can reach are refused here and never sent. Raises SourceUnusable where
    the service refuses us altogether; what was not handed over by then is not yielded.
    """
    headers = wayback_headers()
    guard = AddressGuard(())
    pending: list[Submission] = []
    for url in urls:
        now = datetime.now(UTC)
        new = Submission("s_" + digest(url, service, now.isoformat()), url, run, service, now, "refused")
        try:
            guard.check_early(parse_target(url))
        except UnsafeAddress as error:
            yield replace(new, detail=f"not handed over: {error}")
            continue
        form = urlencode({"url": url, "skip_first_archive": "1"}).encode("ascii")
        form_headers = headers | {"Content-Type": "application/x-www-form-urlencoded"}
        try:
            answer = await fetcher.call(f"{service}/save", form_headers, form, delay_s=pace.submit_s)
        except SourceSkipped as error:
            yield replace(
                new, outcome="refused" if error.outcome == "rate_limited" else "failed", detail=str(error)
            )
            continue
        taken = _taken(new, answer)
        yield taken
        if answer.status in (401, 403):
            raise _unwelcome(service, taken.detail)
        if taken.outcome == "pending":
            pending.append(taken)
    async for told in follow(fetcher, pending, pace):
        yield told


async def follow(fetcher: Fetcher, pending: list[Submission], pace: Pace) -> AsyncIterator[Submission]:
    """The jobs are asked after until each has ended or the time is up; each that ended is yielded.

    Every job is asked after once at least. Raises SourceUnusable where the service refuses us.
    """
    headers = wayback_headers()
    clock = asyncio.get_running_loop().time
    end = clock() + pace.wait_s
    while pending:
        still: list[Submission] = []
        for one in pending:
            try:
                answer = await fetcher.call(f"{one.service}/save/status/{one.job}", headers)
            except SourceSkipped:
                still.append(one)  # that the service does not answer now says nothing of the job
                continue
            after = _after(one, answer)
            if after.outcome == "pending":
                still.append(one)
            else:
                yield after
        pending = still
        if not pending or clock() + pace.poll_s > end:
            return
        await asyncio.sleep(pace.poll_s)


def _taken(new: Submission, answer: Answer) -> Submission:
    """What the service said to a submission: pending where it took it, with the job's id."""
    said = _object(answer)
    job = said.get("job_id")
    if answer.status == 200 and isinstance(job, str) and _JOB.fullmatch(job):
        return replace(new, outcome="pending", job=job)
    return replace(new, outcome="failed" if answer.status >= 500 else "refused", detail=_detail(answer, said))


def _after(one: Submission, answer: Answer) -> Submission:
    """What the service says of a job. Pending is what it does not say that it has ended."""
    said = _object(answer)
    if answer.status in (401, 403):
        raise _unwelcome(one.service, _detail(answer, said))
    status = said.get("status")
    if answer.status == 200 and status == "error":
        return replace(one, outcome="failed", detail=_detail(answer, said))
    time = said.get("timestamp")
    if answer.status == 200 and status == "success" and isinstance(time, str) and _TIME.fullmatch(time):
        return replace(one, outcome="archived", archived_url=_copy(one, time, said.get("original_url")))
    return one


def _copy(one: Submission, time: str, original: Any) -> str:
    """The address of the copy; the service names the page as it found it."""
    try:
        page = original if isinstance(original, str) and parse_target(original) else one.url
    except UnsafeAddress:
        page = one.url
    return f"{one.service}/web/{time}/{page.strip()}"


def _unwelcome(service: str, detail: str | None) -> SourceUnusable:
    return SourceUnusable(f"{service}: {detail}; check {KEY_ENV} and {SECRET_ENV}", "refused")


def _object(answer: Answer) -> dict[str, Any]:
    try:
        said = json.loads(answer.body)
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def _detail(answer: Answer, said: dict[str, Any]) -> str:
    """Why, in one line, in the service's own words where it has any."""
    parts = [said[key] for key in ("status_ext", "message", "exception") if isinstance(said.get(key), str)]
    text = "".join(c if c.isprintable() else " " for c in ": ".join(dict.fromkeys(parts)))
    return " ".join(text.split())[:300] or f"status {answer.status} and no reason"
