"""A text as it is compared: its clauses, who says each, whether it is planned or negated; its fields."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from claims.extract.arabic_verbs import tense
from claims.extract.claims import read_claims
from claims.language.cues import cues
from claims.language.dates import find_dates
from claims.language.letters import fold, fold_with_offsets, script_share
from claims.language.names import country_of, find_names
from claims.language.numbers import find_numbers
from claims.language.sentences import split_sentences
from claims.language.stems import content_stems, stem
from claims.language.words import Word, split_words
from claims.model import Article, Claim, Mode, Quantity, When, Where
from claims.weigh.acts import acts_in
from claims.weigh.checks_words import phrases, words
from claims.weigh.statements import settlements_in

_FEWEST_LEFT = 3  # words between two clauses that are worth reading
_AHEAD: tuple[Mode, ...] = ("pledges", "hopes")
_SPANS = frozenset({"year", "month", "week", "day", "hour", "minute"})
_SENTENCE_ENDS = ".؟!?۔…"


@dataclass(frozen=True, slots=True)
class Name:
    """Somebody or some place that a text names; `at` is where, as a share of the text's length."""

    id: str
    at: float


@dataclass(frozen=True, slots=True)
class Part:
    """One clause. `speaker` holds the id and the stems by which its innermost speaker is called.

    `authority`: the speaker is a body that is taken at its word about its own work; `undone`: the clause
    says that something has not happened yet.
    """

    stems: frozenset[str]
    speaker: frozenset[str]
    mode: Mode | None
    planned: bool
    negated: bool
    when: tuple[When, ...]
    text: str
    called: str
    acts: frozenset[str]
    authority: bool
    undone: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """A text and its clauses, at least one."""

    text: str
    lang: str
    parts: tuple[Part, ...]
    names: tuple[Name, ...]
    numbers: tuple[Quantity, ...]
    places: tuple[Where, ...]  # more exact than a country
    headline: bool
    silent: bool  # it says that somebody did not speak

    @property
    def stems(self) -> frozenset[str]:
        """The content words of all clauses."""
        return frozenset().union(*(part.stems for part in self.parts))

    @property
    def when(self) -> tuple[When, ...]:
        """The days of all clauses."""
        return tuple(when for part in self.parts for when in part.when)


@lru_cache(maxsize=4096)
def read(text: str, published: date | None) -> Reading:
    """A text of a few sentences, read."""
    lang = language_of(text)
    if lang == "ru":
        parts = [_part(sentence.text, published, lang) for sentence in split_sentences(text)]
    else:
        parts = _clauses(text, published, lang)
    return Reading(
        text,
        lang,
        tuple(parts) or (_part(text, published, lang),),
        _names(text, lang),
        _numbers(text, published, lang),
        _places(text, lang),
        not text.rstrip().endswith(tuple(_SENTENCE_ENDS)) and len(text) < 200,
        _says(text, lang, "silent"),
    )


def language_of(text: str) -> str:
    """The language by its letters: Arabic, Russian, or else English."""
    shares = script_share(text[:1000])
    if shares["arabic"] > 0.3:
        return "ar"
    return "ru" if shares["cyrillic"] > 0.3 else "en"


def _names(text: str, lang: str) -> tuple[Name, ...]:
    """Who and where; a place that is a country counts as that country, however it is named."""
    found = find_names(text, lang)
    length = len(text) or 1
    names = {who.id: Name(who.id, who.start / length) for who in reversed(found.who)}
    for place in reversed(found.where):
        if place.country not in names or country_of(place.name) != place.country:
            names[place.name] = Name(place.name, place.start / length)
    return tuple(names.values())


def _places(text: str, lang: str) -> tuple[Where, ...]:
    found = find_names(text, lang)
    exact = settlements_in(found.where, found.who)
    return tuple(place for place in found.where if place.name in exact)


def _numbers(text: str, published: date | None, lang: str) -> tuple[Quantity, ...]:
    """The figures that are no part of a date; "eight years ago" tells of eight years as well."""
    when = find_dates(text, published, lang)
    return tuple(
        number
        for number in find_numbers(text, lang)
        if number.unit in _SPANS or not any(w.start < number.end and number.start < w.end for w in when)
    )


def _clauses(text: str, published: date | None, lang: str) -> list[Part]:
    """The claims of a text in their order, and what stands between them."""
    parts: list[Part] = []
    at = 0
    for claim in read_claims(Article("pair", text, published, lang)).claims:
        parts += _left(text[at : claim.start], published, lang)
        parts += _from_claim(claim, text)
        at = max(at, claim.end)
    return [*parts, *_left(text[at:], published, lang)]


def _left(rest: str, published: date | None, lang: str) -> list[Part]:
    """What the reader of claims leaves out still tells what did not happen, or to whom."""
    rest = rest.strip(" .،,;؛:\n")
    return [_part(rest, published, lang)] if len(rest.split()) >= _FEWEST_LEFT else []


