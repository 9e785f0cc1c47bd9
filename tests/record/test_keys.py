"""No table that grows by the night has a key of its own in the file; a thing is recorded once all the same."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
from recorded import TEXT, article, capture, document, evidence, record, run, sizes, store_at, verdict

from claims.record.integrity import broken_links
from claims.record.keys import KEYS
from claims.record.migrate import migrations
from claims.record.store import Store

OTHER = article(TEXT + " وهذا خبر آخر.", "second")
LAST_WITH_KEYS = 9


def articles(store: Store) -> list[str]:
    with store.turn() as con:
        return [found for (found,) in con.execute("SELECT article_id FROM article").fetchall()]


def keys_in_the_file(store: Store) -> set[str]:
    with store.turn() as con:
        return {
            table
            for (table,) in con.execute(
                "SELECT table_name FROM duckdb_constraints() WHERE constraint_type = 'PRIMARY KEY'"
            ).fetchall()
        }


def with_keys(store: Store, path: Path) -> None:
    """A file at `path` as an older version wrote it, with the rows of the store."""
    path.parent.mkdir()
    with duckdb.connect(str(path)) as con:
        for step in migrations()[:LAST_WITH_KEYS]:
            con.execute(step.sql)
        con.execute(f"ATTACH '{store.path}' AS new (READ_ONLY)")
        for (table,) in con.execute(
            "SELECT table_name FROM duckdb_tables() WHERE database_name <> 'new' ORDER BY 1"
        ).fetchall():
            con.execute(f"INSERT INTO {table} BY NAME FROM new.{table}")
        con.execute(f"DELETE FROM _migrations WHERE number > {LAST_WITH_KEYS}")
        found = con.execute(
            "SELECT count(*) FROM duckdb_constraints() WHERE constraint_type = 'PRIMARY KEY' "
            f"AND table_name IN {tuple(KEYS)} AND database_name <> 'new'"
        ).fetchall()
        assert found == [(len(KEYS),)]


def test_a_file_with_keys_loses_them_and_nothing_else(store: Store, tmp_path: Path) -> None:
    record(store)
    store.publish()
    with_keys(store, tmp_path / "old" / store.path.name)
    old = store_at(tmp_path / "old")
    assert sizes(old) == sizes(store)
    assert not keys_in_the_file(old) & set(KEYS)
    for each in (old, store):
        record(each, 2)
    assert sizes(old) == sizes(store)
    with old.turn() as con:
        assert broken_links(con) == []


def test_what_a_turn_takes_back_can_be_recorded_again(store: Store) -> None:
    record(store)
    with pytest.raises(RuntimeError), store.turn():
        store.add_article("run-1", OTHER)
        store.add_article("run-1", OTHER)
        raise RuntimeError
    assert articles(store) == [article().id]
    for _ in range(2):
        store.add_article("run-1", OTHER)
    assert articles(store) == [article().id, OTHER.id]


def test_another_file_in_the_place_of_the_known_one_is_read_anew(store: Store) -> None:
    record(store)
    store.publish()
    before = store.path.read_bytes()
    store.begin_run(run(2))
    store.add_article("run-2", OTHER)
    assert articles(store) == [article().id, OTHER.id]
    store.publish()  # nothing is left in the log of the file that goes
    store.path.write_bytes(before)
    third = replace(OTHER, id="a_third", text="خبر ثالث.")
    with store.turn():
        store.begin_run(run(2))
        store.add_article("run-2", third)
    store.add_article("run-2", OTHER)
    assert articles(store) == [article().id, third.id, OTHER.id]


def test_a_page_of_long_ago_can_be_cited_beside_one_of_now(store: Store) -> None:
    first, _ = record(store)
    pages = [capture(f"https://page.example/{number}", str(number)) for number in range(10, 3000)]
    documents = [document(page, f"Page {page.url}. It is so.") for page in pages]
    store.add_captures("run-1", pages)
    store.add_documents(documents)
    store.begin_run(run(2))
    cited = [
        *(evidence(first, page, "It is so") for page in (documents[5], documents[-1])),
        evidence(first, document(capture()), "22 to 24 October"),
    ]
    store.add_verdict("run-2", verdict(first, tuple(cited)), run(2).started_at)
    with store.turn() as con:
        assert con.execute("SELECT count(*) FROM evidence").fetchall() == [(4,)]
        assert broken_links(con) == []


def test_what_stands_twice_is_named(store: Store) -> None:
    record(store)
    with store.turn() as con:
        con.execute("INSERT INTO verdict FROM verdict LIMIT 1")
        (broken,) = broken_links(con)
    assert broken.startswith("verdict v_")
    assert broken.endswith(": stands there 2 times")
