"""Fetching: an address goes in, an archived capture with its outcome comes out."""

from __future__ import annotations

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from types import TracebackType
from urllib.parse import urlencode

from claims.errors import SourceSkipped, SourceUnusable, StoreError
from claims.fetch.archive import MAX_RECORD_BYTES, Archive, read_record
from claims.fetch.exchange import Exchange, header_text
from claims.fetch.files import read_file_page
from claims.fetch.hosts import ToldToWait
from claims.fetch.pages import ACCEPT, check_head, judge
from claims.fetch.safety import AddressGuard, Resolver, UnsafeAddress, parse_target
from claims.fetch.visit import Budget, Visitor, unpacked
from claims.fetch.wire import Failed
from claims.model import Capture, FetchOutcome, digest
from claims.sources import FetchPolicy

Known = Callable[[str, int | None, str], Capture | None]

BODY_CACHE_BYTES = 16_000_000


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said to a connector's question. Header names are in lower case; `body` is decoded."""

    status: int
    content_type: str | None
    headers: Mapping[str, str]
    body: bytes


class Fetcher:
    """Fetches pages, each address once in a run, and archives what came.

    `known` finds an earlier identical capture by address, status (None for a file) and SHA-256. `routes`
    name hosts that a replay server stands in for, `folders` the roots below which `file:` addresses are
    read, `trusted` the origins of configured sources, which may lie in a private network.
    Raises ConfigError where one of them cannot be read. Use it as an async context manager.
    """

    def __init__(
        self,
        policy: FetchPolicy,
        archive: Archive,
        *,
        known: Known | None = None,
        routes: Mapping[str, tuple[str, int]] | None = None,
        folders: Sequence[Path] = (),
        trusted: Collection[str] = (),
        resolver: Resolver | None = None,
    ) -> None:
        self._policy = policy
        self._archive = archive
        self._known = known
        self._folders = tuple(folders)
        guard = AddressGuard(policy.allow_networks, trusted=trusted, routes=routes, resolver=resolver)
        self._visitor = Visitor(policy, guard, self._write)
        self._captures: dict[str, Capture] = {}
        self._under_way: dict[str, asyncio.Task[Capture]] = {}
        self._bodies: OrderedDict[str, bytes] = OrderedDict()
        self._bodies_size = 0

    async def __aenter__(self) -> Fetcher:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        unfinished = list(self._under_way.values())
        for task in unfinished:
            task.cancel()
        await asyncio.gather(*unfinished, return_exceptions=True)
        await self._visitor.close()

    async def capture(self, url: str) -> Capture:
        """What came from an address, archived. A bad page raises nothing: the outcome says it.

        Raises StoreError where the archive cannot be written.
        """
        done = self._captures.get(url)
        if done:
            return done
        task = self._under_way.get(url)
        if task is None:
            task = asyncio.ensure_future(self._capture(url))
            self._under_way[url] = task
            task.add_done_callback(partial(self._finished, url))
        return await asyncio.shield(task)

    async def body(self, capture: Capture) -> bytes:
        """The decoded body of a capture, from memory or from its archive. Raises StoreError."""
        cached = self._bodies.get(capture.id)
        if cached is not None:
            self._bodies.move_to_end(capture.id)
            return cached
        if capture.warc is None or capture.offset is None or capture.sha256 is None:
            raise StoreError(f"{capture.url}: outcome {capture.outcome!r}; there is no archived body to read")
        limit = max(self._policy.max_bytes, MAX_RECORD_BYTES)
        record = await asyncio.to_thread(
            read_record, self._archive.workspace, capture.warc, capture.offset, limit
        )
        if hashlib.sha256(record.body).hexdigest() != capture.sha256:
            raise StoreError(f"{capture.warc} at {capture.offset}: holds another page than {capture.url}")
        self._remember(capture.id, record.body)
        return record.body

    async def ask(
        self, url: str, params: Mapping[str, str], *, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """A server's answer to a question, archived too.

        Raises SourceSkipped where it did not answer (unreachable, rate_limited), SourceUnusable where it
        refuses us or its address must not be asked.
        """
        question = url + (
            ("&" if "?" in url else "?") + urlencode(params, errors="replace") if params else ""
        )
        try:
            target = parse_target(question)
            accept = {"Accept": "application/json,*/*;q=0.5"} | dict(headers or {})
            budget = Budget(self._policy.timeout_s)
            exchange = await self._visitor.visit(target, budget, headers=accept, robots=False)
            if exchange.whole:
                await self._write(exchange)
            self._raise_refusal(url, exchange.status)
            body = await unpacked(exchange, self._policy.max_bytes)
        except ToldToWait as error:
            raise SourceSkipped(f"{url}: {error}; ask it less often", "rate_limited") from None
        except UnsafeAddress as error:
            raise SourceUnusable(f"{url}: {error}", "misconfigured") from None
        except Failed as error:
            raise SourceSkipped(f"{url}: {error}; try again later", "unreachable") from None
        lower = {name.decode("latin-1").lower(): header_text(value) for name, value in exchange.headers}
        return Answer(exchange.status, lower.get("content-type"), lower, body)

    @staticmethod
    def _raise_refusal(url: str, status: int) -> None:
        if status == 429:
            raise SourceSkipped(f"{url}: status 429, too many questions; ask it less often", "rate_limited")
        if status in (401, 403):
            raise SourceUnusable(f"{url}: status {status}, it refuses us; check access", "refused")
        if status >= 500:
            raise SourceSkipped(f"{url}: status {status}; try again later", "unreachable")

    def _finished(self, url: str, task: asyncio.Task[Capture]) -> None:
        """The capture is kept, its task is not. What the task raised, those who wait for it raise."""
        del self._under_way[url]
        if not task.cancelled() and task.exception() is None:
            self._captures[url] = task.result()

    async def _capture(self, url: str) -> Capture:
        try:
            if url.strip().lower().startswith("file:"):
                return await self._capture_file(url)
            target = parse_target(url)
            budget = Budget(self._policy.timeout_s)
            exchange = await self._visitor.visit(
                target, budget, headers={"Accept": ACCEPT}, robots=True, check=check_head
            )
        except UnsafeAddress as error:
            return self._nothing(url, "unsafe_address", str(error))
        except ToldToWait as error:
            return self._nothing(url, "unreachable", str(error))
        except Failed as error:
            return self._nothing(url, error.outcome, str(error))
        return await self._kept(url, exchange)

    async def _kept(self, url: str, exchange: Exchange) -> Capture:
        """The capture of an answer, archived where it is complete."""
        final, status = exchange.target.url, exchange.status
        try:
            body = await unpacked(exchange, self._policy.max_bytes)
        except Failed as error:
            outcome, detail = error.outcome, str(error)
            if not 200 <= status < 300:  # what is wrong with the body matters less than what the status says
                outcome, detail = judge(exchange, b"")[0], f"status {status}; {detail}"
            empty = self._nothing(url, outcome, detail, final, status)
            if error.outcome == "too_large":
                return empty
            offset = await self._write(exchange)
            return replace(empty, warc=self._archive.warc, offset=offset)
        sha256 = hashlib.sha256(body).hexdigest()
        outcome, said = judge(exchange, body)
        earlier = self._known(url, status, sha256) if self._known else None
        offset = await self._write(exchange, earlier)
        if earlier:
            self._remember(earlier.id, body)
            return replace(earlier, final_url=final, outcome=outcome, detail=said)
        capture = Capture(
            id="k_" + digest(url, status, sha256),
            url=url,
            final_url=final,
            outcome=outcome,
            status=status,
            sha256=sha256,
            bytes=len(body),
            content_type=exchange.header("Content-Type"),
            warc=self._archive.warc,
            offset=offset,
            fetched_at=exchange.fetched_at,
            detail=said,
        )
        self._remember(capture.id, body)
        return capture

    async def _capture_file(self, url: str) -> Capture:
        page = await asyncio.to_thread(read_file_page, url, self._folders, self._policy.max_bytes)
        sha256 = hashlib.sha256(page.body).hexdigest()
        earlier = self._known(url, None, sha256) if self._known else None
        if earlier:
            self._remember(earlier.id, page.body)
            return earlier
        now = datetime.now(UTC)
        offset = await asyncio.to_thread(self._archive.write_resource, url, page.content_type, page.body, now)
        capture = Capture(
            id="k_" + digest(url, None, sha256),
            url=url,
            final_url=url,
            outcome="ok",
            status=None,
            sha256=sha256,
            bytes=len(page.body),
            content_type=page.content_type,
            warc=self._archive.warc,
            offset=offset,
            fetched_at=now,
        )
        self._remember(capture.id, page.body)
        return capture

    @staticmethod
    def _nothing(
        url: str, outcome: FetchOutcome, detail: str, final: str | None = None, status: int | None = None
    ) -> Capture:
        """A capture of which no body is kept."""
        return Capture(
            id="k_" + digest(url, status, None),
            url=url,
            final_url=final or url,
            outcome=outcome,
            status=status,
            sha256=None,
            bytes=0,
            content_type=None,
            warc=None,
            offset=None,
            fetched_at=datetime.now(UTC),
            detail=detail,
        )

    async def _write(self, exchange: Exchange, earlier: Capture | None = None) -> int:
        return await asyncio.to_thread(self._archive.write_exchange, exchange, earlier)

    def _remember(self, capture_id: str, body: bytes) -> None:
        if len(body) > BODY_CACHE_BYTES // 2 or capture_id in self._bodies:
            return
        self._bodies[capture_id] = body
        self._bodies_size += len(body)
        while self._bodies_size > BODY_CACHE_BYTES:
            _, dropped = self._bodies.popitem(last=False)
            self._bodies_size -= len(dropped)
