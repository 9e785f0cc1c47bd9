"""Whether what is cited exists: every archived answer of the record, and every quotation in its bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from claims.errors import StoreError
from claims.fetch.archived import archived_body
from claims.model import Capture
from claims.read.page import document_of, read_page
from claims.record.rows import storable
from claims.record.runs import captures_of, select
from claims.record.store import Store

Told = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Quotation:
    """A span of a document that a verdict rests on."""

    evidence: str
    claim: str
    quote: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Cited:
    """An archived answer with the quotations that were taken from it."""

    capture: Capture
    quotations: tuple[Quotation, ...]


def cited(store: Store) -> list[Cited]:
    """Every archived answer of the record, by file and place in it, with what is quoted from it."""
    with store.turn() as con:
        ids = [row["capture_id"] for row in select(con, "SELECT capture_id FROM capture")]
        captures = captures_of(con, "capture_id", ids)
        quotations: dict[str, list[Quotation]] = {}
        for row in select(
            con,
            "SELECT document.capture_id, evidence_id, claim_id, quote, span_start, span_end "
            "FROM evidence JOIN document USING (document_id) ORDER BY evidence_id",
        ):
            quotations.setdefault(row["capture_id"], []).append(
                Quotation(
                    row["evidence_id"], row["claim_id"], row["quote"], row["span_start"], row["span_end"]
                )
            )
    in_order = sorted(captures, key=lambda capture: (capture.warc or "", capture.offset or 0))
    return [Cited(capture, tuple(quotations.get(capture.id, ()))) for capture in in_order]


def broken(workspace: Path, everything: list[Cited], told: Told) -> Iterator[str]:
    """One line for each archived answer that is not what was recorded, and each quotation not in its bytes.

    `told` hears after each answer how many are done, of how many.
    """
    for number, one in enumerate(everything, 1):
        capture = one.capture
        try:
            body = archived_body(workspace, capture)
        except StoreError as error:
            yield f"{capture.id} {capture.url}: {error}"
            for quotation in one.quotations:
                yield f"{quotation.evidence} of claim {quotation.claim}: cites {capture.id}, which is broken"
        else:
            yield from _misquoted(one, body)
        told(number, len(everything))


def _misquoted(one: Cited, body: bytes) -> Iterator[str]:
    """The quotations that the archived page does not hold. A newer reader may find one at another place."""
    if not one.quotations:
        return
    capture = one.capture
    page = read_page(body, capture.final_url, capture.content_type)
    text = storable(document_of(capture, page).text)
    for quotation in one.quotations:
        if text[quotation.start : quotation.end] != quotation.quote and quotation.quote not in text:
            yield (
                f"{quotation.evidence} of claim {quotation.claim}: its quote is not in the archived page "
                f"({capture.warc} at {capture.offset}, {capture.url})"
            )
