"""A web server on loopback that misbehaves in every way a path names, and counts what it was asked."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import socket
import ssl
import struct
import zlib
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable

BOMB_BYTES = 60_000_000
PAGE = "<html><title>خبر</title><body><p>أعلن الوزير الاتفاق.</p></body></html>".encode()

Animal = Callable[["Zoo", asyncio.StreamWriter], Awaitable[None]]


def answer(status: str = "200 OK", body: bytes = PAGE, *headers: str, kind: str = "text/html") -> bytes:
    """A complete HTTP/1.1 answer."""
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {kind}", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


class Zoo:
    """`asked` counts requests by path, `heads` keeps the last request's head by path."""

    def __init__(self) -> None:
        self.scheme = "http"
        self.port = 0
        self.robots = answer("404 Not Found", b"")
        self.asked: Counter[str] = Counter()
        self.heads: dict[str, str] = {}
        self.times: list[float] = []
        self.busy = self.busiest = 0
        self.pages: dict[str, bytes] = {}
        self.connections = 0

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"{self.scheme}://{host}:{self.port}{path}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                path = head.split(" ", 2)[1]
                self.asked[path] += 1
                self.heads[path] = head
                if path == "/robots.txt":
                    writer.write(self.robots)
                    continue
                self.times.append(asyncio.get_running_loop().time())
                self.busy += 1
                self.busiest = max(self.busiest, self.busy)
                try:
                    await self.feed(path, writer)
                finally:
                    self.busy -= 1
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def feed(self, path: str, writer: asyncio.StreamWriter) -> None:
        name = path.split("?")[0].strip("/").split("/")[0]
        if path in self.pages:
            writer.write(self.pages[path])
        elif name in ANIMALS:
            await ANIMALS[name](self, writer)
        elif name == "to":
            writer.write(answer("302 Found", b"", f"Location: {path.removeprefix('/to/')}"))
        elif name == "status":
            writer.write(answer(f"{path.rsplit('/', 1)[1]} Something"))
        elif name == "slow":
            await asyncio.sleep(0.1)
            writer.write(answer())
        else:
            writer.write(answer())


async def gzip_bomb(_: Zoo, writer: asyncio.StreamWriter) -> None:
    writer.write(answer("200 OK", _BOMBS["gzip"], "Content-Encoding: gzip"))


async def deflate_bomb(_: Zoo, writer: asyncio.StreamWriter) -> None:
    writer.write(answer("200 OK", _BOMBS["deflate"], "Content-Encoding: deflate"))


async def brotli_bomb(_: Zoo, writer: asyncio.StreamWriter) -> None:
    import brotli

    body = brotli.compress(bytes(BOMB_BYTES), quality=1)
    writer.write(answer("200 OK", body, "Content-Encoding: br"))


