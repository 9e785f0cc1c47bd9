"""The archive of a run: one WARC 1.1 file in which every record is a gzip member of its own.

A record is written in one piece and flushed before the call returns. So whenever the process dies, all
records but the one that was being written can be read, and a run of the same name cuts the torn end off
and goes on behind it.
"""

from __future__ import annotations

import base64
import contextlib
import fcntl
import hashlib
import os
import re
import threading
import uuid
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

from claims import __version__
from claims.errors import StoreError
from claims.fetch.encoding import Damaged, TooLarge, decode
from claims.fetch.exchange import Exchange
from claims.model import Capture, Document

FOLDER = "archive"
MAX_RECORD_BYTES = 256_000_000
# Most bodies come compressed and gain nothing at any level; level 1 takes a sixth of level 6's time.
_LEVEL = 1
_BLOCK = 1 << 16
_RUN_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_REVISIT = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
_NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
_SECRET_HEADERS = (b"authorization", b"cookie", b"proxy-authorization", b"x-goog-api-key")

WarcHeaders = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class ArchivedResponse:
    """An archived answer. `status` is None for a file from disk; `body` is decoded."""

    url: str
    status: int | None
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str | None:
        """The first value of a header, or None."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)


class Archive:
    """Writes the records of one run. Threads may share it; the file is made with the first record.

    `warc` is the file's path relative to the workspace. Every writing method returns the offset, in
    bytes, at which the record can be read again, and raises StoreError where the disk does not take it.
    """

    def __init__(self, workspace: Path, run: str) -> None:
        if not _RUN_NAME.fullmatch(run):
            raise StoreError(f"run {run[:60]!r}: a run's name is made of letters, digits, dots and dashes")
        self.warc = f"{FOLDER}/{run}.warc.gz"
        self.path = workspace / self.warc
        self.workspace = workspace
        self._lock = threading.Lock()
        self._file: IO[bytes] | None = None
        self._seen: dict[bytes, int] = {}  # digest of address, status and body -> offset

    def __enter__(self) -> Archive:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """The file is complete and closed; a record that is being written is finished first."""
        with self._lock:
            if self._file:
                self._file.close()
                self._file = None

    def write_exchange(self, exchange: Exchange, earlier: Capture | None = None) -> int:
        """A request and its response are archived; returns where the response's body can be read.

        Where the same body came from the same address before, a revisit record is written instead of a
        second response: in this run, the offset is then that of the first; where it was `earlier`, the
        body stays at `earlier.offset` of `earlier.warc` and the offset is that of the revisit.
        """
        payload_digest = _digest(exchange.body)
        http_head = _response_head(exchange)
        request, shared = _request_record(exchange)
        shared = [*shared, ("WARC-Payload-Digest", payload_digest)]
        key = hashlib.sha256(f"{exchange.status} {payload_digest} {exchange.target.url}".encode()).digest()[
            :16
        ]
        with self._lock:
            first = self._seen.get(key)
            refers = None
            if earlier and earlier.warc and earlier.offset is not None:
                refers = self._same_payload(earlier.warc, earlier.offset, payload_digest)
            elif first is not None:
                refers = self._same_payload(self.warc, first, payload_digest)
            kind = "application/http; msgtype=response"
            if refers:
                offset = self._append(_record("revisit", kind, [*shared, *refers], http_head))
            else:
                offset = self._append(_record("response", kind, shared, http_head, exchange.body))
            self._append(request)
            if refers:
                return offset if first is None else first
            self._seen[key] = offset
            return offset

    def write_not_modified(self, exchange: Exchange, earlier: Capture) -> int:
        """A request and the server's word that `earlier` still holds are archived; the revisit's offset."""
        request, shared = _request_record(exchange)
        fields = _record_headers(self.workspace, earlier.warc or "", earlier.offset or 0) or {}
        refers = [
            ("WARC-Profile", _NOT_MODIFIED),
            *_refers_to(fields),
            ("WARC-Payload-Digest", fields.get("WARC-Payload-Digest") or _digest(b"")),
        ]
        kind = "application/http; msgtype=response"
        with self._lock:
            offset = self._append(_record("revisit", kind, [*shared, *refers], _response_head(exchange)))
            self._append(request)
            return offset

    def write_resource(self, url: str, content_type: str, body: bytes, at: datetime) -> int:
        """A file from disk is archived as it is."""
        headers = [
            ("WARC-Target-URI", url),
            ("WARC-Date", _date(at)),
            ("WARC-Record-ID", _new_id()),
            ("WARC-Payload-Digest", _digest(body)),
        ]
        with self._lock:
            return self._append(_record("resource", content_type, headers, body))

    def write_conversion(self, document: Document, capture: Capture) -> int:
        """The text that was read out of a capture is archived, with a reference to the captured record."""
        body = document.text.encode("utf-8", "surrogatepass")
        headers = [
            ("WARC-Target-URI", capture.final_url),
            ("WARC-Date", _date(datetime.now(UTC))),
            ("WARC-Record-ID", _new_id()),
            ("WARC-Payload-Digest", _digest(body)),
        ]
        if capture.warc and capture.offset is not None:
            fields = _record_headers(self.workspace, capture.warc, capture.offset)
            record_id = fields.get("WARC-Record-ID") if fields else None
            if record_id:
                headers.append(("WARC-Refers-To", record_id))
        with self._lock:
            return self._append(_record("conversion", "text/plain; charset=utf-8", headers, body))

    def _same_payload(self, warc: str, offset: int, payload_digest: str) -> WarcHeaders | None:
        """What a revisit says of an earlier record, or None where that does not hold the same raw body."""
        fields = _record_headers(self.workspace, warc, offset)
        if not fields or fields.get("WARC-Payload-Digest") != payload_digest:
            return None
        return [("WARC-Profile", _REVISIT), *_refers_to(fields)]

    def _append(self, member: bytes) -> int:
        """The member stands at the end of the file, and its offset is returned. The lock is held."""
        try:
            file = self._file or self._open()
            offset = file.seek(0, os.SEEK_END)
            try:
                left = memoryview(member)
                while left:  # a disk that is nearly full takes a part
                    left = left[file.write(left) :]
            except OSError:
                with contextlib.suppress(OSError):  # the write's own error is the one to tell
                    file.truncate(offset)
                raise
        except OSError as error:
            raise StoreError(
                f"{self.path}: cannot be written ({error.strerror or error}); free some space or mend its"
                " permissions, then run again"
            ) from None
        return offset

    def _open(self) -> IO[bytes]:
        """The file, locked against other processes, without a torn end, beginning with its warcinfo."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        file = self.path.open("a+b", buffering=0)  # unbuffered: what was written is with the system
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            raise StoreError(
                f"{self.path}: another process is writing this run; wait for it or use another run name"
            ) from None
        end = end_of_whole_members(file)
        file.truncate(end)
        if end == 0:
            info = f"software: tabayyun/{__version__}\r\nformat: WARC File Format 1.1\r\n"
            headers = [
                ("WARC-Date", _date(datetime.now(UTC))),
                ("WARC-Record-ID", _new_id()),
                ("WARC-Filename", self.path.name),
            ]
            file.write(_record("warcinfo", "application/warc-fields", headers, info.encode("ascii")))
        self._file = file
        return file


