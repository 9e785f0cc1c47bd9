"""Stems: the same in every thread."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import product

from claims.language.stems import stem

WORDS = [
    "".join(letters) + ending
    for letters in product("كتبمسفر", repeat=3)
    for ending in ("ات", "ون", "يه", "ها")
]


def test_many_threads_stem_as_one_does() -> None:
    """A stemmer that threads share gives wrong stems, or falls over a word that another one changed."""
    together = WORDS * 2
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda word: stem.__wrapped__(word, "ar"), together, chunksize=40))
    assert found == [stem.__wrapped__(word, "ar") for word in together]
