"""Workspaces that cannot be written: one line, exit status 1, and a rerun that finishes the work."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from commands_support import PUBLISHED, World, command, environment, run, whole_archives

HOLD = """
import duckdb, sys
con = duckdb.connect(sys.argv[1])
print("held", flush=True)
sys.stdin.read()
"""
VERIFY = """
import asyncio, resource, sys
from pathlib import Path
from claims.errors import TabayyunError
from claims.pipeline import make_request, verify
article, published, workspace, sources, limit = sys.argv[1:]
request = make_request([article], published, workspace=Path(workspace), evidence=Path(sources))
resource.setrlimit(resource.RLIMIT_FSIZE, (int(limit), int(limit)))
try:
    asyncio.run(verify(request))
except TabayyunError as error:
    print("tabayyun:", error, file=sys.stderr)
    sys.exit(error.exit_status)
"""


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def quickly(world: World) -> list[object]:
    return [*world.arguments(), "--set", "busy_wait_s=0.2"]


def test_a_database_held_by_another_process(world: World) -> None:
    world.verify()
    file = world.workspace / "claims.duckdb"
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(file)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdin and holder.stdout and holder.stdout.readline() == "held\n"
        line = command(*quickly(world)).one_line(1)
        assert str(file) in line and f"process {holder.pid}" in line and "0.2 s" in line
        for question in (["status", "--json"], ["sql", "from claim_status", "--json"]):
            said = command(*question, "--workspace", world.workspace)
            assert said.status == 0 and len(said.records) == 2
        holder.stdin.close()
    assert world.verify().claims == 2


def test_a_database_of_a_newer_version(world: World) -> None:
    world.verify()
    with duckdb.connect(world.workspace / "claims.duckdb") as con:
        con.execute("INSERT INTO _migrations VALUES (9999, 'of tomorrow', now()::TIMESTAMP)")
    before = (world.workspace / "claims.duckdb").stat().st_size
    assert "written by a newer version" in command(*world.arguments()).one_line(1)
    assert (world.workspace / "claims.duckdb").stat().st_size == before


def test_a_file_that_is_no_database(world: World) -> None:
    world.workspace.mkdir()
    file = world.workspace / "claims.duckdb"
    file.write_bytes(b"my notes\n" * 9000)
    assert f"{file}: cannot be used" in command(*world.arguments()).one_line(1)
    assert file.read_bytes() == b"my notes\n" * 9000


def test_a_database_of_something_else(world: World) -> None:
    world.workspace.mkdir()
    with duckdb.connect(world.workspace / "claims.duckdb") as con:
        con.execute("CREATE TABLE songs (title VARCHAR)")
    assert "holds tables of something else" in command(*world.arguments()).one_line(1)


def test_a_workspace_that_is_a_file(world: World) -> None:
    world.workspace.write_text("not a folder")
    assert "is a file, not a folder" in command(*world.arguments()).one_line(2)


def test_an_orchestrator_without_a_place_for_its_records(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PREFECT_HOME", str(world.article / "below a file"))
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    assert "PREFECT_HOME" in command(*world.arguments()).one_line(1)


def as_a_common_user() -> None:
    """Root may write everywhere; without these two rights of its own it may no more than others."""
    drop = 24  # PR_CAPBSET_DROP
    for right in (1, 2):  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
        ctypes.CDLL(None, use_errno=True).prctl(drop, right, 0, 0, 0)


def test_a_workspace_that_cannot_be_written(world: World) -> None:
    world.workspace.mkdir()
    world.workspace.chmod(0o555)
    said = run(world.folder / "home", *world.arguments(), preexec_fn=as_a_common_user)
    assert str(world.workspace) in said.one_line(1) and "ermission denied" in said.err
    assert list(world.workspace.iterdir()) == []
    world.workspace.chmod(0o755)


@pytest.mark.parametrize(
    ("limit", "named"), [(50_000, "claims.duckdb"), (700_000, "claims.duckdb"), (2_200_000, "archive")]
)
def test_a_full_disk(world: World, limit: int, named: str) -> None:
    """Files may grow to a limit: first no database can be made, then it cannot grow, then the archive."""
    page = world.web / "1.html"
    page.write_bytes(page.read_bytes() + b"<!-- " + os.urandom(2_400_000).hex().encode())
    arguments = [world.article, PUBLISHED, world.workspace, world.sources, limit]
    done = subprocess.run(
        [sys.executable, "-c", VERIFY, *map(str, arguments)],
        env=environment(world.folder / "home"),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1, done.stderr
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"tabayyun: {world.workspace}/") and named in line
    assert "make room" in line or "free some space" in line
    whole_archives(world.workspace)
    assert world.verify().claims == 2
    assert whole_archives(world.workspace) >= 1
    assert world.rows("SELECT count(*) FROM claim_status WHERE verdict IS NOT NULL") == [(2,)]
