"""A recorded web: pages by address, from a folder with `web.toml` or from WARC files."""

from __future__ import annotations

import re
import tomllib
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from w3lib.url import safe_url_string
from warcio.archiveiterator import ArchiveIterator
from warcio.bufferedreaders import ChunkedDataReader
from warcio.exceptions import ArchiveLoadFailed

from claims.errors import ConfigError

WARC_SUFFIXES = (".warc", ".warc.gz")
WEB_TABLE = "web.toml"
_TRIPLET = re.compile(r"%[0-9a-f]{2}", re.IGNORECASE)
# They belong to the connection over which a page once came, not to the page
_HOP_BY_HOP = frozenset(
    ("connection", "keep-alive", "transfer-encoding", "content-length", "proxy-connection")
)


@dataclass(frozen=True, slots=True)
class RecordedPage:
    """One answer of the recorded web. `body` reads it from disk, each time it is called."""

    url: str
    status: int
    headers: tuple[tuple[str, str], ...]
    body: Callable[[], bytes]
    delay_s: float = 0.0
    lang: str | None = None
    title: str | None = None
    hidden: bool = False  # from search

    @property
    def content_type(self) -> str | None:
        """The type as the server named it."""
        return self._header("content-type")

    def unpacked(self, longest: int) -> bytes:
        """At most `longest` bytes of the body, gzip and deflate undone; empty where it cannot be undone."""
        packed = self.body()
        encoding = (self._header("content-encoding") or "identity").strip().lower()
        if encoding == "identity":
            return packed[:longest]
        if encoding not in ("gzip", "x-gzip", "deflate"):
            return b""
        try:
            return zlib.decompressobj(zlib.MAX_WBITS | 32).decompress(packed, longest)
        except zlib.error:
            return b""

    def _header(self, wanted: str) -> str | None:
        return next((value for name, value in self.headers if name.lower() == wanted), None)


