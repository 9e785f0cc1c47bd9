"""Trains the weights of `claims.extract.worth`: python -m claims.extract.train_worth FOLDER [--out FILE].

FOLDER holds the CheckThat! files `ct22_ar_1B_claim`, `ct24_ar` and `ct24_en`, each as `_train` and `_dev`,
`.jsonl` or `.jsonl.gz`, rows `{text, label}`. Only train rows are learned from, and of these none whose
letters are those of a dev row; dev is scored once at the end. The project's own news sentences are added.

The labels of a crowd are noisy, so the text model learns from a mixture of the label and of what a teacher
says: a stack of a text model and an embedding model, each asked only about rows that it has not seen.
"""

from __future__ import annotations

import argparse
import gzip
import itertools
import json
import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from claims.errors import InputError
from claims.extract.worth import WEIGHTS_FILE, HeadWeights, hashed_values, write_weights
from claims.extract.worth_features import (
    DIMENSIONS,
    HEADS,
    PLAIN,
    Head,
    features_of,
    head_of,
    names_of_features,
    vectors_of,
)
from claims.model import digest

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Rows = npt.NDArray[np.bool_]
NEWS_FILE = Path(__file__).parent / "data" / "worth_news.tsv"
FOLDS = 3
# Chosen by cross-validation on the train rows; docs/worth.md has the table.
RAW_C = 0.3  # inverse strength of the L2 penalty of the text model that learns from labels alone
TEXT_C = 1.0  # the same for the one that learns from the mixture, which is smoother
VECTOR_C = 0.005  # the same for models over embeddings
LABEL_SHARE = 0.25  # of a target that is the label; the rest is the teacher's probability
NEWS_WEIGHT = 3.0  # of an own news sentence beside one tweet or debate sentence
WORTHY_WEIGHT = 0.25  # of an Arabic row whose label asks for more than a claim

_FEWEST = 50  # rows from which a cut is chosen
_STEPS = 80  # of L-BFGS at most
_STRETCH = 20.0  # numbers of an embedding lie within some 0.05 of their mean


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


@dataclass(frozen=True, slots=True)
class TextModel:
    """Weights of a text model. The logit leaves out what `asks_more` took off in training."""

    read: Floats
    hashed: Floats
    bias: float

    def logits(self, table: Table) -> Floats:
        """The logit of each row."""
        by_ngrams = np.bincount(table.row, table.value * self.hashed[table.place], len(table.label))
        return np.asarray(by_ngrams + table.read @ self.read + self.bias)


@dataclass(frozen=True, slots=True)
class ColumnModel:
    """Weights of a model over columns, and what `asks_more` took off in training."""

    weights: Floats
    asks_more: float
    bias: float

    def logits(self, columns: Floats) -> Floats:
        """The logit of each row, were its source one that asks for a claim and no more."""
        return np.asarray(columns @ self.weights + self.bias)


def train_head(table: Table) -> HeadWeights:
    """The weights of one head, for text alone and with embeddings."""
    folds = np.random.default_rng(7).permutation(len(table.label)) % FOLDS
    middle = table.vectors.mean(axis=0)
    columns = (table.vectors - middle) * _STRETCH
    # A text model's word on rows it has not seen is one more column beside the embedding.
    joint_columns = np.column_stack([_unseen(table, folds, RAW_C), columns])
    joint = _fit_columns(joint_columns, table, VECTOR_C)
    joint_unseen = _unseen_columns(joint_columns, table, folds, VECTOR_C)
    taught = _taught(table, joint_columns[:, 0], _unseen_columns(columns, table, folds, VECTOR_C))
    text = fit_text(taught, TEXT_C)
    embedded = joint.weights[1:] * _STRETCH
    return HeadWeights(
        read=text.read,
        hashed=text.hashed,
        bias=text.bias,
        cuts=_best_cuts(table, _unseen(taught, folds, TEXT_C)),
        embedded=embedded,
        of_text=float(joint.weights[0]),
        embedded_middle=float(middle @ embedded),
        embedded_bias=joint.bias,
        embedded_cuts=_best_cuts(table, joint_unseen),
    )


def _taught(table: Table, by_text: Floats, by_vector: Floats) -> Table:
    """The table with labels softened by the teacher: own news sentences keep theirs."""
    both = np.column_stack([by_text, by_vector])
    stack = _fit_columns(both, table, 100.0)
    teacher = _sigmoid(stack.logits(both) + stack.asks_more * table.asks_more)
    trust = np.where(table.news, 1.0, LABEL_SHARE)
    return replace(table, label=trust * table.label + (1 - trust) * teacher)


def _unseen(table: Table, folds: Ints, c: float) -> Floats:
    """The logit of each row by a text model of the other folds."""
    logits = np.zeros(len(folds))
    for fold in range(FOLDS):
        logits[folds == fold] = fit_text(table.part(folds != fold), c).logits(table.part(folds == fold))
    return logits


