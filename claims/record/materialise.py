"""Views that are worked out once, when a snapshot is published, and stand there as tables."""

from __future__ import annotations

from duckdb import DuckDBPyConnection

# In this order: a later one asks an earlier one. Each with the order that its rows stand in.
_NAMES = (
    ("rulings", "claim_id, decided_at, decision_id"),
    ("claim_status", "first_seen, article_id, span_start, claim_id"),
)
# By which one claim's rows are found among those of all, as the desk does for every page. An index of few
# values with many rows each takes a quarter of the time of one of many, so evidence goes by its claim.
_LOOKED_UP = (
    ("article", "article_id"),
    ("claim", "claim_id"),
    ("claim_reading", "reading_id"),
    ("capture", "capture_id"),
    ("document", "document_id"),
    ("document_reading", "document_id"),
    ("evidence", "claim_id"),
    ("verdict", "verdict_id"),
    ("verdict_evidence", "verdict_id"),
    ("run_verdict", "claim_id"),
    ("run_claim", "claim_id"),
    ("run_article", "article_id"),
    ("sought", "claim_id"),
    ("unread", "claim_id"),
    ("published_check", "claim_id"),
)
MARKER = "_published"


def settle(con: DuckDBPyConnection) -> None:
    """The views that take long on a large record are tables of the same name, columns and comments, and the
    rows of one claim can be looked up.

    How they were worked out is kept in the table `_published`, so that `unsettle` finds the way back.
    """
    con.execute("BEGIN")
    con.execute(f"CREATE TABLE {MARKER} (name VARCHAR NOT NULL, definition VARCHAR NOT NULL)")
    con.execute(f"COMMENT ON TABLE {MARKER} IS 'The views that are tables in this snapshot.'")
    con.execute(f"COMMENT ON COLUMN {MARKER}.name IS 'Name of the table.'")
    con.execute(f"COMMENT ON COLUMN {MARKER}.definition IS 'The view that it was made from, as SQL.'")
    for name, order in _NAMES:
        (definition,) = con.execute(
            "SELECT sql FROM duckdb_views() WHERE view_name = ? AND NOT internal", [name]
        ).fetchall()[0]
        comments = _comments(con, name)
        con.execute(f"CREATE TABLE _building AS FROM {name} ORDER BY {order}")
        con.execute(f"DROP VIEW {name}")
        con.execute(f"ALTER TABLE _building RENAME TO {name}")
        _describe(con, "TABLE", name, comments)
        con.execute(f"INSERT INTO {MARKER} VALUES (?, ?)", [name, definition])  # noqa: S608 (fixed words)
    for table, column in _LOOKED_UP:
        con.execute(f"CREATE INDEX {_index(table)} ON {table} ({column})")
    con.execute("COMMIT")


def unsettle(con: DuckDBPyConnection) -> None:
    """A snapshot that was put in the place of the live file is a live file: its views are views again."""
    con.execute("BEGIN")
    kept = con.execute(f"SELECT name, definition FROM {MARKER} ORDER BY rowid").fetchall()  # noqa: S608
    comments = {name: _comments(con, name) for name, _ in kept}
    for name, _ in kept:
        con.execute(f"DROP TABLE {name}")
    for name, definition in kept:
        con.execute(definition)
        _describe(con, "VIEW", name, comments[name])
    for table, _ in _LOOKED_UP:
        con.execute(f"DROP INDEX IF EXISTS {_index(table)}")
    con.execute(f"DROP TABLE {MARKER}")
    con.execute("COMMIT")
    con.execute("CHECKPOINT")


def _index(table: str) -> str:
    return f"_of_{table}"


def _comments(con: DuckDBPyConnection, name: str) -> list[tuple[str | None, str]]:
    """The comment of a table or view, under None, and those of its columns."""
    return con.execute(
        "FROM (SELECT NULL, comment FROM duckdb_views() WHERE view_name = $name UNION ALL "
        "SELECT NULL, comment FROM duckdb_tables() WHERE table_name = $name UNION ALL "
        "SELECT column_name, comment FROM duckdb_columns() WHERE table_name = $name) "
        "WHERE comment IS NOT NULL",
        {"name": name},
    ).fetchall()


def _describe(con: DuckDBPyConnection, kind: str, name: str, comments: list[tuple[str | None, str]]) -> None:
    for column, comment in comments:
        what = f"COLUMN {name}.{column}" if column else f"{kind} {name}"
        escaped = comment.replace("'", "''")
        con.execute(f"COMMENT ON {what} IS '{escaped}'")
