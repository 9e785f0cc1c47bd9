"""Sitemaps: what a news site lists for search engines, matched to the words and days of a question."""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from lxml import etree

from claims.errors import SourceSkipped, SourceUnusable
from claims.gather.base import (
    MAX_ANSWER_BYTES,
    MAX_TITLE,
    Ask,
    check_status,
    clean_text,
    clean_url,
    lenient_date,
)
from claims.gather.listing import Entry, Unreadable, refuse_entities

MAX_ENTRIES = 50_000  # by the protocol, of one sitemap
_MOST_CHILDREN = 5_000
_GZIP = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class Sitemap:
    """The pages that a sitemap lists, or, of an index, the sitemaps with the day of their last change."""

    entries: tuple[Entry, ...]
    children: tuple[tuple[str, date | None], ...] = ()


async def fetched_sitemap(url: str, most: int, source: str, ask: Ask) -> list[Entry]:
    """The pages of the sitemap at an address; of an index those of its `most` newest sitemaps.

    Sitemaps on other hosts are left out, and so is an index inside an index, as the protocol has it. A
    sitemap of an index that fails is left out where another one can be read. Raises SourceSkipped and
    SourceUnusable as connectors do.
    """
    whole = await _read(url, source, ask)
    entries = list(whole.entries)
    host = urlsplit(url).netloc.lower()
    own = [child for child in whole.children if urlsplit(child[0]).netloc.lower() == host]
    newest = sorted(own, key=lambda child: child[1] or date.min, reverse=True)[:most]
    failed: SourceSkipped | SourceUnusable | None = None
    read = 0
    for address, _ in newest:
        try:
            entries += (await _read(address, source, ask)).entries
            read += 1
        except (SourceSkipped, SourceUnusable) as error:
            failed = error
        if len(entries) >= MAX_ENTRIES:
            break
    if failed and not read:
        raise failed
    return entries[:MAX_ENTRIES]


async def _read(url: str, source: str, ask: Ask) -> Sitemap:
    answer = await ask(url, {})
    check_status(answer, source, url)
    try:
        return await asyncio.to_thread(parse_sitemap, answer.body)
    except Unreadable as error:
        raise SourceUnusable(f"{source}: {url}: {error}") from None


def parse_sitemap(body: bytes) -> Sitemap:
    """What a sitemap lists, its own bytes or packed with gzip.

    Raises Unreadable where it is none, unpacks to too much, or declares entities.
    """
    if body.startswith(_GZIP):
        body = _unpacked(body)
    if len(body) > MAX_ANSWER_BYTES:
        raise Unreadable(f"it has more than {MAX_ANSWER_BYTES:,} bytes")
    refuse_entities(body)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True
    )
    try:
        root = etree.fromstring(body, parser)
    except (etree.LxmlError, ValueError, LookupError):
        root = None
    if root is None:
        raise Unreadable("it is no XML; check the address")
    kind = _local(root)
    if kind == "sitemapindex":
        children = ((address, lenient_date(_text(row, "lastmod"))) for row, address in _rows(root, "sitemap"))
        return Sitemap((), tuple(dict(list(children)[:_MOST_CHILDREN]).items()))
    if kind != "urlset":
        raise Unreadable("it is no sitemap; check the address")
    return Sitemap(tuple(_entry(row, address) for row, address in _rows(root, "url")))


def _rows(root: etree._Element, name: str) -> Iterator[tuple[etree._Element, str]]:
    for count, row in enumerate(element for element in root if _local(element) == name):
        if count >= MAX_ENTRIES:
            return
        address = clean_url(_text(row, "loc"))
        if address:
            yield row, address


def _entry(row: etree._Element, address: str) -> Entry:
    news = next((child for child in row if _local(child) == "news"), None)
    modified = lenient_date(_text(row, "lastmod"))
    if news is None:
        return Entry(address, modified=modified)
    publication = next((child for child in news if _local(child) == "publication"), None)
    lang = clean_text(_text(publication, "language"), 20) if publication is not None else None
    return Entry(
        address,
        title=clean_text(_text(news, "title"), MAX_TITLE),
        published=lenient_date(_text(news, "publication_date")),
        modified=modified,
        lang=lang,
    )


def _local(element: etree._Element) -> str:
    """The name without its namespace, which real sitemaps write in many ways."""
    return element.tag.rpartition("}")[2].lower() if isinstance(element.tag, str) else ""


def _text(element: etree._Element, name: str) -> str | None:
    """The text of the first child of that name, without spaces around it."""
    found = next((child for child in element if _local(child) == name), None)
    return "".join(found.itertext()).strip() if found is not None else None


def _unpacked(body: bytes) -> bytes:
    """The bytes out of gzip, of which no more are made than allowed."""
    machine = zlib.decompressobj(zlib.MAX_WBITS | 16)
    try:
        plain = machine.decompress(body, MAX_ANSWER_BYTES + 1)
    except zlib.error:
        raise Unreadable("its gzip is damaged") from None
    return plain
