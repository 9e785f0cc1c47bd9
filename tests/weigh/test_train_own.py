"""Pairs written by hand for training: each has a label, and none is told two of them."""

from __future__ import annotations

from collections import Counter, defaultdict

from claims.weigh.train_own import own_rows


def test_every_label_comes_in_numbers_in_every_kind_and_language() -> None:
    found = Counter((row["dataset"], row["lang"], row["label"]) for row in own_rows())
    kinds = {(kind, lang) for kind, lang, _ in found}
    assert {label for *_, label in found} == {"supports", "refutes", "neutral"}
    assert len(kinds) >= 10
    assert all(found[*kind, label] >= 15 for kind in kinds for label in ("supports", "refutes", "neutral"))


def test_no_pair_stands_twice_and_no_claim_under_a_passage_has_two_labels() -> None:
    told: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in own_rows():
        told[row["claim"], row["evidence"]].append(row["label"])
    assert [pair for pair, labels in told.items() if len(labels) > 1] == []


def test_the_claim_alone_seldom_tells_its_label_in_facts_about_one_thing() -> None:
    """Claims stand with passages that support them and with passages that refute them."""
    labels: dict[str, Counter[str]] = defaultdict(Counter)
    for row in own_rows():
        if row["dataset"] == "own_facts":
            labels[row["claim"]][row["label"]] += 1
    decided = [count for count in labels.values() if count["supports"] or count["refutes"]]
    assert sum(count["supports"] == count["refutes"] for count in decided) > 0.9 * len(decided)
