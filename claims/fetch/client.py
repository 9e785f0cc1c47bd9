"""Fetching: an address goes in, an archived capture with its outcome comes out."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from types import TracebackType
from urllib.parse import urlencode

from claims.errors import SoughtFailure, SourceSkipped, SourceUnusable
from claims.fetch.archive import Archive
from claims.fetch.cache import KnownPage, Memory, Past, Visit, fresh_until, unless_known
from claims.fetch.captures import Captures, nothing
from claims.fetch.exchange import Exchange, header_text
from claims.fetch.hosts import Hosts, ToldToWait
from claims.fetch.pages import ACCEPT, check_head
from claims.fetch.robots_files import RobotsFiles
from claims.fetch.safety import AddressGuard, Resolver, Target, UnsafeAddress, parse_target
from claims.fetch.visit import REDIRECTS, Budget, Visitor, answered, failed, unpacked
from claims.fetch.wire import Failed
from claims.model import Capture
from claims.sources import FetchPolicy


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said to a connector's question. Header names are in lower case; `body` is decoded."""

    status: int
    content_type: str | None
    headers: Mapping[str, str]
    body: bytes


class Fetcher:
    """Fetches pages, each address once in a run, and archives what came.

    `memory` knows what earlier runs found at an address, `past` what they leave to this one. `routes`
    name hosts that a replay server stands in for, `folders` the roots below which `file:` addresses are
    read, `trusted` the origins of configured sources, which may lie in a private network.
    Raises ConfigError where one of them cannot be read. Use it as an async context manager.
    """

    def __init__(
        self,
        policy: FetchPolicy,
        archive: Archive,
        *,
        memory: Memory | None = None,
        past: Past | None = None,
        routes: Mapping[str, tuple[str, int]] | None = None,
        folders: Sequence[Path] = (),
        trusted: Collection[str] = (),
        resolver: Resolver | None = None,
    ) -> None:
        self._policy = policy
        self._memory = memory
        self._folders = tuple(folders)
        self._kept = Captures(archive, policy.max_bytes)
        self._guard = AddressGuard(policy.allow_networks, trusted=trusted, routes=routes, resolver=resolver)
        self._hosts = Hosts(policy, past or Past())
        self._untold: list[Visit] = []
        self._robots = RobotsFiles(policy, self._hosts, self._kept, memory, self._untold.append)
        self._visitor = Visitor(policy, self._guard, self._hosts, self._kept.write, self._robots.get)
        self._visits: dict[str, Visit] = {}
        self._under_way: dict[str, asyncio.Task[Visit]] = {}

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

        Raises StoreError where the archive cannot be written or the memory cannot be read.
        """
        return (await self.visit(url)).capture

    async def visit(self, url: str) -> Visit:
        """As `capture`, with the way in which the answer was come by."""
        done = self._visits.get(url)
        if done:
            return done
        task = self._under_way.get(url)
        if task is None:
            task = asyncio.ensure_future(self._visit(url))
            self._under_way[url] = task
            task.add_done_callback(partial(self._finished, url))
        return await asyncio.shield(task)

    def take_visits(self) -> list[Visit]:
        """The visits since this was called last, those to robots.txt too: for the record."""
        taken = list(self._untold)
        self._untold.clear()
        return taken

    async def body(self, capture: Capture) -> bytes:
        """The decoded body of a capture, from memory or from its archive. Raises StoreError."""
        return await self._kept.body(capture)

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
                await self._kept.write(exchange)
            self._raise_refusal(url, exchange.status)
            body = await unpacked(exchange, self._policy.max_bytes)
        except (ToldToWait, UnsafeAddress, Failed) as error:
            raise _not_answered(url, error) from None
        return _answer(exchange, body)

    async def call(
        self, url: str, headers: Mapping[str, str], body: bytes | None = None, *, delay_s: float = 0.0
    ) -> Answer:
        """The answer of a service, whatever its status, to one request: a POST where there is a body.

        It is sent once, no redirect is followed, and nothing is archived: what is said between us and a
        service is no evidence. Raises SourceSkipped where no answer came, SourceUnusable where the address
        must not be asked or answers with a redirect.
        """
        try:
            exchange = await self._visitor.call(parse_target(url), headers, body, delay_s)
            if exchange.status in REDIRECTS:
                raise SourceUnusable(
                    f"{url}: redirects, which is not followed; check the address", "misconfigured"
                )
            content = await unpacked(exchange, self._policy.max_bytes)
        except (ToldToWait, UnsafeAddress, Failed) as error:
            raise _not_answered(url, error) from None
        return _answer(exchange, content)

    @staticmethod
    def _raise_refusal(url: str, status: int) -> None:
        if status == 429:
            raise SourceSkipped(f"{url}: status 429, too many questions; ask it less often", "rate_limited")
        if status in (401, 403):
            raise SourceUnusable(f"{url}: status {status}, it refuses us; check access", "refused")
        if status >= 500:
            raise SourceSkipped(f"{url}: status {status}; try again later", "unreachable")

    def _finished(self, url: str, task: asyncio.Task[Visit]) -> None:
        """The visit is kept, its task is not. What the task raised, those who wait for it raise."""
        del self._under_way[url]
        if not task.cancelled() and task.exception() is None:
            self._visits[url] = task.result()
            self._untold.append(task.result())

    async def _visit(self, url: str) -> Visit:
        known = await self._memory.page(url) if self._memory else None
        if url.strip().lower().startswith("file:"):
            return await self._file_visit(url, known)
        budget = Budget(self._policy.timeout_s)
        host = None
        try:
            target = parse_target(url)
            host = target.host
            if known and not self._guard.route(host):  # a replay costs nobody anything
                rested = await self._rested(known)
                if rested:
                    return rested
            return await self._asked(url, target, known, budget)
        except UnsafeAddress as error:
            capture = nothing(url, "unsafe_address", str(error))
        except ToldToWait as error:
            capture = nothing(url, "unreachable", str(error))
        except Failed as error:
            capture = nothing(url, error.outcome, str(error))
        return failed(capture, budget, self._hosts, host)

    async def _rested(self, known: KnownPage) -> Visit | None:
        """The visit to a page that need not, or must not, be asked for now; None where it is."""
        now = datetime.now(UTC)
        until = fresh_until(known, self._policy.fresh_s)
        if known.latest and until and until > now and await self._kept.readable(known.latest):
            capture = replace(known.latest, outcome="ok", detail=None)
            return Visit(capture, "fresh", now, validators=known.validators)
        if known.failed_requests >= self._policy.attempts_ever:
            detail = f"{known.failed_requests} requests failed ({known.failing}); it is not asked any more"
            return Visit(nothing(known.url, "given_up", detail), "not_asked", now)
        return None

    async def _asked(self, url: str, target: Target, known: KnownPage | None, budget: Budget) -> Visit:
        """The visit in which the server was asked. Raises UnsafeAddress, Failed, ToldToWait."""
        unless = unless_known(known)
        exchange = await self._visitor.visit(
            target, budget, headers={"Accept": ACCEPT}, robots=True, check=check_head, unless=unless
        )
        if known and known.latest and unless and unless.holds(exchange):
            if await self._kept.readable(known.latest):
                capture = await self._kept.unchanged(exchange, known.latest)
                return answered(
                    capture, "not_modified", exchange, budget, self._hosts, before=known.validators
                )
            exchange = await self._visitor.visit(  # our copy is lost: another is needed
                target, budget, headers={"Accept": ACCEPT}, robots=True, check=check_head
            )
        capture = await self._kept.kept(url, exchange, known)
        return answered(capture, "fetched", exchange, budget, self._hosts)

    async def _file_visit(self, url: str, known: KnownPage | None) -> Visit:
        try:
            capture = await self._kept.file(url, self._folders, known)
        except Failed as error:
            capture = nothing(url, error.outcome, str(error))
        return Visit(capture, "fetched", datetime.now(UTC))


def _answer(exchange: Exchange, body: bytes) -> Answer:
    lower = {name.decode("latin-1").lower(): header_text(value) for name, value in exchange.headers}
    return Answer(exchange.status, lower.get("content-type"), lower, body)


def _not_answered(url: str, error: Exception) -> SourceSkipped | SourceUnusable:
    """What the connectors and services are told of a question that came to nothing."""
    if isinstance(error, ToldToWait):
        return SourceSkipped(f"{url}: {error}; ask it less often", "rate_limited")
    if isinstance(error, UnsafeAddress):
        return SourceUnusable(f"{url}: {error}", "misconfigured")
    over = isinstance(error, Failed) and error.outcome == "over_budget"
    outcome: SoughtFailure = "rate_limited" if over else "unreachable"
    return SourceSkipped(f"{url}: {error}; try again later", outcome)
