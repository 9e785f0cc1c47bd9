"""One writer at a time: several processes, killed processes, full disks and files that are not ours."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import duckdb
import pytest
from recorded import record, run, sizes, store_at

from claims.errors import StoreBusy, StoreError, StoreTooNew
from claims.record.integrity import broken_links
from claims.record.status import claim_status
from claims.record.store import Store

HERE = Path(__file__).parent


def start(code: str, workspace: Path) -> subprocess.Popen[str]:
    """A process of its own that runs the code with `store` at hand."""
    begin = (
        "import sys; from pathlib import Path; from recorded import *; store = store_at(Path(sys.argv[1]))\n"
    )
    return subprocess.Popen(
        [sys.executable, "-c", begin + code, str(workspace)],
        env=os.environ | {"PYTHONPATH": os.pathsep.join([str(HERE), str(HERE.parent.parent)])},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finished(process: subprocess.Popen[str]) -> str:
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    return out


def assert_whole(store: Store) -> None:
    with store.turn() as con:
        assert broken_links(con) == []


def test_two_processes_take_turns(tmp_path: Path) -> None:
    both = [
        start(
            f"for number in range({first}, {first} + 2): record(store, number); store.publish()",
            tmp_path,
        )
        for first in (1, 11)
    ]
    for process in both:
        finished(process)
    store = store_at(tmp_path)
    found = sizes(store)
    assert (found["run"], found["run_verdict"]) == (4, 8)
    assert (found["claim"], found["verdict"], found["document"]) == (2, 2, 1)
    assert_whole(store)


def test_threads_of_one_process_take_turns(store: Store) -> None:
    threads = [threading.Thread(target=record, args=(store, number)) for number in range(1, 4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sizes(store)["run"] == 3
    assert_whole(store)


def test_who_holds_the_file_is_named(tmp_path: Path) -> None:
    holder = start(
        "import time\nwith store.turn():\n    print('held', flush=True)\n    time.sleep(60)", tmp_path
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    try:
        with pytest.raises(StoreBusy) as raised:
            Store(tmp_path, busy_wait_s=0.2).begin_run(run())
    finally:
        holder.kill()
        holder.wait()
    assert re.search(
        rf"{re.escape(str(tmp_path))}/claims.duckdb: held by process {holder.pid} ", str(raised.value)
    )
    assert "\n" not in str(raised.value)


def test_killed_in_a_turn_the_same_again_finishes_the_work(store: Store, tmp_path: Path) -> None:
    record(store, 1)
    victim = start(
        "with store.turn():\n"
        "    record(store, 2)\n"
        "    print('written', flush=True)\n"
        "    import time; time.sleep(60)",
        tmp_path,
    )
    assert victim.stdout is not None
    assert victim.stdout.readline() == "written\n"
    victim.send_signal(signal.SIGKILL)
    victim.wait()
    assert sizes(store)["run"] == 1
    finished(start("record_step_by_step(store, 2)", tmp_path))
    assert sizes(store)["run"] == 2
    assert_whole(store)


def test_killed_at_any_moment_the_same_again_finishes_the_work(tmp_path: Path) -> None:
    undisturbed = store_at(tmp_path / "undisturbed")
    for number in (1, 2):
        record(undisturbed, number)
    store = store_at(tmp_path / "killed")
    code = "for number in (1, 2): record_step_by_step(store, number); store.publish()"
    record(store, 1)  # the tables are made, so that the kills hit the recording
    for delay_s in (0.03, 0.1, 0.25):
        victim = start("print('go', flush=True)\n" + code, tmp_path / "killed")
        assert victim.stdout is not None
        victim.stdout.readline()
        time.sleep(delay_s)
        victim.kill()
        victim.wait()
        assert_whole(store)
    finished(start(code, tmp_path / "killed"))
    assert sizes(store) == sizes(undisturbed)
    assert not list((tmp_path / "killed").glob(".published-*"))


def test_killed_while_the_tables_are_made(tmp_path: Path) -> None:
    for delay_s in (0.01, 0.05):
        victim = start("print('go', flush=True)\nstore.begin_run(run())", tmp_path)
        assert victim.stdout is not None
        victim.stdout.readline()
        time.sleep(delay_s)
        victim.kill()
        victim.wait()
    record(store_at(tmp_path))
    assert_whole(store_at(tmp_path))


def test_a_copy_holds_what_stands_in_the_log_alone(store: Store, tmp_path: Path) -> None:
    record(store)
    assert store.path.with_name(store.path.name + ".wal").exists()
    (tmp_path / "copy").mkdir()
    copy = store_at(tmp_path / "copy")
    store.copy_to(copy.path)
    assert sizes(copy) == sizes(store)
    store.publish()
    assert not store.path.with_name(store.path.name + ".wal").exists()


def test_a_full_disk_is_one_line_and_keeps_what_was_recorded(store: Store, tmp_path: Path) -> None:
    record(store, 1)
    room = store.path.stat().st_size + 150_000
    out = finished(
        start(
            f"""
