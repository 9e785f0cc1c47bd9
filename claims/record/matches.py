"""Claims that are like others: what a night has to compare, and what it found."""

from __future__ import annotations

from collections.abc import Sequence

from claims.errors import InputError
from claims.model import Article, Claim
from claims.record import rows, runs
from claims.record.desk import Moved, act, actions_on, new_action
from claims.record.store import Store
from claims.run_record import ClaimMatch

ENGINE = "tabayyun"  # in place of a person's name, where the engine joins
_MOST_KNOWN = 100_000  # claims, the newest: to compare with all would cost more every night

_CLAIMS = """
    SELECT * FROM claim JOIN (
        SELECT claim_id, min(started_at) AS first_seen,
               arg_max(reading_id, row(started_at, run_id)) AS reading_id,
               arg_min(ordinal, row(started_at, run_id)) AS place,
               arg_min(run_id, row(started_at, run_id)) = $1 AS is_new
        FROM run_claim JOIN run USING (run_id)
        WHERE started_at <= (SELECT started_at FROM run WHERE run_id = $1)
        GROUP BY claim_id
    ) AS seen USING (claim_id)
    JOIN claim_reading USING (claim_id, reading_id)
    ORDER BY first_seen DESC, article_id, place, claim_id
    LIMIT $2
"""


def claims_to_match(store: Store, run: str) -> tuple[list[Claim], list[Claim]]:
    """The claims that the run found first, and those that were known before it, the newest first; none where
    the run took nothing in. The article of each is told by its id."""
    new: list[Claim] = []
    known: list[Claim] = []
    with store.turn() as con:
        if not con.execute("SELECT 1 FROM taken WHERE run_id = ? LIMIT 1", [run]).fetchall():
            return [], []
        for row in runs.select(con, _CLAIMS, run, _MOST_KNOWN):
            source = Article(row["article_id"], "", None, row["lang"], None, None, None, None)
            (new if row["is_new"] else known).append(runs.claim_from(row, source))
    return new, known


def add_matches(store: Store, run: str, matches: Sequence[ClaimMatch]) -> None:
    """What was found is recorded, and claims that are the same are joined, as a person would have done: who
    may undo takes it back. A claim is joined with one other, and none twice."""
    with store.turn() as con:
        wanted = [
            {
                "run_id": run,
                "claim_id": m.claim,
                "other_id": m.other,
                "score": m.score,
                "relation": m.relation,
            }
            for m in matches
        ]
        rows.add(con, "claim_match", wanted, once=["run_id", "claim_id", "other_id"])
        joined: set[str] = set()
        for match in matches:
            if match.relation != "same" or match.claim in joined:
                continue
            joined.add(match.claim)
            log = actions_on(con, match.claim)
            seen = log[-1].id if log else None
            payload = {"claim": match.other, "score": match.score}
            try:
                act(store, new_action(match.claim, "join", ENGINE, "", payload, seen, match.other))
            except (Moved, InputError):
                continue  # somebody did something about it meanwhile: theirs stands


def matches_in(store: Store, run: str) -> tuple[ClaimMatch, ...]:
    """What the run found new claims to be like, the likeliest first."""
    with store.turn() as con:
        found = con.execute(
            """
            SELECT claim_id, other_id, score, relation, claim.text, other.text
            FROM claim_match
            JOIN claim USING (claim_id)
            JOIN claim AS other ON other.claim_id = other_id
            WHERE run_id = ?
            ORDER BY score DESC, claim_id, other_id
            """,
            [run],
        ).fetchall()
    return tuple(ClaimMatch(*row) for row in found)
