"""Extraction measured on our own annotated news; tests/extract/annotated/RULES.md says how it was annotated."""

from __future__ import annotations

import importlib.util
import json
import re
from collections import Counter
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from claims.extract.claims import extract_claims
from claims.model import Article, digest

HERE = Path(__file__).parent / "annotated"
SCORER = Path(__file__).parents[3] / "shared" / "score" / "score.py"
SAID = {"statement", "pledge", "agreement"}  # kinds that count as one another

Row = dict[str, Any]


def rows(name: str) -> list[Row]:
    return [json.loads(line) for line in (HERE / name).read_text(encoding="utf-8").splitlines()]


def extracted(article: Row) -> list[Row]:
    published = date.fromisoformat(article["published"])
    given = Article("a_" + digest(article["text"]), article["text"], published, article["lang"])
    return [
        {
            "article": article["id"], "start": claim.start, "end": claim.end, "kind": claim.kind,
            "attribution": [{"speaker": link.speaker} for link in claim.attribution],
            "polarity": claim.polarity, "about": claim.about,
            "when": [{"from": w.first.isoformat(), "to": w.last.isoformat()} for w in claim.when],
        }
        for claim in extract_claims(given).claims
    ]  # fmt: skip


def shared(a: Row, b: Row) -> float:
    """The part of the shorter span that both have."""
    common = min(a["end"], b["end"]) - max(a["start"], b["start"])
    return max(0, common) / max(1, min(a["end"] - a["start"], b["end"] - b["start"]))


def paired(gold: list[Row], found: list[Row]) -> list[tuple[Row, Row]]:
    """Annotated and extracted claims that share half of the shorter one: the best pairs first, each once."""
    options = sorted(
        (
            (shared(g, p), g["kind"] == p["kind"], i, j)
            for i, g in enumerate(gold)
            for j, p in enumerate(found)
        ),
        key=lambda option: (-option[1], -option[0]),
    )
    pairs: dict[int, int] = {}
    for share, _, i, j in options:
        if share >= 0.5 and i not in pairs and j not in pairs.values():
            pairs[i] = j
    return [(gold[i], found[j]) for i, j in pairs.items()]


def days(row: Row) -> set[tuple[str, str]]:
    return {(when["from"], when["to"]) for when in row["when"]}


def same_kind(gold: Row, found: Row) -> bool:
    wanted = {gold["kind"], *gold.get("kind_alt", [])}
    return found["kind"] in wanted or (found["kind"] in SAID and bool(wanted & SAID))


def names_speaker(gold: Row, found: Row) -> bool:
    wanted = gold["attribution"][-1]["speaker"]
    named = [link["speaker"] for link in found["attribution"] if link["speaker"]]
    return any(name in wanted or wanted in name for name in named)


def measure(articles: Iterable[Row]) -> dict[str, float]:
    """Precision and recall of the claims, and how often each field of a claim that was found is right."""
    right: Counter[str] = Counter()
    of: Counter[str] = Counter()

    def count(name: str, good: bool) -> None:
        right[name] += good
        of[name] += 1

    for article in articles:
        mine = [row for row in rows("claims.jsonl") if row["article"] == article["id"]]
        gold = [row for row in mine if not row.get("ignore")]
        aside = [row for row in mine if row.get("ignore")]
        found = extracted(article)
        pairs = paired(gold, found)
        used = [id(p) for _, p in pairs]
        for g in gold:
            count("recall", any(g is hit for hit, _ in pairs))
        for p in found:
            if id(p) in used or not any(shared(a, p) >= 0.5 for a in aside):
                count("precision", id(p) in used)
        for g, p in pairs:
            count("kind", same_kind(g, p))
            count("polarity", g["polarity"] == p["polarity"])
            if g["attribution"]:
                count("speaker", names_speaker(g, p))
            if g["when"]:
                count("dates", days(g) <= days(p))
            if g["about"]:
                count("links", bool(p["about"]))
    return {name: right[name] / of[name] for name in of}


@pytest.mark.parametrize(
    ("half", "floors"),
    [
        ("tune", {"precision": 0.97, "recall": 0.95, "kind": 0.97, "speaker": 0.97, "polarity": 0.97, "links": 0.8}),
        ("held", {"precision": 0.97, "recall": 0.95, "kind": 0.9, "speaker": 0.88, "polarity": 0.95, "links": 0.6}),
    ],
)  # fmt: skip
def test_claims_are_found_as_they_were_annotated(half: str, floors: dict[str, float]) -> None:
    figures = measure(row for row in rows("articles.jsonl") if row["half"] == half)
    print(half, {name: round(value, 3) for name, value in figures.items()})
    assert {name: value for name, value in figures.items() if value < floors.get(name, 0.9)} == {}


def test_the_annotation_keeps_its_own_rules() -> None:
    articles = {row["id"]: row for row in rows("articles.jsonl")}
    ids = {row["id"] for row in rows("claims.jsonl")}
    ends: dict[str, int] = {}
    for row in rows("claims.jsonl"):
        assert articles[row["article"]]["text"][row["start"] : row["end"]] == row["text"]
        assert row["start"] >= ends.get(row["article"], 0), "claims overlap"
        ends[row["article"]] = row["end"]
        assert row.get("about") is None or row["about"] in ids
        assert row.get("kind") != "denial" or row["polarity"] == "negated"
    assert sum(row["lang"] == "ar" for row in articles.values()) >= 8
    assert sum(row["lang"] == "en" for row in articles.values()) >= 5


@pytest.mark.skipif(not SCORER.exists(), reason="the shared scorer is not here")
def test_the_shared_scorer_counts_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    spec = importlib.util.spec_from_file_location("shared_score", SCORER)
    assert spec is not None and spec.loader is not None
    scorer = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(scorer)
    articles = rows("articles.jsonl")
    scorer.claims(rows("claims.jsonl"), [claim for article in articles for claim in extracted(article)])
    printed = capsys.readouterr().out
    figures = measure(articles)
    for name in ("precision", "recall", "kind", "speaker", "dates", "polarity"):
        counted = re.search(rf"\b{name}\s+\d+/\d+ (\d\.\d+)", printed)
        assert counted and counted[1] == f"{figures[name]:.3f}"
