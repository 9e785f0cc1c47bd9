"""Asking one address politely: permission first, then in turn, again where a failure may pass, and on
along its redirects. What is asked of whom on the way is archived; the last answer is the caller's to keep.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TypeVar

from claims.fetch.cache import How, Unless, Validators, Visit, validators_of
from claims.fetch.encoding import Damaged, TooLarge, decode
from claims.fetch.exchange import Exchange
from claims.fetch.hosts import Hosts
from claims.fetch.robots import Robots, RobotsFile
from claims.fetch.safety import AddressGuard, Target, UnsafeAddress, join_target
from claims.fetch.wire import Failed, HeadCheck, Wire
from claims.model import Capture
from claims.sources import FetchPolicy

_Result = TypeVar("_Result")

REDIRECTS = (301, 302, 303, 307, 308)
PASSING = (429, 502, 503, 504)
MAX_REDIRECT_BODY = 100_000
_FIRST_BACKOFF_S = 0.25
_LONGEST_RETRY_AFTER_S = 86_400.0
_INLINE_BYTES = 64_000  # what is smaller is unpacked faster than a thread is woken for it


class Budget:
    """The seconds that one page may take; waiting for its turn is not counted. `requests` were sent."""

    def __init__(self, seconds: float) -> None:
        self.total = self.left = seconds
        self.requests = 0

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


class Visitor:
    """Makes visits under one policy. `keep` archives an answer that is passed on the way, `robots_file`
    brings the robots.txt of an origin."""

    def __init__(
        self,
        policy: FetchPolicy,
        guard: AddressGuard,
        hosts: Hosts,
        keep: Callable[[Exchange], Awaitable[int]],
        robots_file: Callable[[Target, Visitor], Awaitable[RobotsFile]],
    ) -> None:
        self._policy = policy
        self._guard = guard
        self._hosts = hosts
        self._keep = keep
        self._wire = Wire(guard, policy.user_agent, policy.max_concurrency)
        self._robots = Robots(policy.user_agent, lambda target: robots_file(target, self))

    async def close(self) -> None:
        """No visit to a robots.txt is under way and every connection is closed."""
        await self._robots.close()
        await self._wire.close()

    async def visit(
        self,
        target: Target,
        budget: Budget,
        *,
        headers: Mapping[str, str],
        robots: bool,
        delay_s: float | None = None,
        check: HeadCheck | None = None,
        limit: int | None = None,
        unless: Unless | None = None,
    ) -> Exchange:
        """The answer at the end of the redirects, each of which is checked and archived.

        `headers` beyond Accept go to the first origin alone. `robots` is whether it is a page, which
        robots.txt and the budgets of hosts are about; `delay_s` and `limit` (bytes) stand in for those of
        the policy. Raises UnsafeAddress, Failed, ToldToWait.
        """
        first = target
        seen = {target.url}
        host = None
        while True:
            self._guard.check_early(target)
            if robots and target.host != host:
                self._hosts.count_page(target.host)
            host = target.host
            delay = self._policy.delay_s(self._policy.domain(host)) if delay_s is None else delay_s
            if robots and self._policy.respect_robots:
                permission = await self._robots.permission(target)
                if not permission.allowed:
                    raise Failed("blocked_by_robots", f"{target.origin}: {permission.reason}")
                delay = max(delay, permission.delay_s)
            own = headers if target.origin == first.origin else {"Accept": headers["Accept"]}
            if unless and target.url == unless.url:
                own = {**own, **unless.headers}
            exchange = await self._send(target, budget, delay, own, check, limit or self._policy.max_bytes)
            location = exchange.header("Location")
            if exchange.status not in REDIRECTS or not location:
                return exchange
            if exchange.whole and len(exchange.body) <= MAX_REDIRECT_BODY:
                await self._keep(exchange)
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

    async def call(
        self, target: Target, headers: Mapping[str, str], body: bytes | None, delay_s: float
    ) -> Exchange:
        """The answer to one request, a POST where there is a body; no redirect is followed, nothing repeated.

        A server that names a time is left alone until then. Raises UnsafeAddress, Failed, ToldToWait.
        """
        self._guard.check_early(target)
        limit = self._policy.max_bytes
        async with self._hosts.turn(target.host, delay_s):
            self._hosts.count_request()
            sent = (
                self._wire.get(target, headers, limit)
                if body is None
                else self._wire.post(target, headers, body, limit)
            )
            exchange = await Budget(self._policy.timeout_s).spend(sent)
        asked = _retry_after_s(exchange) if exchange.status in PASSING else None
        if asked is not None:
            self._hosts.hold(target.host, asked)
        return exchange

    async def _send(
        self,
        target: Target,
        budget: Budget,
        delay_s: float,
        headers: Mapping[str, str],
        check: HeadCheck | None,
        limit: int,
    ) -> Exchange:
        """The answer of one address, asked again where its failure may pass."""
        attempt = 1
        while True:
            wait = _FIRST_BACKOFF_S * 2 ** (attempt - 1) * random.uniform(0.5, 1.5)  # noqa: S311 (no secret)
            try:
                async with self._hosts.turn(target.host, delay_s):
                    self._hosts.count_request()
                    budget.requests += 1
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
                    await self._keep(exchange)
            attempt += 1
            budget.left -= wait
            await asyncio.sleep(wait)


def answered(
    capture: Capture,
    how: How,
    exchange: Exchange,
    budget: Budget,
    hosts: Hosts,
    *,
    before: Validators | None = None,
    robots: bool = False,
) -> Visit:
    """The visit that ended in an answer. `before` holds where the answer names no version."""
    named = validators_of(exchange)
    validators = before if before and not named.headers() else named
    not_before = hosts.held.get(exchange.target.host)
    return Visit(capture, how, datetime.now(UTC), budget.requests, validators, not_before, robots)


def failed(
    capture: Capture, budget: Budget, hosts: Hosts, host: str | None, *, robots: bool = False
) -> Visit:
    """The visit that ended without an answer that could be kept."""
    how: How = "fetched" if budget.requests else "not_asked"
    not_before = hosts.held.get(host or "")
    return Visit(capture, how, datetime.now(UTC), budget.requests, not_before=not_before, robots=robots)


async def unpacked(exchange: Exchange, limit: int) -> bytes:
    """The decoded body, at most `limit` bytes. Raises Failed where it is too large or damaged."""
    if not exchange.whole:
        raise Failed("too_large", f"the page has more than {limit} bytes")
    encoding = exchange.header("Content-Encoding") or ""
    try:
        if len(exchange.body) <= _INLINE_BYTES:
            return decode(exchange.body, encoding, limit)
        return await asyncio.to_thread(decode, exchange.body, encoding, limit)
    except TooLarge:
        raise Failed("too_large", f"the page unpacks to more than {limit} bytes") from None
    except Damaged as error:
        raise Failed("error", str(error)) from None


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
