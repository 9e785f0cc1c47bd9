"""What holds for each claim now, since when, on what quotes, and when it falls due."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from recorded import article, capture, claims, document, evidence, record, rows, run, verdict

from claims.errors import InputError
from claims.model import Review
from claims.record.query import run_sql
from claims.record.status import claim_status
from claims.record.store import Store

CONTRACT = [
    *("claim_id", "article_id", "text", "standalone", "kind", "lang", "speaker", "worth", "verdict", "said"),
    *("confidence", "supports", "refutes", "decided_by", "decided_at", "first_seen", "last_checked", "due"),
]


def test_claim_status_keeps_its_contract(published: Path) -> None:
    columns, found = run_sql(published, "from claim_status")
    assert columns[: len(CONTRACT)] == CONTRACT
    assert len(list(found)) == 2
    first, second = claim_status(published)
    assert list(first) == columns
    assert (first["verdict"], first["said"], first["supports"], first["decided_by"]) == (
        "supported", "supported", 2, "engine",
    )  # fmt: skip
    assert first["speaker"] == "المتحدث"
    assert first["first_seen"] == run().started_at
    assert first["due"] == date(2024, 10, 25)  # the day after the summit
    assert (second["verdict"], second["said"], second["speaker"]) == ("not_enough_evidence", None, None)
    assert second["due"] == date(2024, 10, 13)  # names no day and is young


def test_quotes_lead_to_their_archived_bytes(published: Path) -> None:
    found = rows(
        published,
        "SELECT quote, url, outlet, warc, warc_offset, sha256, claim_id, is_current FROM evidence_quotes "
        "ORDER BY span_start",
    )
    (first, _) = claims(article())
    page = capture()
    assert found[0] == (
        "22 to 24 October", page.final_url, "Page", page.warc, page.offset, page.sha256, first.id, True,
    )  # fmt: skip
    assert len(found) == 2


def test_the_health_of_sources_is_counted(published: Path) -> None:
    found = rows(
        published,
        "SELECT source, asked, ok, unreachable, found, last_answered IS NULL FROM sources_health ORDER BY 1",
    )
    assert found == [("metasearch", 2, 2, 0, 4, False), ("wiki", 2, 0, 2, 0, True)]


def test_a_persons_decision_stands_above_the_engine_until_it_is_withdrawn(store: Store) -> None:
    (first, _) = record(store, 1)
    decided_at = run(1).started_at + timedelta(hours=1)
    review = Review(first.id, "refuted", "not_enough_evidence", "Amal", "the summit was moved", decided_at)
    review_id = store.add_review(review)
    assert store.add_review(review) == review_id

    def now() -> dict[str, object]:
        store.publish()
        return claim_status(store.workspace, claim=first.id)[0]

    reviewed = now()
    assert (reviewed["verdict"], reviewed["said"], reviewed["decided_by"], reviewed["reviewer"]) == (
        "refuted", "not_enough_evidence", "person", "Amal",
    )  # fmt: skip
    assert (reviewed["decided_at"], reviewed["due"], reviewed["confidence"]) == (decided_at, None, None)
    record(store, 2)
    assert now()["verdict"] == "refuted"
    assert now()["last_checked"] == run(2).started_at + timedelta(minutes=1)
    later = replace(review, verdict="conflicting", decided_at=decided_at + timedelta(days=2))
    later_id = store.add_review(later)
    assert now()["verdict"] == "conflicting"
    store.withdraw_review(later_id, "Amal", "too early", decided_at + timedelta(days=3))
    assert now()["verdict"] == "refuted"
    store.withdraw_review(review_id, "Amal", "it was not", decided_at + timedelta(days=4))
    assert (now()["verdict"], now()["decided_by"]) == ("supported", "engine")
    with pytest.raises(InputError, match="there is no review w_none"):
        store.withdraw_review("w_none", "Amal", "", decided_at)
    held = rows(
        store.workspace,
        f"SELECT holds_verdict, changed FROM claim_history WHERE claim_id = '{first.id}' ORDER BY decided_at",
    )
    assert held == [
        ("supported", False),
        ("refuted", True),
        ("refuted", False),
        ("conflicting", True),
        ("refuted", True),
        ("supported", True),
    ]


def test_history_tells_which_evidence_changed_a_verdict(store: Store) -> None:
    (first, second) = record(store, 1)
    page = document(capture())
    other = capture("https://page.example/2", "moved")
    denial = document(other, "The summit was moved.")
    kept = evidence(first, page, "22 to 24 October")
    new = replace(evidence(first, denial, "was moved"), stance="refutes")
    store.begin_run(run(2))
    store.add_article("run-2", article())
    store.add_claims("run-2", article(), [first, second])
    store.add_captures("run-2", [other])
    store.add_documents([denial])
    store.add_verdict("run-2", replace(verdict(first, (kept, new)), verdict="conflicting"), run(2).started_at)
    store.publish()
    gone = evidence(first, page, "👩‍🚀 The mayor")
    assert rows(
        store.workspace,
        "SELECT changed, evidence_new, evidence_gone, verdict FROM claim_history "
        f"WHERE claim_id = '{first.id}' ORDER BY decided_at",
    ) == [(False, None, None, "supported"), (True, [new.id], [gone.id], "conflicting")]
    changed = claim_status(store.workspace, changed=True)
    assert [item["claim_id"] for item in changed] == [first.id]
    assert claim_status(store.workspace, changed=True, since=date(2024, 10, 14)) == []
    assert [item["claim_id"] for item in claim_status(store.workspace, since=date(2024, 10, 13))] == [
        first.id
    ]
    assert [item["claim_id"] for item in claim_status(store.workspace, verdict="conflicting")] == [first.id]
    assert claim_status(store.workspace, verdict="refuted") == []
    current = "SELECT evidence_id FROM evidence_quotes WHERE is_current ORDER BY 1"
    assert rows(store.workspace, current) == sorted([(kept.id,), (new.id,)])
    with pytest.raises(InputError, match="verdict true: not known"):
        claim_status(store.workspace, verdict="true")


def test_young_claims_fall_due_more_often(store: Store) -> None:
    today = run().started_at.date()
    due_after_days = {0: 1, 7: 1, 8: 7, 30: 7, 31: 30, 365: 30, 366: None}
    found = {}
    with store.turn():
        store.begin_run(run())
        for age_days in due_after_days:
            given = replace(article(f"خبر {age_days}"), published=today - timedelta(days=age_days))
            claim = replace(
                claims(article())[0], id=f"c_{age_days}", text=given.text, end=len(given.text), when=()
            )
            store.add_article("run-1", given)
            store.add_claims("run-1", given, [claim])
            found[claim.id] = claim
    store.publish()
    never_checked = claim_status(store.workspace)
    assert {(item["verdict"], item["due"]) for item in never_checked} == {(None, today)}
    with store.turn():
        for claim in found.values():
            store.add_verdict("run-1", verdict(claim), run().started_at)
    store.publish()
    assert {item["claim_id"]: item["due"] for item in claim_status(store.workspace)} == {
        f"c_{age_days}": days and today + timedelta(days=days) for age_days, days in due_after_days.items()
    }
