"""The archived pages that verdicts rest on, for whoever wants to take them along."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from claims.errors import InputError
from claims.fetch.wacz import ArchivedPage
from claims.model import Verdict
from claims.record.runs import select
from claims.record.store import Store
from claims.run_record import RunRecord

_TITLE_LETTERS = 80


@dataclass(frozen=True, slots=True)
class Bundle:
    """Pages that belong together, in the order in which they are cited, and since when they stand so."""

    title: str
    created: datetime
    pages: tuple[ArchivedPage, ...]


def pages_of_run(store: Store, run_id: str) -> Bundle:
    """The pages that the run's verdicts cite. Raises InputError where there is no such run, or no page."""
    record = store.read_run(run_id)
    verdicts = [verdict for checked in record.articles for verdict in checked.verdicts.values()]
    return _bundle(f"Evidence of run {run_id}", record, verdicts)


def pages_of_claim(store: Store, claim_id: str) -> Bundle:
    """The pages that the engine's latest verdict on the claim cites. Raises InputError likewise."""
    with store.turn() as con:
        found = select(
            con,
            "SELECT run_id, claim.text FROM run_verdict JOIN claim USING (claim_id) WHERE claim_id = ? "
            "ORDER BY decided_at DESC, run_id DESC LIMIT 1",
            claim_id,
        )
    if not found:
        raise InputError(
            f"{store.path}: there is no verdict on a claim {claim_id}; 'tabayyun status' lists them"
        )
    record = store.read_run(found[0]["run_id"])
    verdicts = [checked.verdicts[claim_id] for checked in record.articles if claim_id in checked.verdicts]
    text = " ".join(found[0]["text"].split())
    shown = text if len(text) <= _TITLE_LETTERS else text[: _TITLE_LETTERS - 1] + "…"
    return _bundle(f"Evidence on: {shown}", record, verdicts)


def _bundle(title: str, record: RunRecord, verdicts: Iterable[Verdict]) -> Bundle:
    cited = dict.fromkeys((item.capture, item.document) for verdict in verdicts for item in verdict.evidence)
    pages: dict[str, ArchivedPage] = {}
    for capture_id, document_id in cited:
        document = record.documents[document_id]
        pages.setdefault(capture_id, ArchivedPage(record.captures[capture_id], document.title, document.text))
    if not pages:
        raise InputError(f"{title}: no archived page is cited, so there is nothing to export")
    return Bundle(title, record.run.finished_at or record.run.started_at, tuple(pages.values()))
