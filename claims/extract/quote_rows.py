"""Annotated articles as training reads them: tokens, attributions, and windows with the labels wanted."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from claims.errors import InputError
from claims.extract.quote_features import (
    Floats,
    Ints,
    Places,
    Tokens,
    Window,
    cue_features,
    read_tokens,
    span_features,
    windows,
)
from claims.extract.quote_tagger import CONTENT, CUE, SOURCE, Span


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
    seen: Places
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


@dataclass(slots=True)
class Samples:
    """Windows of many articles end to end, their features and the labels wanted."""

    alone: Places
    border: Places
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
