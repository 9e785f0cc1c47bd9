"""What pages are made from: the published snapshot, and the log of actions as far as it is known here."""

from __future__ import annotations

import contextlib
import json
import threading
from collections import OrderedDict, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from duckdb import DuckDBPyConnection

from claims.errors import InputError, StoreBusy, StoreError
from claims.record.desk import DECISIONS, Action, Standing, actions_after, review_rows, standing
from claims.record.one_claim import OnRecord, read_claim
from claims.record.publish import FILE_NAME
from claims.record.query import snapshot
from claims.record.store import Store
from claims.run_record import RunRecord

PAGE = 25  # claims on a page of the queue
_DECIDING = DECISIONS | {"reopen", "undo"}
_CATCH_UP_S = 1.0  # between looks at the file
_KEPT = 200  # claims that are kept as they were read, with the texts of their pages
# The engine's verdict beside the one that holds: reopening a claim brings the engine's back
_QUEUE = """
    CREATE TABLE memory.queue AS
    SELECT status.claim_id, left(status.text, 400) AS text, status.lang, status.kind, status.worth,
           status.first_seen, status.verdict, status.said, status.decided_by, status.supports,
           status.refutes, verdict.verdict AS engine_verdict, verdict.confidence AS engine_confidence
    FROM claim_status AS status LEFT JOIN verdict ON verdict.verdict_id = status.verdict_id
    ORDER BY round(status.worth, 1) DESC, status.first_seen, status.claim_id
"""
_STATES = """
    CREATE TABLE memory.acted (
        claim_id VARCHAR PRIMARY KEY, state VARCHAR, verdict VARCHAR, decides BOOLEAN, joined VARCHAR)
"""
_HOLDS = "CASE WHEN acted.decides THEN coalesce(acted.verdict, engine_verdict) ELSE queue.verdict END"
# People may have decided elsewhere than at the desk
_STATE = """
    CASE WHEN acted.joined IS NOT NULL THEN 'joined'
         WHEN acted.decides OR acted.state <> 'open' THEN acted.state
         WHEN queue.decided_by = 'person' THEN 'decided' ELSE 'open' END
"""
_ORDERS = {
    "worth": "round(worth, 1) DESC, first_seen, queue.claim_id",
    "age": "first_seen, worth DESC, queue.claim_id",
}


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of the queue."""

    claim: str
    text: str
    lang: str
    kind: str
    worth: float
    first_seen: datetime  # UTC, without a zone
    verdict: str | None
    supports: int | None
    refutes: int | None
    state: str
    joined: str | None


@dataclass(frozen=True, slots=True)
class Alike:
    """A claim that may be the same as another, and how likely it is, 0 to 1."""

    claim: str
    text: str
    score: float


@dataclass(frozen=True, slots=True)
class Asked:
    """What the queue is asked for."""

    verdict: str | None = None
    state: str | None = None
    lang: str | None = None
    order: str = "worth"
    page: int = 1


class _Opened:
    """A snapshot that is open until it is retired and the last page is read from it.

    Closing a connection of DuckDB ends what its cursors still read, so it has to wait for them.
    """

    def __init__(self, workspace: Path) -> None:
        self._stack = contextlib.ExitStack()
        self.con = self._stack.enter_context(snapshot(workspace, threads=1))
        self.spare: list[DuckDBPyConnection] = []  # cursors that nobody reads from now
        self.read: OrderedDict[str, OnRecord | None] = OrderedDict()  # claims, the latest asked for last
        self.listed: OrderedDict[Asked, tuple[list[Listed], int]] = OrderedDict()  # pages of the queue
        self.alike = _alike(self.con)
        self.readers = 0
        self.retired = False

    def close_if_done(self) -> None:
        if self.retired and not self.readers:
            self._stack.close()


class Reader:
    """The newest snapshot, kept open, and the log; `catch_up` brings both up to date.

    Pages are read by many threads at once. Raises InputError where nothing was published yet.
    """

    def __init__(self, store: Store) -> None:
        self.store = store
        self._lock = threading.Lock()
        self._logs: dict[str, list[Action]] = defaultdict(list)
        self._last = 0
        self._live: tuple[int, int] | None = None
        self._stamp: tuple[int, int] | None = None
        self._opened: _Opened | None = None
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._keep_up, name="desk-reader", daemon=True)

    def start(self) -> None:
        """Everything is read once, and from now on whenever it changes."""
        with self.store.turn():  # the tables are up to date
            pass
        self.catch_up()
        self._thread.start()

    def close(self) -> None:
        """Nothing is read any more."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(timeout=5)
        with self._lock:
            self._retire()

    def log(self, claim: str) -> tuple[Action, ...]:
        """What was done with the claim, as far as it is known here."""
        with self._lock:
            return tuple(self._logs.get(claim, ()))

    def all_actions(self) -> list[Action]:
        """The whole log, in order."""
        with self._lock:
            return sorted((a for log in self._logs.values() for a in log), key=lambda action: action.number)

    def standing_of(self, claim: str) -> Standing:
        """Where the claim stands at the desk."""
        return standing(self.log(claim))

    def alike(self, claim: str) -> list[Alike]:
        """Claims that nights found to be like this one, but for those it is joined with or was told from."""
        with self._lock:
            found = self._opened.alike.get(claim, []) if self._opened else []
            told = {
                (action.claim, action.payload.get(word))
                for name in (claim, *(one.claim for one in found))
                for action in self._logs.get(name, ())
                for word in ("claim", "apart")
            }
        return [one for one in found if (claim, one.claim) not in told and (one.claim, claim) not in told]

    @contextlib.contextmanager
    def reading(self) -> Iterator[DuckDBPyConnection]:
        """A connection of one's own to the snapshot."""
        with self._lock:
            opened = self._opened
            if opened is None:
                raise StoreError(f"{self.store.workspace}: nothing was read yet; start the desk again")
            opened.readers += 1
            cursor = opened.spare.pop() if opened.spare else None
        try:
            if cursor is None:
                cursor = opened.con.cursor()
                cursor.execute("USE published")
            yield cursor
        finally:
            with self._lock:
                if cursor is not None:
                    opened.spare.append(cursor)
                opened.readers -= 1
                opened.close_if_done()

    def claim(self, claim: str) -> OnRecord | None:
        """What is on record of the claim; None where there is none such. What was read last is kept."""
        with self._lock:
            opened = self._opened
            if opened is not None and claim in opened.read:
                opened.read.move_to_end(claim)
                return opened.read[claim]
        with self.reading() as con:
            found = read_claim(con, claim)
        with self._lock:
            if opened is not None and opened is self._opened:
                opened.read[claim] = found
                if len(opened.read) > _KEPT:
                    opened.read.popitem(last=False)
        return found

    def record_of(self, claim: str) -> RunRecord | None:
        """The claim's record with what people decided up to now."""
        found = self.claim(claim)
        return found.with_reviews(review_rows(self.log(claim))) if found else None

    def queue(self, asked: Asked) -> tuple[list[Listed], int]:
        """A page of claims, and how many there are in all."""
        with self._lock:
            opened, last = self._opened, self._last
            if opened is not None and asked in opened.listed:
                return opened.listed[asked]
        found = self._listed(asked)
        with self._lock:
            if opened is not None and opened is self._opened and last == self._last:
                opened.listed[asked] = found
                if len(opened.listed) > _KEPT:
                    opened.listed.popitem(last=False)
        return found

    def _listed(self, asked: Asked) -> tuple[list[Listed], int]:
        # A claim that was joined to another counts with that one
        conditions, values = [] if asked.state else ["acted.joined IS NULL"], list[Any]()
        for expression, value in ((_HOLDS, asked.verdict), (_STATE, asked.state), ("queue.lang", asked.lang)):
            if value:
                conditions.append(f"{expression} = ?")
                values.append(value)
        source = "FROM memory.queue AS queue LEFT JOIN memory.acted AS acted USING (claim_id)"
        where = " AND ".join(conditions) or "true"
        with self.reading() as con:
            (total,) = con.execute(f"SELECT count(*) {source} WHERE {where}", values).fetchall()[0]
            found = con.execute(
                f"SELECT queue.claim_id, text, lang, kind, worth, first_seen, {_HOLDS}, supports, refutes, "
                f"{_STATE}, joined {source} WHERE {where} ORDER BY {_ORDERS[asked.order]} "
                f"LIMIT {PAGE} OFFSET {(asked.page - 1) * PAGE}",
                values,
            ).fetchall()
        return [Listed(*row) for row in found], int(total)

    def catch_up(self) -> None:
        """The snapshot is the newest, and the log as long as the file has it, where it is not busy."""
        self._reopen()
        live = _stamp(self.store.path)
        if live != self._live:
            with self.store.turn() as con:
                self.take_in(actions_after(con, self._last))
            self._live = _stamp(self.store.path)

    def take_in(self, actions: Iterable[Action]) -> None:
        """The actions are known here."""
        with self._lock:
            new = [action for action in actions if action.number > self._last]
            for action in new:
                self._logs[action.claim].append(action)
                self._last = action.number
            if new and self._opened is not None:
                self._opened.listed.clear()
                _set_states(self._opened.con, {a.claim: self._logs[a.claim] for a in new})

    def after_acting(self) -> None:
        """What was just recorded, and whatever others recorded before it, is known here."""
        with self.store.turn() as con:
            self.take_in(actions_after(con, self._last))

    def _reopen(self) -> None:
        stamp = _stamp(self.store.workspace / FILE_NAME)
        if stamp == self._stamp and self._opened is not None:
            return
        opened = _Opened(self.store.workspace)
        opened.con.execute(_QUEUE)
        opened.con.execute(_STATES)
        with self._lock:
            _set_states(opened.con, self._logs)
            self._retire()
            self._opened, self._stamp = opened, stamp

    def _retire(self) -> None:
        if self._opened is not None:
            self._opened.retired = True
            self._opened.close_if_done()
            self._opened = None

    def _keep_up(self) -> None:
        while not self._stop.wait(_CATCH_UP_S):
            with contextlib.suppress(StoreBusy, InputError):  # looked at again a second later
                self.catch_up()


