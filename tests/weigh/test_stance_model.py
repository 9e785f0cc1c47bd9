"""The stance model and the rule that joins it with the checks: shares, reasons, the same answer in any batch."""

from __future__ import annotations

import hashlib
import random
import tomllib
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import claims.weigh
from claims.language.embedding import MODEL
from claims.weigh.pairs import passages_of, stance_of_pair
from claims.weigh.stance_checks import checks_of
from claims.weigh.stance_joined import JoinedJudge
from claims.weigh.stance_model import StanceModel
from claims.weigh.stance_rule import features
from claims.wording import catalog

PAIRS = [
    ("افتتحت الحكومة عشرين مدرسة في البصرة", "الحكومة تفتتح عشرين مدرسة في البصرة", "supports"),
    ("The ministry closed the airport in Oran.", "The airport in Oran was never closed by the ministry.", "refutes"),
    ("The ministry closed the airport in Oran.", "The bakery sells bread and cakes every day.", "neutral"),
    ("ارتفعت أسعار النفط أمس", "انخفضت أسعار النفط أمس", "refutes"),
]  # fmt: skip


@pytest.mark.parametrize(("claim", "passage", "label"), PAIRS)
def test_plain_pairs(claim: str, passage: str, label: str) -> None:
    judged = stance_of_pair(claim, passage, None, None)
    assert judged["label"] == label
    assert judged["why"]


def test_a_pair_has_the_same_bits_in_any_company() -> None:
    pairs = [pair[:2] for pair in PAIRS] + [(a[0], b[1]) for a in PAIRS for b in PAIRS if a is not b]
    alone = {pair: StanceModel().shares([pair])[0].tobytes() for pair in pairs}
    mixed = random.Random(3).sample(pairs, len(pairs))
    for pair, row in zip(mixed, StanceModel().shares(mixed), strict=True):
        assert row.tobytes() == alone[pair]


def test_a_verdict_tells_by_which_weights_it_was_reached() -> None:
    weights = hashlib.sha256((MODEL / "stance.onnx").read_bytes()).hexdigest()
    assert JoinedJudge().name.endswith(f"+stance/{weights[:8]}")


def test_sums_do_not_overflow_on_any_processor() -> None:
    # Where they did, an earlier file found this claim supported at .45 and in floating point refuted at .78.
    claim = "أقرّت الخارجية الإيرانية بتزويد جماعات سودانية بطائرات مسيّرة"
    passage = (
        "نفت وزارة الخارجية الإيرانية أن تكون طهران قد زودت جماعات في السودان بطائرات مسيّرة، "
        "ووصف المتحدث باسمها ما نشر بأنه «من نسج الخيال»."
    )
    assert StanceModel().shares([(claim, passage)])[0].tolist() == pytest.approx([0.05, 0.93, 0.02], abs=0.1)


@settings(deadline=None, max_examples=25)
@given(st.text(max_size=80), st.text(max_size=200))
def test_any_texts_give_shares_that_sum_to_one(claim: str, passage: str) -> None:
    judged = stance_of_pair(claim, passage, None, None)
    assert sum(judged[name] for name in ("supports", "refutes", "neutral")) == pytest.approx(1)
    assert min(judged[name] for name in ("supports", "refutes", "neutral")) >= 0


@settings(deadline=None, max_examples=50)
@given(
    st.lists(st.sampled_from(["Rain fell in Oran.", "وصل الوفد إلى عدن.", "Nobody was hurt."]), max_size=8)
)
def test_every_sentence_stands_in_a_passage_of_at_most_three(sentences: list[str]) -> None:
    text = " ".join(sentences)
    passages = passages_of(text)
    for sentence in sentences:
        assert any(sentence in passage for passage in passages)
    for passage in passages:
        assert passage in text and 1 <= sum(passage.count(mark) for mark in ".") <= 3


def test_in_a_long_text_the_passage_that_decides_is_found() -> None:
    aside = "The weather was mild. Many people walked along the river. Shops were open until late. "
    claim = "The ministry closed the airport in Oran."
    judged = stance_of_pair(
        claim, aside * 3 + "The ministry shut the airport in Oran. " + aside * 3, None, None
    )
    assert judged["label"] == "supports"


def test_fields_are_compared() -> None:
    claim = "The summit opened in Kazan on 22 October 2024 with 36 leaders."
    other = "The summit opened in Kazan on 12 October 2024 with 24 leaders, the mayor said."
    found = checks_of(claim, other, 0.95)
    assert (found.dates, found.figures, found.attributed, found.across) == ("differ", "differ", True, False)
    same = checks_of(claim, "В Казани 22 октября 2024 года открылся саммит, приехали 36 лидеров.", 0.9)
    assert (same.dates, same.figures, same.said_missing, same.across) == ("agree", "agree", 0.0, True)
    planned = checks_of(
        claim, "The summit is due to open in Kazan on 22 October 2024.", 0.95, date(2024, 10, 1)
    )
    assert planned.only_planned


def test_every_feature_has_a_weight_and_every_reason_its_words() -> None:
    file = Path(claims.weigh.__file__).parent / "data" / "stance_rule.toml"
    weights = tomllib.loads(file.read_text(encoding="utf-8"))["weights"]
    shares = StanceModel().shares([PAIRS[0][:2]])[0]
    assert list(features(shares, checks_of(*PAIRS[0][:2], 0.9))) == list(weights)
    assert all(len(row) == 3 for row in weights.values())
    codes = {code for code in catalog("en") if code.startswith(("model_", "check_"))}
    assert len(codes) == 26 and codes <= set(catalog("ar"))


def test_what_is_shipped_stays_small_and_words_are_stored_once() -> None:
    assert sum(file.stat().st_size for file in MODEL.iterdir()) <= 65_000_000
    assert (MODEL / "stance.onnx").stat().st_size < (MODEL / "embedder.onnx").stat().st_size
