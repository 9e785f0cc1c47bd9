"""The challenge set keeps its shape: who trains on one half has seen nothing of the other."""

import json
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

HERE = Path(__file__).parent / "challenge"
FILES = [f"{half}_{lang}.jsonl" for half in ("seen", "unseen") for lang in ("ar", "en")]
CATEGORIES = {
    "original",
    "date moved",
    "number changed",
    "place swapped",
    "speaker swapped",
    "planned/happened",
    "asserted/attributed",
    "negation toggled",
    "denial toggled",
}


def rows(name: str) -> list[dict[str, str]]:
    return [json.loads(line) for line in (HERE / name).read_text(encoding="utf-8").splitlines()]


def group(row: dict[str, str]) -> str:
    return row["id"].rpartition("-")[0]


@pytest.mark.parametrize("name", FILES)
def test_rows_are_whole(name):
    for row in rows(name):
        assert set(row) - {"claim_date"} == {
            "id",
            "lang",
            "category",
            "claim",
            "evidence",
            "label",
            "evidence_date",
        }, row["id"]
        assert row["lang"] == name[-8:-6] and row["id"].startswith(row["lang"] + "-")
        assert row["category"] in CATEGORIES and row["label"] in ("supports", "refutes", "neutral")
        assert 10 < len(row["claim"]) < 250 and 40 < len(row["evidence"]) < 600
        for day in (row["evidence_date"], row.get("claim_date", row["evidence_date"])):
            date.fromisoformat(day)


def test_ids_are_unique_and_groups_stay_whole():
    halves = {
        half: [row for name in FILES if name.startswith(half) for row in rows(name)]
        for half in ("seen_", "unseen_")
    }
    ids = [row["id"] for half in halves.values() for row in half]
    assert len(ids) == len(set(ids))
    for key in (group, lambda row: row["evidence"], lambda row: row["claim"]):
        assert not {key(row) for row in halves["seen_"]} & {key(row) for row in halves["unseen_"]}


@pytest.mark.parametrize("half", ["seen", "unseen"])
def test_no_label_and_no_category_can_be_left_out(half):
    arabic, english = rows(f"{half}_ar.jsonl"), rows(f"{half}_en.jsonl")
    assert len(arabic) >= 150 and len(english) >= 75
    for part in (arabic, english):
        labels = Counter(row["label"] for row in part)
        assert min(labels.values()) > len(part) / 6 and max(labels.values()) < len(part) * 0.55
    both = Counter(row["category"] for row in arabic + english)
    assert set(both) == CATEGORIES and min(both.values()) >= 15


def test_one_text_gets_several_labels():
    """What makes a pair minimal: the evidence alone does not tell the label, nor does the claim."""
    by_evidence: dict[str, set[str]] = {}
    for name in FILES:
        for row in rows(name):
            by_evidence.setdefault(row["evidence"], set()).add(row["label"])
    mixed = sum(len(labels) > 1 for labels in by_evidence.values())
    assert mixed >= 0.95 * len(by_evidence)
