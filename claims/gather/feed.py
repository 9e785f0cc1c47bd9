"""RSS and Atom feeds: what a site says is new, matched to the words and days of a question."""

from __future__ import annotations

import asyncio
import io
import re
from calendar import timegm
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urljoin

from feedparser.api import parse as read_feed

from claims.errors import SourceUnusable
from claims.gather.base import (
    MAX_ANSWER_BYTES,
    MAX_SNIPPET,
    MAX_TITLE,
    Ask,
    check_status,
    clean_text,
    clean_url,
)
from claims.gather.listing import Entry, Unreadable, refuse_entities

MAX_ENTRIES = 1_000
_EARLIEST = date(1990, 1, 1)
_DECLARED = re.compile(rb"""encoding\s*=\s*["']([^"']+)["']""")
_STRAY = 100  # letters for each stray byte, at the least
_ENTRY_START = re.compile(rb"<(?:\w{1,20}:)?(?:item|entry)[\s>]")
_ROOT = re.compile(rb"<(rss|(?:\w{1,20}:)?feed|rdf:RDF)[\s>]", re.IGNORECASE)
_CLOSING = {b"rss": b"</channel></rss>", b"feed": b"</feed>", b"rdf:rdf": b"</rdf:RDF>"}


async def fetched_feed(url: str, source: str, ask: Ask) -> list[Entry]:
    """The entries of the feed at an address. Raises SourceSkipped and SourceUnusable as connectors do."""
    answer = await ask(url, {})
    check_status(answer, source, url)
    try:
        return await asyncio.to_thread(parse_feed, answer.body, url, answer.content_type)
    except Unreadable as error:
        raise SourceUnusable(f"{source}: {url}: {error}") from None


def parse_feed(body: bytes, url: str, content_type: str | None = None) -> list[Entry]:
    """The newest entries of a feed with an address of their own, in its order.

    Raises Unreadable where the bytes are no feed, or one that declares entities.
    """
    if len(body) > MAX_ANSWER_BYTES:
        raise Unreadable(f"it has more than {MAX_ANSWER_BYTES:,} bytes")
    refuse_entities(body)
    body = _cut(_mended(body))
    headers = {"content-type": content_type} if content_type else {}
    try:
        # A stream: of bytes it would first try whether they name a file
        table = read_feed(
            io.BytesIO(body), response_headers=headers, sanitize_html=False, resolve_relative_uris=False
        )
    except Exception as error:  # whatever a stranger's bytes do to the parser is theirs alone
        raise Unreadable(f"it trips the reader of feeds ({type(error).__name__})") from None
    rows = table.get("entries") or []
    if not table.get("version") and not rows:
        raise Unreadable("it is no RSS or Atom feed; check the address")
    lang = clean_text((table.get("feed") or {}).get("language"), 20)
    entries = [entry for row in rows[: MAX_ENTRIES * 2] if (entry := _entry(row, url, lang))]
    return entries[:MAX_ENTRIES]


def _mended(body: bytes) -> bytes:
    """The body; where it is UTF-8 but for a few stray bytes, without them, which would spoil all of it."""
    declared = _DECLARED.search(body[:200])
    if declared and declared.group(1).lower() not in (b"utf-8", b"utf8"):
        return body
    text = body.decode("utf-8", "replace")
    stray = text.count("\ufffd")
    return body if not stray or stray * _STRAY > len(text) else text.replace("\ufffd", "").encode()


def _cut(body: bytes) -> bytes:
    """The body up to the last entry that is wanted, closed again: reading costs a millisecond an entry."""
    for number, start in enumerate(_ENTRY_START.finditer(body)):
        if number == MAX_ENTRIES:
            root = _ROOT.search(body[:5_000])
            closing = _CLOSING.get(root.group(1).lower(), b"") if root else b""
            return body[: start.start()] + closing
    return body


def _entry(row: Mapping[str, Any], base: str, lang: str | None) -> Entry | None:
    link = row.get("link")
    try:
        address = clean_url(urljoin(base, link.strip())) if isinstance(link, str) and link.strip() else None
    except ValueError:
        return None
    if not address:
        return None
    return Entry(
        url=address,
        title=clean_text(row.get("title"), MAX_TITLE),
        summary=clean_text(row.get("summary"), MAX_SNIPPET),
        published=_day(row.get("published_parsed")),
        modified=_day(row.get("updated_parsed")) if "updated" in row.keys() else None,  # noqa: SIM118 (own mapping)
        lang=lang,
    )


def _day(parsed: object) -> date | None:
    """The day in UTC, or None where no such day can be: nonsense is common in feeds."""
    if not isinstance(parsed, tuple):
        return None
    try:
        day = datetime.fromtimestamp(timegm(parsed), UTC).date()
    except (ValueError, OverflowError, OSError, TypeError):
        return None
    return day if day >= _EARLIEST else None
