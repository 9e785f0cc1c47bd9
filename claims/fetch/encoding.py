"""Undoing content encodings within a bound, so that a small body cannot unpack into a huge one."""

from __future__ import annotations

import zlib

try:
    import brotli  # type: ignore[import-untyped]
except ImportError:  # it comes with other packages; without it `br` is neither asked for nor decoded
    brotli = None
if not hasattr(getattr(brotli, "Decompressor", None), "can_accept_more_data"):
    brotli = None  # versions before 1.2 cannot be told how much to give at once

_GZIP_MAGIC = b"\x1f\x8b"
_MAX_MEMBERS = 200  # each costs a copy of what is left
ACCEPT_ENCODING = "gzip, deflate, br" if brotli else "gzip, deflate"


class TooLarge(Exception):
    """The body is larger than the bound."""


class Damaged(Exception):
    """The body cannot be decoded; the message says why."""


def decode(body: bytes, content_encoding: str, limit: int) -> bytes:
    """The body without the encodings that its Content-Encoding header names, at most `limit` bytes.

    Raises TooLarge as soon as the bound is passed, Damaged where the encoding is not known here or the
    body does not follow it to its end.
    """
    names = [name.strip().lower() for name in content_encoding.split(",")]
    codings = [name for name in names if name not in ("", "identity")]
    if not codings or not body:  # an answer without a body may still name an encoding
        if len(body) > limit:
            raise TooLarge
        return body
    if codings in (["gzip"], ["x-gzip"]):
        return _gunzip(body, limit)
    if codings == ["deflate"]:
        try:
            return _inflate(body, zlib.MAX_WBITS, limit)[0]
        except Damaged:  # it is sent with and without its header
            return _inflate(body, -zlib.MAX_WBITS, limit)[0]
    if codings == ["br"] and brotli:
        return _unbrotli(body, limit)
    raise Damaged(f"content encoding {', '.join(codings)[:60]!r} cannot be decoded")


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