async def endless(_: Zoo, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
    while not writer.is_closing():
        writer.write(b"x" * 65_536)
        await writer.drain()


async def endless_chunks(_: Zoo, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n")
    while not writer.is_closing():
        writer.write(b"8000\r\n" + b"x" * 0x8000 + b"\r\n")
        await writer.drain()


async def announced(_: Zoo, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 99999999999\r\n\r\nx")
    await writer.drain()
    await asyncio.sleep(30)


async def drip(_: Zoo, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 1000\r\n\r\n")
    while not writer.is_closing():
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(0.2)


async def drip_headers(_: Zoo, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n")
    while not writer.is_closing():
        writer.write(b"X: y\r\n")
        await writer.drain()
        await asyncio.sleep(0.2)


async def endless_headers(_: Zoo, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n")
    while not writer.is_closing():
        writer.write(b"X-Filler: " + b"y" * 1_000 + b"\r\n")
        await writer.drain()


async def many_headers(_: Zoo, writer: asyncio.StreamWriter) -> None:
    writer.write(answer("200 OK", PAGE, *(f"X-{number}: y" for number in range(1_000))))


async def hundred_continues(_: Zoo, writer: asyncio.StreamWriter) -> None:
    while not writer.is_closing():
        writer.write(b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" * 20)
        await writer.drain()
        await asyncio.sleep(0.02)


async def loop_a(zoo: Zoo, writer: asyncio.StreamWriter) -> None:
    writer.write(answer("302 Found", b"", "Location: /loop_b"))


async def loop_b(zoo: Zoo, writer: asyncio.StreamWriter) -> None:
    writer.write(answer("302 Found", b"", "Location: /loop_a"))


async def stairs(zoo: Zoo, writer: asyncio.StreamWriter) -> None:
    steps = sum(count for path, count in zoo.asked.items() if path.startswith("/stairs"))
    writer.write(answer("301 Moved Permanently", b"", f"Location: /stairs/{steps}"))


async def too_short(_: Zoo, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5000\r\n\r\n" + PAGE)
    writer.close()


async def too_long(_: Zoo, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 6\r\n\r\n<html>" + PAGE)


async def garbage(_: Zoo, writer: asyncio.StreamWriter) -> None:
    writer.write(b"\x00\xff SSH-2.0-OpenSSH\r\n\r\n")
    writer.close()


async def reset(_: Zoo, writer: asyncio.StreamWriter) -> None:
    sock = writer.get_extra_info("socket")
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


async def silent(_: Zoo, writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(30)


async def busy_once(zoo: Zoo, writer: asyncio.StreamWriter) -> None:
    first = zoo.asked["/busy_once"] == 1
    writer.write(answer("429 Too Many Requests", b"slow down", "Retry-After: 1") if first else answer())


async def down_twice(zoo: Zoo, writer: asyncio.StreamWriter) -> None:
    down = zoo.asked["/down_twice"] < 3
    writer.write(answer("503 Service Unavailable", b"later") if down else answer())


async def away(_: Zoo, writer: asyncio.StreamWriter) -> None:
    writer.write(answer("503 Service Unavailable", b"away", "Retry-After: 3600"))


async def damaged(_: Zoo, writer: asyncio.StreamWriter) -> None:
    writer.write(answer("200 OK", gzip.compress(PAGE)[:-12] + b"!!", "Content-Encoding: gzip"))


async def unknown_encoding(_: Zoo, writer: asyncio.StreamWriter) -> None:
    writer.write(answer("200 OK", PAGE, "Content-Encoding: zstd"))


async def gzipped(_: Zoo, writer: asyncio.StreamWriter) -> None:
    writer.write(answer("200 OK", gzip.compress(PAGE, mtime=0), "Content-Encoding: gzip"))


async def chunked(_: Zoo, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n")
    for at in range(0, len(PAGE), 10):
        piece = PAGE[at : at + 10]
        writer.write(b"%x\r\n%s\r\n" % (len(piece), piece))
    writer.write(b"0\r\n\r\n")


async def cookies(_: Zoo, writer: asyncio.StreamWriter) -> None:
    writer.write(answer("302 Found", b"", "Set-Cookie: id=secret; Path=/", "Location: /after_cookie"))


async def large_gone(_: Zoo, writer: asyncio.StreamWriter) -> None:
    writer.write(answer("404 Not Found", bytes(1_500_000)))


async def image(_: Zoo, writer: asyncio.StreamWriter) -> None:
    writer.write(answer("200 OK", b"\x89PNG", kind="image/png"))


async def false_pdf(_: Zoo, writer: asyncio.StreamWriter) -> None:
    writer.write(answer("200 OK", PAGE, kind="application/pdf"))


ANIMALS: dict[str, Animal] = {
    function.__name__: function
    for function in (
        gzip_bomb, deflate_bomb, brotli_bomb, endless, endless_chunks, announced, drip, drip_headers,
        endless_headers, many_headers, hundred_continues, loop_a, loop_b, stairs, too_short, too_long,
        garbage, reset, silent, busy_once, down_twice, away, damaged, unknown_encoding, gzipped, chunked,
        cookies, large_gone, image, false_pdf,
    )
}  # fmt: skip


def _packed(window: int) -> bytes:
    machine = zlib.compressobj(9, zlib.DEFLATED, window)
    return machine.compress(bytes(BOMB_BYTES)) + machine.flush()


_BOMBS = {"gzip": _packed(zlib.MAX_WBITS | 16), "deflate": _packed(zlib.MAX_WBITS)}


@contextlib.asynccontextmanager
async def open_zoo(
    host: str = "127.0.0.1", port: int = 0, tls: ssl.SSLContext | None = None
) -> AsyncIterator[Zoo]:
    """A zoo that answers until the block ends; visitors that are still inside are shown out."""
    zoo = Zoo()
    visits: set[asyncio.Task[None]] = set()

    def visit(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(zoo.serve(reader, writer))
        visits.add(task)
        task.add_done_callback(visits.discard)

    server = await asyncio.start_server(visit, host, port, ssl=tls)
    zoo.scheme = "https" if tls else "http"
    zoo.port = server.sockets[0].getsockname()[1]
    try:
        yield zoo
    finally:
        server.close()
        for task in list(visits):
            task.cancel()
        await asyncio.gather(*visits, return_exceptions=True)
