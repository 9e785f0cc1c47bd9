"""The checks: what separates two texts that share nearly all their words."""

from __future__ import annotations

from datetime import date

import pytest

from claims.weigh.stance_checks import Checks, checks_of
from claims.weigh.words_alike import akin


def checks(claim: str, passage: str, day: date = date(2024, 5, 20)) -> Checks:
    return checks_of(claim, passage, 0.9, day, day)


BRIDGE = "Divers found 23 amphorae near the old bridge on Tuesday, the harbour office said."
WELL = "عثر غواصون على 23 جرة قرب الجسر القديم يوم الثلاثاء."


@pytest.mark.parametrize(
    ("claim", "passage", "fit"),
    [
        ("Divers found more than twenty amphorae", BRIDGE, "agree"),
        ("Divers found fewer than twenty amphorae", BRIDGE, "differ"),
        ("Divers found about 22 amphorae", BRIDGE, "agree"),
        ("Divers found 32 amphorae", BRIDGE, "differ"),
        ("Divers found amphorae", BRIDGE, "silent"),
        ("عثر غواصون على أكثر من عشرين جرة", WELL, "agree"),
        ("عثر غواصون على أقل من عشرين جرة", WELL, "differ"),
        ("The truce lasted three days", "The truce lasted 72 hours.", "agree"),
        ("They won by four goals", "They won 26-22 in the hall.", "missing"),  # would have to be reckoned
    ],
)
def test_figures_are_compared_as_they_are_meant(claim: str, passage: str, fit: str) -> None:
    assert checks(claim, passage).figures == fit


@pytest.mark.parametrize(
    ("claim", "fit"),
    [
        ("Divers found amphorae on 14 May 2024", "agree"),
        ("Divers found amphorae in May 2024", "agree"),
        ("Divers found amphorae on 14 March 2024", "differ"),
        ("Divers found amphorae on 14 July 2024", "differ"),
    ],
)
def test_days_are_compared_with_the_calendar(claim: str, fit: str) -> None:
    assert checks(claim, "Divers found amphorae near the bridge on 14 May 2024.").dates == fit


@pytest.mark.parametrize(
    ("claim", "passage", "what"),
    [
        ("The council opened the bridge", "The council plans to open the bridge in June.", "only_planned"),
        ("افتتح المجلس الجسر", "سيفتتح المجلس الجسر في يونيو.", "only_planned"),
        ("The council opened the bridge", "The council did not open the bridge.", "negation_differs"),
        ("افتتح المجلس الجسر", "لم يفتتح المجلس الجسر.", "negation_differs"),
        ("Prices of bread rose in Oran", "Prices of bread fell in Oran.", "opposite_word"),
        ("ارتفعت أسعار الخبز في وهران", "انخفضت أسعار الخبز في وهران.", "opposite_word"),
        ("The bridge was unsafe", "The mayor said that the bridge was unsafe.", "attributed"),
        ("كان الجسر خطرا", "قال رئيس البلدية إن الجسر كان خطرا.", "attributed"),
        ("The governor said that the bridge was unsafe", "The bridge was unsafe.", "speaker_missing"),
        (
            "Turkey denied that it closed the port",
            "Turkey said that it had closed the port.",
            "denial_differs",
        ),
    ],
)
def test_what_differs_is_told(claim: str, passage: str, what: str) -> None:
    assert getattr(checks(claim, passage), what)
    assert not getattr(checks(claim, claim + "."), what)


def test_another_place_is_missed_where_the_claim_names_it() -> None:
    passage = "Ministers of Egypt signed the contract in Cairo."
    said = checks("Ministers of Egypt signed the contract in Rabat", passage)
    about = checks("Jordan signed the contract for the power lines with ministers", passage)
    assert said.said_missing == 1.0 and said.about_missing == 0.0
    assert about.about_missing == 1.0 and about.other_names


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [("cancel", "cancellat", True), ("اشتر", "مشتر", True), ("bank", "bridg", False), ("جسر", "نهر", False)],
)
def test_forms_of_one_word(one: str, other: str, same: bool) -> None:
    assert akin(one, other) is same and akin(other, one) is same
