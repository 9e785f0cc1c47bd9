"""The command line: `tabayyun`. Exit status 0 done, 1 failed, 2 called wrongly, 3 sources out of reach."""

from __future__ import annotations

import os
import sys

import typer

from claims import __version__
from claims.commands import check, evidence, language, workspace
from claims.errors import TabayyunError

app = typer.Typer(
    name="tabayyun",
    help="Checks the claims in the news: what is claimed, by whom, and on what evidence.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for group in (check, language, evidence, workspace):
    group.register(app)


@app.callback(invoke_without_command=True)
def version(show: bool = typer.Option(False, "--version", help="Print the version and stop.")) -> None:
    """Checks the claims in the news: what is claimed, by whom, and on what evidence."""
    if show:
        print(f"tabayyun {__version__}")
        raise typer.Exit


def main() -> None:
    """Runs the command line. Known errors end in one line on standard error and their exit status."""
    try:
        app()
    except TabayyunError as error:
        _end(str(error), error.exit_status)
    except KeyboardInterrupt:
        _end("interrupted; what was recorded stays, and the same command run again finishes the work", 1)
    except BrokenPipeError:
        # Whoever read our output has gone; nothing is left to say and nowhere to say it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)


def _end(message: str, status: int) -> None:
    print(f"tabayyun: {' '.join(message.split())}", file=sys.stderr)
    sys.exit(status)


if __name__ == "__main__":
    main()
