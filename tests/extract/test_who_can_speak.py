"""Whom Arabic news has speak: somebody or something that can, and whoever a heading names before a colon."""

from __future__ import annotations

from datetime import date

import pytest

from claims.extract.claims import extract_claims
from claims.model import Article, Claim


def claims_of(text: str) -> tuple[Claim, ...]:
    return extract_claims(Article("a_who", text, date(2024, 10, 12), "ar")).claims


def speakers(text: str) -> list[list[str | None]]:
    return [[link.speaker for link in claim.attribution] for claim in claims_of(text)]


def modes(text: str) -> list[tuple[str | None, str]]:
    (claim,) = claims_of(text)
    return [(link.speaker, link.mode) for link in claim.attribution]


SPEAKS = [
    # an act or a state after the verb is what is told, and whoever went before tells it
    ("وصل الوزير ناصر البدري إلى تونس. وأكد ضرورة فتح المعابر أمام القوافل.", "الوزير ناصر البدري"),
    ("وأكدت مصادر محلية سقوط قذائف قرب الرصيف.", "مصادر محلية"),
    ("وصل ناصر البدري إلى باريس. وأعلن مشاركتها في بناء الجسر الجديد.", "ناصر البدري"),
    ("التقى المدير نبيل الحجايا العمال. وأكد عقوبات جديدة على المصنع المخالف.", "المدير نبيل الحجايا"),
    # the name ends before the object of its verb
    ("أعلن ناصر البدري تنازله عن المنصب لصالح نائبه.", "ناصر البدري"),
    ("أعلن التنظيم مسؤوليته عن تفجير الجسر القديم في الميناء.", "التنظيم"),
    ("وأكد المعلمون ضرورة تعديل القانون قبل نهاية العام.", "المعلمون"),
    # with the verb after it, a subject goes before the object
    ("الجيش اللبناني يعلن السيطرة على بلدة حدودية.", "الجيش اللبناني"),
    ("وزير الطاقة السابق كان قد ذكر أن السد آمن.", "وزير الطاقة السابق"),
    # to whom it is said does not say it
    ("تحدث المدير نبيل الحجايا. وقال لرويترز إن المصنع سيغلق.", "المدير نبيل الحجايا"),
    ("وقال مدير المرصد رامي الفايد لفرانس برس إن القصف توقف.", "مدير المرصد رامي الفايد"),
    ("وقال الأمين العام لحزب الله إن الهدنة صامدة.", "الأمين العام لحزب الله"),
    ("وقالت الوزيرة لصحيفة الميناء إن الميزانية أقرت.", "الوزيرة"),
    ("ونقلت الوكالة عن مسؤول أمني قوله إن الحدود أغلقت.", "مسؤول أمني"),
    ("قال له الرئيس إيمانويل ماكرون إن الاتفاق جاهز.", "الرئيس إيمانويل ماكرون"),
    ("تحدث الوزير ناصر البدري في حلب. ودعا السوريين إلى ضبط النفس.", "الوزير ناصر البدري"),
    ("تظاهر العمال في حلب ضد المدير نبيل الحجايا. وحملوا الإدارة مسؤولية الحادث.", "العمال"),
    # an outlet between quotation marks is an outlet, and what it prints is not
    ('وذكرت "وكالة الميناء الجديدة" أن الجسر أغلق.', '"وكالة الميناء الجديدة"'),
    ("ونشرت صحيفة الميناء تقريرا جاء فيه أن العمل توقف.", "صحيفة الميناء"),
    ("زار الوفد الفرنسي حلب. وأفاد بتسلل مسلحين إلى القرية، مؤكدا أن الجسر أغلق.", "الوفد الفرنسي"),
    # what is said of a speaker on the way is no part of the name
    ("وقال مسؤول عراقي طلب عدم نشر اسمه إن الحدود أغلقت.", "مسؤول عراقي"),
    # with the article, though ل hides it
    ("انهار الجسر فجر الأحد، وفقا للهيئة.", "الهيئة"),
    # right as they were
    ("وقالت زوجته إن الأسرة لم تبلغ بالقرار.", "زوجته"),
    ("وأعلنت هيئة تحرير الجريدة أن العدد سيتأخر.", "هيئة تحرير الجريدة"),
    ("وأكد المتحدث باسم عملية الإنقاذ أن البحث مستمر.", "المتحدث باسم عملية الإنقاذ"),
    ("وقال كروفت إن المصنع سيغلق.", "كروفت"),
    ("وذكر المرصد السوري لحقوق الإنسان أن القصف توقف.", "المرصد السوري لحقوق الإنسان"),
    ("وأظهر استطلاع جديد أن الأسعار هي ما يقلق الناس.", "استطلاع جديد"),
    ("وقالت وحدة الأرصاد إن الرياح ستشتد.", "وحدة الأرصاد"),
    ("قال ثلاثة وزراء إن الخطة فشلت.", "ثلاثة وزراء"),
    ("قال 3 وزراء سابقين إن الخطة فشلت.", "3 وزراء سابقين"),
    ("بحسب مسؤولين فرنسيين فإن القوات ستنسحب.", "مسؤولين فرنسيين"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "speaker"), SPEAKS)
def test_who_speaks_is_somebody_who_can(text: str, speaker: str) -> None:
    assert speakers(text)[-1][-1] == speaker


