"""A loopback server that answers as a service documents, and the project's own fetcher asking it."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from claims.errors import SourceSkipped, SourceUnusable
from claims.fetch.archive import Archive
from claims.fetch.client import Answer, Fetcher
from claims.gather.search import OpenSources, open_connectors
from claims.model import Candidate, Query
from claims.source_kinds import SourceSpec
from claims.sources import FetchPolicy


@dataclass(frozen=True)
class Reply:
    """What the server says."""

    body: bytes = b""
    status: int = 200
    kind: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Seen:
    """What the server was asked. Header names are in lower case."""

    path: str
    params: dict[str, str]
    headers: dict[str, str]


@dataclass
class Service:
    """A server that answers by a function of what it is asked, and remembers that."""

    origin: str
    seen: list[Seen]


@contextlib.contextmanager
def service(answer: Callable[[Seen], Reply]) -> Iterator[Service]:
    """The server answers until the end."""
    seen: list[Seen] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            asked = Seen(
                parts.path, dict(parse_qsl(parts.query)), {k.lower(): v for k, v in self.headers.items()}
            )
            seen.append(asked)
            reply = answer(asked)
            self.send_response(reply.status)
            for name, value in {"Content-Type": reply.kind, **reply.headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            with contextlib.suppress(ConnectionError):
                self.wfile.write(reply.body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield Service(f"http://127.0.0.1:{server.server_port}", seen)
    finally:
        server.shutdown()
        server.server_close()


@contextlib.asynccontextmanager
async def opened(folder: Path, *specs: SourceSpec, max_bytes: int = 5_000_000) -> AsyncIterator[OpenSources]:
    """The sources, asked with the project's own fetcher; what came is archived in the folder."""
    policy = FetchPolicy(
        user_agent="tabayyun-tests/0.1", per_host_delay_s=0, attempts=1, timeout_s=10, max_bytes=max_bytes
    )
    fetcher: Fetcher

    async def ask(url: str, params: Mapping[str, str], *, headers: Mapping[str, str] | None = None) -> Answer:
        return await fetcher.ask(url, params, headers=headers)

    with contextlib.closing(Archive(folder, "run")) as archive:
        async with open_connectors(specs, ask) as sources:
            fetcher = Fetcher(policy, archive, trusted=sources.trusted)
            async with fetcher:
                yield sources


def searched(
    folder: Path, spec: SourceSpec, *queries: Query, max_bytes: int = 5_000_000
) -> list[list[Candidate]]:
    """What the source names for each query, put to its connector itself, so that its errors come through."""

    async def run() -> list[list[Candidate]]:
        async with opened(folder, spec, max_bytes=max_bytes) as sources:
            return [await sources.every[0].connector.search(query) for query in queries]

    return asyncio.run(run())


def failed(folder: Path, spec: SourceSpec, query: Query, max_bytes: int = 5_000_000) -> tuple[str, str, str]:
    """How the source fails: the class of the error, its outcome, its message."""
    try:
        found = searched(folder, spec, query, max_bytes=max_bytes)
    except (SourceSkipped, SourceUnusable) as error:
        return type(error).__name__, error.outcome, str(error)
    raise AssertionError(f"it did not fail: {found}")
