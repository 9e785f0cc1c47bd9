"""News words across languages: which word of a text is which, and what it is called elsewhere."""

from __future__ import annotations

import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from claims.language.letters import fold
from claims.language.stems import stem
from claims.language.words import split_words

LANGUAGES = ("ar", "en", "ru", "fa")
_DATA = Path(__file__).parent / "data" / "words.toml"
_ARABIC_JOINED = ("ب", "ل", "ك", "س", "ف", "و")  # written together with the word that follows


@dataclass(frozen=True, slots=True)
class ContentWord:
    """A word of a text that says what it is about. `names` are its forms by language, where known."""

    text: str
    start: int
    end: int
    names: tuple[tuple[str, str], ...] = ()
    weak: bool = False

    def in_language(self, lang: str) -> str | None:
        """The word in a language, None where it is not known."""
        return dict(self.names).get(lang)


@dataclass(frozen=True, slots=True)
class _Table:
    rows: dict[tuple[str, str], tuple[int, str]]  # (language, stem) -> row, form
    forms: list[tuple[str, ...]]
    weak: frozenset[int]
    stop: dict[str, frozenset[str]]


def content_words(text: str, lang: str) -> list[ContentWord]:
    """The words of a text that say what it is about, in order, each stem once."""
    table = _table()
    stop = table.stop.get(lang, frozenset())
    found: list[ContentWord] = []
    seen: set[str] = set()
    for word in split_words(text):
        if len(word.form) < 3 or not word.form[0].isalpha() or {word.form, word.bare} & stop:
            continue
        known = _known(word.form, lang)
        key = f"row {known[0]}" if known else stem(word.bare, lang)
        if key in seen:
            continue
        seen.add(key)
        if known:
            row, form = known
            names = tuple(zip(LANGUAGES, table.forms[row], strict=True))
            found.append(ContentWord(form, word.start, word.end, names, row in table.weak))
        else:
            found.append(ContentWord(_unmarked(text[word.start : word.end]), word.start, word.end))
    return found


def _known(form: str, lang: str) -> tuple[int, str] | None:
    """The row of a folded word and the form of the word there, without what Arabic writes in front of it."""
    rows = _table().rows
    tried = [form]
    if lang == "ar":
        while len(tried[-1]) > 4 and tried[-1][0] in _ARABIC_JOINED and len(tried) < 3:
            tried.append(tried[-1][1:])
    return next((rows[lang, stem(t, lang)] for t in tried if (lang, stem(t, lang)) in rows), None)


def _unmarked(word: str) -> str:
    """The word without vowel marks and tatweel, which search engines do not see through."""
    return "".join(letter for letter in word if unicodedata.category(letter) != "Mn" and letter != "\u0640")


@cache
def _table() -> _Table:
    table = tomllib.loads(_DATA.read_text(encoding="utf-8"))
    rows: dict[tuple[str, str], tuple[int, str]] = {}
    forms: list[tuple[str, ...]] = []
    for number, row in enumerate(table["words"]):
        for lang, cell in zip(LANGUAGES, row, strict=True):
            for form in cell.split("|"):
                rows.setdefault((lang, stem(fold(form), lang)), (number, form))
        forms.append(tuple(cell.split("|")[0] for cell in row))
    weak = frozenset(number for number, row in enumerate(forms) if row[1] in table["weak"])
    stop = {lang: frozenset(fold(words).split()) for lang, words in table["stop"].items()}
    return _Table(rows, forms, weak, stop)
