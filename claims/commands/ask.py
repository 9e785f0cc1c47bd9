"""Commands that ask the published snapshot: status, sql. Programs call them, so they start at once."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Annotated, Any

import typer

from claims.commands.shared import HERE, OutOption, WorkspaceOption, line, note, writing
from claims.lines import parse_published
from claims.model import plain
from claims.record.export import write_csv, write_jsonl, write_parquet
from claims.record.query import run_sql
from claims.record.status import status_rows

JsonOption = Annotated[bool, typer.Option("--json", help="One record a line.")]
_SHOWN = ("claim_id", "kind", "verdict", "said", "supports", "refutes", "decided_by", "speaker", "text")
_MOST_ROWS = 10_000  # in a table for people; exports have no limit


def register(app: typer.Typer) -> None:
    """The commands are known to the app."""
    app.command()(status)
    app.command()(sql)


def status(
    workspace: WorkspaceOption = HERE,
    claim: Annotated[str | None, typer.Option(help="Only this claim.")] = None,
    verdict: Annotated[str | None, typer.Option(help="Only claims with this verdict.")] = None,
    since: Annotated[str | None, typer.Option(help="Only what was decided on this day or later.")] = None,
    changed: Annotated[bool, typer.Option("--changed", help="Only claims whose verdict changed.")] = False,
    json_: JsonOption = False,
    out: OutOption = None,
) -> None:
    """Show the claims with their current verdict; a person's decision stands above the engine's."""
    every = json_ or out is not None
    found = status_rows(workspace, claim, verdict, parse_published(since), changed, () if every else _SHOWN)
    if every:
        with writing(out) as file:
            for row in found:
                file.write(line({key: plain(value) for key, value in row.items()}))
        return
    _show(list(_SHOWN), _first(tuple(row[name] for name in _SHOWN) for row in found))


def sql(
    query: Annotated[str, typer.Argument(help="A statement that reads, as DuckDB understands it.")],
    workspace: WorkspaceOption = HERE,
    csv: Annotated[bool, typer.Option("--csv", help="Rows as CSV.")] = False,
    json_: JsonOption = False,
    parquet: Annotated[Path | None, typer.Option(help="Rows into this Parquet file.")] = None,
    out: OutOption = None,
) -> None:
    """Ask the published snapshot; nothing can be written."""
    if parquet:
        write_parquet(workspace, query, parquet)
        return
    columns, rows = run_sql(workspace, query)
    if csv:
        with writing(out) as file:
            write_csv(columns, rows, file)
    elif json_ or out:
        with writing(out) as file:
            write_jsonl(columns, rows, file)
    else:
        _show(columns, _first(rows))


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
