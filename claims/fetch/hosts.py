"""Whose turn it is, and how much may be asked: one request at a time and a pause for each host or domain,
a bound on all of them together, and the budgets of a run and of a night."""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime, timedelta

from claims.fetch.cache import Past
from claims.fetch.wire import Failed
from claims.sources import FetchPolicy


class ToldToWait(Exception):
    """The host asked to be left alone for longer than anybody here would wait; the message says so."""


class Hosts:
    """Gives out turns. Times are seconds of the running loop's clock; pauses are from start to start.

    A host that lies in a domain with limits of its own shares its turns and its budget with that domain.
    `past` is what earlier runs leave to this one.
    """

    def __init__(self, policy: FetchPolicy, past: Past) -> None:
        self._policy = policy
        self._places = asyncio.Semaphore(policy.max_concurrency)
        self._lines: dict[str, asyncio.Lock] = {}
        self._not_before: dict[str, float] = {}
        self._held: dict[str, datetime] = dict(past.holds)
        self._pages: Counter[str] = Counter()
        self._requests = past.requests

    def hold(self, host: str, seconds: float) -> None:
        """Nobody asks this host anything before so many seconds have passed."""
        until = datetime.now(UTC) + timedelta(seconds=seconds)
        self._held[host] = max(until, self._held.get(host, until))

    @property
    def held(self) -> Mapping[str, datetime]:
        """Until when each host wants to be left alone; the moment may have passed."""
        return self._held

    def count_page(self, host: str) -> None:
        """One more page of the host is asked for. Raises Failed where its budget for this run is used up."""
        domain = self._policy.domain(host)
        limit = self._policy.pages(domain)
        if self._pages[domain] >= limit:
            raise Failed("over_budget", f"{domain}: this run has asked for {limit} of its pages already")
        self._pages[domain] += 1

    def count_request(self) -> None:
        """One more request is sent. Raises Failed where the night's budget is used up."""
        limit = self._policy.requests_per_night
        if self._requests >= limit:
            raise Failed("over_budget", f"{limit} requests were made in 24 hours, the night's budget")
        self._requests += 1

    @contextlib.asynccontextmanager
    async def turn(self, host: str, delay_s: float) -> AsyncIterator[None]:
        """Inside, a request to the host may be made. With a delay, no two turns of a host overlap.

        Raises ToldToWait where the host asked for more time than the policy waits.
        """
        if delay_s <= 0:
            await self._until_free(host, host)
            async with self._places:
                yield
            return
        domain = self._policy.domain(host)
        async with self._lines.setdefault(domain, asyncio.Lock()):
            await self._until_free(host, domain)
            async with self._places:
                self._not_before[domain] = asyncio.get_running_loop().time() + delay_s
                yield

    async def _until_free(self, host: str, domain: str) -> None:
        clock = asyncio.get_running_loop().time
        while True:
            held = (self._held[host] - datetime.now(UTC)).total_seconds() if host in self._held else 0.0
            if held > self._policy.timeout_s:
                raise ToldToWait(f"{host} asked to be left alone for {held:.0f} s more")
            wait = max(held, self._not_before.get(domain, 0.0) - clock())
            if wait <= 0:
                return
            await asyncio.sleep(wait)
