"""What callers write: days, and JSON Lines read line by line. Light, for the commands that only ask."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from claims.errors import InputError

_CHUNK = 1 << 16
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def parse_published(value: str | None, where: str = "") -> date | None:
    """The day. Raises InputError, which begins with `where`, for a day that does not exist."""
    if value is None:
        return None
    try:
        if _DAY.match(value):
            return datetime.fromisoformat(value).date()  # a time of day behind it is allowed
    except ValueError:
        pass  # there is no such day
    raise InputError(f"{where}{value[:40]!r} is not a day; write it as 2024-10-12")


def lines_of(source: str, longest: int) -> Iterator[bytes]:
    """The lines of a file, or of standard input for "-", each as soon as it is there.

    Of a line over `longest` bytes only the beginning is given, one byte more than allowed. Raises InputError
    where there is no such file.
    """
    try:
        # Unbuffered: a buffer would wait for more than the next line
        with open(0 if source == "-" else source, "rb", buffering=0, closefd=source != "-") as file:
            yield from _split(file, longest)
    except FileNotFoundError:
        raise InputError(f"{source}: no such file") from None
    except OSError as error:
        raise InputError(f"{source}: cannot be read ({error.strerror})") from None


def _split(file: io.FileIO, longest: int) -> Iterator[bytes]:
    line = bytearray()
    while data := file.read(_CHUNK):
        *whole, rest = data.split(b"\n")
        for end in whole:
            line += end[: longest + 1 - len(line)]
            yield bytes(line)
            line.clear()
        line += rest[: longest + 1 - len(line)]
    if line:
        yield bytes(line)


def parse_line(line: bytes, where: str, max_bytes: int) -> dict[str, Any] | None:
    """The object on a line, None for a blank one. Raises InputError naming the line."""
    if not line.strip():
        return None
    if len(line) > max_bytes:
        raise InputError(f"{where}: more than the {max_bytes:,} bytes allowed")
    try:
        row = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise InputError(f"{where}: is not UTF-8") from None
    except (ValueError, RecursionError) as error:
        raise InputError(f"{where}: is not JSON ({str(error)[:80]})") from None
    if not isinstance(row, dict):
        raise InputError(f"{where}: is not a JSON object")
    return row
