"""Commands for the workspace: export, integrity, backup, restore, settings."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from claims.commands.shared import HERE, SetOption, WorkspaceOption
from claims.commands.streams import note
from claims.errors import InputError, StoreError
from claims.record import backup as backups
from claims.record.export import write_tables
from claims.record.integrity import broken_links
from claims.record.query import snapshot
from claims.record.shared_store import open_store
from claims.record.sqlite import write_sqlite
from claims.settings import FILE_NAME, Settings, load_settings


def register(app: typer.Typer) -> None:
    """The commands are known to the app."""
    for command in (export, integrity, backup, restore, settings):
        app.command()(command)


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
    store = open_store(workspace, load_settings(workspace, set_))
    if not store.exists():
        raise InputError(f"{workspace}: holds no record; name another --workspace")
    note(f"{folder}: {_told(backups.backup(store, folder))}")


def restore(
    folder: Annotated[Path, typer.Argument(help="A folder that 'tabayyun backup' wrote.")],
    workspace: WorkspaceOption = HERE,
) -> None:
    """Build a workspace from a backup, checked in every digest, row count and link."""
    note(f"{workspace}: {_told(backups.restore(folder, workspace))}")


def _told(counts: dict[str, int]) -> str:
    return f"{sum(counts.values()):,} rows of {len(counts)} tables"


def settings(workspace: WorkspaceOption = HERE, set_: SetOption = None) -> None:
    """Show every setting with its value, its default and what it does."""
    chosen = load_settings(workspace, set_)
    print(f"# from --set NAME=VALUE, TABAYYUN_NAME in the environment, or {workspace / FILE_NAME}")
    for name, field in Settings.model_fields.items():
        value = getattr(chosen, name)
        written = f'"{value}"' if isinstance(value, str) else value
        print(f"{name} = {written}  # default {field.default}: {field.description}")
