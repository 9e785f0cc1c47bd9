"""What stands before every page: sizes, hosts, headers, and the list of what was refused."""

from __future__ import annotations

import json
import logging
import logging.handlers
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LARGEST_BODY = 65_536  # bytes; no form of the desk comes near
_LOG_BYTES, _LOGS = 5_000_000, 4
# The one script is desk.js; nothing that a report or a page brought is ever served as a script
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# Reports carry their style in the page and nothing else
REPORT_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'; sandbox allow-popups"
)
_HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


class Refusals:
    """Every attempt that was refused, one line of JSON each, in a file of its owner's alone."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = folder / "refused.log"
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600))
        self._log = logging.Logger("desk.refused")
        self._log.addHandler(
            logging.handlers.RotatingFileHandler(
                path, maxBytes=_LOG_BYTES, backupCount=_LOGS, encoding="utf-8"
            )
        )

    def add(self, scope: Scope, why: str, account: str | None = None, status: int = 403) -> None:
        """The attempt is in the list; what was typed is not."""
        line = {
            "at": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "from": (scope.get("client") or ("?",))[0],
            "account": account,
            "method": scope["method"],
            "path": scope["path"][:300],
            "status": status,
            "why": why,
        }
        self._log.info(json.dumps(line))


class Guard:
    """An ASGI application behind limits: a small body, a host of ours, and headers on every answer."""

    def __init__(self, app: ASGIApp, refusals: Refusals, hosts: frozenset[str] | None) -> None:
        self._app = app
        self._refusals = refusals
        self._hosts = hosts  # None: any, for a desk that was told to listen beyond this machine

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers, or refuses."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                had = {name.lower() for name, _ in message["headers"]}
                message["headers"] = list(message["headers"]) + [
                    (name.lower().encode(), value.encode())
                    for name, value in _HEADERS.items()
                    if name.lower().encode() not in had
                ]
            await send(message)

        async def refuse(status: int, why: str) -> None:
            self._refusals.add(scope, why, status=status)
            answer = PlainTextResponse(f"{why}\n", status, {"Connection": "close"})
            await answer(scope, receive, with_headers)

        request = Request(scope)
        if self._hosts is not None and request.url.hostname not in self._hosts:
            await refuse(421, "another host's name")
            return
        declared = request.headers.get("content-length", "0")
        if not declared.isascii() or not declared.isdigit() or int(declared) > LARGEST_BODY:
            await refuse(413, "too large")
            return
        if request.method not in ("GET", "HEAD", "POST"):
            await refuse(405, "not a method of the desk")
            return
        if request.method == "POST":
            body = await _body(receive)
            if body is None:
                await refuse(413, "too large")
                return
            if not request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
                await refuse(415, "not a form of the desk")
                return
            receive = _again(body)
        await self._app(scope, receive, with_headers)


async def _body(receive: Receive) -> bytes | None:
    """The whole body, or None where it is larger than any form."""
    got = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return bytes(got)
        got += message.get("body", b"")
        if len(got) > LARGEST_BODY:
            return None
        if not message.get("more_body"):
            return bytes(got)


def _again(body: bytes) -> Receive:
    messages: list[dict[str, Any]] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> Message:
        return messages.pop() if messages else {"type": "http.disconnect"}

    return receive
