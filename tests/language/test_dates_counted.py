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
    # halves and thirds of a month, this month without its name
    ("ستعقد الجولة في النصف الثاني من نوفمبر المقبل", ["2024-11-16..2024-11-30"]),
    ("وصل الوفد في الثلث الأول من الشهر الجاري", ["2024-10-01..2024-10-10"]),
    ("سيعقد اللقاء في 20 الجاري", ["2024-10-20"]),
    ("ستقام البطولة من 20 إلى 25 الجاري في الدوحة", ["2024-10-20..2024-10-25"]),
    ("من الـ20 إلى الـ25 من نوفمبر 2024", ["2024-11-20..2024-11-25"]),
    ("قتل 5 في الشهر الماضي", ["2024-09-01..2024-09-30"]),
    # what ends on a day, what is about so long, several halves
    ("في السنة المالية المنتهية في 30 يونيو 2024", ["2023-07-01..2024-06-30"]),
    ("في الأشهر التسعة المنتهية في سبتمبر 2024", ["2024-01-01..2024-09-30"]),
    ("وقع الهجوم قبل أكثر من ثلاثة أيام", ["2024-10-09"]),
    ("لم يزرها منذ عشر سنوات", ["2014-10-01..2014-10-31"]),
    ("بدأت الأزمة قبل عام ونصف العام", ["2023-04-12"]),
    ("خلال الساعات الـ24 الماضية", ["2024-10-11..2024-10-12"]),
    ("خلال الـ48 ساعة المقبلة", ["2024-10-12..2024-10-14"]),
    ("سيكتمل العمل خلال أسبوعين من الآن", ["2024-10-12..2024-10-25"]),
    ("من الآن حتى نهاية العام", ["2024-10-12..2024-12-31"]),
    # lists and nights of weekdays
    ("ستجتمع اللجنة الأحد والاثنين المقبلين", ["2024-10-13", "2024-10-14"]),
    ("ستجتمع اللجنة الاثنين والأربعاء من الأسبوع المقبل", ["2024-10-14", "2024-10-16"]),
    ("قصفت المدينة ليل الخميس الجمعة", ["2024-10-10..2024-10-11"]),
    ("استمر القصف من مساء الخميس حتى فجر السبت", ["2024-10-10..2024-10-12"]),
    ("يخرج الناس كل جمعة إلى الساحة", []),
    ("تحتفل البلاد في 16 نوفمبر من كل عام", []),
    # other years
    ("في مثل هذا اليوم من عام 1973 اندلعت الحرب", ["1973-10-12"]),
    ("في تسعينات القرن العشرين", ["1990-01-01..1999-12-31"]),
    ("عقدت الندوة بين 3 و9 مايو من العام الماضي", ["2023-05-03..2023-05-09"]),
    ("سافر بين نهاية مارس ومنتصف أبريل 2024", ["2024-03-21..2024-04-20"]),
    ("يوم الجمعة 2.5 مليون ناخب", ["2024-10-11"]),
    ("في شهري يوليو وأغسطس 2023", ["2023-07-01..2023-07-31", "2023-08-01..2023-08-31"]),
    ("بين شهري يوليو وأغسطس 2023", ["2023-07-01..2023-08-31"]),
    ("سيعلن القرار آخر نوفمبر 2024", ["2024-11-21..2024-11-30"]),
    ("سيعلن القرار خلال 48 ساعة", ["2024-10-12..2024-10-14"]),
    ("أعلن القرار خلال 48 ساعة", []),
    ("في العقد الثاني من القرن الحالي", ["2010-01-01..2019-12-31"]),
    ("كان ذلك قبل ربع قرن", ["1999-10-01..1999-10-31"]),
    ("العشر الأوائل من ذي الحجة 1445", ["2024-06-07..2024-06-16"]),
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
    ("in the second half of September 2024", ["2024-09-16..2024-09-30"]),
    ("in the first half of this month", ["2024-10-01..2024-10-15"]),
    ("In the week ending Oct. 5, claims fell", ["2024-09-29..2024-10-05"]),
    ("In the fiscal year ended 30 June 2024 it grew", ["2023-07-01..2024-06-30"]),
    ("The three months to September 2024 were dry", ["2024-07-01..2024-09-30"]),
    ("In FY 2024 and FY23 it grew", ["2024-01-01..2024-12-31", "2023-01-01..2023-12-31"]),
    ("w/c 7 October 2024", ["2024-10-07..2024-10-13"]),
    ("Ten were killed in the past 24 hours", ["2024-10-11..2024-10-12"]),
    ("They met two years ago and eight years ago", ["2022-10-12", "2016-10-01..2016-10-31"]),
    ("The border was closed on the 8th, and was open by the 10th", ["2024-10-08", "2024-10-10"]),
    ("The office will close by year-end", ["2024-09-01..2024-12-31"]),
    ("Between early March and late April 2024 it rained", ["2024-03-01..2024-04-30"]),
    ("They will meet this Friday, Oct. 18, in Rome", ["2024-10-18"]),
    ("They met on March 22nd, 23rd and 24th", ["2024-03-22", "2024-03-23", "2024-03-24"]),
    ("They met on Monday and Tuesday last week", ["2024-09-30", "2024-10-01"]),
    ("from 5/1-5/7, 2020 they were away", ["2020-05-01..2020-05-07"]),
    ("He was born on 31-Oct-74", ["1974-10-31"]),
    ("On this day in 1973 the war began", ["1973-10-12"]),
    ("Every Friday they go out, and each October", []),
    ("On Friday 2.5 million people voted", ["2024-10-11"]),
    ("Sales will fall in the coming quarter", ["2025-01-01..2025-03-31"]),
    ("Prices will fall in 2025, and fell last fall", ["2025-01-01..2025-12-31", "2023-09-23..2023-12-21"]),
    ("Ministers will decide within the next two weeks", ["2024-10-12..2024-10-25"]),
    ("The vote takes place in two weeks' time, he says", ["2024-10-26"]),
    ("in July and August 2023", ["2023-07-01..2023-07-31", "2023-08-01..2023-08-31"]),
    ("in December and January 2024", ["2023-12-01..2023-12-31", "2024-01-01..2024-01-31"]),
    ("Friday the thirteenth, or Friday the two of them came", ["2024-09-13", "2024-10-11"]),
]


@pytest.mark.parametrize(("text", "expected"), ENGLISH)
def test_what_is_counted_in_english(text: str, expected: list[str]) -> None:
    assert named(text, "en") == expected


def test_a_figure_after_a_weekday_is_no_part_of_it() -> None:
    [friday] = find_dates("On Friday 2.5 million people voted", SATURDAY, "en")
    assert (friday.text, friday.first) == ("Friday", date(2024, 10, 11))


def test_what_is_only_about_so_is_marked() -> None:
    text = "في السنة المالية 2023 وفي أول أسبوعين من يناير 2024 وقبل يومين وقبل أكثر من ثلاثة أيام"
    assert [when.approximate for when in find_dates(text, SATURDAY, "ar")] == [True, True, False, True]
