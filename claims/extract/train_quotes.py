"""Trains the quote tagger's weights: python -m claims.extract.train_quotes FOLDER [--out FILE].

FOLDER holds `polnear_train` and `polnear_dev`, `.jsonl` or `.jsonl.gz`, rows `{id, text, attributions}`. Only
train rows are learned from; the cut is chosen on train rows that the models had not seen; dev is scored once
at the end. The same rows give the same bytes.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from claims.errors import InputError
from claims.extract.quote_features import PLACES, Floats, Ints, Places, Window, windows
from claims.extract.quote_rows import Article, Samples, prepare, read_rows, samples_of
from claims.extract.quote_tagger import (
    CONTENT,
    LABELS,
    NEITHER,
    SOURCE,
    WEIGHTS_FILE,
    QuoteWeights,
    Reading,
    Span,
    candidates,
    chances_of,
    cue_logits,
    force_cue,
    logistic,
    offsets,
    read_weights,
    read_windows,
    write_weights,
)

FOLDS = 4
CUTS = [n / 100 for n in range(15, 60)]


@dataclass(frozen=True, slots=True)
class Pace:
    """How a model learns: passes over its rows, rate, decay of weights, rows at once."""

    passes: int
    rate: float
    decay: float
    batch: int


# Chosen by cross-validation on the train rows.
CUES = Pace(5, 0.15, 2e-5, 4096)
SPANS = Pace(4, 0.15, 2e-4, 96)
WHOLE = Pace(3, 0.05, 1e-3, 512)


def train_cues(articles: Sequence[Article]) -> tuple[Floats, float]:
    """Weights and bias of the model that tells cues from other words."""
    seen = np.concatenate([a.seen for a in articles])
    goal = np.zeros(len(seen))
    base = 0
    for a in articles:
        goal[[base + quote.head for quote in a.quotes]] = 1
        base += len(a.tokens)
    return train_logistic(seen, goal, CUES, np.full(len(seen), -3, dtype=np.float32))


def train_logistic(
    places: Places, goal: npt.NDArray[np.float64], pace: Pace, start: Floats
) -> tuple[Floats, float]:
    """Weights and bias of a logistic model over places, its bias counted from 0 with the common start."""
    rng = np.random.default_rng(0)
    weights = np.zeros(PLACES, dtype=np.float32)
    grads = np.full(PLACES, 1e-2, dtype=np.float32)
    for _ in range(pace.passes):
        order = rng.permutation(len(places))
        for i in range(0, len(order), pace.batch):
            part = order[i : i + pace.batch]
            own = places[part]
            error = logistic(weights[own].sum(axis=1) + start[part]) - goal[part]
            grad = np.bincount(own.ravel(), np.repeat(error, own.shape[1]), PLACES).astype(np.float32)
            grad += pace.decay * len(part) * weights
            grads += grad * grad
            weights -= pace.rate * grad / np.sqrt(grads)
    return weights, float(start[0])


def train_spans(s: Samples) -> tuple[Floats, Floats]:
    """Weights of labels and of pairs of labels, by maximum likelihood."""
    rng = np.random.default_rng(0)
    alone = np.zeros((PLACES, LABELS), dtype=np.float32)
    border = np.zeros((PLACES, LABELS * LABELS), dtype=np.float32)
    alone_grads, border_grads = np.full_like(alone, 1e-2), np.full_like(border, 1e-2)
    jitter = s.window.length * rng.uniform(0.95, 1.05, len(s.window.length))
    order = np.argsort(jitter, kind="stable")
    groups = [order[i : i + SPANS.batch] for i in range(0, len(order), SPANS.batch)]
    for _ in range(SPANS.passes):
        for g in rng.permutation(len(groups)):
            batch = groups[g]
            at = np.concatenate(
                [np.arange(s.window.first[i], s.window.first[i] + s.window.length[i]) for i in batch]
            )
            length = s.window.length[batch]
            first = np.concatenate([[0], np.cumsum(length)])[:-1]
            w = Window(
                s.window.token[at], s.window.cue[at], np.repeat(np.arange(len(batch)), length), first, length
            )
            a, b = s.alone[at], s.border[at]
            node = force_cue(w, alone[a].sum(axis=1))
            edge = border[b].sum(axis=1).reshape(-1, LABELS, LABELS)
            node_error, edge_error = _errors(node, edge, w, s.labels[at])
            _step(alone, alone_grads, a, node_error, len(batch))
            _step(border, border_grads, b, edge_error, len(batch))
    return alone, border


def _step(table: Floats, grads: Floats, places: Any, error: Floats, size: int) -> None:
    used, back = np.unique(places, return_inverse=True)
    back = back.ravel()
    width = places.shape[1]
    for label in range(table.shape[1]):
        grad = np.bincount(back, np.repeat(error[:, label], width), len(used)).astype(np.float32)
        own = table[used, label]
        grad += SPANS.decay * size * own
        grads[used, label] += grad * grad
        table[used, label] = own - SPANS.rate * grad / np.sqrt(grads[used, label])


def _errors(node: Floats, edge: Floats, w: Window, labels: Ints) -> tuple[Floats, Floats]:
    """What the model expects less what is annotated: of each label, and of each pair of labels."""
    rows, steps = len(w.length), int(w.length.max())
    clock = np.arange(steps)
    live = clock[None, :] < w.length[:, None]
    pad = w.first[:, None] + np.minimum(clock[None, :], w.length[:, None] - 1)
    n, e = node[pad].astype(np.float64), edge[pad].astype(np.float64)
    forward = np.zeros((steps, rows, LABELS))
    backward = np.zeros((steps, rows, LABELS))
    forward[0] = n[:, 0] + e[:, 0, NEITHER]
    for k in range(1, steps):
        new = _logsum(forward[k - 1][:, :, None] + e[:, k], 1) + n[:, k]
        forward[k] = np.where(live[:, k, None], new, forward[k - 1])
    whole = _logsum(forward[-1], 1)
    for k in range(steps - 1, 0, -1):
        new = _logsum(e[:, k] + (n[:, k] + backward[k])[:, None, :], 2)
        backward[k - 1] = np.where(live[:, k, None], new, backward[k])
    nodes = np.exp(forward + backward - whole[None, :, None]).transpose(1, 0, 2)
    pairs = np.zeros((rows, steps, LABELS, LABELS))
    if steps > 1:
        pairs[:, 1:] = np.exp(
            forward[:-1].transpose(1, 0, 2)[:, :, :, None]
            + e[:, 1:]
            + (n[:, 1:] + backward[1:].transpose(1, 0, 2))[:, :, None, :]
            - whole[:, None, None, None]
        )
    pairs[:, 0, NEITHER] = nodes[:, 0]
    node_error = nodes[live].astype(np.float32)
    edge_error = pairs[live].reshape(-1, LABELS * LABELS).astype(np.float32)
    before = np.concatenate([[NEITHER], labels[:-1]])
    before[w.first] = NEITHER
    index = np.arange(len(labels))
    node_error[index, labels] -= 1
    edge_error[index, before * LABELS + labels] -= 1
    return node_error, edge_error


def _logsum(x: Any, axis: int) -> Any:
    top = x.max(axis=axis, keepdims=True)
    return np.log(np.exp(x - top).sum(axis=axis)) + top.squeeze(axis)


def overlap(a: Span, b: Span) -> int:
    return max(0, min(a[1], b[1]) - max(a[0], b[0]))


def same(source: Span | None, content: Span | None, truth: tuple[Span, Span]) -> bool:
    if source is None or content is None:
        return False
    wide = max(content[1] - content[0], truth[1][1] - truth[1][0])
    return bool(overlap(source, truth[0]) and overlap(content, truth[1]) >= 0.5 * wide)


@dataclass(frozen=True, slots=True)
class Guess:
    """What was read in an article: for each cue source and content, and whether the pair is annotated."""

    sources: list[Span | None]
    contents: list[Span | None]
    reading: Reading
    right: npt.NDArray[np.float64]


def guess(a: Article, logits: Floats, alone: Floats, border: Floats) -> Guess | None:
    """What the models read in an article, or None where they see no cue."""
    likely = logistic(logits)
    at = candidates(a.tokens, likely)
    if not len(at):
        return None
    reading = read_windows(a.tokens, windows(a.tokens, at, likely), likely, logits, alone, border)
    sources, contents = (offsets(a.tokens, reading.spans[label]) for label in (SOURCE, CONTENT))
    right = [
        any(same(source, content, pair) for pair in a.pairs)
        for source, content in zip(sources, contents, strict=True)
    ]
    return Guess(sources, contents, reading, np.array(right, dtype=np.float64))


def train_accept(found: Sequence[Guess]) -> tuple[Floats, Floats]:
    """Weights of whole attributions and of their evidence: the evidence is fitted first, then the rest."""
    evidence = np.concatenate([g.reading.evidence for g in found])
    places = np.concatenate([g.reading.places for g in found])
    x = np.column_stack([evidence, np.ones(len(evidence))]).astype(np.float64)
    goal = np.concatenate([g.right for g in found])
    accept = np.zeros(x.shape[1])
    for _ in range(25):
        p = 1 / (1 + np.exp(-np.clip(x @ accept, -30, 30)))
        curve = (x * (p * (1 - p))[:, None]).T @ x + np.eye(len(accept))
        accept -= np.linalg.solve(curve, x.T @ (p - goal) + accept)
    whole = train_logistic(places, goal, WHOLE, (x @ accept).astype(np.float32))[0]
    return whole, accept.astype(np.float32)


def counts(
    articles: Sequence[Article], found: Sequence[Guess | None], chances: Sequence[Floats], cut: float
) -> tuple[int, int, int]:
    """How many pairs of source and content are right, wrong and missed where the chance reaches the cut."""
    right = wrong = missed = 0
    for article, guessed, chance in zip(articles, found, chances, strict=True):
        left = list(article.pairs)
        for source, content, likely in (
            zip(guessed.sources, guessed.contents, chance, strict=True) if guessed else ()
        ):
            if source is None or content is None or likely < cut:
                continue
            hit = next((pair for pair in left if same(source, content, pair)), None)
            if hit:
                left.remove(hit)
                right += 1
            else:
                wrong += 1
        missed += len(left)
    return right, wrong, missed


def f1(c: tuple[int, int, int]) -> float:
    return 2 * c[0] / max(1, 2 * c[0] + c[1] + c[2])


def train(articles: Sequence[Article]) -> QuoteWeights:
    """Weights learned from the articles; each model learns from what those before it say of unseen ones."""
    order = range(len(articles))
    unseen: list[Floats] = [np.zeros(0, dtype=np.float32)] * len(articles)
    for fold in range(FOLDS):
        cue, bias = train_cues([articles[i] for i in order if i % FOLDS != fold])
        for i in order[fold::FOLDS]:
            unseen[i] = cue_logits(articles[i].tokens, cue, bias)
    likelies = [logistic(logits) for logits in unseen]
    found: list[Guess | None] = [None] * len(articles)
    for half in (0, 1):
        alone, border = train_spans(samples_of(articles[1 - half :: 2], likelies[1 - half :: 2]))
        for i in order[half::2]:
            found[i] = guess(articles[i], unseen[i], alone, border)
    chances: list[Floats] = [np.zeros(0, dtype=np.float32)] * len(articles)
    for half in (0, 1):
        whole, accept = train_accept([g for i, g in enumerate(found) if g and i // 2 % 2 != half])
        for i, g in enumerate(found):
            if g and i // 2 % 2 == half:
                chances[i] = chances_of(g.reading, whole, accept)
    cut = max(CUTS, key=lambda cut: f1(counts(articles, found, chances, cut)))
    print(
        f"unseen train rows, spans from half of the others: {figures(counts(articles, found, chances, cut))}"
    )
    whole, accept = train_accept([g for g in found if g])
    cue, bias = train_cues(articles)
    alone, border = train_spans(samples_of(articles, likelies))
    return QuoteWeights(cue, bias, alone, border, whole, accept, cut)


def figures(tally: tuple[int, int, int]) -> str:
    """Precision, recall and F1 of pairs of source and content."""
    right, wrong, missed = tally
    return (
        f"precision {right / max(1, right + wrong):.3f} recall {right / max(1, right + missed):.3f} "
        f"F1 {f1(tally):.3f}"
    )


def report(articles: Sequence[Article], weights: QuoteWeights) -> str:
    """The figures on the articles."""
    found = [
        guess(a, cue_logits(a.tokens, weights.cue, weights.cue_bias), weights.alone, weights.border)
        for a in articles
    ]
    none = np.zeros(0, dtype=np.float32)
    chances = [chances_of(g.reading, weights.whole, weights.accept) if g else none for g in found]
    return figures(counts(articles, found, chances, weights.cut))


def main(arguments: Sequence[str] | None = None) -> None:
    """Weights are written to --out, and their figures on the dev rows printed."""
    parser = argparse.ArgumentParser(prog="python -m claims.extract.train_quotes", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--out", type=Path, default=WEIGHTS_FILE)
    options = parser.parse_args(arguments)
    try:
        learned = prepare(read_rows(options.folder, "polnear_train"))
        weights = train(learned)
        write_weights(options.out, weights)
        kept = read_weights(options.out)
        dev = prepare(read_rows(options.folder, "polnear_dev"))
    except InputError as error:
        sys.exit(f"error: {error}")
    print(f"cut {kept.cut:.2f}; {options.out.stat().st_size} bytes; dev: {report(dev, kept)}")


if __name__ == "__main__":
    main()
