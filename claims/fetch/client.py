"""Fetching: an address goes in, an archived capture with its outcome comes out."""

from __future__ import annotations

import asyncio
import hashlib
import random
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TypeVar
from urllib.parse import urlencode

from claims.errors import SourceSkipped, SourceUnusable, StoreError
from claims.fetch.archive import MAX_RECORD_BYTES, Archive, read_record
from claims.fetch.encoding import Damaged, TooLarge, decode
from claims.fetch.exchange import Exchange, header_text
from claims.fetch.files import read_file_page
from claims.fetch.hosts import Hosts, ToldToWait
from claims.fetch.pages import ACCEPT, check_head, judge
from claims.fetch.robots import MAX_ROBOTS_BYTES, Robots, RobotsFile
from claims.fetch.safety import AddressGuard, Resolver, Target, UnsafeAddress, join_target, parse_target
from claims.fetch.wire import Failed, HeadCheck, Wire
from claims.model import Capture, FetchOutcome, digest
from claims.sources import FetchPolicy

Known = Callable[[str, int, str], Capture | None]
_Result = TypeVar("_Result")

REDIRECTS = (301, 302, 303, 307, 308)
PASSING = (429, 502, 503, 504)
MAX_REDIRECT_BODY = 100_000
BODY_CACHE_BYTES = 16_000_000
_FIRST_BACKOFF_S = 0.25
_LONGEST_RETRY_AFTER_S = 86_400.0
_INLINE_BYTES = 64_000  # what is smaller is unpacked faster than a thread is woken for it


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said to a connector's question. Header names are in lower case; `body` is decoded."""

    status: int
    content_type: str | None
    headers: Mapping[str, str]
    body: bytes


class _Budget:
    """The seconds that one page may take; waiting for its turn is not counted."""

    def __init__(self, seconds: float) -> None:
        self.total = self.left = seconds

    async def spend(self, work: Awaitable[_Result]) -> _Result:
        """The work's result. Raises Failed where the time is used up first."""
        clock = asyncio.get_running_loop().time
        started = clock()
        limit = asyncio.timeout(max(self.left, 0.0))
        try:
            async with limit:
                return await work
        except TimeoutError:
            if not limit.expired():
                raise
            raise Failed("unreachable", f"no complete answer within {self.total:g} s") from None
        finally:
            self.left -= clock() - started


