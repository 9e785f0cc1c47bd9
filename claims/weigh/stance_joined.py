"""The judge of the engine: the rules decide, and the model may add to them only where they leave it open.

A wrong *supported* costs more than ten *not enough*. So where dates, figures, places or names speak, they
speak alone; where the rules find a statement close but not the same, the model decides if it is sure; and
where the rules take a statement for the same thing and the model finds the opposite, neither counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from claims.weigh.propositions import Proposition
from claims.weigh.stance import NEAR, Judgement, RuleJudge, same_matter
from claims.weigh.stance_checks import checks_of
from claims.weigh.stance_model import StanceModel, default_stance_model
from claims.weigh.stance_rule import join
from claims.weigh.statements import Statement
from claims.wording import reason

SURE = 0.9  # share from which the model decides what the rules leave open
DOUBT = 0.6  # share from which it keeps what they found from counting; to doubt in vain costs little
_OPEN = frozenset({"close"})  # what the rules say where they know of nothing against it
_FIRM = frozenset({"dates_agree", "figures_agree", "dates_differ", "figures_differ"})
_ADDED = 0.7


class JoinedJudge:
    """`RuleJudge` with the stance model behind it."""

    def __init__(self, model: StanceModel | None = None) -> None:
        self._rules = RuleJudge()
        self._model = model or default_stance_model()
        self.name = f"{self._rules.name}+{self._model.name}"

    def prepare(self, proposition: Proposition, found: Sequence[tuple[Statement, float]]) -> None:
        """Has the model read everything that it will be asked about, in few passes."""
        asked = [
            _pair(proposition, statement)
            for statement, near in found
            if _question(self._rules.judge(proposition, statement, near), near)
        ]
        self._model.shares(asked)

    def judge(self, proposition: Proposition, statement: Statement, closeness: float) -> Judgement:
        """See the module's text."""
        ruled = self._rules.judge(proposition, statement, closeness)
        question = _question(ruled, closeness)
        if question is None:
            return ruled
        shares = self._model.shares([_pair(proposition, statement)])[0]
        # Who says it is weighed apart: the content stands here without its speaker.
        checks = checks_of(
            *_pair(proposition, statement), closeness, proposition.published, statement.published
        )
        supports, refutes, _ = join(shares, checks)
        if statement.mode == "denies":  # what is denied was read, and not the denial
            supports, refutes = refutes, supports
        if question == "doubtful" and refutes >= DOUBT:
            return Judgement(0.3, 0.3, (reason("model_against", f"{refutes:.2f}"), *ruled.why))
        if question == "open" and supports >= SURE:
            return Judgement(_ADDED, 0.03, (reason("model_supports", f"{supports:.2f}"), *ruled.why))
        told = proposition.specific and same_matter(proposition, statement, closeness)
        if question == "open" and refutes >= SURE and told:
            return Judgement(0.03, _ADDED, (reason("model_refutes", f"{refutes:.2f}"), *ruled.why))
        return ruled


def _question(ruled: Judgement, closeness: float) -> Literal["open", "doubtful"] | None:
    """What the model is asked: what the rules leave open, or whether it doubts that they found the same."""
    codes = {why.split("|")[0] for why in ruled.why}
    if closeness < NEAR:
        return None
    if ruled.stance == "supports" and not codes & _FIRM:
        return "doubtful"
    return "open" if ruled.stance == "neutral" and codes <= _OPEN else None


def _pair(proposition: Proposition, statement: Statement) -> tuple[str, str]:
    return proposition.text, statement.content
