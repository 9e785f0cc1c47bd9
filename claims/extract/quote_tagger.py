"""Who said what in English, by trained weights: cues are found first, then each cue's source and content.

A cue is a word by which somebody's words or views are reported. Whether a word is one is a logistic model
over the words around it. Around each cue a conditional random field labels the words of the sentence, and of
the quotation that goes on after it, as source, cue, content or neither. A last small model says how likely
the whole attribution is right; what is less likely than the cut is left out.
"""

from __future__ import annotations

import zipfile
import zlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from claims.errors import ConfigError
from claims.extract.quote_features import (
    PLACES,
    Floats,
    Ints,
    Tokens,
    Window,
    cue_features,
    read_tokens,
    span_features,
    whole_features,
    windows,
)

WEIGHTS_FILE = Path(__file__).parent / "data" / "quote_weights.npz"
FORMAT = 2  # of the features; weights of another one are refused
NEITHER, SOURCE, CUE, CONTENT = range(4)
LABELS = 4
EVIDENCE = 10  # numbers of a window
_SECOND_LOOK = 3.0  # by how much a label that was not found is favoured when looked for once more
FLOOR = 0.08  # likelihood below which a word is not tried as a cue
_MOST = 4  # cues of one sentence
_WORDS_A_CUE = 10  # and no more than one in as many words of it, so that time grows with the text alone
_WORK, _LEAST_WORK = 0.3, 20_000  # positions read at most: for each letter, and in any text
_MARGINS = np.array([-12, -8, -6, -4.5, -3.3, -2.3, -1.5, -0.8])  # of the best labels, in steps
_FAR = 1 << 40  # beyond every token
_BATCH = 1024  # windows labelled at once
_BLOCK = 1 << 17  # positions whose features are held at once

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class QuoteWeights:
    """`cue` has a weight a place, `alone` one a label too, `border` one for each pair of labels."""

    cue: Floats
    cue_bias: float
    alone: Floats
    border: Floats
    whole: Floats  # of whole attributions, a weight a place
    accept: Floats  # of a window's evidence, its bias last
    cut: float


