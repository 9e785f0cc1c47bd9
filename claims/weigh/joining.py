"""Claims of different articles that are the same, or may be: what the engine joins, and what it suggests.

The matcher's two thresholds come first. What is above the upper one is joined only where nothing that can
be read in the two tells them apart: one figure, one day or one name that differs makes another claim of it,
however alike the words. All else is left to a person.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from claims.language.stems import content_stems
from claims.model import Claim
from claims.run_record import ClaimMatch
from claims.weigh.match_index import words_of
from claims.weigh.matching import FEWEST_WORDS, Match, Matcher, Relation

_MOST = 3  # suggestions for one claim
_LOOKED_AT = 12  # matches, of which some may be of the same article
_DISPUTES = ("accusation", "denial")


def find_matches(new: Sequence[Claim], known: Sequence[Claim], index: Path | None = None) -> list[ClaimMatch]:
    """What each of the new claims is like among the known ones and those new ones that stand before it, best
    first; claims of one article are not compared. The folder `index` keeps work for the next time."""
    everything = [*known, *new]
    if not new or len(everything) < 2:
        return []
    matcher = Matcher(((number, _words(claim)) for number, claim in enumerate(everything)), index=index)
    found: list[ClaimMatch] = []
    matches = matcher.best_of_each([_words(claim) for claim in new], _LOOKED_AT)
    for place, (claim, best) in enumerate(zip(new, matches, strict=True), len(known)):
        others = [
            (match, everything[int(match.id)])
            for match in best
            if int(match.id) < place and everything[int(match.id)].article != claim.article
        ]
        found += [
            ClaimMatch(
                claim.id, other.id, match.score, _relation(claim, other, match), claim.text, other.text
            )
            for match, other in others[:_MOST]
        ]
    return found


def _relation(claim: Claim, other: Claim, match: Match) -> Relation:
    return "same" if match.relation == "same" and not told_apart(claim, other) else "related"


def told_apart(one: Claim, other: Claim) -> bool:
    """Whether anything that can be read in the two makes them different claims, or too little can be read: a
    few words that point back to others, or nothing that names a day or anybody or any place."""
    if any(
        len(words_of(text)) < FEWEST_WORDS for claim in (one, other) for text in (claim.text, _words(claim))
    ):
        return True
    if one.polarity != other.polarity:
        return True
    if one.kind != other.kind and (one.kind in _DISPUTES or other.kind in _DISPUTES):
        return True
    if [link.speaker_id or link.speaker for link in one.attribution] != [
        link.speaker_id or link.speaker for link in other.attribution
    ]:
        return True
    if {(n.value, n.unit) for n in one.numbers} != {(n.value, n.unit) for n in other.numbers}:
        return True
    if {(w.first, w.last) for w in one.when} != {(w.first, w.last) for w in other.when}:
        return True
    names, others = _names(one), _names(other)
    if not one.when and not names & others:
        return True
    if one.lang != other.lang:  # words cannot be compared, so the names have to be the same, and known
        return not names or names != others
    words, theirs = (content_stems(_words(claim), claim.lang) for claim in (one, other))
    shorter, longer = sorted((words, theirs), key=len)
    return not shorter <= longer or len(longer) - len(shorter) >= FEWEST_WORDS


def _names(claim: Claim) -> set[str]:
    return {who.id for who in claim.who} | {place.name for place in claim.where}


def _words(claim: Claim) -> str:
    return claim.standalone or claim.text
