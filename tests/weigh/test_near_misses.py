"""Claims that share every name, day and place with what happened, and are not so: near misses must not pass.

Each event of `near_misses/` is told by three pages of three outlets. Of its claims three are so; the others
tell of the same people in the same place on the same day, and of something else: called off, turned round,
another deed, more than was told. The files are sets of a closed web, which `tabayyun bench` takes too: there the
pages of all events lie together, and have no day.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from weigh_pages import page

from claims.bench.closed_web import at_stake
from claims.extract.claims import read_claims
from claims.model import Article, Ruling, digest
from claims.weigh.engine import Weigher

HERE = Path(__file__).parent / "near_misses"
MOST_FALSE, LEAST_TRUE = 0.25, 0.3  # shares supported
NAMES = sorted(path.stem for path in HERE.glob("*.jsonl"))


def rows(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (HERE / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]


def rulings(name: str) -> Iterator[tuple[dict[str, Any], Ruling]]:
    """Each row with what follows for its claim from the three pages of its event."""
    weigher = Weigher()
    events: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows(name):
        events[row["claim_id"].rpartition("/")[0]].append(row)
    for told in events.values():
        published = date.fromisoformat(told[0]["claim_date"])
        texts = {row["url"].split("/")[2]: (row["article"], row["lang"]) for row in told}
        pages = [page(host, text, lang, published) for host, (text, lang) in sorted(texts.items())]
        for row in told:
            lang = "ar" if any("\u0621" <= letter <= "\u064a" for letter in row["claim"]) else "en"
            article = Article("a_" + digest(row["claim"]), row["claim"], published, lang)
            claims = {claim.id: claim for claim in read_claims(article).claims}
            verdicts = {one.id: weigher.weigh(one, article, claims, pages, (), ()) for one in claims.values()}
            yield row, at_stake(claims.values(), verdicts)


@pytest.mark.parametrize("name", NAMES)
def test_each_event_has_three_outlets_and_claims_of_both_kinds(name: str) -> None:
    events: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows(name):
        events[row["claim_id"].rpartition("/")[0]].append(row)
    for event, told in events.items():
        assert len({row["url"] for row in told}) == 3, event
        assert sum(row["factuality"] == "true" for row in told) == 3, event
        assert all((row["category"] == "same") == (row["factuality"] == "true") for row in told), event


def test_no_event_stands_in_both_halves() -> None:
    for kind in {name.rpartition("_")[0] for name in NAMES}:
        for field in ("claim", "article"):
            halves = [{row[field] for row in rows(f"{kind}_{half}")} for half in ("seen", "unseen")]
            assert not halves[0] & halves[1]


# What was printed when the bounds were set: near misses supported .18 and .08 in the halves that were looked
# at, of events and of statements. Before the model had a say where days meet it was .66 and .26.
@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_few_near_misses_pass_and_half_of_what_is_so_does(name: str) -> None:
    found = list(rulings(name))
    shares = {
        factuality: sum(r == "supported" for row, r in found if row["factuality"] == factuality)
        / sum(row["factuality"] == factuality for row, _ in found)
        for factuality in ("true", "false")
    }
    print(name, shares)
    assert shares["false"] <= MOST_FALSE and shares["true"] >= LEAST_TRUE
