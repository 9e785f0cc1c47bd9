"""What is said without any command: the version, or the help."""

from __future__ import annotations

import typer

from claims import __version__


def version(
    context: typer.Context,
    show: bool = typer.Option(False, "--version", help="Print the version and stop."),
) -> None:
    """Checks the claims in the news: what is claimed, by whom, and on what evidence."""
    if show:
        print(f"tabayyun {__version__}")
    elif context.invoked_subcommand is None:
        print(context.get_help())
