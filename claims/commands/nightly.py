"""`tabayyun nightly` and `tabayyun serve`: what is new and what is due, every night."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from claims.commands.flow import run_flow
from claims.commands.shared import HERE, SetOption, WorkspaceOption
from claims.commands.streams import note
from claims.lines import parse_published
from claims.pipeline import load_desk

DeskArgument = Annotated[Path, typer.Argument(help="The file that says what is watched.")]


def register(app: typer.Typer) -> None:
    """The commands are known to the app."""
    app.command()(nightly)
    app.command()(serve)


def nightly(
    desk: DeskArgument = Path("desk.toml"),
    workspace: WorkspaceOption = HERE,
    day: Annotated[str | None, typer.Option(help="Check what is due by this day; today, in UTC.")] = None,
    set_: SetOption = None,
) -> None:
    """Find new articles, check their claims and those that have fallen due, and report what changed."""
    parse_published(day, "--day ")
    load_desk(desk)
    finished = run_flow("nightly", desk=str(desk), workspace=str(workspace), day=day, overrides=set_ or [])
    for bad in finished.bad:
        note(f"skipped: {bad}")
    print(f"night: {finished.articles} articles, {finished.claims} claims checked")
    if finished.report:
        print(f"report: {finished.report}")
    if finished.incomplete:
        note("some places could not be reached; the report lists them")
        raise typer.Exit(3)


def serve(
    desk: DeskArgument = Path("desk.toml"),
    workspace: WorkspaceOption = HERE,
    cron: Annotated[str, typer.Option(help="When, as in a crontab.")] = "15 2 * * *",
    timezone: Annotated[str, typer.Option(help="The time zone of it.")] = "UTC",
) -> None:
    """Stay and run the night at its hour, on this machine, with no other scheduler."""
    load_desk(desk)
    from flows.nightly import serve_nights  # Prefect takes a second to import

    serve_nights(desk.resolve(), workspace.resolve(), cron, timezone)
