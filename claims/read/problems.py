"""Pages that are not what they seem: a wall instead of an article, a "not found" with status 200."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Literal

from claims.language.letters import fold
from claims.read.jsonld import Node
from claims.read.markup import Element, text_of

_SHORT = 1_500  # letters: a page with more text than this has said something, wall or not
_VERY_SHORT = 400
_DATA = Path(__file__).parent / "data" / "problems.toml"


@cache
def _phrases() -> dict[str, re.Pattern[str]]:
    table = tomllib.loads(_DATA.read_text(encoding="utf-8"))
    return {
        kind: re.compile(
            "|".join(re.escape(fold(phrase)) for phrases in languages.values() for phrase in phrases)
        )
        for kind, languages in table.items()
    }


def problem_of(
    root: Element, every: list[Node], title: str | None
) -> Callable[[str], Literal["paywalled", "gone"] | None]:
    """What is wrong with a page, to be asked with its main text; the tree may be changed in between."""
    phrases = _phrases()
    closed = any(str(node.get("isAccessibleForFree")).lower() == "false" for node in every)
    shown = fold(text_of(root)[:20_000])
    walled = phrases["wall"].search(shown) is not None
    missing = phrases["missing"].search(fold(title or "")) is not None
    heads = " ".join(text_of(heading) for heading in list(root.iter("h1", "h2", "title"))[:5])
    missing = missing or phrases["missing"].search(fold(heads)) is not None

    def judged(text: str) -> Literal["paywalled", "gone"] | None:
        if missing and len(text) < _SHORT:
            return "gone"
        if len(text) < _VERY_SHORT and phrases["missing"].search(fold(text)):
            return "gone"
        if (closed or walled) and len(text) < _SHORT:
            return "paywalled"
        return None

    return judged
