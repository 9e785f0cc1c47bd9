"""The agency from which a page says that it has its text."""

from __future__ import annotations

import re
from functools import lru_cache

from claims.language.names import find_names
from claims.model import Document

_HEAD = 900  # letters in which a dateline or byline may stand: sites print their menus before it
_TAIL = 220
# What stands right before an agency that is credited, and what right after it. An agency that is only
# spoken of stands between other words.
_BEFORE = re.compile(
    r"(?:[(\[]|\s[-–—ـ/]|[:：]|\b(?:by|via|from|source|citing|according to|credit)|"
    r"نقلا[\u064b]?\s+عن(?:\s+وكالة)?|بحسب وكالة|وفق وكالة|المصدر|"
    r"источник|по сообщению|по данным|منبع|به نقل از)\s*$",
    re.IGNORECASE,
)
_OPEN = re.compile(r"[(\[]\s*$")
_CLOSED = re.compile(r"^[^()\[\]\n]{0,14}[)\]]")
_DATELINE = re.compile(r"^\s*(?:[-–—ـ]\s|[:：]\s)")
_LINE_START = re.compile(r"(?:^|\n)\s*$")


def credited_agency(document: Document) -> str | None:
    """The agency that a page credits in its byline, its dateline or at its end, by id; None without one."""
    return _credited(document.text, document.authors)


@lru_cache(maxsize=2_000)
def _credited(text: str, authors: tuple[str, ...]) -> str | None:
    for author in authors:
        for who in find_names(author).who:
            if who.type == "agency" and len(author) <= len(who.text) + 12:
                return who.id
    whole = len(text) <= _HEAD + _TAIL
    for part in (text,) if whole else (text[:_HEAD], text[-_TAIL:]):
        for who in find_names(part).who:
            if who.type == "agency" and _is_credit(part[: who.start], part[who.end :]):
                return who.id
    return None


def _is_credit(before: str, after: str) -> bool:
    if _OPEN.search(before):
        return bool(_CLOSED.match(after))
    if _LINE_START.search(before):
        return bool(_DATELINE.match(after)) or not after.partition("\n")[0].strip()
    return bool(_BEFORE.search(before[-40:]))
