"""The shapes in which records leave the project, the same from every command, export and report."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from claims.model import Capture, Claim, Evidence, Excluded, Verdict
from claims.plain import plain
from claims.wording import say


def claim_record(claim: Claim, article: str | None = None) -> dict[str, Any]:
    """A claim as the command line prints it. `article` is the caller's own name for the article."""
    return {
        "id": claim.id,
        "article": article or claim.article,
        "text": claim.text,
        "start": claim.start,
        "end": claim.end,
        "sentence": claim.sentence,
        "lang": claim.lang,
        "kind": claim.kind,
        "standalone": claim.standalone,
        "attribution": plain(claim.attribution),
        "polarity": claim.polarity,
        "when": [
            {
                "text": when.text,
                "start": when.start,
                "end": when.end,
                "from": when.first.isoformat(),
                "to": when.last.isoformat(),
                "grain": when.grain,
                "approximate": when.approximate,
            }
            for when in claim.when
        ],
        "where": plain(claim.where),
        "who": plain(claim.who),
        "numbers": plain(claim.numbers),
        "about": claim.about,
        "content": list(claim.content) if claim.content else None,
        "worth": round(claim.worth, 4),
        "reasons": [say(why, "en") for why in claim.reasons],
    }


def excluded_record(excluded: Excluded, article: str | None = None) -> dict[str, Any]:
    """What was left out of an article, as `extract --excluded` prints it."""
    return {
        "excluded": True,
        "article": article or excluded.article,
        "start": excluded.start,
        "end": excluded.end,
        "reason": say(excluded.reason, "en"),
    }


def capture_record(capture: Capture) -> dict[str, Any]:
    """An archived answer, as `fetch` prints it."""
    return {
        "url": capture.url,
        "outcome": capture.outcome,
        "final_url": capture.final_url,
        "status": capture.status,
        "sha256": capture.sha256,
        "bytes": capture.bytes,
        "warc": capture.warc,
        "offset": capture.offset,
        "detail": capture.detail,
    }


def verdict_record(
    claim: Claim,
    verdict: Verdict,
    captures: Mapping[str, Capture],
    decided_at: str,
    article: str | None = None,
) -> dict[str, Any]:
    """A claim with its verdict and every quote that bears on it. `captures` holds those cited, by id."""
    return {
        "claim": claim_record(claim, article),
        "verdict": verdict.verdict,
        "said": verdict.said,
        "confidence": round(verdict.confidence, 4),
        "origins": {"supports": verdict.supports, "refutes": verdict.refutes},
        "evidence": [_evidence_record(item, captures[item.capture]) for item in verdict.evidence],
        "sought": plain(verdict.sought),
        "unread": plain(verdict.unread),
        "checked_by_others": plain(verdict.checks),
        "gaps": [say(gap, "en") for gap in verdict.gaps],
        "reasons": [say(why, "en") for why in verdict.reasons],
        "decided_by": verdict.decided_by,
        "engine": verdict.engine,
        "decided_at": decided_at,
    }


def _evidence_record(item: Evidence, capture: Capture) -> dict[str, Any]:
    return {
        "id": item.id,
        "question": item.question,
        "url": item.url,
        "outlet": item.outlet,
        "origin": item.origin,
        "origin_chain": list(item.origin_chain),
        "published": plain(item.published),
        "lang": item.lang,
        "quote": item.quote,
        "start": item.start,
        "end": item.end,
        "document": item.document,
        "stance": item.stance,
        "supports": round(item.supports, 4),
        "refutes": round(item.refutes, 4),
        "interested": item.interested,
        "speaker": item.speaker,
        "why": [say(why, "en") for why in item.why],
        "capture": {
            "sha256": capture.sha256,
            "warc": capture.warc,
            "offset": capture.offset,
            "fetched_at": plain(capture.fetched_at),
            "status": capture.status,
        },
    }
