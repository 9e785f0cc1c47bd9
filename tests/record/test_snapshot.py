"""What readers get: whole at every moment, described in every column, and only to be read."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb
import pytest
from recorded import article, capture, claims, document, evidence, record, run, store_at, verdict

from claims.errors import InputError, StoreError
from claims.model import Review
from claims.record.export import write_csv, write_jsonl, write_parquet
from claims.record.integrity import broken_links
from claims.record.query import run_sql, snapshot
from claims.record.status import claim_status
from claims.record.store import Store

CONTRACT = [
    *("claim_id", "article_id", "text", "standalone", "kind", "lang", "speaker", "worth", "verdict", "said"),
    *("confidence", "supports", "refutes", "decided_by", "decided_at", "first_seen", "last_checked", "due"),
]


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with one run, published."""
    store = store_at(tmp_path_factory.mktemp("published"))
    record(store)
    store.publish()
    return store.workspace


def rows(workspace: Path, sql: str) -> list[tuple[object, ...]]:
    return list(run_sql(workspace, sql)[1])


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


def test_claim_status_keeps_its_contract(published: Path) -> None:
    columns, found = run_sql(published, "from claim_status")
    assert columns[: len(CONTRACT)] == CONTRACT
    assert len(list(found)) == 2
    first, second = claim_status(published)
    assert list(first) == columns
    assert (first["verdict"], first["said"], first["supports"], first["decided_by"]) == (
        "supported", "supported", 2, "engine",
    )  # fmt: skip
    assert first["speaker"] == "المتحدث"
    assert first["first_seen"] == run().started_at
    assert first["due"] == date(2024, 10, 25)  # the day after the summit
    assert (second["verdict"], second["said"], second["speaker"]) == ("not_enough_evidence", None, None)
    assert second["due"] == date(2024, 10, 13)  # names no day and is young


def test_quotes_lead_to_their_archived_bytes(published: Path) -> None:
    found = rows(
        published,
        "SELECT quote, url, outlet, warc, warc_offset, sha256, claim_id, is_current FROM evidence_quotes "
        "ORDER BY span_start",
    )
    (first, _) = claims(article())
    page = capture()
    assert found[0] == (
        "22 to 24 October", page.final_url, "Page", page.warc, page.offset, page.sha256, first.id, True,
    )  # fmt: skip
    assert len(found) == 2


def test_the_health_of_sources_is_counted(published: Path) -> None:
    found = rows(
        published,
        "SELECT source, asked, ok, unreachable, found, last_answered IS NULL FROM sources_health ORDER BY 1",
    )
    assert found == [("metasearch", 2, 2, 0, 4, False), ("wiki", 2, 0, 2, 0, True)]


def test_a_persons_decision_stands_above_the_engine_until_it_is_withdrawn(store: Store) -> None:
    (first, _) = record(store, 1)
    decided_at = run(1).started_at + timedelta(hours=1)
    review = Review(first.id, "refuted", "not_enough_evidence", "Amal", "the summit was moved", decided_at)
    review_id = store.add_review(review)
    assert store.add_review(review) == review_id

    def now() -> dict[str, object]:
        store.publish()
        return claim_status(store.workspace, claim=first.id)[0]

    reviewed = now()
    assert (reviewed["verdict"], reviewed["said"], reviewed["decided_by"], reviewed["reviewer"]) == (
        "refuted", "not_enough_evidence", "person", "Amal",
    )  # fmt: skip
    assert (reviewed["decided_at"], reviewed["due"], reviewed["confidence"]) == (decided_at, None, None)
    record(store, 2)
    assert now()["verdict"] == "refuted"
    assert now()["last_checked"] == run(2).started_at + timedelta(minutes=1)
    later = replace(review, verdict="conflicting", decided_at=decided_at + timedelta(days=2))
    later_id = store.add_review(later)
    assert now()["verdict"] == "conflicting"
    store.withdraw_review(later_id, "Amal", "too early", decided_at + timedelta(days=3))
    assert now()["verdict"] == "refuted"
    store.withdraw_review(review_id, "Amal", "it was not", decided_at + timedelta(days=4))
    assert (now()["verdict"], now()["decided_by"]) == ("supported", "engine")
    with pytest.raises(InputError, match="there is no review w_none"):
        store.withdraw_review("w_none", "Amal", "", decided_at)
    held = rows(
        store.workspace,
        f"SELECT holds_verdict, changed FROM claim_history WHERE claim_id = '{first.id}' ORDER BY decided_at",
    )
    assert held == [
        ("supported", False),
        ("refuted", True),
        ("refuted", False),
        ("conflicting", True),
        ("refuted", True),
        ("supported", True),
    ]


