"""The stance of a statement to a proposition, by rules; `stance_joined` puts the trained model behind them.

A judge gets what a claim says to be so, what a page states, and how close the two are in meaning; it
answers with how far the statement supports or refutes, and why. `RuleJudge` decides by the fields of
both: dates, places, figures and names aligned, denials and negations, then closeness.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from claims.language.names import country_of
from claims.language.stems import content_stems
from claims.model import Stance, When
from claims.weigh.alignment import fit_dates, fit_numbers, same_stretch
from claims.weigh.propositions import Proposition, on_side
from claims.weigh.readings import negated_stems
from claims.weigh.statements import Statement, names_of, settlements_in
from claims.wording import reason

# Closeness of meaning (cosine of the sentence vectors), from reading the packaged sample web. Across
# languages unrelated news about the same people reaches .84 and the same fact begins near .86; within one
# language other news about them reaches .94, so there words must be shared too.
NEAR = 0.855
VERY_NEAR = 0.87
ALONE = 0.89
BY_FIELDS = 0.6  # share of support where fields meet, and whether the same is told is not sure
# Within one language closeness alone tells the same news from other news of the same place and people only
# where the wording is nearly the same. Fitted on Arabic claims with the pages found for them: from here on
# hardly a false claim found two origins, and few true ones lost them.
SAME_LANGUAGE = 0.94
_MEETING = 0.03  # what a field that meets is worth in closeness
_DENIED = 0.65
_SHARED_WORDS = 0.5  # of the proposition's content words
_SOME_WORDS = 0.3
_NEARLY_ALL = 0.8
_FEWEST_WORDS = 3  # of a proposition; the share of fewer tells nothing
_RANK_WITHIN = 4  # words ("This is the first")
# Where only the trained model finds the opposite: other news of the same people and place reads like it.
_REFUTED_NEAR = 0.92


@dataclass(frozen=True, slots=True)
class Judgement:
    """How far a statement bears on a proposition: three shares that sum to 1, and why."""

    supports: float
    refutes: float
    why: tuple[str, ...]

    @property
    def neutral(self) -> float:
        """What is left."""
        return max(0.0, 1.0 - self.supports - self.refutes)

    @property
    def stance(self) -> Stance:
        """The largest share; neutral where none is larger than a half."""
        if self.supports > 0.5:
            return "supports"
        return "refutes" if self.refutes > 0.5 else "neutral"

    def turned(self) -> Judgement:
        """The same for the opposite of the proposition."""
        return Judgement(self.refutes, self.supports, self.why)


class Judge(Protocol):
    """Anything that can tell the stance of a statement."""

    name: str

    def prepare(self, proposition: Proposition, found: Sequence[tuple[Statement, float]]) -> None:
        """Told what it will be asked about, with how close it is, so that it can read it at once."""

    def judge(self, proposition: Proposition, statement: Statement, closeness: float) -> Judgement:
        """The bearing of the statement on the proposition as worded (its `denied` is the caller's)."""

    def reading(
        self, proposition: Proposition, statement: Statement, closeness: float
    ) -> tuple[float, float]:
        """How far the statement supports and refutes by its wording alone, whatever its fields are."""


class RuleJudge:
    """Decides by aligned fields and closeness alone; needs nothing but itself."""

    name = "rules/4"

    def prepare(self, proposition: Proposition, found: Sequence[tuple[Statement, float]]) -> None:
        """Nothing has to be read beforehand."""

    def judge(self, proposition: Proposition, statement: Statement, closeness: float) -> Judgement:
        """See the module's text. Anything that is not clearly about the same thing is neutral."""
        shared = _shared_words(proposition, statement)
        close = bearing(proposition, statement, closeness)
        apart = _about_something_else(proposition, statement, close, shared)
        if apart:
            return Judgement(0.02, 0.02, (apart,))
        alone = shared is None and close == closeness  # nothing but closeness speaks for it
        near = close >= (ALONE if alone else VERY_NEAR)
        if shared is not None:
            near = closeness >= SAME_LANGUAGE and shared >= _SHARED_WORDS
        # What somebody denies, and what is told with the opposite sign, speaks against the proposition.
        opposite = (statement.polarity == "negated") != (proposition.polarity == "negated")
        opposite = opposite and not _negated_alike(proposition, statement)
        dates, mine, theirs = fit_dates(proposition.when, statement.when)
        if dates == "elsewhere":
            return Judgement(0.05, 0.05, (reason("other_time", _days(theirs)),))
        if dates == "differ":
            if not same_event(proposition, statement, closeness):
                return Judgement(0.1, 0.3, (reason("near_dates", _days(theirs)),))
            return Judgement(0.04, 0.9, (reason("dates_differ", _days(mine), _days(theirs)),))
        figures, number, other = fit_numbers(proposition.numbers, statement.numbers)
        if figures == "differ" and number and other and same_event(proposition, statement, closeness):
            return Judgement(0.06, 0.8, (reason("figures_differ", number.text, other.text),))
        support, why = _support(proposition, statement, closeness, near)
        # A year, or a day on which the same people did more than this, tells nothing within one language.
        alike = shares_words(proposition, statement)
        exact = bool(mine and theirs and same_stretch(mine, theirs))
        # Several days on end are seldom those of something else, in whatever words it is told.
        stretch = exact and mine is not None and mine.first != mine.last
        dated = alike or (stretch and same_event(proposition, statement, closeness))
        if dates == "agree" and mine and theirs and dated and mine.grain != "year":
            support = 0.93 if exact else max(support, 0.75)
            why.append(reason("dates_agree" if exact else "dates_within", _days(theirs)))
        elif proposition.when and _hinges_on_dates(proposition):
            support = min(support, 0.45)
            why.append(reason("no_date"))
        if figures == "agree" and other and alike:
            support = max(support, 0.85)
            why.append(reason("figures_agree", other.text))
        elif [n for n in proposition.numbers if n.unit not in (None, "ordinal")]:
            support = min(support, 0.45)
            why.append(reason("no_figure"))
        if _rank_missing(proposition, statement):
            support = min(support, 0.45)
            why.append(reason("no_rank"))
        if opposite and _denied_by_party(proposition, statement):
            # A denial seldom repeats what it denies in the same words; to take it for one costs little, for
            # it only ever makes a claim disputed.
            support = max(support, _DENIED)
        if (
            opposite
            and statement.mode != "denies"
            and not (proposition.specific and same_event(proposition, statement, closeness))
        ):
            return Judgement(0.03, min(support, 0.45), (reason("negated_elsewhere"), *why))
        if opposite:
            why.insert(0, reason("denied_here") if statement.mode == "denies" else reason("negated_here"))
            return Judgement(0.03, support, tuple(why))
        return Judgement(support, 0.03, tuple(why))


def bearing(proposition: Proposition, statement: Statement, closeness: float) -> float:
    """How much a statement may tell of a proposition: closeness, and more where their facts meet.

    The same fact in two languages can be no closer than two sentences about the same people, but then
    its place, days and figures are the same; once one of them is, so much the more if the names are.
    """
    meeting = sum(
        (
            bool(statement.settlements & proposition.settlements),
            fit_dates(proposition.when, statement.when)[0] in ("agree", "differ"),
            fit_numbers(proposition.numbers, statement.numbers)[0] in ("agree", "differ"),
        )
    )
    if meeting and {who.id for who in proposition.who} <= statement.names:
        meeting += 1
    return closeness + _MEETING * meeting


def _denied_by_party(proposition: Proposition, statement: Statement) -> bool:
    """Whether somebody who is a party to a dispute denies here."""
    if statement.mode != "denies" or not proposition.disputable or not statement.speakers:
        return False
    return on_side(statement.speakers[-1], proposition.parties)


def same_event(proposition: Proposition, statement: Statement, closeness: float) -> bool:
    """Whether what a statement says otherwise, it says of the same thing and not of another.

    The place must be named by the statement itself, not by the page's title: it may go on to something
    else; and so must somebody whom the proposition names.
    """
    wanted = {who.id for who in proposition.who}
    if closeness < NEAR or not wanted <= statement.names:
        return False
    if proposition.settlements:
        return bool(settlements_in(statement.where, statement.who) & proposition.settlements)
    return bool(names_of(statement.who, statement.where) & wanted)


def same_matter(proposition: Proposition, statement: Statement, closeness: float) -> bool:
    """The same event, and within one language told with most of the same words."""
    shared = _shared_words(proposition, statement)
    if shared is not None and (shared < _SHARED_WORDS or closeness < _REFUTED_NEAR):
        return False
    return same_event(proposition, statement, closeness)


def _about_something_else(
    proposition: Proposition, statement: Statement, closeness: float, shared: float | None
) -> str | None:
    """Why the statement is not about the same thing, or None where it is."""
    if closeness < NEAR and (shared or 0.0) < _SHARED_WORDS:
        return reason("far")
    named = statement.settlements
    settled = named & proposition.settlements
    if proposition.settlements and named and not settled:
        return reason("other_place", ", ".join(sorted(named)[:2]))
    missing = _missing_names(proposition, statement)
    if missing and not settled:
        return reason("names_missing", ", ".join(sorted(missing)[:3]))
    return None


def _missing_names(proposition: Proposition, statement: Statement) -> set[str]:
    """Those whom the proposition is about and the statement does not name, by country or themselves."""
    wanted = {who.id for who in proposition.who if who.type in ("country", "person", "organisation")}
    present = statement.names
    absent = {one for one in wanted if one not in present and country_of(one) not in present}
    return absent if len(absent) > len(wanted) / 3 else set()


def _support(
    proposition: Proposition, statement: Statement, closeness: float, near: bool
) -> tuple[float, list[str]]:
    if proposition.settlements and not statement.settlements & proposition.settlements:
        return 0.45, [reason("no_place")]
    if near:
        return min(0.9, 0.62 + (closeness - NEAR) * 3), [reason("says_the_same", f"{closeness:.2f}")]
    return 0.4, [reason("close", f"{closeness:.2f}")]


def _shared_words(proposition: Proposition, statement: Statement) -> float | None:
    """The share of the proposition's content words that the statement has; None across languages."""
    if proposition.lang != statement.lang:
        return None
    wanted = _telling(proposition)
    if len(wanted) < _FEWEST_WORDS:
        return None
    return len(wanted & content_stems(statement.content, statement.lang)) / len(wanted)


def _telling(proposition: Proposition) -> frozenset[str]:
    """The stems of its content words, without those of its days: these are compared as days.

    With them where few are left.
    """
    words = content_stems(proposition.text, proposition.lang)
    days = {one for when in proposition.when for one in content_stems(when.text, proposition.lang)}
    return words - days if len(words - days) >= _FEWEST_WORDS else words


def shares_words(proposition: Proposition, statement: Statement) -> bool:
    """Whether the statement has some of the proposition's content words; across languages it need not."""
    shared = _shared_words(proposition, statement)
    return shared is None or shared >= _SOME_WORDS


def in_its_words(proposition: Proposition, statement: Statement) -> bool:
    """Whether the statement has nearly all content words of the proposition, in its language."""
    return (_shared_words(proposition, statement) or 0.0) >= _NEARLY_ALL


def _rank_missing(proposition: Proposition, statement: Statement) -> bool:
    """Whether the proposition is that something is the first or third of its kind, and the statement is not.

    Further on a rank stands aside ("they met, for the first time since May"): there it is not asked for. Of
    Persian no ranks are read.
    """
    head = proposition.text.split()[:_RANK_WITHIN]
    ranks = {
        number.value for number in proposition.numbers if number.unit == "ordinal" and number.text in head
    }
    theirs = {number.value for number in statement.numbers if number.unit == "ordinal"}
    return statement.lang != "fa" and not ranks <= theirs


def _negated_alike(proposition: Proposition, statement: Statement) -> bool:
    """Whether both negate the same word, wherever in the sentence: then neither tells the opposite."""
    if statement.mode == "denies" or statement.lang != proposition.lang:
        return False
    mine = negated_stems(proposition.text, proposition.lang)
    return bool(mine & negated_stems(statement.content, statement.lang))


def _hinges_on_dates(proposition: Proposition) -> bool:
    return any(when.grain in ("day", "week") for when in proposition.when) and proposition.kind in (
        "event",
        "plan",
        "agreement",
        "state",
    )


def _days(when: When | None) -> str:
    if when is None:
        return ""
    return str(when.first) if when.first == when.last else f"{when.first}/{when.last}"
