"""The robots.txt of an origin, from the archive while it is not older than a day, else from its server."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from claims.fetch.cache import KnownPage, Memory, Visit, jittered, unless_known
from claims.fetch.captures import Captures, nothing
from claims.fetch.hosts import Hosts
from claims.fetch.robots import MAX_ROBOTS_BYTES, RobotsFile
from claims.fetch.safety import Target
from claims.fetch.visit import Budget, Visitor, answered, failed, unpacked
from claims.fetch.wire import Failed
from claims.sources import FetchPolicy

_FRESH_S = 86_400.0  # RFC 9309, 2.4


class RobotsFiles:
    """Brings robots.txt and tells `tell` of each visit that this took."""

    def __init__(
        self,
        policy: FetchPolicy,
        hosts: Hosts,
        kept: Captures,
        memory: Memory | None,
        tell: Callable[[Visit], None],
    ) -> None:
        self._policy = policy
        self._hosts = hosts
        self._kept = kept
        self._memory = memory
        self._tell = tell

    async def get(self, target: Target, visitor: Visitor) -> RobotsFile:
        """The file at the target. Raises what must be the outcome of the origin's pages too."""
        known = await self._earlier(target.url)
        earlier = known.latest if known else None
        if known and earlier and known.checked_at:
            age_s = (datetime.now(UTC) - known.checked_at).total_seconds()
            if age_s < jittered(target.url, _FRESH_S):
                return RobotsFile(earlier.status, await self._kept.body(earlier))
        budget = Budget(self._policy.timeout_s)
        unless = unless_known(known)
        try:
            exchange = await visitor.visit(
                target,
                budget,
                headers={"Accept": "text/plain,*/*;q=0.5"},
                robots=False,
                delay_s=0,  # it comes before the first page, which need not wait for it as well
                limit=MAX_ROBOTS_BYTES,
                unless=unless,
            )
        except Failed as failure:
            capture = nothing(target.url, failure.outcome, str(failure))
            self._tell(failed(capture, budget, self._hosts, target.host, robots=True))
            if failure.outcome in ("unreachable", "over_budget"):
                raise
            return RobotsFile(None, detail=f"robots.txt cannot be read ({failure})")
        if known and earlier and unless and unless.holds(exchange):
            capture = await self._kept.unchanged(exchange, earlier)
            before = known.validators
            self._tell(
                answered(capture, "not_modified", exchange, budget, self._hosts, before=before, robots=True)
            )
            return RobotsFile(earlier.status, await self._kept.body(earlier))
        if exchange.whole:
            capture = await self._kept.kept(target.url, exchange, known)
            self._tell(answered(capture, "fetched", exchange, budget, self._hosts, robots=True))
        if not 200 <= exchange.status < 300:
            return RobotsFile(exchange.status)
        try:
            body = await unpacked(replace(exchange, whole=True), MAX_ROBOTS_BYTES * 8)
        except Failed as failure:
            return RobotsFile(None, detail=f"robots.txt cannot be read ({failure})")
        return RobotsFile(exchange.status, body)

    async def _earlier(self, url: str) -> KnownPage | None:
        """What is known of the file, where the last answer was one that may be used again."""
        known = await self._memory.page(url) if self._memory else None
        if known is None or known.latest is None or known.failed_requests:
            return None
        usable = known.latest.status is not None and known.latest.status < 500
        return known if usable and await self._kept.readable(known.latest) else None
