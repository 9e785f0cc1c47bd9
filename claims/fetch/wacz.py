"""Archived pages in one file that ReplayWeb.page opens: WACZ 1.1.1.

Records are copied as they stand in the archive, byte for byte. The same pages give the same file.
"""

from __future__ import annotations

import hashlib
import json
import re
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

from claims import __version__
from claims.errors import StoreError
from claims.fetch.visit import REDIRECTS
from claims.model import Capture

VERSION = "1.1.1"
_INDEXED = ("response", "revisit", "resource")
_FIRST_NUMBER = re.compile(r"^www\d*\.")
_DEFAULT_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class ArchivedPage:
    """A page to be shown: its capture, and its title and words for the list of pages."""

    capture: Capture
    title: str | None
    text: str | None


@dataclass(slots=True)
class _Picked:
    """What is wanted of one archive file, and what of it was copied."""

    offsets: set[int]
    urls: set[str]
    ids: set[str] = field(default_factory=set)
    lines: list[str] = field(default_factory=list)


def write_wacz(
    workspace: Path, pages: Sequence[ArchivedPage], out: Path, title: str, created: datetime
) -> None:
    """`out` holds the pages with the requests and redirects that led to them; complete, or not there at all.

    `created` (aware) is written as the moment of the file's making. Raises StoreError where an archive file
    is missing or damaged, or `out` cannot be written.
    """
    part = out.with_name(f".{out.name}.part")
    try:
        with zipfile.ZipFile(part, "w", allowZip64=True) as file:
            _Writer(file, created).write(workspace, pages, title)
        part.replace(out)
    except (OSError, ValueError) as error:
        raise StoreError(f"{out}: cannot be written ({error}); make room or name another file") from None
    finally:
        part.unlink(missing_ok=True)


class _Writer:
    """Fills one file, keeping the digest of each part for the list of them."""

    def __init__(self, file: zipfile.ZipFile, created: datetime) -> None:
        self._file = file
        self._created = created.astimezone(UTC)
        self._resources: list[dict[str, Any]] = []

    def write(self, workspace: Path, pages: Sequence[ArchivedPage], title: str) -> None:
        lines: list[str] = []
        for warc, picked in sorted(_wanted(pages).items()):
            name = Path(warc).name
            with self._part(f"archive/{name}") as part:
                for member in _members(workspace, warc, picked, name):
                    part.write(member)
            lines += picked.lines
        with self._part("indexes/index.cdx") as part:
            part.write("".join(line + "\n" for line in sorted(lines)).encode("utf-8"))
        with self._part("pages/pages.jsonl") as part:
            part.write(_json({"format": "json-pages-1.0", "id": "pages", "title": title, "hasText": True}))
            for page in pages:
                part.write(_json(_page_row(page)))
        package = {
            "profile": "data-package",
            "wacz_version": VERSION,
            "title": title,
            "created": _iso(self._created),
            "modified": _iso(self._created),
            "software": f"tabayyun {__version__}",
            "mainPageUrl": pages[0].capture.final_url,
            "mainPageDate": _iso(pages[0].capture.fetched_at),
            "resources": self._resources[:],
        }
        with self._part("datapackage.json") as part:
            part.write(json.dumps(package, ensure_ascii=False, indent=2).encode("utf-8"))
        listed = {"path": "datapackage.json", "hash": self._resources[-1]["hash"]}
        with self._part("datapackage-digest.json") as part:
            part.write(json.dumps(listed, indent=2).encode("utf-8"))

    @contextmanager
    def _part(self, path: str) -> Iterator[_Hashed]:
        """A part of the file, stored as it is; its digest is kept once it is complete."""
        info = zipfile.ZipInfo(path, self._created.timetuple()[:6])
        info.create_system = 3
        info.external_attr = 0o644 << 16
        with self._file.open(info, "w", force_zip64=path.startswith("archive/")) as file:
            hashed = _Hashed(file)
            yield hashed
        self._resources.append(
            {
                "name": path.rpartition("/")[2].lower(),
                "path": path,
                "hash": f"sha256:{hashed.sha256.hexdigest()}",
                "bytes": hashed.size,
            }
        )


class _Hashed:
    def __init__(self, file: Any) -> None:
        self._file = file
        self.sha256 = hashlib.sha256()
        self.size = 0

    def write(self, data: bytes) -> None:
        self._file.write(data)
        self.sha256.update(data)
        self.size += len(data)


