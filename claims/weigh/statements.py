"""What a page states, read the way the article is read: who says what, when, where, how much."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path

import claims.language as language
from claims.extract.claims import read_claims
from claims.language.dates import find_dates
from claims.language.letters import fold, script_share
from claims.language.names import country_of, find_names, names_in
from claims.language.numbers import find_numbers
from claims.language.sentences import split_sentences
from claims.model import Article, Claim, Document, Mode, Polarity, Quantity, When, Where, Who
from claims.weigh.assertive import asserts, calls_false

_SHORTEST = 25  # letters; less is a caption or a button
_MOST_SENTENCES = 400  # of one page; news is shorter, and a page of a million sentences must cost no more


@dataclass(frozen=True, slots=True)
class Context:
    """What a sentence may take as known: the names in the page's title and in the sentence before."""

    names: frozenset[str]
    settlements: frozenset[str]


_NOTHING_BEFORE = Context(frozenset(), frozenset())


@dataclass(frozen=True, slots=True)
class Statement:
    """One thing that a text states. `start` and `end` span the whole sentence that will be quoted.

    `speakers` are the ids of who says it, outermost first, empty where the page itself asserts;
    `mode` is that of the innermost speaker. `content` is what is stated, without who says it.
    """

    start: int
    end: int
    content: str
    lang: str
    speakers: tuple[str | None, ...]
    speaker_names: tuple[str, ...]
    mode: Mode | None
    polarity: Polarity
    when: tuple[When, ...]
    where: tuple[Where, ...]
    who: tuple[Who, ...]
    numbers: tuple[Quantity, ...]
    published: date | None = None  # of the page
    passage: str = ""  # for the stance model: its sentence and the next, where somebody says it the content
    before: Context = _NOTHING_BEFORE

    @property
    def names(self) -> frozenset[str]:
        """Who is named, by id and by country, here or just before."""
        return names_of(self.who, self.where) | self.before.names

    @property
    def settlements(self) -> frozenset[str]:
        """The places more exact than a country that are named here, or else just before."""
        return settlements_in(self.where, self.who) or self.before.settlements


def statements_of(document: Document) -> tuple[Statement, ...]:
    """Everything a page states, in its order, the title not included.

    Sentences that state nothing (rows of keywords, words to whoever checks the page) are left out.
    """
    lang = _lang(document)
    found = _read_fully(document, lang) if lang in ("ar", "en") else _read_lightly(document, lang)
    told = [
        _as_meant(one, document.text[one.start : one.end])
        for one in found
        if asserts(document.text[one.start : one.end])
    ]
    return _in_context(told, document, lang)


def _as_meant(statement: Statement, sentence: str) -> Statement:
    """A statement with the opposite sign where its sentence calls false what it tells."""
    if statement.mode == "denies" or statement.polarity == "negated" or not calls_false(sentence):
        return statement
    return replace(statement, polarity="negated")


def _in_context(found: Sequence[Statement], document: Document, lang: str) -> tuple[Statement, ...]:
    title = find_names(document.title or "", lang)
    title_names, title_places = names_of(title.who, title.where), settlements_in(title.where, title.who)
    passages = _passages(document.text)
    placed: list[Statement] = []
    previous = _NOTHING_BEFORE  # what the sentence before named
    current, at = _NOTHING_BEFORE, -1
    for statement in found:
        names, places = (
            names_of(statement.who, statement.where),
            settlements_in(statement.where, statement.who),
        )
        if statement.start != at:
            previous, at = current, statement.start
            current = Context(names, places)
        else:
            current = Context(current.names | names, current.settlements | places)
        before = Context(title_names | previous.names, previous.settlements or title_places)
        passage = statement.content if statement.speakers else passages[statement.start]
        placed.append(replace(statement, published=document.published, passage=passage, before=before))
    return tuple(placed)


def _passages(text: str) -> dict[int, str]:
    """By the start of each sentence: it and the one behind it, which may tell the day or the place."""
    sentences = split_sentences(text)[: _MOST_SENTENCES + 1]
    nexts = [*sentences[1:], *sentences[-1:]]
    return {one.start: text[one.start : other.end] for one, other in zip(sentences, nexts, strict=True)}


def names_of(who: Iterable[Who], where: Iterable[Where]) -> frozenset[str]:
    """Who is named, by id and by country."""
    people = list(who)
    named = {one.id for one in people} | {country_of(one.id) for one in people}
    return frozenset(name for name in named | {place.country for place in where} if name)


