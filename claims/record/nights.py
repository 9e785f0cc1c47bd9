"""What a night needs of the record: what is known, what is due, and what was weighed on which grounds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from duckdb import DuckDBPyConnection
from pydantic import TypeAdapter

from claims.model import Article, Candidate, Sought
from claims.plain import plain
from claims.record import history, rows, runs
from claims.record.marks import marked_since_checked
from claims.record.store import Store
from claims.run_record import RunRecord

_PREFIX = "night-"
_CANDIDATES = TypeAdapter(tuple[Candidate, ...])


@dataclass(frozen=True, slots=True)
class Night:
    """A run of a night: a new one, or one that was cut short and is to be finished."""

    run: str
    started_at: datetime
    unfinished: bool


@dataclass(frozen=True, slots=True)
class Grounds:
    """On what a claim's latest verdict was reached, as one hash, and in which run."""

    inputs: str
    run: str


@dataclass(frozen=True, slots=True)
class Before:
    """What sources named for a claim when it was checked before: what was fetched of it, and the rest."""

    used: tuple[Candidate, ...]
    spare: tuple[Candidate, ...]


NOTHING_BEFORE = Before((), ())


def is_night(run: str) -> bool:
    """Whether the run is one of a night, which checks of some articles only what is due."""
    return run.startswith(_PREFIX)


def night_of(store: Store, day: date, now: datetime, reports: Path) -> Night:
    """The run of this night: one that was cut short, if only before its report stood, else the next."""
    prefix = f"{_PREFIX}{day:%Y-%m-%d}"
    with store.turn() as con:
        found = runs.select(
            con,
            """
            SELECT run_id, started_at, finished_at,
                   run_id IN (SELECT run_id FROM run_verdict) AS decided
            FROM run LEFT JOIN run_finished USING (run_id)
            WHERE run_id = ? OR starts_with(run_id, ?)
            ORDER BY length(run_id), run_id
            """,
            prefix,
            f"{prefix}-",
        )
    for row in found:
        reported = (reports / row["run_id"] / "index.html").is_file()
        if row["finished_at"] is None or (row["decided"] and not reported):
            return Night(row["run_id"], rows.aware(row["started_at"]), True)
    return Night(f"{prefix}-{len(found) + 1}" if found else prefix, now, False)


def taken_before(store: Store) -> set[str]:
    """The keys of what finished nights took in; what others took in is looked at again."""
    with store.turn() as con:
        found = con.execute("SELECT DISTINCT key FROM taken JOIN run_finished USING (run_id)").fetchall()
    return {key for (key,) in found}


def add_taken(store: Store, run: str, keys: Sequence[str]) -> None:
    """That the run took in what has these keys is recorded."""
    with store.turn() as con:
        rows.add(con, "taken", [{"run_id": run, "key": key} for key in keys], once=["run_id", "key"])


def due_on(store: Store, day: date, limit: int, run: str) -> list[tuple[Article, frozenset[str]]]:
    """The articles with claims to be checked again by this day, and which; at most `limit` claims.

    The longest overdue first, of these the most worthy. Due is also what people marked anew; and what the
    run checked already, so that a run which is taken up again has the same work before it.
    """
    with store.turn() as con:
        found = runs.select(
            con,
            """
            WITH asked AS (
                SELECT claim_id, article_id, due, worth FROM claim_status WHERE due <= ?
                UNION
                SELECT claim_id, article_id, coalesce(due, CAST(first_seen AS DATE)), worth FROM claim_status
                WHERE claim_id IN (SELECT unnest(CAST(? AS VARCHAR[])))
                UNION
                SELECT claim_id, article_id, due, worth FROM claim_status
                WHERE claim_id IN (SELECT claim_id FROM run_verdict WHERE run_id = ?)
                  AND article_id IN (SELECT article_id FROM run_article WHERE run_id <> ?)
            )
            SELECT claim_id, article_id FROM asked ORDER BY due, worth DESC, claim_id LIMIT ?
            """,
            day,
            sorted(marked_since_checked(con)),
            run,
            run,
            limit,
        )
        claims: dict[str, set[str]] = defaultdict(set)
        for row in found:
            claims[row["article_id"]].add(row["claim_id"])
        articles = _articles(con, claims)
    return [(article, frozenset(claims[article.id])) for article in articles]


