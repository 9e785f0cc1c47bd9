"""Labelled sets as JSON Lines, and what kind of set a file is, told by the fields of its rows."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from claims.errors import InputError

Kind = Literal[
    "stance", "closed web", "origins", "known claims", "match", "quotes", "read", "worth", "normalise"
]
Row = dict[str, Any]

# The first kind all of whose fields a row has. `known claims` are what `match` searches.
_FIELDS: tuple[tuple[Kind, tuple[str, ...]], ...] = (
    ("stance", ("claim", "evidence", "label")),
    ("closed web", ("claim", "claim_id", "factuality", "article", "url")),
    ("origins", ("text_a", "text_b", "silver")),
    ("known claims", ("vclaim_id", "vclaim")),
    ("match", ("text", "relevant_vclaims")),
    ("quotes", ("text", "attributions")),
    ("read", ("html_file", "url")),
    ("worth", ("text", "label")),
    ("normalise", ("text", "expected")),
)
_SUFFIXES = (".jsonl", ".jsonl.gz")


@dataclass(frozen=True, slots=True)
class LabelledSet:
    """Rows of one kind. `path` is where they are from, for what they name beside it."""

    name: str
    kind: Kind
    path: Path
    rows: tuple[Row, ...]


def read_sets(paths: list[Path]) -> Iterator[LabelledSet]:
    """The sets of the files, and of every JSON Lines file in the folders, one by one in the order given.

    Files in folders that hold no known kind are left out. Raises InputError where a named file holds none,
    or cannot be read.
    """
    for path in paths:
        if not path.is_dir():
            yield _read(path, named=True)
            continue
        for file in sorted(path.iterdir()):
            if file.is_file() and file.name.endswith(_SUFFIXES):
                found = _read(file, named=False)
                if found.rows:
                    yield found


def _read(path: Path, named: bool) -> LabelledSet:
    rows = tuple(_rows(path))
    kind = next((kind for kind, fields in _FIELDS if rows and all(f in rows[0] for f in fields)), None)
    name = path.name.removesuffix(".gz").removesuffix(".jsonl")
    if kind is None:
        if not named:
            return LabelledSet(name, "stance", path, ())
        known = "; ".join(f"{kind}: {', '.join(fields)}" for kind, fields in _FIELDS)
        raise InputError(f"{path}: its first row has the fields of no set that is known ({known})")
    fields = dict(_FIELDS)[kind]
    for number, row in enumerate(rows, 1):
        missing = [field for field in fields if field not in row]
        if missing and kind not in ("read",):  # sets of pages hold rows whose page was not kept
            raise InputError(f'{path} row {number}: has no "{missing[0]}"')
    return LabelledSet(name, kind, path, rows)


def _rows(path: Path) -> Iterator[Row]:
    number = 0
    try:
        with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open() as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    row = json.loads(line)
                    if not isinstance(row, dict):
                        raise InputError(f"{path} line {number}: is no JSON object")
                    yield row
    except json.JSONDecodeError as error:
        raise InputError(f"{path} line {number}: is no JSON ({error.msg})") from None
    except (OSError, EOFError, UnicodeDecodeError, zlib.error) as error:
        raise InputError(f"{path}: cannot be read ({error})") from None
