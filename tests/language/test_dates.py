"""Dates in the prose of news, written on Saturday 12 October 2024."""

from __future__ import annotations

import time
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.language.dates import find_dates

SATURDAY = date(2024, 10, 12)


def named(text: str, reference: date | None = SATURDAY, lang: str | None = None) -> list[str]:
    """What was found, as "first..last" or one day, in a sentence that is more than the date."""
    found = find_dates(f"وأكد المتحدث ذلك. {text} بحسب مراسلنا هناك.", reference, lang)
    return [str(w.first) if w.first == w.last else f"{w.first}..{w.last}" for w in found]


def named_en(text: str, reference: date | None = SATURDAY) -> list[str]:
    found = find_dates(f"The spokesman was brief. {text} our reporter there writes.", reference)
    return [str(w.first) if w.first == w.last else f"{w.first}..{w.last}" for w in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # three systems of month names, alone, in pairs, with marks and with digits of other scripts
        ("في 22 أكتوبر 2024", ["2024-10-22"]),
        ("في ٢٢ تشرين الأوّل ٢٠٢٤", ["2024-10-22"]),
        ("في 15 جانفي 2023 وفي 3 جويلية 2024", ["2023-01-15", "2024-07-03"]),
        ("في 24 فبراير/شباط عام 2022", ["2022-02-24"]),
        ("الثلاثاء 15 تشرين الأول (أكتوبر) 2024", ["2024-10-15"]),
        ("في 22/10/2024", ["2024-10-22"]),
        ("في الخامس والعشرين من يناير 2011", ["2011-01-25"]),
        # ranges and lists
        ("من 22 إلى 24 أكتوبر/ تشرين الأول الجاري", ["2024-10-22..2024-10-24"]),
        ("بين 22 و24 أكتوبر 2024", ["2024-10-22..2024-10-24"]),
        ("ما بين 22 أكتوبر و3 نوفمبر المقبلين", ["2024-10-22..2024-11-03"]),
        ("من 28 سبتمبر إلى 3 أكتوبر 2024", ["2024-09-28..2024-10-03"]),
        ("في 22 و24 أكتوبر الجاري", ["2024-10-22", "2024-10-24"]),
        ("من يناير إلى سبتمبر", ["2024-01-01..2024-09-30"]),
        # from the day of writing
        ("وصل الوفد أمس", ["2024-10-11"]),
        ("وقع ذلك أمس الجمعة", ["2024-10-11"]),
        ("قال الوزير اليوم إنه راض", ["2024-10-12"]),
        ("سيصل صباح غد الاثنين", ["2024-10-13", "2024-10-14"]),
        ("في 10 - 9 - 2015", ["2015-09-10"]),
        ("وصل إلى لبنان اليوم", ["2024-10-12"]),
        ("بعد غد الاثنين", ["2024-10-14"]),
        ("التقى به الجمعة", ["2024-10-11"]),
        ("سيلتقي به الثلاثاء", ["2024-10-15"]),
        ("ومن المقرر أن يصل الاثنين المقبل", ["2024-10-14"]),
        ("يوم الأحد الماضي", ["2024-10-06"]),
        ("تعهد الشهر الماضي", ["2024-09-01..2024-09-30"]),
        ("في وقت لاحق من الشهر الجاري", ["2024-10-01..2024-10-31"]),
        ("الأسبوع القادم", ["2024-10-14..2024-10-20"]),
        ("العام المقبل", ["2025-01-01..2025-12-31"]),
        ("قبل ثلاثة أيام", ["2024-10-09"]),
        ("منذ ثلاثة أيام", ["2024-10-09"]),
        ("قبل نحو أسبوعين", ["2024-09-28"]),
        ("خلال الأيام الثلاثة المقبلة", ["2024-10-13..2024-10-15"]),
        ("خلال الأشهر الستة الماضية", ["2024-04-12..2024-10-11"]),
        ("في 7 أكتوبر من العام الماضي", ["2023-10-07"]),
        ("الثالث والعشرين من الشهر المقبل", ["2024-11-23"]),
        # parts of months and years
        ("في منتصف أكتوبر الجاري", ["2024-10-11..2024-10-20"]),
        ("على مدى ما يقارب نصف قرن من الحكم", []),
        ("قبل نصف قرن", ["1974-10-01..1974-10-31"]),
        ("في نصف العام الجاري", ["2024-05-01..2024-08-31"]),
        ("أواخر سبتمبر/ أيلول الماضي", ["2024-09-21..2024-09-30"]),
        ("مطلع العام المقبل", ["2025-01-01..2025-03-31"]),
        ("أوائل 2024", ["2024-01-01..2024-03-31"]),
        ("النصف الأول من العام الجاري", ["2024-01-01..2024-06-30"]),
        ("الربع الثالث من عام 2023", ["2023-07-01..2023-09-30"]),
        # years, decades, feasts, other calendars
        ("في 2023 ارتفع الناتج", ["2023-01-01..2023-12-31"]),
        ("عامي 2012 و2013", ["2012-01-01..2012-12-31", "2013-01-01..2013-12-31"]),
        ("ثمانينيات القرن الماضي", ["1980-01-01..1989-12-31"]),
        ("خلال عيد الفطر 2024", ["2024-04-10"]),
        ("15 رمضان 1445 هـ الموافق 25 مارس 2024", ["2024-03-25", "2024-03-25"]),
        ("شهر رمضان المقبل", ["2025-03-01..2025-03-29"]),
    ],
)  # fmt: skip
def test_arabic_news(text: str, expected: list[str]) -> None:
    assert named(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "انتخاب الأمين العام المقبل للأمم المتحدة",
        "الآن نرى أن الأمر تغير",
        "قالت روسيا اليوم إن الوضع مستقر",
        "في اليوم التالي وصل الوفد",
        "تتطور يوما بعد يوم",
        "حلب بين الأمس واليوم",
        "وصل قبل ثلاثة أيام من الانتخابات",
        "مارس ضغوطا على الحكومة",
        "قالت تيريزا ماي إن رجب طيب أردوغان وصل",
        "نقل 2000 جندي من 2000 قرية",
        "سياسة صفر مشاكل وأهل السنة",
        "للشهر الثالث على التوالي",
        "استمرت نحو ساعة",
        "عمره 30 عاما",
        "نواب قوى 14 آذار وثورة 25 يناير",
        "في الشهر نفسه",
    ],
)
def test_arabic_words_that_are_no_dates(text: str) -> None:
    assert named(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The summit runs from 22 to 24 October 2024", ["2024-10-22..2024-10-24"]),
        ("It is on October 22-24, they say,", ["2024-10-22..2024-10-24"]),
        ("It is on Oct. 28-Nov. 3, 2024,", ["2024-10-28..2024-11-03"]),
        ("They met on Friday, Oct. 11,", ["2024-10-11"]),
        ("He said on Friday", ["2024-10-11"]),
        ("Talks will be held on Friday", ["2024-10-18"]),
        ("three days ago", ["2024-10-09"]),
        ("He will leave in three weeks", ["2024-11-02"]),
        ("last month", ["2024-09-01..2024-09-30"]),
        ("earlier this month", ["2024-10-01..2024-10-11"]),
        ("in the third quarter of last year", ["2023-07-01..2023-09-30"]),
        ("by the end of 2025", ["2025-09-01..2025-12-31"]),
        ("the first Monday of October", ["2024-10-07"]),
        ("since May 2019", ["2019-05-01..2019-05-31"]),
        ("It was worst in May", ["2024-05-01..2024-05-31"]),
        ("In 2023, exports fell", ["2023-01-01..2023-12-31"]),
        ("between 2014 and 2018", ["2014-01-01..2018-12-31"]),
        ("On the 15th, he spoke", ["2024-10-15"]),
        ("two weeks after Easter 2024", ["2024-04-14"]),
        ("the 1990s", ["1990-01-01..1999-12-31"]),
        ("twenty first of May nineteen ninety nine", ["1999-05-21"]),
    ],
)
def test_english_news(text: str, expected: list[str]) -> None:
    assert named_en(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "He may march, and the second man fell in the sun",
        "Mr. May sat down with June",
        "about 2000 soldiers died in 2000 villages",
        "the worst in three years",
        "won 3-2, a 10/10 rating",
        "version 10.2.14 at 10.10.20.30, call 650-650-6500",
        "on the 15th floor",
        "the next day, and three days later",
        "He lent money to his boss on Easter Island, Russia Today reports",
        "the Sunday Times and the September 11 attacks",
        "10 years in prison after a two-day visit",
        "Feb 30, with 31 June to follow",
    ],
)
def test_english_words_that_are_no_dates(text: str) -> None:
    assert named_en(text) == []


