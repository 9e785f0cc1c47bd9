"""Lexical search: texts ranked by the words they share with a query, forms of one word taken as one."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable

from claims.language.letters import fold
from claims.language.stems import stem

_WORD = re.compile(r"\w+")
_K1 = 1.2
_B = 0.6


def stems(text: str) -> list[str]:
    """The words of a text in order, folded and cut to their stems by the rules of their script."""
    return [stem(word, _language_of(word[0])) for word in _WORD.findall(fold(text))]


def _language_of(letter: str) -> str:
    if "\u0600" <= letter <= "\u06ff":
        return "ar"
    if "\u0400" <= letter <= "\u04ff":
        return "ru"
    return "en" if letter.isalpha() else ""


class LexicalIndex:
    """Texts to be searched (BM25). Each is added with a key; keys come back best first."""

    def __init__(self) -> None:
        self._counts: dict[str, list[tuple[int, int]]] = defaultdict(list)
        self._keys: list[str] = []
        self._lengths: list[int] = []

    def add(self, key: str, parts: Iterable[tuple[str, int]]) -> None:
        """The text is found from now on. `parts` are pieces of it, each with how often it counts."""
        counts: Counter[str] = Counter()
        for text, weight in parts:
            for form in stems(text):
                counts[form] += weight
        number = len(self._keys)
        self._keys.append(key)
        self._lengths.append(sum(counts.values()))
        for form, count in counts.items():
            self._counts[form].append((number, count))

    def search(self, query: str, shared: int = 1) -> list[tuple[str, float]]:
        """The keys of all texts that share so many words with the query, with scores, best first.

        Of a query with fewer words all of them are wanted. Ties go by key.
        """
        total = len(self._keys)
        if not total:
            return []
        mean = max(1.0, sum(self._lengths) / total)
        scores: dict[int, float] = defaultdict(float)
        held: Counter[int] = Counter()
        forms = sorted(set(stems(query)))
        for form in forms:
            postings = self._counts.get(form, [])
            weight = math.log(1 + (total - len(postings) + 0.5) / (len(postings) + 0.5))
            for number, count in postings:
                norm = _K1 * (1 - _B + _B * self._lengths[number] / mean)
                scores[number] += weight * count * (_K1 + 1) / (count + norm)
                held[number] += 1
        least = min(shared, len(forms))
        ranked = sorted(scores.items(), key=lambda item: (-item[1], self._keys[item[0]]))
        return [(self._keys[number], round(score, 6)) for number, score in ranked if held[number] >= least]
