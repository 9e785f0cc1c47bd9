"""The record as an SQLite file, for Datasette and whatever else reads SQLite."""

from __future__ import annotations

import json
import os
import secrets
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from claims.errors import InputError, StoreError
from claims.record.export import plain_value
from claims.record.query import FETCH_ROWS, snapshot

# What people ask first stands ready; the rest of the tables as they are
_NUMBERS = {"INTEGER": "INTEGER", "BIGINT": "INTEGER", "BOOLEAN": "INTEGER", "DOUBLE": "REAL"}


def write_sqlite(workspace: Path, path: Path) -> dict[str, int]:
    """Every table and view of the snapshot is a table of the file, with an index on each id it has.

    Lists and structures are JSON, days and times ISO 8601. Beside it, `FILE.metadata.json` describes
    tables and columns to Datasette. The file is replaced whole. Returns the rows of each table.
    """
    building = path.with_name(f".{path.name}.{os.getpid()}-{secrets.token_hex(4)}.tmp")
    counts: dict[str, int] = {}
    described: dict[str, Any] = {}
    try:
        with sqlite3.connect(building) as out, snapshot(workspace) as con:
            out.execute("PRAGMA journal_mode = OFF")
            out.execute("PRAGMA synchronous = OFF")
            names = con.execute(
                "SELECT table_name, comment FROM duckdb_tables() WHERE NOT starts_with(table_name, '_') "
                "UNION ALL SELECT view_name, comment FROM duckdb_views() WHERE NOT internal ORDER BY 1"
            ).fetchall()
            for name, comment in names:
                columns = con.execute(
                    "SELECT column_name, data_type, comment FROM duckdb_columns() WHERE table_name = ? "
                    "ORDER BY column_index",
                    [name],
                ).fetchall()
                counts[name] = _copy(out, con.execute(f'FROM "{name}"'), name, columns)
                described[name] = {
                    "description": comment,
                    "columns": {column: about for column, _, about in columns},
                }
        out.close()
        about = path.with_name(path.name + ".metadata.json")
        about.write_text(
            json.dumps({"databases": {path.stem: {"tables": described}}}, ensure_ascii=False, indent=1)
            + "\n",
            encoding="utf-8",
        )
        building.replace(path)
    except OSError as error:
        raise InputError(f"{path}: cannot be written ({error.strerror})") from None
    except sqlite3.OperationalError as error:
        raise StoreError(f"{path}: cannot be written ({error}); make room or name another place") from None
    finally:
        building.unlink(missing_ok=True)
    return counts


def _copy(out: sqlite3.Connection, rows: Any, name: str, columns: list[tuple[str, str, str]]) -> int:
    fields = ", ".join(f'"{column}" {_NUMBERS.get(kind, "TEXT")}' for column, kind, _ in columns)
    out.execute(f'CREATE TABLE "{name}" ({fields})')
    places = ", ".join("?" for _ in columns)
    done = out.executemany(f'INSERT INTO "{name}" VALUES ({places})', _plain_rows(rows))  # noqa: S608
    for column, _, _ in columns:
        if column.endswith("_id"):
            out.execute(f'CREATE INDEX "{name}_{column}" ON "{name}" ("{column}")')
    return max(done.rowcount, 0)


def _plain_rows(rows: Any) -> Iterator[tuple[Any, ...]]:
    while some := rows.fetchmany(FETCH_ROWS):
        for row in some:
            yield tuple(_cell(value) for value in row)


def _cell(value: Any) -> Any:
    value = plain_value(value)
    return json.dumps(value, ensure_ascii=False) if isinstance(value, (list, dict)) else value
