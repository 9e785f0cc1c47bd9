"""The page that describes the record says what the record's own comments say, and nothing is without one."""

from __future__ import annotations

import sys
from subprocess import run

from project import ROOT

from claims.record.dictionary import dictionary
from claims.record.store import Store

PAGE = ROOT / "docs" / "record.md"


def test_the_committed_page_is_the_one_that_the_comments_make() -> None:
    again = "run 'python -m claims.record.dictionary > docs/record.md'"
    assert PAGE.read_text(encoding="utf-8") == dictionary(), again


def test_the_command_prints_the_page() -> None:
    printed = run([sys.executable, "-m", "claims.record.dictionary"], capture_output=True, check=True)
    assert printed.stdout.decode() == dictionary()


def test_nothing_is_without_a_comment(store: Store) -> None:
    with store.turn() as con:
        nameless = con.execute(
            "FROM (SELECT table_name, comment FROM duckdb_tables() UNION ALL "
            "SELECT view_name, comment FROM duckdb_views() WHERE NOT internal UNION ALL "
            "SELECT function_name, comment FROM duckdb_functions() WHERE function_type LIKE '%macro' AND NOT internal "
            "UNION ALL SELECT table_name || '.' || column_name, comment FROM duckdb_columns() WHERE NOT internal) "
            "WHERE coalesce(trim(comment), '') = ''"
        ).fetchall()
    assert nameless == []


def test_every_column_stands_on_the_page_with_its_comment(store: Store) -> None:
    sections = {part.partition("\n")[0]: part for part in dictionary().split("\n### ")[1:]}
    with store.turn() as con:
        columns = con.execute(
            "SELECT table_name, column_name, data_type, comment FROM duckdb_columns() WHERE NOT internal"
        ).fetchall()
    assert len(columns) > 200
    for table, column, kind, comment in columns:
        assert f"| `{column}` | {kind} | {comment} |" in sections[table]