def test_history_tells_which_evidence_changed_a_verdict(store: Store) -> None:
    (first, second) = record(store, 1)
    page = document(capture())
    other = capture("https://page.example/2", "moved")
    denial = document(other, "The summit was moved.")
    kept = evidence(first, page, "22 to 24 October")
    new = replace(evidence(first, denial, "was moved"), stance="refutes")
    store.begin_run(run(2))
    store.add_article("run-2", article())
    store.add_claims("run-2", article(), [first, second])
    store.add_captures("run-2", [other])
    store.add_documents([denial])
    store.add_verdict("run-2", replace(verdict(first, (kept, new)), verdict="conflicting"), run(2).started_at)
    store.publish()
    gone = evidence(first, page, "👩‍🚀 The mayor")
    assert rows(
        store.workspace,
        "SELECT changed, evidence_new, evidence_gone, verdict FROM claim_history "
        f"WHERE claim_id = '{first.id}' ORDER BY decided_at",
    ) == [(False, None, None, "supported"), (True, [new.id], [gone.id], "conflicting")]
    changed = claim_status(store.workspace, changed=True)
    assert [item["claim_id"] for item in changed] == [first.id]
    assert claim_status(store.workspace, changed=True, since=date(2024, 10, 14)) == []
    assert [item["claim_id"] for item in claim_status(store.workspace, since=date(2024, 10, 13))] == [
        first.id
    ]
    assert [item["claim_id"] for item in claim_status(store.workspace, verdict="conflicting")] == [first.id]
    assert claim_status(store.workspace, verdict="refuted") == []
    current = "SELECT evidence_id FROM evidence_quotes WHERE is_current ORDER BY 1"
    assert rows(store.workspace, current) == sorted([(kept.id,), (new.id,)])
    with pytest.raises(InputError, match="verdict true: not known"):
        claim_status(store.workspace, verdict="true")


def test_young_claims_fall_due_more_often(store: Store) -> None:
    today = run().started_at.date()
    due_after_days = {0: 1, 7: 1, 8: 7, 30: 7, 31: 30, 365: 30, 366: None}
    found = {}
    with store.turn():
        store.begin_run(run())
        for age_days in due_after_days:
            given = replace(article(f"خبر {age_days}"), published=today - timedelta(days=age_days))
            claim = replace(
                claims(article())[0], id=f"c_{age_days}", text=given.text, end=len(given.text), when=()
            )
            store.add_article("run-1", given)
            store.add_claims("run-1", given, [claim])
            found[claim.id] = claim
    store.publish()
    never_checked = claim_status(store.workspace)
    assert {(item["verdict"], item["due"]) for item in never_checked} == {(None, today)}
    with store.turn():
        for claim in found.values():
            store.add_verdict("run-1", verdict(claim), run().started_at)
    store.publish()
    assert {item["claim_id"]: item["due"] for item in claim_status(store.workspace)} == {
        f"c_{age_days}": days and today + timedelta(days=days) for age_days, days in due_after_days.items()
    }


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


def test_broken_links_are_named(store: Store) -> None:
    (first, _) = record(store)
    with duckdb.connect(str(store.path)) as con:
        con.execute("DELETE FROM capture")
        con.execute("INSERT INTO failure VALUES ('run-9', 0, 'x')")
        con.execute("UPDATE claim SET text = 'x' WHERE claim_id = ?", [first.id])
        broken = broken_links(con)
    key = capture().id
    assert broken == [
        "failure.run_id run-9: no such run",
        f"fetched.capture_id {key}: no such capture",
        f"document.capture_id {key}: no such capture",
        f"verdict_evidence.capture_id {key}: no such capture",
        f"claim {first.id}: not what article {article().id} says at {first.start}-{first.end}",
    ]


def test_times_without_a_zone_are_utc(store: Store) -> None:
    started = datetime(2024, 1, 1, 2, 3, 4)
    store.begin_run(replace(run(), started_at=started))
    assert store.read_run("run-1").run.started_at == started.replace(tzinfo=UTC)
