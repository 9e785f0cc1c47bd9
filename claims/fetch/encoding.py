"""Undoing content encodings within a bound, so that a small body cannot unpack into a huge one."""

from __future__ import annotations

import zlib
from typing import Protocol

try:
    import brotli  # type: ignore[import-untyped]
except ImportError:  # it comes with other packages; without it `br` is neither asked for nor decoded
    brotli = None
if not hasattr(getattr(brotli, "Decompressor", None), "can_accept_more_data"):
    brotli = None  # versions before 1.2 cannot be told how much to give at once

ACCEPT_ENCODING = "gzip, deflate, br" if brotli else "gzip, deflate"


class TooLarge(Exception):
    """The body is larger than the bound."""


class Damaged(Exception):
    """The body cannot be decoded; the message says why."""


class Decoder(Protocol):
    """Takes a body piece by piece, gives what can be decoded of it so far."""

    def feed(self, piece: bytes) -> bytes:
        """More decoded bytes. Raises TooLarge or Damaged."""

    def finish(self) -> None:
        """Nothing, where the body was complete. Raises Damaged where its end is missing."""


def decoder(content_encoding: str, limit: int) -> Decoder:
    """A decoder for the value of a Content-Encoding header that gives at most `limit` bytes in all.

    Raises Damaged for an encoding that is not known here.
    """
    names = [name.strip().lower() for name in content_encoding.split(",")]
    codings = [name for name in names if name not in ("", "identity")]
    if not codings:
        return _Plain(limit)
    if codings in (["gzip"], ["x-gzip"]):
        return _Zlib(limit, zlib.MAX_WBITS | 16)
    if codings == ["deflate"]:
        return _Zlib(limit, zlib.MAX_WBITS)
    if codings == ["br"] and brotli:
        return _Brotli(limit)
    raise Damaged(f"content encoding {', '.join(codings)[:60]!r} cannot be decoded")


def decode(body: bytes, content_encoding: str, limit: int) -> bytes:
    """The decoded body, at most `limit` bytes. Raises TooLarge or Damaged."""
    machine = decoder(content_encoding, limit)
    decoded = machine.feed(body)
    if body:  # a body-less answer may still name an encoding
        machine.finish()
    return decoded


class _Plain:
    def __init__(self, limit: int) -> None:
        self._left = limit

    def feed(self, piece: bytes) -> bytes:
        self._left -= len(piece)
        if self._left < 0:
            raise TooLarge
        return piece

    def finish(self) -> None:
        return


class _Zlib:
    """gzip and deflate. `deflate` is sent with and without its header; both are read."""

    def __init__(self, limit: int, window: int) -> None:
        self._left = limit
        self._window = window
        self._machine = zlib.decompressobj(window)
        self._started = False

    def feed(self, piece: bytes) -> bytes:
        try:
            decoded = self._run(piece)
        except zlib.error as error:
            if self._started or self._window != zlib.MAX_WBITS:
                raise Damaged(f"damaged compression ({error})") from None
            self._window = -zlib.MAX_WBITS
            self._machine = zlib.decompressobj(self._window)
            return self.feed(piece)
        self._started = self._started or bool(piece)
        return decoded

    def _run(self, piece: bytes) -> bytes:
        parts: list[bytes] = []
        while piece:
            if self._machine.eof:  # gzip may hold several members; anything else after the end is ignored
                if self._window < zlib.MAX_WBITS | 16 or not piece.startswith(b"\x1f\x8b"):
                    break
                self._machine = zlib.decompressobj(self._window)
            decoded = self._machine.decompress(piece, self._left + 1)
            self._left -= len(decoded)
            if self._left < 0:
                raise TooLarge
            parts.append(decoded)
            piece = self._machine.unused_data if self._machine.eof else self._machine.unconsumed_tail
        return b"".join(parts)

    def finish(self) -> None:
        if not self._machine.eof:
            raise Damaged("the compressed body ends too early")


class _Brotli:
    def __init__(self, limit: int) -> None:
        self._left = limit
        self._machine = brotli.Decompressor()

    def feed(self, piece: bytes) -> bytes:
        parts: list[bytes] = []
        try:
            while True:
                decoded: bytes = self._machine.process(piece, output_buffer_limit=self._left + 1)
                self._left -= len(decoded)
                if self._left < 0:
                    raise TooLarge
                parts.append(decoded)
                piece = b""
                if self._machine.can_accept_more_data():
                    return b"".join(parts)
        except brotli.error as error:
            raise Damaged(f"damaged compression ({error})") from None

    def finish(self) -> None:
        if not self._machine.is_finished():
            raise Damaged("the compressed body ends too early")
