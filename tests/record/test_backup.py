"""A workspace is rebuilt from Parquet and WARC, or nothing stands there; what others read is complete."""

from __future__ import annotations

import csv
import json
import sqlite3
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest
from recorded import record, run

from claims.errors import InputError
from claims.model import Review
from claims.record.backup import backup, restore
from claims.record.export import write_tables
from claims.record.query import run_sql
from claims.record.sqlite import write_sqlite
from claims.record.store import Store


@pytest.fixture
def full(store: Store) -> Store:
    """Two runs, a review, an archive, settings and a report."""
    for number in (1, 2):
        (first, _) = record(store, number)
    store.add_review(
        Review(first.id, "refuted", None, "Amal", "moved", run(2).started_at + timedelta(hours=1))
    )
    for name in ("archive/1.warc.gz", "reports/run-1/index.html", "tabayyun.toml", ".half.tmp"):
        path = store.workspace / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"bytes of {name}")
    store.publish()
    return store


def everything(workspace: Path) -> dict[str, list[tuple[object, ...]]]:
    with duckdb.connect(str(workspace / "claims.duckdb"), read_only=True) as con:
        names = con.execute(
            "SELECT table_name FROM duckdb_tables() WHERE table_name <> '_migrations' "
            "UNION SELECT view_name FROM duckdb_views() WHERE NOT internal"
        ).fetchall()
        return {name: con.execute(f"FROM {name} ORDER BY ALL").fetchall() for (name,) in names}


def test_a_restored_workspace_is_the_same_row_for_row(full: Store, tmp_path: Path) -> None:
    counts = backup(full, tmp_path / "kept")
    back = tmp_path / "back"
    assert restore(tmp_path / "kept", back) == counts
    assert everything(back) == everything(full.workspace)
    status = "from claim_status"
    assert list(run_sql(back, status)[1]) == list(run_sql(full.workspace, status)[1])
    assert (back / "archive/1.warc.gz").read_text() == "bytes of archive/1.warc.gz"
    assert sorted(path.name for path in back.iterdir() if not path.name.startswith(".")) == [
        "archive", "claims.duckdb", "published.duckdb", "reports", "tabayyun.toml",
    ]  # fmt: skip
    record(Store(back), 3)


@pytest.mark.parametrize("harm", ["changed", "missing", "added", "not one"])
def test_a_backup_that_is_not_whole_is_refused_before_anything_stands_there(
    full: Store, tmp_path: Path, harm: str
) -> None:
    kept = tmp_path / "kept"
    backup(full, kept)
    warc = kept / "files/archive/1.warc.gz"
    {
        "changed": lambda: warc.write_text("other bytes"),
        "missing": (kept / "tables/claim.parquet").unlink,
        "added": (kept / "files/added").touch,
        "not one": (kept / "manifest.json").unlink,
    }[harm]()
    with pytest.raises(InputError) as raised:
        restore(kept, tmp_path / "back")
    assert "\n" not in str(raised.value)
    assert not (tmp_path / "back").exists()


def test_nothing_is_overwritten(full: Store, tmp_path: Path) -> None:
    backup(full, tmp_path / "kept")
    with pytest.raises(InputError, match="exists already"):
        backup(full, tmp_path / "kept")
    with pytest.raises(InputError, match="is not empty"):
        restore(tmp_path / "kept", full.workspace)


def test_the_sqlite_file_holds_every_table_and_view(full: Store, tmp_path: Path) -> None:
    counts = write_sqlite(full.workspace, tmp_path / "out.db")
    with sqlite3.connect(tmp_path / "out.db") as con:
        for name, count in counts.items():
            assert con.execute(f'SELECT count(*) FROM "{name}"').fetchone() == (count,)
        assert con.execute("SELECT verdict, decided_by FROM claim_status ORDER BY 2").fetchall() == [
            ("not_enough_evidence", "engine"), ("refuted", "person"),
        ]  # fmt: skip
        (outlets,) = con.execute("SELECT outlets FROM origins").fetchone()
    assert json.loads(outlets) == ["Page"]
    assert {"claim", "claim_status", "claim_history", "origins", "rulings"} <= set(counts)
    described = json.loads((tmp_path / "out.db.metadata.json").read_text())["databases"]["out"]["tables"]
    assert all(described[name]["description"] for name in counts)


def test_parquet_and_csv_stand_in_a_folder(full: Store, tmp_path: Path) -> None:
    counts = write_tables(full.workspace, tmp_path / "p", "parquet")
    assert write_tables(full.workspace, tmp_path / "c", "csv") == counts
    with duckdb.connect() as con:
        for name, count in counts.items():
            read = con.execute(
                "SELECT count(*) FROM read_parquet(?)", [str(tmp_path / "p" / f"{name}.parquet")]
            )
            assert read.fetchall() == [(count,)]
            with (tmp_path / "c" / f"{name}.csv").open(newline="") as file:
                assert len(list(csv.reader(file))) == count + 1
