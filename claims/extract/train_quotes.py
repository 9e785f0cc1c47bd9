"""Trains the quote tagger's weights: python -m claims.extract.train_quotes FOLDER [--out FILE].

FOLDER holds `polnear_train` and `polnear_dev`, `.jsonl` or `.jsonl.gz`, rows `{id, text, attributions}`. Only
train rows are learned from; the cut is chosen on train rows that the models had not seen; dev is scored once
at the end. The same rows give the same bytes.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from claims.errors import InputError
from claims.extract.quote_features import (
    PLACES,
    Floats,
    Ints,
    Tokens,
    Window,
    cue_features,
    read_tokens,
    span_features,
    windows,
)
from claims.extract.quote_tagger import (
    CONTENT,
    CUE,
    EVIDENCE,
    LABELS,
    NEITHER,
    SOURCE,
    WEIGHTS_FILE,
    QuoteWeights,
    candidates,
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
CUE_PASSES, CUE_RATE, CUE_DECAY = 5, 0.15, 2e-6
SPAN_PASSES, SPAN_RATE, SPAN_DECAY = 4, 0.15, 2e-6
_BATCH = 4096  # tokens
_WINDOWS = 96

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Quote:
    """An annotated attribution: head of its cue as a token, its tokens by label, its spans as letters."""

    head: int
    tokens: dict[int, list[int]]
    source: Span | None
    content: Span | None


@dataclass(frozen=True, slots=True)
class Article:
    """A row with its tokens, cue features and attributions. `pairs` is what is scored."""

    tokens: Tokens
    seen: Any
    quotes: list[Quote]
    pairs: list[tuple[Span, Span]]


def read_rows(folder: Path, name: str) -> list[dict[str, Any]]:
    for path in (folder / f"{name}.jsonl", folder / f"{name}.jsonl.gz"):
        if path.exists():
            opener = gzip.open if path.suffix == ".gz" else open
            with opener(path, "rt", encoding="utf-8") as lines:
                return [json.loads(line) for line in lines if line.strip()]
    raise InputError(f"{folder}: has no {name}.jsonl or {name}.jsonl.gz")


def _outer(parts: Any) -> Span | None:
    return (min(p["start"] for p in parts), max(p["end"] for p in parts)) if parts else None


def _tokens_of(t: Tokens, parts: Any) -> list[int]:
    out: list[int] = []
    for part in parts or []:
        low = int(np.searchsorted(t.end, part["start"], side="right"))
        high = int(np.searchsorted(t.start, part["end"], side="left"))
        out.extend(range(low, high))
    return out


def prepare(rows: Sequence[dict[str, Any]]) -> list[Article]:
    """Articles with the head of each cue: of its words the one that most often is a cue by itself."""
    read = [read_tokens(row["text"]) for row in rows]
    alone: Counter[int] = Counter()
    seen: Counter[int] = Counter()
    for row, t in zip(rows, read, strict=True):
        seen.update(t.form.tolist())
        for a in row["attributions"]:
            own = _tokens_of(t, a.get("cue"))
            for i in own:
                alone[int(t.form[i])] += 10 if len(own) == 1 else 1
    articles = []
    for row, t in zip(rows, read, strict=True):
        quotes = []
        for a in row["attributions"]:
            own = _tokens_of(t, a.get("cue"))
            if not own:
                continue
            share = [alone[int(t.form[i])] / (10 * seen[int(t.form[i])] + 20) for i in own]
            head = own[max(range(len(own)), key=lambda k: (share[k], k))]
            quotes.append(
                Quote(
                    head,
                    {
                        SOURCE: _tokens_of(t, a.get("source")),
                        CUE: own,
                        CONTENT: _tokens_of(t, a.get("content")),
                    },
                    _outer(a.get("source")),
                    _outer(a.get("content")),
                )
            )
        pairs = [
            (s, c)
            for a in row["attributions"]
            if (s := _outer(a.get("source"))) and (c := _outer(a.get("content")))
        ]
        articles.append(Article(t, np.stack([*cue_features(t)], axis=1), quotes, pairs))
    return articles


def train_cues(articles: Sequence[Article], seed: int = 0) -> tuple[Floats, float]:
    seen = np.concatenate([a.seen for a in articles])
    goal = np.zeros(len(seen), dtype=np.float32)
    base = 0
    for a in articles:
        goal[[base + q.head for q in a.quotes]] = 1
        base += len(a.tokens)
    rng = np.random.default_rng(seed)
    weights = np.zeros(PLACES, dtype=np.float32)
    grads = np.full(PLACES, 1e-2, dtype=np.float32)
    bias = -3.0
    for _ in range(CUE_PASSES):
        order = rng.permutation(len(seen))
        for i in range(0, len(order), _BATCH):
            part = order[i : i + _BATCH]
            places = seen[part]
            error = logistic(weights[places].sum(axis=1) + np.float32(bias)) - goal[part]
            grad = np.bincount(places.ravel(), np.repeat(error, places.shape[1]), PLACES).astype(np.float32)
            grad += CUE_DECAY * len(part) * weights
            grads += grad * grad
            weights -= CUE_RATE * grad / np.sqrt(grads)
            bias -= 0.1 * float(error.mean())
    return weights, bias


@dataclass(slots=True)
class Samples:
    """Windows of many articles end to end, their features and the labels wanted."""

    alone: Any
    border: Any
    labels: Ints
    window: Window


def samples_of(articles: Sequence[Article], likelies: Sequence[Floats]) -> Samples:
    alone, border, labels, ws = [], [], [], []
    base = positions = 0
    for a, likely in zip(articles, likelies, strict=True):
        at = np.array([q.head for q in a.quotes], dtype=np.int64)
        if not len(at):
            continue
        w = windows(a.tokens, at, likely)
        x, y = span_features(a.tokens, w, likely)
        want = np.zeros(len(w.token), dtype=np.int64)
        for i, q in enumerate(a.quotes):
            first, size = int(w.first[i]), int(w.length[i])
            for label in (CONTENT, CUE, SOURCE):
                own = np.array(q.tokens[label], dtype=np.int64) - int(w.token[first])
                want[first + own[(own >= 0) & (own < size)]] = label
            want[first + q.head - int(w.token[first])] = CUE
        alone.append(np.stack([*x], axis=1))
        border.append(np.stack([*y], axis=1))
        labels.append(want)
        ws.append((w.token + base, w.cue + base, w.first + positions, w.length))
        base += len(a.tokens)
        positions += len(w.token)
    token, cue, begins, length = (np.concatenate(part) for part in zip(*ws, strict=True))
    which = np.repeat(np.arange(len(begins)), length)
    window = Window(token, cue, which, begins, length)
    return Samples(np.concatenate(alone), np.concatenate(border), np.concatenate(labels), window)


def train_spans(s: Samples, seed: int = 0) -> tuple[Floats, Floats]:
    rng = np.random.default_rng(seed)
    alone = np.zeros((PLACES, LABELS), dtype=np.float32)
    border = np.zeros((PLACES, LABELS * LABELS), dtype=np.float32)
    alone_grads, border_grads = np.full_like(alone, 1e-2), np.full_like(border, 1e-2)
    jitter = s.window.length * rng.uniform(0.95, 1.05, len(s.window.length))
    order = np.argsort(jitter, kind="stable")
    groups = [order[i : i + _WINDOWS] for i in range(0, len(order), _WINDOWS)]
    for _ in range(SPAN_PASSES):
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
        grad += SPAN_DECAY * 100 * size * own
        grads[used, label] += grad * grad
        table[used, label] = own - SPAN_RATE * grad / np.sqrt(grads[used, label])


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


def same(source: Span | None, content: Span, truth: tuple[Span, Span]) -> bool:
    wide = max(content[1] - content[0], truth[1][1] - truth[1][0])
    return bool(source and overlap(source, truth[0]) and overlap(content, truth[1]) >= 0.5 * wide)


@dataclass(slots=True)
class Guess:
    source: Span | None
    content: Span
    evidence: Floats
    right: bool


def guesses(a: Article, logits: Floats, alone: Floats, border: Floats) -> list[Guess]:
    t, likely = a.tokens, logistic(logits)
    at = candidates(t, likely)
    if not len(at):
        return []
    w = windows(t, at, likely)
    reading = read_windows(t, w, likely, logits, alone, border)
    sources, contents = (offsets(t, w, reading.labels, label) for label in (SOURCE, CONTENT))
    return [
        Guess(source, content, evidence, any(same(source, content, pair) for pair in a.pairs))
        for source, content, evidence in zip(sources, contents, reading.evidence, strict=True)
        if content
    ]


def train_accept(found: Sequence[Guess]) -> Floats:
    x = np.array([[*g.evidence, 1.0] for g in found], dtype=np.float64)
    y = np.array([g.right for g in found], dtype=np.float64)
    w = np.zeros(x.shape[1])
    for _ in range(25):
        p = 1 / (1 + np.exp(-np.clip(x @ w, -30, 30)))
        h = (x * (p * (1 - p))[:, None]).T @ x + np.eye(len(w))
        w -= np.linalg.solve(h, x.T @ (p - y) + w)
    return w.astype(np.float32)


def chances_of(found: Sequence[Guess], accept: Floats) -> Floats:
    """How likely each guess is right."""
    evidence = np.array([guess.evidence for guess in found], dtype=np.float32).reshape(-1, EVIDENCE)
    return logistic(evidence @ accept[:-1] + accept[-1])


def counts(
    articles: Sequence[Article], found: Sequence[Sequence[Guess]], chances: Sequence[Floats], cut: float
) -> tuple[int, int, int]:
    """How many pairs of source and content are right, wrong and missed where the chance reaches the cut."""
    right = wrong = missed = 0
    for article, guessed, chance in zip(articles, found, chances, strict=True):
        left = list(article.pairs)
        for guess, likely in zip(guessed, chance, strict=True):
            if guess.source is None or likely < cut:
                continue
            hit = next((pair for pair in left if same(guess.source, guess.content, pair)), None)
            if hit:
                left.remove(hit)
                right += 1
            else:
                wrong += 1
        missed += len(left)
    return right, wrong, missed


def f1(c: tuple[int, int, int]) -> float:
    return 2 * c[0] / max(1, 2 * c[0] + c[1] + c[2])


def best_cut(articles: Sequence[Article], found: Sequence[Sequence[Guess]], accept: Floats) -> float:
    """The cut that gives the best F1 on articles that the models had not seen."""
    chances = [chances_of(guessed, accept) for guessed in found]
    return max(CUTS, key=lambda cut: f1(counts(articles, found, chances, cut)))


def train(articles: Sequence[Article]) -> QuoteWeights:
    """Weights learned from the articles; the accepting model and its cut from a part kept from the others."""
    part = [i % FOLDS for i in range(len(articles))]
    unseen: list[Floats] = [np.zeros(0, dtype=np.float32)] * len(articles)
    for fold in range(FOLDS):
        weights, bias = train_cues([a for a, k in zip(articles, part, strict=True) if k != fold])
        for i, a in enumerate(articles):
            if part[i] == fold:
                unseen[i] = cue_logits(a.tokens, weights, bias)
    likelies = [logistic(logits) for logits in unseen]
    known = [i for i in range(len(articles)) if part[i]]
    kept = [i for i in range(len(articles)) if not part[i]]
    alone, border = train_spans(samples_of([articles[i] for i in known], [likelies[i] for i in known]))
    found = [guesses(articles[i], unseen[i], alone, border) for i in kept]
    accept = train_accept([g for of_article in found for g in of_article])
    cut = best_cut([articles[i] for i in kept], found, accept)
    cue, cue_bias = train_cues(articles)
    alone, border = train_spans(samples_of(articles, likelies))
    return QuoteWeights(cue, cue_bias, alone, border, accept, cut)


def report(articles: Sequence[Article], weights: QuoteWeights) -> str:
    """Precision, recall and F1 of source and content on the articles."""
    found = [
        guesses(a, cue_logits(a.tokens, weights.cue, weights.cue_bias), weights.alone, weights.border)
        for a in articles
    ]
    chances = [chances_of(guessed, weights.accept) for guessed in found]
    right, wrong, missed = tally = counts(articles, found, chances, weights.cut)
    return (
        f"precision {right / max(1, right + wrong):.3f} recall {right / max(1, right + missed):.3f} "
        f"F1 {f1(tally):.3f}"
    )


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
