"""The figures: shares, F1, average precision, calibration. All run from 0 to 1."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence


def f1(hits: int, false: int, missed: int) -> float:
    """The harmonic mean of precision and recall; 0 without a hit."""
    return 2 * hits / (2 * hits + false + missed) if hits else 0.0


def share(right: Iterable[bool]) -> float:
    """The share of True; 0 of nothing."""
    listed = list(right)
    return sum(listed) / len(listed) if listed else 0.0


def macro_f1(gold: Sequence[Hashable], said: Sequence[Hashable]) -> float:
    """The mean over the labels of `gold` of each label's F1."""
    scores = []
    for label in sorted(set(gold), key=str):
        pairs = [(g == label, s == label) for g, s in zip(gold, said, strict=True)]
        scores.append(f1(pairs.count((True, True)), pairs.count((False, True)), pairs.count((True, False))))
    return sum(scores) / len(scores) if scores else 0.0


def calibration_error(sure: Sequence[float], right: Sequence[bool]) -> float:
    """How far confidence lies from the share of right answers: ten bins of equal width, weighted by size."""
    bins: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    for confidence, correct in zip(sure, right, strict=True):
        bins[min(9, int(confidence * 10))].append((confidence, correct))
    gaps = (abs(sum(c for c, _ in each) - sum(ok for _, ok in each)) for each in bins.values())
    return sum(gaps) / len(sure) if sure else 0.0


def average_precision(scores: Sequence[float], positive: Sequence[bool]) -> float:
    """The area under precision and recall where rows are ranked by score, ties in the order given."""
    ranked = sorted(range(len(scores)), key=lambda i: -scores[i])
    hits, total = 0, 0.0
    for rank, index in enumerate(ranked, 1):
        if positive[index]:
            hits += 1
            total += hits / rank
    return total / hits if hits else 0.0


def by_group(groups: Sequence[str], right: Sequence[bool]) -> Mapping[str, float]:
    """The share of right answers in each group, in the order of their names."""
    found: dict[str, list[bool]] = defaultdict(list)
    for group, correct in zip(groups, right, strict=True):
        found[group].append(correct)
    return {group: share(found[group]) for group in sorted(found)}
