"""What can be checked about a claim and a passage by their own fields, apart from any model."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from pathlib import Path

from claims.language.cues import cues
from claims.language.dates import find_dates
from claims.language.letters import script_share
from claims.language.names import find_names
from claims.language.numbers import find_numbers
from claims.language.stems import content_stems
from claims.language.words import split_words
from claims.model import Quantity, When
from claims.weigh.alignment import Fit, fit_dates, fit_values

_SENTENCE_ENDS = ".؟!?۔…"


@dataclass(frozen=True, slots=True)
class Facts:
    """The fields of a text that are compared."""

    lang: str
    when: tuple[When, ...]
    numbers: tuple[Quantity, ...]
    names: frozenset[str]
    stems: frozenset[str]
    negations: int
    quoting: bool
    planning: bool
    headline: bool


@dataclass(frozen=True, slots=True)
class Checks:
    """How the fields of a passage fit those of a claim. `closeness` is the cosine of their vectors.

    `shared_words` is the share of the claim's content words that the passage has, `missing_names` that of
    its names that the passage has not; both are 0 where nothing can be compared.
    """

    dates: Fit
    figures: Fit
    shared_words: float
    missing_names: float
    negation_differs: bool
    attributed: bool  # somebody is quoted in the passage and not in the claim
    only_planned: bool  # the passage tells of a plan, the claim of a fact
    across: bool  # two languages
    headlines: bool
    arabic: bool
    closeness: float


def checks_of(
    claim: str,
    passage: str,
    closeness: float,
    claim_date: date | None = None,
    passage_date: date | None = None,
) -> Checks:
    """The checks of a claim against a passage of one to three sentences."""
    mine, theirs = facts_of(claim, claim_date), facts_of(passage, passage_date)
    across = mine.lang != theirs.lang
    shared = len(mine.stems & theirs.stems) / len(mine.stems) if mine.stems and not across else 0.0
    missing = len(mine.names - theirs.names) / len(mine.names) if mine.names else 0.0
    return Checks(
        dates=fit_dates(mine.when, theirs.when)[0],
        figures=fit_values(mine.numbers, theirs.numbers),
        shared_words=shared,
        missing_names=missing,
        negation_differs=(mine.negations > 0) != (theirs.negations > 0),
        attributed=theirs.quoting and not mine.quoting,
        only_planned=theirs.planning and not mine.planning,
        across=across,
        headlines=mine.headline and theirs.headline,
        arabic=mine.lang == "ar",
        closeness=closeness,
    )


@lru_cache(maxsize=4096)
def facts_of(text: str, published: date | None) -> Facts:
    """The fields of a text."""
    lang = language_of(text)
    when = tuple(find_dates(text, published, lang))
    numbers = tuple(
        number
        for number in find_numbers(text, lang)
        if not any(w.start < number.end and number.start < w.end for w in when)
    )
    found = find_names(text, lang)
    words = {word.bare for word in split_words(text)}
    named = {who.id for who in found.who} | {place.name for place in found.where}
    return Facts(
        lang=lang,
        when=when,
        numbers=numbers,
        names=frozenset(named),
        stems=content_stems(text, lang),
        negations=len(words & _words(lang, "negation", "denies"))
        + sum(word.endswith("n't") for word in words),
        quoting=bool(
            words & _words(lang, "says", "announces", "reports", "accuses", "denies", "according_to")
        ),
        planning=bool(words & _words(lang, "plan", "pledges", "hopes")) or _in_future(words, lang),
        headline=not text.rstrip().endswith(tuple(_SENTENCE_ENDS)) and len(text) < 200,
    )


@cache
def _russian() -> dict[str, frozenset[str]]:
    """The plainest words of Russian; its fuller cues are beginnings of words, and serve statements."""
    table = tomllib.loads((Path(__file__).parent / "data" / "checks_ru.toml").read_text(encoding="utf-8"))
    return {name: frozenset(words.split()) for name, words in table.items()}


@cache
def _words(lang: str, *tables: str) -> frozenset[str]:
    """The folded words of these tables of the language's cues, one by one."""
    if lang not in ("ar", "en"):
        known = _russian()
        return frozenset().union(*(known[table] for table in tables if table in known))
    lists = cues(lang).lists
    return frozenset().union(*(words for name, words in lists.items() if name.split(".")[0] in tables))


def _in_future(words: set[str], lang: str) -> bool:
    """Whether an Arabic verb carries the letter of the future."""
    return lang == "ar" and any(len(word) > 4 and word[0] == "س" and word[1] in "يتن" for word in words)


def language_of(text: str) -> str:
    """The language by its letters: Arabic, Russian, or else English."""
    shares = script_share(text[:1000])
    if shares["arabic"] > 0.3:
        return "ar"
    return "ru" if shares["cyrillic"] > 0.3 else "en"
