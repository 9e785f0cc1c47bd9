"""Commands for the workspace: status, sql, export, integrity, backup, restore, settings."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from claims.commands.shared import HERE, OutOption, SetOption, WorkspaceOption, line, note, writing
from claims.errors import InputError, StoreError
from claims.intake import parse_published
from claims.model import plain
from claims.record import backup as backups
from claims.record.export import write_csv, write_jsonl, write_parquet, write_tables
from claims.record.integrity import broken_links
from claims.record.query import run_sql, snapshot
from claims.record.sqlite import write_sqlite
from claims.record.status import status_rows
from claims.record.store import FILE_NAME as FILE_OF_STORE
from claims.record.store import Store
from claims.settings import FILE_NAME, Settings, load_settings

JsonOption = Annotated[bool, typer.Option("--json", help="One record a line.")]
_SHOWN = ("claim_id", "kind", "verdict", "said", "supports", "refutes", "decided_by", "speaker", "text")
_MOST_ROWS = 10_000  # in a table for people; exports have no limit


def register(app: typer.Typer) -> None:
    """The commands are known to the app."""
    for command in (status, sql, export, integrity, backup, restore, settings):
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
    found = status_rows(workspace, claim, verdict, parse_published(since), changed)
    if json_ or out:
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


def export(
    workspace: WorkspaceOption = HERE,
    parquet: Annotated[
        Path | None, typer.Option(help="A Parquet file a table and view, in this folder.")
    ] = None,
    csv: Annotated[Path | None, typer.Option(help="A CSV file a table and view, in this folder.")] = None,
    sqlite: Annotated[
        Path | None, typer.Option(help="All in one SQLite file, with a description for Datasette beside it.")
    ] = None,
) -> None:
    """Write the published snapshot, views included, to files that other programs read."""
    if not (parquet or csv or sqlite):
        raise InputError("export: say what to write: --parquet FOLDER, --csv FOLDER or --sqlite FILE")
    for folder, kind in ((parquet, "parquet"), (csv, "csv")):
        if folder:
            note(f"{folder}: {_told(write_tables(workspace, folder, kind))}")
    if sqlite:
        note(f"{sqlite}: {_told(write_sqlite(workspace, sqlite))}")


def integrity(workspace: WorkspaceOption = HERE) -> None:
    """Name every link of the published record that leads nowhere, every quotation that is not there."""
    with snapshot(workspace) as con:
        broken = broken_links(con)
    for one in broken:
        print(one)
    if broken:
        raise StoreError(f"{workspace}: {len(broken):,} broken links; restore the workspace from a backup")
    note(f"{workspace}: every link of the record holds")


def backup(
    folder: Annotated[Path, typer.Argument(help="A folder that does not exist yet.")],
    workspace: WorkspaceOption = HERE,
    set_: SetOption = None,
) -> None:
    """Write the whole workspace to Parquet and WARC files, with digests; runs may go on meanwhile."""
    chosen = load_settings(workspace, set_)
    if not (workspace / FILE_OF_STORE).exists():
        raise InputError(f"{workspace}: holds no record; name another --workspace")
    store = Store(workspace, chosen.memory_limit_mb, chosen.busy_wait_s)
    note(f"{folder}: {_told(backups.backup(store, folder))}")


def restore(
    folder: Annotated[Path, typer.Argument(help="A folder that 'tabayyun backup' wrote.")],
    workspace: WorkspaceOption = HERE,
) -> None:
    """Build a workspace from a backup, checked in every digest, row count and link."""
    note(f"{workspace}: {_told(backups.restore(folder, workspace))}")


def _told(counts: dict[str, int]) -> str:
    return f"{sum(counts.values()):,} rows of {len(counts)} tables"


def _first(rows: Iterable[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """As many rows as people look at."""
    shown = list(islice(rows, _MOST_ROWS + 1))
    if len(shown) > _MOST_ROWS:
        note(f"the first {_MOST_ROWS:,} rows; --json gives all")
    return shown[:_MOST_ROWS]


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
