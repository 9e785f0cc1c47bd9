"""A denial or confirmation tied to the claim that it answers, across sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from claims.language.letters import fold
from claims.language.names import country_of
from claims.model import Claim

_REACH = 6  # sentences back


def link_denials(claims: Sequence[Claim], text: str) -> list[Claim]:
    """The claims, each denial pointing to the claim before it that it denies, where one fits.

    A denial that says only "this" answers the nearest accusation against whoever denies; one that says
    what it denies must also share words with it.
    """
    linked: list[Claim] = []
    for number, claim in enumerate(claims):
        if claim.kind == "denial":
            target = _answered(claim, claims[:number], text)
            if target:
                claim = replace(claim, about=target.id)
        linked.append(claim)
    return linked


def _answered(denial: Claim, before: Sequence[Claim], text: str) -> Claim | None:
    denier = denial.attribution[-1].speaker_id if denial.attribution else None
    country = country_of(denier) if denier else None
    for earlier in reversed(before):
        if denial.sentence - earlier.sentence > _REACH:
            break
        if earlier.kind == "denial" or earlier.content is None:
            continue
        if denial.content is None:
            if earlier.sentence == denial.sentence and earlier.kind != "accusation":
                return earlier
            if earlier.kind == "accusation" and (country is None or _names(earlier, country)):
                return earlier
        elif earlier.kind in ("accusation", "statement") and _shared(denial, earlier, text) >= 0.4:
            return earlier
    return None


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