def settlements_in(places: Iterable[Where], who: Iterable[Who]) -> frozenset[str]:
    """The names of those places that are no countries, nor capitals that stand for a government."""
    governments = {(one.start, one.end) for one in who if one.type == "country"}
    return frozenset(
        place.name
        for place in places
        if (place.start, place.end) not in governments
        and not (place.country and place.name in names_in(place.country, "en"))
    )


def _lang(document: Document) -> str:
    shares = script_share(document.text[:4000])
    if shares["arabic"] > 0.3:
        return "fa" if document.lang == "fa" else "ar"
    if shares["cyrillic"] > 0.3:
        return "ru"
    return "en"


def _read_fully(document: Document, lang: str) -> tuple[Statement, ...]:
    article = Article(document.id, document.text, document.published, lang)
    sentences = split_sentences(document.text)
    claims = read_claims(article).claims
    by_id = {claim.id: claim for claim in claims}
    found: list[Statement] = []
    for claim in claims:
        if claim.sentence >= _MOST_SENTENCES:
            break
        sentence = sentences[claim.sentence]
        if sentence.end - sentence.start < _SHORTEST:
            continue
        found.append(_from_claim(claim, by_id, document.text, sentence.start, sentence.end))
    return tuple(found)


def _from_claim(claim: Claim, by_id: dict[str, Claim], text: str, start: int, end: int) -> Statement:
    about = by_id.get(claim.about or "")
    facts = claim
    span = claim.content
    if span is None and about is not None and about.content is not None:
        span, facts = about.content, about
    if span is None:
        span = (claim.start, claim.end)
    return Statement(
        start=start,
        end=end,
        content=text[span[0] : span[1]],
        lang=claim.lang,
        speakers=tuple(link.speaker_id for link in claim.attribution),
        speaker_names=tuple(link.speaker or "" for link in claim.attribution),
        mode=claim.attribution[-1].mode if claim.attribution else None,
        polarity=claim.polarity,
        when=facts.when,
        where=facts.where,
        who=tuple({who.id: who for who in (*facts.who, *claim.who)}.values()),
        numbers=facts.numbers,
    )


@cache
def _light_cues(lang: str) -> tuple[tuple[Mode, tuple[str, ...]], ...]:
    file = Path(language.__file__).parent / "data" / f"cues_{lang}.toml"
    table = tomllib.loads(file.read_text(encoding="utf-8"))
    order: tuple[Mode, ...] = ("denies", "accuses", "hopes", "pledges", "says", "reports")
    return tuple(
        (mode, tuple(fold(w.replace("_", " ")) for w in table[mode]["forms"].split())) for mode in order
    )


def _read_lightly(document: Document, lang: str) -> tuple[Statement, ...]:
    """Russian and Persian: a sentence is one statement; the first cue in it says whose and how."""
    found: list[Statement] = []
    text = document.text
    for sentence in split_sentences(text)[:_MOST_SENTENCES]:
        if sentence.end - sentence.start < _SHORTEST:
            continue
        names = find_names(sentence.text, lang)
        mode, at = _cue(fold(sentence.text), lang)
        speakers: tuple[str, ...] = ()
        if mode:
            reach = at + 40 if lang == "ru" else len(sentence.text)
            speakers = tuple(who.id for who in names.who if who.start <= reach)[:1]
        when = tuple(_shifted(w, sentence.start) for w in find_dates(sentence.text, document.published, lang))
        numbers = tuple(
            number
            for number in find_numbers(sentence.text, lang)
            if not any(
                d.start - sentence.start < number.end and number.start < d.end - sentence.start for d in when
            )
        )
        found.append(
            Statement(
                start=sentence.start,
                end=sentence.end,
                content=sentence.text,
                lang=lang,
                speakers=speakers,
                speaker_names=speakers,
                mode=mode,
                polarity="negated" if mode == "denies" else "affirmed",
                when=when,
                where=names.where,
                who=names.who,
                numbers=numbers,
            )
        )
    return tuple(found)


def _cue(folded: str, lang: str) -> tuple[Mode | None, int]:
    padded = " " + folded
    for mode, stems in _light_cues(lang):
        places = [padded.find(" " + stem) for stem in stems]
        reached = [place for place in places if place >= 0]
        if reached:
            return mode, min(reached)
    return None, -1


def _shifted(when: When, by: int) -> When:
    return When(
        when.text, when.start + by, when.end + by, when.first, when.last, when.grain, when.approximate
    )
