"""A denial or confirmation tied to the claim that it answers, across sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from claims.language.cues import cues
from claims.language.letters import fold
from claims.language.names import country_of
from claims.model import Claim

_REACH = 6  # sentences back
_NEAR = 2  # sentences back, for what shares neither words nor a name with what it answers
_SHARED = 0.4  # of the answer's longer words
_POINTING = 4  # words; a denial as short as this says nothing of its own


def link_denials(claims: Sequence[Claim], text: str) -> list[Claim]:
    """The claims, each denial and confirmation pointing to the claim before it that it answers, if any.

    A denial that says only "this" answers the nearest accusation, best one against whoever denies; one
    that says what it denies must share words with what it answers, or follow it at once and be made by
    somebody whom that names.
    """
    linked: list[Claim] = []
    for number, claim in enumerate(claims):
        target: Claim | None = None
        if claim.kind == "denial":
            target = _denied(claim, claims[:number] if number < 60 else claims[number - 60 : number], text)
        elif _confirms(claim, text):
            target = _confirmed(claim, claims[max(0, number - 20) : number])
        linked.append(replace(claim, about=target.id) if target else claim)
    return linked


def _denied(denial: Claim, before: Sequence[Claim], text: str) -> Claim | None:
    near = [
        claim
        for claim in reversed(before)
        if denial.sentence - claim.sentence <= _REACH and claim.kind != "denial" and claim.content is not None
    ]
    denier = denial.attribution[-1].speaker_id if denial.attribution else None
    country = country_of(denier) if denier else None
    if denial.content is None or _says_little(denial, text):
        return _pointed_at(denial, near, country)
    for earlier in near:
        if earlier.kind in ("accusation", "statement") and _shared(denial, earlier, text) >= _SHARED:
            return earlier
    for earlier in near:
        if denial.sentence - earlier.sentence > 1 or earlier.kind not in ("accusation", "statement"):
            continue
        if not _same_speaker(earlier, denial) and _accused(earlier, denier, country):
            return earlier
    return None


def _pointed_at(denial: Claim, near: Sequence[Claim], country: str | None) -> Claim | None:
    """What "this" means: what stands before it in the sentence, else an accusation, else what was said."""
    for earlier in near:
        if earlier.sentence == denial.sentence and not _same_speaker(earlier, denial):
            return earlier
    accusations = [claim for claim in near if claim.kind == "accusation" and not _same_speaker(claim, denial)]
    for earlier in accusations:
        if country is None or _names(earlier, country) or denial.sentence - earlier.sentence <= _NEAR:
            return earlier
    for earlier in near:
        within = denial.sentence - earlier.sentence <= _NEAR
        if within and earlier.attribution and not _same_speaker(earlier, denial):
            return earlier
    return None


def _says_little(claim: Claim, text: str) -> bool:
    """Whether what is denied is said in words that only point ("any role in it", "any wrongdoing")."""
    assert claim.content  # noqa: S101 - the caller looked
    return len(text[claim.content[0] : claim.content[1]].split()) < _POINTING


def _confirms(claim: Claim, text: str) -> bool:
    """Whether a statement confirms what was said before ("confirmed this", "confirmed the report")."""
    table = cues(claim.lang)
    if not claim.attribution or claim.content is None:
        return False
    if not {fold(claim.attribution[-1].cue), fold(claim.attribution[-1].cue)[1:]} & table["confirms.forms"]:
        return False
    words = [word.strip('.,"') for word in fold(text[claim.content[0] : claim.content[1]]).split()[:3]]
    return bool(set(words) & table["confirms.objects"])


def _confirmed(claim: Claim, before: Sequence[Claim]) -> Claim | None:
    for earlier in reversed(before):
        if claim.sentence - earlier.sentence > _NEAR:
            return None
        if earlier.kind != "denial" and not _same_speaker(earlier, claim):
            return earlier
    return None


def _same_speaker(one: Claim, other: Claim) -> bool:
    mine = {link.speaker for link in one.attribution if link.speaker and link.mode != "reports"}
    return bool(mine & {link.speaker for link in other.attribution if link.speaker})


def _accused(claim: Claim, denier: str | None, country: str | None) -> bool:
    """Whether a claim names who denies, or somebody of the same country."""
    speaking = {link.speaker_id for link in claim.attribution}
    if denier is None or denier in speaking:
        return False
    return any(who.id == denier for who in claim.who) or (country is not None and _names(claim, country))


def _names(claim: Claim, country: str) -> bool:
    return any(country_of(who.id) == country for who in claim.who)


def _shared(denial: Claim, accusation: Claim, text: str) -> float:
    """The share of the denial's longer words that the accusation has too."""
    assert denial.content and accusation.content  # noqa: S101 - the caller looked
    mine = _stems(text[denial.content[0] : denial.content[1]])
    theirs = _stems(text[accusation.content[0] : accusation.content[1]])
    return len(mine & theirs) / len(mine) if mine else 0.0


def _stems(text: str) -> set[str]:
    return {word.strip(".,:;\"'")[-5:] for word in fold(text).split() if len(word) > 3}
