"""What people marked about claims and their pages, as the engine is to know it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from duckdb import DuckDBPyConnection

from claims.model import Mark
from claims.record import rows, runs
from claims.record.desk import MARKS, Action, action_from, standing
from claims.record.store import Store

_BEARING = (*sorted(MARKS), "split", "undo")


def marks_of(store: Store, claims: Collection[str], until: datetime) -> dict[str, tuple[Mark, ...]]:
    """The marks that stood at that moment, by claim; a claim without any is not there.

    Claims that were joined are one: what was marked about the pages of one holds for all of them, and each
    has a mark that names each other.
    """
    with store.turn() as con:
        standing_marks = _standing(con, until)
    groups = _groups(standing_marks)
    found = {}
    for claim in claims:
        group = groups.get(claim, {claim: ""})
        marks = [
            _mark(action)
            for one in sorted(group)
            for action in standing_marks.get(one, ())
            if action.kind != "join"
        ]
        marks += [Mark("join", who, other) for other, who in sorted(group.items()) if other != claim]
        if marks:
            found[claim] = tuple(marks)
    return found


def marked_since_checked(con: DuckDBPyConnection) -> set[str]:
    """The claims about which, or about claims joined with them, people marked something or took it back
    after the run had begun in which the engine looked at them last."""
    logs = _logs(con, None)
    if not logs:
        return set()
    marked: dict[str, datetime] = {}
    joined: list[tuple[str, str]] = []
    for claim, log in logs.items():
        moments = [action.at for action in log if action.kind in _BEARING]
        if moments:
            marked[claim] = max(moments)
        # Of a join that was taken back too: what the other claim had of it is gone
        joined += [(claim, str(action.payload["claim"])) for action in log if action.kind == "join"]
    moments_of: dict[str, datetime] = {}
    for group in _components(joined, marked):
        latest = max(marked[claim] for claim in group if claim in marked)
        moments_of |= dict.fromkeys(group, latest)
    looked = dict(
        con.execute(
            "SELECT claim_id, max(started_at) FROM run_verdict JOIN run USING (run_id) "
            "WHERE claim_id IN (SELECT unnest(CAST(? AS VARCHAR[]))) GROUP BY claim_id",
            [sorted(moments_of)],
        ).fetchall()
    )
    return {
        claim for claim, at in moments_of.items() if claim not in looked or rows.aware(looked[claim]) < at
    }


def _standing(con: DuckDBPyConnection, until: datetime) -> dict[str, tuple[Action, ...]]:
    return {claim: marks for claim, log in _logs(con, until).items() if (marks := standing(log).marks)}


def _logs(con: DuckDBPyConnection, until: datetime | None) -> dict[str, list[Action]]:
    """Everything that was done with the claims on which anybody marked anything, up to a moment."""
    kinds = ", ".join(f"'{kind}'" for kind in sorted(MARKS))
    found = runs.select(
        con,
        f"SELECT * FROM action WHERE claim_id IN (SELECT claim_id FROM action WHERE kind IN ({kinds})) "  # noqa: S608
        "AND acted_at <= coalesce(?, acted_at) ORDER BY number",
        rows.utc(until) if until else None,
    )
    logs: dict[str, list[Action]] = defaultdict(list)
    for row in found:
        logs[row["claim_id"]].append(action_from(row))
    return logs


def _mark(action: Action) -> Mark:
    kind = action.kind
    assert kind in ("interested", "copy", "add_source")  # noqa: S101 - joins are told apart before
    return Mark(kind, action.who, str(action.payload["url"]), str(action.payload.get("of", "")))


def _groups(marks: Mapping[str, tuple[Action, ...]]) -> dict[str, dict[str, str]]:
    """By claim, the claims that are the same with who joined them, itself among them."""
    joins = [
        (claim, str(action.payload["claim"]), action.who)
        for claim, log in marks.items()
        for action in log
        if action.kind == "join"
    ]
    who = {claim: person for one, other, person in joins for claim in (other, one)}
    return {
        claim: {other: who[other] for other in group}
        for group in _components([(one, other) for one, other, _ in joins], ())
        for claim in group
    }


def _components(pairs: Iterable[tuple[str, str]], alone: Iterable[str]) -> list[set[str]]:
    """The claims in groups: what a pair names is of one."""
    groups: dict[str, set[str]] = {claim: {claim} for claim in alone}
    for one, other in pairs:
        merged = groups.get(one, {one}) | groups.get(other, {other})
        for claim in merged:
            groups[claim] = merged
    return list({id(group): group for group in groups.values()}.values())
