"""Debian's PostgreSQL in a folder of its own, run by a user who may not be root."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_USER = "tabayyun"


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def programs() -> Path | None:
    """The newest installed version's folder of programs."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
    return found[-1].parent if found else None


@dataclass(frozen=True)
class Postgres:
    """A server on loopback that trusts everybody there."""

    port: int
    folder: Path
    bin: Path

    def make(self, database: str) -> str:
        """A new database; how libpq is told of it."""
        self._run("createdb", "-h", "127.0.0.1", "-p", str(self.port), "-U", _USER, database)
        return f"dbname={database} host=127.0.0.1 port={self.port} user={_USER}"

    def _run(self, program: str, *arguments: str) -> None:
        owner = "postgres" if os.geteuid() == 0 else None  # it refuses to be root
        subprocess.run(
            [str(self.bin / program), *arguments], user=owner, cwd="/", check=True, capture_output=True
        )


@contextmanager
def postgres() -> Iterator[Postgres]:
    found = programs()
    assert found is not None, "apt-get install postgresql"
    folder = Path(tempfile.mkdtemp(prefix="tabayyun-pg-"))
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    server = Postgres(free_port(), folder, found)
    data, log = str(folder / "data"), str(folder / "log")
    options = (
        f"-p {server.port} -k {folder} -c listen_addresses=127.0.0.1 -c max_connections=200 -c fsync=off"
    )
    try:
        server._run("initdb", "-D", data, "-A", "trust", "-U", _USER, "--no-sync")
        server._run("pg_ctl", "-D", data, "-l", log, "-o", options, "-w", "-t", "120", "start")
        yield server
    finally:
        subprocess.run(
            [str(found / "pg_ctl"), "-D", data, "-m", "immediate", "stop"],
            user="postgres" if os.geteuid() == 0 else None,
            cwd="/",
            capture_output=True,
        )
        shutil.rmtree(folder, ignore_errors=True)
