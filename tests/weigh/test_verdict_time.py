"""Time: what is older than an event cannot show it, later words of one outlet stand, every piece tells its age."""

from __future__ import annotations

from datetime import date

import pytest
from weigh_pages import page, verdict_on

from claims.wording import say

CLAIM = "The new bridge in Basra was opened on 7 October 2024."
OPENED = (
    "The new bridge in Basra was opened on 7 October 2024 by the governor.",
    "On 7 October 2024 the governor opened the new bridge in Basra, and the first cars crossed it at noon.",
)


def published(day: date, *texts: str):
    return [page(f"{number}.example", text, published=day) for number, text in enumerate(texts)]


def test_pages_from_before_an_event_do_not_show_that_it_happened() -> None:
    assert verdict_on("Basra", CLAIM, published(date(2024, 10, 8), *OPENED)).verdict == "supported"
    assert verdict_on("Basra", CLAIM, published(date(2024, 9, 20), *OPENED)).verdict == "not_enough_evidence"


@pytest.mark.parametrize(
    ("day", "age"),
    [
        (date(2024, 10, 7), "published on the day of what is claimed"),
        (date(2024, 10, 9), "published after what is claimed, in days: 2"),
        (date(2024, 9, 27), "published before what is claimed, in days: 10"),
    ],
)
def test_every_piece_tells_its_age(day: date, age: str) -> None:
    texts = (
        OPENED[0],
        "The new bridge in Basra was opened on 9 October 2024, two days late, by the governor.",
    )
    verdict = verdict_on("Basra", CLAIM, published(day, *texts))
    assert verdict.evidence
    assert all(age in [say(why, "en") for why in item.why] for item in verdict.evidence)


SUMMIT = "Russia hosts the BRICS summit in Kazan from 22 to 24 October 2024."
SOONER = (
    "Leaders of the BRICS countries will meet in Kazan, Russia, from 22 to 24 October 2024 for the summit."
)
MOVED = (
    "Leaders of the BRICS countries will meet in Kazan, Russia, from 27 to 29 October 2024 for the summit."
)


@pytest.mark.parametrize(("first", "second", "counted"), [(SOONER, MOVED, (0, 1)), (MOVED, SOONER, (1, 0))])
def test_the_later_of_two_pages_of_one_outlet_stands(
    first: str, second: str, counted: tuple[int, int]
) -> None:
    earlier = page("one.example", first, published=date(2024, 9, 1))
    later = page("one.example", second, published=date(2024, 10, 1))
    verdict = verdict_on("Kazan", SUMMIT, [earlier, later])
    assert (verdict.supports, verdict.refutes) == counted
    assert any("superseded" in item.why for item in verdict.evidence)
