"""Nouns that only a name or an adjective tells apart from others of their kind: which minister, which port.

Two texts that name the kind alike and tell it apart otherwise speak of two.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Literal

from claims.language.dates import find_dates
from claims.language.letters import fold
from claims.language.names import find_names
from claims.language.stems import content_stems, stem
from claims.language.words import Word, split_words
from claims.model import Who
from claims.weigh.acts import kin
from claims.weigh.checks_words import words
from claims.weigh.readings import Reading

Spot = Literal["about", "said"]  # at the head of a claim is what it is about, behind what it says of that
LATE = 0.45  # of a claim; from here on it says something

_LINKS = frozenset({"of", "in", "for", "at", "the"})
_SIDES = frozenset(["شمال", "جنوب", "شرق", "غرب", "north", "south", "east", "west"])
_HEAD = 3  # letters that a country and its adjective have in common


@lru_cache(maxsize=8192)
def slots_in(text: str, lang: str) -> tuple[tuple[str, str, int], ...]:
    """(kind, what tells it apart, where), as stems, in the text's order; countries are names and no such."""
    heads, content, found = words(lang, "heads"), content_stems(text, lang), split_words(text)
    countries = [who for who in find_names(text, lang).who if who.type == "country"]
    slots = []
    for at, word in enumerate(found):
        form = next((one for one in _forms(word, lang) if one in heads), None)
        if form is None:
            continue
        beside = [at + 1] if lang == "ar" else [at - 1, *_linked(found, at, text)]
        for place in beside:
            if not 0 <= place < len(found) or found[place].form in _SIDES:
                continue
            filler, start = stem(found[place].form, lang), found[place].start
            if (
                filler in content
                and filler.isalpha()
                and not any(who.start <= start < who.end for who in countries)
            ):
                slots.append((stem(form, lang), filler, start))
    return (*slots, *_after_prepositions(text, lang, countries))


def _after_prepositions(text: str, lang: str, countries: Sequence[Who]) -> list[tuple[str, str, int]]:
    """What stands behind "the fire in": the kind is the word before the preposition, and that."""
    content, found = content_stems(text, lang), split_words(text)
    spans = [(one.start, one.end) for one in countries]
    spans += [(one.start, one.end) for one in find_dates(text, None, lang)]
    slots = []
    for before, word, after in zip(found, found[1:], found[2:], strict=False):
        kind, filler = stem(before.form, lang), stem(after.form, lang)
        if word.form not in words(lang, "where") or kind not in content or filler not in content:
            continue
        named = lang == "ar" or text[after.start].isupper()
        known = any(start <= after.start < end for start, end in spans)
        if named and not known and filler.isalpha():
            slots.append((f"{kind} {word.form}", filler, after.start))
    return slots


def _forms(word: Word, lang: str) -> list[str]:
    """A word without what is written onto it."""
    if lang != "ar":
        return [word.form.removesuffix("'s")]
    return [one.removeprefix("ب").removeprefix("لل").removeprefix("ال") for one in (word.form, word.bare)] + [
        word.form
    ]


def told_apart(claim: str, passage: str, lang: str) -> Spot | None:
    """Where the claim tells a kind apart that the passage has too, told apart otherwise; else None."""
    theirs, held = slots_in(passage, lang), content_stems(passage, lang)
    for kind, filler, start in slots_in(claim, lang):
        others = [other for one, other, _ in theirs if one == kind]
        if others and not any(
            kin(filler, other, lang) or filler[:_HEAD] == other[:_HEAD] for other in (*others, *held)
        ):
            return _spot(claim, start)
    return None


def other_place(mine: Reading, theirs: Reading) -> Spot | None:
    """Where the claim names a place more exact than a country that the passage has not, and it another."""
    wanted, found = ({place.name for place in one.places} for one in (mine, theirs))
    missing = [
        place.start
        for place in mine.places
        if place.name not in found and _is_where(mine.text, place.start, mine.lang)
    ]
    return _spot(mine.text, max(missing)) if missing and found - wanted else None


def _spot(claim: str, at: int) -> Spot:
    return "said" if at >= LATE * len(claim) else "about"


def _is_where(text: str, at: int, lang: str) -> bool:
    """Whether a name stands where a place does: a capital may else stand for a government."""
    before = fold(text[:at]).split()
    last = before[-1].removeprefix("ب") if before else ""
    return last in words(lang, "where") or last in words(lang, "heads") or not last


def _linked(found: Sequence[Word], at: int, text: str) -> list[int]:
    """Where the name stands in "port of Beirut"."""
    place = at + 1
    while place < len(found) and found[place].form in _LINKS:
        place += 1
    named = at + 1 < place < len(found) and text[found[place].start].isupper()
    return [place] if named else []
