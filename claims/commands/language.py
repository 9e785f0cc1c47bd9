"""Commands that read texts alone: worth, normalise, quotes, stance, match."""

from __future__ import annotations

import os
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Annotated, Any

import typer

from claims.commands.shared import OutOption
from claims.commands.streams import line, rows, writing
from claims.errors import InputError
from claims.extract.claims import reading_language
from claims.extract.quotes import find_quotes
from claims.extract.worth import worth_many
from claims.language.dates import find_dates
from claims.language.numbers import find_numbers
from claims.lines import parse_published
from claims.weigh.matching import Matcher
from claims.weigh.pairs import stance_of_pair
from claims.wording import say

_INDEX = Path(os.environ.get("XDG_CACHE_HOME", "~/.cache")) / "tabayyun" / "match"
_MOST_LETTERS = 300_000  # of one text; nobody writes more, and what nobody wrote must not take long
_TOGETHER = 64  # texts that are matched in one pass
FileArgument = Annotated[str, typer.Argument(help="A JSON Lines file, or - for standard input.")]


def register(app: typer.Typer) -> None:
    """The commands are known to the app."""
    for command in (worth, normalise, quotes, stance, match):
        app.command()(command)


def worth(
    file: FileArgument,
    embeddings: Annotated[bool, typer.Option("--embeddings", help="Use sentence vectors too.")] = False,
    out: OutOption = None,
) -> None:
    """Say how far each text holds a checkable factual claim, 0 to 1."""
    with writing(out) as output:
        for row in rows(file, "text"):
            rating = worth_many([row["text"]], embeddings=embeddings)[0]
            why = [say(reason, "en") for reason in rating.reasons]
            output.write(line({"id": row.get("id"), "score": rating.score, "reasons": why}))


def normalise(file: FileArgument, out: OutOption = None) -> None:
    """Find the dates and numbers in each text, with their values."""
    with writing(out) as output:
        for row in rows(file, "text"):
            reference = _day(row, "reference")
            lang = row.get("lang")
            text = row["text"][:_MOST_LETTERS]
            dates = find_dates(text, reference, lang)
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
                            for number in find_numbers(text, lang)
                        ],
                        **_unread(row["text"]),
                    }
                )
            )


def quotes(file: FileArgument, out: OutOption = None) -> None:
    """Find who said what in each text."""
    with writing(out) as output:
        for row in rows(file, "text"):
            lang = row.get("lang")
            text = row["text"][:_MOST_LETTERS]
            found = find_quotes(text, lang if lang in ("ar", "en") else reading_language("", text))
            output.write(line({"id": row.get("id"), "attributions": found, **_unread(row["text"])}))


def stance(file: FileArgument, out: OutOption = None) -> None:
    """Say whether each piece of evidence supports or refutes its claim."""
    with writing(out) as output:
        for row in rows(file, "claim", "evidence"):
            judged = stance_of_pair(
                row["claim"],
                row["evidence"],
                _day(row, "claim_date"),
                _day(row, "evidence_date"),
            )
            output.write(line({"id": row.get("id"), **judged}))


def match(
    file: FileArgument,
    against: Annotated[str, typer.Option("--against", help="JSON Lines of the claims that are known.")],
    limit: Annotated[int, typer.Option("--limit", min=1, help="Matches of one text.")] = 10,
    index: Annotated[
        Path, typer.Option("--index", help="Folder in which what was worked out of known claims is kept.")
    ] = _INDEX,
    out: OutOption = None,
) -> None:
    """Find which known claims are the same as each text, or related to it."""
    if file == against == "-":
        raise InputError("match: standard input can be FILE or --against, not both")
    matcher = Matcher((_known(row) for row in rows(against)), index=index.expanduser())
    asked = rows(file, "text")
    together = 1 if file == "-" else _TOGETHER  # whoever writes to us may wait for each answer
    with writing(out) as output:
        while some := list(islice(asked, together)):
            found = matcher.best_of_each([row["text"] for row in some], limit)
            for row, matches in zip(some, found, strict=True):
                listed = [{"id": m.id, "score": m.score, "relation": m.relation} for m in matches]
                output.write(line({"id": row.get("id"), "matches": listed}))


def _known(row: dict[str, Any]) -> tuple[str | int, str]:
    """The id and the text of a known claim. Raises InputError where it lacks one."""
    identity = row.get("vclaim_id", row.get("id"))
    text = row.get("vclaim", row.get("text"))
    if identity is None or not isinstance(text, str):
        raise InputError('--against: a line has no "vclaim_id" and "vclaim", nor "id" and "text"')
    title = row.get("title")
    return identity, f"{title}\n{text}" if isinstance(title, str) else text


def _unread(text: str) -> dict[str, int]:
    """Where reading ended, of a text that is too long to be read whole; else nothing."""
    return {"unread_from": _MOST_LETTERS} if len(text) > _MOST_LETTERS else {}


def _day(row: dict[str, Any], key: str) -> date | None:
    """The day under a key. Raises InputError naming the record where it is none."""
    value = row.get(key)
    return None if value is None else parse_published(str(value), f"record {row.get('id')}: {key}: ")
