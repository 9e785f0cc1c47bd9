"""The snapshot asked in SQL: only to be read, answered in one line where it cannot be, written to files."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from pathlib import Path

import duckdb
import pytest
from recorded import rows

from claims.errors import InputError, StoreError
from claims.record.export import write_csv, write_jsonl, write_parquet
from claims.record.query import run_sql
from claims.record.status import claim_status


@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO run VALUES ('x', now(), '', '', true)",
        "UPDATE claim SET text = ''",
        "DELETE FROM claim",
        "DROP TABLE claim",
        "CREATE TABLE x AS SELECT 1",
        "CREATE TABLE memory.main.x AS SELECT 1; SELECT 1; CREATE TABLE memory.main.y AS SELECT 1",
        "CREATE TABLE published.x AS SELECT 1; SELECT 1",
        "SELECT 1; DROP TABLE claim",
        "ATTACH '{other}' AS other",
        "FROM read_csv('{other}')",
        "FROM read_text('{other}')",
        "FROM read_blob('{other}')",
        "FROM '{other}'",
        "FROM glob('/*')",
        "FROM query('FROM read_text(''{other}'')')",
        "COPY claim TO '{other}'",
        "COPY claim FROM '{other}'",
        "EXPORT DATABASE '{other}.d'",
        "INSTALL httpfs",
        "LOAD '{other}'",
        "SET enable_external_access = true",
        "RESET lock_configuration",
        "PRAGMA threads = 8",
        "CALL force_checkpoint()",
        "EXPLAIN ANALYZE INSERT INTO _migrations VALUES (3, '', now()::TIMESTAMP)",
        "BEGIN",
        "SELECT",
        "SELECT no_such_column FROM claim",
        "SELECT error('a\nb') FROM claim",
        "",
        "  -- nothing",
    ],
)
def test_anything_but_reading_is_refused_in_one_line(published: Path, sql: str) -> None:
    other = published / "other.csv"
    other.write_text("a,b\n1,2\n")
    before = {path.name: path.read_bytes() for path in published.iterdir()}
    with pytest.raises(InputError) as raised:
        rows(published, sql.replace("{other}", str(other)))
    assert "\n" not in str(raised.value)
    assert {path.name: path.read_bytes() for path in published.iterdir()} == before


@pytest.mark.parametrize(
    "sql",
    [
        "from claim_status",
        "SELECT * FROM claim_status -- all",
        "WITH c AS (FROM claim) SELECT count(*) FROM c;",
        "DESCRIBE claim_status",
        "SHOW TABLES",
        "SUMMARIZE claim",
        "EXPLAIN FROM claim",
        "PIVOT claim_status ON verdict USING count(*) GROUP BY kind",
        "SELECT table_name, column_name, comment FROM duckdb_columns() WHERE NOT internal",
    ],
)
def test_every_way_of_reading_works(published: Path, sql: str) -> None:
    columns, found = run_sql(published, sql)
    answer = list(found)
    assert answer
    assert all(len(row) == len(columns) for row in answer)


def test_where_nothing_is_recorded_it_says_what_to_run(tmp_path: Path) -> None:
    for ask in (lambda: run_sql(tmp_path, "from claim_status"), lambda: claim_status(tmp_path)):
        with pytest.raises(
            InputError, match="no verification has been recorded here yet; run 'tabayyun verify'"
        ):
            ask()


def test_a_snapshot_that_is_no_database_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "published.duckdb").write_bytes(b"not a database" * 1000)
    with pytest.raises(StoreError) as raised:
        claim_status(tmp_path)
    assert "\n" not in str(raised.value)


def test_csv_runs_no_formula_and_keeps_numbers() -> None:
    out = io.StringIO()
    write_csv(
        ["a", "b", "c", "d"],
        [
            ("=1+1", "-5", -5, None),
            ("@x", "+1.5", [1, "=x"], date(2024, 1, 2)),
            ("\tx", "-x", {"k": 1}, "قال, «x»"),
        ],
        out,
    )
    assert list(csv.reader(io.StringIO(out.getvalue()))) == [
        ["a", "b", "c", "d"],
        ["'=1+1", "-5", "-5", ""],
        ["'@x", "+1.5", '[1, "=x"]', "2024-01-02"],
        ["'\tx", "'-x", '{"k": 1}', "قال, «x»"],
    ]


def test_json_lines_say_everything_duckdb_can_answer(published: Path) -> None:
    columns, found = run_sql(
        published,
        "SELECT 1.5::DECIMAL(4,1) AS a, 'NaN'::DOUBLE AS b, TIMESTAMP '2024-10-12 01:02:03' AS c, "
        "DATE '2024-10-12' AS d, '\\xAA'::BLOB AS e, {'x': [1, NULL]} AS f, uuid() IS NOT NULL AS g, "
        "INTERVAL 1 DAY AS h, '{\"y\": [1]}'::JSON AS i, MAP {'k': 2} AS j, TIME '01:02:03' AS k",
    )
    out = io.StringIO()
    write_jsonl(columns, found, out)
    assert json.loads(out.getvalue()) == {
        "a": "1.5", "b": None, "c": "2024-10-12T01:02:03Z", "d": "2024-10-12", "e": "aa",
        "f": {"x": [1, None]}, "g": True, "h": "1 day, 0:00:00",
        "i": {"y": [1]}, "j": {"k": 2}, "k": "01:02:03",
    }  # fmt: skip


def test_parquet_is_written_whole_or_not_at_all(published: Path, tmp_path: Path) -> None:
    target = tmp_path / "it's.parquet"
    write_parquet(published, "from claim_status; -- everything", target)
    with duckdb.connect() as con:
        assert con.execute("SELECT count(*) FROM read_parquet(?)", [str(target)]).fetchall() == [(2,)]
    before = target.read_bytes()
    for sql in (
        "SELECT 1) TO '/tmp/x.csv' --",
        f"FROM read_csv('{published}/other.csv')",
        "SELECT 1; SELECT 2",
    ):
        with pytest.raises(InputError):
            write_parquet(published, sql, target)
    assert [path.name for path in tmp_path.iterdir()] == [target.name]
    assert target.read_bytes() == before
    with pytest.raises(InputError, match="its folder does not exist"):
        write_parquet(published, "from claim", tmp_path / "missing" / "x.parquet")
