"""Number words, units and currencies of all languages, folded and ready to look up."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from babel.core import get_global

from claims.language.letters import fold

_DATA = Path(__file__).parent / "data"
_CLASSES = (
    "ones", "before_ten", "ten", "teens", "tens", "hundreds", "hundred", "scales", "either_scale",
    "dual_scales", "fractions", "parts",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class NumberWord:
    """What a word counts for. `joined`: "and" is a part of it; `skip`: letters of prefixes before it."""

    kind: str
    value: float
    joined: bool = False
    skip: int = 0
    article: bool = False


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit: `factor` of `name` make one; `count` is 2 for an Arabic dual, which is a quantity by itself."""

    name: str
    dimension: str
    factor: float = 1.0
    count: int = 1
    code: bool = False  # an ISO code, which counts in capitals only


@dataclass(frozen=True, slots=True)
class Words:
    """The lexicon of one reading."""

    numbers: dict[str, NumberWord]
    ordinals: dict[str, float]
    pronouns: frozenset[str]
    joiners: frozenset[str]
    articles: frozenset[str]
    points: frozenset[str]
    minus: frozenset[str]
    percent: re.Pattern[str]
    approximate: frozenset[str]
    approximate_ends: frozenset[str]
    approximate_after: frozenset[str]
    not_counted_after: frozenset[str]
    to: frozenset[str]
    fillers: frozenset[str]

    def may_count(self, word: str) -> bool:
        """Whether a number or an article is this word."""
        return word in self.articles or self.number(word) is not None or self.ordinal(word) is not None

    def number(self, word: str) -> NumberWord | None:
        """The number that a word stands for, Arabic prefixes taken off."""
        return self.numbers.get(word) or self._inside(word, self.numbers)

    def ordinal(self, word: str) -> NumberWord | None:
        """The place in an order that a word stands for."""
        if word in self.ordinals:
            return NumberWord("ordinal", self.ordinals[word])
        if word[0] < "\u0600" or word in _DAYS:
            return None
        for joined, preposition, article in _PREFIXES:
            prefix = joined + preposition + article
            if word.startswith(prefix) and word[len(prefix) :] in self.ordinals:
                skip = len(joined) + len(preposition)
                return NumberWord("ordinal", self.ordinals[word[len(prefix) :]], bool(joined), skip)
        return None

    def _inside(self, word: str, known: dict[str, NumberWord]) -> NumberWord | None:
        if word[0] < "\u0600" or len(word) < 3 or word in _DAYS:
            return None
        for joined, preposition, article in _PREFIXES:
            prefix = joined + preposition + article
            if word.startswith(prefix) and word[len(prefix) :] in known and word[len(prefix) :] not in _DAYS:
                inner = known[word[len(prefix) :]]
                skip = len(joined) + len(preposition)
                return NumberWord(inner.kind, inner.value, bool(joined), skip, bool(article))
        return None


_PREFIXES = tuple(
    (joined, preposition, article)
    for joined in ("", "و", "ف")
    for preposition in ("", "ب", "ل", "ك")
    for article in ("", "ال")
    if joined or preposition or article
)
_DAYS = frozenset(fold(day) for day in ("الاثنين", "الإثنين", "الأحد", "الست"))


def _table(name: str) -> dict[str, Any]:
    return tomllib.loads((_DATA / f"numbers_{name}.toml").read_text(encoding="utf-8"))


def _folded(words: Iterable[str]) -> frozenset[str]:
    return frozenset(fold(word) for word in words)


def choice(words: Iterable[str]) -> str:
    """A pattern for any of the words, the longest first, ending where the word ends."""
    forms = sorted({fold(word) for word in words}, key=len, reverse=True)
    return (
        "(?:" + "|".join(re.escape(form) + (r"(?!\w)" if form[-1:].isalnum() else "") for form in forms) + ")"
    )


