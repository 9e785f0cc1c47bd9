"""What a site's robots.txt lets us read (RFC 9309)."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from protego import Protego

from claims.fetch.safety import Target

MAX_ROBOTS_BYTES = 500 * 1024
MAX_CRAWL_DELAY_S = 10.0
# A group of many agents and many rules costs their product; real files stay below a tenth of this.
_MAX_WORK = 300_000
_BIG_FILE = 20_000
_AGENT_LINE = re.compile(r"\s*user[-\s]*agent(?:\s*:\s*(\S+)\s+\S)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class RobotsFile:
    """What came for robots.txt. `status` is None where nothing did, and `detail` says why."""

    status: int | None
    body: bytes = b""
    detail: str = ""


class Rules:
    """The rules of one robots.txt."""

    def __init__(self, body: bytes) -> None:
        text = body[:MAX_ROBOTS_BYTES].decode("utf-8", "replace").removeprefix("\ufeff")
        if len(body) > MAX_ROBOTS_BYTES:  # half a line may say the opposite of the whole
            text = text[: max(text.rfind("\n"), text.rfind("\r")) + 1]
        self._rules = Protego.parse(_bounded(text))

    def allows(self, url: str, agent: str) -> bool:
        """Whether this agent may read this address."""
        return self._rules.can_fetch(url, agent)

    def crawl_delay_s(self, agent: str) -> float:
        """The seconds that the site wants between two requests of this agent, within our bound."""
        return min(self._rules.crawl_delay(agent) or 0.0, MAX_CRAWL_DELAY_S)


@dataclass(frozen=True, slots=True)
class Permission:
    """Whether an address may be read, at which distance in time, and what forbids it."""

    allowed: bool
    delay_s: float = 0.0
    reason: str = ""


class Robots:
    """Asks each origin for its robots.txt once in a run, however many pages wait for it.

    `get` brings the file of an origin; what it raises is raised to everyone who waits.
    """

    def __init__(self, user_agent: str, get: Callable[[Target], Awaitable[RobotsFile]]) -> None:
        self._agent = user_agent.split("/")[0].strip()
        self._get = get
        self._known: dict[str, asyncio.Task[Rules | Permission]] = {}

    async def permission(self, target: Target) -> Permission:
        """Whether the target may be read. Raises what `get` raised for its origin."""
        task = self._known.get(target.origin)
        if task is None:
            task = asyncio.ensure_future(self._load(target))
            self._known[target.origin] = task
        rules = await asyncio.shield(task)
        if isinstance(rules, Permission):
            return rules
        if rules.allows(target.url, self._agent):
            return Permission(True, rules.crawl_delay_s(self._agent))
        return Permission(False, reason="robots.txt forbids it")

    async def close(self) -> None:
        """No robots.txt is being fetched any more."""
        for task in self._known.values():
            task.cancel()
        await asyncio.gather(*self._known.values(), return_exceptions=True)

    async def _load(self, target: Target) -> Rules | Permission:
        file = await self._get(Target(target.scheme, target.host, target.port, "/robots.txt"))
        if file.status is None or file.status >= 500:
            return Permission(False, reason=file.detail or f"robots.txt answers {file.status}")
        if not 200 <= file.status < 300:
            return Permission(True)
        if len(file.body) > _BIG_FILE:
            return await asyncio.to_thread(Rules, file.body)
        return Rules(file.body)


def _bounded(text: str) -> str:
    """The text, agents by their first word, up to the line where the work would get out of hand."""
    agents = work = 0
    after_rule = True
    kept: list[str] = []
    for line in text.splitlines():
        agent = _AGENT_LINE.match(line)
        if agent:
            agents = 1 if after_rule else agents + 1
            after_rule = False
            if agent[1]:  # a product token is one word; Protego would take the whole line for the name
                line = f"User-agent: {agent[1]}"
        else:
            after_rule = after_rule or bool(line.split("#")[0].strip())
        work += agents
        if work > _MAX_WORK:
            break
        kept.append(line)
    return "\n".join(kept)