def articles_of(store: Store, ids: Collection[str]) -> list[Article]:
    """The articles with what was said of each when it was given first."""
    with store.turn() as con:
        return _articles(con, ids)


def _articles(con: DuckDBPyConnection, ids: Collection[str]) -> list[Article]:
    found = runs.select(
        con,
        """
        SELECT article.*, told.* EXCLUDE (article_id)
        FROM article JOIN (
            SELECT run_article.* FROM run_article JOIN run USING (run_id)
            WHERE article_id IN (SELECT unnest(CAST(? AS VARCHAR[])))
            QUALIFY row_number() OVER (PARTITION BY article_id ORDER BY started_at, run_id, ordinal) = 1
        ) AS told USING (article_id)
        ORDER BY article_id
        """,
        sorted(ids),
    )
    return [runs.article_from(row) for row in found]


def decided_in(store: Store, run: str) -> set[str]:
    """The claims on which the run has decided."""
    with store.turn() as con:
        found = con.execute("SELECT claim_id FROM run_verdict WHERE run_id = ?", [run]).fetchall()
    return {claim for (claim,) in found}


@dataclass(frozen=True, slots=True)
class Done:
    """What a run has come to so far, by the record. `incomplete` is true where a source did not answer."""

    articles: int
    claims: int
    incomplete: bool
    failures: tuple[str, ...]


def done_in(store: Store, run: str) -> Done:
    """What the run has come to so far, whoever did it."""
    with store.turn() as con:
        lines = runs.select(con, "SELECT line FROM failure WHERE run_id = ? ORDER BY ordinal, line", run)
        (counts,) = runs.select(
            con,
            """
            SELECT (SELECT count(DISTINCT article_id) FROM run_article WHERE run_id = $1) AS articles,
                   (SELECT count(*) FROM run_verdict WHERE run_id = $1) AS claims,
                   EXISTS (
                       SELECT 1 FROM sought WHERE run_id = $1 AND outcome NOT IN ('ok', 'empty')
                   ) AS incomplete
            """,
            run,
        )
    return Done(
        counts["articles"], counts["claims"], counts["incomplete"], tuple(row["line"] for row in lines)
    )


def named_before(store: Store, claims: Collection[str], besides: str) -> dict[str, Before]:
    """What sources named for each claim in the latest run but `besides`, in the order of then."""
    return _named(
        store,
        """
        SELECT claim_id, arg_max(run_id, row(started_at, run_id)) AS run_id
        FROM run_named JOIN run USING (run_id)
        WHERE claim_id IN (SELECT unnest(CAST(? AS VARCHAR[]))) AND run_id <> ?
        GROUP BY claim_id
        """,
        claims,
        besides,
    )


def named_in(store: Store, claims: Collection[str], run: str) -> dict[str, Before]:
    """What sources named for each claim in the run."""
    which = """
        SELECT claim_id, run_id FROM run_named
        WHERE claim_id IN (SELECT unnest(CAST(? AS VARCHAR[]))) AND run_id = ?
    """
    return _named(store, which, claims, run)


def _named(store: Store, which: str, claims: Collection[str], run: str) -> dict[str, Before]:
    with store.turn() as con:
        found = runs.select(
            con,
            f"""
            SELECT asked.claim_id, candidates, used
            FROM ({which}) AS asked
            JOIN run_named USING (run_id, claim_id)
            JOIN named USING (named_id)
            LEFT JOIN weighed USING (run_id, claim_id)
            """,  # noqa: S608 - the two above
            sorted(claims),
            run,
        )
    return {
        row["claim_id"]: _divided(_CANDIDATES.validate_json(row["candidates"]), row["used"]) for row in found
    }


def _divided(candidates: tuple[Candidate, ...], used: int | None) -> Before:
    """The candidates as they were fetched or left; all were where nothing says how many."""
    return Before(candidates[:used], candidates[used:] if used is not None else ())


def grounds_of(store: Store, claims: Collection[str], besides: str) -> dict[str, Grounds]:
    """On what the latest verdict on each claim was reached in another run, where it is on record."""
    with store.turn() as con:
        found = runs.select(
            con,
            """
            SELECT claim_id, arg_max(struct_pack(inputs, run_id), row(started_at, run_id)) AS latest
            FROM weighed JOIN run USING (run_id)
            WHERE claim_id IN (SELECT unnest(CAST(? AS VARCHAR[]))) AND run_id <> ?
            GROUP BY claim_id
            """,
            sorted(claims),
            besides,
        )
    return {row["claim_id"]: Grounds(row["latest"]["inputs"], row["latest"]["run_id"]) for row in found}