@pytest.mark.parametrize(
    ("text", "lang", "expected"),
    [
        ("22–24 октября 2024 года", None, ["2024-10-22..2024-10-24"]),
        ("Саммит пройдет с 22 по 24 октября", None, ["2024-10-22..2024-10-24"]),
        ("двадцать четвёртого февраля 2022 года", None, ["2022-02-24"]),
        ("۲۲ تا ۲۴ اکتبر ۲۰۲۴", "fa", ["2024-10-22..2024-10-24"]),
        ("۱ آبان ۱۴۰۳", "fa", ["2024-10-22"]),
        ("سی ام اسفند ۱۳۸۷", "fa", ["2009-03-20"]),
    ],
)
def test_russian_and_persian(text: str, lang: str | None, expected: list[str]) -> None:
    found = find_dates(text, SATURDAY, lang)
    assert [str(w.first) if w.first == w.last else f"{w.first}..{w.last}" for w in found] == expected


def test_weekday_and_date_that_disagree_are_both_kept() -> None:
    found = find_dates("وصل يوم الجمعة 12 أكتوبر 2024 إلى قازان", SATURDAY)
    assert [(w.text, str(w.first)) for w in found] == [
        ("الجمعة", "2024-10-11"),
        ("12 أكتوبر 2024", "2024-10-12"),
    ]


