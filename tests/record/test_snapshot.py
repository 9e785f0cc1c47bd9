"""What readers get: described in every column, as the live file has it, and whole at every moment."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest
from recorded import record, rows, run

from claims.errors import StoreError
from claims.model import Review
from claims.record.integrity import broken_links
from claims.record.query import snapshot
from claims.record.status import claim_status
from claims.record.store import Store


@pytest.mark.parametrize("which", ["claims.duckdb", "published.duckdb"])
def test_every_table_view_and_column_is_described(published: Path, which: str) -> None:
    with duckdb.connect(str(published / which), read_only=True) as con:
        bare = con.execute(
            "SELECT table_name, column_name FROM duckdb_columns() WHERE NOT internal AND comment IS NULL "
            "UNION ALL SELECT table_name, NULL FROM duckdb_tables() WHERE NOT internal AND comment IS NULL "
            "UNION ALL SELECT view_name, NULL FROM duckdb_views() WHERE NOT internal AND comment IS NULL"
        ).fetchall()
        described = con.execute(
            "SELECT count(*) FROM duckdb_columns() WHERE NOT internal AND comment IS NOT NULL"
        ).fetchall()[0][0]
        views = con.execute(
            "SELECT view_name FROM duckdb_views() WHERE NOT internal UNION ALL SELECT table_name FROM duckdb_tables()"
        ).fetchall()
    assert bare == []
    assert described > 200
    assert {name for (name,) in views} >= {
        "claim_status",
        "claim_history",
        "due",
        "evidence_quotes",
        "origins",
        "rulings",
        "sources_health",
    }


def test_the_snapshot_holds_the_same_as_the_live_file(published: Path) -> None:
    with duckdb.connect(str(published / "claims.duckdb"), read_only=True) as live:
        tables = [name for (name,) in live.execute("SELECT table_name FROM duckdb_tables()").fetchall()]
        expected = {name: live.execute(f"FROM {name} ORDER BY ALL").fetchall() for name in tables}
    with snapshot(published) as con:
        assert {name: con.execute(f"FROM {name} ORDER BY ALL").fetchall() for name in tables} == expected
        assert broken_links(con) == []


def test_what_is_worked_out_for_the_snapshot_is_what_the_live_views_say(store: Store) -> None:
    for number in range(1, 4):
        (first, _) = record(store, number)
    store.add_review(
        Review(first.id, "refuted", None, "Amal", "moved", run(2).started_at + timedelta(hours=1))
    )
    store.publish()
    with duckdb.connect(str(store.path), read_only=True) as live, snapshot(store.workspace) as con:
        for name in ("rulings", "claim_status", "claim_history", "due", "origins", "evidence_quotes"):
            expected = live.execute(f"FROM {name} ORDER BY ALL").fetchall()
            assert expected
            assert con.execute(f"FROM {name} ORDER BY ALL").fetchall() == expected
            assert (
                con.execute(f"DESCRIBE {name}").fetchall()[0][:2]
                == live.execute(f"DESCRIBE {name}").fetchall()[0][:2]
            )


def test_readers_never_see_half_a_snapshot(store: Store) -> None:
    """Readers in processes of their own ask all through the publications."""
    record(store, 1)
    store.publish()
    reader = (
        "import sys, time, duckdb\n"
        "from pathlib import Path\n"
        "from claims.record.query import run_sql\n"
        "print('reading', flush=True)\n"
        "seen = []\n"
        "while not (Path(sys.argv[1]) / 'stop').exists():\n"
        "    _, found = run_sql(Path(sys.argv[1]), 'SELECT (SELECT count(*) FROM run), count(*), "
        "count(verdict) FROM run_verdict JOIN claim_status USING (claim_id)')\n"
        "    seen.append(next(found))\n"
        "    with duckdb.connect(sys.argv[1] + '/published.duckdb', read_only=True) as con:\n"
        "        seen.append(con.execute('SELECT (SELECT count(*) FROM run), count(*), count(*) "
        "FROM run_verdict').fetchall()[0])\n"
        "    time.sleep(0.03)\n"
        "assert all(2 * runs == verdicts == known for runs, verdicts, known in seen), seen\n"
        "assert [one[0] for one in seen] == sorted(one[0] for one in seen)\n"
        "print(len(seen))\n"
    )
    root = str(Path(__file__).parent.parent.parent)
    readers = [
        subprocess.Popen(
            [sys.executable, "-c", reader, str(store.workspace)],
            env=os.environ | {"PYTHONPATH": root},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    for process in readers:
        assert process.stdout is not None
        process.stdout.readline()
    for number in range(2, 7):
        record(store, number)
        store.publish()
    (store.workspace / "stop").touch()
    for process in readers:
        out, err = process.communicate(timeout=30)
        assert process.returncode == 0, err
        assert int(out) > 4


def test_a_reader_keeps_its_snapshot_while_a_new_one_is_published(store: Store) -> None:
    record(store, 1)
    store.publish()
    with snapshot(store.workspace) as old:
        record(store, 2)
        store.publish()
        assert old.execute("SELECT count(*) FROM run").fetchall() == [(1,)]
        assert rows(store.workspace, "SELECT count(*) FROM run") == [(2,)]


def test_what_a_killed_publisher_left_is_removed(store: Store) -> None:
    record(store)
    left = [store.workspace / ".published-1-aa.tmp", store.workspace / ".published-1-aa.tmp.wal"]
    for path in left:
        path.write_bytes(b"half a file")
    store.publish()
    assert sorted(path.name for path in store.workspace.iterdir()) == [
        ".publish.lock", "claims.duckdb", "published.duckdb",
    ]  # fmt: skip


def test_whoever_writes_to_the_snapshot_harms_nobody_for_long(store: Store) -> None:
    record(store, 1)
    path = store.publish()
    intruder = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import duckdb, sys, time; con = duckdb.connect(sys.argv[1]); con.execute('DELETE FROM run'); "
            "print('written', flush=True); time.sleep(60)",
            str(path),
        ],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert intruder.stdout is not None
    intruder.stdout.readline()
    with pytest.raises(StoreError, match="another program has it open for writing"):
        claim_status(store.workspace)
    store.publish()
    assert rows(store.workspace, "SELECT count(*) FROM run") == [(1,)]
    intruder.kill()
    intruder.wait()
    store.publish()
    assert rows(store.workspace, "SELECT count(*) FROM run") == [(1,)]