def add_grounds(store: Store, run: str, inputs: Mapping[str, str], used: Mapping[str, int]) -> None:
    """On what the run reached each verdict is recorded, and how many of the pages named were fetched."""
    with store.turn() as con:
        rows.add(
            con,
            "weighed",
            [
                {"run_id": run, "claim_id": claim, "inputs": value, "used": used[claim]}
                for claim, value in inputs.items()
            ],
            once=["run_id", "claim_id"],
        )


def repeat_verdicts(
    store: Store, run: str, again: Mapping[str, tuple[str, datetime]], sought: Mapping[str, Sequence[Sought]]
) -> None:
    """The verdicts that earlier runs came to are the run's own, for nothing that bears on them has changed.

    `again` names by claim the earlier run, and when it is decided so again; what was sought now and what
    could not be read then stand with them.
    """
    if not again:
        return
    with store.turn() as con:
        claims = sorted(again)
        earlier = [again[claim][0] for claim in claims]

        def told(table: str) -> list[rows.Row]:
            return runs.select(
                con,
                f"""
                SELECT * EXCLUDE (run_id) FROM {table} JOIN (
                    SELECT unnest(CAST(? AS VARCHAR[])) AS claim_id, unnest(CAST(? AS VARCHAR[])) AS run_id
                ) USING (claim_id, run_id)
                ORDER BY ALL
                """,  # noqa: S608 - the names below
                claims,
                earlier,
            )

        verdicts = [
            {"claim_id": row["claim_id"], "verdict_id": row["verdict_id"]} for row in told("run_verdict")
        ]
        for table in ("unread", "published_check"):
            as_then = [{"run_id": run} | row for row in told(table)]
            rows.add(con, table, as_then, once=["run_id", "claim_id", "ordinal"])
        asked = [
            {"run_id": run, "claim_id": claim, "ordinal": at_} | plain(item)
            for claim, items in sought.items()
            if claim in again
            for at_, item in enumerate(items)
        ]
        rows.add(con, "sought", asked, once=["run_id", "claim_id", "ordinal"])
        rows.add(
            con,
            "run_verdict",
            [{"run_id": run, "decided_at": again[row["claim_id"]][1]} | row for row in verdicts],
            once=["run_id", "claim_id"],
        )


def read_news(store: Store, run: str) -> RunRecord:
    """What the run recorded of articles about which there is something to tell, with the history of their
    claims; of those whose claims were all decided as before, on the same evidence, only how many claims."""
    with store.turn() as con:
        told = runs.select(
            con,
            """
            WITH decided AS (
                SELECT claim_id, verdict_id, decided_at FROM run_verdict WHERE run_id = $1
            ), before AS (
                SELECT claim_id, arg_max(earlier.verdict_id, row(earlier.decided_at, run_id)) AS verdict_id
                FROM run_verdict AS earlier JOIN decided USING (claim_id)
                WHERE run_id <> $1 AND earlier.decided_at <= decided.decided_at
                GROUP BY claim_id
            ), as_before AS (
                SELECT claim_id FROM decided JOIN before USING (claim_id, verdict_id)
                WHERE claim_id NOT IN (
                    SELECT claim_id FROM sought WHERE run_id = $1 AND outcome NOT IN ('ok', 'empty')
                )
            )
            SELECT article_id, count(*) AS claims, bool_and(as_before.claim_id IS NOT NULL) AS as_before
            FROM run_claim JOIN claim USING (claim_id) LEFT JOIN as_before USING (claim_id)
            WHERE run_id = $1
            GROUP BY article_id
            """,
            run,
        )
        left_out = {row["article_id"]: int(row["claims"]) for row in told if row["as_before"]}
        if len(left_out) < len(told):
            whole = runs.read_run(con, run, store.path)
        else:
            whole = runs.read_outline(con, run, store.path)
        articles = tuple(one for one in whole.articles if one.article.id not in left_out)
        record = replace(whole, articles=articles, as_before=sum(left_out.values()))
        return history.with_history(con, record)
