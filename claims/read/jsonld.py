"""JSON-LD: what a page says of itself for machines, read as far as it can be read."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from typing import Any

from claims.read.markup import Element

_MAX_BLOCK = 1_000_000
_MAX_NODES = 5_000
_MAX_DEPTH = 12
_TRAILING_COMMA = re.compile(r",(\s*[}\]])")
_MISSING_COMMA = re.compile(r"([}\]\"])(\s*\n\s*)(?=[{\"])")
_WRAPPING = re.compile(
    r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/)|(?:-->|//\s*\]\]>|\]\]>|/\*\s*\]\]>\s*\*/)\s*;?\s*$"
)

Node = dict[str, Any]


def nodes(root: Element) -> list[Node]:
    """Every object of every JSON-LD block of the page, in order, those in `@graph` and lists among them."""
    found: list[Node] = []
    for script in root.iter("script"):
        if "ld+json" not in (script.get("type") or "").lower() or not script.text:
            continue
        if len(script.text) <= _MAX_BLOCK:
            for value in _parsed(script.text):
                found.extend(_walk(value))
        if len(found) >= _MAX_NODES:
            break
    return found[:_MAX_NODES]


def types(node: Node) -> tuple[str, ...]:
    """The types of a node, without the vocabulary's address."""
    given = node.get("@type")
    listed = given if isinstance(given, list) else [given]
    return tuple(name.rsplit("/", 1)[-1] for name in listed if isinstance(name, str))


def plain_text(value: object) -> str | None:
    """A property that should be a text, as one line; the first where several are given."""
    if isinstance(value, list):
        return next((text for text in map(plain_text, value[:20]) if text), None)
    if isinstance(value, dict):
        return plain_text(value.get("@value") or value.get("name"))
    if not isinstance(value, str):
        return None
    return " ".join(html.unescape(html.unescape(value)).split()) or None


def _parsed(text: str) -> list[Any]:
    bare = _WRAPPING.sub("", text).strip().rstrip(";")
    mended = _MISSING_COMMA.sub(r"\1,\2", _TRAILING_COMMA.sub(r"\1", bare))
    for attempt in (bare, mended, html.unescape(mended)):
        try:
            return _values(attempt)
        except (ValueError, RecursionError):
            continue
    return []


def _values(text: str) -> list[Any]:
    """The JSON values that follow one another. Raises ValueError where there is something else."""
    decoder = json.JSONDecoder(strict=False)
    found: list[Any] = []
    at = 0
    while at < len(text):
        value, at = decoder.raw_decode(text, at)
        found.append(value)
        while at < len(text) and text[at] in " \t\r\n,;":
            at += 1
    return found


def _walk(value: Any, depth: int = 0) -> Iterator[Node]:
    if depth > _MAX_DEPTH:
        return
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            if isinstance(inner, (dict, list)):
                yield from _walk(inner, depth + 1)
    elif isinstance(value, list):
        for inner in value[:500]:
            yield from _walk(inner, depth + 1)
