"""The language of a page: what it says of itself, if its letters bear that out, else what they look like."""

from __future__ import annotations

import re
import threading
from functools import cache
from typing import Any

from claims.language.letters import script_share

_LOOKED_FOR = (
    "ar", "fa", "ur", "he", "en", "fr", "de", "es", "pt", "it", "nl", "tr", "ru", "uk", "pl",
    "cs", "sv", "no", "da", "fi", "el", "hu", "ro", "bg", "sr", "id", "zh", "ja", "ko", "hi",
)  # fmt: skip
_SCRIPTS = {
    "arabic": frozenset(("ar", "fa", "ur", "ps", "ku", "ug", "sd", "arz", "ckb")),
    "cyrillic": frozenset(("ru", "uk", "bg", "sr", "be", "kk", "mk", "mn", "ky", "tg", "uz")),
}
_THREE_LETTERS = frozenset(("arz", "ckb"))
_PERSIAN = re.compile(r"[پچژگکی]")
_ARABIC = re.compile(r"[ةىيكإؤ]")
_LOADING = threading.Lock()
_SAMPLE = 3_000  # letters
_ENOUGH = 200  # letters, to tell a language by


def language_of(text: str, declared: str | None) -> str | None:
    """The two-letter code of the text's language; None where there is too little text and no word of it."""
    named = _named(declared)
    sample = text[:_SAMPLE]
    shares = script_share(sample)
    letters = sum(letter.isalpha() for letter in sample)
    if letters < 20:
        return named
    if shares["arabic"] > 0.5:
        return named if named in _SCRIPTS["arabic"] - {"ar", "fa"} else _arabic_or_persian(sample, named)
    if shares["cyrillic"] > 0.5:
        guess = named if named in _SCRIPTS["cyrillic"] else _guess(sample)
        return guess if guess in _SCRIPTS["cyrillic"] else "ru"
    elsewhere = _SCRIPTS["arabic"] | _SCRIPTS["cyrillic"]
    # Templates say "en" whatever the language, so that alone is not believed of a longer text
    believed = named and named not in elsewhere and (named != "en" or letters < _ENOUGH)
    return named if believed else _guess(sample)


def _named(declared: str | None) -> str | None:
    """The code in what a page declares, where it looks like one: "ar-EG" gives "ar", "utf-8" gives none."""
    code = (declared or "").strip().lower().replace("_", "-").split("-")[0]
    return code if re.fullmatch(r"[a-z]{2}", code) or code in _THREE_LETTERS else None


def _guess(sample: str) -> str:
    return str(_identifier().classify(sample)[0])


def _arabic_or_persian(sample: str, named: str | None) -> str:
    persian, arabic = len(_PERSIAN.findall(sample)), len(_ARABIC.findall(sample))
    if max(persian, arabic) < 3 and named in ("ar", "fa"):
        return named
    if persian > arabic:
        return "ur" if re.search(r"[ٹڈڑںے]", sample) else "fa"
    return "ar"


def _identifier() -> Any:
    with _LOADING:  # pages are read in several threads, and the model takes 100 MB each time it is loaded
        return _loaded_identifier()


@cache
def _loaded_identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE)
    identifier.set_languages(list(_LOOKED_FOR))
    return identifier
