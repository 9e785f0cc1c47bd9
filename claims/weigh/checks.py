"""Checks that others published: read out of their pages, and put in order by nearness to a claim."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from claims.language.embedding import Embedder
from claims.model import Claim, Document, PublishedCheck
from claims.weigh.matching import Matcher

_MOST_SHOWN = 10
_LONGEST = 1_000  # letters of what was claimed
_LONGEST_NAME = 200


def checks_in(document: Document) -> tuple[PublishedCheck, ...]:
    """The checks that a page publishes in its ClaimReview markup."""
    return tuple(check for review in document.claim_reviews if (check := _check(review, document)))


def nearest(
    claim: Claim, checks: Sequence[PublishedCheck], embedder: Embedder | None = None
) -> tuple[PublishedCheck, ...]:
    """The checks of the same claim or a related one, nearest first, each with how near it is; few of them."""
    if not checks:
        return ()
    matcher = Matcher(((number, check.claim) for number, check in enumerate(checks)), embedder)
    best = matcher.best(claim.standalone or claim.text, _MOST_SHOWN)
    found = (replace(checks[int(match.id)], relation=match.relation, score=match.score) for match in best)
    return tuple(sorted(found, key=lambda check: (-check.score, check.publisher, check.url)))


def _check(review: dict[str, Any], document: Document) -> PublishedCheck | None:
    claim = _text(review.get("claimReviewed"), _LONGEST)
    if not claim:
        return None
    rating = _first(review.get("reviewRating"))
    about = _first(review.get("itemReviewed"))
    return PublishedCheck(
        url=document.url,
        publisher=_name(review.get("author")) or document.outlet or document.url,
        claim=claim,
        claimant=_name(about.get("author")),
        rating=_text(rating.get("alternateName"), 300) or _number(rating),
        published=_day(review.get("datePublished")) or document.published,
        lang=_text(review.get("inLanguage"), 20) or document.lang,
        source="ClaimReview",
        capture=document.capture,
    )


def _first(value: object) -> dict[str, Any]:
    if isinstance(value, list):
        value = value[0] if value else None
    return value if isinstance(value, dict) else {}


def _name(value: object) -> str | None:
    return _text(value, _LONGEST_NAME) or _text(_first(value).get("name"), _LONGEST_NAME)


def _number(rating: dict[str, Any]) -> str | None:
    """The rating in figures, with the scale that it is on, where no words are given for it."""
    given, best = rating.get("ratingValue"), rating.get("bestRating")
    if not isinstance(given, int | float | str) or given == "":
        return None
    return _text(f"{given}/{best}" if isinstance(best, int | float | str) and best != "" else str(given), 40)


def _text(value: object, longest: int) -> str | None:
    return " ".join(value.split())[:longest] or None if isinstance(value, str) else None


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(value[:10]) if isinstance(value, str) else None
    except ValueError:
        return None
