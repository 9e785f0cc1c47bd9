"""Commands for reports that stand already: the index of all of them, and PDF."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from claims.commands.shared import HERE, SetOption, WorkspaceOption
from claims.commands.streams import note
from claims.errors import InputError
from claims.record.changes import latest_changes
from claims.report.pdf import print_pages
from claims.report.shelf import write_shelf
from claims.settings import load_settings


def register(app: typer.Typer) -> None:
    """The commands are known to the app."""
    app.command()(reports)
    app.command()(pdf)


def reports(workspace: WorkspaceOption = HERE, set_: SetOption = None) -> None:
    """Write the index of all reports and the feed of changed verdicts anew, as every run does at its end."""
    folder = workspace / "reports"
    if not folder.is_dir():
        raise InputError(
            f"{folder}: there is no report yet; run 'tabayyun verify' or name another --workspace"
        )
    chosen = load_settings(workspace, set_)
    print(write_shelf(folder, latest_changes(workspace), chosen.report_lang, chosen.publisher_url))


def pdf(
    pages: Annotated[list[Path], typer.Argument(help="Pages of a report, or its folder.")],
    out: Annotated[Path, typer.Option("--out", help="The PDF to write.")],
) -> None:
    """Print pages of a report into one PDF through Chromium, the addresses of all sources written out."""
    sheets = print_pages(pages, out)
    note(f"{out}: {sheets} pages")
