"""Every decision on a claim, by the engine and by people, in the order in which they were made."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from duckdb import DuckDBPyConnection

from claims.model import Verdict
from claims.record.rows import Row, aware, utc
from claims.record.runs import select
from claims.run_record import Decision, RunRecord

_ASKED = "(SELECT unnest(CAST(? AS VARCHAR[])))"


def decisions_of(
    con: DuckDBPyConnection, claims: Collection[str], until: datetime
) -> dict[str, tuple[Decision, ...]]:
    """The decisions on these claims up to a moment, by claim, oldest first.

    A person's latest decision that was not taken back stands above the engine's; what holds after each
    decision is told with it.
    """
    asked = sorted(claims)
    rows: dict[str, list[Row]] = defaultdict(list)
    for row in select(
        con,
        f"""
        SELECT run_verdict.claim_id, run_verdict.decided_at, run_verdict.run_id AS decision_id, verdict.*
               EXCLUDE (claim_id), NULL AS reviewer, NULL AS reason, NULL AS withdraws,
               (SELECT list(evidence_id) FROM verdict_evidence AS cited
                WHERE cited.verdict_id = verdict.verdict_id) AS evidence
        FROM run_verdict JOIN verdict USING (verdict_id)
        WHERE run_verdict.claim_id IN {_ASKED} AND run_verdict.decided_at <= ?
        """,  # noqa: S608 - no value of anybody's in it
        asked,
        utc(until),
    ):
        rows[row["claim_id"]].append(row)
    for row in select(
        con,
        f"SELECT *, review_id AS decision_id FROM review WHERE claim_id IN {_ASKED} AND decided_at <= ?",  # noqa: S608
        asked,
        utc(until),
    ):
        rows[row["claim_id"]].append(row)
    return {claim: in_order(found) for claim, found in sorted(rows.items())}


def with_history(con: DuckDBPyConnection, record: RunRecord) -> RunRecord:
    """The record of a run with every decision on its claims up to its end; what people decided stands above.

    A run that is not finished sees all that was decided so far.
    """
    claims = [claim.id for checked in record.articles for claim in checked.claims]
    return with_decisions(record, decisions_of(con, claims, record.run.finished_at or datetime.now(UTC)))


def with_decisions(record: RunRecord, history: dict[str, tuple[Decision, ...]]) -> RunRecord:
    """The record with the decisions, by claim, and the rulings that hold after them."""
    articles = tuple(
        replace(
            checked,
            verdicts={
                claim: _standing(verdict, history.get(claim, ()))
                for claim, verdict in checked.verdicts.items()
            },
        )
        for checked in record.articles
    )
    return replace(record, articles=articles, history=history)


def _standing(verdict: Verdict, history: tuple[Decision, ...]) -> Verdict:
    """The engine's verdict, with the rulings of a person in its place where one decided and that holds."""
    if not history or history[-1].held_by != "person":
        return verdict
    last = history[-1]
    return replace(verdict, verdict=last.holds or verdict.verdict, said=last.holds_said, decided_by="person")


def in_order(rows: Sequence[Row]) -> tuple[Decision, ...]:
    """The decisions of one claim, oldest first, from rows of its verdicts and reviews.

    Each has a `decision_id`; an engine's also the ids of its `evidence`, and no `reviewer`.
    """
    decisions: list[Decision] = []
    engine: Row | None = None
    people: dict[str, Row] = {}  # decisions that stand, by id
    before: tuple[object, object] | None = None
    for row in sorted(rows, key=lambda row: (row["decided_at"], row["decision_id"])):
        by_person = row["reviewer"] is not None
        new = gone = 0
        if not by_person:
            cited, earlier = set(row["evidence"] or ()), set((engine or {}).get("evidence") or ())
            new, gone = (len(cited - earlier), len(earlier - cited)) if engine else (0, 0)
            engine = row
        elif row["withdraws"]:
            people.pop(row["withdraws"], None)
        else:
            people[row["decision_id"]] = row
        ruling = next(reversed(people.values()), None) or engine
        holds = (ruling["verdict"], ruling["said"]) if ruling else (None, None)
        decisions.append(
            Decision(
                at=aware(row["decided_at"]),
                decided_by="person" if by_person else "engine",
                verdict=row["verdict"],
                said=row["said"],
                confidence=row.get("confidence"),
                supports=row.get("supports"),
                refutes=row.get("refutes"),
                holds=holds[0],
                holds_said=holds[1],
                held_by="person" if people else "engine",
                changed=before is not None and holds != before,
                new=new,
                gone=gone,
                who=row["reviewer"] if by_person else row["engine"],
                reason=row["reason"],
            )
        )
        before = holds
    return tuple(decisions)
