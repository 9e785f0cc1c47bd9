"""What is recorded comes back as it was, once, and only where its quotations exist."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from recorded import (
    article,
    capture,
    document,
    evidence,
    record,
    run,
    store_at,
    verdict,
)

from claims.model import RunRecord
from claims.record.store import Store


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return store_at(tmp_path)


def content(of: RunRecord) -> RunRecord:
    """The record without what belongs to the run alone: its name and its times."""
    return replace(of, run=run())


def test_a_run_comes_back_as_it_was_recorded(store: Store) -> None:
    first, second = record(store)
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


def test_the_same_calls_again_in_one_run_change_nothing(store: Store) -> None:
    record(store, 1)
    before = sizes(store)
    record(store, 1)
    assert sizes(store) == before


def sizes(store: Store) -> dict[str, int]:
    with store.turn() as con:
        tables = [name for (name,) in con.execute("SELECT table_name FROM duckdb_tables()").fetchall()]
        return {name: con.execute(f"SELECT count(*) FROM {name}").fetchall()[0][0] for name in tables}
