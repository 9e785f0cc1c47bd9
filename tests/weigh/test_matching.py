"""Which known claims a text repeats: in other words, in another language, from an index that is kept."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from claims.language.embedding import Vectors, default_embedder
from claims.weigh.matching import Matcher

KNOWN = [
    (
        1,
        "Will Kazan host the summit?\nRussia will host the BRICS summit in Kazan from 22 to 24 October 2024.",
    ),
    (2, "Bread prices\nThe price of bread in Cairo doubled within one year, says the statistics agency."),
    (3, 'A photograph shows a shark swimming on a flooded street in "Houston" after the hurricane.'),
    (4, "A photograph shows a shark swimming on a flooded street in ‘Houston’ after the hurricane."),
    (5, "Sharks in Houston"),
]


class Counting:
    """The embedder that ships, counting the texts that it is given."""

    name = default_embedder().name

    def __init__(self) -> None:
        self.texts = 0

    def embed(self, texts: Sequence[str]) -> Vectors:
        self.texts += len(texts)
        return default_embedder().embed(texts)


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    return Matcher(KNOWN)


def test_a_claim_is_found_in_other_words_and_under_what_surrounds_a_post(matcher: Matcher) -> None:
    post = (
        "@desk unbelievable!! a shark is swimming on a flooded street of Houston after the hurricane, see the "
        "photograph pic.twitter.com/abc https://t.co/x — Somebody (@some_body) August 28, 2017"
    )
    best = matcher.best(post)
    assert [match.id for match in best[:2]] == [3, 4]
    assert best[0].relation == "same"
    assert best[0].score == best[1].score  # quotation marks are no difference; the first given comes first
    assert 2 not in {match.id for match in best}


def test_an_arabic_claim_is_found_among_english_ones(matcher: Matcher) -> None:
    best = matcher.best("تستضيف مدينة قازان الروسية قمة مجموعة بريكس في الفترة من 22 إلى 24 أكتوبر 2024")
    assert best[0].id == 1


def test_nothing_shorter_than_eight_words_is_the_same(matcher: Matcher) -> None:
    assert matcher.best("Sharks in Houston")[0].relation == "related"
    assert matcher.best("A photograph shows a shark")[0].relation == "related"
    exact = matcher.best(KNOWN[2][1])[0]
    assert (exact.id, exact.relation) == (3, "same")
    assert exact.score > 0.99


def test_what_has_nothing_to_do_with_a_text_is_not_listed(matcher: Matcher) -> None:
    assert matcher.best("The committee elected a new chair of the chess federation on Sunday evening.") == []
    assert Matcher([]).best("anything") == []
    matcher.best("")
    matcher.best("https://t.co/x")


def test_the_index_is_kept_and_extended(tmp_path: Path) -> None:
    asked = KNOWN[0][1]
    first = Counting()
    before = Matcher(KNOWN[:3], first, tmp_path / "index").best(asked)
    second = Counting()
    again = Matcher(KNOWN[:3], second, tmp_path / "index")
    assert second.texts == 0
    assert again.best(asked) == before
    third = Counting()
    Matcher(KNOWN, third, tmp_path / "index")
    assert third.texts == 3  # of the fifth; the fourth differs from the third by its quotation marks only


def test_a_damaged_index_costs_time_only(tmp_path: Path) -> None:
    expected = Matcher(KNOWN, index=tmp_path).best(KNOWN[0][1])
    (kept,) = tmp_path.glob("*.npz")
    whole = kept.read_bytes()
    for damaged in (
        whole[: len(whole) // 2],
        b"",
        b"PK\x03\x04" + b"x" * 400,
        whole[:200] + b"\xff" * 3000 + whole[3200:],
    ):
        for path in tmp_path.glob("*.npz"):
            path.unlink()
        kept.write_bytes(damaged)
        assert Matcher(KNOWN, index=tmp_path).best(KNOWN[0][1]) == expected
    sealed = tmp_path / "sealed"
    sealed.write_text("a file, not a folder")
    assert Matcher(KNOWN, index=sealed).best(KNOWN[0][1]) == expected