def _alike(con: DuckDBPyConnection) -> dict[str, list[Alike]]:
    """What nights suggest to join, by either claim; nothing in a snapshot of before they did."""
    found: dict[str, list[Alike]] = {}
    if con.execute("SELECT 1 FROM duckdb_views() WHERE view_name = 'suggested_joins'").fetchall():
        for one, other, score, text, other_text in con.execute(
            "SELECT claim_id, other_id, score, text, other_text FROM suggested_joins "
            "ORDER BY score DESC, claim_id, other_id"
        ).fetchall():
            found.setdefault(one, []).append(Alike(other, other_text, score))
            found.setdefault(other, []).append(Alike(one, text, score))
    return found


def _set_states(con: DuckDBPyConnection, logs: dict[str, list[Action]]) -> None:
    """The queue shows the claims as these logs, each of one claim, leave them."""
    rows = []
    for claim, log in logs.items():
        held = standing(log)
        rows.append(
            {
                "claim_id": claim,
                "state": held.state,
                "verdict": held.decision.payload["verdict"] if held.decision else None,
                "decides": any(action.kind in _DECIDING for action in log),
                "joined": held.joined,
            }
        )
    if rows:
        con.execute(
            "INSERT OR REPLACE INTO memory.acted SELECT unnest(from_json(?, "
            '\'[{"claim_id":"VARCHAR","state":"VARCHAR","verdict":"VARCHAR","decides":"BOOLEAN",'
            '"joined":"VARCHAR"}]\'), max_depth := 2)',
            [json.dumps(rows)],
        )


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except FileNotFoundError:
        return None
    return status.st_ino, status.st_mtime_ns
