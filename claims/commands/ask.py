"""The commands that ask the snapshot, as the help of all lists them; `questions` reads their options."""

from __future__ import annotations

import typer

from claims.commands.questions import HELP, answer

_AS_GIVEN = {"allow_extra_args": True, "ignore_unknown_options": True, "allow_interspersed_args": False}


def register(app: typer.Typer) -> None:
    """The commands are known to the app."""
    for command in (status, sql):
        name = command.__name__
        app.command(name, help=HELP[name], context_settings=_AS_GIVEN, add_help_option=False)(command)


def status(context: typer.Context) -> None:
    """What holds now."""
    answer(["status", *context.args])


def sql(context: typer.Context) -> None:
    """The answer to a statement."""
    answer(["sql", *context.args])
