"""Runs of words by which texts that hold the same passages are known, whatever stands around them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from claims.language.letters import fold

SHINGLE = 4  # words
_TOGETHER = 20_000  # shingles that are counted at once: what is held meanwhile does not grow with the texts


@lru_cache(maxsize=2_000)
def shingles(text: str) -> frozenset[int]:
    """The runs of four words of a text, folded, as numbers (Broder 1997); none of a shorter text."""
    return frozenset(_in_order(text))


def shared_shingles(texts: Sequence[str]) -> NDArray[np.int64]:
    """How many shingles each two of the texts have in common, [texts, texts]; nought with itself."""
    held = [_sorted(text) for text in texts]
    owner = np.repeat(np.arange(len(held)), [len(one) for one in held])
    every = np.concatenate([*held, np.zeros(0, np.uint64)])
    counts = np.zeros((len(held), len(held)))
    order = np.argsort(every, kind="stable")
    every, owner = every[order], owner[order]
    begins = np.r_[True, every[1:] != every[:-1]][: len(every)]  # of each different shingle
    alone = begins & np.r_[begins[1:], True][: len(every)]  # in one text and no other
    begins, owner = begins[~alone], owner[~alone]
    row = np.cumsum(begins) - 1
    for first in range(0, int(begins.sum()), _TOGETHER):
        some = slice(*np.searchsorted(row, (first, first + _TOGETHER)))
        stands = np.zeros((_TOGETHER, len(held)), np.float32)
        stands[row[some] - first, owner[some]] = 1.0
        counts += stands.T @ stands  # exact: whole numbers far below 2^24
    np.fill_diagonal(counts, 0)
    return counts.astype(np.int64)


@lru_cache(maxsize=2_000)
def _sorted(text: str) -> NDArray[np.uint64]:
    return np.sort(np.fromiter(shingles(text), np.uint64))


def longest_run(text: str, among: frozenset[int]) -> int:
    """The most words in a row of a text of which every four stand among the shingles of another."""
    longest = run = 0
    for shingle in _in_order(text):
        run = run + 1 if shingle in among else 0
        longest = max(longest, run)
    return longest + SHINGLE - 1 if longest else 0


def _in_order(text: str) -> list[int]:
    words = re.findall(r"\w+", fold(text))
    return [
        int.from_bytes(hashlib.blake2b(" ".join(words[i : i + SHINGLE]).encode(), digest_size=8).digest())
        for i in range(len(words) - SHINGLE + 1)
    ]
