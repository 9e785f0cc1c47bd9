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
        "missing_names": checks.missing_names,
        "dates_agree": float(checks.dates == "agree"),
        "dates_differ": float(checks.dates in ("differ", "elsewhere")),
        "figures_agree": float(checks.figures == "agree"),
        "figures_differ": float(checks.figures == "differ"),
        "negation_differs": float(checks.negation_differs),
        "attributed": float(checks.attributed),
        "only_planned": float(checks.only_planned),
        "across": float(checks.across),
        "headlines": float(checks.headlines),
        "arabic": float(checks.arabic),
    }


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
    if checks.dates in ("agree", "differ"):
        found.append(reason(f"check_dates_{checks.dates}"))
    if checks.dates == "elsewhere":
        found.append(reason("check_dates_apart"))
    if checks.figures in ("agree", "differ"):
        found.append(reason(f"check_figures_{checks.figures}"))
    if checks.missing_names:
        found.append(reason("check_names_missing", f"{checks.missing_names:.0%}"))
    if checks.negation_differs:
        found.append(reason("check_negation"))
    if checks.attributed:
        found.append(reason("check_attributed"))
    if checks.only_planned:
        found.append(reason("check_planned"))
    found.append(reason("check_closeness", f"{checks.closeness:.2f}"))
    return tuple(found)


@cache
def _weights() -> dict[str, NDArray[np.float64]]:
    table = tomllib.loads(_FILE.read_text(encoding="utf-8"))["weights"]
    return {name: np.array(row, np.float64) for name, row in table.items()}
