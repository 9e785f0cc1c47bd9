"""What a run needs on record to be repeated, and the record as it stood when the run began."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from duckdb import DuckDBPyConnection
from pydantic import TypeAdapter, ValidationError

from claims.errors import InputError, StoreError
from claims.model import Article, Candidate, Capture, PublishedCheck, Sought, digest
from claims.plain import plain
from claims.record import rows, runs
from claims.record.store import Store
from claims.run_record import Run, RunRecord

_CANDIDATES = TypeAdapter(tuple[Candidate, ...])
_CHECKS = TypeAdapter(tuple[PublishedCheck, ...])

# What a run works out by itself, and works out again. All else is what it saw of the world, and stays.
_WORK = (
    "run_finished",
    "run_article",
    "run_claim",
    "excluded",
    "sought",
    "unread",
    "published_check",
    "run_verdict",
    "run",
)
# What came to the record after a run had ended, by the column that tells when.
_LATER = (("run_finished", "finished_at"), ("run_verdict", "decided_at"), ("review", "decided_at"))


@dataclass(frozen=True, slots=True)
class Named:
    """What the sources named for a claim."""

    candidates: tuple[Candidate, ...]
    checks: tuple[PublishedCheck, ...]
    sought: tuple[Sought, ...]


@dataclass(frozen=True, slots=True)
class Recording:
    """All that a run saw of the world. `captures` are by address, `named` and the rest by id.

    `moments` hold when the run decided on each article, by its id, and when it ended, by the run's.
    """

    record: RunRecord
    settings: Mapping[str, Any]
    sources: tuple[str, ...]
    articles: tuple[Article, ...]
    named: Mapping[str, Named]
    captures: Mapping[str, Capture]
    moments: Mapping[str, datetime]

    @property
    def run(self) -> Run:
        return self.record.run


def add_terms(store: Store, run_id: str, settings: Mapping[str, Any], sources: Sequence[str]) -> None:
    """With what the run is made is recorded."""
    with store.turn() as con:
        rows.add(con, "run_terms", [{"run_id": run_id, "settings": dict(settings), "sources": sources}])


def add_named(
    store: Store,
    run_id: str,
    claims: Mapping[str, tuple[tuple[Candidate, ...], tuple[PublishedCheck, ...]]],
) -> None:
    """What the sources named for each claim is recorded, in their order."""
    named = {}
    of_run = []
    for claim_id, (candidates, checks) in claims.items():
        row = {"candidates": plain(candidates), "checks": plain(checks)}
        row["named_id"] = "n_" + digest(row["candidates"], row["checks"])
        named[row["named_id"]] = row
        of_run.append({"run_id": run_id, "claim_id": claim_id, "named_id": row["named_id"]})
    with store.turn() as con:
        rows.add(con, "named", list(named.values()))
        rows.add(con, "run_named", of_run, once=["run_id", "claim_id"])


def rewind(origin: Store, run_id: str, store: Store) -> Recording:
    """`store` holds the record of `origin` as it stood when the run began, and what the run then saw.

    It replaces what stood in the store's place. Raises InputError where there is no such run, where it did
    not come to its end, or where it was made before what it saw was recorded.
    """
    with origin.turn() as con:
        recording = _recording(con, run_id, origin.path)
    try:
        store.path.parent.mkdir(parents=True, exist_ok=True)
        origin.copy_to(store.path)
    except OSError as error:
        raise StoreError(f"{store.path}: cannot be written ({error.strerror or error}); make room") from None
    with store.turn() as con:
        _undo(con, recording.run, recording.moments[run_id])
    return recording


def _undo(con: DuckDBPyConnection, run: Run, ended: datetime) -> None:
    """Of the run only what it saw is left, and of what came after it nothing that could bear on it."""
    for table in _WORK:
        con.execute(f"DELETE FROM {table} WHERE run_id = ?", [run.id])  # noqa: S608 (names above)
    for table, column in _LATER:
        con.execute(f"DELETE FROM {table} WHERE {column} > ?", [rows.utc(ended)])  # noqa: S608 (names above)
    con.execute("DELETE FROM document_reading WHERE recorded_at >= ?", [rows.utc(run.started_at)])
    con.execute("DELETE FROM document WHERE document_id NOT IN (SELECT document_id FROM document_reading)")


def _recording(con: DuckDBPyConnection, run_id: str, path: Path) -> Recording:
    record = runs.read_run(con, run_id, path)
    if record.run.finished_at is None:
        raise InputError(f"{path}: run {run_id} was cut short; only a run that has ended can be repeated")
    terms = runs.select(con, "SELECT * FROM run_terms WHERE run_id = ?", run_id)
    if not terms:
        raise InputError(
            f"{path}: run {run_id} was made by a version that did not record what its sources named; "
            "verify the article again"
        )
    moments = {
        row["article_id"]: rows.aware(row["decided_at"])
        for row in runs.select(
            con,
            "SELECT article_id, min(decided_at) AS decided_at FROM run_verdict JOIN claim USING (claim_id) "
            "WHERE run_id = ? GROUP BY article_id",
            run_id,
        )
    }
    return Recording(
        record=record,
        settings=json.loads(terms[0]["settings"]),
        sources=tuple(terms[0]["sources"]),
        articles=tuple(checked.article for checked in record.articles),
        named=_named(con, run_id),
        captures=_captures(con, run_id),
        moments=moments | {run_id: record.run.finished_at},
    )


def _named(con: DuckDBPyConnection, run_id: str) -> dict[str, Named]:
    sought: dict[str, list[Sought]] = defaultdict(list)
    for row in runs.select(con, "SELECT * FROM sought WHERE run_id = ? ORDER BY claim_id, ordinal", run_id):
        sought[row["claim_id"]].append(
            Sought(row["source"], row["query"], row["outcome"], row["found"], row["detail"])
        )
    found = runs.select(con, "SELECT * FROM run_named JOIN named USING (named_id) WHERE run_id = ?", run_id)
    try:
        return {
            row["claim_id"]: Named(
                _CANDIDATES.validate_json(row["candidates"]),
                _CHECKS.validate_json(row["checks"]),
                tuple(sought[row["claim_id"]]),
            )
            for row in found
        }
    except ValidationError as error:
        raise StoreError(f"what the sources named in run {run_id} cannot be read ({error.title})") from None


def _captures(con: DuckDBPyConnection, run_id: str) -> dict[str, Capture]:
    """What came of each address in the run. Where its body was archived earlier, it is cited there."""
    archived = {
        capture.id: capture
        for capture in runs.captures_of(
            con,
            "capture_id",
            {
                row["capture_id"]
                for row in runs.select(con, "SELECT capture_id FROM fetched WHERE run_id = ?", run_id)
                if row["capture_id"]
            },
        )
    }
    found: dict[str, Capture] = {}
    for row in runs.select(con, "SELECT * FROM fetched WHERE run_id = ? ORDER BY observed_at", run_id):
        observed = {key: row[key] for key in ("final_url", "outcome", "status", "detail")}
        capture = archived.get(row["capture_id"])
        found[row["url"]] = (
            replace(capture, **observed)
            if capture
            else Capture(
                id="k_" + digest(row["url"], row["status"], None),
                url=row["url"],
                sha256=None,
                bytes=0,
                content_type=None,
                warc=None,
                offset=None,
                fetched_at=rows.aware(row["observed_at"]),
                **observed,
            )
        )
    return found