def _unseen_columns(columns: Floats, table: Table, folds: Ints, c: float) -> Floats:
    logits = np.zeros(len(folds))
    for fold in range(FOLDS):
        model = _fit_columns(columns[folds != fold], table.part(folds != fold), c)
        logits[folds == fold] = model.logits(columns[folds == fold])
    return logits


def fit_text(table: Table, c: float) -> TextModel:
    """A logistic model over n-grams and readable features.

    An n-gram counts by how rare it is (inverse document frequency), which is then folded into its weight;
    one that occurs in a single row is left out.
    """
    rows = len(table.label)
    document_frequency = np.bincount(table.place, minlength=DIMENSIONS)
    used = np.flatnonzero(document_frequency > 1)
    rarity = np.log((1 + rows) / (1 + document_frequency[used])) + 1
    column_of = np.full(DIMENSIONS, -1, dtype=np.int32)
    column_of[used] = np.arange(len(used))
    kept = column_of[table.place] >= 0
    row, column = table.row[kept], column_of[table.place[kept]]
    value = table.value[kept] * rarity[column].astype(np.float32)
    dense = np.column_stack([table.read, table.asks_more])

    def loss(weights: Floats) -> tuple[float, Floats]:
        hashed, read, bias = np.split(weights, [len(used), len(weights) - 1])
        logits = np.bincount(row, value * hashed[column], rows) + dense @ read + bias
        lost, error = _logistic(logits, table)
        penalty = (float(hashed @ hashed) + float(read @ read)) / (2 * c)
        by_hashed = np.bincount(column, value * error[row], len(used)) + hashed / c
        return lost + penalty, np.concatenate([by_hashed, dense.T @ error + read / c, [error.sum()]])

    weights = _minimum(loss, len(used) + dense.shape[1] + 1)
    hashed = np.zeros(DIMENSIONS)
    hashed[used] = weights[: len(used)] * rarity
    return TextModel(weights[len(used) : -2], hashed, float(weights[-1]))


def _fit_columns(columns: Floats, table: Table, c: float) -> ColumnModel:
    """A logistic model over a few hundred columns."""
    dense = np.column_stack([columns, table.asks_more])

    def loss(weights: Floats) -> tuple[float, Floats]:
        lost, error = _logistic(dense @ weights[:-1] + weights[-1], table)
        penalty = float(weights[:-1] @ weights[:-1]) / (2 * c)
        return lost + penalty, np.append(dense.T @ error + weights[:-1] / c, error.sum())

    weights = _minimum(loss, dense.shape[1] + 1)
    return ColumnModel(weights[:-2], float(weights[-2]), float(weights[-1]))


def _logistic(logits: Floats, table: Table) -> tuple[float, Floats]:
    """The weighted log loss and its derivative by each logit; labels may lie between 0 and 1."""
    lost = table.weight @ (np.logaddexp(0, logits) - table.label * logits)
    return float(lost), table.weight * (_sigmoid(logits) - table.label)


def _sigmoid(logits: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-np.clip(logits, -500, 500))))


def _minimum(loss: Callable[[Floats], tuple[float, Floats]], size: int) -> Floats:
    """Where a smooth convex function is least, by L-BFGS with backtracking, from zero."""
    at = np.zeros(size)
    value, slope = loss(at)
    steps: list[tuple[Floats, Floats]] = []  # of place and of slope, the last ten
    for _ in range(_STEPS):
        direction = slope.copy()
        amounts = []
        for moved, turned in reversed(steps):
            amounts.append(float(moved @ direction) / float(turned @ moved))
            direction -= amounts[-1] * turned
        if steps:
            moved, turned = steps[-1]
            direction *= float(moved @ turned) / float(turned @ turned)
        else:
            direction /= max(1.0, float(np.abs(slope).sum()))
        for (moved, turned), amount in zip(steps, reversed(amounts), strict=True):
            direction += moved * (amount - float(turned @ direction) / float(turned @ moved))
        downhill = float(slope @ direction)
        length = 1.0
        while True:
            there = at - length * direction
            new_value, new_slope = loss(there)
            if new_value <= value - 1e-4 * length * downhill or length < 1e-8:
                break
            length /= 2
        if float((there - at) @ (new_slope - slope)) > 1e-12:
            steps = [*steps[-9:], (there - at, new_slope - slope)]
        gained = value - new_value
        at, value, slope = there, new_value, new_slope
        if gained < 1e-5 * max(1.0, abs(value)):
            break
    return at


