"""Worth: which sentences of the news are worth checking, why, and that any text gets an answer."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.errors import ConfigError
from claims.extract.train_worth import figures, train_head
from claims.extract.worth import WEIGHTS_FILE, read_weights, worth, worth_many, write_weights
from claims.extract.worth_features import HEADS, VECTOR, features_of, head_of, names_of_features
from claims.extract.worth_rows import SOURCES, Row, read_rows, table_of

# None of these stands among the sentences that the weights were trained on; a test below sees to that.
WORTHY = [
    "أجرى رئيس الوزراء الهندي محادثات مع نظيره الياباني في طوكيو يوم 12 سبتمبر واستمرت نحو ساعتين.",
    "اتهمت أنقرة دمشق بإيواء مقاتلين شنوا هجوما أسفر عن مقتل تسعة جنود أتراك.",
    "نفت وزارة الدفاع الروسية أن تكون طائراتها قد دخلت المجال الجوي لإستونيا.",
    "وأعلن البنك المركزي المصري رفع سعر الفائدة إلى 27.25 في المئة في مارس 2024.",
    "وقعت السعودية والصين اتفاقية لإنشاء مصفاة بقيمة ثلاثة مليارات دولار.",
    "قالت وكالة سانا إن سبعة مدنيين أصيبوا في قصف استهدف ريف حلب الخميس.",
    "India's prime minister held two hours of talks with his Japanese counterpart in Tokyo on September 12.",
    "Ankara accused Damascus of sheltering fighters who killed nine Turkish soldiers.",
    "Russia's defence ministry denied that its aircraft had entered Estonian airspace.",
    "Egypt's central bank raised its interest rate to 27.25 percent in March 2024.",
    "Saudi Arabia and China signed a deal to build a refinery worth three billion dollars.",
    "Seven civilians were wounded in shelling near Aleppo on Thursday, the SANA news agency said.",
]
NOT_WORTHY = [
    "إن الحق يعلو ولا يعلى عليه مهما طال ليل الظلم.",
    "نتمنى للجميع عاما سعيدا مليئا بالمحبة والسلام.",
    "يجب أن نتكاتف جميعا من أجل مستقبل أجمل.",
    "فمن المسؤول عن هذا العبث؟ وإلى متى؟",
    "شكرا جزيلا لكم على حسن الضيافة.",
    "أظن أن هذا أسوأ ما رأيت في حياتي!",
    "Justice will triumph in the end, however long the night.",
    "We wish everybody a happy new year full of love and peace.",
    "We must all stand together for a better future.",
    "Who will answer for this mess, and how long must we wait?",
    "Thank you so much for your warm hospitality.",
    "I think this is the worst thing I have ever seen!",
]


@pytest.mark.parametrize("text", WORTHY)
def test_news_with_actor_and_date_or_number_accusation_or_denial_is_worth_checking(text: str) -> None:
    assert worth(text).score >= 0.6


@pytest.mark.parametrize("text", NOT_WORTHY)
def test_rhetoric_wishes_opinion_and_questions_are_not(text: str) -> None:
    assert worth(text).score <= 0.4


def test_with_embeddings_the_same_sentences_fall_on_the_same_sides() -> None:
    scores = [rated.score for rated in worth_many([*WORTHY, *NOT_WORTHY], embeddings=True)]
    assert min(scores[: len(WORTHY)]) >= 0.6
    assert max(scores[len(WORTHY) :]) <= 0.4


def test_no_sentence_of_this_test_was_trained_on() -> None:
    trained = (WEIGHTS_FILE.parent / "worth_news.tsv").read_text(encoding="utf-8")
    assert not [text for text in WORTHY + NOT_WORTHY if text in trained]


def test_reasons_name_readable_features_with_their_weights_most_decisive_first() -> None:
    reasons = worth("Inflation in Tunisia rose to 9.1 percent in May 2023.").reasons
    parts = [re.fullmatch(r"(.+)\|([+-]\d+\.\d)", reason) for reason in reasons]
    assert all(parts)
    sizes = [abs(float(part[2])) for part in parts if part]
    assert sizes == sorted(sizes, reverse=True)
    named = {part[1] for part in parts if part}
    assert named & {"has a number", "has a percentage", "has a year"}


def test_spelling_marks_and_digits_of_another_script_make_no_difference() -> None:
    plain = worth("أعلنت الحكومة رفع الأجور الى 120 دينارا")
    assert worth("أَعلنتِ الحكومــة رفع الأجور إلى ١٢٠ دينارًا") == plain


def test_the_head_is_that_of_the_script_that_prevails() -> None:
    assert head_of("قال متحدث باسم NATO إن القمة تأجلت") == "ar"
    assert head_of("The word سلام means peace in Arabic") == "en"
    assert head_of("بيان الوزارة https://example.org/a/very/long/address/in/latin/letters") == "ar"


@pytest.mark.parametrize("text", ["", "   ", "\u200f\u200f", "!!! …", "🔴🔴", "\0\0"])
def test_a_text_without_words_is_worth_nothing(text: str) -> None:
    assert worth(text).score == 0.0
    assert worth(text).reasons == ("has no words",)


@given(st.text(max_size=300))
@settings(max_examples=150, deadline=None)
def test_any_text_gets_a_score_between_0_and_1_and_the_same_again(text: str) -> None:
    rated = worth(text)
    assert 0 <= rated.score <= 1
    assert worth_many(["something else", text])[1] == rated
    assert set(features_of(text).read) <= set(names_of_features())


def test_a_lone_surrogate_and_a_nul_can_be_embedded() -> None:
    for rated in worth_many(["said \ud800 on Monday", "said \0 on Monday"], embeddings=True):
        assert 0 < rated.score < 1


@pytest.mark.parametrize("unit", ["قال 12 ", "word, ", "ا", "x" * 1000, '"', "http://a ", "#_"])
def test_a_megabyte_of_anything_takes_less_than_two_seconds(unit: str) -> None:
    worth("warm")
    text = unit * (1_000_000 // len(unit))
    began = time.process_time()
    worth(text)
    assert time.process_time() - began < 2


def test_weights_are_a_plain_small_file_written_the_same_each_time(tmp_path: Path) -> None:
    assert WEIGHTS_FILE.stat().st_size < 2_000_000
    weights = read_weights()
    assert set(weights) == set(HEADS)
    write_weights(tmp_path / "one.npz", weights)
    write_weights(tmp_path / "two.npz", weights)
    assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "two.npz").read_bytes()
    again = read_weights(tmp_path / "one.npz")
    for head in HEADS:
        assert np.allclose(again[head].hashed, weights[head].hashed, atol=1e-3)
        assert again[head].cuts == weights[head].cuts


def test_a_weights_file_that_cannot_be_used_says_what_to_do(tmp_path: Path) -> None:
    broken = tmp_path / "broken.npz"
    broken.write_bytes(WEIGHTS_FILE.read_bytes()[:5000])
    with pytest.raises(ConfigError, match="train it again"):
        read_weights(broken)
    pickled = tmp_path / "pickled.npz"
    np.savez(pickled, features=np.array([{"a": 1}], dtype=object))
    with pytest.raises(ConfigError, match="train it again"):
        read_weights(pickled)


def test_training_learns_from_a_folder_and_leaves_out_what_is_in_dev(tmp_path: Path) -> None:
    """A tiny data set in the shape of the real one; embeddings are replaced by noise, which must not hurt."""
    told = {
        "yes": "Port {n} exported {n} tons of wheat in May",
        "no": "I feel so sad about it, my friend {n}",
    }
    for name, script in (("ct24_en", "{}"), ("ct24_ar", "قال {}"), ("ct22_ar_1B_claim", "قال قال {}")):
        for part, numbers in (("train", range(15)), ("dev", range(10, 20))):
            rows = [
                {"text": script.format(text.format(n=n)), "label": label.capitalize()}
                for n in numbers
                for label, text in told.items()
            ]
            lines = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
            (tmp_path / f"{name}_{part}.jsonl").write_text(lines, encoding="utf-8")
    rows = read_rows(tmp_path)["en"]
    from_folder = [row for row in rows if row.source.name == "ct24_en"]
    assert len(from_folder) == 20  # numbers 10 to 14 stand in dev
    assert not [row for row in from_folder if re.search(r"1\d", row.text)]
    noise = np.random.default_rng(1).normal(0, 0.05, (len(rows), VECTOR))
    weights = train_head(table_of(rows, noise))
    unseen = [
        Row("Port 77 exported 400 tons of wheat in June", True, SOURCES[2]),
        Row("I feel sad", False, SOURCES[2]),
    ]
    shown = figures(weights, table_of(unseen, np.zeros((2, VECTOR))))
    assert shown.startswith("text AP 1.0000 macro-F1 1.0000")


def test_training_without_its_files_says_which_is_missing(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "claims.extract.train_worth", str(tmp_path)],
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.returncode == 1
    assert "ct22_ar_1B_claim_dev.jsonl" in done.stderr
    assert len(done.stderr.splitlines()) == 1
