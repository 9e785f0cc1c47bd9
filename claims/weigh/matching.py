"""Which known claims say the same as a text: letters in common and meaning in common, added up."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from claims.language.embedding import Embedder, Vectors, default_embedder
from claims.language.letters import fold

Relation = Literal["same", "related"]

# Half the sum of the two cosines, of which that of meaning seldom falls below 0.7.
SAME_FROM = 0.6
RELATED_FROM = 0.47
# A short text fits many claims: without a person it is not held to be any of them.
FEWEST_WORDS = 8
_GRAMS = (3, 4, 5)
_LONGEST = 2_000  # letters that are looked at


@dataclass(frozen=True, slots=True)
class Match:
    """A known claim that a text may be about. `score` runs from 0 to 1."""

    id: str | int
    score: float
    relation: Relation


class Matcher:
    """Known claims, ready to be compared with any number of texts in any language."""

    def __init__(self, known: Iterable[tuple[str | int, str]], embedder: Embedder | None = None) -> None:
        """`known` gives the id and the text of each claim."""
        self._embedder = embedder or default_embedder()
        self._ids: list[str | int] = []
        texts: list[str] = []
        for identity, text in known:
            self._ids.append(identity)
            texts.append(text)
        self._short = [_is_short(text) for text in texts]
        self._vectors: Vectors = self._embedder.embed(texts)
        counted = [_grams(text) for text in texts]
        seen = Counter(gram for grams in counted for gram in grams)
        self._rarity = {gram: math.log((1 + len(texts)) / (1 + n)) + 1 for gram, n in seen.items()}
        self._unseen = math.log(1 + len(texts)) + 1
        self._places: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for number, grams in enumerate(counted):
            for gram, weight in self._weighted(grams).items():
                self._places[gram].append((number, weight))

    def best(self, text: str, limit: int = 10) -> list[Match]:
        """At most `limit` known claims that are the same as the text or related to it, best first."""
        if not self._ids:
            return []
        in_letters = [0.0] * len(self._ids)
        for gram, weight in self._weighted(_grams(text)).items():
            for number, other in self._places.get(gram, ()):
                in_letters[number] += weight * other
        in_meaning: Sequence[float] = (self._vectors @ self._embedder.embed([text])[0]).tolist()
        scores = [(a + b) / 2 for a, b in zip(in_letters, in_meaning, strict=True)]
        order = sorted(range(len(scores)), key=lambda number: (-scores[number], number))
        short = _is_short(text)
        found = []
        for number in order[:limit]:
            score = min(scores[number], 1.0)
            if score < RELATED_FROM:
                break
            same = score >= SAME_FROM and not short and not self._short[number]
            found.append(Match(self._ids[number], round(score, 4), "same" if same else "related"))
        return found

    def _weighted(self, grams: Counter[str]) -> dict[str, float]:
        """The weights of a text's n-grams: how often there, how rare elsewhere; of length one together."""
        weights = {
            gram: (1 + math.log(n)) * self._rarity.get(gram, self._unseen) for gram, n in grams.items()
        }
        length = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
        return {gram: weight / length for gram, weight in weights.items()}


def _grams(text: str) -> Counter[str]:
    """The runs of three to five letters of each word, with the spaces around it."""
    words = _words(text)
    return Counter(
        padded[start : start + size]
        for word in words
        for padded in (f" {word} ",)
        for size in _GRAMS
        for start in range(max(len(padded) - size + 1, 0))
    )


def _words(text: str) -> list[str]:
    folded = fold(text[:_LONGEST])
    return "".join(letter if letter.isalnum() else " " for letter in folded).split()


def _is_short(text: str) -> bool:
    return len(_words(text)) < FEWEST_WORDS
