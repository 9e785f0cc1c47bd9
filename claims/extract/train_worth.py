"""Trains the weights of `claims.extract.worth`: python -m claims.extract.train_worth FOLDER [--out FILE].

FOLDER holds the CheckThat! files `ct22_ar_1B_claim`, `ct24_ar` and `ct24_en`, each as `_train` and `_dev`,
`.jsonl` or `.jsonl.gz`, rows `{text, label}`. Only train rows are learned from, and of these none whose
letters are those of a dev row; dev is scored once at the end. The project's own news sentences are added.

A text model learns from the labels; a second model lays embeddings over what the text model says of rows
that it has not seen. Yes is said as often as the labels say it.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from claims.errors import InputError
from claims.extract.worth import WEIGHTS_FILE, HeadWeights, write_weights
from claims.extract.worth_features import DIMENSIONS, HEADS, PLAIN, names_of_features
from claims.extract.worth_rows import SOURCES, Floats, Rows, Table, embed, read_rows, rows_of, table_of

Ints = npt.NDArray[np.int64]
FOLDS = 3
# Chosen by cross-validation on the train rows; docs/worth.md has the table.
TEXT_C = 0.3  # inverse strength of the L2 penalty of the text model
VECTOR_C = 0.02  # the same for the model over embeddings

_FEWEST = 50  # rows from which a cut is chosen
_STEPS = 80  # of L-BFGS at most
_STRETCH = 20.0  # numbers of an embedding lie within some 0.05 of their mean


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
    text, text_unseen = fit_text(table, TEXT_C), _unseen(table, folds)
    middle = table.vectors.mean(axis=0)
    # A text model's word on rows it has not seen is one more column beside the embedding.
    columns = np.column_stack([text_unseen, (table.vectors - middle) * _STRETCH])
    joint = _fit_columns(columns, table, VECTOR_C)
    embedded = joint.weights[1:] * _STRETCH
    return HeadWeights(
        read=text.read,
        hashed=text.hashed,
        bias=text.bias,
        cuts=_cuts(table, text_unseen),
        embedded=embedded,
        of_text=float(joint.weights[0]),
        embedded_middle=float(middle @ embedded),
        embedded_bias=joint.bias,
        embedded_cuts=_cuts(table, _unseen_columns(columns, table, folds)),
    )


def _unseen(table: Table, folds: Ints) -> Floats:
    """The logit of each row by a text model of the other folds."""
    logits = np.zeros(len(folds))
    for fold in range(FOLDS):
        model = fit_text(table.part(folds != fold), TEXT_C)
        logits[folds == fold] = model.logits(table.part(folds == fold))
    return logits


def _unseen_columns(columns: Floats, table: Table, folds: Ints) -> Floats:
    logits = np.zeros(len(folds))
    for fold in range(FOLDS):
        model = _fit_columns(columns[folds != fold], table.part(folds != fold), VECTOR_C)
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
    """The weighted log loss and its derivative by each logit."""
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


def _cuts(table: Table, logits: Floats) -> tuple[float, float]:
    """The logits from which yes is said as often as by the labels, in social posts and in plain text.

    Told by the rows that ask for a claim and no more. The cut with the best macro-F1 on labels of a crowd
    would say yes too often where labels are right. A kind that hardly occurs takes the cut of the other.
    """
    plain = table.read[:, names_of_features().index(PLAIN)] > 0
    found: list[float | None] = []
    for kind in (~plain, plain):
        asked = kind & (table.asks_more == 0)
        enough = asked.sum() >= _FEWEST
        found.append(float(np.quantile(logits[asked], 1 - table.label[asked].mean())) if enough else None)
    post, other = found
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
            dev = rows_of(given.folder, source, "dev")
            print(f"{source.name}_dev: {figures(heads[source.head], table_of(dev, embed(dev, given.cache)))}")
    except InputError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
