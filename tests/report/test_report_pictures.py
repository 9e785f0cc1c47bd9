"""The line of days and the picture of origins: nothing outside, nothing crossed, nothing invented."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from sample_run import sample_record

from claims.report.network import BOX, ROW, WIDTH, picture
from claims.report.timeline import timeline
from claims.report.view import view_run

CLAIMS = [claim for article in view_run(sample_record()).articles for claim in article.claims]
DAYS = st.dates(date(1, 1, 1), date(9999, 12, 31))


@given(st.lists(DAYS | st.none(), min_size=1, max_size=8), DAYS | st.none())
def test_every_mark_lies_on_the_line(days: list[date | None], published: date | None) -> None:
    claim = CLAIMS[0]
    items = claim.so.supports[0].item
    evidence = [replace(items, published=day, capture=f"k_{at}") for at, day in enumerate(days)]
    line = timeline(claim.claim, published, evidence)
    if line is None:
        return
    assert line.first < line.last
    for _, marks in line.lanes:
        for mark in marks:
            assert 0 <= mark.at <= mark.at + mark.reach <= 100
            assert line.first <= mark.first <= mark.last <= line.last


def test_pages_of_a_day_are_counted_and_a_claims_days_reach() -> None:
    claim = next(c for c in CLAIMS if c.claim.text.startswith("تستضيف"))
    assert claim.timeline is not None
    lanes = dict(claim.timeline.lanes)
    (days,) = lanes["claim"]
    assert (days.first, days.last) == (date(2022, 9, 15), date(2022, 9, 16)) and days.reach > 0
    dated = {q.capture.id for q in claim.so.supports if q.item.published}
    assert sum(mark.count for mark in lanes["supports"]) == len(dated)


def test_one_day_alone_makes_no_line() -> None:
    assert timeline(replace(CLAIMS[0].claim, when=()), date(2022, 9, 14), ()) is None
    far = replace(CLAIMS[0].so.supports[0].item, published=date(1970, 1, 1) - timedelta(days=40_000))
    assert timeline(replace(CLAIMS[0].claim, when=()), date(2022, 9, 14), [far]) is None


def test_pages_of_one_origin_stand_together_and_boxes_never_overlap() -> None:
    for claim in CLAIMS:
        drawn = picture(claim.so.origins)
        if drawn is None:
            assert not claim.so.origins
            continue
        places = [(box.x, box.y) for box in drawn.boxes]
        assert len(set(places)) == len(places)
        for x in {x for x, _ in places}:
            ys = sorted(y for at, y in places if at == x)
            assert all(below - above >= ROW for above, below in pairwise(ys))
        assert all(0 <= box.x <= WIDTH - BOX and 0 <= box.y <= drawn.height - ROW for box in drawn.boxes)
        assert sum(box.kind == "origin" for box in drawn.boxes) == len(claim.so.origins)


def test_what_is_not_drawn_is_counted() -> None:
    origin = max((o for c in CLAIMS for o in c.so.origins), key=lambda o: o.pages)
    quote = origin.quotes[0]
    many = tuple(replace(quote, capture=replace(quote.capture, id=f"k_{at}")) for at in range(40))
    drawn = picture([replace(origin, quotes=many)])
    assert drawn is not None
    assert (sum(box.kind == "page" for box in drawn.boxes), drawn.left_out) == (24, 16)
