"""The judge of the engine: the rules decide, and the model may add to them only where they leave it open.

A wrong *supported* costs more than ten *not enough*. So where places or names differ, they decide
alone; where the rules find a statement close but not the same, the model decides if it is sure; and
where the rules take a statement for the same thing and the model finds the opposite, neither counts. Days
and figures that meet are not enough either: on the day of a summit, in its city, its host may also cancel
it. There the model must find some support, and where it finds little the statement counts as one that
others have to back. In the same way another day speaks against a claim only where the model finds that the
rest of it is told: else it is the day of something else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from claims.weigh.propositions import Proposition
from claims.weigh.stance import BY_FIELDS, NEAR, Judgement, RuleJudge, in_its_words, same_matter, shares_words
from claims.weigh.stance_checks import checks_of
from claims.weigh.stance_model import StanceModel, default_stance_model
from claims.weigh.stance_rule import join
from claims.weigh.statements import Statement
from claims.wording import reason

SURE = 0.92  # share from which the model decides what the rules leave open
DOUBT = 0.6  # share from which it keeps what they found from counting; to doubt in vain costs little
# The same where only fields meet, and the shares of support that it must find there for the statement to
# count, and to count by itself. Fitted on the seen half of tests/weigh/near_misses.
_DOUBT_FIELDS = 0.5
_SOME_SUPPORT = 0.3
_SUPPORT = 0.5
_THE_REST = 0.2  # the same, of a proposition without the days or figures that differ
_OPEN = frozenset({"close"})  # what the rules say where they know of nothing against it
_DIFFER = frozenset({"dates_differ", "figures_differ"})
_MEET = frozenset({"dates_agree", "dates_within", "figures_agree"})
_ADDED = 0.7
_Question = Literal["open", "doubtful", "meet", "differ"]


class JoinedJudge:
    """`RuleJudge` with the stance model behind it."""

    def __init__(self, model: StanceModel | None = None) -> None:
        self._rules = RuleJudge()
        self._model = model or default_stance_model()
        self.name = f"{self._rules.name}+{self._model.name}"

    def prepare(self, proposition: Proposition, found: Sequence[tuple[Statement, float]]) -> None:
        """Has the model read everything that it will be asked about, in few passes."""
        asked: list[tuple[str, str]] = []
        for statement, near in found:
            question = _question(self._rules.judge(proposition, statement, near), near)
            if question:
                asked.append((_asked(proposition, question).text, statement.passage))
            if question == "meet":
                asked.append((proposition.text, statement.passage))
        self._model.shares(asked)

    def judge(self, proposition: Proposition, statement: Statement, closeness: float) -> Judgement:
        """See the module's text."""
        ruled = self._rules.judge(proposition, statement, closeness)
        question = _question(ruled, closeness)
        if question is None:
            return ruled
        supports, refutes = self.reading(_asked(proposition, question), statement, closeness)
        if question == "differ":
            return _of_the_same(ruled, supports)
        if question == "meet":
            # Across languages it confuses weekdays; elsewhere the day helps it to see what is meant.
            dated = self.reading(proposition, statement, closeness)
            supports, refutes = max(supports, dated[0]), min(refutes, dated[1])
            return _by_fields(ruled, supports, refutes, in_its_words(proposition, statement))
        if question == "doubtful":
            return _against(ruled, refutes) if refutes >= DOUBT else ruled
        if supports >= SURE and shares_words(proposition, statement):
            return Judgement(_ADDED, 0.03, (reason("model_supports", f"{supports:.2f}"), *ruled.why))
        told = proposition.specific and same_matter(proposition, statement, closeness)
        if refutes >= SURE and told:
            return Judgement(0.03, _ADDED, (reason("model_refutes", f"{refutes:.2f}"), *ruled.why))
        return ruled

    def reading(
        self, proposition: Proposition, statement: Statement, closeness: float
    ) -> tuple[float, float]:
        """How far it supports and refutes by the model and the checks together, whatever the rules say."""
        pair = proposition.text, statement.passage
        # Who says it is weighed apart: what is said stands here without its speaker.
        checks = checks_of(*pair, closeness, proposition.published, statement.published)
        supports, refutes, _ = join(self._model.shares([pair])[0], checks)
        # What is denied was read, and not the denial.
        return (refutes, supports) if statement.mode == "denies" else (supports, refutes)


def _question(ruled: Judgement, closeness: float) -> _Question | None:
    """What the model is asked: what the rules leave open; whether it doubts that they found the same; or
    whether the rest is told too, where days or figures meet and where they differ."""
    if ruled.stance == "supports":
        return "meet" if _codes(ruled) & _MEET else "doubtful"
    if ruled.stance == "refutes":
        return "differ" if _codes(ruled) & _DIFFER else None
    return "open" if closeness >= NEAR and _codes(ruled) <= _OPEN else None


def _asked(proposition: Proposition, question: _Question) -> Proposition:
    """What the model reads of it: not the days that were compared, nor the figures where some differ."""
    if question in ("open", "doubtful"):
        return proposition
    text = proposition.text
    told = [when.text for when in proposition.when]
    if question == "differ":
        told += [number.text for number in proposition.numbers if number.unit not in (None, "ordinal")]
    for words in told:
        text = text.replace(words, " ")
    return replace(proposition, text=" ".join(text.split()))


def _by_fields(ruled: Judgement, supports: float, refutes: float, in_its_words: bool) -> Judgement:
    """What fields alone make the same, as far as the model lets it count.

    Where nearly all words of the claim are there the model may only find the opposite: what else a sentence
    tells makes it take the same for something else.
    """
    if refutes >= _DOUBT_FIELDS:
        return _against(ruled, refutes)
    if in_its_words or supports >= _SUPPORT:
        return ruled
    if supports < _SOME_SUPPORT:
        return Judgement(0.3, 0.1, (reason("model_unlike", f"{supports:.2f}"), *ruled.why))
    return Judgement(BY_FIELDS, 0.03, (*ruled.why, reason("by_fields")))


def _against(ruled: Judgement, refutes: float) -> Judgement:
    return Judgement(0.3, 0.3, (reason("model_against", f"{refutes:.2f}"), *ruled.why))


def _of_the_same(ruled: Judgement, supports: float) -> Judgement:
    """Other days or figures speak against a claim only where the rest of it is told, by the model's word."""
    if supports >= _THE_REST:
        return ruled
    return Judgement(0.1, 0.3, (reason("model_else", f"{supports:.2f}"), *ruled.why))


def _codes(ruled: Judgement) -> frozenset[str]:
    return frozenset(why.split("|")[0] for why in ruled.why)
