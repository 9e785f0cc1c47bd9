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