import resource, signal
from claims.errors import StoreError
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, ({room}, {room}))
record(store, 2)
try:
    for number in range(3, 30):
        with store.turn():
            record(store, number)
            lines = [f"{{number}} {{line}} {{hash((number, line))}}" for line in range(6_000)]
            store.add_failures(f"run-{{number}}", lines)
except StoreError as error:
    print(number, error)
""",
            tmp_path,
        )
    )
    assert out.count("\n") == 1
    assert "make room on the disk" in out
    stopped_at = int(out.split()[0])
    # the last may have been written ahead already when there was no more room
    assert sizes(store)["run"] in (stopped_at - 1, stopped_at)
    record(store, stopped_at)
    assert sizes(store)["run"] == stopped_at
    assert_whole(store)


def test_a_full_disk_leaves_the_old_snapshot(store: Store, tmp_path: Path) -> None:
    record(store, 1)
    before = store.publish().read_bytes()
    record(store, 2)
    out = finished(
        start(
            """
import resource, signal
from claims.errors import StoreError
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
try:
    store.publish()
except StoreError as error:
    print(error)
""",
            tmp_path,
        )
    )
    assert out.count("\n") == 1
    assert re.match(rf"{re.escape(str(tmp_path))}/(claims|published)\.duckdb: ", out)
    assert "make room on the disk" in out
    assert (tmp_path / "published.duckdb").read_bytes() == before
    assert not list(tmp_path.glob(".published-*"))


@pytest.mark.parametrize("content", [b"SQLite format 3\0" + b"x" * 5000, b"{}", os.urandom(40_000)])
def test_a_file_that_is_no_database_is_left_as_it_is(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "claims.duckdb").write_bytes(content)
    with pytest.raises(StoreError, match="move the file away") as raised:
        store_at(tmp_path).begin_run(run())
    assert "\n" not in str(raised.value)
    assert (tmp_path / "claims.duckdb").read_bytes() == content


def test_a_damaged_database_can_be_put_back_from_the_snapshot(store: Store) -> None:
    record(store)
    published = store.publish()
    before = sizes(store)
    whole = store.path.read_bytes()
    store.path.write_bytes(whole[:20_000] + b"\xff" * (len(whole) - 20_000))
    with pytest.raises(StoreError, match="put a copy of published") as raised:
        record(store, 2)
    assert "\n" not in str(raised.value)
    store.path.write_bytes(published.read_bytes())
    assert sizes(store) == before
    assert_whole(store)
    record(store, 2)
    store.publish()
    assert {row["last_checked"].day for row in claim_status(store.workspace)} == {13}


def test_a_database_of_something_else_is_left_as_it_is(tmp_path: Path) -> None:
    with duckdb.connect(str(tmp_path / "claims.duckdb")) as con:
        con.execute("CREATE TABLE theirs (x INTEGER)")
    with pytest.raises(StoreError, match="holds tables of something else"):
        store_at(tmp_path).begin_run(run())


def test_a_database_from_a_newer_version_is_left_as_it_is(store: Store) -> None:
    record(store)
    with duckdb.connect(str(store.path)) as con:
        con.execute("INSERT INTO _migrations VALUES (99, '0099_later.sql', now()::TIMESTAMP)")
    with pytest.raises(StoreTooNew, match="at step 99, this version knows") as raised:
        record(store, 2)
    assert "\n" not in str(raised.value)
    with duckdb.connect(str(store.path)) as con:
        assert con.execute("SELECT count(*) FROM run").fetchall() == [(1,)]


def test_a_workspace_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreError, match="cannot be used"):
        store_at(tmp_path / "file").begin_run(run())
    with pytest.raises(StoreError, match="cannot be used"):
        store_at(tmp_path / "file").publish()
