"""Commands for the workspace: status, sql, settings."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from claims.commands.shared import HERE, OutOption, SetOption, WorkspaceOption, line, writing
from claims.intake import parse_published
from claims.model import plain
from claims.record.export import write_csv, write_jsonl, write_parquet
from claims.record.query import run_sql
from claims.record.status import claim_status
from claims.settings import FILE_NAME, Settings, load_settings

JsonOption = Annotated[bool, typer.Option("--json", help="One record a line.")]
_SHOWN = ("claim_id", "kind", "verdict", "said", "supports", "refutes", "decided_by", "speaker", "text")
_MOST_ROWS = 10_000  # in a table for people; exports have no limit


def register(app: typer.Typer) -> None:
    """The commands are known to the app."""
    for command in (status, sql, settings):
        app.command()(command)


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
    found = claim_status(workspace, claim, verdict, parse_published(since), changed)
    if json_ or out:
        with writing(out) as file:
            for row in found:
                file.write(line({key: plain(value) for key, value in row.items()}))
        return
    _show(list(_SHOWN), [tuple(row[name] for name in _SHOWN) for row in found])


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
        shown = []
        for row in rows:
            shown.append(row)
            if len(shown) >= _MOST_ROWS:
                print(f"the first {_MOST_ROWS:,} rows; --csv and --json give all", file=sys.stderr)
                break
        _show(columns, shown)


def settings(workspace: WorkspaceOption = HERE, set_: SetOption = None) -> None:
    """Show every setting with its value, its default and what it does."""
    chosen = load_settings(workspace, set_)
    print(f"# from --set NAME=VALUE, TABAYYUN_NAME in the environment, or {workspace / FILE_NAME}")
    for name, field in Settings.model_fields.items():
        value = getattr(chosen, name)
        written = f'"{value}"' if isinstance(value, str) else value
        print(f"{name} = {written}  # default {field.default}: {field.description}")


def _show(columns: list[str], rows: list[tuple[Any, ...]]) -> None:
    if not sys.stdout.isatty():
        for row in [tuple(columns), *rows]:
            print("\t".join(" ".join(_cell(value).split()) for value in row))
        return
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
