"""What is recorded comes back as it was, once, and only where its quotations exist."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import duckdb
import pytest
from hypothesis import given as given_any
from hypothesis import settings
from hypothesis import strategies as st
from recorded import (
    PAGE,
    article,
    capture,
    claims,
    document,
    evidence,
    record,
    record_step_by_step,
    run,
    sizes,
    store_at,
    verdict,
)

from claims.errors import InputError, StoreError
from claims.model import Review
from claims.record.integrity import broken_links
from claims.record.store import Store
from claims.run_record import RunRecord


def content(of: RunRecord) -> RunRecord:
    """The record without what belongs to the run alone: its name and its times."""
    return replace(of, run=run(), history={})


def test_a_run_comes_back_as_it_was_recorded(store: Store) -> None:
    first, second = record_step_by_step(store)
    page = document(capture())
    found = store.read_run("run-1")
    assert found.run == replace(run(), finished_at=run().started_at + timedelta(minutes=2))
    (checked,) = found.articles
    assert checked.article == article()
    assert checked.claims == (first, second)
    assert [item.reason for item in checked.excluded] == ["no claim in it"]
    cited = (evidence(first, page, "22 to 24 October"), evidence(first, page, "👩‍🚀 The mayor"))
    assert checked.verdicts == {first.id: verdict(first, cited), second.id: verdict(second)}
    assert found.captures == {capture().id: capture()}
    assert found.documents == {page.id: page}
    assert found.failures == ("https://broken.example: not HTML",)


def test_the_same_verification_twice_adds_a_run_and_changes_no_id(store: Store) -> None:
    record(store, 1)
    before = sizes(store)
    record(store, 2)
    after = sizes(store)
    grown = {table for table in after if after[table] != before[table]}
    assert grown == {
        "run", "run_finished", "failure", "run_article", "excluded", "run_claim", "fetched", "sought",
        "unread", "run_verdict",
    }  # fmt: skip
    assert all(after[table] == 2 * before[table] for table in grown)
    assert content(store.read_run("run-1")) == content(store.read_run("run-2"))
    earlier, later = (store.read_run(name).history for name in ("run-1", "run-2"))
    assert all(len(earlier[claim]) == 1 and later[claim][0] == earlier[claim][0] for claim in earlier)
    assert {len(decisions) for decisions in later.values()} == {2}
    assert not any(
        decision.changed or decision.new or decision.gone for d in later.values() for decision in d
    )


def test_the_same_calls_again_in_one_run_change_nothing(store: Store) -> None:
    record(store, 1)
    before = sizes(store)
    record(store, 1)
    assert sizes(store) == before


def test_calls_in_one_turn_are_recorded_together_or_not_at_all(store: Store) -> None:
    with pytest.raises(ZeroDivisionError), store.turn():
        record(store)
        _ = 1 / 0
    assert sizes(store)["run"] == sizes(store)["claim"] == 0
    with store.turn():
        record(store)
    assert sizes(store)["run_verdict"] == 2


def test_two_names_for_one_text_keep_their_names(store: Store) -> None:
    store.begin_run(run())
    for ref in ("first", "second", None):
        given = article(ref=ref)
        store.add_article("run-1", given)
        store.add_claims("run-1", given, claims(given))
    found = store.read_run("run-1")
    assert [item.article.ref for item in found.articles] == ["first", "second", None]
    assert [item.claims[0].article for item in found.articles] == ["first", "second", article().id]
    assert sizes(store)["article"] == 1
    assert sizes(store)["claim_reading"] == 2


def test_a_newer_engine_adds_a_reading_of_the_same_claim(store: Store) -> None:
    given = article()
    (first, _) = claims(given)
    for number, engine in ((1, "engine 1"), (2, "engine 2")):
        this = replace(run(number), engine=engine)
        store.begin_run(this)
        store.add_article(this.id, given)
        store.add_claims(this.id, given, [replace(first, worth=number / 10)])
    assert sizes(store)["claim"] == 1
    assert store.read_run("run-1").articles[0].claims[0].worth == 0.1
    assert store.read_run("run-2").articles[0].claims[0].worth == 0.2


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"quote": "22 to 25 October"}, "is not what document"),
    ({"quote": "22 to 24 October "}, "is not what document"),
    ({"quote": "", "end": 26}, "is not what document"),
    ({"start": 25, "end": 41}, "is not what document"),
    ({"start": 26 - len(PAGE), "end": 42 - len(PAGE)}, "is not what document"),
    ({"end": 10_000, "quote": PAGE[26:]}, "is not what document"),
    ({"document": "d_0000000000000000"}, "which is not recorded"),
    ({"capture": "k_0000000000000000"}, "which is not recorded"),
]


def test_a_quotation_that_is_not_in_the_archive_cannot_be_recorded(store: Store) -> None:
    given = article()
    (first, second) = claims(given)
    page = document(capture())
    with store.turn():
        store.begin_run(run())
        store.add_article("run-1", given)
        store.add_claims("run-1", given, [first, second])
        store.add_captures("run-1", [capture()])
        store.add_documents([page])
    right = evidence(first, page, "22 to 24 October")
    before = sizes(store)
    for wrong, says in WRONG:
        with pytest.raises(StoreError, match=says) as raised:
            store.add_verdict("run-1", verdict(first, (right, replace(right, **wrong))), run().started_at)
        assert "\n" not in str(raised.value)
    assert sizes(store) == before
    store.add_verdict("run-1", verdict(first, (right,)), run().started_at)
    assert sizes(store)["verdict"] == before["verdict"] + 1


def test_a_document_whose_capture_is_missing_cannot_be_cited(store: Store) -> None:
    given = article()
    (first, _) = claims(given)
    page = document(capture())
    store.begin_run(run())
    store.add_article("run-1", given)
    store.add_claims("run-1", given, [first])
    store.add_documents([page])
    with pytest.raises(StoreError, match="which is not recorded"):
        cited = evidence(first, page, "22 to 24 October")
        store.add_verdict("run-1", verdict(first, (cited,)), run().started_at)
    with store.turn() as con:
        assert broken_links(con) == [f"document.capture_id {capture().id}: no such capture"]


def test_what_stands_on_nothing_is_refused(store: Store) -> None:
    given = article()
    (first, _) = claims(given)
    with pytest.raises(InputError, match="there is no run run-1"):
        store.add_claims("run-1", given, [first])
    store.begin_run(run())
    with pytest.raises(StoreError, match="is not recorded; add it first"):
        store.add_claims("run-1", given, [first])
    with pytest.raises(StoreError, match="is not recorded; add it first"):
        store.add_verdict("run-1", verdict(first), run().started_at)
    with pytest.raises(StoreError, match="is not recorded; add it first"):
        store.add_review(Review(first.id, "refuted", None, "Amal", "because", run().started_at))
    store.add_article("run-1", given)
    with pytest.raises(StoreError, match="is not what article first says at"):
        store.add_claims("run-1", given, [replace(first, text="something else")])
    with pytest.raises(InputError, match="there is no run run-9"):
        store.read_run("run-9")


def test_an_unchanged_page_is_the_capture_that_was_archived_first(store: Store) -> None:
    record(store)
    again = replace(capture(offset=4096), fetched_at=capture().fetched_at + timedelta(days=1))
    fresh = store_at(store.workspace)
    assert fresh.known_pages(["https://never.example/"]) == {}
    fresh.begin_run(run(2))
    fresh.add_captures("run-2", [again])
    assert fresh.read_run("run-2").captures == {capture().id: capture()}


def test_a_page_read_anew_keeps_its_text_and_gets_the_later_metadata(store: Store) -> None:
    record(store)
    page = document(capture())
    store.add_documents([replace(page, outlet="The Page")])
    store.add_documents([page])
    assert sizes(store)["document"] == 1
    assert sizes(store)["document_reading"] == 2
    assert store.read_run("run-1").documents[page.id].outlet == "The Page"


def test_thousands_of_rows_in_one_call(store: Store) -> None:
    given = article("واحد. " * 2000)
    (model, _) = claims(article())
    many = [
        replace(model, id=f"c_{i:016x}", article=given.name, start=i * 6, end=i * 6 + 4, text="واحد", when=())
        for i in range(2000)
    ]
    store.begin_run(run())
    store.add_article("run-1", given)
    store.add_claims("run-1", given, many)
    assert store.read_run("run-1").articles[0].claims == tuple(many)


# Hostile text: anything that Python can hold, halves of surrogate pairs and NUL among it
anything = st.text(
    st.characters(exclude_categories=()) | st.sampled_from("\x00\ud800\udfff\u202e\u0301'\"\\{["), max_size=40
)


class Undone(Exception):
    """Ends a turn without a trace."""


@pytest.fixture(scope="module")
def lasting(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return store_at(tmp_path_factory.mktemp("lasting"))


@settings(max_examples=10, deadline=None)
@given_any(before=anything, quote=anything.filter(bool), after=anything, confidence=st.floats(0, 1))
def test_any_text_can_be_quoted_and_comes_back(
    lasting: Store, before: str, quote: str, after: str, confidence: float
) -> None:
    given = article()
    (first, _) = claims(given)
    text = before + quote + after
    page = replace(document(capture(), text), title=quote, authors=(quote,))
    start = len(before)
    cited = replace(
        evidence(first, document(capture()), "Kazan"),
        document=page.id,
        start=start,
        end=start + len(quote),
        quote=quote,
        why=(quote,),
    )
    decided = replace(verdict(first, (cited,)), confidence=confidence)
    with suppress(Undone), lasting.turn() as con:
        lasting.begin_run(run())
        lasting.add_article("run-1", given)
        lasting.add_claims("run-1", given, [first])
        lasting.add_captures("run-1", [capture()])
        lasting.add_documents([page])
        lasting.add_verdict("run-1", decided, run().started_at)
        broken = broken_links(con)
        found = lasting.read_run("run-1")
        raise Undone
    assert broken == []
    back = found.articles[0].verdicts[first.id]
    assert back.confidence == confidence
    read = found.documents[page.id]
    assert len(read.text) == len(text)
    assert read.text[start : start + len(quote)] == back.evidence[0].quote == read.title == read.authors[0]
    if not any("\ud800" <= letter <= "\udfff" for letter in text):
        assert read == page
        assert back.evidence == (cited,)


def test_broken_links_are_named(store: Store) -> None:
    (first, _) = record(store)
    with duckdb.connect(str(store.path)) as con:
        con.execute("DELETE FROM capture")
        con.execute("INSERT INTO failure VALUES ('run-9', 0, 'x')")
        con.execute("UPDATE claim SET text = 'x' WHERE claim_id = ?", [first.id])
        broken = broken_links(con)
    key = capture().id
    assert broken == [
        "failure.run_id run-9: no such run",
        f"fetched.capture_id {key}: no such capture",
        f"document.capture_id {key}: no such capture",
        f"verdict_evidence.capture_id {key}: no such capture",
        f"claim {first.id}: not what article {article().id} says at {first.start}-{first.end}",
    ]


def test_times_without_a_zone_are_utc(store: Store) -> None:
    started = datetime(2024, 1, 1, 2, 3, 4)
    store.begin_run(replace(run(), started_at=started))
    assert store.read_run("run-1").run.started_at == started.replace(tzinfo=UTC)
