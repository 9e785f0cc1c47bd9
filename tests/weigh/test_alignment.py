"""Dates and figures: which agree, which differ, and which are about something else."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.model import Grain, Quantity, When
from claims.weigh.alignment import fit_dates, fit_numbers


def when(first: str, last: str | None = None, grain: Grain = "day", approximate: bool = False) -> When:
    return When("x", 0, 1, date.fromisoformat(first), date.fromisoformat(last or first), grain, approximate)


def quantity(value: float, unit: str | None = "person", approximate: bool = False) -> Quantity:
    return Quantity("x", 0, 1, value, unit, approximate)


@pytest.mark.parametrize(
    ("found", "fit"),
    [
        (when("2024-10-22", "2024-10-24"), "agree"),
        (when("2024-10-22"), "agree"),
        (when("2024-10-12", "2024-10-14"), "differ"),
        (when("2024-10-23", "2024-10-25"), "differ"),
        (when("2023-08-22", "2023-08-24"), "elsewhere"),
        (when("2024-10-21", "2024-10-27", "week"), "silent"),
        (when("2024-10-01", "2024-10-31", "month"), "silent"),
        (when("2024-10-12", approximate=True), "silent"),
    ],
)
def test_days_of_a_summit(found: When, fit: str) -> None:
    assert fit_dates([when("2024-10-22", "2024-10-24")], [found])[0] == fit


def test_one_date_that_agrees_outweighs_others() -> None:
    found = [when("2024-09-10"), when("2024-10-22", "2024-10-24"), when("2024-10-12")]
    assert fit_dates([when("2024-10-22", "2024-10-24")], found)[0] == "agree"


@given(st.integers(0, 400), st.integers(0, 6), st.integers(0, 400), st.integers(0, 6))
def test_two_stretches_of_days_never_agree_and_differ(a: int, n: int, b: int, m: int) -> None:
    start = date(2024, 1, 1)
    mine = When("x", 0, 1, start + timedelta(a), start + timedelta(a + n), "day")
    theirs = When("x", 0, 1, start + timedelta(b), start + timedelta(b + m), "day")
    fit, *_ = fit_dates([mine], [theirs])
    if fit == "agree":
        assert mine.first <= theirs.first and theirs.last <= mine.last
    if fit == "differ":
        assert not (mine.first <= theirs.first and theirs.last <= mine.last)


@pytest.mark.parametrize(
    ("claimed", "found", "fit"),
    [
        (quantity(200), quantity(200), "agree"),
        (quantity(200), quantity(300), "differ"),
        (quantity(200, approximate=True), quantity(215), "agree"),
        (quantity(200), quantity(300, "percent"), "silent"),
        (quantity(200, None), quantity(300, None), "silent"),
    ],
)
def test_figures(claimed: Quantity, found: Quantity, fit: str) -> None:
    assert fit_numbers([claimed], [found])[0] == fit
