"""The page that describes the record, from the comments that stand in the database itself.

python -m claims.record.dictionary > docs/record.md
"""

from __future__ import annotations

from pathlib import Path

import duckdb
from duckdb import DuckDBPyConnection

from claims.record.migrate import migrate

INTRODUCTION = """\
# The record

A workspace keeps all that it ever found, read and decided in one DuckDB file, `claims.duckdb`. This page is
made from the comments in that file: `DESCRIBE`, `duckdb_tables()`, `duckdb_views()` and `duckdb_columns()`
tell the same. Questions that are often asked stand in [the cookbook](cookbook.md).

**Nothing is changed or removed.** Every table only grows. Articles, claims, pages, quotations and verdicts
are named by hashes of what they are, so that the same thing found twice is one row; what a run did with
them stands in tables of its own, whose names begin with `run_`. A newer version of the engine adds a
reading beside the older one. Whoever takes back a decision adds a row that says so. What held on any day
can therefore be asked later.

**A person's decision stands above the engine's.** The engine's verdicts are in `verdict`, people's in
`review`. In `claim_status` the latest review that was not withdrawn holds, however often the engine weighs
the claim again; where there is none, the engine's latest verdict. `claim_history` has all of them in order,
with what each changed.

**Ask the snapshot.** The live file belongs to the one process that writes to it. After each batch and at
the end of a run it is published as `published.duckdb`, which takes the place of the one before in one step.
`tabayyun sql "FROM claim_status"` asks it, and so does `duckdb -readonly published.duckdb`. In the snapshot
the views that take long on a large record stand as tables of the same name, and `_published` lists them.

Times are UTC. Offsets count Unicode code points, the end excluded. There are no foreign keys: a column
`claim_id` means a row of `claim`, `run_id` one of `run`, and so on, and `tabayyun integrity` names every
link that leads nowhere.
"""


def dictionary() -> str:
    """The page in Markdown: every view, macro and table of a new workspace, each column with its comment."""
    with duckdb.connect(":memory:") as con:
        migrate(con, Path(":memory:"))
        return "\n".join(
            [
                INTRODUCTION,
                "## Views: ask these first\n",
                *(_described(con, *view) for view in _all(con, "view")),
                *_macros(con),
                "## Tables: what was recorded\n",
                *(_described(con, *table) for table in _all(con, "table")),
            ]
        )


def _all(con: DuckDBPyConnection, kind: str) -> list[tuple[str, str | None]]:
    """The names and comments of all tables, or all views, by name."""
    return con.execute(
        f"SELECT {kind}_name, comment FROM duckdb_{kind}s() WHERE NOT internal ORDER BY 1"  # noqa: S608
    ).fetchall()


def _described(con: DuckDBPyConnection, name: str, comment: str | None) -> str:
    columns = con.execute(
        "SELECT column_name, data_type, comment FROM duckdb_columns() WHERE table_name = ? "
        "ORDER BY column_index",
        [name],
    ).fetchall()
    lines = [f"| `{column}` | {kind} | {_cell(text)} |" for column, kind, text in columns]
    return "\n".join([f"### {name}", _cell(comment), "", "| column | type | |", "| - | - | - |", *lines, ""])


def _macros(con: DuckDBPyConnection) -> list[str]:
    """The views that take an argument. Their columns have no comments: those of the views say the same."""
    found = con.execute(
        "SELECT function_name, parameters, comment FROM duckdb_functions() "
        "WHERE function_type = 'table_macro' AND NOT internal ORDER BY 1"
    ).fetchall()
    lines = []
    for name, parameters, comment in found:
        given = ", ".join(["NULL"] * len(parameters))
        columns = con.execute(f"DESCRIBE FROM {name}({given})").fetchall()
        lines += [f"### {name}({', '.join(parameters)})", _cell(comment), ""]
        lines += ["Columns: " + ", ".join(f"`{column[0]}` {column[1]}" for column in columns) + ".", ""]
    return lines


def _cell(text: str | None) -> str:
    return (text or "").replace("|", r"\|")


if __name__ == "__main__":
    print(dictionary(), end="")
