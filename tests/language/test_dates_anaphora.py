"""Dates that are said from one named before: the same month, the following day, بعدها بيومين.

Written on Saturday 12 October 2024.
"""

from __future__ import annotations

from datetime import date

import pytest

from claims.language.dates import find_dates

SATURDAY = date(2024, 10, 12)


def named(text: str, lang: str) -> list[str]:
    """What was found, as "first..last" or one day."""
    found = find_dates(text, SATURDAY, lang)
    return [str(w.first) if w.first == w.last else f"{w.first}..{w.last}" for w in found]


FIRST_AR = "اعتقل الكاتب في 3 مارس 2022"
ARABIC = [
    (f"{FIRST_AR} وفي اليوم نفسه فتش بيته", "2022-03-03"),
    (f"{FIRST_AR} وفي نفس اليوم فتش بيته", "2022-03-03"),
    (f"{FIRST_AR} وخلال الأسبوع ذاته خرجت مظاهرة", "2022-02-28..2022-03-06"),
    (f"{FIRST_AR} وحوكم في السابع عشر من الشهر ذاته", "2022-03-17"),
    (f"{FIRST_AR} وأفرج عنه في نوفمبر من العام نفسه", "2022-11-01..2022-11-30"),
    (f"{FIRST_AR}. وفي ذلك العام صدر كتابه", "2022-01-01..2022-12-31"),
    (f"{FIRST_AR} وفي اليوم التالي فتش بيته", "2022-03-04"),
    (f"{FIRST_AR} وأفرج عنه في الشهر التالي", "2022-04-01..2022-04-30"),
    (f"{FIRST_AR} وكان قد أوقف في العام السابق", "2021-01-01..2021-12-31"),
    (f"{FIRST_AR} وأفرج عنه بعدها بيومين", "2022-03-05"),
    (f"{FIRST_AR} وأفرج عنه بعد ذلك بثلاثة أسابيع", "2022-03-24"),
    (f"{FIRST_AR} وأفرج عنه بعد شهرين من ذلك", "2022-05-03"),
    (f"{FIRST_AR} وكان قد أوقف قبلها بعام", "2021-03-01..2021-03-31"),
    ("تولى الوزارة في مايو 2018 واستقال بعد ذلك بعامين", "2020-05-01..2020-05-31"),
    ("بلغ التضخم 3 بالمئة في سبتمبر 2024 مقابل 5 في الشهر نفسه من العام الماضي", "2023-09-01..2023-09-30"),
    ("ربح البنك في الربع الثالث من 2024 أكثر مما ربحه في الربع ذاته من 2022", "2022-07-01..2022-09-30"),
]


@pytest.mark.parametrize(("text", "expected"), ARABIC)
def test_what_is_said_from_an_arabic_date(text: str, expected: str) -> None:
    assert named(text, "ar")[1:] == [expected]


FIRST_EN = "The writer was arrested on 3 March 2022"
ENGLISH = [
    (f"{FIRST_EN} and on the same day his house was searched.", "2022-03-03"),
    (f"{FIRST_EN}, and the next day his house was searched.", "2022-03-04"),
    (f"{FIRST_EN} and tried the following week.", "2022-03-07..2022-03-13"),
    (f"{FIRST_EN}. His book had come out the previous month.", "2022-02-01..2022-02-28"),
    (f"{FIRST_EN} and freed three weeks later.", "2022-03-24"),
    (f"{FIRST_EN}. He had been held two years earlier.", "2020-03-01..2020-03-31"),
    (f"{FIRST_EN}; his book came out that year.", "2022-01-01..2022-12-31"),
    (f"{FIRST_EN} and freed in November of the same year.", "2022-11-01..2022-11-30"),
    ("Profits rose in the third quarter of 2024 from a year earlier.", "2023-07-01..2023-09-30"),
    ("Prices rose in September 2024 but fell in the same month last year.", "2023-09-01..2023-09-30"),
]


@pytest.mark.parametrize(("text", "expected"), ENGLISH)
def test_what_is_said_from_an_english_date(text: str, expected: str) -> None:
    assert named(text, "en")[1:] == [expected]


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("وفي الشهر نفسه انهار الجسر", "ar"),
        ("وفي اليوم التالي وصل الوفد", "ar"),
        ("ووصل بعدها بيومين إلى المدينة", "ar"),
        ("كان ذات يوم وزيرا", "ar"),
        ("It happened the same week, he said that week after week.", "en"),
        ("كان يعمل في السابق يوم السبت من كل أسبوع", "ar"),
        ("وكذلك اليوم السابق للحفل", "ar"),
        ("She left three days later.", "en"),
    ],
)
def test_nothing_is_guessed_where_no_date_was_named(text: str, lang: str) -> None:
    assert named(text, lang) == []


def test_a_coarser_date_gives_no_finer_one() -> None:
    assert named("It began in 2019 and ended the following day.", "en") == ["2019-01-01..2019-12-31"]
    assert named("بدأت الحرب عام 2019 وفي الأسبوع التالي اتسعت", "ar") == ["2019-01-01..2019-12-31"]


def test_later_than_planned_is_no_date() -> None:
    assert named("It opened on 3 March 2022, two weeks later than planned.", "en") == ["2022-03-03"]


def test_a_date_far_above_is_not_meant() -> None:
    between = "The hall is made of wood and glass. " * 15
    assert named(f"It opened on 3 March 2022. {between} It closed the following day.", "en") == ["2022-03-03"]
