"""Calendars: Hijri and Jalali days as Gregorian ones, and both Easters.

A day that does not exist, or that lies outside what is known of its calendar, is None.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal

from hijridate import Hijri

Calendar = Literal["gregorian", "hijri", "jalali"]

# Umm al-Qura is tabulated for these Hijri years; outside them nothing exact can be said.
_HIJRI_YEARS = range(1343, 1501)
# Jalali years after which the 33-year cycle of leap years breaks.
_JALALI_BREAKS = (
    -61, 9, 38, 199, 426, 686, 756, 818, 1111, 1181, 1210, 1635, 2060, 2097, 2192, 2262, 2324, 2394, 2456,
)  # fmt: skip


def to_gregorian(calendar: Calendar, year: int, month: int, day: int) -> date | None:
    """The Gregorian day of a day in one of the three calendars, or None where there is no such day."""
    try:
        if calendar == "hijri":
            if year not in _HIJRI_YEARS:
                return None
            known = Hijri(year, month, day).to_gregorian()
            return date(known.year, known.month, known.day)
        if calendar == "jalali":
            return _jalali(year, month, day)
        return date(year, month, day)
    except (ValueError, OverflowError):
        return None


def month_days(calendar: Calendar, year: int, month: int) -> tuple[date, date] | None:
    """First and last day of a month in one of the three calendars."""
    first = to_gregorian(calendar, year, month, 1)
    after = to_gregorian(calendar, year + month // 12, month % 12 + 1, 1)
    return (first, after - timedelta(days=1)) if first and after else None


def calendar_years(calendar: Calendar, first: int, last: int) -> range:
    """The years of a calendar that touch the Gregorian years from first to last."""
    if calendar == "hijri":
        return range((first - 622) * 33 // 32 - 1, (last - 622) * 33 // 32 + 3)
    if calendar == "jalali":
        return range(first - 622, last - 620)
    return range(first, last + 1)


def _jalali(year: int, month: int, day: int) -> date | None:
    if not (1 <= month <= 12 and 1 <= day <= 31 and 1 <= year < 2000):
        return None
    march, leap = _nowruz(year)
    length = 31 if month <= 6 else 30 if month < 12 or leap else 29
    if day > length:
        return None
    before = (month - 1) * 31 if month <= 7 else 186 + (month - 7) * 30
    return date(year + 621, 3, march) + timedelta(days=before + day - 1)


def _nowruz(year: int) -> tuple[int, bool]:
    """The day of March on which a Jalali year begins, and whether that year is a leap year."""
    leaps, previous, jump = -14, _JALALI_BREAKS[0], 0
    for following in _JALALI_BREAKS[1:]:
        jump = following - previous
        if year < following:
            break
        leaps += jump // 33 * 8 + jump % 33 // 4
        previous = following
    passed = year - previous
    leaps += passed // 33 * 8 + (passed % 33 + 3) // 4
    if jump % 33 == 4 and jump - passed == 4:
        leaps += 1
    gregorian = year + 621
    march = 20 + leaps - (gregorian // 4 - (gregorian // 100 + 1) * 3 // 4 - 150)
    if jump - passed < 6:
        passed = passed - jump + (jump + 4) // 33 * 33
    return march, ((passed + 1) % 33 - 1) % 4 == 0


def easter(year: int) -> date:
    """Easter Sunday of the Western churches."""
    a, b, c = year % 19, year // 100, year % 100
    h = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    k = (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7
    m = (a + 11 * h + 22 * k) // 451
    return date(year, (h + k - 7 * m + 114) // 31, (h + k - 7 * m + 114) % 31 + 1)


def orthodox_easter(year: int) -> date:
    """Easter Sunday of the Eastern churches, in the Gregorian calendar."""
    d = (19 * (year % 19) + 15) % 30
    e = (2 * (year % 4) + 4 * (year % 7) - d + 34) % 7
    shift = year // 100 - year // 400 - 2
    return date(year, (d + e + 114) // 31, (d + e + 114) % 31 + 1) + timedelta(days=shift)


def hebrew_new_year_eve(year: int) -> date:
    """The day on whose evening the Hebrew year begins that starts in this Gregorian year."""
    hebrew = year + 3761
    before, this, after = (_hebrew_days(y) for y in (hebrew - 1, hebrew, hebrew + 1))
    delay = 2 if after - this == 356 else 1 if this - before == 382 else 0
    return date.fromordinal(this + delay - 1373428)


def _hebrew_days(year: int) -> int:
    """Days from the epoch to the mean new moon of a Hebrew year, moved off three weekdays."""
    months = (235 * year - 234) // 19
    days = 29 * months + (12084 + 13753 * months) // 25920
    return days + 1 if 3 * (days + 1) % 7 < 3 else days
