"""The stance of a single pair of texts, outside a run: what `tabayyun stance` prints."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from claims.language.embedding import default_embedder
from claims.language.sentences import split_sentences
from claims.weigh.stance_checks import checks_of
from claims.weigh.stance_model import default_stance_model
from claims.weigh.stance_rule import join, reasons
from claims.wording import reason, say

_SENTENCES = 3  # of a passage
_LONGEST = 900  # letters of a passage
_JUDGED = 3  # passages of one text, the closest to the claim


@dataclass(frozen=True, slots=True)
class _Judged:
    supports: float
    refutes: float
    neutral: float
    why: tuple[str, ...]


def stance_of_pair(
    claim: str,
    evidence: str,
    claim_date: date | None,
    evidence_date: date | None,
    without: Literal["model", "checks"] | None = None,
) -> dict[str, Any]:
    """Whether the evidence supports or refutes the claim: label, three shares that sum to 1, why.

    A long text is looked at in passages of three sentences; the one that decides most is answered with.
    Where one of the two has no letter and no figure, nothing is compared: neutral.
    `without` leaves out the model or the checks, to measure what each is worth.
    """
    if not (any(map(str.isalnum, claim)) and any(map(str.isalnum, evidence))):
        return _record(_Judged(0.0, 0.0, 1.0, (reason("has no words"),)))
    passages = passages_of(evidence) or [evidence]
    mine = default_embedder().embed([claim])[0]
    near = [round(float(x), 4) for x in default_embedder().embed(passages) @ mine]
    best = sorted(range(len(passages)), key=lambda at: (-near[at], at))[:_JUDGED]
    shares = default_stance_model().shares([(claim, passages[at]) for at in best])
    judged = []
    for at, share in zip(best, shares, strict=True):
        checks = checks_of(claim, passages[at], near[at], claim_date or evidence_date, evidence_date)
        judged.append(_Judged(*join(share, checks, without), reasons(share, checks)))
    decided = min(judged, key=lambda one: one.neutral)
    return _record(decided)


def passages_of(text: str) -> list[str]:
    """Stretches of up to three sentences that overlap and hold all of the text."""
    sentences = split_sentences(text)
    starts = range(0, max(1, len(sentences) - _SENTENCES + 1))
    spans = [sentences[at : at + _SENTENCES] for at in starts]
    return [text[span[0].start : span[-1].end][:_LONGEST] for span in spans if span]


def _record(judged: _Judged) -> dict[str, Any]:
    supports, refutes = round(judged.supports, 4), round(judged.refutes, 4)
    shares = {"supports": supports, "refutes": refutes, "neutral": round(1.0 - supports - refutes, 4)}
    label = max(shares, key=lambda name: shares[name])
    return {"label": label, **shares, "why": [say(why, "en") for why in judged.why]}
