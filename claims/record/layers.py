"""Names to read from that are not the tables written to, so that the same SQL serves every kind of record.

A record that many write to, and the part of a run that one worker has in hand, are both read under the names
that the migrations give: each table's name is a view over where its rows are. What is written goes to the
schema that `written_to` names.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

import duckdb
from duckdb import DuckDBPyConnection

from claims.record.keys import KEYS
from claims.record.migrate import apply_all

WRITTEN_TO = "written_to"

# By which columns two rows are the same, where no primary key of the file says it
_SAME = {
    **{table: (column,) for table, column in KEYS.items()},
    "run_finished": ("run_id",),
    "failure": ("run_id", "line"),
    "run_article": ("run_id", "article_id", "ref"),
    "excluded": ("run_id", "article_id", "span_start", "span_end"),
    "run_claim": ("run_id", "claim_id"),
    "fetched": ("run_id", "url", "capture_id", "outcome"),
    "visit": ("run_id", "url", "robots"),
    "sought": ("run_id", "claim_id", "ordinal"),
    "unread": ("run_id", "claim_id", "ordinal"),
    "published_check": ("run_id", "claim_id", "ordinal"),
    "verdict_evidence": ("verdict_id", "ordinal"),
    "run_verdict": ("run_id", "claim_id"),
    "run_named": ("run_id", "claim_id"),
    "weighed": ("run_id", "claim_id"),
    "taken": ("run_id", "key"),
    "claim_match": ("run_id", "claim_id", "other_id"),
    "submission_answer": ("submission_id", "outcome", "job_id", "archived_url", "detail"),
    "action": ("action_id",),
}


@dataclass(frozen=True, slots=True)
class Table:
    """A table as the migrations leave it, and by which columns two of its rows are the same."""

    name: str
    columns: tuple[tuple[str, str, bool], ...]  # name, type, whether it may be empty
    key: tuple[str, ...]
    comment: str

    @property
    def definition(self) -> str:
        """What stands between the brackets of CREATE TABLE."""
        return ", ".join(
            f"{name} {type_}{'' if empty else ' NOT NULL'}" for name, type_, empty in self.columns
        )


@cache
def tables() -> tuple[Table, ...]:
    """Every table of the record but the list of migrations, in the order in which they were made."""
    with duckdb.connect(":memory:") as con:
        apply_all(con)
        found = []
        for name, comment in con.execute(
            "SELECT table_name, comment FROM duckdb_tables() WHERE NOT starts_with(table_name, '_') "
            "ORDER BY table_oid"
        ).fetchall():
            columns = con.execute(
                "SELECT column_name, data_type, is_nullable FROM duckdb_columns() WHERE table_name = ? "
                "ORDER BY column_index",
                [name],
            ).fetchall()
            keys = con.execute(
                "SELECT constraint_column_names FROM duckdb_constraints() "
                "WHERE table_name = ? AND constraint_type = 'PRIMARY KEY'",
                [name],
            ).fetchall()
            key = _SAME.get(name) or (tuple(keys[0][0]) if keys else tuple(column[0] for column in columns))
            found.append(Table(name, tuple(columns), key, comment))
    return tuple(found)


def lay(con: DuckDBPyConnection, rows_of: Callable[[Table], str]) -> None:
    """Tables, views and macros can be read by their names; `rows_of` says where a table's rows are."""
    apply_all(con)
    for table in tables():
        con.execute(f"DROP TABLE {table.name}")
        con.execute(f"CREATE VIEW {table.name} AS {rows_of(table)}")


def key_of(name: str) -> Sequence[str]:
    """By which columns two rows of the table are the same."""
    return next(table.key for table in tables() if table.name == name)


def unseen(source: str, target: str, table: Table) -> str:
    """The statement that adds to a schema's table the rows of another's that it does not have, each once."""
    same = " AND ".join(f"old.{column} IS NOT DISTINCT FROM new.{column}" for column in table.key)
    return (
        f"INSERT INTO {target}.{table.name} BY NAME SELECT new.* "  # noqa: S608 (names of tables and schemas)
        f"FROM {once(f'{source}.{table.name}', table)} AS new "
        f"ANTI JOIN {target}.{table.name} AS old ON {same}"
    )


def once(name: str, table: Table) -> str:
    """The rows of a table of this form, each once, whoever recorded it, as something to select from.

    Of rows that are the same the first by all columns stands, so that every reader sees the same one.
    """
    ordered = ", ".join(column for column, _, _ in table.columns)
    same = ", ".join(table.key)
    return f"(FROM {name} QUALIFY row_number() OVER (PARTITION BY {same} ORDER BY {ordered}) = 1)"
