"""Which known claims say the same as a text: letters and meaning in common, weighed together."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from claims.language.embedding import WIDTH, Embedder, default_embedder
from claims.weigh.match_index import Kept, Terms, terms_of, words_of

Relation = Literal["same", "related"]
Scores = NDArray[np.float64]

# Of the best matches of the training set, one in thirty is wrong from the first, one in ten from the second.
SAME_FROM = 0.3
RELATED_FROM = 0.01
# A short text fits many claims: without a person it is not held to be any of them.
FEWEST_WORDS = 8
# Likelihood by letters and meaning in common, then the constant: logistic regressions on 800 posts with
# the checked claims they repeat. The share of whole words (BM25) added nothing beside letters.
_ALIKE = (10.9, 109.3, -99.7)
_ACROSS = (154.1, -136.5)  # by meaning alone: between two scripts no letters can be shared

# What is written on a post and is not the post: addresses, mentions, the line that credits it
_CREDIT = re.compile(r"\s*(?:—|–|-{1,2}|&mdash;)[^—–]{0,80}\(@\w+\)[^—–]{0,30}$")
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|pic\.twitter\.com/\S*")
_MENTION = re.compile(r"@\w+")


@dataclass(frozen=True, slots=True)
class Match:
    """A known claim that a text may be about. `score` runs from 0 to 1."""

    id: str | int
    score: float
    relation: Relation


class Matcher:
    """Known claims, ready to be compared with any number of texts in any language."""

    def __init__(
        self,
        known: Iterable[tuple[str | int, str]],
        embedder: Embedder | None = None,
        index: Path | None = None,
    ) -> None:
        """`known` gives id and text of each, a title on a line before it; the folder `index` keeps work."""
        self._embedder = embedder or default_embedder()
        self._ids: list[str | int] = []
        texts: list[str] = []
        for identity, text in known:
            self._ids.append(identity)
            texts.append(text)
        parts = Kept(index, self._embedder).parts(texts)
        self._short = [_is_short(text) for text in texts]
        self._scripts = np.array([_script(text) for text in texts])
        vectors = np.array([part.vectors for part in parts], np.float32).reshape(-1, 3, WIDTH)
        self._whole, self._title, self._claim = (np.ascontiguousarray(vectors[:, at]) for at in range(3))
        self._letters = _Letters([part.grams for part in parts])

    def best(self, text: str, limit: int = 10) -> list[Match]:
        """At most `limit` known claims that are the same as the text or related to it, best first."""
        return self.best_of_each([text], limit)[0]

    def best_of_each(self, texts: Sequence[str], limit: int = 10) -> list[list[Match]]:
        """`best` for each of the texts; some dozens together cost a fraction of as many calls."""
        if not self._ids or not texts:
            return [[] for _ in texts]
        # The meaning of a post includes who posts and who is spoken to; its letters do not
        asked = self._embedder.embed(texts).astype(np.float32)
        nearest = np.maximum(asked @ self._title.T, asked @ self._claim.T)
        meanings = (asked @ self._whole.T + nearest) / 2
        return [
            self._best(text, self._likely(text, meaning), limit)
            for text, meaning in zip(texts, meanings, strict=True)
        ]

    def _best(self, text: str, scores: Scores, limit: int) -> list[Match]:
        # Of known claims in the same words the one that was given first comes first
        among = np.flatnonzero(scores >= max(RELATED_FROM, np.sort(scores)[-min(limit, len(scores))]))
        short = _is_short(_bare(text))
        found = []
        for number in among[np.argsort(-scores[among], kind="stable")][:limit].tolist():
            score = float(scores[number])
            same = score >= SAME_FROM and not short and not self._short[number]
            found.append(Match(self._ids[number], round(score, 4), "same" if same else "related"))
        return found

    def _likely(self, text: str, meaning: Scores) -> Scores:
        """How likely each known claim is the one that the text is about, 0 to 1."""
        letters = self._letters.scores(terms_of(_bare(text)))
        near = letters * _ALIKE[0] + meaning * _ALIKE[1] + _ALIKE[2]
        far = meaning * _ACROSS[0] + _ACROSS[1]
        likely: Scores = 1 / (1 + np.exp(-np.where(self._scripts == _script(text), near, far)))
        return likely.round(6)


class _Letters:
    """Texts by their runs of letters, to find the cosine with each, weighed by how rare the runs are."""

    def __init__(self, texts: Sequence[Terms]) -> None:
        self._total = len(texts)
        codes = np.concatenate([c for c, _ in texts]) if texts else np.zeros(0, np.uint32)
        counts = np.concatenate([n for _, n in texts]) if texts else np.zeros(0, np.uint16)
        owners = np.repeat(np.arange(self._total), [len(c) for c, _ in texts])
        order = np.argsort(codes, kind="stable")
        self._codes, self._starts = np.unique(codes[order], return_index=True)
        self._ends = np.append(self._starts[1:], len(codes))
        seen = self._ends - self._starts
        self._rarity = np.log((1 + self._total) / (1 + seen)) + 1
        self._owners = owners[order]
        weights = (1 + np.log(counts[order].astype(np.float64))) * np.repeat(self._rarity, seen)
        lengths = np.sqrt(np.bincount(self._owners, weights * weights, self._total))
        self._weights = weights / lengths[self._owners]

    def scores(self, terms: Terms) -> Scores:
        """The cosine with each known text."""
        codes, counts = terms
        scores = np.zeros(self._total)
        places = np.searchsorted(self._codes, codes)
        inside = np.minimum(places, max(len(self._codes) - 1, 0))
        there = self._codes[inside] == codes if len(self._codes) else np.zeros(len(codes), bool)
        rarity = np.where(there, self._rarity[inside], math.log(1 + self._total) + 1)
        weights = (1 + np.log(counts.astype(np.float64))) * rarity
        for place, weight in zip(places[there].tolist(), weights[there].tolist(), strict=True):
            where = slice(self._starts[place], self._ends[place])
            scores[self._owners[where]] += weight * self._weights[where]
        return scores / (float(np.sqrt(weights @ weights)) or 1.0)


def _bare(text: str) -> str:
    """A post without addresses, mentions and the line that credits it; the post if nothing is left."""
    bare: Any = _ADDRESS.sub(" ", _CREDIT.sub("", text))
    bare = " ".join(_MENTION.sub(" ", bare).replace("#", " ").split())
    return bare or text


def _script(text: str) -> int:
    """The script that most letters of a text belong to, as a number: that of its block of code points."""
    blocks = [_block(letter) for letter in text if letter.isalpha()]
    return max(set(blocks), key=lambda block: (blocks.count(block), -block)) if blocks else 0


def _block(letter: str) -> int:
    code = ord(letter)
    return 0 if code < 0x250 else 4 if code < 0x530 else 6 if code < 0x780 else code >> 8


def _is_short(text: str) -> bool:
    return len(words_of(text)) < FEWEST_WORDS
