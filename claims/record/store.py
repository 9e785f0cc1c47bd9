"""The store: everything that is written, in short turns, and nothing that is ever changed."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from duckdb import DuckDBPyConnection

from claims.errors import InputError, StoreError
from claims.fetch.cache import KnownPage, Past, Visit
from claims.model import Article, Capture, Claim, Document, Evidence, Excluded, Review, Verdict, digest
from claims.plain import plain
from claims.record import history, pages, publish, rows, runs
from claims.record.database import copy_at_rest, opened
from claims.record.keys import only_where
from claims.run_record import Run, RunRecord

FILE_NAME = "claims.duckdb"


class Store:
    """The record of one workspace. Every method is one turn, or joins the turn it is called in.

    All of them raise StoreBusy where another process keeps the file, and StoreError where it cannot be
    used. Each may be called again with the same things: nothing is recorded twice.
    """

    first = 0  # place of this store's first article and failure among those of a run

    def __init__(self, workspace: Path, memory_limit_mb: int = 1024, busy_wait_s: float = 30.0) -> None:
        self.workspace = workspace
        self.path = workspace / FILE_NAME
        self.memory_limit_mb = memory_limit_mb
        self.busy_wait_s = busy_wait_s
        self._mine = threading.local()

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
        with self._opened() as con:
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

    def exists(self) -> bool:
        """Whether there is a record at all."""
        return self.path.exists()

    def copy_to(self, path: Path) -> None:
        """A file with all that is recorded stands at `path`, in the place of what stood there."""
        copy_at_rest(self.path, path, self.busy_wait_s)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Nobody else does meanwhile what must be done by one at a time; a turn here is that already."""
        yield

    def _opened(self) -> AbstractContextManager[DuckDBPyConnection]:
        return opened(self.path, self.memory_limit_mb, self.busy_wait_s)

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
            first = self.first + _count(con, "failure", run_id)
            rows.add(
                con,
                "failure",
                [{"run_id": run_id, "ordinal": first + i, "line": line} for i, line in enumerate(lines)],
                once=["run_id", "line"],
            )

    def add_article(self, run_id: str, article: Article) -> None:
        """The article is recorded, and that the run was given it under this name and date."""
        self.add_articles(run_id, [article])

    def add_articles(self, run_id: str, articles: Sequence[Article]) -> None:
        """As `add_article` for each, in their order; together they cost little more than one."""
        with self.turn() as con:
            rows.add(con, "article", map(rows.article_row, articles))
            asked = "SELECT article_id, ref FROM run_article WHERE run_id = ?"
            there = set(con.execute(asked, [run_id]).fetchall())
            given = {(article.id, article.ref): article for article in reversed(articles)}
            new = [article for named, article in reversed(given.items()) if named not in there]
            first = self.first + len(there)
            listed = [rows.run_article_row(run_id, first + i, article) for i, article in enumerate(new)]
            rows.add(con, "run_article", listed, once=["run_id", "article_id", "ref"])

    def add_claims(
        self, run_id: str, article: Article, claims: Sequence[Claim], excluded: Sequence[Excluded] = ()
    ) -> None:
        """The claims of the article are recorded as the run's engine read them, and what was left out.

        Raises StoreError where the run was not begun, the article is not recorded, or a claim is not
        exactly the stated span of it.
        """
        self.add_claims_of(run_id, [(article, claims, excluded)])

    def add_claims_of(
        self, run_id: str, found: Sequence[tuple[Article, Sequence[Claim], Sequence[Excluded]]]
    ) -> None:
        """As `add_claims` for each of the articles; together they cost little more than one."""
        for article, claims, _ in found:
            for claim in claims:
                if claim.text != article.text[claim.start : claim.end]:
                    raise StoreError(
                        f"{self.path}: claim {claim.id} is not what article {article.name} says at "
                        f"{claim.start}-{claim.end}; its claims were not recorded"
                    )
        with self.turn() as con:
            engine = runs.run_of(con, run_id, self.path).engine
            there = rows.known(con, "article", "article_id", [article.id for article, *_ in found])
            missing = [article.name for article, *_ in found if article.id not in there]
            if missing:
                raise StoreError(f"{self.path}: article {missing[0]} is not recorded; add it first")
            spans: list[rows.Row] = []
            readings: list[rows.Row] = []
            of_run: list[rows.Row] = []
            left_out: list[rows.Row] = []
            for article, claims, excluded in found:
                read = [rows.reading_row(claim, article, engine) for claim in claims]
                spans += [rows.claim_row(claim, article) for claim in claims]
                readings += read
                of_run += [
                    {"run_id": run_id, "ordinal": i, "claim_id": r["claim_id"], "reading_id": r["reading_id"]}
                    for i, r in enumerate(read)
                ]
                left_out += [rows.excluded_row(run_id, i, article, item) for i, item in enumerate(excluded)]
            rows.add(con, "claim", spans)
            rows.add(con, "claim_reading", readings)
            rows.add(con, "run_claim", of_run, once=["run_id", "claim_id"])
            rows.add(con, "excluded", left_out, once=["run_id", "article_id", "span_start", "span_end"])

    def known_pages(self, urls: Iterable[str]) -> dict[str, KnownPage]:
        """What earlier runs recorded of these addresses; one never asked for is not there."""
        with self.turn() as con:
            return pages.known_pages(con, set(urls))

    def known_past(self) -> Past:
        """The requests of the last 24 hours, and the hosts that asked to be left alone until later."""
        with self.turn() as con:
            return pages.known_past(con, datetime.now(UTC))

    def known_citations(self, claims: Sequence[str]) -> list[str]:
        """The addresses on which the engine's latest verdicts on these claims rest."""
        with self.turn() as con:
            return pages.known_citations(con, claims)

    def add_visits(self, run_id: str, visits: Sequence[Visit]) -> None:
        """The visits of a run (or of the command fetch, under its archive's name) are recorded, and what
        they archived; two visits of one address in a run count once."""
        archived = [visit.capture for visit in visits if rows.is_archived(visit.capture)]
        with self.turn() as con:
            rows.add(con, "capture", map(rows.capture_row, archived))
            rows.add(
                con,
                "visit",
                [pages.visit_row(run_id, visit) for visit in visits],
                once=["run_id", "url", "robots"],
            )

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

    def add_documents(self, documents: Sequence[Document]) -> None:
        """The texts of the pages are recorded, and what each page tells about itself."""
        now = datetime.now(UTC)
        with self.turn() as con:
            rows.add(con, "document", map(rows.document_row, documents))
            rows.add(con, "document_reading", [rows.document_reading_row(item, now) for item in documents])

    def add_verdict(self, run_id: str, verdict: Verdict, decided_at: datetime) -> None:
        """The run's verdict on the claim is recorded, as by `add_verdicts`."""
        self.add_verdicts(run_id, [verdict], decided_at)

    def add_verdicts(self, run_id: str, verdicts: Sequence[Verdict], decided_at: datetime) -> None:
        """The run's verdicts are recorded, each with its evidence, what was sought and unread.

        Together they cost little more than one. A run decides a claim once: a second verdict of the same
        run on the same claim changes nothing. Raises StoreError, and records none of them, where a claim
        is not recorded or a quote is not exactly the stated span of a recorded document of a recorded
        capture.
        """
        with self.turn() as con:
            decided = rows.known(con, "run_verdict", "claim_id", [v.claim for v in verdicts], run_id)
            new = {v.claim: v for v in reversed(verdicts) if v.claim not in decided}
            if not new:
                return
            self._require_claims(con, new)
            self._require_quotes(con, [item for verdict in new.values() for item in verdict.evidence])
            of_verdict = {claim_id: rows.verdict_row(verdict) for claim_id, verdict in new.items()}
            weighed = rows.known(con, "verdict", "verdict_id", [r["verdict_id"] for r in of_verdict.values()])
            listed: dict[str, list[rows.Row]] = {
                "sought": [],
                "unread": [],
                "published_check": [],
                "run_verdict": [],
            }
            for claim_id, verdict in new.items():
                place = {"run_id": run_id, "claim_id": claim_id}
                told = (
                    ("sought", verdict.sought),
                    ("unread", verdict.unread),
                    ("published_check", verdict.checks),
                )
                for table, items in told:
                    listed[table] += [place | {"ordinal": i} | plain(item) for i, item in enumerate(items)]
                verdict_id = of_verdict[claim_id]["verdict_id"]
                listed["run_verdict"].append(place | {"verdict_id": verdict_id, "decided_at": decided_at})
            rows.add(con, "evidence", (rows.evidence_row(item) for v in new.values() for item in v.evidence))
            # A verdict that is there already has its evidence: they were recorded in one turn
            fresh = {
                k: row["verdict_id"] for k, row in of_verdict.items() if row["verdict_id"] not in weighed
            }
            rows.add(con, "verdict", [of_verdict[claim_id] for claim_id in fresh])
            rows.append(
                con,
                "verdict_evidence",
                [
                    rows.verdict_evidence_row(verdict_id, i, item)
                    for claim_id, verdict_id in fresh.items()
                    for i, item in enumerate(new[claim_id].evidence)
                ],
            )
            # The run has not decided these claims, so nothing of theirs is there
            for table, found in listed.items():
                rows.append(con, table, found)

    def _require_claims(self, con: DuckDBPyConnection, claims: Iterable[str]) -> None:
        wanted = list(claims)
        missing = sorted(set(wanted) - rows.known(con, "claim", "claim_id", wanted))
        if missing:
            raise StoreError(f"{self.path}: claim {missing[0]} is not recorded; add it first")

    def _require_quotes(self, con: DuckDBPyConnection, evidence: Sequence[Evidence]) -> None:
        """Every quotation exists. Raises StoreError naming the first that does not."""
        texts: dict[str, tuple[str, str]] = {}
        cited = {item.document for item in evidence}
        where = only_where(con, "document", "document_id", cited)
        for some in rows.literals(cited) if where else ():
            texts |= {
                document_id: (capture_id, text)
                for document_id, capture_id, text in con.execute(
                    "SELECT document_id, capture_id, text FROM document "  # noqa: S608
                    f"WHERE document_id IN {some} AND {where}"
                ).fetchall()
            }
        archived = rows.known(con, "capture", "capture_id", [item.capture for item in evidence])
        for item in evidence:
            capture_id, text = texts.get(item.document, (None, ""))
            if capture_id != item.capture or item.capture not in archived:
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
            self._require_claims(con, [review.claim])
            row = rows.review_row(review)
            rows.add(con, "review", [row])
            return str(row["review_id"])

    def withdraw_review(self, review_id: str, reviewer: str, reason: str, decided_at: datetime) -> str:
        """The decision no longer stands; both it and its withdrawal stay in the record. Returns its id.

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
            return str(row["review_id"])

    def read_run(self, run_id: str) -> RunRecord:
        """All that the run recorded. Raises InputError where there is no such run."""
        with self.turn() as con:
            return history.with_history(con, runs.read_run(con, run_id, self.path))

    def publish(self) -> Path:
        """Readers get everything that is recorded now. Returns the path of the snapshot.

        Not to be called inside a turn.
        """
        with publish.one_at_a_time(self.workspace, self.busy_wait_s):
            self._tidy()
            return publish.publish(self.copy_to, self.workspace, self.memory_limit_mb)

    def _tidy(self) -> None:
        """The tables are up to date, and the file is whole without its log, until somebody writes again."""
        with self._opened() as con:
            con.execute("CHECKPOINT")


def _count(con: DuckDBPyConnection, table: str, run_id: str) -> int:
    counted = con.execute(f"SELECT count(*) FROM {table} WHERE run_id = ?", [run_id]).fetchall()  # noqa: S608
    return int(counted[0][0])
