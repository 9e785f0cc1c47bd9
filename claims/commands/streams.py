"""What the commands read and write: JSON Lines, notes, progress. Light, for those that only ask."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

from claims.errors import InputError, StoreError
from claims.lines import lines_of, parse_line

LONGEST_LINE = 50_000_000  # bytes of one JSON line


class Stopped(BaseException):
    """Somebody wants the program to end: Ctrl-C or SIGTERM. Nothing but `main` may hold it up."""


def note(message: str) -> None:
    """The message stands on standard error."""
    print(message, file=sys.stderr, flush=True)


@contextmanager
def writing(out: Path | None) -> Iterator[TextIO]:
    """Where records go: a file, complete or not there at all, or standard output, line by line."""
    if out is None:
        sys.stdout.reconfigure(encoding="utf-8", line_buffering=True)  # type: ignore[union-attr]
        yield sys.stdout
        return
    part = out.with_name(f".{out.name}.part")
    try:
        file = part.open("w", encoding="utf-8")
    except OSError as error:
        raise InputError(f"{out}: cannot be written ({error.strerror})") from None
    try:
        with file:
            yield file
        part.replace(out)
    except OSError as error:
        raise StoreError(
            f"{out}: cannot be written ({error.strerror or error}); make room, run again"
        ) from None
    finally:
        part.unlink(missing_ok=True)


def line(record: Any) -> str:
    """A record as one line of JSON; lone surrogates, which no file can hold, are written as escapes."""
    text = json.dumps(record, ensure_ascii=False)
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        text = json.dumps(record)
    return text + "\n"


def rows(source: str, *needed: str) -> Iterator[dict[str, Any]]:
    """The objects of a JSON Lines file, one by one.

    Raises InputError naming the line where one is not an object or lacks a needed text.
    """
    for number, raw in enumerate(lines_of(source, LONGEST_LINE), 1):
        where = f"{source} line {number}"
        row = parse_line(raw, where, LONGEST_LINE)
        if row is None:
            continue
        for key in needed:
            if not isinstance(row.get(key), str):
                raise InputError(f'{where}: has no "{key}"')
        yield row


@contextmanager
def progress_shown() -> Iterator[Any]:
    """A function to tell about progress: bars on a terminal, a plain line a step otherwise."""
    if not sys.stderr.isatty():
        yield _plain_progress
        return
    from rich.console import Console  # these take a tenth of a second that few commands should pay
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        tasks: dict[str, Any] = {}

        def show(step: str, done: int, total: int) -> None:
            if step not in tasks:
                tasks[step] = bars.add_task(step, total=total)
            bars.update(tasks[step], completed=done, total=total)

        yield show


def _plain_progress(step: str, done: int, total: int) -> None:
    if done == total:
        note(f"{step}: {total} done")