def _wanted(pages: Sequence[ArchivedPage]) -> dict[str, _Picked]:
    """What is wanted of each archive file."""
    files: dict[str, _Picked] = defaultdict(lambda: _Picked(set(), set()))
    for page in pages:
        capture = page.capture
        if capture.warc is not None and capture.offset is not None:
            files[capture.warc].offsets.add(capture.offset)
            files[capture.warc].urls.add(capture.url)
    return files


def _members(workspace: Path, warc: str, picked: _Picked, name: str) -> Iterator[bytes]:
    """The wanted records of an archive file as they stand there, with what led to them; also indexed.

    A redirect stands before the answer that it leads to, a request and a text behind what they belong to.
    """
    path = (workspace / warc).resolve()
    if not path.is_relative_to(workspace.resolve()):
        raise StoreError(f"{warc}: lies outside the workspace; it is not read")
    position = 0
    try:
        with path.open("rb") as file, path.open("rb") as raw:
            records = ArchiveIterator(file)
            for record in records:
                fields = record.rec_headers
                kept = _is_wanted(record, records.get_record_offset(), picked)
                records.read_to_end(record)
                offset, length = records.get_record_offset(), records.get_record_length()
                if not kept:
                    continue
                raw.seek(offset)
                member = raw.read(length)
                if record.rec_type in _INDEXED:
                    picked.ids.add(fields.get_header("WARC-Record-ID"))
                    picked.lines.append(_index_line(record, member, position, name))
                position += len(member)
                yield member
    except FileNotFoundError:
        raise StoreError(f"{warc}: no such archive file in {workspace}; restore it from a copy") from None
    except (EOFError, ValueError, zlib.error, ArchiveLoadFailed) as error:
        raise StoreError(f"{warc}: cannot be read ({str(error)[:120]}); restore it from a copy") from None


def _is_wanted(record: Any, offset: int, picked: _Picked) -> bool:
    fields = record.rec_headers
    kind = record.rec_type
    if kind == "warcinfo" or offset in picked.offsets:
        return True
    if kind == "request":
        return fields.get_header("WARC-Concurrent-To") in picked.ids
    if kind == "conversion":
        return fields.get_header("WARC-Refers-To") in picked.ids
    url = fields.get_header("WARC-Target-URI")
    if kind != "response" or url not in picked.urls or not record.http_headers:
        return False
    target = record.http_headers.get_header("Location")
    if not target or not _status(record).isdigit() or int(_status(record)) not in REDIRECTS:
        return False
    picked.urls.add(urljoin(url, target))
    return True


def _status(record: Any) -> str:
    return str(record.http_headers.get_statuscode()) if record.http_headers else "200"


def _index_line(record: Any, member: bytes, position: int, name: str) -> str:
    """The record's line of the index (CDXJ)."""
    fields = record.rec_headers
    url = fields.get_header("WARC-Target-URI")
    moment = datetime.fromisoformat(fields.get_header("WARC-Date"))
    if record.rec_type == "revisit":
        mime = "warc/revisit"
    elif record.http_headers:
        mime = record.http_headers.get_header("Content-Type") or ""
    else:
        mime = fields.get_header("Content-Type") or ""
    line = {
        "url": url,
        "mime": mime.partition(";")[0].strip().lower() or "unk",
        "status": _status(record),
        "digest": fields.get_header("WARC-Payload-Digest"),
        "length": str(len(member)),
        "offset": str(position),
        "filename": name,
        "recordDigest": f"sha256:{hashlib.sha256(member).hexdigest()}",
    }
    return f"{sort_key(url)} {moment:%Y%m%d%H%M%S} {json.dumps(line, ensure_ascii=False)}"


def sort_key(url: str) -> str:
    """The address with its host turned round, so that one site's pages stand together (SURT)."""
    parts = urlsplit(url)
    if parts.scheme not in _DEFAULT_PORTS or not parts.hostname:
        return url.replace(" ", "%20")
    host = ",".join(reversed(_FIRST_NUMBER.sub("", parts.hostname).split(".")))
    port = f":{parts.port}" if parts.port and parts.port != _DEFAULT_PORTS[parts.scheme] else ""
    query = "?" + "&".join(sorted(parts.query.lower().split("&"))) if parts.query else ""
    return f"{host}{port}){parts.path.lower() or '/'}{query}".replace(" ", "%20")


def _page_row(page: ArchivedPage) -> dict[str, Any]:
    capture = page.capture
    row = {"id": capture.id, "url": capture.final_url, "ts": _iso(capture.fetched_at)}
    row |= {"title": page.title} if page.title else {}
    return row | ({"text": page.text} if page.text else {})


def _json(row: dict[str, Any]) -> bytes:
    return (json.dumps(row, ensure_ascii=False) + "\n").encode("utf-8", "replace")


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
