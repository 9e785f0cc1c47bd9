"""Whether a sentence of a page tells anything at all.

Rows of keywords and words to whoever checks the page hold all the names and days of a claim, and closeness
of meaning takes them for the claim itself. They state nothing, so they are no evidence.
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
_DATA = Path(__file__).parent / "data" / "addressed.toml"


def asserts(text: str) -> bool:
    """False where a sentence is a row of keywords or speaks to whoever checks it."""
    folded = " ".join(fold(text).split())
    if _addressed().search(folded):
        return False
    marks = ruled = words = 0
    forms: set[str] = set()
    for word in split_words(text):
        if word.form[0].isalnum():
            words += 1
            forms.add(word.form)
        else:
            marks += word.form in _SEPARATORS
            ruled += word.form in _RULES
    if words < _FEWEST:
        return True
    if marks >= _MOST_SEPARATED * words or ruled >= _MOST_RULED * words:
        return False
    return words < _SOME_LENGTH or len(forms) >= _FEWEST_DISTINCT * words


@cache
def _addressed() -> re.Pattern[str]:
    table = tomllib.loads(_DATA.read_text(encoding="utf-8"))
    phrases = [
        fold(phrase).strip()
        for listed in table.values()
        for phrase in listed.replace("\n", "").split("|")
        if phrase.strip()
    ]
    return re.compile("|".join(rf"(?<!\w){re.escape(phrase)}" for phrase in phrases))
