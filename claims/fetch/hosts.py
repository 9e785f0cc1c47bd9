"""Whose turn it is: one request at a time and a pause for each host, and a bound on all of them together."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator


class ToldToWait(Exception):
    """The host asked to be left alone for longer than anybody here would wait; the message says so."""


class Hosts:
    """Gives out turns. Times are seconds of the running loop's clock; pauses are from start to start."""

    def __init__(self, max_concurrency: int, patience_s: float) -> None:
        self._places = asyncio.Semaphore(max_concurrency)
        self._patience_s = patience_s
        self._lines: dict[str, asyncio.Lock] = {}
        self._not_before: dict[str, float] = {}
        self._held: dict[str, float] = {}

    def hold(self, host: str, seconds: float) -> None:
        """Nobody asks this host anything before so many seconds have passed."""
        until = asyncio.get_running_loop().time() + seconds
        self._held[host] = max(until, self._held.get(host, 0.0))

    @contextlib.asynccontextmanager
    async def turn(self, host: str, delay_s: float) -> AsyncIterator[None]:
        """Inside, a request to the host may be made. With a delay, no two turns of a host overlap.

        Raises ToldToWait where `hold` was told a time beyond our patience.
        """
        if delay_s <= 0:
            await self._until_free(host)
            async with self._places:
                yield
            return
        async with self._lines.setdefault(host, asyncio.Lock()):
            await self._until_free(host)
            async with self._places:
                self._not_before[host] = asyncio.get_running_loop().time() + delay_s
                yield

    async def _until_free(self, host: str) -> None:
        clock = asyncio.get_running_loop().time
        while True:
            held = self._held.get(host, 0.0) - clock()
            if held > self._patience_s:
                raise ToldToWait(f"{host} asked to be left alone for {held:.0f} s more")
            wait = max(held, self._not_before.get(host, 0.0) - clock())
            if wait <= 0:
                return
            await asyncio.sleep(wait)