class _PageRow(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    url: str = Field(pattern=r"^https?://[^/?#]+\.example([/?#]|$)")
    file: str | None = None
    status: Annotated[int, Field(ge=200, le=599)] = 200
    content_type: str = "text/html; charset=utf-8"
    delay_s: Annotated[float, Field(ge=0, le=600)] = 0.0
    location: str | None = None
    lang: str | None = None
    title: str | None = None
    hidden: bool = False


def page_key(scheme: str, host: str, target: str) -> str:
    """The form under which a request for a page is looked up. `target` is path and query."""
    encoded = urlsplit(safe_url_string(f"{scheme}://h{target if target.startswith('/') else '/' + target}"))
    rest = encoded.path + (f"?{encoded.query}" if encoded.query else "")
    default = {"http": ":80", "https": ":443"}.get(scheme, "")
    name = host.lower()
    return f"{scheme}://{name.removesuffix(default) if default else name}" + _TRIPLET.sub(
        lambda found: found.group().upper(), rest
    )


def key_of(url: str) -> str:
    """`page_key` of an absolute address."""
    parts = urlsplit(url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return page_key(parts.scheme.lower(), parts.netloc, target)


def load_web(path: Path) -> dict[str, RecordedPage]:
    """All pages under a path, by `page_key`: a folder with web.toml, a WARC file or a folder of them.

    Raises ConfigError where there is no such thing or it cannot be read.
    """
    if path.is_dir() and (path / WEB_TABLE).is_file():
        return _from_folder(path / WEB_TABLE)
    if path.name == WEB_TABLE and path.is_file():
        return _from_folder(path)
    if path.is_dir():
        files = sorted(
            file for file in path.rglob("*") if file.name.endswith(WARC_SUFFIXES) and file.is_file()
        )
    else:
        files = [path]
    if not files:
        raise ConfigError(f"{path}: holds neither {WEB_TABLE} nor a .warc or .warc.gz file")
    return _from_warcs(files)


def _from_folder(table: Path) -> dict[str, RecordedPage]:
    try:
        rows = tomllib.loads(table.read_text(encoding="utf-8")).get("page", [])
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{table}: cannot be read as TOML ({error})") from None
    if not isinstance(rows, list):
        raise ConfigError(f"{table}: write [[page]], in double brackets, once for each page")
    pages: dict[str, RecordedPage] = {}
    for number, row in enumerate(rows, 1):
        try:
            page = _PageRow.model_validate(row)
        except ValidationError as error:
            first = error.errors()[0]
            field = ".".join(str(part) for part in first["loc"])
            raise ConfigError(f"{table}: page {number}: {field}: {first['msg']}") from None
        headers = [("content-type", page.content_type)]
        if page.location:
            headers.append(("location", safe_url_string(page.location)))
        body = partial(_file_bytes, _inside(table, page.file, number)) if page.file else bytes
        pages[key_of(page.url)] = RecordedPage(
            page.url, page.status, tuple(headers), body, page.delay_s, page.lang, page.title, page.hidden
        )
    return pages


def _inside(table: Path, name: str, number: int) -> Path:
    """The page's file; ConfigError where it is missing or lies outside the folder of the table."""
    root = table.parent.resolve()
    file = (root / name).resolve()
    if not file.is_relative_to(root):
        raise ConfigError(f"{table}: page {number}: file {name} lies outside {root}")
    if not file.is_file():
        raise ConfigError(f"{table}: page {number}: there is no file {name}")
    return file


def _file_bytes(file: Path) -> bytes:
    return file.read_bytes()


def _from_warcs(files: list[Path]) -> dict[str, RecordedPage]:
    newest: dict[str, tuple[str, RecordedPage]] = {}
    places: dict[str, tuple[Path, int]] = {}  # payload digest -> where the payload is
    revisits: list[tuple[str, str, str, int, tuple[tuple[str, str], ...]]] = []
    for file in files:
        for record, offset in _records(file):
            url = record.rec_headers.get_header("WARC-Target-URI") or ""
            if record.rec_type not in ("response", "revisit") or not url.startswith(("http://", "https://")):
                continue
            day = record.rec_headers.get_header("WARC-Date") or ""
            digest = record.rec_headers.get_header("WARC-Payload-Digest") or ""
            status, headers = _http(record)
            if record.rec_type == "revisit":
                revisits.append((day, url, digest, status, headers))
                continue
            places[digest] = (file, offset)
            body = partial(_payload, file, offset)
            _keep_newest(newest, day, _archived_page(url, status, headers, body))
    for day, url, digest, status, headers in revisits:
        if digest in places:
            body = partial(_payload, *places[digest])
            _keep_newest(newest, day, _archived_page(url, status, headers, body))
    return {key: page for key, (_, page) in newest.items()}


def _archived_page(
    url: str, status: int, headers: tuple[tuple[str, str], ...], body: Callable[[], bytes]
) -> RecordedPage:
    """The page, hidden from search where it is no page: a failure, or an answer to a connector's question."""
    page = RecordedPage(url, status, headers, body)
    kind = (page.content_type or "text/html").split(";")[0].strip().lower()
    readable = kind.startswith("text/") or kind == "application/xhtml+xml"
    return page if status == 200 and readable else replace(page, hidden=True)


def _keep_newest(newest: dict[str, tuple[str, RecordedPage]], day: str, page: RecordedPage) -> None:
    key = key_of(page.url)
    if key not in newest or newest[key][0] <= day:
        newest[key] = (day, page)


def _records(file: Path) -> Iterator[tuple[Any, int]]:
    """The records of a file with their offsets. A file that breaks off gives those that are whole."""
    count = 0
    try:
        with file.open("rb") as stream:
            records = ArchiveIterator(stream)
            for record in records:
                yield record, records.get_record_offset()
                count += 1
    except OSError as error:
        raise ConfigError(f"{file}: cannot be read ({error})") from None
    except (ArchiveLoadFailed, EOFError, ValueError) as error:
        if not count:
            raise ConfigError(f"{file}: is no WARC file ({error})") from None


def _http(record: Any) -> tuple[int, tuple[tuple[str, str], ...]]:
    if record.http_headers is None:
        return 200, ()
    code = record.http_headers.get_statuscode() or ""
    headers = tuple(
        (name, value) for name, value in record.http_headers.headers if name.lower() not in _HOP_BY_HOP
    )
    return int(code) if re.fullmatch(r"[2-5]\d\d", code) else 502, headers


def _payload(file: Path, offset: int) -> bytes:
    """The body as the server sent it, chunking undone, compression left as it is."""
    with file.open("rb") as stream:
        stream.seek(offset)
        record = next(iter(ArchiveIterator(stream)))
        return bytes(ChunkedDataReader(record.raw_stream, decomp_type=None).read())
