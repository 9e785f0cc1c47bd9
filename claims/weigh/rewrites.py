"""Texts that were put into another language: the same names and figures in the same order.

Words cannot be compared there, but whoever translates or rewrites a text keeps the order of its facts. Two
reporters of one event name much the same, each in an order of their own.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import combinations

from claims.language.names import find_names
from claims.language.numbers import find_numbers
from claims.model import Document
from claims.weigh.readings import language_of

_READ = 6_000  # letters
_RUN = 3  # facts in a row
_SHARE = 0.6  # of the runs of the text with fewer of them
_FEWEST = 8  # runs in a row; a short text holds too few facts to tell
_MOST_PAGES = 200


def rewritten(documents: list[Document]) -> list[tuple[str, str]]:
    """Pairs of documents in two languages of which one is the other put into its language, by id."""
    pages = [(document.id, language_of(document.text), document.text) for document in documents[:_MOST_PAGES]]
    if len({lang for _, lang, _ in pages}) < 2:
        return []
    runs = [(page, lang, _runs(text, lang)) for page, lang, text in pages]
    found = []
    for (one, first, mine), (other, second, theirs) in combinations(runs, 2):
        fewer = min(len(mine), len(theirs))
        if first != second and fewer >= _FEWEST and len(mine & theirs) >= _SHARE * fewer:
            found.append((one, other))
    return found


@lru_cache(maxsize=2_000)
def _runs(text: str, lang: str) -> frozenset[tuple[str, ...]]:
    """Every three facts that follow each other in a text."""
    text = text[:_READ]
    names = find_names(text, lang)
    facts = {who.start: who.id for who in names.who} | {place.start: place.name for place in names.where}
    for number in find_numbers(text, lang):
        if number.unit != "ordinal" and number.value >= 2:
            facts[number.start] = f"{number.value:g}"
    order = [facts[start] for start in sorted(facts)]
    once = [fact for fact, before in zip(order, [None, *order], strict=False) if fact != before]
    return frozenset(tuple(once[i : i + _RUN]) for i in range(len(once) - _RUN + 1))
