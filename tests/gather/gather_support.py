"""Ways to ask without the project's own fetcher: over plain urllib, or from a list of answers."""

from __future__ import annotations

import asyncio
import json
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Said:
    """An answer as a server gives it."""

    body: bytes
    status: int = 200
    content_type: str | None = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)


def said(table: object, status: int = 200, **headers: str) -> Said:
    """An answer in JSON."""
    return Said(
        json.dumps(table).encode(), status, headers={k.replace("_", "-"): v for k, v in headers.items()}
    )


class Scripted:
    """Answers questions by a function and remembers what was asked."""

    def __init__(self, reply: Callable[[Mapping[str, str]], Said]) -> None:
        self.reply = reply
        self.asked: list[dict[str, str]] = []

    async def __call__(
        self, url: str, params: Mapping[str, str], *, headers: Mapping[str, str] | None = None
    ) -> Said:
        self.asked.append(dict(params))
        return self.reply(params)


async def ask_loopback(
    url: str, params: Mapping[str, str], *, headers: Mapping[str, str] | None = None
) -> Said:
    """Asks a real server."""

    def asked() -> Said:
        with urllib.request.urlopen(f"{url}?{urllib.parse.urlencode(params)}", timeout=10) as answer:
            return Said(answer.read(), answer.status, answer.headers["content-type"])

    return await asyncio.to_thread(asked)


def get(port: int, host: str, target: str, scheme: str = "http") -> tuple[int, dict[str, str], bytes]:
    """One page of a recorded web: status, headers in lower case, body."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}{target}", headers={"Host": host, "X-Replay-Scheme": scheme}
    )
    opener = urllib.request.build_opener(_NoRedirect)
    try:
        with opener.open(request, timeout=10) as answer:
            return answer.status, {k.lower(): v for k, v in answer.headers.items()}, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, {k.lower(): v for k, v in error.headers.items()}, error.read()


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None
