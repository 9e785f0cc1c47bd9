"""Queries for a claim: its names, its content words and its dates, in each language that may know of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from babel import Locale
from babel.dates import get_month_names

from claims.gather.vocabulary import LANGUAGES, ContentWord, content_words
from claims.language.dates import find_dates
from claims.language.names import countries_official_languages, country_of, find_names, names_in
from claims.model import Article, Claim, Query

_MOST_WORDS = 9
_MOST_NAMES = 3
_MOST_CONTENT = 4
_LEADING = 20_000  # letters of the article that are looked at for what it is about
_LEADING_NAMES = 2
_RANK = {"place": 0, "organisation": 1, "person": 2, "country": 3}


@dataclass(frozen=True, slots=True)
class _Name:
    id: str  # a Who id, or the English name of a place
    text: str
    kind: str
    start: int
    end: int


def queries_for(claim: Claim, article: Article, limit: int) -> list[Query]:
    """At most `limit` queries of a few words each, the most promising first, none twice.

    They are in the claim's language, in English and in the languages of the countries involved, as far as
    the names in it are known there. The same claim gives the same queries.
    """
    text = claim.standalone or claim.text
    names = _names(text, claim.lang)
    told = text
    if not names:  # "both countries announced": the article has said which
        names = list(_leading_names(article.text, article.lang))
        told = f"{text} {' '.join(name.text for name in names)}"
    words = _words(claim, article, names)
    months = _month(claim, article)
    others = [lang for lang in _languages(told, claim.lang) if lang not in (claim.lang, "en")]
    own, english, *rest = (
        _Wording(lang, claim.lang, names, words, months) for lang in (claim.lang, "en", *others)
    )
    speakers = [link.speaker_id for link in reversed(claim.attribution) if link.speaker_id]
    speaker = next((speaker for speaker in speakers if not speaker.startswith("agency:")), None)
    ordered = [own.what(), english.what(), own.when(), *(wording.what() for wording in rest)]
    ordered += [english.when(), *(wording.when() for wording in rest)]
    if speaker:
        ordered[3:3] = [own.said(speaker)]
        ordered.append(english.said(speaker))
    unique = dict.fromkeys(query for query in ordered if len(query.text.split()) >= 2)
    first, last = _days(claim, article)
    chosen = list(unique)[:limit] or _bare(claim, text)
    return [replace(query, first=first, last=last) for query in chosen]


class _Wording:
    """The parts of a claim put into the words of one language."""

    def __init__(
        self,
        lang: str,
        own: str,
        names: list[_Name],
        words: list[ContentWord],
        month: tuple[date, bool] | None,
    ) -> None:
        self.lang = lang
        self._own = lang == own
        several = sum(name.kind == "person" for name in names) > 1
        spelt = (self._spelt(name, several) for name in names)
        self._names = list(dict.fromkeys(name for name in spelt if name))[:_MOST_NAMES]
        forms = (word.text if self._own else word.in_language(lang) for word in words)
        self._words = [form for form in forms if form]
        self._month = self._dated(*month) if month else ""

    def what(self) -> Query:
        """Who and what."""
        return self._joined([*self._names, *self._words[:_MOST_CONTENT]])

    def when(self) -> Query:
        """Who, in which month, and the first word of what."""
        about = [*self._names, *self._words[:2]]
        return self._joined([*about, self._month] if about else [])

    def said(self, speaker: str) -> Query:
        """What a speaker said."""
        name = next(iter(names_in(speaker, self.lang)), "")
        rest = [word for word in self._names[:2] if word != name]
        return self._joined([name, *rest, *self._words[:_MOST_CONTENT]] if name else [])

    def _joined(self, pieces: Iterable[str]) -> Query:
        taken: list[str] = []
        for piece in pieces:
            if piece and len(taken) + len(piece.split()) <= _MOST_WORDS:
                taken += [word for word in piece.split() if word not in taken]
        return Query(" ".join(taken), self.lang)

    def _spelt(self, name: _Name, several: bool) -> str | None:
        known = names_in(name.id, self.lang)
        if not known:
            return name.text if self._own else None
        if several and name.kind == "person":
            return known[-1]  # the family name: two of them tell enough
        if self.lang in ("ru", "fa") and name.kind == "country":
            usual = Locale.parse(self.lang).territories.get(name.id)
            return next((spelling for spelling in known if " " not in spelling), usual or known[0])
        return known[0]

    def _dated(self, day: date, whole_year: bool) -> str:
        if whole_year or self.lang not in LANGUAGES:
            return str(day.year)
        month = get_month_names("wide", context="stand-alone", locale=self.lang)[day.month]
        return f"{month} {day.year}"


def _names(text: str, lang: str) -> list[_Name]:
    """The names of a text, the most telling kinds first; news agencies only hand on what others say."""
    found = find_names(text, lang)
    governments = {(who.start, who.end) for who in found.who}
    names = [
        _Name(who.id, who.text, who.type, who.start, who.end) for who in found.who if who.type != "agency"
    ]
    names += [
        _Name(where.name, where.text, "place", where.start, where.end)
        for where in found.where
        if (where.start, where.end) not in governments
    ]
    once = {name.id: name for name in reversed(sorted(names, key=lambda name: name.start))}
    told = {country_of(name.id) for name in once.values() if name.kind == "person"}  # with the person's name
    kept = [name for name in once.values() if name.kind != "country" or name.id not in told]
    return sorted(kept, key=lambda name: (_RANK.get(name.kind, 1), name.start))


@lru_cache(maxsize=64)
def _leading_names(text: str, lang: str) -> tuple[_Name, ...]:
    """The two names that the article is most about, by how often they are in it, of two countries."""
    counts: Counter[str] = Counter()
    named: dict[str, _Name] = {}
    for line in text[:_LEADING].splitlines():
        for name in _names(line, lang):
            counts[name.id] += 1
            named.setdefault(name.id, name)
    chosen: dict[str, _Name] = {}
    for id, count in counts.most_common():
        if count > 1 and len(chosen) < _LEADING_NAMES:
            chosen.setdefault(country_of(id) or id, named[id])
    return tuple(chosen.values())


def _words(claim: Claim, article: Article, names: list[_Name]) -> list[ContentWord]:
    """The content words of what is claimed, without names and dates; those true of any story last."""
    text = article.text[slice(*claim.content)] if claim.content else claim.standalone or claim.text
    taken = [(when.start, when.end) for when in find_dates(text, article.published, claim.lang)]
    found = find_names(text, claim.lang)
    taken += [(who.start, who.end) for who in found.who] + [(where.start, where.end) for where in found.where]
    known = {part for name in names for part in name.text.split()}
    words = [
        word
        for word in content_words(text, claim.lang)
        if word.text not in known and not any(start < word.end and word.start < end for start, end in taken)
    ]
    return sorted(words, key=lambda word: word.weak)


def _month(claim: Claim, article: Article) -> tuple[date, bool] | None:
    """A day of the month that the claim is about, and whether only the year is known."""
    if claim.when:
        when = claim.when[0]
        return when.first, when.grain in ("year", "quarter")
    return (article.published, False) if article.published else None


def _days(claim: Claim, article: Article) -> tuple[date | None, date | None]:
    """The first and last day that the claim is about; the article's own where it names none."""
    if claim.when:
        return min(when.first for when in claim.when), max(when.last for when in claim.when)
    return article.published, article.published


def _languages(text: str, lang: str) -> list[str]:
    """The languages of the countries that the names of a text belong to, the commonest first."""
    counts: Counter[str] = Counter()
    found = find_names(text, lang)
    countries = [who.id if who.type == "country" else country_of(who.id) for who in found.who]
    countries += [where.country for where in found.where]
    for country in countries:
        spoken = [known for known in countries_official_languages(country or "") if known in LANGUAGES]
        counts.update(spoken[:1])
    return [known for known, _ in counts.most_common()]


def _bare(claim: Claim, text: str) -> list[Query]:
    """The first words of the claim, where it has neither names nor words that could be told apart."""
    words = text.split()[:_MOST_WORDS]
    return [Query(" ".join(words), claim.lang)] if words else []
