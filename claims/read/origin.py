"""Who stands for a page: its authors and its outlet, as it names them."""

from __future__ import annotations

import re
from typing import Any

from claims.language.letters import fold
from claims.read.jsonld import Node, plain_text, types
from claims.read.markup import Element, known_names, text_of

_MAX_NAME = 120
_MAX_AUTHORS = 12
_LEAD = re.compile(
    r"^(?:by|von|par|por|de|av|af|di|door|автор|текст|بقلم|كتب|كتبت|إعداد|اعداد|تحرير|نویسنده)\b[:\s]*",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"\s*(?:[,;،|]|\s(?:and|und|et|y|e|en|og|och|и)\s)\s*")
_NO_NAME = re.compile(
    r"https?://|www\.|@|\(?(?:image|photo|foto)\b|\d{3}|^(?:admin|editor|redaktion|redacci[oó]n|rédaction|staff|author|user)$",
    re.IGNORECASE,
)


def authors_of(root: Element, about: list[Node], told: dict[str, list[str]]) -> tuple[str, ...]:
    """The names of the authors, each once, in the page's order."""
    names: list[str] = []
    for node in about[:3]:
        names += _names(node.get("author") or node.get("creator"))
        if names:
            break
    if not names:
        names = [
            part for key in known_names("author") for value in told.get(key, []) for part in _parts(value)
        ]
    if not names:
        marked = root.xpath("//*[@rel='author' or @itemprop='author']")[:8]
        names = [part for element in marked for part in _parts(text_of(element))]
    unique: dict[str, str] = {}
    for name in names:
        unique.setdefault(fold(name), name)
    return tuple(unique.values())[:_MAX_AUTHORS]


def names_in(byline: str) -> tuple[str, ...]:
    """The names of people that a byline lists, each once."""
    return tuple(dict.fromkeys(_parts(byline)))[:_MAX_AUTHORS]


def outlet_of(every: list[Node], about: list[Node], told: dict[str, list[str]], host: str) -> str | None:
    """The outlet's name for itself, else its host; None where neither is known."""
    named: list[str | None] = [plain_text(node.get("publisher")) for node in about]
    named += [value for key in known_names("outlet") for value in told.get(key, [])]
    named += [
        plain_text(node.get("name"))
        for node in every
        if {"NewsMediaOrganization", "WebSite"} & set(types(node))
    ]
    for name in named:
        if name and len(name) <= _MAX_NAME and not name.startswith(("http://", "https://")):
            return name
    return host.removeprefix("www.") or None


def _names(value: Any) -> list[str]:
    if isinstance(value, list):
        return [name for item in value[:_MAX_AUTHORS] for name in _names(item)]
    if isinstance(value, dict):
        value = value.get("name")
        if isinstance(value, list):
            return _names(value)
    text = plain_text(value)
    return _parts(text) if text else []


def _parts(text: str) -> list[str]:
    bare = _LEAD.sub("", text.strip())
    found = (part.strip(" .-–—") for part in _BETWEEN.split(bare))
    return [part for part in found if 1 < len(part) <= _MAX_NAME and not _NO_NAME.search(part)]
