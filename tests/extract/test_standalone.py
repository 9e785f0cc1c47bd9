"""A claim to be read alone: pairs, pronouns and days are filled in, or nothing is given."""

from __future__ import annotations

from datetime import date

import pytest

from claims.extract.claims import extract_claims
from claims.model import Article


def wordings(text: str) -> list[str | None]:
    lang = "ar" if "ا" in text else "en"
    return [c.standalone for c in extract_claims(Article("a_alone", text, date(2024, 10, 12), lang)).claims]


MET_AR = "استقبل الرئيس الفرنسي إيمانويل ماكرون المستشار الألماني أولاف شولتس الجمعة في باريس."
MET_EN = "French President Emmanuel Macron met German Chancellor Olaf Scholz in Spain on Friday."


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (MET_AR + " وأشاد الزعيمان بالعلاقات بين البلدين.", "الزعيمان (إيمانويل ماكرون وأولاف شولتس)"),
        (MET_AR + " وأشاد الزعيمان بالعلاقات بين البلدين.", "البلدين (فرنسا وألمانيا)"),
        (MET_AR + " وأعلن البلدان أن الاتفاق وشيك.", "البلدان (فرنسا وألمانيا) (أعلن): الاتفاق وشيك"),
        (
            MET_EN + " Trade between the two countries rose by 5 percent.",
            "two countries (France and Germany)",
        ),
        (MET_EN + " Both leaders praised the deal.", "Both leaders (Emmanuel Macron and Olaf Scholz)"),
    ],
)
def test_a_pair_is_told_by_the_sentence_that_names_two(text: str, words: str) -> None:
    wording = wordings(text)[-1]
    assert wording is not None and words in wording


@pytest.mark.parametrize(
    "text",
    [
        "Trade between the two countries rose by 5 percent in 2023.",
        "France, Germany and Spain met. Trade between the two countries rose by 5 percent in 2023.",
        "وارتفعت التجارة بين البلدين بنسبة 5 في المئة عام 2023.",
    ],
)
def test_a_pair_that_nobody_can_know_leaves_no_wording(text: str) -> None:
    assert wordings(text)[-1] is None


def test_it_is_the_body_that_speaks_and_not_a_person_or_nobody() -> None:
    assert wordings("The prosecution service said it would appeal.") == [
        "The prosecution service (said): The prosecution service would appeal"
    ]
    assert wordings("The ministry said it would be hard to rebuild the port.") == [None]
    assert wordings("His lawyer Anna Lund said it would appeal.") == [None]


def test_an_arabic_pronoun_that_agrees_with_its_speaker_is_filled_in() -> None:
    assert wordings("وقالت وزارة الصحة إنها ستفتح ثلاثة مستشفيات.") == [
        "وزارة الصحة (قال): وزارة الصحة ستفتح ثلاثة مستشفيات"
    ]
    assert wordings("وقال مدير المستشفى إنها ستفتح ثلاثة أقسام.") == [None]


def test_the_day_of_what_was_said_stands_with_the_speaker() -> None:
    assert wordings("قال الوزير الجمعة إن السد اكتمل.") == ["الوزير (قال، 11 أكتوبر 2024): السد اكتمل"]


@pytest.mark.parametrize(
    ("text", "wording"),
    [
        ("يشار إلى أن المغرب صدر 500 ألف سيارة في 2023.", "المغرب صدر 500 ألف سيارة في 2023"),
        (
            "باريس - (أ ف ب): وقعت فرنسا 20 عقدا في 2023.",
            "وقعت فرنسا 20 عقدا في 2023",
        ),
        (
            "وقال الخبير ماجد حلمي لـ«سكاي نيوز عربية» إن السعر بلغ 17 دولارا.",
            "الخبير ماجد حلمي (قال): السعر بلغ 17 دولارا",
        ),
        ("Meanwhile, France sold 20 planes in 2023.", "France sold 20 planes in 2023"),
        ('"We lost everything," said Ana Lund.', 'Ana Lund (said): "We lost everything"'),
        ("Survivors told local media the crew had fled.", "Survivors (said): the crew had fled"),
        ("وأفاد شهود عيان بمقتل خمسة أشخاص.", "شهود عيان (أفاد): بمقتل خمسة أشخاص"),
    ],
)
def test_what_only_ties_a_claim_to_its_text_is_left_out(text: str, wording: str) -> None:
    assert wordings(text) == [wording]


def test_what_is_denied_with_that_alone_is_the_claim_before() -> None:
    text = "Survivors said the crew had fled. The operator, Blue Lines, denies that."
    assert wordings(text)[1] == "The operator (denied): the crew had fled"


def test_a_partial_quotation_keeps_the_words_before_it() -> None:
    assert wordings('The manager Anna Lund said France was "delighted".') == [
        'The manager Anna Lund (said): France was "delighted"'
    ]


def test_an_exclamation_claims_nothing() -> None:
    assert wordings("يا لها من ليلة كروية مجنونة!") == []
