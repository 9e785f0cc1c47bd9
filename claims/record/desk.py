"""What people did at the desk: an append-only log, and what follows from it for a claim."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Literal, get_args

from duckdb import DuckDBPyConnection

from claims.errors import InputError
from claims.model import Review, Ruling, digest
from claims.record import rows, runs
from claims.record.rows import Row
from claims.record.store import Store

ActionKind = Literal[
    "accept", "change", "comment", "ask_second", "second", "reject", "reopen", "undo",
    "interested", "copy", "add_source", "join", "split", "publish",
]  # fmt: skip
State = Literal["open", "second_wanted", "decided", "confirmed", "rejected", "published"]

DECISIONS = frozenset({"accept", "change"})
# What moves a claim from one state to another, and can be undone from the latest backwards
_STEPS = frozenset({"accept", "change", "ask_second", "second", "reject", "publish"})
MARKS = frozenset({"interested", "copy", "add_source", "join"})
_ALLOWED: dict[State, frozenset[str]] = {
    "open": frozenset({"accept", "change", "ask_second", "reject"}),
    "second_wanted": frozenset({"accept", "change", "second", "reopen"}),
    "decided": frozenset({"change", "ask_second", "second", "reopen", "publish"}),
    "confirmed": frozenset({"change", "reopen", "publish"}),
    "rejected": frozenset({"reopen"}),
    "published": frozenset({"reopen"}),
}
_ALWAYS = frozenset({"comment", "undo", "interested", "copy", "add_source", "join", "split"})


@dataclass(frozen=True, slots=True)
class Action:
    """One thing that a person did with a claim. `number` is its place in the log, 0 before it is there."""

    id: str
    number: int
    claim: str
    kind: ActionKind
    who: str
    at: datetime
    reason: str
    payload: dict[str, Any]
    answers: str | None


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a claim stands at the desk. `decision` is the person's ruling that holds, if there is one."""

    state: State = "open"
    decision: Action | None = None
    second: Action | None = None
    steps: tuple[Action, ...] = ()
    marks: tuple[Action, ...] = ()

    @property
    def joined(self) -> str | None:
        """The claim that this one was joined to."""
        return next(
            (str(mark.payload["claim"]) for mark in reversed(self.marks) if mark.kind == "join"), None
        )

    @property
    def allowed(self) -> frozenset[str]:
        """The kinds of action that make sense now; who may do them is another question."""
        kinds = set(_ALLOWED[self.state] | _ALWAYS)
        if self.decision is None:
            kinds -= {"second", "publish"}
        else:
            kinds -= {"accept"}
        if self.joined is None:
            kinds.discard("split")
        if not self.undoable:
            kinds.discard("undo")
        return frozenset(kinds)

    @property
    def undoable(self) -> tuple[Action, ...]:
        """The actions that can be undone: the last step, and every mark."""
        return (*self.marks, *self.steps[-1:])


class Moved(Exception):
    """The claim's log, or the engine's verdict, is not any more what the person saw; nothing was recorded."""


def standing(actions: Iterable[Action]) -> Standing:
    """What follows from a claim's log, oldest first."""
    log = tuple(actions)
    undone = {action.payload.get("undoes") for action in log if action.kind == "undo"}
    held = Standing()
    for action in log:
        if action.id in undone or action.kind in ("undo", "comment"):
            continue
        if action.kind in MARKS:
            held = replace(held, marks=(*held.marks, action))
        elif action.kind == "split":
            held = replace(held, marks=tuple(mark for mark in held.marks if mark.kind != "join"))
        elif action.kind == "reopen":
            held = Standing(marks=held.marks)
        else:
            held = _step(held, action)
    return held


def _step(held: Standing, action: Action) -> Standing:
    steps = (*held.steps, action)
    if action.kind in DECISIONS:
        return replace(held, state="decided", decision=action, second=None, steps=steps)
    if action.kind == "second":
        return replace(held, state="confirmed", second=action, steps=steps)
    states: dict[str, State] = {
        "ask_second": "second_wanted",
        "reject": "rejected",
        "publish": "published",
    }
    return replace(held, state=states[action.kind], steps=steps)


