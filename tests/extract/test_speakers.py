"""Who is said to have said it: speakers that are cited, left out, named before their verb, or nobody."""

from __future__ import annotations

from datetime import date

import pytest

from claims.extract.claims import extract_claims
from claims.model import Article, Claim


def claims_of(text: str, lang: str) -> tuple[Claim, ...]:
    return extract_claims(Article("a_speakers", text, date(2024, 10, 12), lang)).claims


def speakers(text: str, lang: str) -> list[list[str | None]]:
    return [[link.speaker for link in claim.attribution] for claim in claims_of(text, lang)]


ARABIC = [
    ("يذكر أن السلطات أوقفت 23 شخصا الشهر الماضي، وفق رابطة الحقوقيين.", [["رابطة الحقوقيين"]]),
    ("أما رئيس الهيئة فاروق الداودي فشدد على أن الهيئة ستحترم الحكم.", [["رئيس الهيئة فاروق الداودي"]]),
    ("وكانت صحيفة الميناء قد ذكرت أن القضاة تعرضوا لضغوط.", [["صحيفة الميناء"]]),
    (
        'كشفت صحيفة "أخبار الميناء" نقلا عن مسؤولين فرنسيين لم تسمهم أن باريس درست خفض قواتها.',
        [['صحيفة "أخبار الميناء"', "مسؤولين فرنسيين"]],
    ),
    ("وقال المتحدث باسمه سعد الرمحي للصحفيين إن الجدول لم يتغير.", [["المتحدث باسمه سعد الرمحي"]]),
    ("قال وزير الطاقة إن بلاده لن تشارك في القوة، لكنها ستواصل الوساطة.", [["وزير الطاقة"], ["وزير الطاقة"]]),
    ("طالب النائب سعد الرمحي بتحقيق، محملا الوزير ناصر البدري المسؤولية.", [["النائب سعد الرمحي"]] * 2),
    ("وعزا محللون الصعود إلى مخاوف بشأن الإمدادات.", [["محللون"]]),
    ('وقالت "آفاد" في بيان إن الهزة وقعت فجرا.', [['"آفاد"']]),
    ("وذكر والي بدليس أن 17 منزلا انهارت.", [["والي بدليس"]]),
    ("وذكر والي بدليس، إرول كاراجان، للصحفيين أن 17 منزلا انهارت.", [["والي بدليس، إرول كاراجان"]]),
    ("أعلنت شركة «نور» للسيارات الكهربائية تسريح 800 موظف.", [["شركة «نور» للسيارات الكهربائية"]]),
    ("وأفاد شهود عيان بسماع دوي انفجارات في الخرطوم.", [["شهود عيان"]]),
    (
        "اتهم الجيش الفصيل بقصف المحطة، في حين لم يصدر أي تعليق من الفصيل.",
        [["الجيش"], []],
    ),
    ("قتل جنديان في شمال مالي، حسب بيان للجيش.", [["بيان للجيش"]]),
    ("تحدثت صحيفة البلد عن اتفاق وشيك، غير أن حماس نفت ذلك.", [["صحيفة البلد"], ["حماس"]]),
    ('وقال الوزير، في مقابلة مع شبكة "سي إن إن"، إن بلاده تحتفظ بحق الرد.', [["الوزير"]]),
    ("أعلنت وزارة الصحة في غزة، اليوم الأربعاء، ارتفاع الحصيلة إلى 64 شخصا.", [["وزارة الصحة في غزة"]]),
    ("وقال وزير الصحة، في بيان، إن الوباء انتهى.", [["وزير الصحة"]]),
    ("واتهم النائب المعارض الحكومة بـ«إفقار الناس».", [["النائب المعارض"]]),
]  # fmt: skip


