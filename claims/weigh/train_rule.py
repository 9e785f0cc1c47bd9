"""Fits the rule that joins model and checks, and says how it does on pairs that it was not fitted on.

    python -m claims.weigh.train_rule PAIRS.jsonl… --written WRITTEN.jsonl…

PAIRS are held-out pairs as `claims.weigh.train_stance` writes them to `held.jsonl`. WRITTEN are the pairs
written by hand: of those that the model was taught its shares would tell too much, so they are left out, and
such pairs only tell what the checks are worth without a model. Five folds by claim; the weights that are
written are fitted on everything.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from claims.language.embedding import default_embedder
from claims.weigh.stance_checks import checks_of
from claims.weigh.stance_model import default_stance_model
from claims.weigh.stance_rule import features

Floats = NDArray[np.float64]
_LABELS = ("supports", "refutes", "neutral")
_FOLDS = 5
_NEWS = 2.0
_NEWS_SETS = ("own_news", "own_rumours", "own_events")  # beside the written pairs, whose days are told
# News written for training came out on no day in particular. Any will do, for its claims are of the same.
_SOME_DAY = date(2024, 6, 30)
_SIZE = 0.7  # a pair weighs less by its set's size to this power: small sets are heard too
_STEPS, _RATE, _DECAY = 1500, 0.05, 5e-3


def table_of(rows: Sequence[dict[str, Any]], taught: Sequence[bool]) -> tuple[list[str], Floats]:
    """The names of the features and their values, one row a pair; without shares where it was `taught`."""
    claims, passages = [row["claim"] for row in rows], [row["evidence"] for row in rows]
    shares = default_stance_model().shares(list(zip(claims, passages, strict=True)))
    shares[np.array(taught)] = 1 / 3
    mine, theirs = default_embedder().embed(claims), default_embedder().embed(passages)
    found = [
        features(share, checks_of(row["claim"], row["evidence"], float(a @ b), *_days(row)))
        for row, share, a, b in zip(rows, shares, mine, theirs, strict=True)
    ]
    return list(found[0]), np.array([list(one.values()) for one in found])


def _days(row: dict[str, Any]) -> tuple[date | None, date | None]:
    if row.get("dataset") in _NEWS_SETS:
        return _SOME_DAY, _SOME_DAY
    written = [
        date.fromisoformat(row[key]) if row.get(key) else None for key in ("claim_date", "evidence_date")
    ]
    return written[0] or written[1], written[1]


def fit(table: Floats, allowed: Floats, weight: Floats) -> Floats:
    """Weights [features, 3]. `allowed` marks the right labels of each row: two where a set has only *not*."""
    weights = np.zeros((table.shape[1], 3))
    weights[1, 0] = weights[2, 1] = 1.0
    start = weights.copy()
    first, second = np.zeros_like(weights), np.zeros_like(weights)
    for step in range(1, _STEPS + 1):
        shares = shares_of(table, weights)
        right = shares * allowed
        right /= right.sum(1, keepdims=True)
        slope = table.T @ ((shares - right) * weight[:, None]) + _DECAY * (weights - start)
        first = 0.9 * first + 0.1 * slope
        second = 0.999 * second + 0.001 * slope**2
        rate = _RATE * (1 - step / (_STEPS + 1))
        weights -= rate * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.999**step)) + 1e-9)
    return weights


def shares_of(table: Floats, weights: Floats) -> Floats:
    """Shares of the three labels for each row."""
    sums = table @ weights
    odds = np.exp(sums - sums.max(1, keepdims=True))
    shares: Floats = odds / odds.sum(1, keepdims=True)
    return shares


def figures(shares: Floats, rows: Sequence[dict[str, Any]]) -> dict[str, tuple[int, float, float, float]]:
    """Rows, accuracy, macro-F1 and calibration error of each set and language."""
    groups: dict[str, list[int]] = defaultdict(list)
    for at, row in enumerate(rows):
        groups[f"{row.get('dataset', 'challenge')} {row['lang']}"].append(at)
    found = {}
    for name, places in sorted(groups.items()):
        gold = [rows[at]["label"] for at in places]
        if "not_supports" in gold:
            chosen = ["supports" if shares[at].argmax() == 0 else "not_supports" for at in places]
            sure = [max(shares[at, 0], 1 - shares[at, 0]) for at in places]
        else:
            known = [n for n, label in enumerate(_LABELS) if label in gold]
            best = [known[int(shares[at][known].argmax())] for at in places]
            chosen = [_LABELS[n] for n in best]
            sure = [float(shares[at, n]) for at, n in zip(places, best, strict=True)]
        hits = [a == b for a, b in zip(chosen, gold, strict=True)]
        scores = []
        for label in set(gold):
            both = sum(a == b == label for a, b in zip(chosen, gold, strict=True))
            scores.append(2 * both / (Counter(chosen)[label] + Counter(gold)[label]))
        bins: dict[int, list[int]] = defaultdict(list)
        for n, share in enumerate(sure):
            bins[min(9, int(share * 10))].append(n)
        error = sum(abs(sum(sure[n] - hits[n] for n in some)) for some in bins.values()) / len(gold)
        found[name] = (len(gold), sum(hits) / len(gold), sum(scores) / len(scores), error)
    return found


def main(files: Sequence[Path], written: Sequence[Path], out: Path) -> None:
    """The rule stands in `out`; prints the model's own figures, then those of the rule on unseen folds."""
    rows = _rows(files)
    held = {(row["claim"], row["evidence"]) for row in rows}
    also = [row for row in _rows(written) if (row["claim"], row["evidence"]) not in held]
    rows += [{**row, "dataset": "taught"} for row in also]
    taught = [row.get("dataset") == "taught" for row in rows]
    names, table = table_of(rows, taught)
    allowed = np.array([[_allows(row["label"], label) for label in _LABELS] for row in rows], np.float64)
    sizes = Counter((row.get("dataset"), row["lang"]) for row in rows)
    weight = np.array([sizes[row.get("dataset"), row["lang"]] ** -_SIZE * _worth(row) for row in rows])
    fold = np.array([int(hashlib.sha256(_group(row).encode()).hexdigest(), 16) % _FOLDS for row in rows])
    unseen = np.zeros((len(rows), 3))
    for number in range(_FOLDS):
        seen = fold != number
        unseen[~seen] = shares_of(
            table[~seen], fit(table[seen], allowed[seen], weight[seen] / weight[seen].sum())
        )
    alone = shares_of(table[:, 1:3], np.eye(3)[:2])
    print("set, pairs: accuracy, macro-F1, calibration error of the model, then of model and checks joined")
    for (name, before), after in zip(
        figures(alone, rows).items(), figures(unseen, rows).values(), strict=True
    ):
        print(
            f"{name:20} {before[0]:5}: "
            + "  ".join("{:.3f} {:.3f} {:.3f}".format(*one[1:]) for one in (before, after))
        )
    final = fit(table, allowed, weight / weight.sum())
    lines = ["# How much each feature counts for: supports, refutes, neutral.", "[weights]"]
    lines += [
        f"{name} = [{', '.join(f'{w:.3f}' for w in row)}]" for name, row in zip(names, final, strict=True)
    ]
    out.write_text("\n".join(lines) + "\n", "utf-8")


def _rows(files: Sequence[Path]) -> list[dict[str, Any]]:
    return [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]


def _group(row: dict[str, Any]) -> str:
    """What keeps a row and its like in one fold: the group of a written pair, else the claim."""
    ours = row.get("dataset", "taught").startswith(("taught", "own_"))
    return str(row["id"]).rpartition("-")[0] if ours else str(row["claim"])


def _worth(row: dict[str, Any]) -> float:
    """Dated news is what the rule is for; pairs of everyday sentences keep it from being fitted to few."""
    return _NEWS if row.get("dataset", "taught") in ("taught", *_NEWS_SETS) else 1.0


def _allows(given: str, label: str) -> bool:
    return label != "supports" if given == "not_supports" else label == given


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Fit the rule of model and checks.")
    parser.add_argument("pairs", type=Path, nargs="+")
    parser.add_argument("--written", type=Path, nargs="*", default=[], help="pairs written by hand")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "data" / "stance_rule.toml")
    given = parser.parse_args()
    main(given.pairs, given.written, given.out)
