"""Arabic subjects that stand before their verb ("روسيا تقول"), and those of which nobody is quoted."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile

from claims.extract.arabic_nouns import can_speak, definite, heads_name, is_name, is_thing
from claims.extract.arabic_phrases import LONGEST_SPEAKER, opens_joined
from claims.extract.arabic_verbs import tense
from claims.extract.attribution import Span
from claims.language.cues import cues
from claims.language.names import find_names
from claims.language.words import Word

_CUES = cues("ar")
_CLOSES = frozenset(",;")
_APART = (":", "-")  # what stands before one of these is no part of a subject


def subject_before(part: Sequence[Word], i: int) -> Span | None:
    """The subject that stands before its verb ("روسيا تقول"), if the clause begins with a name."""
    relative = next(
        (j for j in (i - 1, i - 2) if j > 0 and part[j].form in _CUES["noun_phrase.relative"]), None
    )
    if relative is not None:
        return _name_before(part, relative)
    first = _start(part, i)
    demanded = first > 0 and part[first - 1].form in _CUES["clause.before_noun"]
    while first < i and part[first].form in _CUES["clause.particles"]:
        first += 1
    if i - first > LONGEST_SPEAKER:
        return None
    words = list(takewhile(lambda w: w.form not in _CUES["clause.particles"], part[first:i]))
    if not words or len(words) > 8 or any(w.form == "," or w.form.isdigit() for w in words):
        return None
    if _preposition(words[0].form) or opens_joined(words[0].form):
        return None
    if any(w.form in _CUES["noun_phrase.stop"] for w in words) or not can_speak(words):
        return None
    if _acts(words[0]) and not demanded:  # after "that" a noun must stand
        return None
    named = (
        is_name(words[0].form)
        or is_name(" ".join(w.form for w in words[:2]))
        or (definite(words[0].form) and any(is_name(w.form) for w in words))
        or heads_name(words[0].form)
        or heads_name(words[0].bare)
        or is_name(" ".join(w.form for w in words))
    )
    if not named and not demanded:
        return None
    whole = words[0].form == words[0].bare or heads_name(words[0].form) or is_name(words[0].form)
    return words[0].start + (0 if whole else 1), words[-1].end


def thing_before(part: Sequence[Word], i: int) -> bool:
    """Whether an act or a state is the subject before a verb ("the attack shows that"): nobody is quoted."""
    first = _start(part, i)
    when = _CUES["noun_phrase.stop"] | _CUES["noun_phrase.time"] | _CUES["noun_phrase.adverbs"]
    if first >= i or part[first].form in when or any(word.form in _CLOSES for word in part[first:i]):
        return False
    return is_thing(part[first].form) or is_thing(part[first].bare)


def _start(part: Sequence[Word], i: int) -> int:
    """The word at which the subject before the verb `i` begins, particles included."""
    return max([_after_opening(part, i), *(j + 1 for j in range(i) if part[j].form in _APART)])


def _preposition(form: str) -> bool:
    """Whether a word, to which "and" may be joined, leads in a time or a place and no subject."""
    return form in _CUES["noun_phrase.stop"] or (form[0] in "وف" and form[1:] in _CUES["noun_phrase.stop"])


def _acts(word: Word) -> bool:
    """Whether the first word of what stands before a verb is a verb itself."""
    known = definite(word.form) or heads_name(word.form) or is_name(word.form)
    return not known and tense(word.bare) is not None


def _after_opening(part: Sequence[Word], i: int) -> int:
    """The word after what opens a clause: "but", "on his part,", "in Paris,"."""
    if part[0].bare in _CUES["says.impersonal"]:
        return next((j + 1 for j in range(1, min(i, 4)) if part[j].form == "ان"), 0)
    comma = max((j for j in range(min(i, 8)) if part[j].form == ","), default=-1)
    if comma >= 0 and part[0].bare in _CUES["clause.openings"]:
        return comma + 1
    at = 0
    while at < i and (
        part[at].form in _CUES["clause.conjunctions"] or part[at].form in _CUES["clause.before_noun"]
    ):
        at += 1
    return at


def _name_before(part: Sequence[Word], end: int) -> Span | None:
    """The name that ends where a relative clause begins ("the United States, which accused…")."""
    for width in (4, 3, 2, 1):
        words = part[max(0, end - width) : end]
        if width == 1 and definite(words[0].form) and words[0].form.endswith(("ي", "يه")):
            return None  # "the Iraqi", of something before it
        text = " ".join(word.form for word in words)
        named = find_names(text, "ar").who
        if named and named[0].start <= 1 and named[-1].end >= len(text) - 1:
            return words[0].start, words[-1].end
    return None