def test_without_a_reference_only_absolute_dates_are_found() -> None:
    text = "التقيا الجمعة الماضية وأمس وفي 22 أكتوبر وفي 3 مارس 2023 وعام 2019"
    assert [str(w.first) for w in find_dates(text, None)] == ["2023-03-03", "2019-01-01"]


def test_a_text_that_is_nothing_but_a_weekday_means_the_next_one() -> None:
    assert [w.first for w in find_dates("الجمعة", SATURDAY)] == [date(2024, 10, 18)]


def test_approximation_and_grain_are_said() -> None:
    [about] = find_dates("وقع الهجوم قبل نحو أسبوعين في المدينة", SATURDAY)
    [month] = find_dates("وقع الهجوم الشهر الماضي في المدينة", SATURDAY)
    assert (about.grain, about.approximate, month.grain, month.approximate) == ("day", True, "month", False)


_WORDS = """
    الجمعة من 22 إلى أكتوبر / تشرين الأول الماضي أَمْس ـــ قبل ثلاثة أيام 2024 , - . of last May first Monday
    in the q3 1445 هـ رمضان عام و منتصف октября года ۱۴۰۳ آبان عيد الفطر week ٢٢ 1/2/2024 century 80s to two next
"""
_PIECES = st.sampled_from([*_WORDS.split(), "\u200f", "\n"])


@settings(deadline=None)
@given(
    st.lists(_PIECES | st.text(max_size=4), max_size=30),
    st.none() | st.dates(),
    st.sampled_from([None, "ar", "fa", "en"]),
)
def test_offsets_are_exact_ordered_and_apart(
    parts: list[str], reference: date | None, lang: str | None
) -> None:
    text = " ".join(parts)
    position = 0
    for when in find_dates(text, reference, lang):
        assert when.text == text[when.start : when.end] != ""
        assert when.start >= position
        assert when.first <= when.last
        position = when.end


@pytest.mark.parametrize(
    "piece",
    [
        "1",
        "22 ",
        "من ",
        "22 - ",
        "1.1.",
        "1/",
        "من 22 إلى ",
        "(",
        "first last second ",
        "1,111",
        "two thousand and ",
    ],
)
def test_no_text_is_slow(piece: str) -> None:
    text = (piece * 200_000)[:200_000]
    started = time.process_time()
    find_dates(text, SATURDAY)
    assert time.process_time() - started < 1.5  # seconds for a fifth of a megabyte: five times the usual


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The fair is in December", "2024-12-01"),
        ("The fair was in December", "2023-12-01"),
        ("The fair will be in March", "2025-03-01"),
        ("كان المعرض في ديسمبر", "2023-12-01"),
        ("سيقام المعرض في ديسمبر", "2024-12-01"),
    ],
)
def test_the_sense_of_the_sentence_gives_the_year(text: str, expected: str) -> None:
    assert [str(w.first) for w in find_dates(f"{text} in the park of the town", SATURDAY)] == [expected]
