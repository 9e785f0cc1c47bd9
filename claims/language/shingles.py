"""Runs of words by which texts that hold the same passages are known, whatever stands around them."""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache

from claims.language.letters import fold

SHINGLE = 4  # words


@lru_cache(maxsize=2_000)
def shingles(text: str) -> frozenset[int]:
    """The runs of four words of a text, folded, as numbers (Broder 1997); none of a shorter text."""
    return frozenset(_in_order(text))


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
