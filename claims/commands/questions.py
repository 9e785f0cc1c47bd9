"""Questions to the published snapshot: status, sql. Programs ask them again and again, so they start at once.

Their options are read by the standard library alone; to load the one that reads those of other commands, and
what it needs, takes longer than any answer.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path
from typing import Any, NoReturn

from claims.commands.streams import line, note, writing
from claims.errors import InputError
from claims.lines import parse_published
from claims.record.query import run_sql
from claims.record.status import status_rows

HELP = {
    "status": "Show the claims with their current verdict; a person's decision stands above the engine's.",
    "sql": "Ask the published snapshot; nothing can be written.",
}
_SHOWN = ("claim_id", "kind", "verdict", "said", "supports", "refutes", "decided_by", "speaker", "text")
_MOST_ROWS = 10_000  # in a table for people; exports have no limit


class _Options(argparse.ArgumentParser):
    """Options whose misuse ends in one line; their help looks like that of other commands."""

    def format_help(self) -> str:
        return super().format_help().replace("usage:", "Usage:", 1)

    def error(self, message: str) -> NoReturn:
        raise InputError(f"{message} ('--help' after the command shows how it is called)")


def answer(given: Sequence[str]) -> None:
    """The question, its name first, is answered on standard output or in a file.

    Raises InputError where it is called wrongly, nothing was published, or the statement does not read.
    """
    command, *options = given
    chosen = _options(command).parse_args(options)
    if command == "status":
        _status(chosen)
    else:
        _sql(chosen)


def _options(command: str) -> _Options:
    options = _Options(prog=f"tabayyun {command}", description=HELP[command], allow_abbrev=False)
    add = options.add_argument
    if command == "status":
        add("--claim", metavar="ID", help="Only this claim.")
        add("--verdict", metavar="VERDICT", help="Only claims with this verdict.")
        add("--since", metavar="DAY", help="Only what was decided on this day or later.")
        add("--changed", action="store_true", help="Only claims whose verdict changed.")
    else:
        add("query", help="A statement that reads, as DuckDB understands it.")
        add("--csv", action="store_true", help="Rows as CSV.")
        add("--parquet", type=Path, metavar="FILE", help="Rows into this Parquet file.")
    add("--json", action="store_true", help="One record a line.")
    add("--workspace", type=Path, default=Path(), metavar="FOLDER", help="Where the snapshot is; here.")
    add("--out", type=Path, metavar="FILE", help="Write to this file instead of standard output.")
    return options


def _status(chosen: argparse.Namespace) -> None:
    every = chosen.json or chosen.out is not None
    found = status_rows(
        chosen.workspace,
        chosen.claim,
        chosen.verdict,
        parse_published(chosen.since),
        chosen.changed,
        () if every else _SHOWN,
    )
    if every:
        with writing(chosen.out) as file:
            for row in found:
                file.write(line({key: _plain(value) for key, value in row.items()}))
        return
    _show(list(_SHOWN), _first(tuple(row[name] for name in _SHOWN) for row in found))


def _sql(chosen: argparse.Namespace) -> None:
    from claims.record.export import write_csv, write_jsonl, write_parquet

    if chosen.parquet:
        write_parquet(chosen.workspace, chosen.query, chosen.parquet)
        return
    columns, rows = run_sql(chosen.workspace, chosen.query)
    if chosen.csv:
        with writing(chosen.out) as file:
            write_csv(columns, rows, file)
    elif chosen.json or chosen.out:
        with writing(chosen.out) as file:
            write_jsonl(columns, rows, file)
    else:
        _show(columns, _first(rows))


def _plain(value: Any) -> Any:
    """A value of `claim_status` as JSON can say it."""
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds").replace("+00:00", "Z")
    return value.isoformat() if isinstance(value, date) else value


def _first(rows: Iterable[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """As many rows as people look at."""
    shown = list(islice(rows, _MOST_ROWS + 1))
    if len(shown) > _MOST_ROWS:
        note(f"the first {_MOST_ROWS:,} rows; --json gives all")
    return shown[:_MOST_ROWS]


def _show(columns: list[str], rows: list[tuple[Any, ...]]) -> None:
    if not sys.stdout.isatty():
        for row in [tuple(columns), *rows]:
            print("\t".join(" ".join(_cell(value).split()) for value in row))
        return
    from rich.console import Console  # for people alone: what programs ask starts sooner without it
    from rich.table import Table

    table = Table()
    for column in columns:
        table.add_column(column)
    for row in rows:
        table.add_row(*(_cell(value).replace("[", r"\[") for value in row))
    Console().print(table)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return (
            value.astimezone(UTC).isoformat(timespec="seconds")
            if value.tzinfo
            else value.isoformat(timespec="seconds")
        )
    return str(value)
