"""The night after: nothing is weighed again where nothing has changed, and an edit changes what rests on it."""

from __future__ import annotations

from pathlib import Path

import pytest
from bridge import ask, night
from towns import Story, write_towns

STORIES = 3


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    file = write_towns(tmp_path, STORIES)
    assert night(file).articles == STORIES
    return file


def rulings(desk: Path) -> dict[str, tuple[str, str | None, str]]:
    """By claim: whether it is so, whether it was said, and the verdict that says it."""
    rows = ask(desk, "SELECT claim_id, verdict, said, verdict_id FROM claim_status")
    return {str(claim): (verdict, said, name) for claim, verdict, said, name in rows}  # type: ignore[misc]


def test_where_nothing_has_changed_no_verdict_is_added_and_the_report_is_short(desk: Path) -> None:
    first = rulings(desk)
    ((verdicts, readings),) = ask(
        desk, "SELECT (SELECT count(*) FROM verdict), (SELECT count(*) FROM document_reading)"
    )
    again = night(desk, days=1)
    assert (again.articles, again.claims) == (STORIES, len(first))
    assert rulings(desk) == first
    assert ask(desk, "SELECT (SELECT count(*) FROM verdict), (SELECT count(*) FROM document_reading)") == [
        (verdicts, readings)
    ]
    checked = ask(desk, f"SELECT count(*) FROM run_verdict WHERE run_id = '{again.run}'")
    assert checked == [(len(first),)]
    assert again.report and "وبقيت" in again.report.read_text(encoding="utf-8")
    assert list((again.report.parent / "claims").iterdir()) == []


def test_from_night_to_night_other_questions_are_asked_and_nothing_is_named_that_was_one_too_many(
    desk: Path,
) -> None:
    first = rulings(desk)
    every = {query for (query,) in ask(desk, "SELECT DISTINCT query FROM sought")}
    asked = set()
    for days in range(1, 7):
        again = night(desk, days=days)
        told = ask(desk, f"SELECT claim_id, query FROM sought WHERE run_id = '{again.run}'")
        assert len({claim for claim, _ in told}) == len(told)  # one question a claim
        asked |= {query for _, query in told}
    assert asked == every
    assert rulings(desk) == first


def test_a_page_edited_in_between_changes_the_ruling_on_its_claim_and_is_named(desk: Path) -> None:
    first = rulings(desk)
    story = Story(1)
    page = desk.parent / "web" / story.page
    text = page.read_text(encoding="utf-8")
    page.write_text(text.replace(f"{story.cost} مليون", f"{story.cost + 30} مليون"), encoding="utf-8")
    later = night(desk, days=1)
    assert later.claims == len(first)
    after = rulings(desk)
    ((cost,),) = ask(desk, f"SELECT claim_id FROM claim_status WHERE text LIKE '%بلغت {story.cost} مليون%'")
    changed = {claim for claim in first if first[claim][:2] != after[claim][:2]}
    assert changed == {cost}
    ((claim, causes),) = ask(
        desk, f"SELECT claim_id, causes FROM changes_since('2020-01-01') WHERE decision_id = '{later.run}'"
    )
    assert claim == cost and "source_edited" in causes  # type: ignore[operator]
    report = later.report
    assert report and f"daftar.example/{story.number}" in report.read_text(encoding="utf-8")
