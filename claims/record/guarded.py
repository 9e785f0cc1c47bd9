"""How DuckDB is opened everywhere here, and what keeps a file from being used told in one line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from claims.errors import StoreError, StoreTooNew

THREADS = 2
# A misspelt name must not bind to a variable of this program, and nothing may be downloaded.
SAFE = {"python_enable_replacements": "false", "autoinstall_known_extensions": "false"}
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_UNUSABLE = (
    duckdb.OperationalError,
    duckdb.FatalException,
    duckdb.InternalException,
    duckdb.PermissionException,
    OSError,
)


def storable(text: str) -> str:
    """The text as DuckDB can hold it: halves of surrogate pairs become U+FFFD, so offsets stay true."""
    return _LONE_SURROGATE.sub("\ufffd", text)


@contextmanager
def one_line_errors(path: Path) -> Iterator[None]:
    """Whatever keeps the file from being used is raised as a StoreError of one line.

    Mistakes in a statement are not among it: they are faults of this program and keep their trace.
    """
    try:
        yield
    except _UNUSABLE as error:
        text = " ".join(str(error).split())
        if "with version number" in text:
            raise StoreTooNew(f"{path}: written by a newer DuckDB; update tabayyun ({text})") from None
        raise StoreError(f"{path}: cannot be used ({_shortened(text)}); {_advice(text)}") from None


def _advice(text: str) -> str:
    lower = text.lower()
    if "not a valid duckdb" in lower or "extension" in lower:  # of another kind that DuckDB could read
        return "it is not a workspace of tabayyun: move the file away or name another --workspace"
    if "corrupt" in lower or "checksum" in lower:
        return "it is damaged: put a copy of published.duckdb, which holds the last run, in its place"
    if "no space" in lower or "file too large" in lower or "could not write" in lower:
        return "make room on the disk and run the same again: what was recorded stays"
    if "could not set lock" in lower:
        return "another program has it open for writing: close it there, or open it there read-only"
    if "permission" in lower or "read-only" in lower:
        return "make it writable for this user or name another --workspace"
    return "what was recorded before stays; run the same again"


def _shortened(text: str) -> str:
    return text if len(text) <= 300 else text[:299] + "…"
