"""Which values stand in a column of the live file, and about where, known without reading the table again.

Rows are only ever added, so a process reads a column once and afterwards only what came since. What is kept
is a hash of each value in memory, twelve bytes a row. An index in the file would be read and written all over
by every night, for ids are hashes and stand in no order.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from duckdb import DuckDBPyConnection
from numpy.typing import NDArray

from claims.record.guarded import storable

# The column by which a row of the table is known, where it is the hash of what the row holds. Nothing in the
# file refuses a second row: who adds one asks here first, and `tabayyun integrity` names what stands twice.
KEYS = {
    "article": "article_id",
    "claim": "claim_id",
    "claim_reading": "reading_id",
    "capture": "capture_id",
    "document": "document_id",
    "document_reading": "reading_id",
    "evidence": "evidence_id",
    "verdict": "verdict_id",
    "named": "named_id",
}
_OF_THIS_TURN = 1 << 54  # beyond it DuckDB numbers the rows of a transaction that is not committed
_NOWHERE = np.zeros(0, np.uint64)

Stretch = tuple[int, int]  # the first and the last row between which a value stands


class Keys:
    """What is known of the columns of one file, over all turns of a process."""

    def __init__(self) -> None:
        self._columns: dict[tuple[str, str], _Column] = {}

    def found(
        self, con: DuckDBPyConnection, table: str, column: str, values: Collection[str]
    ) -> dict[str, Stretch]:
        """Those of the values that stand in the column, in what is committed and in this turn."""
        if not values:
            return {}
        known = self._columns.setdefault((table, column), _Column())
        own = known.catch_up(con, table, column)
        hashed = dict(
            con.execute(
                # As one text: of a list every value is looked at by itself, for types that are not installed
                "SELECT value, hash(value) FROM (SELECT unnest(from_json(?, '[\"VARCHAR\"]')) AS value)",
                [json.dumps(list(map(storable, values)))],
            ).fetchall()
        )
        found = {
            value: own.get(code) or known.stretch(code)
            for value, code in ((value, hashed[storable(value)]) for value in values)
        }
        return {value: stretch for value, stretch in found.items() if stretch}


class _Column:
    """The hashes of a column up to a row: most of them in order, the latest by themselves."""

    def __init__(self) -> None:
        self._forget()

    def _forget(self) -> None:
        self._ordered, self._rows = _NOWHERE, np.zeros(0, np.uint32)
        self._later: dict[int, Stretch] = {}
        self._last: tuple[int, int] | None = None  # the last row and its hash

    def catch_up(self, con: DuckDBPyConnection, table: str, column: str) -> dict[int, Stretch]:
        """All that is committed is known; what this turn has added so far is returned.

        Another file in the place of the one that was read does not have the same last row; it is read anew.
        """
        last = self._last
        # Written out: bound as a parameter, the number would not keep DuckDB from reading all rows
        read = f"SELECT rowid, hash({column}) AS code FROM {table} WHERE rowid >= {last[0] if last else 0}"  # noqa: S608
        rows, codes = _columns(con.execute(read), few=last is not None)
        if last and (not len(rows) or (int(rows[0]), int(codes[0])) != last):
            self._forget()
            return self.catch_up(con, table, column)
        committed = rows < _OF_THIS_TURN
        kept_rows, kept_codes = rows[committed], codes[committed]
        if len(kept_rows):
            if last is None:
                order = np.argsort(kept_codes)
                self._ordered, self._rows = kept_codes[order], kept_rows[order].astype(np.uint32)
            else:
                _widen(self._later, kept_rows[1:], kept_codes[1:])
            self._last = (int(kept_rows[-1]), int(kept_codes[-1]))
        own: dict[int, Stretch] = {}
        _widen(own, rows[~committed], codes[~committed])
        return {code: self._joined(code, stretch) for code, stretch in own.items()}

    def stretch(self, code: int) -> Stretch | None:
        """Where the committed rows with this hash stand."""
        first = int(np.searchsorted(self._ordered, np.uint64(code), "left"))
        end = int(np.searchsorted(self._ordered, np.uint64(code), "right"))
        among = self._rows[first:end]
        early = (int(among.min()), int(among.max())) if len(among) else None
        late = self._later.get(code)
        return (early[0], late[1]) if early and late else early or late

    def _joined(self, code: int, own: Stretch) -> Stretch:
        before = self.stretch(code)
        return (before[0], own[1]) if before else own


def _columns(answer: DuckDBPyConnection, few: bool) -> tuple[NDArray[np.int64], NDArray[np.uint64]]:
    """The two columns of the answer. To ask DuckDB for arrays takes milliseconds however few the rows are."""
    if few:
        pairs = answer.fetchall()
        return (
            np.array([row for row, _ in pairs], np.int64),
            np.array([code for _, code in pairs], np.uint64),
        )
    fresh = answer.fetchnumpy()
    return fresh["rowid"], fresh["code"]


def _widen(stretches: dict[int, Stretch], rows: NDArray[np.int64], codes: NDArray[np.uint64]) -> None:
    for row, code in zip(rows.tolist(), codes.tolist(), strict=True):
        before = stretches.get(code)
        stretches[code] = (before[0], row) if before else (row, row)


_of_file: dict[Path, Keys] = {}
_at_hand: dict[int, Keys] = {}


@contextmanager
def at_hand(con: DuckDBPyConnection, path: Path) -> Iterator[None]:
    """What is known of the file can be asked through the connection meanwhile."""
    _at_hand[id(con)] = _of_file.setdefault(path.resolve(), Keys())
    try:
        yield
    finally:
        del _at_hand[id(con)]


def keys_of(con: DuckDBPyConnection) -> Keys | None:
    """What is known of the live file that is open here; None where it is another kind of record."""
    return _at_hand.get(id(con))


def only_where(con: DuckDBPyConnection, table: str, column: str, values: Collection[str]) -> str | None:
    """A condition, for after AND, that every row with one of the values meets; DuckDB skips most others.

    None where no row has one of them, so that nothing need be asked.
    """
    keys = keys_of(con)
    if keys is None:
        return "true"
    stretches = keys.found(con, table, column, values).values()
    if not stretches:
        return None
    first, last = min(first for first, _ in stretches), max(last for _, last in stretches)
    # The numbers of rows that are not committed yet cannot be compared
    return f"rowid BETWEEN {first} AND {last}" if last < _OF_THIS_TURN else "true"