@dataclass(frozen=True, slots=True)
class Tagged:
    """An attribution as offsets. `source` is None where no words of the text stand for it."""

    source: Span | None
    cue: Span
    content: Span
    likely: float


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read around each cue: first and last token of each label, and what speaks for it."""

    spans: dict[int, tuple[Ints, Ints]]
    evidence: Floats  # one row a window
    places: npt.NDArray[np.int32]  # of the whole attribution's features, one row a window


def tag(text: str) -> list[Tagged]:
    """The attributions of an English text in order of their cues."""
    weights = read_weights(WEIGHTS_FILE)
    t = read_tokens(text)
    if not len(t):
        return []
    logits = cue_logits(t, weights.cue, weights.cue_bias)
    likely = logistic(logits)
    at = candidates(t, likely)
    if not len(at):
        return []
    w = windows(t, at, likely)
    reading = read_windows(t, w, likely, logits, weights.alone, weights.border)
    chances = chances_of(reading, weights.whole, weights.accept).tolist()
    source, cue, content = (offsets(t, reading.spans[label]) for label in (SOURCE, CUE, CONTENT))
    return [
        Tagged(source[i], c, k, chance)
        for i, (c, k, chance) in enumerate(zip(cue, content, chances, strict=True))
        if c and k and chance >= weights.cut
    ]


def chances_of(reading: Reading, whole: Floats, accept: Floats) -> Floats:
    """How likely the attribution of each window is right."""
    return logistic(reading.evidence @ accept[:-1] + accept[-1] + whole[reading.places].sum(axis=1))


def offsets(t: Tokens, span: tuple[Ints, Ints]) -> list[Span | None]:
    """The stretch of the text from first to last token, or None where there is none."""
    first, last = span
    starts, ends = t.start[np.maximum(first, 0)].tolist(), t.end[np.maximum(last, 0)].tolist()
    return [(a, b) if found >= 0 else None for a, b, found in zip(starts, ends, first.tolist(), strict=True)]


def logistic(x: Floats) -> Floats:
    """Likelihoods of logits."""
    return np.asarray(1 / (1 + np.exp(-np.clip(x, -30, 30))), dtype=np.float32)


def cue_logits(t: Tokens, weights: Floats, bias: float) -> Floats:
    """For each token the logit of its being a cue."""
    logits = np.full(len(t), bias, dtype=np.float32)
    for places in cue_features(t):
        logits += weights[places]
    return logits


def candidates(t: Tokens, likely: Floats) -> Ints:
    """The tokens worth trying as cues: the likeliest of each sentence, as many as keep the work in bounds."""
    at = np.flatnonzero(likely >= FLOOR)
    order = at[np.lexsort((at, -likely[at], t.sentence[at]))]
    sentence = t.sentence[order]
    rank = np.arange(len(order)) - np.searchsorted(sentence, sentence, side="left")
    length = (t.sentence_end - t.sentence_start)[sentence]
    tried = order[rank < np.minimum(_MOST, 1 + length // _WORDS_A_CUE)]
    tried = tried[np.argsort(-likely[tried], kind="stable")]
    work = np.cumsum(windows(t, tried, likely).length)
    return np.sort(tried[work <= _LEAST_WORK + _WORK * (t.end[-1] - t.start[0])])


def read_windows(
    t: Tokens, w: Window, likely: Floats, logits: Floats, alone: Floats, border: Floats
) -> Reading:
    """Source, cue and content around each cue. `logits` and `likely` are of every token of the text."""
    node, edge = potentials(t, w, likely, alone, border)
    labels = np.zeros(len(w.token), dtype=np.int64)
    evidence = np.zeros((len(w.first), EVIDENCE), dtype=np.float32)
    for batch in batches(w):
        pad = padded(w, batch)
        scores, borders, length = node[pad], edge[pad], w.length[batch]
        best, score, total = viterbi(scores, borders, length)
        evidence[batch, 1] = np.maximum(score - total, -20)
        live = np.arange(best.shape[1]) < length[:, None]
        lacks = [~((best == label) & live).any(axis=1) for label in (SOURCE, CONTENT)]
        again = np.flatnonzero(lacks[0] | lacks[1])
        if len(again):  # an attribution mostly has both, so what is lacking is looked for once more
            for label, lack in zip((SOURCE, CONTENT), lacks, strict=True):
                scores[lack, :, label] += _SECOND_LOOK
                evidence[batch[lack], 8 + (label == CONTENT)] = 1
            best[again] = viterbi(scores[again], borders[again], length[again])[0]
        labels[pad[live]] = best[live]
    evidence[:, 0] = logits[w.cue[w.first]]
    fill_evidence(t, w, labels, evidence)
    spans = {label: spans_of(w, labels, label) for label in (SOURCE, CUE, CONTENT)}
    at = w.cue[w.first]
    signs = np.searchsorted(_MARGINS, evidence[:, 1]) * 4 + (evidence[:, 8] * 2 + evidence[:, 9]).astype(
        np.int64
    )
    places = whole_features(t, at, likely[at], spans[SOURCE], spans[CONTENT], signs)
    return Reading(spans, evidence, np.stack([*places], axis=1))


def fill_evidence(t: Tokens, w: Window, labels: Ints, evidence: Floats) -> None:
    """Adds to cue logit and margin: whether source and content were found, and how the content looks."""
    n = len(w.first)

    def count(marks: npt.NDArray[np.bool_]) -> Floats:
        return np.bincount(w.which, marks, n).astype(np.float32)

    content, source = count(labels == CONTENT), count(labels == SOURCE)
    evidence[:, 2] = source > 0
    evidence[:, 3] = content > 0
    evidence[:, 4] = np.minimum(content, 30) / 10
    evidence[:, 5] = count((labels == CONTENT) & (t.is_quote[w.token] > 0)) > 0
    evidence[:, 6] = np.minimum(w.length, 80) / 20
    evidence[:, 7] = content <= 2


def potentials(t: Tokens, w: Window, likely: Floats, alone: Floats, border: Floats) -> tuple[Floats, Floats]:
    """Scores of each position: of its labels, and of each label after each label of the one before."""
    node = np.zeros((len(w.token), LABELS), dtype=np.float32)
    edge = np.zeros((len(w.token), LABELS * LABELS), dtype=np.float32)
    for begin in range(0, len(w.token), _BLOCK):
        block = slice(begin, begin + _BLOCK)
        part = Window(w.token[block], w.cue[block], w.which[block], w.first, w.length)
        a, b = span_features(t, part, likely)
        for places in a:
            node[block] += alone[places]
        for places in b:
            edge[block] += border[places]
    return force_cue(w, node), edge.reshape(-1, LABELS, LABELS)


def force_cue(w: Window, node: Floats) -> Floats:
    """The cue itself may bear no other label."""
    at = np.flatnonzero(w.token == w.cue)
    kept = node[at, CUE].copy()
    node[at] = -1e4
    node[at, CUE] = kept
    return node


def batches(w: Window) -> list[Ints]:
    """The windows in groups of like length."""
    order = np.argsort(w.length, kind="stable")
    return [order[i : i + _BATCH] for i in range(0, len(order), _BATCH)]


def padded(w: Window, batch: Ints) -> Ints:
    """Positions of each window of a batch, the last one repeated to the length of the longest."""
    steps = np.arange(int(w.length[batch].max()))
    return np.asarray(w.first[batch][:, None] + np.minimum(steps[None, :], w.length[batch][:, None] - 1))


def viterbi(node: Floats, edge: Floats, length: Ints) -> tuple[Ints, Floats, Floats]:
    """Best labels, their score, and the logarithm of the sum over all labellings, of each row."""
    rows, steps = node.shape[:2]
    best = node[:, 0] + edge[:, 0, NEITHER]
    total = best.astype(np.float64)
    back = np.zeros((rows, steps, LABELS), dtype=np.int8)
    back[:] = np.arange(LABELS)
    for step in range(1, steps):
        live = length > step
        scores = best[:, :, None] + edge[:, step]
        from_ = scores.argmax(axis=1)
        best = np.where(
            live[:, None], np.take_along_axis(scores, from_[:, None], 1)[:, 0] + node[:, step], best
        )
        back[live, step] = from_[live]
        sums = total[:, :, None] + edge[:, step]
        top = sums.max(axis=1)
        total = np.where(
            live[:, None], top + np.log(np.exp(sums - top[:, None]).sum(axis=1)) + node[:, step], total
        )
    labels = np.zeros((rows, steps), dtype=np.int64)
    now = best.argmax(axis=1)
    index = np.arange(rows)
    for step in range(steps - 1, -1, -1):
        labels[:, step] = now
        now = back[index, step, now]
    top = total.max(axis=1)
    whole = top + np.log(np.exp(total - top[:, None]).sum(axis=1))
    return labels, best.max(axis=1), np.asarray(whole, dtype=np.float32)


def spans_of(w: Window, labels: Ints, label: int) -> tuple[Ints, Ints]:
    """First and last token that bear a label, of each window; -1 where none does.

    Contents may have gaps. Of a source and a cue only the unbroken run nearest to the cue is taken.
    """
    marked = labels == label
    if label != CONTENT:
        far = np.where(marked, np.abs(w.token - w.cue), _FAR)
        nearest = np.minimum.reduceat(far, w.first)
        breaks = np.ones(len(labels), dtype=np.bool_)
        breaks[1:] = (labels[1:] != labels[:-1]) | (w.which[1:] != w.which[:-1])
        run = np.cumsum(breaks)
        chosen = np.where(marked & (far == nearest[w.which]), run, 0)
        marked &= run == np.maximum.reduceat(chosen, w.first)[w.which]
    first = np.minimum.reduceat(np.where(marked, w.token, _FAR), w.first)
    last = np.maximum.reduceat(np.where(marked, w.token, -1), w.first)
    return np.where(last < 0, -1, first), last


@cache
def read_weights(path: Path) -> QuoteWeights:
    """The weights kept at `path`. Raises ConfigError where they are missing, damaged or of other features."""
    advice = "train them anew: python -m claims.extract.train_quotes FOLDER"
    try:
        with np.load(path, allow_pickle=False) as arrays:
            scalars = arrays["scalars"].astype(np.float64)
            if int(scalars[0]) != FORMAT:
                raise ConfigError(f"{path}: the weights are of other features; {advice}")
            tables = [
                arrays[name].astype(np.float32) * np.float32(step)
                for name, step in zip(("cue", "whole", "alone", "border"), scalars[1:5], strict=True)
            ]
            cue, whole, alone, border = tables
            shapes = ((PLACES,), (PLACES,), (PLACES, LABELS), (PLACES, LABELS * LABELS))
            accept = arrays["accept"].astype(np.float32)
            if tuple(table.shape for table in tables) != shapes or accept.shape != (EVIDENCE + 1,):
                raise ConfigError(f"{path}: the weights are of another shape; {advice}")
            return QuoteWeights(cue, float(scalars[5]), alone, border, whole, accept, float(scalars[6]))
    except (OSError, ValueError, KeyError, EOFError, IndexError, zipfile.BadZipFile, zlib.error) as error:
        raise ConfigError(f"{path}: cannot be read as weights ({error}); {advice}") from None


def write_weights(path: Path, weights: QuoteWeights) -> None:
    """The weights are kept at `path`, rounded to 8 bits: the same weights give the same bytes."""
    steps, arrays = [], {}
    for name in ("cue", "whole", "alone", "border"):
        table = getattr(weights, name)
        step = float(np.abs(table).max()) / 127 or 1.0
        steps.append(step)
        arrays[name] = np.rint(table / step).astype(np.int8)
    arrays["accept"] = weights.accept.astype(np.float32)
    arrays["scalars"] = np.array([FORMAT, *steps, weights.cue_bias, weights.cut], dtype=np.float64)
    np.savez_compressed(path, **arrays)
    read_weights.cache_clear()
