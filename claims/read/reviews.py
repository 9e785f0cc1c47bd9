"""ClaimReview found in a page, kept as plain bounded JSON."""

from __future__ import annotations

import itertools
import json
from typing import Any

from lxml import etree

from claims.read.jsonld import Node, types
from claims.read.markup import Element, one_line, text_of

_MAX_REVIEWS = 20
_MAX_LETTERS = 20_000
_MAX_PROPERTIES = 200
_MAX_DEPTH = 6


def claim_reviews(root: Element, every: list[Node]) -> tuple[dict[str, Any], ...]:
    """The ClaimReview objects of the page that review a named claim, each once, in order.

    `every` are its JSON-LD objects; those that are written as microdata are given the same shape.
    """
    found: dict[str, dict[str, Any]] = {}
    for node in (*every, *_microdata(root)):
        if "ClaimReview" not in types(node) or not isinstance(node.get("claimReviewed"), str):
            continue
        written = json.dumps(node, ensure_ascii=False, sort_keys=True)
        if len(written) <= _MAX_LETTERS:
            found.setdefault(written, json.loads(written))
    return tuple(found.values())[:_MAX_REVIEWS]


def _microdata(root: Element) -> list[Node]:
    scopes = (
        e for e in root.iter(etree.Element) if (e.get("itemtype") or "").rstrip("/").endswith("/ClaimReview")
    )
    return [_item(scope, 0) for scope in itertools.islice(scopes, _MAX_REVIEWS)]


def _item(scope: Element, depth: int) -> Node:
    """The item that an element describes, with the items in it."""
    node: Node = {"@type": (scope.get("itemtype") or "Thing").rstrip("/").rsplit("/", 1)[-1]}
    waiting = list(reversed(scope))
    for _ in range(_MAX_PROPERTIES):
        if not waiting:
            break
        element = waiting.pop()
        inner = "itemscope" in element.attrib
        if element.get("itemprop"):
            node.setdefault(
                element.get("itemprop"),
                _item(element, depth + 1) if inner and depth < _MAX_DEPTH else _value(element),
            )
        if not inner:
            waiting.extend(reversed(element))
    return node


def _value(element: Element) -> str:
    told = next(
        (element.get(name) for name in ("content", "datetime", "href", "src") if element.get(name)), None
    )
    return one_line(told) if told else text_of(element)[:_MAX_LETTERS]