def read_record(workspace: Path, warc: str, offset: int, limit: int = MAX_RECORD_BYTES) -> ArchivedResponse:
    """The archived answer at an offset, its body decoded, neither form larger than `limit` bytes.

    Raises StoreError where the file or the record is missing, damaged, or has no body of its own.
    """
    where = f"{warc} at {offset}"
    with _record_at(workspace, warc, offset) as record:
        kind = record.rec_type
        url = record.rec_headers.get_header("WARC-Target-URI") or ""
        if kind not in ("response", "resource", "conversion"):
            raise StoreError(f"{where}: a {kind} record has no body to read; check the offset")
        raw = record.raw_stream.read(limit + 1)
        if len(raw) > limit:
            raise StoreError(f"{where}: the record is larger than {limit} bytes; it is not read")
        record.raw_stream.read()  # at its end the digests are compared
        if record.digest_checker.passed is False:
            raise StoreError(f"{where}: the record's digest does not hold; restore {warc} from a copy")
        if kind != "response":
            content_type = record.rec_headers.get_header("Content-Type") or ""
            return ArchivedResponse(url, None, (("Content-Type", content_type),), raw)
        if not record.http_headers:
            raise StoreError(f"{where}: the response has no HTTP headers; restore {warc} from a copy")
        headers = tuple((name, value) for name, value in record.http_headers.headers)
        status = int(record.http_headers.get_statuscode())
    answer = ArchivedResponse(url, status, headers, raw)
    try:
        body = decode(raw, answer.header("Content-Encoding") or "", limit)
    except TooLarge:
        raise StoreError(f"{where}: the body unpacks to more than {limit} bytes; it is not read") from None
    except Damaged as error:
        raise StoreError(f"{where}: the body cannot be decoded ({error})") from None
    return ArchivedResponse(url, status, headers, body)


@contextlib.contextmanager
def _record_at(workspace: Path, warc: str, offset: int) -> Iterator[Any]:
    """The record that begins at an offset, open for reading. Raises StoreError where there is none."""
    path = (workspace / warc).resolve()
    if not path.is_relative_to(workspace.resolve()):
        raise StoreError(f"{warc}: lies outside the workspace; it is not read")
    try:
        with path.open("rb") as file:
            file.seek(offset)
            begins = file.read(2) == b"\x1f\x8b"  # without it warcio would guess at what it may be
            file.seek(offset)
            record = next(ArchiveIterator(file, check_digests=True), None) if begins else None
            if record is None or record.format != "warc":
                raise StoreError(f"{warc} at {offset}: there is no record; check the offset")
            yield record
    except FileNotFoundError:
        raise StoreError(f"{warc}: no such archive file in {workspace}; restore it from a copy") from None
    except (OSError, EOFError, ValueError, zlib.error, ArchiveLoadFailed) as error:
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise StoreError(f"{warc} at {offset}: the record cannot be read ({reason[:120]})") from None


