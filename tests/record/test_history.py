"""Every decision on a claim, told in order, with what a person decided above the engine."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from recorded import record, run

from claims.model import Review
from claims.record.store import Store


def test_a_persons_decision_stands_in_later_runs_and_in_their_history(store: Store) -> None:
    (first, second) = record(store, 1)
    at = run(1).started_at + timedelta(hours=1)
    review = Review(first.id, "refuted", "not_enough_evidence", "Amal", "the summit was moved", at)
    review_id = store.add_review(review)
    record(store, 2)
    before, after = store.read_run("run-1"), store.read_run("run-2")
    assert before.articles[0].verdicts[first.id].decided_by == "engine"
    ruled = after.articles[0].verdicts[first.id]
    assert (ruled.verdict, ruled.said, ruled.decided_by) == ("refuted", "not_enough_evidence", "person")
    assert ruled.evidence == before.articles[0].verdicts[first.id].evidence
    told = after.history[first.id]
    assert [(d.decided_by, d.holds, d.held_by, d.changed) for d in told] == [
        ("engine", "supported", "engine", False),
        ("person", "refuted", "person", True),
        ("engine", "refuted", "person", False),
    ]
    assert (told[1].who, told[1].reason, told[2].verdict) == ("Amal", "the summit was moved", "supported")
    assert [d.decided_by for d in after.history[second.id]] == ["engine", "engine"]

    store.withdraw_review(review_id, "Amal", "it was not", at + timedelta(days=2))
    record(store, 4)
    last = store.read_run("run-4")
    assert last.articles[0].verdicts[first.id].verdict == "supported"
    assert [(d.holds, d.changed) for d in last.history[first.id]][3:] == [
        ("supported", True),
        ("supported", False),
    ]


def test_a_later_decision_is_no_part_of_an_earlier_runs_record(store: Store) -> None:
    (first, _) = record(store, 1)
    before = store.read_run("run-1")
    store.add_review(
        Review(
            first.id,
            "conflicting",
            None,
            "Amal",
            "two ministries differ",
            run(1).started_at + timedelta(days=9),
        )
    )
    assert replace(store.read_run("run-1"), failures=before.failures) == before
