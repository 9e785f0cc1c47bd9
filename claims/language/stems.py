"""Content words cut to their stems, for matching within one language."""

from __future__ import annotations

from functools import cache, lru_cache

import snowballstemmer

from claims.language.letters import fold
from claims.language.words import split_words

_ALGORITHMS = {"ar": "arabic", "en": "english", "ru": "russian", "fa": "persian", "fr": "french"}
_ARABIC_PREFIXES = ("وال", "فال", "بال", "كال", "لل", "ال")
_SHORTEST = 3
# Words of grammar: they match everywhere and mean nothing for the match.
_STOP = frozenset(
    fold(word)
    for word in (
        "في من على إلى عن مع أن إن كان كانت هذا هذه ذلك التي الذي ما لا لم لن قد كل بعض غير بين بعد قبل عند حيث وهو وهي "
        "the of and to in a an that for on with as is was by at it from be has have had are were its their his her this "
        "и в на с по что не о за к из от для как это был была были его ее их у же "
        "و در از به که را با این آن است بود شد برای تا یک می های"
    ).split()
)


@cache
def _stemmer(lang: str) -> object:
    return snowballstemmer.stemmer(_ALGORITHMS[lang])


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
    return str(_stemmer(lang).stemWord(word))  # type: ignore[attr-defined]


def content_stems(text: str, lang: str) -> frozenset[str]:
    """The stems of the words of a text that carry meaning."""
    return frozenset(
        stem(word.form, lang)
        for word in split_words(text)
        if len(word.form) >= _SHORTEST and word.form[0].isalnum() and word.form not in _STOP
    )