def _record_headers(workspace: Path, warc: str, offset: int) -> dict[str, str] | None:
    """The WARC headers of an archived record, or None where it is not there any more."""
    try:
        with _record_at(workspace, warc, offset) as record:
            return dict(record.rec_headers.headers)
    except StoreError:
        return None


def _record(kind: str, content_type: str, fields: WarcHeaders, block: bytes, body: bytes = b"") -> bytes:
    """A WARC record as a gzip member. `body` is the second part of the block, kept apart to save a copy."""
    sha1 = hashlib.sha1(block, usedforsecurity=False)
    sha1.update(body)
    lines = ["WARC/1.1", f"WARC-Type: {kind}"]
    lines += [f"{name}: {value}" for name, value in fields]
    lines += [
        f"WARC-Block-Digest: sha1:{base64.b32encode(sha1.digest()).decode('ascii')}",
        f"Content-Type: {_one_line(content_type)}",
        f"Content-Length: {len(block) + len(body)}",
    ]
    head = "\r\n".join(lines).encode("utf-8") + b"\r\n\r\n"
    machine = zlib.compressobj(_LEVEL, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    parts = [machine.compress(part) for part in (head, block, body, b"\r\n\r\n")]
    return b"".join(parts) + machine.flush()


def _request_record(exchange: Exchange) -> tuple[bytes, WarcHeaders]:
    """The record of a request, and the fields with which the record of its answer begins."""
    response_id = _new_id()
    place = [("WARC-IP-Address", exchange.ip)] if exchange.ip else []
    shared = [("WARC-Target-URI", exchange.target.url), ("WARC-Date", _date(exchange.fetched_at)), *place]
    own = [
        ("WARC-Record-ID", _new_id()),
        ("WARC-Concurrent-To", response_id),
        ("WARC-Payload-Digest", _digest(b"")),
    ]
    kind = "application/http; msgtype=request"
    return _record("request", kind, [*shared, *own], _request_head(exchange)), [
        *shared,
        ("WARC-Record-ID", response_id),
    ]


def _refers_to(fields: dict[str, str]) -> WarcHeaders:
    """What a revisit says of the record that holds the body."""
    return [
        ("WARC-Refers-To", fields.get("WARC-Record-ID") or ""),
        ("WARC-Refers-To-Target-URI", fields.get("WARC-Target-URI") or ""),
        ("WARC-Refers-To-Date", fields.get("WARC-Date") or ""),
    ]


def _request_head(exchange: Exchange) -> bytes:
    """The request as it was sent; what proves who we are is not kept."""
    lines = [exchange.method + b" " + exchange.target.path.encode("ascii") + b" HTTP/1.1"]
    for name, value in exchange.request_headers:
        lines.append(name + b": " + (b"(withheld)" if name.lower() in _SECRET_HEADERS else value))
    return b"\r\n".join(lines) + b"\r\n\r\n"


def _response_head(exchange: Exchange) -> bytes:
    """The response's head as it came. Transfer encoding is already undone, so its header is renamed: a
    reader that believed it would take the body for chunks."""
    lines = [exchange.http_version + b" " + str(exchange.status).encode("ascii") + b" " + exchange.reason]
    for name, value in exchange.headers:
        kept = b"X-Archive-Orig-" + name if name.lower() == b"transfer-encoding" else name
        lines.append(kept + b": " + value)
    return b"\r\n".join(lines) + b"\r\n\r\n"


def end_of_whole_members(file: IO[bytes]) -> int:
    """The offset behind the last gzip member that is complete; 0 where none is."""
    whole = 0
    position = file.seek(0)
    machine = zlib.decompressobj(zlib.MAX_WBITS | 16)
    while data := file.read(_BLOCK):
        position += len(data)
        while data:
            try:
                machine.decompress(data, _BLOCK)
            except zlib.error:
                return whole
            data = machine.unused_data if machine.eof else machine.unconsumed_tail
            if machine.eof:
                whole = position - len(data)
                machine = zlib.decompressobj(zlib.MAX_WBITS | 16)
    return whole


def _digest(body: bytes) -> str:
    sha1 = hashlib.sha1(body, usedforsecurity=False).digest()
    return f"sha1:{base64.b32encode(sha1).decode('ascii')}"


def _date(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _new_id() -> str:
    return f"<urn:uuid:{uuid.uuid4()}>"


def _one_line(value: str) -> str:
    return " ".join(value.split())
