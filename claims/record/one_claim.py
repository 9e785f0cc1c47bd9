"""One claim with all that is on record of it, looked up row by row.

A page of the desk asks for one claim among a hundred thousand, many times a second. Each question here is to
one table and names the values of its key, so that DuckDB finds the rows by an index and reads no table.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from duckdb import DuckDBPyConnection

from claims.model import Ruling
from claims.record import rows, runs
from claims.record.history import in_order, with_decisions
from claims.record.rows import Row
from claims.run_record import ArticleChecked, Run, RunRecord


@dataclass(frozen=True, slots=True)
class OnRecord:
    """A claim as the latest run that met it recorded it, and every decision on it, by whoever.

    `engine` is the engine's latest verdict: its id, is it so, was it said; None where there is none.
    """

    record: RunRecord
    engine: tuple[str, Ruling, Ruling | None] | None
    decisions: tuple[Row, ...]

    def with_reviews(self, later: Iterable[Row]) -> RunRecord:
        """The record with what holds now; `later` are rows of `review`, which may be known already."""
        known = {row["decision_id"] for row in self.decisions}
        new = [row | {"decision_id": row["review_id"]} for row in later if row["review_id"] not in known]
        claim = self.record.articles[0].claims[0].id
        return with_decisions(self.record, {claim: in_order([*self.decisions, *new])})


def read_claim(con: DuckDBPyConnection, claim_id: str) -> OnRecord | None:
    """What is on record of the claim; None where it is not there."""
    claims = _by_key(con, "claim", "claim_id", [claim_id])
    met = _by_key(con, "run_claim", "claim_id", [claim_id])
    if not claims or not met:
        return None
    decided = _by_key(con, "run_verdict", "claim_id", [claim_id])
    latest = max(decided, key=lambda row: (row["decided_at"], row["run_id"]), default=None)
    run = _run(con, [row["run_id"] for row in ([latest] if latest else met)])
    reading = next((row["reading_id"] for row in met if row["run_id"] == run.id), met[0]["reading_id"])
    verdicts = {
        row["verdict_id"]: row
        for row in _by_key(con, "verdict", "verdict_id", {row["verdict_id"] for row in decided})
    }
    cited = _by_key(con, "verdict_evidence", "verdict_id", verdicts)
    article_id = claims[0]["article_id"]
    given = min(
        _by_key(con, "run_article", "article_id", [article_id]),
        key=lambda row: (row["run_id"] != run.id, row["run_id"], row["ordinal"]),
    )
    article = runs.article_from(given | _by_key(con, "article", "article_id", [article_id])[0])
    claim = runs.claim_from(claims[0] | _by_key(con, "claim_reading", "reading_id", [reading])[0], article)
    latest_cited = [row for row in cited if latest and row["verdict_id"] == latest["verdict_id"]]
    evidence = _evidence(con, claim_id, latest_cited)
    told = {}
    if latest:
        told[claim_id] = runs.verdict_from(
            verdicts[latest["verdict_id"]],
            evidence,
            *(_of_run(con, table, claim_id, run.id) for table in ("sought", "unread", "published_check")),
        )
    captures = {row["capture_id"] for row in evidence}
    record = RunRecord(
        run=run,
        articles=(ArticleChecked(article, (claim,), (), told),),
        captures={capture.id: capture for capture in runs.captures_of(con, "capture_id", captures)},
        documents={
            row["document_id"]: runs.document_from(row)
            for row in _documents(con, {row["document_id"] for row in evidence})
        },
        failures=(),
    )
    ruled = verdicts[latest["verdict_id"]] if latest else None
    return OnRecord(
        record,
        (ruled["verdict_id"], ruled["verdict"], ruled["said"]) if ruled else None,
        (*_by_engine(decided, verdicts, cited), *_by_people(con, claim_id)),
    )


def _run(con: DuckDBPyConnection, ids: Sequence[str]) -> Run:
    """The latest of the runs."""
    found = _by_key(con, "run", "run_id", ids)
    row = max(found, key=lambda row: (row["started_at"], row["run_id"]))
    ended = _by_key(con, "run_finished", "run_id", [row["run_id"]])
    return runs.run_from(row | {"finished_at": ended[0]["finished_at"] if ended else None})


def _evidence(con: DuckDBPyConnection, claim_id: str, cited: Sequence[Row]) -> list[Row]:
    """What is cited for the claim with the spans it cites, in the verdict's order."""
    spans = {row["evidence_id"]: row for row in _by_key(con, "evidence", "claim_id", [claim_id])}
    return [row | spans[row["evidence_id"]] for row in sorted(cited, key=lambda row: row["ordinal"])]


def _documents(con: DuckDBPyConnection, ids: set[str]) -> list[Row]:
    """The documents with their latest readings."""
    latest: dict[str, Row] = {}
    for row in sorted(
        _by_key(con, "document_reading", "document_id", ids),
        key=lambda row: (row["recorded_at"], row["reading_id"]),
    ):
        latest[row["document_id"]] = row
    found = _by_key(con, "document", "document_id", latest)
    return [latest[row["document_id"]] | row for row in sorted(found, key=lambda row: row["document_id"])]


def _by_engine(decided: Sequence[Row], verdicts: dict[str, Row], cited: Sequence[Row]) -> list[Row]:
    evidence: dict[str, list[str]] = {}
    for row in cited:
        evidence.setdefault(row["verdict_id"], []).append(row["evidence_id"])
    return [
        verdicts[row["verdict_id"]]
        | {
            "decided_at": row["decided_at"],
            "decision_id": row["run_id"],
            "evidence": evidence.get(row["verdict_id"]),
            "reviewer": None,
            "reason": None,
            "withdraws": None,
        }
        for row in decided
    ]


def _by_people(con: DuckDBPyConnection, claim_id: str) -> list[Row]:
    return [row | {"decision_id": row["review_id"]} for row in _by_key(con, "review", "claim_id", [claim_id])]


def _of_run(con: DuckDBPyConnection, table: str, claim_id: str, run_id: str) -> list[Row]:
    found = _by_key(con, table, "claim_id", [claim_id])
    return sorted((row for row in found if row["run_id"] == run_id), key=lambda row: row["ordinal"])


def _by_key(con: DuckDBPyConnection, table: str, column: str, values: Iterable[str]) -> list[Row]:
    found: list[Row] = []
    for some in rows.literals(set(values)):
        found += runs.select(con, f"SELECT * FROM {table} WHERE {column} IN {some}")  # noqa: S608
    return found
