"""Calendars against the library for Hijri, known days for Jalali and the churches' own tables for Easter."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from claims.language.dates.calendars import (
    easter,
    hebrew_new_year_eve,
    month_days,
    orthodox_easter,
    to_gregorian,
)


def test_known_days() -> None:
    assert to_gregorian("jalali", 1403, 8, 1) == date(2024, 10, 22)
    assert to_gregorian("jalali", 1399, 12, 30) == date(2021, 3, 20)
    assert to_gregorian("jalali", 1400, 12, 30) is None
    assert to_gregorian("hijri", 1445, 9, 1) == date(2024, 3, 11)
    assert to_gregorian("hijri", 1200, 1, 1) is None
    assert to_gregorian("gregorian", 2024, 2, 30) is None
    assert (easter(2024), orthodox_easter(2024)) == (date(2024, 3, 31), date(2024, 5, 5))
    assert hebrew_new_year_eve(2024) == date(2024, 10, 2)


@given(st.integers(1, 1499), st.integers(1, 12))
def test_jalali_months_follow_each_other(year: int, month: int) -> None:
    this = month_days("jalali", year, month)
    after = month_days("jalali", year + month // 12, month % 12 + 1)
    assert this and after and this[1] + timedelta(days=1) == after[0]
    assert (this[1] - this[0]).days + 1 in ({31} if month <= 6 else {30} if month < 12 else {29, 30})