NOBODY = [
    "الاشتباكات الأخيرة تؤكد أن الهدنة انهارت في الشمال.",
    "استقالة الوزير ناصر البدري تؤكد خطورة الأزمة في تونس.",
    "وتظهر الضربات أن الدفاعات ضعيفة قرب بيروت.",
    "يوزع القمح في بيروت وفق المادة 12 من العقد.",
    "انقسمت القرى في لبنان بحسب مسكنهم إلى قسمين.",
    "صوت البرلمان في تونس على نقل السفارة إلى مبنى آخر.",
    "وفي أول رد فعل انخفضت الأسهم في باريس بنسبة 3 في المئة.",
    "وهنا تبدأ المشكلة في لبنان مع نهاية العام.",
    "مر القطار عبر أنفاق قديمة بعيدا عن بيروت.",
    "لم تكن الأزمة في لبنان اقتصادية فحسب بل سياسية.",
    "استطلعت الشبكة رأي السكان في بيروت بشأن الجسر.",
    "روسيا لن توقع الاتفاق قبل نهاية العام.",
    "رفع المحتجون في بيروت لافتة كبيرة قرب الميناء.",
    "وافتتح في باريس موقع جديد تابع لصحيفة الميناء.",
    "خلاصة القول إن الحرب في لبنان انتهت.",
]  # fmt: skip


@pytest.mark.parametrize("text", NOBODY)
def test_what_cannot_speak_is_quoted_by_nobody(text: str) -> None:
    assert [chain for chain in speakers(text) if chain] == []


def test_a_date_is_nobody() -> None:
    text = "قال ناصر البدري إن السد آمن. وأعلن 10 سبتمبر أن العمل انتهى."
    assert "10 سبتمبر" not in {name for chain in speakers(text) for name in chain}


def test_an_adjective_is_no_speaker_who_went_before() -> None:
    text = "في الريف السوري دمار واسع منذ 2015. وأضاف أن المدارس مغلقة."
    assert speakers(text)[-1] == [None]


def test_who_accuses_may_stand_before_the_verb() -> None:
    (claim,) = claims_of("فرنسا تتهم شركة الميناء بتسريب الوثائق.")
    assert [(link.speaker, link.mode) for link in claim.attribution] == [("فرنسا", "accuses")]


HEADINGS = [
    ("انترفاكس: روسيا تسلم الهند سفينة جديدة", [("انترفاكس", "reports")]),
    ("رويترز : الهند توقع عقدا مع روسيا", [("رويترز", "reports")]),
    ("رويترز عن مصدر أمني: الهند ستسلم روسيا سفينة", [("رويترز", "reports"), ("مصدر أمني", "says")]),
    ("تاس نقلا عن لافروف: المحادثات ستبدأ في يناير", [("تاس", "reports"), ("لافروف", "says")]),
    ("الكرملين: «لا نرى أي تغيير في موقف باريس»", [("الكرملين", "says")]),
    ('الكرملين : " لا نرى أي تغيير في موقف باريس "', [("الكرملين", "says")]),
    ("بوتين:روسيا مستعدة للحوار مع باريس", [("بوتين", "says")]),
    ("بوتين: روسيا مستعدة للحوار مع باريس", [("بوتين", "says")]),
    ("موسكو: لن نسلم السفينة قبل الربيع", [("موسكو", "says")]),
    ("وزير الطاقة اليوناني: لن نشتري الغاز من روسيا", [("وزير الطاقة اليوناني", "says")]),
    ("وزارة الصحة في غزة: ارتفاع الحصيلة إلى 64 شخصا", [("وزارة الصحة في غزة", "says")]),
    ("مصادر لرويترز: الهند ستسلم روسيا سفينة", [("مصادر", "says")]),
    ("بوتين في مؤتمر صحفي: روسيا مستعدة للحوار", [("بوتين", "says")]),
    ("رويترز: الجيش الروسي يعلن السيطرة على بلدة حدودية", [("رويترز", "reports"), ("الجيش الروسي", "announces")]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "chain"), HEADINGS)
def test_a_heading_names_who_says_what_follows_its_colon(text: str, chain: list[tuple[str, str]]) -> None:
    assert modes(text) == chain
    (claim,) = claims_of(text)
    assert claim.text == text and claim.content is not None and claim.content[0] > text.index(":")


@pytest.mark.parametrize(
    "text",
    [
        "سوريا: مقتل عشرة جنود في انفجار قرب حلب",
        "بيروت (رويترز): مقتل عشرة جنود في انفجار قرب الحدود",
        "بالفيديو: مقتل عشرة جنود في انفجار قرب حلب",
        "الباحث: ناصر البدري من جامعة بيروت في لبنان",
        "حركة الفجر: فصيل مسلح ينشط في ريف حلب",
        "رويترز 11: 06 مقتل عشرة جنود في انفجار قرب حلب",
        "بوتين يزور الهند في برلين: قمة قصيرة مع مودي",
    ],
)
def test_a_place_a_label_and_an_hour_before_a_colon_say_nothing(text: str) -> None:
    assert [chain for chain in speakers(text) if chain] == []


def test_all_that_a_heading_introduces_is_whoever_it_names_says() -> None:
    text = "بوتين: روسيا مستعدة للحوار، بينما فرنسا ترفض استئناف المحادثات"
    assert speakers(text) == [["بوتين"], ["بوتين"]]
