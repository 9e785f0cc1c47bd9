"""When a page was published and when it was changed, never the one in place of the other."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable
from datetime import date
from email.utils import parsedate
from urllib.parse import urlsplit

from htmldate import find_date

from claims.language.dates import find_dates
from claims.language.letters import fold
from claims.read.jsonld import Node, plain_text
from claims.read.markup import Element, known_names, text_of

_ISO = re.compile(r"(?<!\d)((?:19|20)\d\d)[-/.](0?[1-9]|1[0-2])[-/.](0?[1-9]|[12]\d|3[01])(?!\d)")
_COMPACT = re.compile(r"^((?:19|20)\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?:[t\d]|$)")
_DAY_FIRST = re.compile(r"(?<!\d)(0?[1-9]|[12]\d|3[01])[-/.](0?[1-9]|1[0-2])[-/.]((?:19|20)\d\d)(?!\d)")
_UNIX = re.compile(r"^1\d{9}(?:\d{3})?$")
_IN_ADDRESS = re.compile(r"/((?:19|20)\d\d)[/-](0?[1-9]|1[0-2])[/-](0?[1-9]|[12]\d|3[01])(?=[/-]|$)")
_IN_ADDRESS_COMPACT = re.compile(r"[/_-]((?:19|20)\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?=[/_.-]|$)")
_TIME_CLASS = re.compile(
    r"publi|posted|entry-date|date-?(?:line|time|created)|created|article.?date|post.?date|news.?date|story.?date"
)
_CHANGED = re.compile(r"modif|updat|edit|تحديث|تعديل|обновл|به.?روز|aktualis|mis à jour", re.IGNORECASE)
_DATE_BLOCK = re.compile(
    r"(?:^|[\s_-])(?:date|time|publish\w*|posted|timestamp|meta|byline|info)(?:$|[\s_-])"
)
_MOST_BLOCKS = 60
_EARLIEST, _LATEST = date(1990, 1, 1), date(2100, 1, 1)


def published_on(
    root: Element, nodes: list[Node], metas: dict[str, list[str]], url: str, lang: str | None, large: bool
) -> date | None:
    """The day on which the page was published, as far as it tells; a `large` page is not searched through."""
    told = _first_day(node.get("datePublished") for node in nodes) or _first_day(
        value for name in known_names("published") for value in metas.get(name, [])
    )
    if any(value.startswith("MediaWiki") for value in metas.get("generator", [])):
        return told  # the other dates of a wiki page are those of its last change
    return (
        told
        or _from_times(root, lang)
        or _from_address(url)
        or _from_blocks(root, lang)
        or _first_day(node.get("dateCreated") or node.get("uploadDate") for node in nodes)
        or (None if large else _last_resort(root, url, {modified_on(nodes, metas), *_changes(root)}))
    )


def modified_on(nodes: list[Node], metas: dict[str, list[str]]) -> date | None:
    """The day on which the page was last changed, as far as it tells."""
    return _first_day(node.get("dateModified") for node in nodes) or _first_day(
        value for name in known_names("modified") for value in metas.get(name, [])
    )


def day_of(value: object) -> date | None:
    """The day that a machine-made date string names: ISO 8601, RFC 2822, compact or Unix time."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        value = str(int(value)) if abs(value) < 1e14 else ""
    text = plain_text(value)
    if not text or len(text) > 200:
        return None
    folded = fold(text)
    match = _ISO.search(folded)
    if match:
        return _day(match[1], match[2], match[3])
    match = _COMPACT.match(folded)
    if match:
        return _day(match[1], match[2], match[3])
    match = _DAY_FIRST.search(folded)
    if match:
        return _day(match[3], match[2], match[1])
    if _UNIX.match(folded):
        return _within(date.fromordinal(date(1970, 1, 1).toordinal() + int(folded[:10]) // 86_400))
    try:
        parsed = parsedate(text)
    except (ValueError, IndexError, TypeError, OverflowError):
        parsed = None
    return _day(*map(str, parsed[:3])) if parsed else None


def _first_day(values: Iterable[object]) -> date | None:
    return next((day for day in map(day_of, values) if day), None)


def _from_times(root: Element, lang: str | None) -> date | None:
    """From `time` elements: those marked as publication first, then the first one of the article."""
    marked: list[date] = []
    plain: list[date] = []
    for element in itertools.islice(root.iter("time"), 30):
        around = _around(element)
        if _CHANGED.search(around) or _CHANGED.search(text_of(element)):
            continue
        day = day_of(element.get("datetime") or element.get("content")) or _spoken(text_of(element), lang)
        if day:
            chosen = marked if "pubdate" in element.attrib or _TIME_CLASS.search(around.lower()) else plain
            chosen.append(day)
    return next(iter(marked or plain), None)


def _changes(root: Element) -> list[date]:
    """The days on which the page says, in `time` elements, that it was changed."""
    times = [e for e in itertools.islice(root.iter("time"), 30) if _CHANGED.search(_around(e) + text_of(e))]
    return [day for day in (day_of(element.get("datetime")) for element in times) if day]


def _around(element: Element) -> str:
    """The names by which an element and the one around it are marked."""
    parent = element.getparent()
    named = (element.get("class"), element.get("itemprop"), element.get("id"))
    return " ".join(filter(None, (*named, parent.get("class") if parent is not None else None)))


def _from_blocks(root: Element, lang: str | None) -> date | None:
    """From short pieces of text whose class or itemprop speaks of a date."""
    looked_at = 0
    for element in root.iter("span", "div", "p", "li", "abbr", "small", "b", "em", "td"):
        if element.get("itemprop") == "datePublished":
            day = day_of(element.get("content")) or _spoken(text_of(element), lang)
            if day:
                return day
        label = (element.get("class") or element.get("id") or "").lower()
        if not label or not _DATE_BLOCK.search(label) or len(element) > 12:
            continue
        looked_at += 1
        if looked_at > _MOST_BLOCKS:
            return None
        text = text_of(element)
        if 6 <= len(text) <= 160:
            changed = _CHANGED.search(text)  # "published on … updated on …"
            day = _spoken(text[: changed.start()] if changed else text, lang)
            if day:
                return day
    return None


def _spoken(text: str, lang: str | None) -> date | None:
    """The first full date that a short text for readers names."""
    if not 6 <= len(text) <= 200:
        return None
    day = day_of(text)
    if day:
        return day
    for when in find_dates(text, None, lang):
        if when.first == when.last and not when.approximate:
            return _within(when.first)
    return None


def _from_address(url: str) -> date | None:
    path = urlsplit(url).path
    match = _IN_ADDRESS.search(path) or _IN_ADDRESS_COMPACT.search(path)
    return _day(match[1], match[2], match[3]) if match else None


def _last_resort(root: Element, url: str, changed: set[date | None]) -> date | None:
    """What htmldate makes of the page, where that is not the day of a change."""
    try:
        found = find_date(
            root, original_date=True, url=url or None, min_date=str(_EARLIEST), max_date=str(_LATEST)
        )
    except (ValueError, TypeError, AttributeError, RecursionError):  # it is a guess at best
        return None
    day = day_of(found)
    whole_year = day is not None and (day.month, day.day) == (1, 1)  # its way of saying "in that year"
    return None if day in changed or whole_year else day


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return _within(date(int(year), int(month), int(day)))
    except ValueError:
        return None


def _within(day: date) -> date | None:
    return day if _EARLIEST <= day <= _LATEST else None
