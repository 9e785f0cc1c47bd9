"""Dates that are counted: lengths of several units, numbered weeks, first and last months, feasts' days.

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


ARABIC = [
    # lengths of several units, back and ahead, from here and from another day
    ("استقال المحافظ قبل شهر و10 أيام", ["2024-09-02"]),
    ("بدأ العمل في السد قبل عام وشهرين", ["2023-08-12"]),
    ("غادر المنتخب منذ سنة ونصف", ["2023-04-12"]),
    ("سيفتتح المصنع بعد سنتين وثلاثة أشهر", ["2027-01-12"]),
    ("ستجرى الانتخابات بعد شهرين", ["2024-12-12"]),
    ("سيبقى الجرح مفتوحا بعد عامين على الحرب", []),
    ("بعد أسبوع من اليوم", ["2024-10-19"]),
    ("بعد أسبوعين من الآن", ["2024-10-26"]),
    ("بعد شهر ويومين من رأس السنة", ["2025-02-03"]),
    ("قبل أسبوعين من يوم الجمعة", ["2024-10-04"]),
    # within: only where the sentence looks ahead
    ("ستعلن النتائج خلال أسبوعين", ["2024-10-12..2024-10-25"]),
    ("سينتهي العمل في غضون ثلاثة أيام", ["2024-10-12..2024-10-14"]),
    ("وصل إلى البلاد ألف سائح خلال أسبوعين", []),
    ("وارتفعت الأسعار في غضون ثلاثة أيام", []),
    # the first and last units of what is larger
    ("بلغت الصادرات ذروتها في الأشهر التسعة الأولى من العام الجاري", ["2024-01-01..2024-09-30"]),
    ("تراجع الإنتاج في أول ثلاثة أشهر من عام 2023", ["2023-01-01..2023-03-31"]),
    ("هطلت الأمطار في آخر يومين من الشهر الماضي", ["2024-09-29..2024-09-30"]),
    ("في الأيام العشرة الأولى من أغسطس 2024", ["2024-08-01..2024-08-10"]),
    ("في الأشهر الأربعة الأخيرة من 2022", ["2022-09-01..2022-12-31"]),
    ("اليوم الأخير من شهر مايو 2023", ["2023-05-31"]),
    ("سيعود الفريق إلى الملعب في الأسبوع الأخير من الشهر", ["2024-10-28..2024-11-03"]),
    ("في اليوم الأول من الشهر المقبل", ["2024-11-01"]),
    # one further back or ahead than last and next
    ("فاز الفريق الأسبوع قبل الماضي", ["2024-09-23..2024-09-29"]),
    ("صدر الحكم العام قبل الماضي", ["2022-01-01..2022-12-31"]),
    ("السبت قبل الماضي", ["2024-09-28"]),
    ("الأسبوع بعد المقبل", ["2024-10-21..2024-10-27"]),
    ("الثلاثاء بعد القادم", ["2024-10-22"]),
    # quarters, weeks and fiscal years
    ("ستصدر الأرقام في الربع القادم", ["2025-01-01..2025-03-31"]),
    ("نما الاقتصاد في الربع الماضي", ["2024-07-01..2024-09-30"]),
    ("ربع السكان", []),
    ("الأسبوع 31 من عام 2023", ["2023-07-31..2023-08-06"]),
    ("موازنة السنة المالية 2023-2024", ["2023-01-01..2024-12-31"]),
    ("في العام المالي الجاري", ["2024-01-01..2024-12-31"]),
    ("شهر تسعة سنة 2021", ["2021-09-01..2021-09-30"]),
    # up to the day of writing, and the rest
    ("قتل عشرون صحافيا منذ بداية العام", ["2024-01-01..2024-10-12"]),
    ("زار البلاد مليون شخص منذ مطلع الشهر الجاري", ["2024-10-01..2024-10-12"]),
    ("سيبقى الطقس حارا بقية الأسبوع", ["2024-10-12..2024-10-13"]),
    ("ستعقد المحادثات من الاثنين إلى الأربعاء من الأسبوع المقبل", ["2024-10-14..2024-10-16"]),
    # days of feasts
    ("ثاني أيام عيد الفطر 2024", ["2024-04-11"]),
    ("في رابع أيام عيد الأضحى 2024", ["2024-06-19"]),
    ("عشية عيد الأضحى 2024", ["2024-06-15"]),
    ("أول أيام رمضان 2024", ["2024-03-11"]),
    ("العشر الأواخر من رمضان 2024", ["2024-03-31..2024-04-08"]),
    ("أيام التشريق 2024", ["2024-06-17..2024-06-19"]),
    ("الأيام العشرة الأولى من رمضان 2024", ["2024-03-11..2024-03-20"]),
    ("نهار غد", ["2024-10-13"]),
]


@pytest.mark.parametrize(("text", "expected"), ARABIC)
def test_what_is_counted_in_arabic(text: str, expected: list[str]) -> None:
    assert named(text, "ar") == expected


ENGLISH = [
    ("The bridge was closed 1 month and 10 days ago", ["2024-09-02"]),
    ("It opened 2 years, 3 months and 4 days ago", ["2022-07-08"]),
    ("The court ruled a year and a half ago", ["2023-04-12"]),
    ("Two and a half years ago the ministry denied it", ["2022-04-12"]),
    ("It fell in the last two months and a week", ["2024-08-05..2024-10-11"]),
    ("The minister will answer within the next two weeks", ["2024-10-12..2024-10-25"]),
    ("Within two weeks they had left the town", []),
    ("The ceasefire will begin within 3 days of 20 October 2024", ["2024-10-20..2024-10-22"]),
    ("The ministry expects to reply in four working days", ["2024-10-17"]),
    ("the last three working days", ["2024-10-09..2024-10-11"]),
    ("in the first nine months of this year", ["2024-01-01..2024-09-30"]),
    ("in the last two days of September 2024", ["2024-09-29..2024-09-30"]),
    ("the last three months of 2023", ["2023-10-01..2023-12-31"]),
    ("the third Monday of next month", ["2024-11-18"]),
    ("the week before last", ["2024-09-23..2024-09-29"]),
    ("the weekend after next", ["2024-10-26..2024-10-27"]),
    ("next week between Tuesday and Thursday", ["2024-10-15..2024-10-17"]),
    ("from Monday to Wednesday next week", ["2024-10-14..2024-10-16"]),
    ("from Friday the 18th until Tuesday the 22nd", ["2024-10-18..2024-10-22"]),
    ("The talks will be held between the 21st and 23rd", ["2024-10-21..2024-10-23"]),
    ("between the first and second rounds", []),
    ("week 31 of 2023", ["2023-07-31..2023-08-06"]),
    ("from week 31 to week 33", ["2024-07-29..2024-08-18"]),
    ("week 3 of the trial", []),
    ("the week beginning 6 October 2024", ["2024-10-06..2024-10-12"]),
    ("this working week", ["2024-10-07..2024-10-11"]),
    ("Sales fell in the year to date", ["2024-01-01..2024-10-12"]),
    ("from March to date", ["2024-03-01..2024-10-12"]),
    ("since the start of the year", ["2024-01-01..2024-10-12"]),
    ("the fiscal year 2023", ["2023-01-01..2023-12-31"]),
    ("in the nineteen seventies", ["1970-01-01..1979-12-31"]),
    ("in the noughties", ["2000-01-01..2009-12-31"]),
    ("over Labor Day weekend 2023", ["2023-09-02..2023-09-04"]),
    ("the weekend of Halloween 2023", ["2023-10-28..2023-10-31"]),
    ("It cost $12 December 27 prices or not", ["2024-12-27"]),
    ("from 10/1-10/7/2024", ["2024-10-01..2024-10-07"]),
    ("Let us meet next year at 6", ["2025-01-01..2025-12-31"]),
    ("the next day, and three days later", []),
]


@pytest.mark.parametrize(("text", "expected"), ENGLISH)
def test_what_is_counted_in_english(text: str, expected: list[str]) -> None:
    assert named(text, "en") == expected


def test_what_is_only_about_so_is_marked() -> None:
    text = "في السنة المالية 2023 وفي أول أسبوعين من يناير 2024 وقبل يومين"
    assert [when.approximate for when in find_dates(text, SATURDAY, "ar")] == [True, True, False]
