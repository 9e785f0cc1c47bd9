"""A recorded web as a source: served on loopback, searched and fetched from like any web."""

from __future__ import annotations

from pathlib import Path

from claims.gather.base import Ask
from claims.gather.replay_server import LOOPBACK, serve
from claims.gather.searxng import SearxngConnector
from claims.model import Candidate, Query


class ReplayConnector:
    """Searches the recorded web under `path`; the server runs until `close`.

    `routes` says for each recorded host where it really answers: it goes to the fetcher.
    Raises ConfigError where the path holds no recorded web.
    """

    def __init__(self, name: str, path: Path, ask: Ask, limit: int) -> None:
        self.name = name
        self._server = serve(path)
        self.routes: dict[str, tuple[str, int]] = {
            host: (LOOPBACK, self._server.port) for host in sorted(self._server.hosts)
        }
        self.origin = self._server.url
        self._searxng = SearxngConnector(name, self.origin, ask, limit)

    async def search(self, query: Query) -> list[Candidate]:
        """The recorded pages that fit the query, best first."""
        return await self._searxng.search(query)

    def close(self) -> None:
        """The server has ended."""
        self._server.close()
