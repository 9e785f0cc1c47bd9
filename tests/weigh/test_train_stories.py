"""Pairs of our own from made-up stories: their labels must hold, for the model learns from them."""

from __future__ import annotations

import re
from collections import Counter

from claims.weigh.train_stories import story_pairs

_FIGURE = re.compile(r"\d+")


def test_the_same_seed_gives_the_same_pairs_and_another_seed_others() -> None:
    assert list(story_pairs(60, 4)) == list(story_pairs(60, 4))
    assert list(story_pairs(60, 4)) != list(story_pairs(60, 5))


def test_every_label_and_both_languages_come_in_numbers() -> None:
    rows = list(story_pairs(3000, 1))
    labels = Counter(label for *_, label in rows)
    assert len(rows) == 3000 and min(labels.values()) > 600
    across = [bool(re.search("[ء-ي]", claim)) != bool(re.search("[ء-ي]", told)) for claim, told, _ in rows]
    assert 0.2 < sum(across) / len(rows) < 0.4


def test_no_slot_stays_open() -> None:
    assert not [row for row in story_pairs(3000, 2) if "{" in row[0] + row[1] or "|" in row[0] + row[1]]


def test_a_pair_never_has_two_labels() -> None:
    told: dict[tuple[str, str], set[str]] = {}
    for claim, passage, label in story_pairs(20_000, 3):
        told.setdefault((claim, passage), set()).add(label)
    assert [pair for pair, labels in told.items() if len(labels) > 1] == []


def test_a_figure_that_the_story_does_not_hold_is_not_supported() -> None:
    """Except in comparisons, which are worded with other figures, and in dates, which may name the year."""
    for claim, passage, label in story_pairs(4000, 6):
        exact = not re.search(r"ore than|ess than|ewer than|أكثر من|بأكثر|أقل من|يزيد|يتجاوز", claim)
        figures = {figure for figure in _FIGURE.findall(claim) if len(figure) != 4}
        if label == "supports" and exact:
            assert figures <= set(_FIGURE.findall(passage)), (claim, passage)