class Fetcher:
    """Fetches pages, each address once in a run, and archives what came.

    `known` finds an earlier identical capture (address, status, SHA-256). `routes` name hosts that a
    replay server stands in for, `folders` the roots below which `file:` addresses are read, `trusted` the
    origins of configured sources, which may lie in a private network.
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
        self._guard = AddressGuard(policy.allow_networks, trusted=trusted, routes=routes, resolver=resolver)
        self._wire = Wire(self._guard, policy.user_agent, policy.max_concurrency)
        self._hosts = Hosts(policy.max_concurrency, policy.timeout_s)
        self._robots = Robots(policy.user_agent, self._robots_file)
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
        await self._robots.close()
        await self._wire.close()

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
        question = url + (("&" if "?" in url else "?") + urlencode(params) if params else "")
        try:
            target = parse_target(question)
            accept = {"Accept": "application/json,*/*;q=0.5"} | dict(headers or {})
            budget = _Budget(self._policy.timeout_s)
            exchange = await self._follow(target, budget, headers=accept, robots=False)
            body = await self._unpacked(exchange)
        except ToldToWait as error:
            raise SourceSkipped(f"{url}: {error}; ask it less often", "rate_limited") from None
        except UnsafeAddress as error:
            raise SourceUnusable(f"{url}: {error}", "misconfigured") from None
        except Failed as error:
            raise SourceSkipped(f"{url}: {error}; try again later", "unreachable") from None
        await self._write(exchange)
        self._raise_refusal(url, exchange.status)
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
            budget = _Budget(self._policy.timeout_s)
            exchange = await self._follow(
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
            body = await self._unpacked(exchange)
        except Failed as error:
            empty = self._nothing(url, error.outcome, str(error), final, status)
            if error.outcome == "too_large":
                return empty
            offset = await self._write(exchange)
            return replace(empty, warc=self._archive.warc, offset=offset)
        sha256 = hashlib.sha256(body).hexdigest()
        outcome, detail = judge(exchange, body)
        earlier = self._known(url, status, sha256) if self._known else None
        offset = await self._write(exchange, earlier)
        if earlier:
            self._remember(earlier.id, body)
            return replace(earlier, final_url=final, outcome=outcome, detail=detail)
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
            detail=detail,
        )
        self._remember(capture.id, body)
        return capture

    async def _capture_file(self, url: str) -> Capture:
        page = await asyncio.to_thread(read_file_page, url, self._folders, self._policy.max_bytes)
        sha256 = hashlib.sha256(page.body).hexdigest()
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

    async def _follow(
        self,
        target: Target,
        budget: _Budget,
        *,
        headers: Mapping[str, str],
        robots: bool,
        check: HeadCheck | None = None,
        limit: int | None = None,
    ) -> Exchange:
        """The answer at the end of the redirects, each of which is checked and archived.

        Raises UnsafeAddress, Failed, ToldToWait.
        """
        first = target
        seen = {target.url}
        while True:
            self._guard.check_early(target)
            delay = self._policy.per_host_delay_s
            if robots and self._policy.respect_robots:
                permission = await self._robots.permission(target)
                if not permission.allowed:
                    raise Failed("blocked_by_robots", f"{target.origin}: {permission.reason}")
                delay = max(delay, permission.delay_s)
            own = headers if target.origin == first.origin else {"Accept": headers["Accept"]}
            exchange = await self._send(target, budget, delay, own, check, limit or self._policy.max_bytes)
            location = exchange.header("Location")
            if exchange.status not in REDIRECTS or not location:
                return exchange
            if exchange.whole and len(exchange.body) <= MAX_REDIRECT_BODY:
                await self._write(exchange)
            try:
                target = join_target(target, location)
                self._guard.check_early(target)
            except UnsafeAddress as error:
                raise UnsafeAddress(f"redirected to {_shown(location)}: {error}") from None
            if target.url in seen:
                raise Failed("error", f"redirected in a circle at {_shown(target.url)}")
            if len(seen) > self._policy.max_redirects:
                raise Failed("error", f"redirected more than {self._policy.max_redirects} times")
            seen.add(target.url)

    async def _send(
        self,
        target: Target,
        budget: _Budget,
        delay_s: float,
        headers: Mapping[str, str],
        check: HeadCheck | None,
        limit: int,
    ) -> Exchange:
        """The answer of one address, asked again where its failure may pass."""
        attempt = 1
        while True:
            exchange: Exchange | None = None
            wait = _FIRST_BACKOFF_S * 2 ** (attempt - 1) * random.uniform(0.5, 1.5)  # noqa: S311 (no secret)
            try:
                async with self._hosts.turn(target.host, delay_s):
                    exchange = await budget.spend(self._wire.get(target, headers, limit, check))
            except Failed as failure:
                if not failure.passing or attempt >= self._policy.attempts or wait >= budget.left:
                    raise
            else:
                if exchange.status not in PASSING:
                    return exchange
                asked = _retry_after_s(exchange)
                if asked is not None:
                    self._hosts.hold(target.host, asked)
                    wait = max(wait, asked)
                if attempt >= self._policy.attempts or wait >= budget.left:
                    return exchange
                if exchange.whole:
                    await self._write(exchange)
            attempt += 1
            budget.left -= wait
            await asyncio.sleep(wait)

    async def _robots_file(self, target: Target) -> RobotsFile:
        """The robots.txt of an origin. Raises what must be the outcome of its pages too."""
        budget = _Budget(self._policy.timeout_s)
        try:
            exchange = await self._follow(
                target,
                budget,
                headers={"Accept": "text/plain,*/*;q=0.5"},
                robots=False,
                limit=MAX_ROBOTS_BYTES,
            )
        except Failed as failure:
            if failure.outcome == "unreachable":
                raise
            return RobotsFile(None, detail=f"robots.txt cannot be read ({failure})")
        if exchange.whole:
            await self._write(exchange)
        try:
            body = await self._unpacked(replace(exchange, whole=True), MAX_ROBOTS_BYTES * 8)
        except Failed as failure:
            return RobotsFile(None, detail=f"robots.txt cannot be read ({failure})")
        return RobotsFile(exchange.status, body)

    async def _unpacked(self, exchange: Exchange, limit: int | None = None) -> bytes:
        """The decoded body. Raises Failed where it is too large or damaged."""
        most = limit or self._policy.max_bytes
        if not exchange.whole:
            raise Failed("too_large", f"the page has more than {most} bytes")
        encoding = exchange.header("Content-Encoding") or ""
        try:
            if len(exchange.body) <= _INLINE_BYTES:
                return decode(exchange.body, encoding, most)
            return await asyncio.to_thread(decode, exchange.body, encoding, most)
        except TooLarge:
            raise Failed("too_large", f"the page unpacks to more than {most} bytes") from None
        except Damaged as error:
            raise Failed("error", str(error)) from None

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


def _retry_after_s(exchange: Exchange) -> float | None:
    """The seconds after which the server wants to be asked again, or None where it does not say."""
    value = (exchange.header("Retry-After") or "").strip()
    if value.isascii() and value.isdigit():
        return min(float(value[:6]), _LONGEST_RETRY_AFTER_S)
    try:
        when = parsedate_to_datetime(value)
    except (ValueError, IndexError, OverflowError):
        return None
    seconds = (when.replace(tzinfo=when.tzinfo or UTC) - datetime.now(UTC)).total_seconds()
    return min(max(seconds, 0.0), _LONGEST_RETRY_AFTER_S)


def _shown(address: str) -> str:
    return "".join(character for character in address if character.isprintable())[:200]
