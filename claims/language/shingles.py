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
    words = re.findall(r"\w+", fold(text))
    return frozenset(
        int.from_bytes(hashlib.blake2b(" ".join(words[i : i + SHINGLE]).encode(), digest_size=8).digest())
        for i in range(len(words) - SHINGLE + 1)
    )
