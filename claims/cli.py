"""The command line: `tabayyun`. Exit status 0 done, 1 failed, 2 called wrongly, 3 sources out of reach."""

from __future__ import annotations

import importlib
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING, NoReturn

from claims.commands.streams import Stopped
from claims.errors import InputError, TabayyunError

if TYPE_CHECKING:
    import typer

# Which module brings which commands, in the order of the help. One that is missing here starts slower.
_MODULES = {
    "check": ("verify", "extract"),
    "nightly": ("nightly", "serve"),
    "language": ("worth", "normalise", "quotes", "stance", "match"),
    "evidence": ("fetch", "read", "replay"),
    "sources": ("sources",),
    "ask": ("status", "sql"),
    "workspace": ("export", "integrity", "backup", "restore", "settings"),
    "report": ("reports", "pdf"),
    "store": ("store",),
    "archive": ("archive",),
    "bench": ("bench",),
    "desk": ("desk",),
}


def application(command: str | None = None) -> typer.Typer:
    """All commands, or those alone that come with this one: to import everything takes a second."""
    import typer

    from claims.commands.version import version

    app = typer.Typer(
        name="tabayyun",
        help="Checks the claims in the news: what is claimed, by whom, and on what evidence.",
        add_completion=False,
        pretty_exceptions_enable=False,
    )
    app.callback(invoke_without_command=True)(version)
    wanted = [name for name, commands in _MODULES.items() if command in commands]
    for name in wanted or _MODULES:
        importlib.import_module(f"claims.commands.{name}").register(app)
    return app


def main() -> None:
    """Runs the command line. Whatever ends it early is one line on standard error and an exit status."""
    try:
        with _stopped_by_signals():
            status = _run(sys.argv[1:])
            sys.stdout.flush()
    except TabayyunError as error:
        _end(str(error), error.exit_status)
    except Stopped:
        # Threads that wait for the network or for standard input would keep the process alive: it ends here.
        _say("interrupted; what was recorded stays, and the same command run again finishes the work")
        os._exit(1)
    except BrokenPipeError:
        # Whoever read our output has gone; nothing is left to say and nowhere to say it.
        _drop_output()
        sys.exit(1)
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        _drop_output()
        _end(f"{where}{error.strerror or error}; what was recorded stays, run the same again", 1)
    sys.exit(status or 0)


def _run(given: list[str]) -> int | None:
    """The command with its options is carried out; the exit status where it gives one."""
    command = given[0] if given else None
    if command in _MODULES["ask"]:
        from claims.commands.questions import answer

        answer(given)
        return None
    from typer.exceptions import TyperException

    try:
        status: int | None = application(command)(standalone_mode=False)
    except TyperException as error:
        told = f"{error.format_message()} ('--help' after the command shows how it is called)"
        raise InputError(told) from None
    return status


@contextmanager
def _stopped_by_signals() -> Iterator[None]:
    """Ctrl-C and SIGTERM raise Stopped wherever the program is."""

    def stop(number: int, frame: FrameType | None) -> NoReturn:
        raise Stopped

    before = [(number, signal.signal(number, stop)) for number in (signal.SIGINT, signal.SIGTERM)]
    try:
        yield
    finally:
        for number, handler in before:
            signal.signal(number, handler)


def _drop_output() -> None:
    """What is still to be written goes nowhere: else Python fails on it once more as it ends (status 120)."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _end(message: str, status: int) -> NoReturn:
    _say(message)
    sys.exit(status)


def _say(message: str) -> None:
    print(f"tabayyun: {' '.join(message.split())}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
