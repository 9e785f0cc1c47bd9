"""Content words cut to their stems, for matching within one language."""

from __future__ import annotations

import threading
import tomllib
from functools import cache, lru_cache
from pathlib import Path

from Stemmer import Stemmer

from claims.language.letters import fold
from claims.language.words import split_words

_ALGORITHMS = {"ar": "arabic", "en": "english", "ru": "russian", "fa": "persian", "fr": "french"}
_ARABIC_PREFIXES = ("وال", "فال", "بال", "كال", "لل", "ال")
_SHORTEST = 3
_DATA = Path(__file__).parent / "data" / "stop_words.toml"


@cache
def _stop_words() -> frozenset[str]:
    """Words of grammar in every language: they match everywhere and mean nothing for the match."""
    table = tomllib.loads(_DATA.read_text(encoding="utf-8"))
    return frozenset(fold(word) for words in table.values() for word in words.split())


class _Stemmers(threading.local):
    """The stemmers of one thread: each keeps the word that it is at, so no two threads may share one."""

    def __init__(self) -> None:
        self._of: dict[str, Stemmer] = {}

    def __getitem__(self, lang: str) -> Stemmer:
        if lang not in self._of:
            self._of[lang] = Stemmer(_ALGORITHMS[lang])
        return self._of[lang]


_STEMMERS = _Stemmers()


@lru_cache(maxsize=100_000)
def stem(word: str, lang: str) -> str:
    """The stem of a folded word; the word itself where the language has no stemmer here."""
    if lang == "ar":
        bare = word[1:] if len(word) > 4 and word[0] in "وف" else word
        for prefix in _ARABIC_PREFIXES:
            if bare.startswith(prefix) and len(bare) - len(prefix) >= _SHORTEST:
                bare = bare[len(prefix) :]
                break
        word = bare
    if lang not in _ALGORITHMS:
        return word
    return str(_STEMMERS[lang].stemWord(word))


@lru_cache(maxsize=50_000)
def content_stems(text: str, lang: str) -> frozenset[str]:
    """The stems of the words of a text that carry meaning."""
    stop = _stop_words()
    return frozenset(
        stem(word.form, lang)
        for word in split_words(text)
        if len(word.form) >= _SHORTEST and word.form[0].isalnum() and word.form not in stop
    )
