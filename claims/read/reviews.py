"""ClaimReview found in a page, kept as plain bounded JSON."""

from __future__ import annotations

import json
from typing import Any

from claims.read.jsonld import Node, types

_MAX_REVIEWS = 20
_MAX_LETTERS = 20_000


def claim_reviews(every: list[Node]) -> tuple[dict[str, Any], ...]:
    """The ClaimReview objects of the page that review a named claim, each once, in order."""
    found: dict[str, dict[str, Any]] = {}
    for node in every:
        if "ClaimReview" not in types(node) or not isinstance(node.get("claimReviewed"), str):
            continue
        written = json.dumps(node, ensure_ascii=False, sort_keys=True)
        if len(written) <= _MAX_LETTERS:
            found.setdefault(written, json.loads(written))
    return tuple(found.values())[:_MAX_REVIEWS]
