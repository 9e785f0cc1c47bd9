"""Answers turned into captures: decoded, judged, archived, and their bodies at hand for a while."""

from __future__ import annotations

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from claims.errors import StoreError
from claims.fetch.archive import MAX_RECORD_BYTES, Archive, read_record
from claims.fetch.cache import KnownPage
from claims.fetch.exchange import Exchange
from claims.fetch.files import read_file_page
from claims.fetch.pages import judge
from claims.fetch.visit import unpacked
from claims.fetch.wire import Failed
from claims.model import Capture, FetchOutcome, digest

BODY_CACHE_BYTES = 16_000_000
_INLINE_BYTES = 200_000  # a smaller record is written sooner than a thread has its turn


class Captures:
    """Keeps what came in one archive. Writing methods raise StoreError where the disk does not take it."""

    def __init__(self, archive: Archive, max_bytes: int) -> None:
        self._archive = archive
        self._max_bytes = max_bytes
        self._bodies: OrderedDict[str, bytes] = OrderedDict()
        self._bodies_size = 0

    async def write(self, exchange: Exchange, earlier: Capture | None = None) -> int:
        """The exchange is archived; the offset of its body."""
        if len(exchange.body) <= _INLINE_BYTES:
            return self._archive.write_exchange(exchange, earlier)
        return await asyncio.to_thread(self._archive.write_exchange, exchange, earlier)

    async def unchanged(self, exchange: Exchange, earlier: Capture) -> Capture:
        """The earlier capture, and in the archive that the server said it still holds."""
        await asyncio.to_thread(self._archive.write_not_modified, exchange, earlier)
        return replace(earlier, outcome="ok", detail=None)

    async def kept(self, url: str, exchange: Exchange, known: KnownPage | None) -> Capture:
        """The capture of an answer, archived where it is complete; an earlier one where it is the same."""
        final, status = exchange.target.url, exchange.status
        try:
            body = await unpacked(exchange, self._max_bytes)
        except Failed as error:
            outcome, detail = error.outcome, str(error)
            if not 200 <= status < 300:  # what is wrong with the body matters less than what the status says
                outcome, detail = judge(exchange, b"")[0], f"status {status}; {detail}"
            empty = nothing(url, outcome, detail, final, status)
            if error.outcome == "too_large":
                return empty
            offset = await self.write(exchange)
            return replace(empty, warc=self._archive.warc, offset=offset)
        sha256 = hashlib.sha256(body).hexdigest()
        outcome, said = judge(exchange, body)
        earlier = known.version(status, sha256) if known else None
        offset = await self.write(exchange, earlier)
        if earlier:
            self._remember(earlier.id, body)
            return replace(earlier, final_url=final, outcome=outcome, detail=said)
        capture = Capture(
            id="k_" + digest(url, status, sha256),
            url=url,
            final_url=final,
            outcome=outcome,
            status=status,
            sha256=sha256,
            bytes=len(body),
            content_type=exchange.header("Content-Type"),
            warc=self._archive.warc,
            offset=offset,
            fetched_at=exchange.fetched_at,
            detail=said,
        )
        self._remember(capture.id, body)
        return capture

    async def file(self, url: str, folders: Sequence[Path], known: KnownPage | None) -> Capture:
        """The capture of a file below one of the folders. Raises Failed where it cannot be read."""
        page = await asyncio.to_thread(read_file_page, url, folders, self._max_bytes)
        sha256 = hashlib.sha256(page.body).hexdigest()
        earlier = known.version(None, sha256) if known else None
        if earlier:
            self._remember(earlier.id, page.body)
            return earlier
        now = datetime.now(UTC)
        offset = await asyncio.to_thread(self._archive.write_resource, url, page.content_type, page.body, now)
        capture = Capture(
            id="k_" + digest(url, None, sha256),
            url=url,
            final_url=url,
            outcome="ok",
            status=None,
            sha256=sha256,
            bytes=len(page.body),
            content_type=page.content_type,
            warc=self._archive.warc,
            offset=offset,
            fetched_at=now,
        )
        self._remember(capture.id, page.body)
        return capture

    async def body(self, capture: Capture) -> bytes:
        """The decoded body of a capture, from memory or from its archive. Raises StoreError."""
        cached = self._bodies.get(capture.id)
        if cached is not None:
            self._bodies.move_to_end(capture.id)
            return cached
        if capture.warc is None or capture.offset is None or capture.sha256 is None:
            raise StoreError(f"{capture.url}: outcome {capture.outcome!r}; there is no archived body to read")
        limit = max(self._max_bytes, MAX_RECORD_BYTES)
        record = await asyncio.to_thread(
            read_record, self._archive.workspace, capture.warc, capture.offset, limit
        )
        if hashlib.sha256(record.body).hexdigest() != capture.sha256:
            raise StoreError(f"{capture.warc} at {capture.offset}: holds another page than {capture.url}")
        self._remember(capture.id, record.body)
        return record.body

    async def readable(self, capture: Capture) -> bool:
        """Whether the archive still gives the body of an earlier capture."""
        try:
            await self.body(capture)
        except StoreError:
            return False
        return True

    def _remember(self, capture_id: str, body: bytes) -> None:
        if len(body) > BODY_CACHE_BYTES // 2 or capture_id in self._bodies:
            return
        self._bodies[capture_id] = body
        self._bodies_size += len(body)
        while self._bodies_size > BODY_CACHE_BYTES:
            _, dropped = self._bodies.popitem(last=False)
            self._bodies_size -= len(dropped)


def nothing(
    url: str, outcome: FetchOutcome, detail: str, final: str | None = None, status: int | None = None
) -> Capture:
    """A capture of which no body is kept."""
    return Capture(
        id="k_" + digest(url, status, None),
        url=url,
        final_url=final or url,
        outcome=outcome,
        status=status,
        sha256=None,
        bytes=0,
        content_type=None,
        warc=None,
        offset=None,
        fetched_at=datetime.now(UTC),
        detail=detail,
    )