def _from_claim(claim: Claim, text: str) -> list[Part]:
    """The clauses of a claim: one, or more where it turns to what follows or is to follow."""
    link = claim.attribution[-1] if claim.attribution else None
    called, named = frozenset[str](), (link.speaker or "") if link else ""
    mode = link.mode if link else None
    if link is not None:
        called = content_stems(named, claim.lang) | ({link.speaker_id} if link.speaker_id else set())
        if _says(text[claim.start : claim.end], claim.lang, "baseless"):
            mode = "denies"
    elif _says(text[claim.start : claim.end], claim.lang, "alleged"):
        mode = "says"
    stretches = _turns(text, *(claim.content or (claim.start, claim.end)), claim.lang)
    whole = len(stretches) == 1
    parts = []
    for number, (start, end) in enumerate(stretches):
        said = text[start:end]
        ahead = is_ahead(said, claim.lang) or (claim.kind == "plan" and whole)
        first, last = (
            (claim.start if not number else start),
            (end if number + 1 < len(stretches) else claim.end),
        )
        parts.append(
            Part(
                content_stems(text[first:last], claim.lang),
                called,
                mode,
                ahead or mode in _AHEAD,
                is_negated(said, claim.lang),
                tuple(w for w in claim.when if whole or first <= w.start < last),
                said,
                named,
                _acts(said, claim.lang),
                _is_authority(named, claim.lang),
                is_undone(said, claim.lang),
            )
        )
    return parts


def _turns(text: str, start: int, end: int, lang: str) -> list[tuple[int, int]]:
    """The stretches of a clause between the words by which it turns to something else."""
    some, cuts = phrases(lang, "turns"), [start]
    folded = fold_with_offsets(text[start:end])
    for match in some.finditer(folded.text) if some else ():
        at = start + folded.span(match.start(), match.end())[0]
        if min(len(text[cuts[-1] : at].split()), len(text[at:end].split())) >= _FEWEST_LEFT:
            cuts.append(at)
    return list(zip(cuts, [*cuts[1:], end], strict=True))


def _part(text: str, published: date | None, lang: str) -> Part:
    modes: tuple[Mode, ...] = ("denies", "accuses", "says")
    bare = {word.bare for word in split_words(text)}
    return Part(
        content_stems(text, lang),
        frozenset(),
        next(
            (mode for mode in modes if bare & words(lang, mode)),
            "says" if _says(text, lang, "alleged") else None,
        ),
        is_ahead(text, lang),
        is_negated(text, lang),
        tuple(find_dates(text, published, lang)),
        text,
        "",
        _acts(text, lang),
        False,
        is_undone(text, lang),
    )


def _acts(text: str, lang: str) -> frozenset[str]:
    return frozenset(act.verb for act in acts_in(text, lang))


def _is_authority(speaker: str, lang: str) -> bool:
    return bool({word.form for word in split_words(speaker)} & words(lang, "authorities"))


def is_undone(text: str, lang: str) -> bool:
    """Whether a clause says that something has not happened yet."""
    if _says(text, lang, "undone"):
        return True
    found = [word.bare for word in split_words(text)]
    return lang == "ar" and "لم" in found and "بعد" in found[found.index("لم") + 2 : found.index("لم") + 5]


def _to_come(found: Sequence[Word], at: int) -> bool:
    """Whether an Arabic word is a verb of the future, or of what may be."""
    word = found[at]
    if not word.form[0].isalpha():
        return False
    how = tense(word.bare)
    return how == "future" or (how == "present" and at > 0 and found[at - 1].bare == "قد")


def is_ahead(text: str, lang: str) -> bool:
    """Whether a clause tells of what is to come, or was only meant to."""
    found = split_words(text)
    listed = words(lang, "ahead")
    if any(word.form in listed or word.bare in listed for word in found):
        return True
    if lang == "ar" and any(_to_come(found, at) for at in range(len(found))):
        return True
    return _says(text, lang, "ahead_phrases")


def _says(text: str, lang: str, name: str) -> bool:
    some = phrases(lang, name)
    return bool(some and some.search(fold(text)))


def is_negated(text: str, lang: str) -> bool:
    """Whether an odd number of negations stands in a clause."""
    found = split_words(text)
    return sum(_negates(found, at, lang) for at in range(len(found))) % 2 == 1


def negated_stems(text: str, lang: str) -> frozenset[str]:
    """Stems of the words before which a negation stands: of "did not vote", that of "vote"."""
    found = split_words(text)
    return frozenset(
        stem(found[at + 1].bare, lang)
        for at in range(len(found) - 1)
        if found[at + 1].form[0].isalnum() and _negates(found, at, lang)
    )


def _negates(found: Sequence[Word], at: int, lang: str) -> bool:
    word = found[at]
    if word.form in words(lang, "negating") or word.form.endswith("n't"):
        return True
    if lang == "ru":
        return False
    table = cues(lang)
    if not {word.bare, word.form} & table["negation.words"]:
        return False
    following = found[at + 1].form if at + 1 < len(found) else ""
    return following not in table["negation.not_before"]
