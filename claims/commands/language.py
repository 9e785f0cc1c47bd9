"""Commands that read texts alone: worth, normalise, quotes, stance."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import islice
from typing import Annotated, Any

import typer

from claims.commands.shared import OutOption, line, rows, writing
from claims.errors import InputError
from claims.extract.claims import reading_language
from claims.extract.quotes import find_quotes
from claims.extract.worth import worth_many
from claims.intake import parse_published
from claims.language.dates import find_dates
from claims.language.numbers import find_numbers
from claims.weigh.pairs import stance_of_pair
from claims.wording import say

FileArgument = Annotated[str, typer.Argument(help="A JSON Lines file, or - for standard input.")]
_BATCH = 256  # texts rated at a time


def register(app: typer.Typer) -> None:
    """The commands are known to the app."""
    for command in (worth, normalise, quotes, stance):
        app.command()(command)


def worth(
    file: FileArgument,
    embeddings: Annotated[bool, typer.Option("--embeddings", help="Use sentence vectors too.")] = False,
    out: OutOption = None,
) -> None:
    """Say how far each text holds a checkable factual claim, 0 to 1."""
    with writing(out) as output:
        for batch in _batches(rows(file, "text")):
            for row, rating in zip(
                batch, worth_many([r["text"] for r in batch], embeddings=embeddings), strict=True
            ):
                output.write(
                    line(
                        {
                            "id": row.get("id"),
                            "score": rating.score,
                            "reasons": [say(why, "en") for why in rating.reasons],
                        }
                    )
                )


def normalise(file: FileArgument, out: OutOption = None) -> None:
    """Find the dates and numbers in each text, with their values."""
    with writing(out) as output:
        for row in rows(file, "text"):
            reference = _reference(row.get("reference"))
            lang = row.get("lang")
            dates = find_dates(row["text"], reference, lang)
            output.write(
                line(
                    {
                        "id": row.get("id"),
                        "dates": [
                            {
                                "text": when.text,
                                "start": when.start,
                                "end": when.end,
                                "from": when.first.isoformat(),
                                "to": when.last.isoformat(),
                                "grain": when.grain,
                                "approximate": when.approximate,
                            }
                            for when in dates
                        ],
                        "numbers": [
                            {
                                "text": number.text,
                                "start": number.start,
                                "end": number.end,
                                "value": number.value,
                                "unit": number.unit,
                                "approximate": number.approximate,
                            }
                            for number in find_numbers(row["text"], lang)
                        ],
                    }
                )
            )


def quotes(file: FileArgument, out: OutOption = None) -> None:
    """Find who said what in each text."""
    with writing(out) as output:
        for row in rows(file, "text"):
            lang = row.get("lang")
            found = find_quotes(
                row["text"], lang if lang in ("ar", "en") else reading_language("", row["text"])
            )
            output.write(line({"id": row.get("id"), "attributions": found}))


def stance(file: FileArgument, out: OutOption = None) -> None:
    """Say whether each piece of evidence supports or refutes its claim."""
    with writing(out) as output:
        for row in rows(file, "claim", "evidence"):
            judged = stance_of_pair(
                row["claim"],
                row["evidence"],
                _reference(row.get("claim_date")),
                _reference(row.get("evidence_date")),
            )
            output.write(line({"id": row.get("id"), **judged}))


def _reference(value: Any) -> date | None:
    if value is None:
        return None
    if not isinstance(value, str):
        raise InputError(f"{value!r} is not a day; write it as 2024-10-12")
    return parse_published(value)


def _batches(source: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    while batch := list(islice(source, _BATCH)):
        yield batch
