"""Which statements are looked at closely, and what other news about the same people may not do to a claim."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from weigh_pages import page, verdict_on, verdicts

from claims.extract.claims import read_claims
from claims.model import Article, digest
from claims.weigh.passages import worth_a_look
from claims.weigh.propositions import Proposition, proposition_of
from claims.weigh.stance import same_event, same_matter, shares_words
from claims.weigh.stance_joined import JoinedJudge
from claims.weigh.stance_model import StanceModel
from claims.weigh.statements import Statement, statements_of

CLAIM = "استعادت القوات العراقية السيطرة على مدينة تلعفر من التنظيم يوم الأحد."
TAILS = {
    "one": "وجاء ذلك في كلمة له أمام عدد من رجال الأعمال في موسكو.",
    "two": "ونشر مكتبه نص الحديث كاملا بعد ساعات من انتهاء الاجتماع.",
}
OTHER = "وأعلنت شركة الكهرباء أن الأسعار سترتفع في الصيف المقبل بعد مراجعة التكلفة."


def _proposition(text: str) -> Proposition:
    article = Article("a_" + digest(text), text, None, "ar")
    (claim,) = read_claims(article).claims
    return proposition_of(claim, article, None)


def _statements(text: str, lang: str = "ar") -> tuple[Statement, ...]:
    return statements_of(page("one.example", text, lang)[0])


def test_within_a_language_words_or_names_must_be_shared() -> None:
    found = worth_a_look(_proposition(CLAIM), _statements(f"{CLAIM} {OTHER}"))
    assert [one.content.startswith("استعادت") for one in found] == [True]


def test_another_language_is_read_whole() -> None:
    english = (
        "The electricity company will raise its prices in summer. Iraqi forces retook Tal Afar on Sunday."
    )
    told = _statements(english, "en")
    assert worth_a_look(_proposition(CLAIM), told) == list(told)


def test_a_long_page_gives_the_statements_that_share_most_in_its_order() -> None:
    (one,) = _statements(CLAIM)
    poorer = [replace(one, start=at, content="القوات العراقية السيطرة مدينة") for at in range(20)]
    richer = [replace(one, start=at) for at in range(20, 25)]
    found = worth_a_look(_proposition(CLAIM), poorer + richer)
    starts = [each.start for each in found]
    assert set(range(20, 25)) <= set(starts)
    assert len(found) < 25
    assert starts == sorted(starts)


def test_the_year_alone_does_not_make_other_news_support() -> None:
    """A page with the same year and the same countries tells of something else."""
    claim = "ما لا يقل عن 800 مدني قتلوا في غارات نفذها التحالف في العراق وسوريا منذ بدء العملية عام 2014."
    other = "في عام 2014 احتل التنظيم مساحة كبيرة بين سوريا والعراق حيث كان يعيش ملايين السكان."
    pages = [page(f"{host}.example", other, "ar") for host in ("one", "two", "three")]
    assert all(verdict.supports == 0 for _, verdict in verdicts(claim, pages, "ar"))


ATTACK = "هجوم لتنظيم الدولة الإسلامية بسيارة ملغومة قتل 20 شخصا وأصاب 30 آخرين بموقع للنازحين في شرق سوريا قرب دير الزور."


def test_other_news_of_the_same_war_is_another_matter() -> None:
    """Where only the trained model finds the opposite, the words have to be mostly the same."""
    (other,) = _statements(
        "قتل 26 شخصا على الأقل الجمعة في محافظة دير الزور شرق سوريا في انفجار نسب إلى تنظيم الدولة الإسلامية."
    )
    (same,) = _statements(ATTACK.replace("20", "26").replace("وأصاب 30 آخرين", "ولم يصب أحدا"))
    claimed = _proposition(ATTACK)
    assert same_event(claimed, other, 0.93)
    assert not same_matter(claimed, other, 0.93)
    assert same_matter(claimed, same, 0.97)


class _Sure(StanceModel):
    """Weights that find the opposite everywhere."""

    def shares(self, pairs: Sequence[tuple[str, str]]) -> NDArray[np.float32]:
        return np.array([[0.001, 0.998, 0.001]] * len(pairs), np.float32)


def test_the_model_alone_refutes_only_what_is_told_in_most_of_the_words() -> None:
    claimed, judge = _proposition(ATTACK), JoinedJudge(_Sure())
    (like,) = _statements("قتلت سيارة ملغومة لتنظيم الدولة الإسلامية جنديين في دير الزور شرق سوريا.")
    (other,) = _statements("تنظيم الدولة الإسلامية يعلن مسؤوليته عن مقتل ضابط في دير الزور شرق سوريا.")
    assert same_event(claimed, other, 0.93)
    assert judge.judge(claimed, like, 0.93).stance == "refutes"
    assert judge.judge(claimed, other, 0.93).stance == "neutral"


def test_what_a_man_said_is_not_shown_by_what_else_he_said() -> None:
    claim = "قال بوتين إن العلاقات الاقتصادية بين روسيا وإيران تتطور في الطاقة والنقل والتجارة والزراعة."
    others = (
        "وقال بوتين إن روسيا وإيران ستعملان معا في الشرق الأوسط.",
        "وأوضح بوتين أن مواقف روسيا وإيران متقاربة من الأحداث في العالم.",
    )
    same = (
        "وقال بوتين إن العلاقات الاقتصادية بين روسيا وإيران تشهد تطورا في النقل والطاقة والزراعة.",
        "وذكر بوتين أن العلاقات الاقتصادية الروسية الإيرانية تتطور، ولا سيما في التجارة والزراعة والطاقة.",
    )
    for texts, said in ((others, "not_enough_evidence"), (same, "supported")):
        told = zip(TAILS.items(), texts, strict=True)
        pages = [page(f"{host}.example", f"{text} {tail}", "ar") for (host, tail), text in told]
        assert verdict_on("بوتين", claim, pages, "ar").said == said


def test_another_speech_of_the_same_man_shares_too_few_words() -> None:
    claim = "صرح الرئيس التركي رجب طيب أردوغان بأن الطيران الروسي سيقدم الدعم الجوي لقوات الجيش السوري الحر خلال عملية إدلب."
    other = "وقال الرئيس التركي رجب طيب أردوغان إنه سيجتمع مع نظيره الروسي فلاديمير بوتين الأسبوع المقبل لبحث الوضع في إدلب."
    claimed = _proposition(claim)
    assert not any(shares_words(claimed, told) for told in _statements(other))
    assert any(shares_words(claimed, told) for told in _statements(claim))
