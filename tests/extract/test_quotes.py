"""Sources, cues and contents as spans."""

from __future__ import annotations

from claims.extract.quotes import find_quotes


def texts(text: str, lang: str) -> list[tuple[str | None, str, str]]:
    def at(span: dict[str, int] | None) -> str | None:
        return text[span["start"] : span["end"]] if span else None

    return [(at(q["source"]), at(q["cue"]) or "", at(q["content"]) or "") for q in find_quotes(text, lang)]


def test_said_that() -> None:
    text = "The mayor of London said on Tuesday that the bridge would reopen."
    assert texts(text, "en") == [("The mayor of London", "said", "the bridge would reopen")]


def test_a_quotation_before_its_speaker() -> None:
    text = "“The bridge will reopen,” the mayor said."
    assert texts(text, "en") == [("the mayor", "said", "“The bridge will reopen,”")]


def test_according_to_in_both_places() -> None:
    assert texts("According to the ministry, two men were arrested.", "en") == [
        ("the ministry", "According to", "two men were arrested")
    ]
    assert texts("Two men were arrested, according to the ministry.", "en") == [
        ("the ministry", "according to", "Two men were arrested")
    ]


def test_arabic_before_and_after() -> None:
    assert texts("وفقا لوزارة الصحة، فإن الإصابات ارتفعت.", "ar") == [
        ("وزارة الصحة", "وفقا", "الإصابات ارتفعت")
    ]
    assert texts("ارتفعت الإصابات هذا الأسبوع، بحسب وزارة الصحة.", "ar") == [
        ("وزارة الصحة", "بحسب", "ارتفعت الإصابات هذا الأسبوع")
    ]


def test_a_speaker_who_is_not_named_has_no_source() -> None:
    assert texts("وأضاف أن الطريق مفتوح.", "ar") == [(None, "وأضاف", "الطريق مفتوح")]
