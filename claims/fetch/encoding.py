"""Undoing content encodings within a bound, so that a small body cannot unpack into a huge one."""

from __future__ import annotations

import zlib
from collections.abc import Callable

import brotli  # type: ignore[import-untyped]
import zstandard

# Bodies are archived as they came, and common readers of archives know no zstd: it is the last choice.
ACCEPT_ENCODING = "gzip, deflate, br, zstd;q=0.1"

_GZIP_MAGIC = b"\x1f\x8b"
_ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
_MAX_MEMBERS = 200  # each costs a copy of what is left
_MAX_CODINGS = 3  # one on top of the other
_ZSTD_WINDOW = 8_388_608  # bytes: RFC 9659 allows no more over HTTP
# A block of four bytes can unpack into 128 kB, and nothing bounds one call: at most 16 MB pass the bound
_ZSTD_STEP = 512


class TooLarge(Exception):
    """The body is larger than the bound."""


class Damaged(Exception):
    """The body cannot be decoded; the message says why."""


def decode(body: bytes, content_encoding: str, limit: int) -> bytes:
    """The body without the encodings that its Content-Encoding header names, at most `limit` bytes.

    The bound holds for what comes out of every one of them. Raises TooLarge as soon as it is passed, Damaged
    where an encoding is not known here or the body does not follow it to its end.
    """
    names = [name.strip().lower() for name in content_encoding.split(",", 10)]
    codings = [name for name in names if name not in ("", "identity")]
    if not codings or not body:  # an answer without a body may still name an encoding
        if len(body) > limit:
            raise TooLarge
        return body
    if len(codings) > _MAX_CODINGS or any(name not in _DECODERS for name in codings):
        raise Damaged(f"content encoding {', '.join(codings)[:60]!r} cannot be decoded")
    for name in reversed(codings):  # they are named in the order in which they were put on
        body = _DECODERS[name](body, limit)
    return body


def _gunzip(body: bytes, limit: int) -> bytes:
    """All members one after the other; what follows the last one is left aside, as browsers do."""
    parts: list[bytes] = []
    for _ in range(_MAX_MEMBERS):
        decoded, body = _inflate(body, zlib.MAX_WBITS | 16, limit)
        parts.append(decoded)
        limit -= len(decoded)
        if not body.startswith(_GZIP_MAGIC):
            return b"".join(parts)
    raise Damaged(f"more than {_MAX_MEMBERS} gzip members")


def _undeflate(body: bytes, limit: int) -> bytes:
    try:
        return _inflate(body, zlib.MAX_WBITS, limit)[0]
    except Damaged:  # it is sent with and without its header
        return _inflate(body, -zlib.MAX_WBITS, limit)[0]


def _inflate(body: bytes, window: int, limit: int) -> tuple[bytes, bytes]:
    """What one stream holds, and what stands behind it."""
    machine = zlib.decompressobj(window)
    try:
        decoded = machine.decompress(body, limit + 1)
    except zlib.error as error:
        raise Damaged(f"damaged compression ({error})") from None
    if len(decoded) > limit:
        raise TooLarge
    if not machine.eof:
        raise Damaged("the compressed body ends too early")
    return decoded, machine.unused_data


def _unbrotli(body: bytes, limit: int) -> bytes:
    machine = brotli.Decompressor()
    parts: list[bytes] = []
    try:
        while True:
            decoded: bytes = machine.process(body, output_buffer_limit=limit + 1)
            parts.append(decoded)
            limit -= len(decoded)
            if limit < 0:
                raise TooLarge
            body = b""
            if machine.is_finished():
                return b"".join(parts)
            if machine.can_accept_more_data():
                raise Damaged("the compressed body ends too early")
    except brotli.error as error:
        raise Damaged(f"damaged compression ({error})") from None


def _unzstd(body: bytes, limit: int) -> bytes:
    """All frames one after the other; what follows the last one is left aside."""
    parts: list[bytes] = []
    for _ in range(_MAX_MEMBERS):
        machine = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW).decompressobj()
        at = 0
        while not machine.eof:
            if at >= len(body):
                raise Damaged("the compressed body ends too early")
            try:
                decoded = machine.decompress(body[at : at + _ZSTD_STEP])
            except zstandard.ZstdError as error:
                raise Damaged(f"damaged compression ({error})") from None
            at += _ZSTD_STEP
            parts.append(decoded)
            limit -= len(decoded)
            if limit < 0:
                raise TooLarge
        body = machine.unused_data + body[at:]
        if not body.startswith(_ZSTD_MAGIC):
            return b"".join(parts)
    raise Damaged(f"more than {_MAX_MEMBERS} zstd frames")


_DECODERS: dict[str, Callable[[bytes, int], bytes]] = {
    "gzip": _gunzip,
    "x-gzip": _gunzip,
    "deflate": _undeflate,
    "br": _unbrotli,
    "zstd": _unzstd,
}