ENGLISH = [
    ("The court heard that Hale helped the developer win permission.", [["The court"]]),
    ("Hale heard that the developer won permission for the houses.", [[]]),
    (
        "However, Paul Lund, a glaciologist at the survey who was not involved in the work that was published, "
        "cautioned that the data covered four months.",
        [["Paul Lund"]],
    ),
    ("Survivors told local media the crew had ignored warnings.", [["Survivors"]]),
    ("He refused to say whether Lund would stay in France.", [[]]),
    ("Lund has offered to resign, the newspaper El Norte reported, citing two aides.", [["the newspaper El Norte"]]),
    (
        "Reuters reported the visit. IAEA inspectors left Iran, the agency said.",
        [["Reuters"], ["IAEA"]],
    ),
    ("Growth slowed to 3 percent in May, official figures show.", [["official figures"]]),
    ("It comes after Donald Trump falsely claimed that France had left.", [["Donald Trump"]]),
    ("France will hand over the banker, its justice minister told Reuters.", [["its justice minister"]]),
    ("Blue Lines recalled 380,000 cars after regulators found a fault.", [[]]),
    (
        "President Anna Lund has rejected the demand, telling reporters: \"I can't sell France.\"",
        [["President Anna Lund"], ["President Anna Lund"]],
    ),
    (
        "Prime Minister Anna Lund defended the strike and urged France to expel the officials.",
        [["Prime Minister Anna Lund"]],
    ),
    ("Analysts at Horizon Bank forecast that rates will fall.", [["Analysts at Horizon Bank"]]),
    (
        "Sea water reaches six kilometres inland, according to a study published on Monday in the journal Ice.",
        [["a study published on Monday in the journal Ice"]],
    ),
    (
        "A study was published in May. Researchers at the institute used radar data. They found that it melts.",
        [[], [], ["Researchers at the institute"]],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), ENGLISH)
def test_speakers_in_english(text: str, expected: list[list[str | None]]) -> None:
    assert speakers(text, "en") == expected


@pytest.mark.parametrize(("text", "expected"), ARABIC)
def test_speakers_in_arabic(text: str, expected: list[list[str | None]]) -> None:
    assert speakers(text, "ar") == expected


def test_who_goes_on_after_and_or_but_is_who_spoke() -> None:
    text = "Finance minister Anna Lund said the figures were poor but denied that her plans were to blame."
    assert speakers(text, "en") == [["Finance minister Anna Lund"]] * 2
    assert [claim.kind for claim in claims_of(text, "en")] == ["statement", "denial"]


def test_nobody_alleges_what_has_been_alleged() -> None:
    assert speakers("It is not the first time such payments have been alleged.", "en") == [[]]


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("اتهم النائب سعد الرمحي الحكومة بالتدخل، إلا أن مكتب الوزير وصف الاتهام بأنه كاذب.", "ar"),
        ("Kyiv accused Moscow of shelling the port. Moscow described the allegation as baseless.", "en"),
    ],
)
def test_a_charge_called_false_is_denied(text: str, lang: str) -> None:
    charge, denial = claims_of(text, lang)
    assert (charge.kind, denial.kind, denial.about) == ("accusation", "denial", charge.id)


def test_a_quotation_that_ends_a_sentence_ends_it() -> None:
    text = 'He blamed Moscow for "another act of terror." The Kremlin has not commented.'
    assert [claim.text for claim in claims_of(text, "en")] == [text[:45], text[46:]]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("قال الناطق إن واشنطن درست خفض القوات.", "واشنطن درست خفض القوات"),
        ("قال الناطق إن وزير الدفاع الفرنسي استقال.", "وزير الدفاع الفرنسي استقال"),
        ("ووصل الوفد الفرنسي إلى بيروت.", "وصل الوفد الفرنسي إلى بيروت"),
        ("وفي سياق متصل، أوقفت الشرطة 23 شخصا.", "أوقفت الشرطة 23 شخصا"),
    ],
)
def test_words_that_begin_with_the_letter_of_and_stay_whole(text: str, words: str) -> None:
    (claim,) = claims_of(text, "ar")
    assert claim.standalone is not None and claim.standalone.split(": ")[-1] == words


@pytest.mark.parametrize(
    ("text", "lang", "identity"),
    [
        ("قال وزير الخارجية اليوناني إن السفينة غرقت.", "ar", "GR"),
        ("قال محلل يوناني إن السفينة غرقت.", "ar", None),
        ("A Greek government spokesman said the ship had sunk.", "en", "GR"),
        ("A Greek economist said the ship had sunk.", "en", None),
    ],
)
def test_a_country_speaks_through_its_government_alone(text: str, lang: str, identity: str | None) -> None:
    (claim,) = claims_of(text, lang)
    assert [link.speaker_id for link in claim.attribution] == [identity]
