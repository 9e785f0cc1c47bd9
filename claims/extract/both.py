"""Whom "the two countries" and "both leaders" mean: the two that the sentences before name, if just two."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from claims.language.cues import cues
from claims.language.letters import fold
from claims.language.names import country_of, names_in
from claims.language.words import Word
from claims.model import Claim, Who

_REACH = 4  # sentences; a pair further back is not meant
_AND = {"ar": "{} و{}", "en": "{} and {}"}


class Both:
    """The names of an article by sentence, to be asked about pairs."""

    def __init__(self, claims: Sequence[Claim], text: str, lang: str) -> None:
        self._text, self._lang = text, lang
        self._who: dict[int, list[Who]] = {}
        for claim in claims:
            self._who.setdefault(claim.sentence, []).extend(claim.who)

    def named(self, words: Sequence[Word], i: int, sentence: int, at: int) -> str | None:
        """The two that the word `i`, which stands at `at` in the article, means; None if unknown."""
        persons = _list(words, i, self._lang) == "persons"
        for number in range(sentence, sentence - _REACH - 1, -1):
            before = [who for who in self._who.get(number, ()) if who.start < at]
            found = self._persons(before) if persons else self._countries(before)
            if len(found) > 1:
                return _AND[self._lang].format(*found) if len(found) == 2 else None
        return None

    def _persons(self, named: Iterable[Who]) -> list[str]:
        return list({who.id: who.text for who in named if who.type == "person"}.values())

    def _countries(self, named: Iterable[Who]) -> list[str]:
        """Countries, those of persons too; not one that only tells where ("in Turkmenistan")."""
        codes: dict[str, str] = {}
        for who in named:
            code = who.id if who.type == "country" else country_of(who.id) if who.type == "person" else None
            if code and not self._tells_where(who):
                codes.setdefault(code, next(iter(names_in(code, self._lang)), who.text))
        return list(codes.values())

    def _tells_where(self, who: Who) -> bool:
        before = fold(self._text[max(0, who.start - 8) : who.start]).split()
        return bool(before) and before[-1] in cues(self._lang)["standalone.in"]


def pair_words(words: Sequence[Word], lang: str) -> list[int]:
    """The indices of the words that mean two who were named before."""
    return [i for i in range(len(words)) if not words[i].quoted and _list(words, i, lang)]


def _list(words: Sequence[Word], i: int, lang: str) -> str | None:
    """ "persons" or "countries" where the word means two of them."""
    table = cues(lang)
    if lang == "en" and (i == 0 or words[i - 1].form not in table["standalone.two"]):
        return None
    for form in (words[i].form, words[i].bare, _without_preposition(words[i].bare)):
        for name in ("persons", "countries"):
            if form in table[f"standalone.two_{name}"]:
                return name
    return None


def _without_preposition(form: str) -> str:
    """An Arabic word with its article, without the preposition joined to it: للبلدين, بالبلدين."""
    return "ال" + form[2:] if form.startswith("لل") else form[1:] if form[1:3] == "ال" else form