@cache
def words(persian: bool) -> Words:
    """The lexicon for a text that is Persian or is not."""
    tables = [_table(name) for name in (("fa", "en", "ru") if persian else ("ar", "en", "ru"))]
    numbers: dict[str, NumberWord] = {}
    ordinals: dict[str, float] = {}
    for rows in tables:
        for kind in _CLASSES:
            for value, forms in rows.get(kind, {}).items():
                for form in forms:
                    numbers.setdefault(fold(form), NumberWord(kind, float(value)))
        for tens, forms in rows.get("tens", {}).items():  # "twentyfive" and "twentyfifth" in one word
            if rows.get("teens") and "a" <= forms[0][0] <= "z":
                for ones in range(1, 10):
                    for form in rows["ones"][str(ones)][:1]:
                        numbers.setdefault(forms[0] + form, NumberWord("tens", float(tens) + ones))
                    ordinals[forms[0] + rows["ordinals"][str(ones)][0]] = float(tens) + ones
        for value, forms in rows.get("ordinals", {}).items():
            ordinals.update((fold(form), float(value)) for form in forms)
        for value, stems in rows.get("ordinal_stems", {}).items():
            endings = rows["ordinal_endings"]["all"]
            ordinals.update((fold(stem + end), float(value)) for stem in stems for end in endings)

    def listed(name: str) -> frozenset[str]:
        return _folded(word for rows in tables for word in rows["words"].get(name, []))

    return Words(
        numbers=numbers,
        ordinals=ordinals,
        pronouns=listed("pronouns"),
        joiners=listed("and") | {"و"},
        articles=listed("article"),
        points=listed("point"),
        minus=listed("minus"),
        percent=re.compile(r" ?(?:%|" + choice(listed("percent")) + ")"),
        approximate=listed("approximate"),
        approximate_ends=frozenset(phrase.rpartition(" ")[2] for phrase in listed("approximate")),
        approximate_after=listed("approximate_after"),
        not_counted_after=listed("not_counted_after"),
        to=listed("to"),
        fillers=listed("filler"),
    )


@dataclass(frozen=True, slots=True)
class Units:
    """Units by word, by sign directly after a figure, and currencies that stand before one."""

    by_word: dict[str, Unit]
    by_symbol: dict[str, Unit]
    before: dict[str, Unit]
    first: frozenset[str]  # the first word of each
    odd: re.Pattern[str]  # the unit words that are not letters and spaces only
    symbol: re.Pattern[str]
    prefix: re.Pattern[str]
    glued: re.Pattern[str]
    nations: dict[str, str]  # a country's adjective -> the code of its currency


@cache
def units() -> Units:
    """All units and currencies."""
    by_word: dict[str, Unit] = {}
    by_symbol: dict[str, Unit] = {}
    before: dict[str, Unit] = {}
    for dimension, rows in _table("units").items():
        for key, row in rows.items():
            name, factor = row.get("unit", key), float(row.get("factor", 1))
            for form in row.get("words", []):
                by_word.setdefault(fold(form), Unit(name, dimension, factor))
            for form in row.get("dual", []):
                by_word.setdefault(fold(form), Unit(name, dimension, factor, 2))
            for form in row.get("symbols", []):
                by_symbol[fold(form)] = Unit(name, dimension, factor)
            for form in row.get("before", []):
                before[fold(form)] = Unit(name, dimension, factor)
    for code in get_global("all_currencies"):
        if code.lower() in _ORDINARY:
            continue
        by_word.setdefault(code.lower(), Unit(code, "money", code=True))
        before.setdefault(code.lower(), Unit(code, "money", code=True))
    signs = "|".join(re.escape(form) for form in sorted(before, key=len, reverse=True))
    return Units(
        by_word,
        by_symbol,
        before,
        frozenset(form.split(" ")[0] for form in (*by_word, *before)),
        re.compile(choice(form for form in by_word if not form.replace(" ", "").isalpha())),
        re.compile(choice(by_symbol) + r"(?!\.\w)"),
        re.compile(rf"(?<!\w)(?:{signs}) ?$"),
        re.compile(rf"(?:{signs})(?=\d)"),
        _codes(),
    )


# Currency codes that are words, or near enough.
_ORDINARY = frozenset(
    {"all", "top", "try", "pen", "mop", "gel", "ron", "bam", "lak", "ars", "cop", "mad", "cup"}
)


@cache
def _codes() -> dict[str, str]:
    """The currency code by the folded adjective or name of its country."""
    countries = tomllib.loads((_DATA / "names_countries.toml").read_text(encoding="utf-8"))
    found: dict[str, str] = {}
    for country, currencies in get_global("territory_currencies").items():
        current = [row[0] for row in currencies if row[2] is None and row[3]]
        if not current or country not in countries:
            continue
        row = countries[country]
        for stem in row.get("ar_adj", []):
            for end in ("", "ة", "ا"):
                found[fold(stem + end)] = current[0]
        for adjective in row.get("en_adj", []):
            found[fold(adjective)] = current[0]
        for adjective in row.get("ru_adj", []):
            for end in ("ий", "их", "ого", "ая", "ые", "ий"):
                found[fold(adjective)[:-2] + end] = current[0]
        for adjective in row.get("fa_adj", []):
            found[fold(adjective)] = current[0]
    return found
