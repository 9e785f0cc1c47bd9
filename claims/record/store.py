"""The store: everything that is written, in short turns, and nothing that is ever changed."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from duckdb import DuckDBPyConnection

from claims.errors import InputError, StoreError
from claims.model import (
    Article,
    Capture,
    Claim,
    Document,
    Evidence,
    Excluded,
    Review,
    Run,
    RunRecord,
    Verdict,
    digest,
    plain,
)
from claims.record import publish, rows, runs
from claims.record.database import opened

FILE_NAME = "claims.duckdb"


class Store:
    """The record of one workspace. Every method is one turn, or joins the turn it is called in.

    All of them raise StoreBusy where another process keeps the file, and StoreError where it cannot be
    used. Each may be called again with the same things: nothing is recorded twice.
    """

    def __init__(self, workspace: Path, memory_limit_mb: int = 1024, busy_wait_s: float = 30.0) -> None:
        self.workspace = workspace
        self.path = workspace / FILE_NAME
        self._memory_limit_mb = memory_limit_mb
        self._busy_wait_s = busy_wait_s
        self._mine = threading.local()
        self._captures: dict[tuple[str, int | None, str | None], Capture] = {}
        self._urls_known: set[str] = set()

    @contextmanager
    def turn(self) -> Iterator[DuckDBPyConnection]:
        """The file is open for one transaction, which is on the disk at the end or leaves no trace.

        A turn inside a turn of the same thread is part of it: wrap several calls in one to save the
        opening. Keep it short, and never wait for the network in it: nobody else can read meanwhile.
        """
        joined: DuckDBPyConnection | None = getattr(self._mine, "con", None)
        if joined is not None:
            yield joined
            return
        with opened(self.path, self._memory_limit_mb, self._busy_wait_s) as con:
            con.execute("BEGIN")
            self._mine.con = con
            try:
                yield con
            except BaseException:
                con.execute("ROLLBACK")
                raise
            finally:
                self._mine.con = None
            con.execute("COMMIT")
            con.execute("CHECKPOINT")

    def begin_run(self, run: Run) -> None:
        """The run is recorded as begun."""
        with self.turn() as con:
            rows.add(con, "run", [rows.run_row(run)])

    def finish_run(self, run_id: str, finished_at: datetime) -> None:
        """The run is recorded as finished."""
        with self.turn() as con:
            rows.add(con, "run_finished", [{"run_id": run_id, "finished_at": finished_at}], once=["run_id"])

    def add_failures(self, run_id: str, lines: Sequence[str]) -> None:
        """What the run had to skip is recorded; the same line counts once in a run."""
        with self.turn() as con:
            first = _count(con, "failure", run_id)
            rows.add(
                con,
                "failure",
                [{"run_id": run_id, "ordinal": first + i, "line": line} for i, line in enumerate(lines)],
                once=["run_id", "line"],
            )

    def add_article(self, run_id: str, article: Article) -> None:
        """The article is recorded, and that the run was given it under this name and date."""
        with self.turn() as con:
            rows.add(con, "article", [rows.article_row(article)])
            row = rows.run_article_row(run_id, _count(con, "run_article", run_id), article)
            rows.add(con, "run_article", [row], once=["run_id", "article_id", "ref"])

    def add_claims(
        self, run_id: str, article: Article, claims: Sequence[Claim], excluded: Sequence[Excluded] = ()
    ) -> None:
        """The claims of the article are recorded as the run's engine read them, and what was left out.

        Raises StoreError where the run was not begun, the article is not recorded, or a claim is not
        exactly the stated span of it.
        """
        for claim in claims:
            if claim.text != article.text[claim.start : claim.end]:
                raise StoreError(
                    f"{self.path}: claim {claim.id} is not what article {article.name} says at "
                    f"{claim.start}-{claim.end}; its claims were not recorded"
                )
        with self.turn() as con:
            engine = runs.run_of(con, run_id, self.path).engine
            if not con.execute("SELECT 1 FROM article WHERE article_id = ?", [article.id]).fetchall():
                raise StoreError(f"{self.path}: article {article.name} is not recorded; add it first")
            readings = [rows.reading_row(claim, article, engine) for claim in claims]
            rows.add(con, "claim", [rows.claim_row(claim, article) for claim in claims])
            rows.add(con, "claim_reading", readings)
            rows.add(
                con,
                "run_claim",
                [
                    {"run_id": run_id, "ordinal": i, "claim_id": r["claim_id"], "reading_id": r["reading_id"]}
                    for i, r in enumerate(readings)
                ],
                once=["run_id", "claim_id"],
            )
            rows.add(
                con,
                "excluded",
                [rows.excluded_row(run_id, i, article, item) for i, item in enumerate(excluded)],
                once=["run_id", "article_id", "span_start", "span_end"],
            )

    def known_captures(self, urls: Iterable[str]) -> None:
        """What was archived of these addresses before is at hand for `known_capture`."""
        asked = set(urls) - self._urls_known
        if not asked:
            return
        with self.turn() as con:
            self._remember(runs.captures_of(con, "url", asked))
        self._urls_known |= asked

    def known_capture(self, url: str, status: int | None, sha256: str | None) -> Capture | None:
        """The capture that holds the same answer of the same address already; None where there is none.

        Looks only at addresses named to `known_captures` and at what this store recorded: no turn.
        """
        return self._captures.get((url, status, sha256))

    def _remember(self, captures: Iterable[Capture]) -> None:
        for capture in captures:
            self._captures.setdefault((capture.url, capture.status, capture.sha256), capture)

    def add_captures(self, run_id: str, captures: Sequence[Capture]) -> None:
        """What came of each address in the run is recorded; an archived answer where it stood first."""
        archived = [capture for capture in captures if rows.is_archived(capture)]
        now = datetime.now(UTC)
        with self.turn() as con:
            rows.add(con, "capture", map(rows.capture_row, archived))
            rows.add(
                con,
                "fetched",
                [rows.fetched_row(run_id, capture, now) for capture in captures],
                once=["run_id", "url", "capture_id", "outcome"],
            )
        self._remember(archived)

    def add_documents(self, documents: Sequence[Document]) -> None:
        """The texts of the pages are recorded, and what each page tells about itself."""
        now = datetime.now(UTC)
        with self.turn() as con:
            rows.add(con, "document", map(rows.document_row, documents))
            rows.add(con, "document_reading", [rows.document_reading_row(item, now) for item in documents])

    def add_verdict(self, run_id: str, verdict: Verdict, decided_at: datetime) -> None:
        """The run's verdict on the claim is recorded with its evidence, what was sought and unread.

        A run decides a claim once: a second verdict of the same run on the same claim changes nothing.
        Raises StoreError, and records nothing of it, where the claim is not recorded or a quote is not
        exactly the stated span of a recorded document of a recorded capture.
        """
        with self.turn() as con:
            claim_id = verdict.claim
            decided = "SELECT 1 FROM run_verdict WHERE run_id = ? AND claim_id = ?"
            if con.execute(decided, [run_id, claim_id]).fetchall():
                return
            self._require_claim(con, claim_id)
            self._require_quotes(con, verdict.evidence)
            row = rows.verdict_row(verdict)
            verdict_id = row["verdict_id"]
            rows.add(con, "verdict", [row])
            rows.add(con, "evidence", map(rows.evidence_row, verdict.evidence))
            rows.add(
                con,
                "verdict_evidence",
                [rows.verdict_evidence_row(verdict_id, i, e) for i, e in enumerate(verdict.evidence)],
                once=["verdict_id", "ordinal"],
            )
            place = {"run_id": run_id, "claim_id": claim_id}
            of_run = ["run_id", "claim_id", "ordinal"]
            for table, items in (("sought", verdict.sought), ("unread", verdict.unread)):
                listed = [place | {"ordinal": i} | plain(item) for i, item in enumerate(items)]
                rows.add(con, table, listed, once=of_run)
            rows.add(
                con,
                "run_verdict",
                [place | {"verdict_id": verdict_id, "decided_at": decided_at}],
                once=["run_id", "claim_id"],
            )

    def _require_claim(self, con: DuckDBPyConnection, claim_id: str) -> None:
        if not con.execute("SELECT 1 FROM claim WHERE claim_id = ?", [claim_id]).fetchall():
            raise StoreError(f"{self.path}: claim {claim_id} is not recorded; add it first")

    def _require_quotes(self, con: DuckDBPyConnection, evidence: Sequence[Evidence]) -> None:
        """Every quotation exists. Raises StoreError naming the first that does not."""
        texts = {
            document_id: (capture_id, text)
            for document_id, capture_id, text in con.execute(
                "SELECT document_id, document.capture_id, document.text FROM document "
                "JOIN capture USING (capture_id) WHERE document_id IN (SELECT unnest(CAST(? AS VARCHAR[])))",
                [[item.document for item in evidence]],
            ).fetchall()
        }
        for item in evidence:
            capture_id, text = texts.get(item.document, (None, ""))
            if capture_id is None or capture_id != item.capture:
                raise StoreError(
                    f"{self.path}: evidence {item.id} cites document {item.document} of capture "
                    f"{item.capture}, which is not recorded; the verdict on {item.claim} was not recorded"
                )
            span = text[item.start : item.end] if 0 <= item.start < item.end <= len(text) else ""
            if not span or span != rows.storable(item.quote):
                raise StoreError(
                    f"{self.path}: the quote of evidence {item.id} is not what document {item.document} "
                    f"says at {item.start}-{item.end}; the verdict on {item.claim} was not recorded"
                )

    def add_review(self, review: Review) -> str:
        """The person's decision is recorded and stands above the engine's verdicts. Returns its id.

        Raises StoreError where the claim is not recorded.
        """
        with self.turn() as con:
            self._require_claim(con, review.claim)
            row = rows.review_row(review)
            rows.add(con, "review", [row])
            return str(row["review_id"])

    def withdraw_review(self, review_id: str, reviewer: str, reason: str, decided_at: datetime) -> None:
        """The decision no longer stands; both it and its withdrawal stay in the record.

        Raises InputError where there is no such decision.
        """
        with self.turn() as con:
            found = con.execute(
                "SELECT claim_id FROM review WHERE review_id = ? AND withdraws IS NULL", [review_id]
            ).fetchall()
            if not found:
                raise InputError(f"{self.path}: there is no review {review_id}")
            row = {
                "review_id": "w_" + digest(review_id, reviewer, reason, rows.utc(decided_at).isoformat()),
                "claim_id": found[0][0],
                "verdict": None,
                "said": None,
                "withdraws": review_id,
                "reviewer": reviewer,
                "reason": reason,
                "decided_at": decided_at,
            }
            rows.add(con, "review", [row])

    def read_run(self, run_id: str) -> RunRecord:
        """All that the run recorded. Raises InputError where there is no such run."""
        with self.turn() as con:
            return runs.read_run(con, run_id, self.path)

    def publish(self) -> Path:
        """Readers get everything that is recorded now. Returns the path of the snapshot.

        Not to be called inside a turn.
        """
        with publish.one_at_a_time(self.workspace, self._busy_wait_s):
            while True:
                with self.turn():  # brings the tables up to date and what a killed writer left into the file
                    pass
                published = publish.publish(self.path, self.workspace, self._busy_wait_s)
                if published is not None:
                    return published


def _count(con: DuckDBPyConnection, table: str, run_id: str) -> int:
    counted = con.execute(f"SELECT count(*) FROM {table} WHERE run_id = ?", [run_id]).fetchall()  # noqa: S608
    return int(counted[0][0])
