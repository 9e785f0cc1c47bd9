"""A server on loopback that answers for a recorded web, with a search address of its own.

Pages are chosen by the `Host` header, by `X-Replay-Scheme` (`https` where the page was on https) and by
path and query. Search is at `/search` of the host `replay.example` or of the server's own address, in the
JSON shape of SearXNG.
"""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import uvicorn
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from claims.errors import ConfigError
from claims.gather.lexical import LexicalIndex
from claims.gather.plaintext import MAX_BYTES, SearchText, search_text
from claims.gather.recorded import RecordedPage, load_web, page_key
from claims.language.letters import script_share

SEARCH_HOST = "replay.example"
LOOPBACK = "127.0.0.1"
_PER_PAGE = 20
_TITLE_WEIGHT = 3
_START_S = 15.0


class ReplayServer:
    """The running server. `close` ends it."""

    def __init__(self, pages: dict[str, RecordedPage], port: int) -> None:
        self._pages = pages
        self._search = _PageSearch(pages)
        # asyncio sends small answers at once (no Nagle) only where the socket names its protocol: 40 ms each
        listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((LOOPBACK, port))
        except OSError as error:
            listening.close()
            raise ConfigError(
                f"replay: port {port} cannot be used ({error.strerror}); choose another"
            ) from None
        self.port: int = listening.getsockname()[1]
        self.hosts: frozenset[str] = frozenset(
            urlsplit(page.url).hostname or "" for page in pages.values()
        ) | {SEARCH_HOST}
        self._server = uvicorn.Server(
            uvicorn.Config(
                self._answer,
                interface="asgi3",
                proxy_headers=False,
                http="h11",
                ws="none",
                lifespan="off",
                log_config=None,
                access_log=False,
                server_header=False,
                date_header=False,
                timeout_graceful_shutdown=1,
            )
        )
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [listening]}, name="replay", daemon=True
        )
        self._thread.start()
        patience = time.monotonic() + _START_S
        while not self._server.started:
            if not self._thread.is_alive() or time.monotonic() > patience:
                listening.close()
                raise ConfigError(f"replay: the server on port {self.port} did not start")
            time.sleep(0.005)

    @property
    def url(self) -> str:
        """The server's own address."""
        return f"http://{LOOPBACK}:{self.port}"

    def close(self) -> None:
        """The server has ended and its port is free; answers under way are broken off."""
        self._server.should_exit = True
        self._thread.join(timeout=5)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        response = await self._respond(request)
        await response(scope, receive, send)

    async def _respond(self, request: Request) -> Response:
        if request.method not in ("GET", "HEAD"):
            return PlainTextResponse("only GET and HEAD are answered", 405)
        host = request.headers.get("host", "").lower()
        own = host in (f"{LOOPBACK}:{self.port}", f"localhost:{self.port}", SEARCH_HOST)
        if own and request.url.path == "/search":
            return await self._search_answer(request)
        scheme = "https" if request.headers.get("x-replay-scheme", "http").lower() == "https" else "http"
        raw = request.scope.get("raw_path") or request.url.path.encode()
        query = request.scope["query_string"].decode("latin-1")
        target = raw.decode("latin-1") + (f"?{query}" if query else "")
        page = self._pages.get(page_key(scheme, host, target))
        if page is None:
            return PlainTextResponse("not in this recorded web", 404)
        if not await self._waited(page.delay_s):
            return PlainTextResponse("the recorded web is being closed", 503)
        body = await asyncio.to_thread(page.body)
        response = Response(body, page.status)
        length = [(name, value) for name, value in response.raw_headers if name == b"content-length"]
        response.raw_headers = [
            (name.encode("latin-1", "replace"), value.encode("latin-1", "replace"))
            for name, value in page.headers
        ] + length
        return response

    async def _waited(self, seconds: float) -> bool:
        """True after the time has passed, False as soon as the server is to end."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            if self._server.should_exit:
                return False
            await asyncio.sleep(min(0.05, left))
        return True

    async def _search_answer(self, request: Request) -> Response:
        asked = request.query_params
        if asked.get("format") != "json":
            return PlainTextResponse("only format=json is answered", 403)
        text = asked.get("q", "")[:2000]
        number = asked.get("pageno", "1")
        page = int(number) if number.isdecimal() and len(number) < 4 else 1
        results = await asyncio.to_thread(self._search.results, text, asked.get("language", "all"))
        first = (max(1, page) - 1) * _PER_PAGE
        return JSONResponse(
            {
                "query": text,
                "number_of_results": len(results),
                "results": results[first : first + _PER_PAGE],
                "answers": [],
                "corrections": [],
                "infoboxes": [],
                "suggestions": [],
                "unresponsive_engines": [],
            }
        )


class _PageSearch:
    """Search in the recorded pages; they are read on the first question."""

    def __init__(self, pages: dict[str, RecordedPage]) -> None:
        self._pages = pages
        self._lock = threading.Lock()
        self._index: LexicalIndex | None = None
        self._texts: dict[str, SearchText] = {}

    def results(self, query: str, language: str) -> list[dict[str, Any]]:
        """What a SearXNG server would list, best first. Pages of unknown language fit every language."""
        with self._lock:
            if self._index is None:
                self._index = self._built()
        wanted = language.lower()[:2] if language.lower() not in ("", "all", "auto") else None
        found = []
        for key, score in self._index.search(query):
            text = self._texts[key]
            if wanted and text.lang and text.lang != wanted:
                continue
            url = self._pages[key].url
            found.append(
                {
                    "title": text.title,
                    "url": url,
                    "content": text.text[:300],
                    "engine": "replay",
                    "engines": ["replay"],
                    "category": "general",
                    "score": score,
                    "publishedDate": None,
                }
            )
        return found

    def _built(self) -> LexicalIndex:
        index = LexicalIndex()
        for key, page in sorted(self._pages.items()):
            if page.hidden or urlsplit(page.url).path == "/robots.txt":
                continue
            text = search_text(page.unpacked(MAX_BYTES), page.content_type)
            title = page.title or text.title
            if title or text.text:
                self._texts[key] = SearchText(
                    title, text.text[:300], page.lang or text.lang or _script(text.text)
                )
                index.add(key, ((title, _TITLE_WEIGHT), (text.text, 1)))
        return index


def _script(text: str) -> str | None:
    """The language that a script suggests where the page says nothing: only Cyrillic is told for sure."""
    return "ru" if script_share(text[:2000])["cyrillic"] > 0.5 else None


def serve(path: Path, port: int = 0) -> ReplayServer:
    """A recorded web is being served on loopback; port 0 takes a free one.

    `path` is a folder with web.toml, a WARC file or a folder of them. Raises ConfigError where it cannot be
    served.
    """
    return ReplayServer(load_web(path), port)
