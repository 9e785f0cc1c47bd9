"""The checks that an editor published, as ClaimReview under reports/claimreview/."""

from __future__ import annotations

import threading
from pathlib import Path

from claims.desk.reader import Reader
from claims.record.desk import Action, Standing, standing
from claims.report.claimreview import Approved, Publisher, write_claim_reviews

_one_at_a_time = threading.Lock()


def published(reader: Reader) -> list[Approved]:
    """The checks that stand published, in the order in which they were; nothing else is approved."""
    by_claim: dict[str, list[Action]] = {}
    for action in reader.all_actions():
        by_claim.setdefault(action.claim, []).append(action)
    found: list[Approved] = []
    for claim, log in by_claim.items():
        held = standing(log)
        if held.state == "published" and held.decision is not None:
            found += _approved(reader, claim, held, held.decision, held.steps[-1])
    return sorted(found, key=lambda check: (check.published_at, check.claim.id))


def write_published(reader: Reader, reports: Path, by: Publisher) -> Path:
    """The folder holds the checks that stand published, and no other; the path of their list is returned."""
    with _one_at_a_time:
        return write_claim_reviews(reports, published(reader), by)


def _approved(reader: Reader, claim: str, held: Standing, decision: Action, last: Action) -> list[Approved]:
    record = reader.record_of(claim)
    if record is None:
        return []
    checked = record.articles[0]
    approved_at = held.second.at if held.second else decision.at
    return [
        Approved(
            checked.claims[0],
            checked.article,
            decision.payload["verdict"],
            decision.reason,
            approved_at,
            last.at,
        )
    ]
