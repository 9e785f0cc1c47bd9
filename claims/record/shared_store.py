"""The shared record as a store, and the part of a run that one worker has in hand until it hands it over."""

from __future__ import annotations

import fcntl
import secrets
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from duckdb import DuckDBPyConnection

from claims.errors import StoreError
from claims.fetch.cache import Past
from claims.record import publish, shared
from claims.record.guarded import one_line_errors
from claims.record.layers import WRITTEN_TO, Table, lay, tables
from claims.record.store import Store
from claims.settings import Settings

_OWN = "moved"
_LOCK_NAME = ".desk.lock"


class SharedStore(Store):
    """The record of many machines. A turn is a transaction of its catalog, which holds up nobody."""

    def __init__(self, workspace: Path, settings: Settings) -> None:
        super().__init__(workspace, settings.memory_limit_mb, settings.busy_wait_s)
        self._settings = settings
        self._name = settings.store
        self._data = settings.store_data or str((workspace / "record").resolve())
        self.path = Path(self._name)  # for messages alone

    def exists(self) -> bool:
        """It does, or its catalog cannot be reached, which the first turn tells."""
        return True

    def copy_to(self, path: Path) -> None:
        """A record of one file stands at `path`, in the place of what stood there, with all of this one."""
        path.unlink(missing_ok=True)
        path.with_name(path.name + ".wal").unlink(missing_ok=True)
        with closing(self._connect()) as con, shared.in_one_line(self._name):
            shared.write_file(con, path, self.memory_limit_mb)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Nobody else who shares the workspace's folder is between the same two lines."""
        with one_line_errors(self.workspace), (self.workspace / _LOCK_NAME).open("wb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def add_workspace(self, file: Path) -> None:
        """All that a record of one file holds is in this one, which holds nothing yet."""
        with closing(self._connect()) as con:
            if con.execute("SELECT 1 FROM run LIMIT 1").fetchall():
                raise StoreError(f"{self._name}: holds a record already; name an empty database")
            con.execute(f"ATTACH '{_escaped(file)}' AS {_OWN} (READ_ONLY)")
            try:
                shared.add_all(con, f"{_OWN}.main", self._name, self.busy_wait_s)
            finally:
                con.execute(f"DETACH {_OWN}")

    @contextmanager
    def part(self, first: int) -> Iterator[Part]:
        """A store for some articles of a run, the first of which has this place among all of them."""
        with closing(self._connect()) as con, Part.beside(self, con, self._settings, first) as part:
            yield part

    @contextmanager
    def _opened(self) -> Iterator[DuckDBPyConnection]:
        with closing(self._connect()) as con, shared.in_one_line(self._name):
            yield con

    def _tidy(self) -> None:
        with self._opened() as con:
            shared.tidy(con)

    def _connect(self) -> DuckDBPyConnection:
        if "://" not in self._data:
            with one_line_errors(self.workspace):
                Path(self._data).mkdir(parents=True, exist_ok=True)
        return shared.connect(self._name, self._data, self.memory_limit_mb)


class Part(Store):
    """Some articles of a run while one worker has them. Nobody else sees any of it before `hand_over`.

    It reads the snapshot of the night before together with what it has written itself, so that it need not
    ask the catalog. Whoever is killed leaves nothing behind, and another does the same work.
    """

    def __init__(
        self, whole: SharedStore, con: DuckDBPyConnection, settings: Settings, name: str, first: int
    ):
        super().__init__(whole.workspace, settings.memory_limit_mb, settings.busy_wait_s)
        self.path = whole.path
        self.first = first
        self._whole = whole
        self._con = con
        self._name = name
        self._one = threading.Lock()

    @classmethod
    @contextmanager
    def beside(
        cls, whole: SharedStore, con: DuckDBPyConnection, settings: Settings, first: int
    ) -> Iterator[Part]:
        """A part in the memory of the process that is connected to the whole record."""
        name = secrets.token_hex(4)
        read, own, past = f"read_{name}", f"own_{name}", f"past_{name}"
        snapshot = whole.workspace / publish.FILE_NAME
        attached = [own, read]
        con.execute(f"ATTACH ':memory:' AS {own}")
        con.execute(f"ATTACH ':memory:' AS {read}")
        try:
            if snapshot.exists():
                with one_line_errors(snapshot):
                    con.execute(f"ATTACH '{_escaped(snapshot)}' AS {past} (READ_ONLY)")
                attached.append(past)
            for table in tables():
                con.execute(f"CREATE TABLE {own}.{table.name} ({table.definition})")
            con.execute(f"USE {read}")
            known = set()
            if past in attached:
                known = {
                    name
                    for (name,) in con.execute(
                        "SELECT table_name FROM duckdb_tables() WHERE database_name = ?", [past]
                    ).fetchall()
                }
            lay(con, lambda table: _both(table, own, past if table.name in known else None))
            yield cls(whole, con, settings, name, first)
        finally:
            con.execute("USE memory")
            for database in attached:
                con.execute(f"DETACH {database}")

    def known_past(self) -> Past:
        """What everybody asked for in the last 24 hours, as far as it was handed over."""
        return self._whole.known_past()

    def decided_already(self, run: str) -> set[str]:
        """The claims that anybody decided in the run."""
        with self._whole.turn() as con:
            found = con.execute("SELECT claim_id FROM run_verdict WHERE run_id = ?", [run]).fetchall()
        return {claim for (claim,) in found}

    def hand_over(self) -> None:
        """All that was recorded here is in the whole record, in one transaction, and none of it twice."""
        with self._one:
            shared.add_all(self._con, f"own_{self._name}.main", str(self.path), self.busy_wait_s)

    @contextmanager
    def _opened(self) -> Iterator[DuckDBPyConnection]:
        with self._one, closing(self._con.cursor()) as con:
            con.execute(f"USE read_{self._name}")
            con.execute(f"SET VARIABLE {WRITTEN_TO} = 'own_{self._name}.main'")
            yield con


def open_store(workspace: Path, settings: Settings) -> Store:
    """The record of the workspace, where its settings say that it is."""
    if settings.store:
        return SharedStore(workspace, settings)
    return Store(workspace, settings.memory_limit_mb, settings.busy_wait_s)


def _both(table: Table, own: str, past: str | None) -> str:
    rows = f"SELECT * FROM {own}.{table.name}"  # noqa: S608 (names of tables and databases)
    if past is None:
        return rows
    return f"{rows} UNION ALL BY NAME SELECT * FROM {past}.{table.name}"  # noqa: S608


def _escaped(path: Path) -> str:
    return str(path.resolve()).replace("'", "''")
