"""New claims of a night and those that are known: the same are joined, what may be the same is suggested."""

from __future__ import annotations

from pathlib import Path

import pytest
from bridge import ARTICLE, ask, make_desk, night

from claims.record.desk import act, actions_on, new_action
from claims.record.store import Store

OPENED = "أعلنت بلدية المرسى أن الجسر الجديد افتتح في 3 مارس 2024 بحضور وزير النقل."


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    file = make_desk(tmp_path)
    night(file)
    return file


def also(desk: Path, text: str) -> set[tuple[object, ...]]:
    """What the next night finds each claim of another article to be like: words of both, and how."""
    (desk.parent / "inbox" / "other.txt").write_text(text, encoding="utf-8")
    run = night(desk).run
    return set(
        ask(
            desk,
            "SELECT new.text, known.text, relation FROM claim_match "
            "JOIN claim AS new USING (claim_id) JOIN claim AS known ON known.claim_id = other_id "
            f"WHERE run_id = '{run}'",
        )
    )


def joined(desk: Path) -> list[tuple[object, ...]]:
    return ask(desk, "SELECT who, kind FROM action ORDER BY number")


def test_what_is_told_twice_is_joined_and_a_person_parts_it_for_good(desk: Path) -> None:
    found = also(desk, f"قال مراسلنا في تغطية اليوم. {OPENED}")
    assert ("أعلنت" in ARTICLE) and {relation for *_, relation in found} >= {"same"}
    assert joined(desk) == [("tabayyun", "join")]
    ((claim, other),) = ask(desk, "SELECT claim_id, payload ->> 'claim' FROM action")
    shared = night(desk)
    assert shared.claims == 2  # both are looked at again, with the pages of both
    reasons = ask(
        desk,
        "SELECT reasons FROM run_verdict JOIN verdict USING (verdict_id) "
        f"WHERE run_id = '{shared.run}' AND verdict.claim_id = '{claim}'",
    )
    assert any("joined_claims" in str(row) for row in reasons)
    store = Store(desk.parent / "workspace")
    with store.turn() as con:
        seen = actions_on(con, str(claim))[-1].id
    act(store, new_action(str(claim), "split", "ravi", "", {}, seen, "form"))
    night(desk)
    assert joined(desk) == [("tabayyun", "join"), ("ravi", "split")]
    assert other != claim


def test_one_figure_one_day_or_one_name_that_differs_is_left_to_a_person(desk: Path) -> None:
    for other in (
        OPENED.replace("3 مارس", "4 مارس"),
        OPENED.replace("المرسى", "الزهراء"),
        OPENED.replace("افتتح", "لم يفتتح"),
    ):
        found = also(desk, other)
        assert found and {relation for *_, relation in found} == {"related"}, other
    assert joined(desk) == []
    assert ask(desk, "SELECT count(*) > 2 FROM suggested_joins") == [(True,)]
    page = next((desk.parent / "workspace" / "reports").glob("*/index.ar.html"), None)
    assert page is None  # the report opens in Arabic
    reports = (desk.parent / "workspace" / "reports").glob("*/index.html")
    assert any("قد يكون هو نفسه" in path.read_text(encoding="utf-8") for path in reports)


def test_nothing_short_is_joined_without_a_person(desk: Path) -> None:
    also(desk, "بلغت كلفة الجسر 40 مليون دينار.")
    again = desk.parent / "inbox" / "third.txt"
    again.write_text("وفي خبر آخر من المدينة هذا اليوم. بلغت كلفة الجسر 40 مليون دينار.", encoding="utf-8")
    run = night(desk).run
    found = ask(desk, f"SELECT relation FROM claim_match WHERE run_id = '{run}'")
    assert found and set(found) == {("related",)}
    assert joined(desk) == []


def test_a_claim_is_known_again_in_another_language(desk: Path) -> None:
    also(
        desk,
        "التقى الرئيس الروسي فلاديمير بوتين نظيره الإيراني مسعود بزشكيان في عشق آباد يوم 11 أكتوبر 2024.",
    )
    english = desk.parent / "inbox" / "english.txt"
    english.write_text(
        "Russian President Vladimir Putin met his Iranian counterpart Masoud Pezeshkian in Ashgabat on 11 October 2024.",
        encoding="utf-8",
    )
    run = night(desk).run
    ((relation, score),) = ask(
        desk,
        "SELECT relation, score FROM claim_match JOIN claim ON claim.claim_id = other_id "
        f"WHERE run_id = '{run}' AND claim.text LIKE '%بزشكيان%'",
    )
    assert relation == "same", score
