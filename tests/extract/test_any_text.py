"""Extraction of what is no news at all: an answer or nothing, in time that grows with the text alone."""

from __future__ import annotations

import time
from datetime import date

import pytest

from claims.extract.claims import Extraction, extract_claims, read_claims
from claims.language.sentences import split_sentences
from claims.model import Article


def extracted(text: str, lang: str = "ar") -> Extraction:
    return extract_claims(Article("a_any", text, date(2024, 10, 12), lang))


@pytest.mark.parametrize("lang", ["ar", "en", "ru", ""])
@pytest.mark.parametrize(
    "text", ["", " \n\t ", "\u200f\u200e\u202b", "\ufeff", "قال", "said", "\0", "🙂", "(رويترز)", '"']
)
def test_a_text_without_claims_has_none(text: str, lang: str) -> None:
    assert extracted(text, lang).claims == ()


def test_a_text_full_of_nul_is_read_around_it() -> None:
    text = "قتل خمسة أشخاص الجمعة في انفجار في بغداد.".replace(" ", " \0")
    found = extracted(text)
    assert [text[claim.start : claim.end] for claim in found.claims] == [claim.text for claim in found.claims]
    assert [claim.kind for claim in found.claims] == ["event"]


def test_ten_million_letters_are_answered_and_what_was_not_read_is_said() -> None:
    sentence = "وصل وزير الخارجية الفرنسي إلى بيروت الاثنين. "
    text = sentence * (10_000_000 // len(sentence))
    found = read_claims(Article("a_long", text, date(2024, 10, 12), "ar"))
    assert len(found.claims) > 1000
    last = found.excluded[-1]
    assert last.reason == "beyond what is read of one article"
    assert (last.start, last.end) == (len(text[: last.start]), len(text)) and last.start >= 90_000
    assert found.claims[-1].end <= last.start


def test_a_sentence_without_end_is_read_in_pieces() -> None:
    text = "officials said that prices rose, " * 2_000
    pieces = split_sentences(text)
    assert all(len(piece.text) <= 2_000 for piece in pieces)
    assert all(text[piece.start : piece.end] == piece.text for piece in pieces)
    read = " ".join(piece.text for piece in pieces)
    assert read.replace(",", "").split() == text.replace(",", "").split()


ENDLESS = [
    ("ar", "اتهمت كييف موسكو بقصف خاركيف. ونفت موسكو ذلك. "), ("ar", "نقلت وكالة عن وزير "), ("ar", "وقال الوزير أن "),
    ("ar", "بحسب "), ("ar", "وجهت تهمة "), ("ar", "“"), ("ar", "، "), ("ar", "عبر عن "), ("ar", "نفت إيران صحة "),
    ("en", "he said, "), ("en", "was accused by "), ("en", '" '), ("en", ", which Tehran denies"), ("en", "a b c d\n"),
    ("en", '"We will go there," he said. '), ("en", "Iran, Russia, "), ("en", "and said that "),
]  # fmt: skip


@pytest.mark.parametrize(("lang", "unit"), ENDLESS)
def test_time_grows_with_the_text_alone(lang: str, unit: str) -> None:
    def seconds(letters: int) -> float:
        article = Article("a_endless", unit * (letters // len(unit)), date(2024, 10, 12), lang)
        started = time.process_time()
        read_claims(article)
        return time.process_time() - started

    seconds(1_000)
    short = min(seconds(12_000) for _ in range(3))
    # eight times the text in eight times the time; square growth would take sixty-four times
    assert min(seconds(96_000) for _ in range(2)) < 24 * short + 0.3
