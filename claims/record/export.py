"""Answers of the snapshot as CSV, JSON Lines and Parquet."""

from __future__ import annotations

import csv
import json
import os
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, TextIO
from uuid import UUID

from claims.errors import InputError
from claims.record.query import refused_in_one_line, require_reading, run_sql, snapshot

# What a spreadsheet would run as a formula, unless it is a plain number
_FORMULA = re.compile(r"[=+\-@\t\r]")
_NUMBER = re.compile(r"[+\-]?\d+(\.\d+)?")


def write_csv(columns: Sequence[str], rows: Iterable[Sequence[Any]], out: TextIO) -> None:
    """The rows stand in `out` as CSV under a line of column names; lists and structures as JSON.

    Text comes from strangers' pages: where it begins like a formula, an apostrophe stands before it, so
    that no spreadsheet runs it.
    """
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_cell(value) for value in row])


def write_jsonl(columns: Sequence[str], rows: Iterable[Sequence[Any]], out: TextIO) -> None:
    """The rows stand in `out` as JSON Lines, one object a row. Times are UTC and say so."""
    for row in rows:
        record = dict(zip(columns, map(plain_value, row), strict=True))
        out.write(json.dumps(record, ensure_ascii=False) + "\n")


def write_parquet(workspace: Path, sql: str, path: Path) -> None:
    """The answer stands in the Parquet file, which is replaced whole. Raises InputError as `run_sql`."""
    if not path.parent.is_dir():
        raise InputError(f"{path}: its folder does not exist; make it first")
    building = path.with_name(f".{path.name}.{os.getpid()}.tmp").resolve()
    try:
        with snapshot(workspace, writable=building) as con, refused_in_one_line():
            require_reading(con, sql)
            con.sql(sql).write_parquet(str(building), compression="zstd")
        building.replace(path)
    except OSError as error:
        raise InputError(f"{path}: cannot be written ({error.strerror})") from None
    finally:
        building.unlink(missing_ok=True)


def write_tables(workspace: Path, folder: Path, kind: str) -> dict[str, int]:
    """Every table and view of the snapshot is a file of this kind (`parquet` or `csv`) in the folder.

    Files that stand there under the same names are replaced, each whole. Returns the rows of each.
    Raises InputError where the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"{folder}: cannot be made ({error.strerror})") from None
    names = [
        str(name)
        for (name,) in run_sql(
            workspace,
            "SELECT table_name FROM duckdb_tables() WHERE NOT starts_with(table_name, '_') UNION ALL "
            "SELECT view_name FROM duckdb_views() WHERE NOT internal ORDER BY 1",
        )[1]
    ]
    counts = {}
    for name in names:
        target = folder / f"{name}.{kind}"
        if kind == "parquet":
            write_parquet(workspace, f'FROM "{name}"', target)
        else:
            columns, rows = run_sql(workspace, f'FROM "{name}"')
            building = target.with_name(f".{target.name}.part")
            try:
                with building.open("w", encoding="utf-8", newline="") as file:
                    write_csv(columns, rows, file)
                building.replace(target)
            finally:
                building.unlink(missing_ok=True)
        ((counts[name],),) = run_sql(workspace, f'SELECT count(*) FROM "{name}"')[1]  # noqa: S608
    return counts


def _cell(value: Any) -> Any:
    value = plain_value(value)
    if isinstance(value, (list, dict)):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, str) and _FORMULA.match(value) and not _NUMBER.fullmatch(value):
        return "'" + value
    return value


def plain_value(value: Any) -> Any:
    """A value of DuckDB as JSON can say it."""
    if isinstance(value, datetime):
        return value.isoformat() + ("Z" if value.tzinfo is None else "")
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, float):
        return value if abs(value) < float("inf") else None  # JSON has no infinity and no NaN
    if isinstance(value, (Decimal, UUID, timedelta)):
        return str(value)
    if isinstance(value, (bytes, bytearray, memoryview)):
        return bytes(value).hex()
    if isinstance(value, (list, tuple)):
        return [plain_value(item) for item in value]
    if isinstance(value, dict):
        return {str(key): plain_value(item) for key, item in value.items()}
    return value
