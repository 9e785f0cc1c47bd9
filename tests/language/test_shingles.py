"""Shingles: what two texts have in common, counted for many texts at once."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from claims.language.shingles import SHINGLE, longest_run, shared_shingles, shingles

texts = st.lists(
    st.lists(st.sampled_from(["ا", "ب", "ت", "one", "two"]), max_size=14).map(" ".join), max_size=7
)


@given(texts)
def test_shared_shingles_are_those_in_both_sets(some: list[str]) -> None:
    counts = shared_shingles(some)
    assert counts.shape == (len(some), len(some))
    for at, one in enumerate(some):
        for beside, other in enumerate(some):
            assert counts[at, beside] == (len(shingles(one) & shingles(other)) if at != beside else 0)


def test_more_shingles_than_are_counted_at_once_are_all_counted() -> None:
    long = " ".join(f"w{number}" for number in range(50_000))
    counts = shared_shingles([long, f"and {long}", "w1 w2 w3 w4"])
    assert np.array_equal(counts, [[0, 49_997, 1], [49_997, 0, 1], [1, 1, 0]])


def test_a_run_is_as_long_as_its_words() -> None:
    text = "the ship left the port of Sfax at noon"
    assert longest_run(text, shingles("we saw that the ship left the port of Sousse")) == 6
    assert longest_run(text, shingles("nothing in common here at all")) == 0
    assert len(shingles(text)) == len(text.split()) - SHINGLE + 1
