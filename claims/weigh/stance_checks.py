"""What can be checked about a claim and a passage by their own fields, apart from any model.

Each clause of the passage is put beside the claim. The one that shares most words with it is taken for what
the claim is about; its days, tense, negations and speaker are compared with those of the claim, and so
are the figures and names of the whole passage.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from claims.extract.arabic_verbs import tense
from claims.language.names import country_of
from claims.language.stems import content_stems, stem
from claims.language.words import split_words
from claims.model import When
from claims.weigh.acts import acts_in, among
from claims.weigh.checks_words import opposed
from claims.weigh.comparing import Figures, fit_figures
from claims.weigh.readings import Part, Reading, read
from claims.weigh.slots import LATE, Spot, other_place, told_apart
from claims.weigh.speaking import named_in, one_speaker
from claims.weigh.words_alike import shared_stems

Days = Literal["agree", "differ", "missing", "later", "silent"]
_END = 3  # content words that count as the head or the tail of a claim
_ACT = 1.0  # what a shared verb is worth beside shared words in telling which clause is meant
_ALSO = 2.0  # shared words by which a clause speaks of the same as well
_RELAYED = ("reports", "announces")  # modes in which an outlet or a body tells what is so
_CAPITALISED = re.compile(r"(?<!^)(?<![.!?] )\b[A-Z][a-z]{2,}")
_CALENDAR = re.compile(
    r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|January|February|March|April|May|June|July|August|"
    r"September|October|November|December"
)


@dataclass(frozen=True, slots=True)
class Checks:
    """How the fields of a passage fit those of a claim. `closeness` is the cosine of their vectors.

    Shares are 0 where nothing can be compared.
    """

    dates: Days
    figures: Figures
    ranks: Figures  # "first", "fifth"
    shared_words: float  # share of the claim's content words that the passage has, in some form
    shared_at_best: float  # the same of the clause that has most of them
    head_missing: float  # share of the first content words of the claim that the passage has not
    tail_missing: float  # the same of the last
    proper_missing: float  # the same of the capitalised words of an English claim
    about_missing: float  # share of the names at the head of the claim that the passage has not
    said_missing: float  # the same of the names behind
    other_names: bool  # the passage has others where one is missing
    other_place: Spot | None  # a place of the claim is missing where the passage has another
    told_apart: Spot | None  # a port, a minister, a firm is another than that of the passage
    acts_missing: float  # share of what is done in the claim of which the passage tells nothing
    doer_differs: bool  # the same is done, by somebody else than in the claim
    negated: bool  # the claim is
    negation_differs: bool
    opposite_word: bool
    attributed: bool  # somebody is quoted in the clause and nobody in the claim
    relayed: bool  # the same, where a body announces it or an outlet is cited for it
    authority: bool  # the same, where a body tells of its own work
    speaker_missing: bool  # the claim quotes somebody whom the passage does not
    same_speaker: bool
    denial_differs: bool  # the same speaker denies in one of the two
    only_planned: bool  # the passage tells of a plan, the claim of a fact
    both_planned: bool
    undone: bool  # the passage says that it is not done yet
    undone_by_then: bool  # the same, and the claim says when it was done
    kept_silent: bool  # whom the claim quotes the passage names, and says that somebody did not speak
    both_silent: bool
    plan_missing: bool  # the claim tells of a plan of which the passage does not
    across: bool  # two languages
    dated: bool  # the passage's day is known, as that of news is
    headlines: bool
    arabic: bool
    closeness: float


def checks_of(
    claim: str,
    passage: str,
    closeness: float,
    claim_date: date | None = None,
    passage_date: date | None = None,
) -> Checks:
    """The checks of a claim against a passage of one to three sentences."""
    mine, theirs = read(claim, claim_date), read(passage, passage_date)
    across = mine.lang != theirs.lang
    head = mine.parts[0]
    stems = mine.stems - head.speaker or mine.stems
    acts = frozenset[str]() if across else head.acts
    told = [sum(among(act, part.stems, mine.lang) for act in acts) for part in theirs.parts]
    counts = [
        len(shared_stems(stems, part.stems)) + _ACT * acted
        for part, acted in zip(theirs.parts, told, strict=True)
    ]
    best = theirs.parts[counts.index(max(counts))]
    held = shared_stems(stems, theirs.stems)
    order = [one for one in _content(mine.text, mine.lang) if one in stems]
    same = [
        part for part in theirs.parts if head.mode and part.mode and one_speaker(head, part, mine, theirs)
    ]
    # What a body tells of itself may be told of it without a verb of saying.
    silent = mine.silent or theirs.silent
    told_of = best.mode is None and named_in(head, best.stems, mine.lang) and not silent
    # What one says is not said by another who speaks in the same text.
    touched = any(n and part in same for n, part in zip(counts, theirs.parts, strict=True))
    by_another = best.mode is not None and bool(best.speaker) and best not in same and not touched
    planned = any(part.planned for part in mine.parts) or _to_come(mine, claim_date)
    ahead = max((n for n, part in zip(counts, theirs.parts, strict=True) if part.planned), default=0)
    done = max((n for n, part in zip(counts, theirs.parts, strict=True) if not part.planned), default=0)
    undone = (
        not planned
        and not head.negated
        and any(part.undone and n >= _ALSO for part, n in zip(theirs.parts, counts, strict=True))
    )
    quoting = head.mode is not None and bool(head.speaker)
    about, said, others = _missing_names(mine, theirs)
    total = 0 if across else len(stems)
    return Checks(
        dates=_fit_days(mine, theirs, best, passage_date),
        figures=_fit_numbers(mine, theirs, ranks=False),
        ranks=_fit_numbers(mine, theirs, ranks=True),
        shared_words=len(held) / total if total else 0.0,
        shared_at_best=len(shared_stems(stems, best.stems)) / total if total else 0.0,
        head_missing=0.0 if across else _lacking(order[:_END], held),
        tail_missing=0.0 if across else _lacking(order[-_END:], held),
        proper_missing=0.0 if across or mine.lang != "en" else _proper_missing(mine.text, theirs.text),
        about_missing=about,
        said_missing=said,
        other_names=others,
        other_place=other_place(mine, theirs),
        told_apart=None if across else told_apart(mine.text, theirs.text, mine.lang),
        acts_missing=sum(not among(one, theirs.stems, mine.lang) for one in acts) / max(1, len(acts)),
        doer_differs=not across and _doer_differs(mine, theirs),
        negated=head.negated,
        negation_differs=head.negated != best.negated,
        opposite_word=not across and opposed(mine.stems, best.stems, mine.lang),
        attributed=best.mode not in (None, *_RELAYED) and head.mode is None and not best.authority,
        relayed=best.mode in _RELAYED and head.mode is None and not best.authority,
        authority=best.authority and head.mode is None,
        speaker_missing=quoting and (not same or by_another) and not told_of,
        same_speaker=bool(same) and not by_another,
        denial_differs=bool(same)
        and not by_another
        and all((head.mode == "denies") != (p.mode == "denies") for p in same),
        only_planned=not planned and ahead > 0 and ahead >= done,
        both_planned=planned and ahead > 0,
        undone=undone,
        undone_by_then=undone and bool(mine.when),
        kept_silent=theirs.silent and not mine.silent and named_in(head, theirs.stems, mine.lang),
        both_silent=theirs.silent and mine.silent,
        plan_missing=planned and not ahead,
        across=across,
        dated=passage_date is not None,
        headlines=mine.headline and theirs.headline,
        arabic=mine.lang == "ar",
        closeness=closeness,
    )


def _to_come(mine: Reading, told: date | None) -> bool:
    """Whether all days of a claim, which tells nothing as past, lie behind the day on which it was made."""
    past = _opens_in_past(mine.text) if mine.lang == "ar" else bool(mine.parts[0].acts)
    if told is None or past:
        return False
    return bool(mine.when) and all(when.first > told for when in mine.when)


def _opens_in_past(text: str) -> bool:
    found = split_words(text)
    return not found or tense(found[0].bare) not in ("present", "future")


def _doer_differs(mine: Reading, theirs: Reading) -> bool:
    """Whether the passage tells of an act of the claim, each time by somebody else than the claim does."""
    done = [act for part in theirs.parts for act in acts_in(part.text, theirs.lang) if act.doer]
    for act in acts_in(mine.parts[0].text, mine.lang)[:1]:
        same = [other.doer for other in done if among(act.verb, (other.verb,), mine.lang)]
        if same and act.doer and not any(shared_stems(act.doer, doer) for doer in same):
            return bool(shared_stems(act.doer, theirs.stems))
    return False


def _content(text: str, lang: str) -> list[str]:
    """The stems of the content words in their order."""
    wanted = content_stems(text, lang)
    return [one for word in split_words(text) if (one := stem(word.form, lang)) in wanted]


def _lacking(some: Sequence[str], held: frozenset[str]) -> float:
    return sum(one not in held for one in some) / len(some) if some else 0.0


def _proper_missing(claim: str, passage: str) -> float:
    named = [word for word in _CAPITALISED.findall(claim) if not _CALENDAR.fullmatch(word)]
    there = passage.lower()
    return sum(word.lower()[:5] not in there for word in named) / len(named) if named else 0.0


def _missing_names(mine: Reading, theirs: Reading) -> tuple[float, float, bool]:
    present = {name.id for name in theirs.names} | {country_of(name.id) for name in theirs.names}
    known = {name.id for name in mine.names} | {country_of(name.id) for name in mine.names}
    absent = [n for n in mine.names if n.id not in present and country_of(n.id) not in present]
    others = any(n.id not in known and country_of(n.id) not in known for n in theirs.names)
    halves = []
    for late in (False, True):
        named = sum((name.at >= LATE) == late for name in mine.names)
        halves.append(sum((name.at >= LATE) == late for name in absent) / named if named else 0.0)
    return halves[0], halves[1], bool(absent) and others


def _fit_numbers(mine: Reading, theirs: Reading, *, ranks: bool) -> Figures:
    numbers = [[n for n in one.numbers if (n.unit == "ordinal") == ranks] for one in (mine, theirs)]
    return fit_figures(numbers[0], mine.text, numbers[1], theirs.text, (mine.lang, theirs.lang))


def _fit_days(mine: Reading, theirs: Reading, best: Part, told: date | None) -> Days:
    """agree: days of the passage lie inside the claim's; differ: they lie apart from them.

    later: all that the claim names comes after the passage was published, which names no day; missing: the
    passage has none.
    """
    fine = [when for when in mine.when if when.grain in ("day", "week")]
    wanted = fine or list(mine.when)
    if not wanted:
        return "silent"
    for found in (best.when, theirs.when):
        if any(_inside(other, one) for one in wanted for other in found):
            return "agree"
        if any(other.first > one.last or one.first > other.last for one in wanted for other in found):
            return "differ"
    return "later" if told and all(when.first > told for when in wanted) else "missing"


def _inside(when: When, stretch: When) -> bool:
    return stretch.first <= when.first and when.last <= stretch.last
