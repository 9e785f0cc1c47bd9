"""Checks that people approved, as schema.org/ClaimReview: a page of JSON-LD each, and a list of them all."""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from claims.errors import StoreError
from claims.model import Article, Claim, Ruling
from claims.plain import plain
from claims.report.pages import printable, web_address
from claims.report.words import Words

FOLDER = "claimreview"  # under reports/
INDEX = "index.json"
_BEST, _WORST = 5, 1
# No number where the evidence is too little: it would be read as somewhere between true and false
_RATING: dict[Ruling, int | None] = {
    "supported": 5,
    "conflicting": 3,
    "refuted": 1,
    "not_enough_evidence": None,
}
_FILE_ID = re.compile(r"[A-Za-z0-9_-]{1,80}")


@dataclass(frozen=True, slots=True)
class Approved:
    """A check that a person approved and an editor publishes."""

    claim: Claim
    article: Article
    verdict: Ruling
    reason: str  # the reviewer's
    approved_at: datetime
    published_at: datetime


@dataclass(frozen=True, slots=True)
class Publisher:
    """Who publishes, and the address under which its checks stand, ending in a slash."""

    name: str
    url: str


def claim_review(check: Approved, by: Publisher) -> dict[str, Any]:
    """The check as JSON-LD: what was claimed, by whom, where it appeared, and how it was rated."""
    claim, article = check.claim, check.article
    words = Words(claim.lang if claim.lang in ("ar", "en") else "en")
    speaker = next((link.speaker for link in reversed(claim.attribution) if link.speaker), None)
    typed = {who.text: who.type for who in claim.who}.get(speaker or "")
    appearance: dict[str, Any] = {"@type": "CreativeWork"}
    if article.url and web_address(article.url):
        appearance["url"] = article.url
    if article.title:
        appearance["headline"] = article.title
    if article.published:
        appearance["datePublished"] = plain(article.published)
    if article.outlet:
        appearance["publisher"] = {"@type": "Organization", "name": article.outlet}
    reviewed: dict[str, Any] = {"@type": "Claim", "text": claim.text, "appearance": appearance}
    author = speaker or article.outlet
    if author:
        reviewed["author"] = {
            # a name that is in no list is most often a person's
            "@type": "Person" if speaker and typed in (None, "person") else "Organization",
            "name": author,
        }
    if article.published:
        reviewed["datePublished"] = plain(article.published)
    rating: dict[str, Any] = {"@type": "Rating", "alternateName": str(words.t(f"verdict.{check.verdict}"))}
    if _RATING[check.verdict] is not None:
        rating |= {"ratingValue": _RATING[check.verdict], "bestRating": _BEST, "worstRating": _WORST}
    review: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "ClaimReview",
        "url": f"{by.url}{claim.id}",
        "datePublished": check.published_at.date().isoformat(),
        "author": {"@type": "Organization", "name": by.name, "url": by.url},
        "inLanguage": claim.lang,
        "claimReviewed": claim.standalone or claim.text,
        "itemReviewed": reviewed,
        "reviewRating": rating,
        "dateModified": check.approved_at.date().isoformat(),
    }
    if check.reason:
        review["reviewBody"] = check.reason
    return {key: _printable(value) for key, value in review.items()}


def write_claim_reviews(reports: Path, checks: list[Approved], by: Publisher) -> Path:
    """The folder holds these checks and no other, and a list of them; the path of the list is returned.

    Raises StoreError where it cannot be written.
    """
    folder = reports / FOLDER
    reviews = {check.claim.id: claim_review(check, by) for check in checks}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for claim, review in reviews.items():
            if not _FILE_ID.fullmatch(claim):
                raise StoreError(f"{claim!r}: such an id cannot name a file; verify again")
            _write(folder / f"{claim}.json", review)
        ordered = sorted(reviews.values(), key=lambda review: (review["datePublished"], review["url"]))
        feed = {
            "@context": "https://schema.org",
            "@type": "DataFeed",
            "dataFeedElement": [{"@type": "DataFeedItem", "item": review} for review in ordered],
        }
        _write(folder / INDEX, feed)
        for file in folder.glob("*.json"):
            if file.name != INDEX and file.stem not in reviews:
                file.unlink()
    except OSError as error:
        raise StoreError(
            f"{folder}: cannot be written ({error.strerror}); make room, publish again"
        ) from None
    return folder / INDEX


def _printable(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _printable(item) for key, item in value.items()}
    return printable(value) if isinstance(value, str) else value


def _write(path: Path, value: Any) -> None:
    # < is escaped, so that the text may stand in a script element of whatever page
    text = json.dumps(value, ensure_ascii=False, indent=1).replace("<", "\\u003c")
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    part.write_text(text + "\n", encoding="utf-8")
    part.replace(path)
