"""What is known of a page from before, and whether it has to be asked for again.

A page that was seen unchanged for long will likely stay so: it is left alone for half as long as it has
been unchanged, up to the policy's `fresh_s`, and less by up to half, which depends on its address alone,
so that pages archived in one night do not all fall due in one night. Before a whole day has shown it
unchanged a page is asked about each time. Asking is conditional: the server sends a body only where it
has another one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Literal

from claims.fetch.exchange import Exchange
from claims.model import Capture, digest

How = Literal["fetched", "not_modified", "fresh", "not_asked"]

_SETTLED_S = 86_400.0
_LONGEST_VALIDATOR = 300


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server named a version of a page by, as it is sent back to ask whether there is another."""

    etag: str | None = None
    last_modified: str | None = None

    def headers(self) -> dict[str, str]:
        """The request headers that make a question conditional; none where the version has no name."""
        sent = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in sent.items() if value}


@dataclass(frozen=True, slots=True)
class KnownPage:
    """What earlier runs recorded of an address. Times are aware.

    `versions` are all captures of it, `latest` the one that it last answered well with (for a robots.txt
    the one that it last answered with at all), seen again at `checked_at` and without a break since
    `unchanged_since`. `failed_requests` counts those since then, `failing` says how the last one ended.
    """

    url: str
    versions: tuple[Capture, ...] = ()
    latest: Capture | None = None
    validators: Validators = field(default_factory=Validators)
    checked_at: datetime | None = None
    unchanged_since: datetime | None = None
    failed_requests: int = 0
    failing: str | None = None

    def version(self, status: int | None, sha256: str) -> Capture | None:
        """The earlier capture of the same answer, or None."""
        return next((one for one in self.versions if (one.status, one.sha256) == (status, sha256)), None)


@dataclass(frozen=True, slots=True)
class Visit:
    """What one run did about an address. `requests` counts those that were sent to it, retries too.

    `not_before` is until when its host wants to be left alone. `robots` where it is a robots.txt.
    """

    capture: Capture
    how: How
    at: datetime
    requests: int = 0
    validators: Validators = field(default_factory=Validators)
    not_before: datetime | None = None
    robots: bool = False


@dataclass(frozen=True, slots=True)
class Past:
    """What the runs of the last 24 hours leave to the next: requests made, and hosts (by name) that
    asked to be left alone until a moment to come."""

    requests: int = 0
    holds: Mapping[str, datetime] = field(default_factory=dict)


def fresh_until(page: KnownPage, fresh_s: float) -> datetime | None:
    """Until when the page need not be asked for again, or None where it has to be now."""
    if page.latest is None or page.checked_at is None or page.unchanged_since is None or page.failed_requests:
        return None
    unchanged_s = (page.checked_at - page.unchanged_since).total_seconds()
    if unchanged_s < _SETTLED_S:
        return None
    return page.checked_at + timedelta(seconds=jittered(page.url, min(unchanged_s / 2, fresh_s)))


def jittered(url: str, seconds: float) -> float:
    """Between half of the seconds and all of them, always the same for an address."""
    return seconds * (0.5 + int(digest(url), 16) / 2**65)


def validators_of(exchange: Exchange) -> Validators:
    """What the answer names its version by, as far as it can be trusted and sent back.

    A page that was modified in the second in which it was sent may change once more in that second: its
    date then tells nothing (RFC 9110, 8.8.2.2).
    """
    modified = _sendable(exchange.header("Last-Modified"))
    if modified:
        at = _moment(modified)
        sent = _moment(exchange.header("Date") or "") or exchange.fetched_at
        if at is None or sent - at < timedelta(seconds=1):
            modified = None
    return Validators(_sendable(exchange.header("ETag")), modified)


@dataclass(frozen=True, slots=True)
class Unless:
    """A page is wanted only where it is another than before: `headers` say so, to the address `url` alone,
    for the names of versions are those of one address."""

    url: str
    headers: Mapping[str, str]

    def holds(self, exchange: Exchange) -> bool:
        """Whether the server says that the page is what it was."""
        return exchange.status == 304 and exchange.target.url == self.url


def unless_known(known: KnownPage | None) -> Unless | None:
    """The condition under which a page is wanted; None where there is nothing to compare it with."""
    if known is None or known.latest is None or not known.validators.headers():
        return None
    return Unless(known.latest.final_url, known.validators.headers())


class Memory:
    """Looks addresses up in the record, those asked for in the meantime all at once.

    `look_up` is called in a thread; an address that it does not give is not known.
    """

    def __init__(self, look_up: Callable[[Sequence[str]], Mapping[str, KnownPage]]) -> None:
        self._look_up = look_up
        self._waiting: dict[str, asyncio.Future[KnownPage | None]] = {}
        self._task: asyncio.Task[None] | None = None

    async def page(self, url: str) -> KnownPage | None:
        """What is known of an address. Raises what `look_up` raises."""
        answer = self._waiting.get(url)
        if answer is None:
            answer = self._waiting[url] = asyncio.get_running_loop().create_future()
        if self._task is None:
            self._task = asyncio.ensure_future(self._answer())
        return await asyncio.shield(answer)

    async def _answer(self) -> None:
        await asyncio.sleep(0)  # who asks in this same moment comes along
        while self._waiting:
            asked, self._waiting = self._waiting, {}
            try:
                found = await asyncio.to_thread(self._look_up, list(asked))
            except Exception as error:  # it belongs to everyone who waits
                for answer in asked.values():
                    answer.set_exception(error)
            else:
                for url, answer in asked.items():
                    answer.set_result(found.get(url))
        self._task = None


def _sendable(value: str | None) -> str | None:
    """The value, where it can be put into a header again."""
    kept = (value or "").strip()
    return kept if kept.isascii() and kept.isprintable() and 0 < len(kept) <= _LONGEST_VALIDATOR else None


def _moment(value: str) -> datetime | None:
    try:
        when = parsedate_to_datetime(value)
    except (ValueError, IndexError, OverflowError):
        return None
    return when.replace(tzinfo=when.tzinfo or UTC)
