"""The Wayback Machine: archived copies of pages that are gone, and their earlier versions."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from urllib.parse import urlsplit

from claims.errors import SourceSkipped, SourceUnusable
from claims.gather.base import Answer, Ask, check_status, clean_url, json_object
from claims.model import Candidate, Query
from claims.source_kinds import WaybackSource

_STAMP = re.compile(r"\d{14}", re.ASCII)
_COPY = re.compile(r"https?://[^/]+/web/\d{4,14}(?:[a-z]{2}_)?/(.+)", re.ASCII | re.DOTALL)
_FIELDS = ("timestamp", "original", "mimetype", "statuscode", "digest")


@dataclass(frozen=True, slots=True)
class Version:
    """One archived version of a page. `digest` is the archive's own, equal where the bytes are."""

    at: datetime
    url: str  # of the copy, as it came from the page's server
    original: str
    mimetype: str
    digest: str


class WaybackConnector:
    """Asks by address, not by words: it is asked about pages that other sources named and that are gone."""

    def __init__(self, spec: WaybackSource, ask: Ask) -> None:
        self.name = spec.name
        self._spec = spec
        self._site = spec.url.rstrip("/")
        self._ask = ask
        self._free_at = 0.0

    async def search(self, query: Query) -> list[Candidate]:
        """The good copy of the page whose address the query is, nearest to its first day, if there is one.

        Without a day it is the newest. The availability API is asked first, and where it knows nothing the
        CDX server, which often does. Raises SourceSkipped and SourceUnusable as every connector does.
        """
        url, near = clean_url(query.text), query.first
        if not url:
            return []
        params = {"url": url} | ({"timestamp": f"{near:%Y%m%d}120000"} if near else {})
        place = self._spec.available_url
        snapshots = json_object(await self._turn(place, params), self.name, place).get("archived_snapshots")
        if not isinstance(snapshots, dict):
            raise SourceUnusable(
                f"{self.name}: {place} answers JSON, but not of the availability API; check available_url"
            )
        closest = snapshots.get("closest")
        if isinstance(closest, dict) and closest.get("available") is True and closest.get("status") == "200":
            address = self._address(closest.get("timestamp"), url)
            if address:
                return [Candidate(address, self.name)]
        versions = await self.versions(url, limit=-1)
        return [Candidate(versions[-1].url, self.name)] if versions else []

    async def versions(
        self, url: str, first: date | None = None, last: date | None = None, limit: int = 100
    ) -> list[Version]:
        """The archived versions of an address that differ, oldest first.

        A negative limit counts from the end. Raises SourceSkipped and SourceUnusable as connectors do.
        """
        place = f"{self._site}/cdx/search/cdx"
        params = {
            "url": url,
            "output": "json",
            "fl": ",".join(_FIELDS),
            "filter": "statuscode:200",
            "collapse": "digest",
            "limit": str(limit),
        }
        params |= {"from": f"{first:%Y%m%d}"} if first else {}
        params |= {"to": f"{last:%Y%m%d}"} if last else {}
        answer = await self._turn(place, params)
        found: dict[str, Version] = {}
        for row in _cdx_rows(answer, self.name, place):
            version = self._version(row)
            if version:
                found.setdefault(version.digest, version)
        return sorted(found.values(), key=lambda version: version.at)

    async def _turn(self, url: str, params: Mapping[str, str]) -> Answer:
        """The answer, asked for when this source's time has come."""
        clock = asyncio.get_running_loop().time
        await asyncio.sleep(max(0.0, self._free_at - clock()))
        try:
            return await self._ask(url, params)
        finally:
            self._free_at = clock() + self._spec.delay_s

    def _version(self, row: Mapping[str, str]) -> Version | None:
        address = self._address(row["timestamp"], row["original"])
        if not address or row["statuscode"] != "200":
            return None
        try:
            at = datetime.strptime(row["timestamp"], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
        except ValueError:
            return None
        return Version(at, address, row["original"], row["mimetype"][:100], row["digest"][:100])

    def _address(self, stamp: object, original: str) -> str | None:
        """Where the copy answers with the bytes that were archived, without the archive's own frame."""
        if not isinstance(stamp, str) or not _STAMP.fullmatch(stamp) or not clean_url(original):
            return None
        return clean_url(f"{self._site}/web/{stamp}id_/{original}")


def _cdx_rows(answer: Answer, source: str, url: str) -> list[dict[str, str]]:
    """The rows of a CDX answer by field: a list of lists under a line of names, empty for nothing."""
    check_status(answer, source, url)
    try:
        table = json.loads(answer.body or b"[]")
    except (ValueError, RecursionError):
        raise SourceSkipped(f"{source}: {url} answers no JSON; ask again later") from None
    if not isinstance(table, list):
        raise SourceUnusable(f"{source}: {url} answers JSON, but not that of a CDX server; check the address")
    if not table:
        return []
    if table[0] != list(_FIELDS):
        raise SourceUnusable(f"{source}: {url} answers other fields than were asked for; check the address")
    return [
        dict(zip(_FIELDS, row, strict=True))
        for row in table[1:5_000]
        if isinstance(row, list) and len(row) == len(_FIELDS) and all(isinstance(cell, str) for cell in row)
    ]


def original_address(url: str) -> str:
    """The address of the page of which this is an archive's copy; another address comes back as it is."""
    match = _COPY.fullmatch(url)
    if not match:
        return url
    inner = match.group(1)
    return inner if urlsplit(inner).scheme in ("http", "https") else f"http://{inner}"
