"""Pages that are not what they seem: a wall instead of an article, a "not found" with status 200."""

from __future__ import annotations

import itertools
import re
import tomllib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Literal

from lxml import etree

from claims.language.letters import fold
from claims.read.jsonld import Node
from claims.read.markup import Element, text_of

_SHORT = 1_500  # letters: a page with more text than this has said something, wall or not
_VERY_SHORT = 400
_SHOWN = 20_000  # letters of a page that are searched
_NAMED = 40  # elements that are looked into for what they offer
_SELECTOR = re.compile(r"[.#][\w-]+")
_DATA = Path(__file__).parent / "data" / "problems.toml"


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    table = tomllib.loads(_DATA.read_text(encoding="utf-8"))
    names = table.pop("names")
    phrases = {
        kind: "|".join(re.escape(fold(phrase)) for listed in languages.values() for phrase in listed)
        for kind, languages in table.items()
    }
    return {kind: re.compile(pattern) for kind, pattern in phrases.items()} | {
        f"{kind} names": re.compile("|".join(patterns)) for kind, patterns in names.items()
    }


def problem_of(
    root: Element, every: list[Node], title: str | None
) -> Callable[[str], Literal["paywalled", "gone"] | None]:
    """What is wrong with a page, to be asked with its main text; the tree may be changed in between.

    A page that asks for consent before it shows anything counts as paywalled: the article is behind it.
    """
    patterns = _patterns()
    shown = fold(text_of(root)[:_SHOWN])
    walled = patterns["wall"].search(shown) is not None or _is_closed(root, every)
    walled = walled or any(patterns["offer"].search(text) for text in _shown_in(root, patterns["wall names"]))
    asks = len(set(patterns["consent"].findall(shown))) >= 2 and bool(
        _shown_in(root, patterns["platform names"])
    )
    heads = " ".join(text_of(heading) for heading in list(root.iter("h1", "h2", "title"))[:5])
    missing = patterns["missing"].search(fold(f"{title or ''} {heads}")) is not None

    def judged(text: str) -> Literal["paywalled", "gone"] | None:
        if missing and len(text) < _SHORT:
            return "gone"
        if len(text) < _VERY_SHORT and patterns["missing"].search(fold(text)):
            return "gone"
        if walled and len(text) < _SHORT:
            return "paywalled"
        return "paywalled" if asks and len(text) < _VERY_SHORT else None

    return judged


def _is_closed(root: Element, every: list[Node]) -> bool:
    """Whether the page says that (a part of) it is not free, and does not show that part all the same."""
    closed = [node for node in every if str(node.get("isAccessibleForFree")).lower() == "false"]
    wanted = {name for node in closed for name in _SELECTOR.findall(str(node.get("cssSelector") or "")[:500])}
    if not wanted:
        return bool(closed)
    shown = sum(
        len(text_of(element))
        for element in root.iter(etree.Element)
        if wanted & {f".{name}" for name in (element.get("class") or "").split()}
        | wanted & {f"#{element.get('id')}"}
    )
    return shown < _VERY_SHORT


def _shown_in(root: Element, names: re.Pattern[str]) -> list[str]:
    """What the elements show that bear such a name."""
    found = (
        element
        for element in root.iter(etree.Element)
        if names.search(f"{element.get('class') or ''} {element.get('id') or ''}".lower()[:300])
    )
    return [fold(text_of(element)[:_SHOWN]) for element in itertools.islice(found, _NAMED)]
