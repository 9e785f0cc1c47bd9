"""One request over one checked connection, with a bound on everything that may come back.

The one module that imports httpx. Requests are sent as they are built here, without the client's own
headers; cookies, redirects, proxies and credentials from the environment are off, bodies come as raw
bytes, and every connection is made by a transport of ours, which asks the guard for its address.
"""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import aclosing
from datetime import UTC, datetime
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any

import httpcore
import httpx

from claims.fetch.encoding import ACCEPT_ENCODING
from claims.fetch.exchange import Exchange, Headers, header_text
from claims.fetch.network import Connections
from claims.fetch.safety import AddressGuard, NotResolved, Target
from claims.model import FetchOutcome

MAX_HEADERS = 200
MAX_ADDRESSES_TRIED = 4
CONNECT_TIMEOUT_S = 5.0


class Failed(Exception):
    """No usable answer came; `passing` where another attempt may do better."""

    def __init__(self, outcome: FetchOutcome, detail: str, *, passing: bool = False) -> None:
        super().__init__(detail)
        self.outcome = outcome
        self.passing = passing


HeadCheck = Callable[[int, str | None], None]


class Wire:
    """Connections that outlive a request, at most `max_connections` of them."""

    def __init__(self, guard: AddressGuard, user_agent: str, max_connections: int) -> None:
        self._guard = guard
        self._user_agent = user_agent.encode("latin-1", "replace")
        self._client = httpx.AsyncClient(
            transport=_CheckedTransport(guard, max_connections),
            cookies=CookieJar(DefaultCookiePolicy(netscape=False)),  # not even read
            timeout=None,  # noqa: S113 (the caller bounds the whole of it)
            follow_redirects=False,
            trust_env=False,
        )

    async def close(self) -> None:
        """Every connection is closed."""
        await self._client.aclose()

    async def get(
        self, target: Target, headers: Mapping[str, str], limit: int, check: HeadCheck | None = None
    ) -> Exchange:
        """The answer to a GET, at most `limit` bytes of its body; time is the caller's to bound.

        `check` is called with the status and the content type before the body is read and may raise to
        leave it unread. Raises UnsafeAddress, Failed, and what `check` raises.
        """
        return await self._exchange(target, self._request("GET", target, headers), limit, check)

    async def post(self, target: Target, headers: Mapping[str, str], body: bytes, limit: int) -> Exchange:
        """The answer to a POST of `body`; otherwise as `get`."""
        return await self._exchange(target, self._request("POST", target, headers, body), limit, None)

    async def _exchange(
        self, target: Target, request: httpx.Request, limit: int, check: HeadCheck | None
    ) -> Exchange:
        fetched_at = datetime.now(UTC)
        try:
            response = await self._client.send(request, stream=True)
            try:
                received = tuple(response.headers.raw)
                if len(received) > MAX_HEADERS:
                    raise Failed("error", f"the answer has more than {MAX_HEADERS} headers")
                if check:
                    check(response.status_code, _header(received, b"content-type"))
                body, whole = await self._body(response, limit)
            finally:
                await response.aclose()
        except NotResolved as error:
            raise Failed("unreachable", str(error)) from None
        except (httpcore.NetworkError, httpcore.TimeoutException) as error:
            if isinstance(_root(error), ssl.SSLCertVerificationError):
                raise Failed("unreachable", f"its certificate does not hold ({_line(error)})") from None
            raise Failed("unreachable", f"connection failed ({_line(error)})", passing=True) from None
        except httpcore.RemoteProtocolError as error:
            raise _broken(error) from None
        except (httpcore.LocalProtocolError, httpcore.UnsupportedProtocol) as error:
            raise Failed("error", f"it cannot be asked for ({_line(error)})") from None
        return Exchange(
            target=target,
            method=request.method.encode("ascii"),
            request_headers=tuple(request.headers.raw),
            http_version=response.extensions.get("http_version", b"HTTP/1.1"),
            status=response.status_code,
            reason=response.extensions.get("reason_phrase", b""),
            headers=received,
            body=body,
            whole=whole,
            fetched_at=fetched_at,
            ip=_peer(response),
        )

    def _request(
        self, method: str, target: Target, headers: Mapping[str, str], body: bytes | None = None
    ) -> httpx.Request:
        """The request; a host that a replay server stands in for is asked over plain http."""
        lines = [
            (b"Host", target.netloc.encode("ascii")),
            (b"User-Agent", self._user_agent),
            (b"Accept-Encoding", ACCEPT_ENCODING.encode("ascii")),
        ]
        lines += [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
        scheme = target.scheme
        if self._guard.route(target.host):
            lines.append((b"X-Replay-Scheme", scheme.encode("ascii")))
            scheme = "http"
        origin = httpx.URL(scheme=scheme, host=target.host, port=target.port)
        # The path stands apart: a URL reads and may respell it, and httpx logs URLs, keys in the query too.
        extensions = {"target": target.path.encode("ascii")}
        return httpx.Request(method, origin, headers=lines, content=body, extensions=extensions)

    @staticmethod
    async def _body(response: httpx.Response, limit: int) -> tuple[bytes, bool]:
        announced = _header(response.headers.raw, b"content-length") or ""
        if announced.isascii() and announced.isdigit() and len(announced) < 20 and int(announced) > limit:
            return b"", False
        parts: list[bytes] = []
        size = 0
        async with aclosing(response.aiter_raw()) as stream:  # type: ignore[type-var] # it is a generator
            async for part in stream:
                size += len(part)
                if size > limit:
                    parts.append(part[: len(part) - (size - limit)])
                    return b"".join(parts), False
                parts.append(part)
        return b"".join(parts), True


class _CheckedTransport(httpx.AsyncBaseTransport):
    """Sends over connections that the guard has checked. Raises httpcore's own errors, which say more."""

    def __init__(self, guard: AddressGuard, max_connections: int) -> None:
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=httpcore.default_ssl_context(),  # the system's roots and certifi's
            max_connections=max_connections,
            keepalive_expiry=5.0,
            network_backend=_CheckedConnections(guard),
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """The head of the answer; the stream holds its connection until it is closed."""
        place = request.url
        url = httpcore.URL(scheme=place.raw_scheme, host=place.raw_host, port=place.port, target=b"/")
        response = await self._pool.handle_async_request(
            httpcore.Request(
                request.method,
                url,
                headers=request.headers.raw,
                content=request.content,
                extensions=request.extensions,
            )
        )
        return _Answer(
            response.status, headers=response.headers, stream=_Body(response), extensions=response.extensions
        )

    async def aclose(self) -> None:
        """Every connection is closed."""
        await self._pool.aclose()


class _Answer(httpx.Response):
    """An answer in which the client sees no redirect: it would read where that leads, which is the
    visitor's to do, and stumble over what is not a web address."""

    @property
    def has_redirect_location(self) -> bool:
        return False


class _Body(httpx.AsyncByteStream):
    def __init__(self, response: httpcore.Response) -> None:
        self._response = response

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._response.aiter_stream()

    async def aclose(self) -> None:
        await self._response.aclose()


class _CheckedConnections(httpcore.AsyncNetworkBackend):
    """Makes every connection of the pool, and makes it to an address that the guard has checked."""

    def __init__(self, guard: AddressGuard) -> None:
        self._guard = guard
        self._network = Connections()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """A connection to one of the host's addresses. Raises UnsafeAddress before any is made."""
        places = await self._guard.places(host, port)
        *others, last = places[:MAX_ADDRESSES_TRIED]
        for place in others:
            try:
                return await self._network.connect_tcp(*place, timeout=CONNECT_TIMEOUT_S)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue  # the next address may be up
        return await self._network.connect_tcp(*last, timeout=CONNECT_TIMEOUT_S)


def _broken(error: httpcore.RemoteProtocolError) -> Failed:
    message = _line(error)
    if message.startswith("Server disconnected"):
        return Failed("unreachable", "the connection was closed without an answer", passing=True)
    if message.startswith("peer closed connection"):
        return Failed("error", "the connection was closed before the whole page had come", passing=True)
    # Passing, because the remains of an answer that was longer than it said spoil the next one.
    return Failed("error", f"the answer is not HTTP ({message})", passing=True)


def _header(headers: Headers | list[tuple[bytes, bytes]], name: bytes) -> str | None:
    return next((header_text(value) for key, value in headers if key.lower() == name), None)


def _peer(response: httpx.Response) -> str | None:
    stream = response.extensions.get("network_stream")
    address = stream.get_extra_info("server_addr") if stream else None
    return str(address[0]) if address else None


def _root(error: BaseException) -> BaseException:
    """The error with which it began; the pool cuts the chain of causes, the context is still there."""
    for _ in range(8):
        before = error.__cause__ or error.__context__
        if before is None:
            break
        error = before
    return error


def _line(error: BaseException) -> str:
    error = _root(error)
    text = " ".join(str(error).split()) or type(error).__name__
    return "".join(character for character in text if character.isprintable())[:160]
