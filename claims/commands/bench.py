"""`tabayyun bench`: labelled sets in, one table of figures out."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from claims.bench.measures import Measured, Part, measure
from claims.bench.sets import LabelledSet, Row, read_sets
from claims.commands.shared import OutOption
from claims.commands.streams import line, note, writing
from claims.errors import InputError, TabayyunError
from claims.plain import plain

_ROUNDED = 3


class _Left(StrEnum):
    MODEL = "model"
    CHECKS = "checks"


_PARTS: dict[_Left, Part] = {_Left.MODEL: "model", _Left.CHECKS: "checks"}


def register(app: typer.Typer) -> None:
    """The command is known to the app."""
    app.command()(bench)


def bench(
    data: Annotated[
        list[Path], typer.Argument(help="Labelled sets: .jsonl or .jsonl.gz files, or folders of them.")
    ],
    without: Annotated[
        list[_Left] | None,
        typer.Option(
            "--without", help="Measure stance also without the model or the checks; may be repeated."
        ),
    ] = None,
    json_: Annotated[bool, typer.Option("--json", help="Print one record a set.")] = False,
    out: OutOption = None,
) -> None:
    """Measure how often the project is right on labelled sets: stance, closed web, origins and others.

    A set that cannot be measured is told and left out; the exit status is then 1.
    """
    sets: list[LabelledSet] = []
    known: list[Row] = []
    for found in read_sets(data):
        if found.kind == "known claims":
            known.extend(found.rows)
        else:
            sets.append(found)
    if not sets:
        raise InputError(f"{data[0]}: holds no labelled set to measure")
    results: list[Measured] = []
    failed = False
    for one in sets:
        note(f"{one.name}: {one.kind}, {len(one.rows)} rows")
        try:
            results.append(measure(one, known))
        except TabayyunError as error:
            failed = True
            note(f"{one.name}: {error}")
        if one.kind == "stance":
            results += [measure(one, known, _PARTS[left]) for left in without or ()]
    if json_ or out:
        with writing(out) as file:
            for result in results:
                file.write(line(_record(result)))
    if not json_:
        _print(results)
    if failed:
        raise typer.Exit(1)


def _record(result: Measured) -> dict[str, object]:
    record: dict[str, object] = plain(result)
    record["figures"] = {name: round(value, 4) for name, value in result.figures.items()}
    record["seconds"] = round(result.seconds, 2)
    return record


def _print(results: list[Measured]) -> None:
    table = Table("set", "kind", "rows", "figures", "CPU s", box=None, pad_edge=False)
    for result in results:
        figures = "  ".join(f"{name} {value:.{_ROUNDED}f}" for name, value in result.figures.items())
        name = result.set + (f" without {result.without}" if result.without else "")
        table.add_row(name, result.kind, str(result.rows), figures, f"{result.seconds:.1f}")
    console = Console(soft_wrap=False)
    console.print(table)
    for engine in sorted({result.engine for result in results}):
        console.print(engine, markup=False, highlight=False)