def _best_cuts(table: Table, logits: Floats) -> tuple[float, float]:
    """The logits from which yes is best said, for social posts and for plain text.

    Best by macro-F1 on the rows that ask for a claim and no more. Neighbouring cuts are averaged, so a
    lucky one does not win; a kind of text that hardly occurs takes the cut of the other.
    """
    plain = table.read[:, names_of_features().index(PLAIN)] > 0
    cuts = np.linspace(-2, 2, 81)
    best: list[float | None] = []
    for kind in (~plain, plain):
        asked = kind & (table.asks_more == 0)
        scores = [macro_f1(table.label[asked], logits[asked] >= cut) for cut in cuts]
        smooth = np.convolve(scores, np.ones(9) / 9, mode="valid")
        best.append(float(cuts[np.argmax(smooth) + 4]) if asked.sum() >= _FEWEST else None)
    post, other = best
    return (post if post is not None else other or 0.0), (other if other is not None else post or 0.0)


def average_precision(label: Floats, score: Floats) -> float:
    """The mean, over the rows that are labelled yes, of the precision down to that row."""
    ranked = label[np.argsort(-score, kind="stable")]
    precision = np.cumsum(ranked) / np.arange(1, len(ranked) + 1)
    return float((precision * ranked).sum() / max(1.0, ranked.sum()))


def macro_f1(label: Floats, yes: Rows) -> float:
    """The mean of the F1 of yes and of no."""
    return float(
        np.mean(
            [
                2 * np.sum((label == c) & (yes == c)) / max(1, np.sum(label == c) + np.sum(yes == c))
                for c in (1, 0)
            ]
        )
    )


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
    taken = {_letters(row.text) for source in SOURCES for row in _read(folder, source, "dev")}
    rows: dict[Head, list[Row]] = {head: [] for head in HEADS}
    for row in [row for source in SOURCES for row in _read(folder, source, "train")] + _read_news():
        letters = _letters(row.text)
        if letters not in taken:
            taken.add(letters)
            rows[row.source.head if row.source is not NEWS else head_of(row.text)].append(row)
    return rows


def _letters(text: str) -> str:
    return re.sub(r"https?://\S+|[\W_]+", "", text).lower()


def _read(folder: Path, source: Source, part: str) -> list[Row]:
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


def figures(weights: HeadWeights, table: Table) -> str:
    """How well one head does on rows, as a line to print: on text alone, then with embeddings."""
    text = TextModel(weights.read, weights.hashed, weights.bias).logits(table)
    meaning = table.vectors @ weights.embedded - weights.embedded_middle
    both = weights.of_text * text + meaning + weights.embedded_bias
    plain = (table.read[:, names_of_features().index(PLAIN)] > 0).astype(int)
    shown = []
    for name, logits, cuts in (
        ("text", text, weights.cuts),
        ("with embeddings", both, weights.embedded_cuts),
    ):
        score = logits - np.array(cuts)[plain]
        precision, f1 = average_precision(table.label, score), macro_f1(table.label, score >= 0)
        shown.append(f"{name} AP {precision:.4f} macro-F1 {f1:.4f}")
    return "; ".join(shown)


def cross_validate(table: Table) -> list[str]:
    """Figures of whole trainings on the rows that each of them was not given, a line for each kind of row."""
    folds = np.random.default_rng(11).permutation(len(table.label)) % FOLDS
    lines = []
    for fold in range(FOLDS):
        weights = train_head(table.part(folds != fold))
        for kind, rows in {
            "claim": ~table.news & (table.asks_more == 0),
            "worthy": table.asks_more == 1,
            "news": table.news,
        }.items():
            if np.any(rows):
                lines.append(f"fold {fold} {kind}: {figures(weights, table.part(rows & (folds == fold)))}")
    return lines


def main() -> None:
    """Reads, trains, writes the weights and prints the figures on dev."""
    arguments = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    arguments.add_argument("folder", type=Path, help="holds the CheckThat! files")
    arguments.add_argument("--out", type=Path, default=WEIGHTS_FILE, help="where the weights go (.npz)")
    arguments.add_argument("--cache", type=Path, help="a folder that keeps embeddings between trainings")
    arguments.add_argument(
        "--cross-validate", action="store_true", help="print figures on train, write nothing"
    )
    given = arguments.parse_args()
    try:
        rows = read_rows(given.folder)
        tables = {head: table_of(rows[head], embed(rows[head], given.cache)) for head in HEADS}
        if given.cross_validate:
            for head in HEADS:
                print(*(f"{head} {line}" for line in cross_validate(tables[head])), sep="\n", flush=True)
            return
        heads = {head: train_head(tables[head]) for head in HEADS}
        write_weights(given.out, heads)
        for source in SOURCES:
            dev = _read(given.folder, source, "dev")
            print(f"{source.name}_dev: {figures(heads[source.head], table_of(dev, embed(dev, given.cache)))}")
    except InputError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
