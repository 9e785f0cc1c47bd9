"""Bytes to text: byte order mark, then HTTP, then the page's own word, then the bytes themselves."""

from __future__ import annotations

import re

from charset_normalizer import from_bytes
from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding, read_bom, resolve_encoding

_GUESS_BYTES = 100_000
_GUESSED = ["cp1256", "cp1252", "cp1251", "iso8859_6", "koi8_r", "utf_16_le", "utf_16_be"]
_TOLERATED = 0.002  # share of letters that may be broken before a declared charset is not believed
# What no text needs: control characters, lone surrogates, byte order marks, non-characters
_NOISE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")


def decode(body: bytes, content_type: str | None = None) -> str:
    """The text of the bytes, without control characters; broken bytes stand as U+FFFD. Never raises.

    Bytes that are sound UTF-8 beyond ASCII are UTF-8 whatever a header says: servers that add a charset of
    their own to every page are common, other text that happens to be sound UTF-8 is not.
    """
    codec, mark = read_bom(body)
    if codec and mark:
        return _clean(_as(body[len(mark) :], codec))
    if not body.isascii():
        try:
            return _clean(body.decode("utf-8"))
        except UnicodeDecodeError:
            pass
    declared = [http_content_type_encoding(content_type), html_body_declared_encoding(body[:4096])]
    for name in declared:
        named = resolve_encoding(name) if name else None
        if not named:
            continue
        text = _as(body, named)
        if text.count("\ufffd") <= _TOLERATED * len(text):
            return _clean(text)
    return _clean(_guessed(body))


def _as(body: bytes, codec: str) -> str:
    try:
        return body.decode(codec, "replace")
    except (LookupError, ValueError):  # Python knows codecs by name that are no charsets
        return body.decode("utf-8", "replace")


def _guessed(body: bytes) -> str:
    if body.isascii():
        return body.decode("ascii")
    near = body.decode("utf-8", "replace")
    if near.count("\ufffd") <= _TOLERATED * len(near):
        return near
    best = from_bytes(body[:_GUESS_BYTES], cp_isolation=_GUESSED, preemptive_behaviour=False).best()
    if best:
        return body.decode(best.encoding, "replace")
    # Arabic with its vowels written looks like noise to a guess that counts letters.
    arabic = body.decode("cp1256", "replace")
    beyond = [letter for letter in arabic[:_GUESS_BYTES] if letter > "\x7f" and letter.isalnum()]
    written = sum("\u0600" <= letter <= "\u06ff" for letter in beyond)
    return arabic if written > 0.9 * len(beyond) > 0 else near


def _clean(text: str) -> str:
    return _NOISE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