def actions_after(con: DuckDBPyConnection, number: int) -> list[Action]:
    """The log of the workspace after its place `number`, in order."""
    return [
        action_from(row)
        for row in runs.select(con, "SELECT * FROM action WHERE number > ? ORDER BY number", number)
    ]


def actions_on(con: DuckDBPyConnection, claim: str) -> list[Action]:
    """The log of one claim, in order."""
    return [
        action_from(row)
        for row in runs.select(con, "SELECT * FROM action WHERE claim_id = ? ORDER BY number", claim)
    ]


def act(store: Store, wanted: Action, seen_verdict: str | None = None, may_undo_any: bool = False) -> Action:
    """The action is in the log, with the review that it makes or takes back, in one turn.

    It is returned as recorded; a form sent twice counts once. Raises Moved where the
    log has gone on since `wanted.answers`, or the engine has decided anew since `seen_verdict`; InputError
    where the action makes no sense in the claim's state.
    """
    with store.alone(), store.turn() as con:
        if not con.execute("SELECT 1 FROM claim WHERE claim_id = ?", [wanted.claim]).fetchall():
            raise InputError(f"{store.path}: there is no claim {wanted.claim}")
        log = actions_on(con, wanted.claim)
        again = next((action for action in log if action.id == wanted.id), None)
        if again is not None:
            return again
        if wanted.answers != (log[-1].id if log else None):
            raise Moved
        if wanted.kind == "accept" and seen_verdict != _latest_verdict(con, wanted.claim):
            raise Moved
        payload = _checked(store, con, wanted, standing(log), may_undo_any)
        (last,) = con.execute("SELECT coalesce(max(number), 0) FROM action").fetchall()[0]
        recorded = replace(wanted, number=int(last) + 1, payload=payload)
        rows.add(con, "action", [_row(recorded)])
        return recorded


def review_rows(actions: Iterable[Action]) -> list[Row]:
    """The rows of `review` that the actions made."""
    made: list[Row] = []
    for action in actions:
        shared = {
            "claim_id": action.claim,
            "reviewer": action.who,
            "reason": action.reason,
            "decided_at": rows.utc(action.at),
        }
        if action.kind in DECISIONS:
            made.append(
                shared
                | {
                    "review_id": action.payload["review"],
                    "verdict": action.payload["verdict"],
                    "said": action.payload["said"],
                    "withdraws": None,
                }
            )
        for taken in action.payload.get("withdrawn", ()):
            made.append(
                shared
                | {"review_id": taken["row"], "verdict": None, "said": None, "withdraws": taken["review"]}
            )
    return made


def engine_verdict(con: DuckDBPyConnection, claim: str) -> tuple[str, Ruling, Ruling | None] | None:
    """The engine's latest verdict on the claim: its id, is it so, was it said; None where there is none."""
    found = con.execute(
        "SELECT verdict_id, verdict, said FROM run_verdict JOIN verdict USING (verdict_id) "
        "WHERE run_verdict.claim_id = ? ORDER BY decided_at DESC, run_id DESC LIMIT 1",
        [claim],
    ).fetchall()
    return found[0] if found else None


def _latest_verdict(con: DuckDBPyConnection, claim: str) -> str | None:
    latest = engine_verdict(con, claim)
    return latest[0] if latest else None


