"""Whether a sentence of a page tells anything at all, and whether it tells that something is not so.

Rows of keywords, words to whoever checks the page, hearsay, questions and suppositions hold all the names and
days of a claim, and closeness of meaning takes them for the claim itself. They state nothing, so they are no
evidence; and who calls a report false says the opposite of it.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path

from claims.language.letters import fold
from claims.language.words import split_words

_FEWEST = 5  # words; less is too little to tell a row of keywords from a short sentence
_SEPARATORS = frozenset(",،;؛|/·•#!?؟-–—:")
_MOST_SEPARATED = 0.4  # separators a word; enumerations of names in real news stay below
_RULES = frozenset("|•·#")  # what is put between keywords and seldom between words of a sentence
_MOST_RULED = 0.15
_FEWEST_DISTINCT = 0.5  # of the words, in a text of some length
_SOME_LENGTH = 12
_MOST_DOUBLED = 2  # words that follow upon themselves
_BETWEEN = 160  # letters for which a gap in a phrase may stand
_DATA = Path(__file__).parent / "data" / "addressed.toml"


def asserts(text: str) -> bool:
    """False where a sentence is a row of keywords, speaks to a checker, passes on hearsay or supposes."""
    folded = " ".join(fold(text).split())
    if any(_phrases(name).search(folded) for name in ("orders", "hearsay", "supposed")):
        return False
    marks = ruled = words = doubled = 0
    last = ""
    forms: set[str] = set()
    for word in split_words(text):
        if word.form[0].isalnum():
            words += 1
            forms.add(word.form)
            doubled += word.form == last
        else:
            marks += word.form in _SEPARATORS
            ruled += word.form in _RULES
        last = word.form
    if words < _FEWEST:
        return True
    if doubled > _MOST_DOUBLED:
        return False
    if marks >= _MOST_SEPARATED * words or ruled >= _MOST_RULED * words:
        return False
    return words < _SOME_LENGTH or len(forms) >= _FEWEST_DISTINCT * words


def calls_false(text: str) -> bool:
    """Whether a sentence says of what it tells that it is not so."""
    return bool(_phrases("false").search(" ".join(fold(text).split())))


@cache
def _phrases(name: str) -> re.Pattern[str]:
    """Any phrase of a list, from the beginning of a word on, or from that of the sentence (`^`)."""
    listed = tomllib.loads(_DATA.read_text(encoding="utf-8"))[name].replace("\n", "").split("|")
    phrases = [phrase.strip() for phrase in listed if phrase.strip()]
    opening = "|".join(_pattern(phrase[1:]) for phrase in phrases if phrase.startswith("^"))
    anywhere = "|".join(_pattern(phrase) for phrase in phrases if not phrase.startswith("^"))
    # One group behind one test for the beginning of a word: tested for each phrase it took most of the time.
    patterns = [rf"^\W*(?:{opening})\b"] * bool(opening) + [rf"(?<!\w)[وف]?(?:{anywhere})"] * bool(anywhere)
    return re.compile("|".join(patterns))


def _pattern(phrase: str) -> str:
    parts = [re.escape(fold(part).strip()) for part in phrase.split("…")]
    return rf"\b.{{0,{_BETWEEN}}}?\b".join(parts)
