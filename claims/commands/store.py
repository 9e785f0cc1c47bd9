"""`tabayyun store move`: the record in a file of its own, or shared by many machines."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from claims.commands.shared import HERE, SetOption, WorkspaceOption
from claims.commands.streams import note
from claims.errors import InputError
from claims.pipeline.night import one_night
from claims.record.moving import move as move_record
from claims.record.shared import PREFIX
from claims.settings import load_settings

_FILE = "file"
store_app = typer.Typer(
    help="Where the record is: a file of the workspace, or a place shared by many machines."
)


def register(app: typer.Typer) -> None:
    """The commands are known to the app."""
    app.add_typer(store_app, name="store")


@store_app.callback()
def store() -> None:
    """Where the record is: a file of the workspace, or a place shared by many machines."""


@store_app.command()
def move(
    to: Annotated[str, typer.Argument(help=f"{PREFIX}dbname=… host=…, or {_FILE}.")],
    data: Annotated[
        str, typer.Option("--data", help="Folder or s3:// address of its files; `record` in the workspace.")
    ] = "",
    workspace: WorkspaceOption = HERE,
    set_: SetOption = None,
) -> None:
    """Move the record and name its place in tabayyun.toml; nothing else may write meanwhile."""
    if to != _FILE and not to.startswith(PREFIX):
        raise InputError(f"store move {to}: give {PREFIX}dbname=… host=…, or {_FILE}")
    chosen = load_settings(workspace, set_)
    place = "" if to == _FILE else to
    where: Path | str = workspace.resolve() / data if data and "://" not in data else data
    new = load_settings(workspace, [*(set_ or []), f"store={place}", f"store_data={where if place else ''}"])
    with one_night(workspace):
        counts = move_record(workspace, chosen, new)
    note(f"{workspace}: {counts['claim']:,} claims and {counts['evidence']:,} pieces of evidence are in {to}")
