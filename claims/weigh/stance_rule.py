"""The one rule that joins the model's shares and the checks: a multinomial logistic regression.

Its weights stand in `data/stance_rule.toml`, one line a feature, so that anybody can read what counts how
much; `python -m claims.weigh.train_rule` fits them.
"""

from __future__ import annotations

import math
import tomllib
from functools import cache
from pathlib import Path
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from claims.weigh.stance_checks import Checks
from claims.wording import reason

_FILE = Path(__file__).parent / "data" / "stance_rule.toml"
_LEAST = 1e-3  # shares below this tell no more
Frame = Literal[
    "told",
    "both_planned",
    "same_speaker",
    "relayed",
    "attributed",
    "only_planned",
    "plan_missing",
    "undated",
    "unsaid",
    "elsewhere",
]
_FRAMES: tuple[Frame, ...] = get_args(Frame)[1:]  # what is told is the rule
# Where the same is told in the same way, days and figures that agree speak for it. Of what another says, or
# of another event, they tell nothing either way.
_TOLD: frozenset[Frame] = frozenset({"told", "both_planned", "same_speaker", "relayed", "undated"})
_ELSEWHERE: frozenset[Frame] = frozenset({"unsaid", "elsewhere"})
CLOSE = 0.88  # cosine that is neither near nor far


def features(shares: NDArray[np.float32], checks: Checks) -> dict[str, float]:
    """What the rule looks at. Shares of the model count as log odds against neutral.

    Where no field speaks the checks are nought: there the model alone tells better what words in common,
    names and negations are worth, and all that is left is how sure it may be.
    """
    speak = fields_speak(checks)
    compared = {name: value * speak for name, value in _compared(checks).items()}
    return {
        "constant": 1.0,
        **_of_the_model(shares, checks, silent=not speak),
        "is_undated": float(not checks.dated),
        "fields_speak": float(speak),
        "across": float(checks.across),
        "headlines": float(checks.headlines),
        "arabic": float(checks.arabic),
        **compared,
    }


def _of_the_model(shares: NDArray[np.float32], checks: Checks, *, silent: bool) -> dict[str, float]:
    """Its log odds, and again where it is more or less sure of itself than it should be."""
    supports, refutes, neutral = (math.log(max(float(share), _LEAST)) for share in shares)
    odds = {"model_supports": supports - neutral, "model_refutes": refutes - neutral}
    where = {
        "": 1.0,
        "_across": float(checks.across),
        "_headlines": float(checks.headlines),
        "_silent": float(silent),
        "_silent_close": (checks.closeness - CLOSE) * 10 * silent,
    }
    return {name + suffix: value * so for suffix, so in where.items() for name, value in odds.items()}


def _compared(checks: Checks) -> dict[str, float]:
    """What the fields of claim and passage tell when they are compared."""
    frame = frame_of(checks)
    told = frame in _TOLD
    met = frame not in _ELSEWHERE
    overlap = checks.shared_at_best
    return {
        **{f"is_{name}": float(frame == name) for name in _FRAMES if name != "undated"},
        "closeness": (checks.closeness - CLOSE) * 10,
        "shared_words": checks.shared_words,
        "shared_told": overlap * told,
        "shared_otherwise": overlap * (not told),
        "head_missing": checks.head_missing * checks.dated,
        "tail_missing": checks.tail_missing * checks.dated,
        "proper_missing": checks.proper_missing,
        "acts_missing": checks.acts_missing * checks.dated,
        "about_missing": checks.about_missing * met,
        "said_missing": checks.said_missing * met,
        "other_place_said": float(checks.other_place == "said" and met),
        "told_apart_about": float(checks.told_apart == "about" and met and checks.dated),
        "told_apart_said": float(checks.told_apart == "said" and met and checks.dated),
        "doer_differs": float(checks.doer_differs and met and checks.dated),
        "authority": float(checks.authority),
        "undone_by_then": float(checks.undone_by_then and met),
        "kept_silent": float(checks.kept_silent),
        "both_silent": float(checks.both_silent),
        "dates_agree": float(checks.dates == "agree" and told),
        "dates_differ": float(checks.dates == "differ" and met),
        "dates_missing": float(checks.dates == "missing" and met),
        "dates_later": float(checks.dates == "later" and met),
        "figures_agree": float(checks.figures == "agree" and told),
        "figures_differ": float(checks.figures == "differ" and met),
        "figures_missing": float(checks.figures == "missing" and met),
        "ranks_agree": float(checks.ranks == "agree" and told),
        "ranks_differ": float(checks.ranks == "differ" and met),
        "negated": float(checks.negated),
        "negation_differs": float(checks.negation_differs and met),
        "negation_differs_of_it": (checks.negation_differs and met) * overlap,
        "opposite_word": float(checks.opposite_word and met),
        "turned_twice": float(checks.opposite_word and checks.negation_differs and met),
        "against_it": (_against(checks) and met) * overlap,
        "denial_differs": float(checks.denial_differs),
    }


def fields_speak(checks: Checks) -> bool:
    """Whether there is anything to compare but words: a known day of publication, days, figures or ranks."""
    return checks.dated or {checks.dates, checks.figures, checks.ranks} != {"silent"}


def frame_of(checks: Checks) -> Frame:
    """How the passage tells what the claim says; the first that holds."""
    if not checks.dated:
        return "undated"
    if checks.speaker_missing:
        return "unsaid"
    if (checks.other_names and checks.about_missing) or checks.other_place == "about":
        return "elsewhere"
    if checks.attributed:
        return "attributed"
    if checks.relayed:
        return "relayed"
    if checks.only_planned or checks.undone:
        return "only_planned"
    if checks.plan_missing:
        return "plan_missing"
    if checks.same_speaker:
        return "same_speaker"
    return "both_planned" if checks.both_planned else "told"


def _against(checks: Checks) -> bool:
    """Whether any field speaks against the claim."""
    fields = "differ" in (checks.dates, checks.figures, checks.ranks)
    places = "said" in (checks.other_place, checks.told_apart)
    names = checks.said_missing > 0 and checks.other_names
    turned = checks.opposite_word != checks.negation_differs
    return fields or places or names or checks.doer_differs or turned


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
        "check_place": checks.other_place is not None,
        "check_told_apart": checks.told_apart is not None,
        "check_doer": checks.doer_differs,
        "check_undone": checks.undone,
        "check_silent": checks.kept_silent,
        "check_authority": checks.authority,
    }
    found += [reason(code) for code, so in told.items() if so]
    found.append(reason("check_closeness", f"{checks.closeness:.2f}"))
    return tuple(found)


@cache
def _weights() -> dict[str, NDArray[np.float64]]:
    table = tomllib.loads(_FILE.read_text(encoding="utf-8"))["weights"]
    return {name: np.array(row, np.float64) for name, row in table.items()}
