"""Worth: how far a text holds a checkable factual claim that is worth checking, and by what that was seen.

A logistic model with a head for Arabic and one for English (claims.extract.worth_features says what it
sees, claims.extract.train_worth made its weights, docs/worth.md is its card). The default needs numpy
alone; with `embeddings` a linear head over sentence embeddings is laid over it.
"""

from __future__ import annotations

import math
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from claims.errors import ConfigError
from claims.extract.worth_features import (
    HEADS,
    PLAIN,
    Features,
    Head,
    features_of,
    names_of_features,
    places_of_word,
    vectors_of,
)
from claims.wording import reason

WEIGHTS_FILE = Path(__file__).parent / "data" / "worth_weights.npz"
_REASONS = 6  # given at most
_LEAST = 0.05  # a contribution smaller than this decides nothing
_WORDS_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Worth:
    """A score from 0 to 1, from 0.5 on worth checking, and what decided it, most decisive first.

    The number of a reason is what it added to the logit of the score.
    """

    score: float
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class HeadWeights:
    """Weights of one head. The embedding head adds to `of_text` times the logit of the text alone.

    Cuts are the logits that become a score of 0.5, in social posts and in plain text.
    """

    read: npt.NDArray[np.float64]  # one for each of `names_of_features()`
    hashed: npt.NDArray[np.float64]  # DIMENSIONS
    bias: float
    cuts: tuple[float, float]
    embedded: npt.NDArray[np.float64]  # VECTOR
    of_text: float
    embedded_middle: float  # what `embedded` makes of the mean text, so that a text is seen against it
    embedded_bias: float
    embedded_cuts: tuple[float, float]

    @cached_property
    def named(self) -> dict[str, float]:
        """The weights of `read` by the names of their features."""
        return dict(zip(names_of_features(), self.read.tolist(), strict=True))


def worth(text: str, *, embeddings: bool = False) -> Worth:
    """The worth of one text. Any string has one; a text without words is worth 0."""
    return worth_many([text], embeddings=embeddings)[0]


def worth_many(texts: Sequence[str], *, embeddings: bool = False) -> list[Worth]:
    """The worth of each text in order; of a text it does not matter which others it comes with."""
    vectors = vectors_of(texts) if embeddings else [None] * len(texts)
    return [_rated(text, vector) for text, vector in zip(texts, vectors, strict=True)]


def _rated(text: str, vector: npt.NDArray[np.float64] | None) -> Worth:
    features = features_of(text)
    if not features.words:
        return Worth(0.0, (reason("has no words"),))
    weights = read_weights()[features.head]
    parts = {name: weights.named[name] * strength for name, strength in features.read.items()}
    wording = _wording(features, weights)
    logit = weights.bias + sum(parts.values()) + wording
    parts[_named(features, wording)] = wording
    if vector is not None:
        meaning = float(vector @ weights.embedded) - weights.embedded_middle
        parts = {name: part * weights.of_text for name, part in parts.items()}
        parts["its meaning as a whole"] = meaning
        logit = weights.of_text * logit + meaning + weights.embedded_bias
    cuts = weights.cuts if vector is None else weights.embedded_cuts
    logit -= cuts[PLAIN in features.read]
    parts.pop(PLAIN, None)  # the same for all news, so it is no reason to prefer one sentence to another
    decisive = sorted(parts.items(), key=lambda part: (-abs(part[1]), part[0]))[:_REASONS]
    return Worth(
        sigmoid(logit), tuple(reason(name, f"{part:+.1f}") for name, part in decisive if abs(part) >= _LEAST)
    )


def _wording(features: Features, weights: HeadWeights) -> float:
    """What the n-grams add together."""
    values = hashed_values(features)
    return float(values @ weights.hashed[features.places])


def hashed_values(features: Features) -> npt.NDArray[np.float64]:
    """The value of each n-gram of a text: logarithms of counts, scaled to length one."""
    values = 1 + np.log(features.counts.astype(np.float64))
    length = math.sqrt(float(values @ values))
    return values / length if length else values


def _named(features: Features, wording: float) -> str:
    """The wording as a reason, with the words that pull most the way the whole of it pulls."""
    pulls = {word: _pull(features.head, word) for word in features.words}
    towards = math.copysign(1, wording)
    strongest = sorted((w for w in pulls if pulls[w] * towards > 0), key=lambda w: (-abs(pulls[w]), w))
    shown = ", ".join(f"“{word[:30]}”" for word in strongest[:_WORDS_SHOWN])
    return reason("its wording, such as", shown) if shown else "its wording"


@lru_cache(maxsize=50_000)
def _pull(head: Head, word: str) -> float:
    """How far a word and its letters pull the score."""
    return float(read_weights()[head].hashed[list(places_of_word(word))].sum())


def sigmoid(logit: float) -> float:
    """The logit as a probability."""
    return 1 / (1 + math.exp(-logit)) if logit >= 0 else math.exp(logit) / (1 + math.exp(logit))


@cache
def read_weights(path: Path = WEIGHTS_FILE) -> dict[Head, HeadWeights]:
    """The weights of both heads. Raises ConfigError where the file does not belong to this version."""
    advice = "train it again with python -m claims.extract.train_worth"
    try:
        with np.load(path, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        if tuple(arrays["features"].tolist()) != names_of_features():
            raise ConfigError(f"{path}: made for other features; {advice}")
        return {head: _head(arrays, head) for head in HEADS}
    except (OSError, ValueError, LookupError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise ConfigError(f"{path}: cannot be read as weights ({error}); {advice}") from None


def _head(arrays: dict[str, npt.NDArray[np.generic]], head: Head) -> HeadWeights:
    def numbers(name: str) -> npt.NDArray[np.float64]:
        return arrays[f"{head}_{name}"].astype(np.float64)

    bias, step, of_text, middle, embedded_bias, *cuts = map(float, numbers("scalars"))
    return HeadWeights(
        read=numbers("read"),
        hashed=numbers("hashed") * step,
        bias=bias,
        cuts=(cuts[0], cuts[1]),
        embedded=numbers("embedded"),
        of_text=of_text,
        embedded_middle=middle,
        embedded_bias=embedded_bias,
        embedded_cuts=(cuts[2], cuts[3]),
    )


def write_weights(path: Path, heads: dict[Head, HeadWeights]) -> None:
    """Weights are kept at `path`: the same weights give the same bytes. N-grams are rounded to 16 bits."""
    arrays: dict[str, npt.NDArray[np.generic]] = {"features": np.array(names_of_features())}
    for head, weights in heads.items():
        step = float(np.abs(weights.hashed).max()) / 32767 or 1.0
        arrays[f"{head}_read"] = weights.read.astype(np.float32)
        arrays[f"{head}_hashed"] = np.rint(weights.hashed / step).astype(np.int16)
        arrays[f"{head}_embedded"] = weights.embedded.astype(np.float32)
        scalars = [weights.bias, step, weights.of_text, weights.embedded_middle, weights.embedded_bias]
        arrays[f"{head}_scalars"] = np.array([*scalars, *weights.cuts, *weights.embedded_cuts])
    np.savez_compressed(path, **arrays)  # type: ignore[arg-type]
    read_weights.cache_clear()
    _pull.cache_clear()
