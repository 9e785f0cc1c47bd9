"""Arabic nouns: which of them can speak. An act, a date or a pronoun never said anything."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from claims.language.cues import cues
from claims.language.names import find_names
from claims.language.words import Word

_CUES = cues("ar")
# Shapes of verbal nouns in folded letters: استفعال, انفعال, افتعال, تفعيل, مفاعلة. Shapes that plurals of
# people (أفعال) or foreign names (تفاعل) share are told by the list alone.
_VERBAL = re.compile(r"است..?ا.|است..ه|ان..ا.|ا.ت.ا.|ت..ي.|م.ا.[^و]ه")
_OWNED = re.compile(r"(.{3,})(?:هما|هم|ها|ه)")
_SKIPPED = frozenset('"(')  # what a name may begin with
_HEADS = (
    _CUES["noun_phrase.roles"]
    | _CUES["noun_phrase.organisations"]
    | _CUES["noun_phrase.govern"]
    | {word for word in _CUES["noun_phrase.private"] if word[1:] not in _CUES["noun_phrase.private"]}
    | _CUES["speaker.sources"]
    | _CUES["speaker.people"]
)


@lru_cache(maxsize=20_000)
def is_name(form: str) -> bool:
    """Whether a single word names somebody known."""
    return bool(find_names(form, "ar").who)


@lru_cache(maxsize=20_000)
def begins_name(form: str) -> bool:
    """Whether words are a name from their first letter on: "لافروف", and not "لرويترز"."""
    return any(who.start == 0 for who in find_names(form, "ar").who)


@lru_cache(maxsize=20_000)
def is_agency(words: str) -> bool:
    """Whether words name an agency or another outlet that is known."""
    return any(who.type == "agency" for who in find_names(words, "ar").who)


def definite(form: str) -> bool:
    """Whether a word has the article."""
    return form.startswith(("ال", "وال")) and len(form) > 4


def heads_name(form: str) -> bool:
    """Whether a word is an office, a body, a paper or somebody's calling: what a speaker is called by."""
    return form in _HEADS or "ال" + form in _HEADS or form.removeprefix("ال") in _HEADS


def can_speak(words: Sequence[Word]) -> bool:
    """Whether the phrase is one of somebody or something that can be quoted."""
    at = 0
    while at < len(words) and words[at].form in _SKIPPED:
        at += 1
    if at == len(words):
        return False
    form = words[at].form
    if form.isdigit():  # "three ministers" speak, "10 September" and "45" do not
        return at + 1 < len(words) and heads_name(words[at + 1].form)
    if not form[0].isalnum() and form[0] != "@":
        return False
    if len(form) == 1:  # "A F P", "D . So-and-so"; else the rest of a word that was torn apart
        return form in _CUES["speaker.initials"] or begins_name(" ".join(word.form for word in words))
    return form not in _CUES["speaker.nobody"] and not is_thing(form)


@lru_cache(maxsize=20_000)
def is_thing(form: str) -> bool:
    """Whether a word is an act, a state or a time: what is told of, not who tells it."""
    if heads_name(form) or is_name(form):
        return False
    bare = form.removeprefix("ال")
    return _of_a_thing(bare) or _owned(form)


def _of_a_thing(bare: str) -> bool:
    return bare in _CUES["speaker.things"] or _VERBAL.fullmatch(bare) is not None


def _owned(form: str) -> bool:
    """Whether a word has a possessive after an act ("its participation") or after an unknown noun.

    "His wife" and "its leader" can speak; ه alone may be the feminine ending, so it must follow an act.
    """
    match = _OWNED.fullmatch(form)
    if match is None or definite(form):
        return False
    stem = match[1]
    stems = {stem, stem[:-1] + "ه"} if stem.endswith("ت") else {stem}
    if stem.endswith("اء"):  # "its agents", which so written is an object
        return True
    if any(heads_name(one) for one in stems):
        return False
    feminine = stem.endswith("ت") and len(stem) > 3  # مسؤوليته, مخططاته
    return feminine or (form.endswith(("ها", "هم", "هما")) and len(form) > 4) or any(map(_of_a_thing, stems))
