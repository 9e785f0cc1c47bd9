"""Fewer words of a query, for servers that want every word on the page and so found nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache

from babel import Locale, UnknownLocaleError

from claims.model import Query

_MOST_FIRST = 4
_PAIRS_WITHIN = 6  # words: names and the first of what happened


class Widening:
    """What is left to ask a server for a query, by what it was already asked in vain."""

    def __init__(self) -> None:
        self._vain: set[tuple[Query, frozenset[str]]] = set()

    def wordings(self, query: Query) -> Iterator[Query]:
        """The query, then fewer and fewer of its words, the most telling first.

        Where some words found nothing, more words with them are left out: they would find nothing either.
        """
        for text in _fewer(query.text):
            words = set(text.split())
            wordless = replace(query, text="")
            if not any(other == wordless and vain <= words for other, vain in self._vain):
                yield replace(query, text=text)

    def in_vain(self, wording: Query) -> None:
        """The server was asked this and found nothing."""
        self._vain.add((replace(wording, text=""), frozenset(wording.text.split())))


def undated(query: Query) -> Query:
    """The query without years and names of months, for servers that are told the days beside the words."""
    months = _months(query.lang)
    kept = [word for word in query.text.split() if not word.isdecimal() and word.casefold() not in months]
    return replace(query, text=" ".join(kept))


@cache
def _months(lang: str) -> frozenset[str]:
    try:
        named = Locale.parse(lang).months
    except (UnknownLocaleError, ValueError):
        return frozenset()
    return frozenset(name.casefold() for kind in named.values() for name in kind["wide"].values())


def _fewer(text: str) -> Iterator[str]:
    """The words, the first of them, then pairs, each a chance of its own: a name may be written otherwise.

    A pair with digits in it would only name a month, and is left out.
    """
    words = text.split()
    yield " ".join(words)
    if len(words) > _MOST_FIRST:
        yield " ".join(words[:_MOST_FIRST])
    if len(words) > 2:
        for start in range(0, min(len(words), _PAIRS_WITHIN) - 1, 2):
            pair = " ".join(words[start : start + 2])
            if not any(letter.isdigit() for letter in pair):
                yield pair
