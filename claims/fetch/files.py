"""Pages that lie on disk, below the folders that the sources file names."""

from __future__ import annotations

import mimetypes
import os
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from claims.fetch.pages import sniffed, supported
from claims.fetch.wire import Failed

_KINDS = {".htm": "text/html", ".xhtml": "application/xhtml+xml", ".md": "text/plain", ".txt": "text/plain"}


@dataclass(frozen=True, slots=True)
class FilePage:
    """A file's bytes and what kind of page it is."""

    body: bytes
    content_type: str


def read_file_page(url: str, folders: Sequence[Path], limit: int) -> FilePage:
    """The file that a `file:` address names, where it truly lies below one of the folders.

    Raises Failed: `unsafe_address` outside of them, `gone`, `too_large`, `unsupported_type`, `error`.
    """
    path = _path(url)
    try:
        real = path.resolve()
        inside = any(real.is_relative_to(folder.resolve()) for folder in folders)
    except (OSError, ValueError, RuntimeError):  # too long, a NUL, or symbolic links in a circle
        raise Failed("error", "the path cannot be followed") from None
    if not inside:
        raise Failed("unsafe_address", "the file lies outside the folders of the sources file")
    try:
        # Not through a link that was put there since, and not waiting for the other end of a pipe.
        handle = os.open(real, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(handle, "rb") as file:
            facts = os.fstat(handle)
            if not stat.S_ISREG(facts.st_mode):
                raise Failed("unsupported_type", "it is not a file")
            if facts.st_size > limit:
                raise Failed("too_large", f"the file has {facts.st_size} bytes; the limit is {limit}")
            body = file.read(limit + 1)
    except FileNotFoundError:
        raise Failed("gone", "there is no such file") from None
    except OSError as error:
        raise Failed("error", f"the file cannot be read ({error.strerror})") from None
    if len(body) > limit:
        raise Failed("too_large", f"the file grew beyond {limit} bytes while it was read")
    named = _KINDS.get(real.suffix.lower()) or mimetypes.guess_type(real.name)[0]
    content_type = named or sniffed(body)
    if not supported(content_type):
        raise Failed("unsupported_type", f"{content_type} is not read")
    return FilePage(body, content_type)


def _path(url: str) -> Path:
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        raise Failed("unsafe_address", "the address cannot be read") from None
    if parts.netloc not in ("", "localhost"):
        raise Failed("unsafe_address", "a file of another machine is not read")
    path = unquote(parts.path, errors="surrogateescape")
    if not path.startswith("/") or "\x00" in path:
        raise Failed("unsafe_address", "the address does not name a file by its whole path")
    return Path(path)
