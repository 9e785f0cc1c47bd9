"""What is done in a text, and by whom, as far as the place and form of words tell.

In Arabic a verb opens its clause; in English it follows an auxiliary or has the form of the past, and the
name before it is the doer's.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from claims.extract.arabic_verbs import tense
from claims.language.cues import cues
from claims.language.stems import content_stems, stem
from claims.language.words import Word, split_words
from claims.weigh.checks_words import families, words
from claims.weigh.words_alike import akin

_PARTICLES = frozenset(["ان", "قد", "لقد", "لم", "لن", "لا", "التي", "الذي", "الذين", "ما"])
_BREAKS = frozenset(".!?;,")
_ARTICLES = ("ال", "لل", "بال")
_NONE: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Act:
    """A verb by its stem, and the stems of the name of who does it: none where it is not known."""

    verb: str
    doer: tuple[str, ...]


@lru_cache(maxsize=8192)
def acts_in(text: str, lang: str) -> tuple[Act, ...]:
    """What is done in a text, in its order; nothing in languages whose verbs are not known here."""
    found, content = split_words(text), content_stems(text, lang)
    acts = []
    for at, word in enumerate(found):
        if lang == "ar" and _opens(found, at):
            acts.append(Act(stem(word.bare, lang), ()))
        elif lang == "en" and stem(word.form, lang) in content and _is_done(found, at, text):
            acts.append(Act(stem(word.form, lang), _doer(found[:at], text)))
    return tuple(acts)


def kin(one: str, other: str, lang: str) -> bool:
    """Whether two stems tell of one thing: forms of one word, or words of one family."""
    if one == other or akin(one, other):
        return True
    table = families(lang)
    return bool(table.get(one, _NONE) & table.get(other, _NONE))


def among(one: str, others: Iterable[str], lang: str) -> bool:
    """Whether a stem has its like among others."""
    return any(kin(one, other, lang) for other in others)


def _opens(found: Sequence[Word], at: int) -> bool:
    """Whether an Arabic word stands where a verb does and may be one; verbs of saying are none here."""
    word, before = found[at], found[at - 1] if at else None
    if len(word.bare) < 3 or not word.form[0].isalpha() or word.form.startswith(_ARTICLES):
        return False
    if word.bare in cues("ar").modes or word.form in _PARTICLES:
        return False
    if before is None or before.form in _BREAKS or before.form in _PARTICLES:
        return True
    return word.bare != word.form and tense(word.bare) is not None


def _is_done(found: Sequence[Word], at: int, text: str) -> bool:
    word = found[at]
    if at == 0 or text[word.start].isupper():
        return False
    before = found[at - 1].form
    if before in words("en", "auxiliaries"):
        return word.form not in words("en", "auxiliaries")
    if before in words("en", "determiners"):
        return False
    return (word.form.endswith("ed") and len(word.form) > 4) or word.form in words("en", "verbs")


def _doer(before: Sequence[Word], text: str) -> tuple[str, ...]:
    """The stems of the last name before a verb in its sentence."""
    named: list[str] = []
    for word in reversed(before):
        if word.form in ".!?;":
            break
        if text[word.start].isupper():
            named.append(stem(word.form.removesuffix("'s"), "en"))
        elif named:
            break
    return tuple(named)
