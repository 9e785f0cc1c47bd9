"""What people mark on a claim holds for the engine from the next night on, and what they take back does not."""

from __future__ import annotations

import asyncio
from itertools import count
from pathlib import Path

import pytest
from bridge import ask, make_desk, night, write_page

from claims.pipeline import Finished, plan_replay, run_plan
from claims.record.desk import Action, act, actions_on, new_action
from claims.record.store import Store

_forms = count()


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    file = make_desk(tmp_path)
    assert night(file).claims == 2
    return file


def did(desk: Path, on: str, kind: str, **payload: str) -> Action:
    store = Store(desk.parent / "workspace")
    with store.turn() as con:
        log = actions_on(con, on)
    seen = log[-1].id if log else None
    return act(store, new_action(on, kind, "ravi", "", payload, seen, str(next(_forms))))  # type: ignore[arg-type]


def status(desk: Path, part: str) -> tuple[str, str, int]:
    """The claim, its verdict, and how many origins support it."""
    ((claim, verdict, supports),) = ask(
        desk, f"SELECT claim_id, verdict, supports FROM claim_status WHERE text LIKE '%{part}%'"
    )
    assert isinstance(supports, int)
    return str(claim), str(verdict), supports


def reasons(desk: Path, run: Finished, claim: str) -> set[str]:
    found = ask(
        desk,
        f"SELECT DISTINCT unnest(why || reasons) FROM run_verdict JOIN verdict USING (verdict_id) "
        f"JOIN verdict_evidence USING (verdict_id) WHERE run_id = '{run.run}' AND verdict.claim_id = '{claim}'",
    )
    return {str(why) for (why,) in found}


def address(desk: Path, name: str) -> str:
    return (desk.parent / "pages" / name).resolve().as_uri()


@pytest.mark.parametrize(
    ("kind", "payload", "why"),
    [
        ("interested", {}, "marked_interested|ravi"),
        pytest.param("copy", {"of": "one.html"}, "marked_copy|ravi", marks=pytest.mark.slow),
        pytest.param("copy", {"of": "صحيفة الشاطئ"}, "marked_copy|ravi", marks=pytest.mark.slow),
    ],
)
def test_a_marked_page_is_no_second_origin_until_the_mark_is_taken_back(
    desk: Path, kind: str, payload: dict[str, str], why: str
) -> None:
    claim, *before = status(desk, "الجسر الجديد افتتح")
    assert before == ["supported", 2]
    of = {"of": address(desk, payload["of"])} if payload.get("of") == "one.html" else payload
    mark = did(desk, claim, kind, url=address(desk, "two.html"), **of)
    marked = night(desk)
    assert marked.claims == 1  # the one that was marked, and it alone
    assert status(desk, "الجسر الجديد افتتح") == (claim, "not_enough_evidence", 1)
    assert why in reasons(desk, marked, claim)
    assert marked.report and "ravi" in (marked.report.parent / "claims" / f"{claim}.html").read_text()
    assert night(desk).claims == 0
    did(desk, claim, "undo", undoes=mark.id)
    assert night(desk).claims == 1
    assert status(desk, "الجسر الجديد افتتح") == (claim, "supported", 2)


def test_an_added_page_is_evidence_and_a_repetition_of_the_night_agrees(desk: Path) -> None:
    claim, *before = status(desk, "كلفة الجسر")
    assert before == ["not_enough_evidence", 1]
    elsewhere = desk.parent / "pages" / "three.html"
    write_page(
        elsewhere, "وكالة الساحل", "بلغت كلفة الجسر الجديد في المرسى 40 مليون دينار، وافتتح في 3 مارس 2024."
    )
    added = did(desk, claim, "add_source", url=address(desk, "three.html"))
    found = night(desk)
    assert status(desk, "كلفة الجسر") == (claim, "supported", 2)
    assert "added_by|ravi" in reasons(desk, found, claim)
    did(desk, claim, "undo", undoes=added.id)
    again = asyncio.run(run_plan(plan_replay(desk.parent / "workspace", found.run), nothing_to_do=True))
    assert again.report and found.report
    page = f"claims/{claim}.html"
    assert (again.report.parent / page).read_bytes() == (found.report.parent / page).read_bytes()


@pytest.mark.slow
def test_joined_claims_share_their_pages_and_each_page_counts_once(desk: Path) -> None:
    opened, *_ = status(desk, "الجسر الجديد افتتح")
    elsewhere = desk.parent / "inbox" / "visit.txt"
    elsewhere.write_text("وصل وزير النقل إلى المرسى وافتتح الجسر الجديد في 3 مارس 2024.", encoding="utf-8")
    assert night(desk).claims == 1
    other, verdict, supports = status(desk, "وصل وزير النقل")
    did(desk, other, "join", claim=opened)
    joined = night(desk)
    assert joined.claims == 2
    assert "joined_claims|1" in reasons(desk, joined, opened)
    assert status(desk, "الجسر الجديد افتتح") == (opened, "supported", 2)  # the same two pages
    assert status(desk, "وصل وزير النقل")[2] >= supports
    did(desk, other, "split")
    apart = night(desk)
    assert apart.claims == 2
    assert status(desk, "وصل وزير النقل") == (other, verdict, supports)
    assert not any(why.startswith("joined_claims") for why in reasons(desk, apart, opened))
