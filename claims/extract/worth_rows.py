"""The rows that the worth model learns from, and the same rows as numbers."""

from __future__ import annotations

import gzip
import itertools
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from claims.errors import InputError
from claims.extract.worth import hashed_values
from claims.extract.worth_features import HEADS, Head, features_of, head_of, names_of_features, vectors_of
from claims.model import digest

Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.bool_]
NEWS_FILE = Path(__file__).parent / "data" / "worth_news.tsv"
# Chosen by cross-validation on the train rows; docs/worth.md has the table.
NEWS_WEIGHT = 3.0  # of an own news sentence beside one tweet or debate sentence
WORTHY_WEIGHT = 0.25  # of an Arabic row whose label asks for more than a claim


@dataclass(frozen=True, slots=True)
class Source:
    """A set of rows. `asks_more` where its label wants a claim of public interest, so no is no "no claim"."""

    name: str
    head: Head
    weight: float = 1.0
    asks_more: bool = False


SOURCES = (
    Source("ct22_ar_1B_claim", "ar"),
    Source("ct24_ar", "ar", weight=WORTHY_WEIGHT, asks_more=True),
    Source("ct24_en", "en"),
)
NEWS = Source("news", "en", weight=NEWS_WEIGHT)  # each sentence goes to the head of its own letters


@dataclass(frozen=True, slots=True)
class Row:
    """A text, whether it was labelled yes, and where it is from."""

    text: str
    label: bool
    source: Source


@dataclass(frozen=True, slots=True)
class Table:
    """Rows as numbers: n-grams in coordinate form, readable features, embeddings, labels, weights."""

    row: npt.NDArray[np.int32]
    place: npt.NDArray[np.int32]
    value: npt.NDArray[np.float32]
    read: Floats
    vectors: Floats
    label: Floats
    weight: Floats
    asks_more: Floats  # 1 or 0
    news: Rows

    def part(self, keep: Rows) -> Table:
        """The rows that are kept, counted anew."""
        kept = keep[self.row]
        anew = (np.cumsum(keep) - 1).astype(np.int32)
        return Table(
            anew[self.row[kept]], self.place[kept], self.value[kept], self.read[keep], self.vectors[keep],
            self.label[keep], self.weight[keep], self.asks_more[keep], self.news[keep],
        )  # fmt: skip


def table_of(rows: Sequence[Row], vectors: Floats) -> Table:
    """The rows as numbers."""
    names = {name: column for column, name in enumerate(names_of_features())}
    read = np.zeros((len(rows), len(names)))
    seen = [features_of(row.text) for row in rows]
    for at, features in enumerate(seen):
        for name, strength in features.read.items():
            read[at, names[name]] = strength
    return Table(
        row=np.repeat(np.arange(len(rows), dtype=np.int32), [len(features.places) for features in seen]),
        place=np.concatenate([features.places for features in seen]).astype(np.int32),
        value=np.concatenate([hashed_values(features) for features in seen]).astype(np.float32),
        read=read,
        vectors=vectors,
        label=np.array([float(row.label) for row in rows]),
        weight=np.array([row.source.weight for row in rows]),
        asks_more=np.array([float(row.source.asks_more) for row in rows]),
        news=np.array([row.source is NEWS for row in rows]),
    )


def read_rows(folder: Path) -> dict[Head, list[Row]]:
    """The train rows of each head and the own news, each text once, no text of a dev set among them.

    Where two sources hold the same text, the one that asks for a claim and no more has the word.
    """
    taken = {_letters(row.text) for source in SOURCES for row in rows_of(folder, source, "dev")}
    rows: dict[Head, list[Row]] = {head: [] for head in HEADS}
    for row in [row for source in SOURCES for row in rows_of(folder, source, "train")] + _read_news():
        letters = _letters(row.text)
        if letters not in taken:
            taken.add(letters)
            rows[row.source.head if row.source is not NEWS else head_of(row.text)].append(row)
    return rows


def _letters(text: str) -> str:
    return re.sub(r"https?://\S+|[\W_]+", "", text).lower()


def rows_of(folder: Path, source: Source, part: str) -> list[Row]:
    """The rows of a source, `part` being train or dev. Raises InputError where its file cannot be read."""
    for ending, opened in ((".jsonl", open), (".jsonl.gz", gzip.open)):
        path = folder / f"{source.name}_{part}{ending}"
        if path.exists():
            try:
                with opened(path, "rt", encoding="utf-8") as file:
                    found = [json.loads(line) for line in file]
                return [Row(row["text"], str(row["label"]).lower() in ("1", "yes"), source) for row in found]
            except (OSError, ValueError, KeyError, TypeError) as error:
                raise InputError(
                    f"{path}: a row is not a JSON object with text and label ({error})"
                ) from None
    raise InputError(
        f"{folder}: has no {source.name}_{part}.jsonl or .jsonl.gz; see docs/worth.md for the files"
    )


def _read_news() -> list[Row]:
    lines = NEWS_FILE.read_text(encoding="utf-8").splitlines()
    cells = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return [Row(text, label == "1", NEWS) for label, text in cells]


def embed(rows: Sequence[Row], cache: Path | None) -> Floats:
    """One embedding a row. A folder `cache` keeps those of each source between trainings."""
    parts = []
    for _, group in itertools.groupby(rows, key=lambda row: row.source.name):
        texts = [row.text for row in group]
        kept = cache / f"{digest(texts)}.npy" if cache else None
        if kept and kept.exists():
            vectors = np.load(kept, allow_pickle=False)
        else:
            vectors = vectors_of(texts).astype(np.float32)
            if kept:
                kept.parent.mkdir(parents=True, exist_ok=True)
                np.save(kept, vectors)
        parts.append(vectors.astype(np.float64))
    return np.vstack(parts)