def _checked(
    store: Store, con: DuckDBPyConnection, wanted: Action, now: Standing, may_undo_any: bool
) -> dict[str, Any]:
    """The payload with what the action wrote elsewhere. Raises InputError where it makes no sense."""
    if wanted.kind not in get_args(ActionKind) or wanted.kind not in now.allowed:
        raise InputError(f"claim {wanted.claim}: {wanted.kind} makes no sense while it is {now.state}")
    if wanted.kind in DECISIONS:
        return wanted.payload | _decide(store, con, wanted)
    if wanted.kind == "second" and now.decision and now.decision.who == wanted.who:
        raise InputError(f"claim {wanted.claim}: the second reviewer has to be another person")
    if wanted.kind == "publish" and now.state == "decided" and _asked_second(now):
        raise InputError(f"claim {wanted.claim}: a second reviewer was asked for")
    if wanted.kind == "join":
        _require_other(con, wanted)
    if wanted.kind == "reopen":
        return wanted.payload | {"withdrawn": _withdraw(store, con, wanted, None)}
    if wanted.kind == "undo":
        target = next((a for a in now.undoable if a.id == wanted.payload.get("undoes")), None)
        if target is None:
            raise InputError(f"claim {wanted.claim}: that cannot be undone (any more)")
        if target.who != wanted.who and not may_undo_any:
            raise InputError(f"claim {wanted.claim}: only {target.who} or an editor undoes this")
        if target.kind in DECISIONS:
            return wanted.payload | {
                "withdrawn": _withdraw(store, con, wanted, str(target.payload["review"]))
            }
    return wanted.payload


def _asked_second(now: Standing) -> bool:
    return any(step.kind == "ask_second" for step in now.steps)


def _decide(store: Store, con: DuckDBPyConnection, wanted: Action) -> dict[str, Any]:
    verdict: Any = wanted.payload.get("verdict")
    said: Any = wanted.payload.get("said")
    if wanted.kind == "accept":
        latest = engine_verdict(con, wanted.claim)
        if latest is None:
            raise InputError(f"claim {wanted.claim}: the engine has reached no verdict to accept")
        _, verdict, said = latest
    if verdict not in get_args(Ruling) or said not in (*get_args(Ruling), None):
        raise InputError(f"claim {wanted.claim}: give one of {', '.join(get_args(Ruling))} as the verdict")
    review = Review(wanted.claim, verdict, said, wanted.who, wanted.reason, wanted.at)
    return {"verdict": verdict, "said": said, "review": store.add_review(review)}


def _withdraw(
    store: Store, con: DuckDBPyConnection, wanted: Action, only: str | None
) -> list[dict[str, str]]:
    """The person's decisions that stood, or the one that is named, stand no longer."""
    held = con.execute(
        "SELECT review_id FROM review WHERE claim_id = ? AND withdraws IS NULL AND review_id NOT IN "
        "(SELECT withdraws FROM review WHERE withdraws IS NOT NULL) ORDER BY decided_at, review_id",
        [wanted.claim],
    ).fetchall()
    return [
        {"review": review, "row": store.withdraw_review(review, wanted.who, wanted.reason, wanted.at)}
        for (review,) in held
        if only is None or review == only
    ]


def _require_other(con: DuckDBPyConnection, wanted: Action) -> None:
    other = wanted.payload.get("claim")
    known = con.execute("SELECT 1 FROM claim WHERE claim_id = ?", [other]).fetchall()
    if other == wanted.claim or not known:
        raise InputError(f"claim {wanted.claim}: name another claim that is on record to join it to")


def new_action(
    claim: str, kind: ActionKind, who: str, reason: str, payload: dict[str, Any], seen: str | None, form: str
) -> Action:
    """An action of now, not recorded yet. `form` tells one form from another: the same one counts once."""
    action_id = "x_" + digest(claim, kind, who, form)
    return Action(action_id, 0, claim, kind, who, datetime.now(UTC), reason, payload, seen)


def _row(action: Action) -> Row:
    return {
        "number": action.number,
        "action_id": action.id,
        "claim_id": action.claim,
        "kind": action.kind,
        "who": action.who,
        "acted_at": action.at,
        "reason": action.reason,
        "payload": action.payload,
        "answers": action.answers,
    }


def action_from(row: Row) -> Action:
    """The action of a row of `action`."""
    return Action(
        row["action_id"],
        row["number"],
        row["claim_id"],
        row["kind"],
        row["who"],
        rows.aware(row["acted_at"]),
        row["reason"],
        json.loads(row["payload"]),
        row["answers"],
    )
