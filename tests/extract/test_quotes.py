"""Sources, cues and contents as spans in Arabic; English is tested in test_quote_tagger.py."""

from __future__ import annotations

from claims.extract.quotes import find_quotes


def texts(text: str, lang: str) -> list[tuple[str | None, str, str]]:
    def at(span: dict[str, int] | None) -> str | None:
        return text[span["start"] : span["end"]] if span else None

    return [(at(q["source"]), at(q["cue"]) or "", at(q["content"]) or "") for q in find_quotes(text, lang)]


def test_arabic_before_and_after() -> None:
    assert texts("وفقا لوزارة الصحة، فإن الإصابات ارتفعت.", "ar") == [
        ("وزارة الصحة", "وفقا", "الإصابات ارتفعت")
    ]
    assert texts("ارتفعت الإصابات هذا الأسبوع، بحسب وزارة الصحة.", "ar") == [
        ("وزارة الصحة", "بحسب", "ارتفعت الإصابات هذا الأسبوع")
    ]


def test_a_speaker_who_is_not_named_has_no_source() -> None:
    assert texts("وأضاف أن الطريق مفتوح.", "ar") == [(None, "وأضاف", "الطريق مفتوح")]


def test_who_passes_on_what_was_said_stands_first() -> None:
    assert texts("قال الوزير إن الاتفاق وقع أمس في عمان، بحسب وكالة رويترز.", "ar") == [
        ("وكالة رويترز", "بحسب", "الاتفاق وقع أمس في عمان"),
        ("الوزير", "قال", "الاتفاق وقع أمس في عمان"),
    ]
    assert [q[:2] for q in texts("ويعتقد أنهما كانا يحملان متفجرات، بحسب فرانس برس.", "ar")] == [
        ("فرانس برس", "بحسب")
    ]


def test_a_law_or_a_schedule_does_not_speak() -> None:
    assert texts("أفرجت السلطات عن المعتقلين وفقا للقانون المعمول به.", "ar") == []
    assert texts("جرى الانتخاب وفقا لما ينص عليه الدستور في البلاد.", "ar") == []
    assert texts("وصل الوفد إلى القاهرة أمس وفقا لما قاله وزير الخارجية المصري.", "ar") == [
        ("وزير الخارجية المصري", "وفقا لما قاله", "وصل الوفد إلى القاهرة أمس")
    ]


def test_a_speaker_ends_where_what_is_told_begins() -> None:
    assert texts("وأكد مراسلنا مقتل خمسة أشخاص في الانفجار.", "ar") == [
        ("مراسلنا", "وأكد", "مقتل خمسة أشخاص في الانفجار")
    ]
    assert [q[0] for q in texts("وأوردت صحف بريطانية أن تيلرسون قال إن الإصابات خطيرة.", "ar")] == [
        "صحف بريطانية",
        "تيلرسون",
    ]
