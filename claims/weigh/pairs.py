"""The stance of a single pair of texts, outside a run: what `tabayyun stance` prints."""

from __future__ import annotations

from datetime import date
from typing import Any

from claims.extract.claims import extract_claims, reading_language
from claims.language.embedding import default_embedder
from claims.model import Article, Claim, Document, digest
from claims.weigh.propositions import Proposition, proposition_of
from claims.weigh.stance import Judgement, RuleJudge
from claims.weigh.statements import statements_of
from claims.wording import say


def stance_of_pair(
    claim: str, evidence: str, claim_date: date | None, evidence_date: date | None
) -> dict[str, Any]:
    """Whether the evidence supports or refutes the claim: label, three shares that sum to 1, why.

    Both are read as an article and a page are; the statement that bears most on the claim decides.
    """
    proposition = _proposition(claim, claim_date)
    document = Document(
        "d_" + digest(evidence), "", "", None, evidence, (), None, evidence_date, None, None, None
    )
    statements = statements_of(document)
    if proposition is None or not statements:
        return _record(Judgement(0.02, 0.02, ()))
    embedder = default_embedder()
    mine = embedder.embed([proposition.text])[0]
    theirs = embedder.embed([statement.content for statement in statements])
    judge = RuleJudge()
    judged = [
        judge.judge(proposition, statement, round(float(vector @ mine), 4))
        for statement, vector in zip(statements, theirs, strict=True)
    ]
    best = max(judged, key=lambda judgement: max(judgement.supports, judgement.refutes))
    return _record(best.turned() if proposition.denied else best)


def _proposition(text: str, published: date | None) -> Proposition | None:
    article = Article("a_" + digest(text), text, published, reading_language("", text))
    claims = extract_claims(article).claims
    if not claims:
        return None
    longest: Claim = max(claims, key=lambda claim: claim.end - claim.start)
    answered = next((claim for claim in claims if claim.id == longest.about), None)
    return proposition_of(longest, article, answered)


def _record(judgement: Judgement) -> dict[str, Any]:
    supports, refutes = round(judgement.supports, 4), round(judgement.refutes, 4)
    shares = {"supports": supports, "refutes": refutes, "neutral": round(1.0 - supports - refutes, 4)}
    label = max(shares, key=lambda name: shares[name])
    return {"label": label, **shares, "why": [say(why, "en") for why in judgement.why]}
