"""The one rule that joins the model's shares and the checks: a multinomial logistic regression.

Its weights stand in `data/stance_rule.toml`, one line a feature, so that anybody can read what counts how
much; `python -m claims.weigh.train_rule` fits them.
"""

from __future__ import annotations

import math
import tomllib
from functools import cache
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from claims.weigh.stance_checks import Checks
from claims.wording import reason

_FILE = Path(__file__).parent / "data" / "stance_rule.toml"
_LEAST = 1e-3  # shares below this tell no more
CLOSE = 0.88  # cosine that is neither near nor far


def features(shares: NDArray[np.float32], checks: Checks) -> dict[str, float]:
    """What the rule looks at. Shares of the model count as log odds against neutral."""
    supports, refutes, neutral = (math.log(max(float(share), _LEAST)) for share in shares)
    model_supports, model_refutes = supports - neutral, refutes - neutral
    return {
        "constant": 1.0,
        "model_supports": model_supports,
        "model_refutes": model_refutes,
        "model_supports_across": model_supports * checks.across,
        "model_refutes_across": model_refutes * checks.across,
        "model_supports_headlines": model_supports * checks.headlines,
        "model_refutes_headlines": model_refutes * checks.headlines,
        "closeness": (checks.closeness - CLOSE) * 10,
        "shared_words": checks.shared_words,
        "shared_at_best": checks.shared_at_best,
        "head_missing": checks.head_missing,
        "tail_missing": checks.tail_missing,
        "proper_missing": checks.proper_missing,
        "about_missing": checks.about_missing,
        "said_missing": checks.said_missing,
        "other_names": float(checks.other_names),
        "dates_agree": float(checks.dates == "agree"),
        "dates_differ": float(checks.dates == "differ"),
        "dates_missing": float(checks.dates == "missing"),
        "dates_later": float(checks.dates == "later"),
        "figures_agree": float(checks.figures == "agree"),
        "figures_differ": float(checks.figures == "differ"),
        "figures_missing": float(checks.figures == "missing"),
        "ranks_agree": float(checks.ranks == "agree"),
        "ranks_differ": float(checks.ranks == "differ"),
        "negated": float(checks.negated),
        "negation_differs": float(checks.negation_differs),
        "negation_differs_of_it": checks.negation_differs * checks.shared_at_best,
        "opposite_word": float(checks.opposite_word),
        "against_it": _against(checks) * checks.shared_at_best,
        "attributed": float(checks.attributed),
        "relayed": float(checks.relayed),
        "speaker_missing": float(checks.speaker_missing),
        "same_speaker": float(checks.same_speaker),
        "denial_differs": float(checks.denial_differs),
        "only_planned": float(checks.only_planned),
        "both_planned": float(checks.both_planned),
        "plan_missing": float(checks.plan_missing),
        "across": float(checks.across),
        "headlines": float(checks.headlines),
        "arabic": float(checks.arabic),
    }


def _against(checks: Checks) -> bool:
    """Whether any field speaks against the claim."""
    fields = "differ" in (checks.dates, checks.figures, checks.ranks)
    return fields or checks.opposite_word or checks.negation_differs


def join(
    shares: NDArray[np.float32], checks: Checks, without: Literal["model", "checks"] | None = None
) -> tuple[float, float, float]:
    """How far the passage supports, refutes and leaves open the claim; the three sum to 1.

    `without` leaves one side out: the checks, so that the model's shares stand alone, or the model.
    """
    if without == "checks":
        return float(shares[0]), float(shares[1]), float(shares[2])
    if without == "model":
        shares = np.full(3, 1 / 3, np.float32)
    weights = _weights()
    sums = np.zeros(3)
    for name, value in features(shares, checks).items():
        sums += value * weights[name]
    odds = np.exp(sums - sums.max())
    supports, refutes, neutral = (float(part) for part in odds / odds.sum())
    return supports, refutes, neutral


def reasons(shares: NDArray[np.float32], checks: Checks) -> tuple[str, ...]:
    """What speaks for the answer, as codes with values: the model's choice, then each check that met."""
    names = ("supports", "refutes", "neutral")
    chosen = int(np.argmax(shares))
    found = [reason(f"model_{names[chosen]}", f"{shares[chosen]:.2f}")]
    for field, fit in (("dates", checks.dates), ("figures", checks.figures)):
        if fit in ("agree", "differ", "later"):
            found.append(reason(f"check_{field}_{fit}"))
    missing = max(checks.about_missing, checks.said_missing)
    if missing:
        found.append(reason("check_names_missing", f"{missing:.0%}"))
    told = {
        "check_negation": checks.negation_differs,
        "check_opposite": checks.opposite_word,
        "check_attributed": checks.attributed or checks.relayed,
        "check_speaker": checks.speaker_missing,
        "check_denial": checks.denial_differs,
        "check_planned": checks.only_planned,
    }
    found += [reason(code) for code, so in told.items() if so]
    found.append(reason("check_closeness", f"{checks.closeness:.2f}"))
    return tuple(found)


@cache
def _weights() -> dict[str, NDArray[np.float64]]:
    table = tomllib.loads(_FILE.read_text(encoding="utf-8"))["weights"]
    return {name: np.array(row, np.float64) for name, row in table.items()}
