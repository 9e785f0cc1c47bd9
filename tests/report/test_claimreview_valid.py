"""What is published as ClaimReview, against schema.org's own definitions."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sample_run import sample_record

from claims.model import RULINGS
from claims.report.claimreview import Approved, Publisher, claim_review, write_claim_reviews

# From schema.org/ClaimReview, /Claim, /Rating, /Organization, /Person, /CreativeWork, /DataFeed, /DataFeedItem:
# the properties of each type that are used, its parents' included, with the types of their values.
TEXT, URL, DATE, NUMBER = "Text", "URL", "Date", "Number"
WORK = {
    "url": {URL}, "headline": {TEXT}, "datePublished": {DATE}, "dateModified": {DATE}, "inLanguage": {TEXT},
    "author": {"Organization", "Person"}, "publisher": {"Organization", "Person"}, "text": {TEXT}, "name": {TEXT},
}  # fmt: skip
SCHEMA: dict[str, dict[str, set[str]]] = {
    "CreativeWork": WORK,
    "Claim": WORK | {"appearance": {"CreativeWork"}, "firstAppearance": {"CreativeWork"}},
    "ClaimReview": WORK
    | {"claimReviewed": {TEXT}, "itemReviewed": {"Claim"}, "reviewRating": {"Rating"}, "reviewBody": {TEXT}},
    "Rating": {
        "ratingValue": {NUMBER, TEXT}, "bestRating": {NUMBER, TEXT}, "worstRating": {NUMBER, TEXT},
        "alternateName": {TEXT},
    },
    "Organization": {"name": {TEXT}, "url": {URL}},
    "Person": {"name": {TEXT}, "url": {URL}},
    "DataFeed": WORK | {"dataFeedElement": {"DataFeedItem"}},
    "DataFeedItem": {"item": {"ClaimReview"}, "dateModified": {DATE}},
}  # fmt: skip
# What search engines ask for before they read one (Google's ClaimReview page)
REQUIRED = {
    "ClaimReview": {"url", "claimReviewed", "reviewRating", "author", "datePublished", "itemReviewed"},
    "Rating": {"alternateName"},
    "DataFeed": {"dataFeedElement"},
}


def faults(thing: Any, path: str = "$") -> list[str]:
    """Everything in which the JSON-LD is not as schema.org defines it."""
    if not isinstance(thing, dict) or thing.get("@type") not in SCHEMA:
        return [f"{path}: no known type"]
    kind = thing["@type"]
    found = [f"{path}: {name} is missing" for name in REQUIRED.get(kind, set()) - set(thing)]
    for name, value in thing.items():
        if name.startswith("@"):
            continue
        wanted = SCHEMA[kind].get(name)
        if wanted is None:
            found.append(f"{path}.{name}: {kind} has no such property")
            continue
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, dict):
                found += faults(one, f"{path}.{name}")
                if one.get("@type") not in wanted:
                    found.append(f"{path}.{name}: a {one.get('@type')} is not allowed")
            elif not wanted & plain_types(one):
                found.append(f"{path}.{name}: {one!r} is none of {sorted(wanted)}")
    if kind == "Rating" and "ratingValue" in thing:
        low, value, high = (float(thing[key]) for key in ("worstRating", "ratingValue", "bestRating"))
        if not low <= value <= high:
            found.append(f"{path}: the rating is outside its scale")
    return found


def plain_types(value: object) -> set[str]:
    if isinstance(value, bool) or (not value and value != 0):
        return set()
    if isinstance(value, (int, float)):
        return {NUMBER}
    text = str(value)
    return (
        {TEXT}
        | ({URL} if re.fullmatch(r"https?://[^\s/]+\.\S+", text) else set())
        | ({DATE} if re.fullmatch(r"\d{4}-\d\d-\d\d", text) else set())
    )


def approved(ruling: Any) -> list[Approved]:
    at = datetime(2022, 9, 18, 12, tzinfo=UTC)
    return [
        Approved(claim, checked.article, ruling, "بعد مراجعة المصادر", at, at)
        for checked in sample_record().articles
        for claim in checked.claims
    ]


BY = Publisher("A desk", "https://desk.example/checks/")


@pytest.mark.parametrize("ruling", RULINGS)
def test_every_check_is_as_schema_org_defines_it(ruling: str) -> None:
    for check in approved(ruling):
        review = json.loads(json.dumps(claim_review(check, BY)))
        assert review["@context"] == "https://schema.org"
        assert faults(review) == []


def test_the_list_of_all_checks_is_too(tmp_path: Path) -> None:
    feed = json.loads(write_claim_reviews(tmp_path, approved("refuted"), BY).read_text(encoding="utf-8"))
    assert faults(feed) == []
    assert len(feed["dataFeedElement"]) == 8


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"datePublished": "yesterday"}, "datePublished"),
        ({"claimReviewed": None}, "claimReviewed"),
        ({"verdict": "false"}, "no such property"),
        ({"author": {"@type": "Rating", "alternateName": "x"}}, "not allowed"),
        ({"reviewRating": {"@type": "Rating", "alternateName": "x", "ratingValue": 7, "bestRating": 5, "worstRating": 1}}, "scale"),
    ],
)  # fmt: skip
def test_the_validator_finds_what_is_wrong(change: dict[str, Any], fault: str) -> None:
    review = claim_review(approved("refuted")[0], BY) | change
    assert any(fault in one for one in faults(review))
