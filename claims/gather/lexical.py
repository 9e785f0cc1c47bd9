"""Lexical search: texts ranked by the words they share with a query, forms of one word taken as one."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable

from claims.language.letters import fold

_WORD = re.compile(r"\w+")
_ARABIC_FRONT = re.compile(r"^(?:[وف]?(?:[بك]?ال|لل)|[وفبلك](?=\w{4}))(?=\w{3})")
_ARABIC_BACK = re.compile(r"(?<=\w{3})(?:يات|تين|تان|هما|كما|ها|هم|هن|نا|ات|ون|ين|ان|يه|ته|تي|ه|ي|ا)$")
_ENGLISH_BACK = re.compile(r"(?<=[a-z]{3})(?:ies|ing|ers|ed|es|er|ly|s|e)$")
_RUSSIAN_BACK = re.compile(
    r"(?<=[а-я]{3})(?:иями|ями|ами|иях|ого|его|ому|ему|ыми|ими|ией|ах|ях|ов|ев|ей|ой|ый|ий|ая|яя|ое|ее|ые|ие|"
    r"ую|юю|ом|ем|ам|ям|ых|их|ия|ии|ию|а|я|о|е|ы|и|у|ю|ь|й)$"
)
_K1 = 1.2
_B = 0.6


def stems(text: str) -> list[str]:
    """The words of a text in order, folded and without their commonest endings."""
    return [_stem(word) for word in _WORD.findall(fold(text))]


def _stem(word: str) -> str:
    first = word[0]
    if "\u0600" <= first <= "\u06ff":
        return _ARABIC_BACK.sub("", _ARABIC_FRONT.sub("", word))
    if "а" <= first <= "я":
        return _RUSSIAN_BACK.sub("", word)
    if "a" <= first <= "z":
        return _ENGLISH_BACK.sub("", word)
    return word


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
            for stem in stems(text):
                counts[stem] += weight
        number = len(self._keys)
        self._keys.append(key)
        self._lengths.append(sum(counts.values()))
        for stem, count in counts.items():
            self._counts[stem].append((number, count))

    def search(self, query: str) -> list[tuple[str, float]]:
        """The keys of all texts that share a word with the query, with scores, best first; ties by key."""
        total = len(self._keys)
        if not total:
            return []
        mean = max(1.0, sum(self._lengths) / total)
        scores: dict[int, float] = defaultdict(float)
        for stem in sorted(set(stems(query))):
            postings = self._counts.get(stem, [])
            weight = math.log(1 + (total - len(postings) + 0.5) / (len(postings) + 0.5))
            for number, count in postings:
                norm = _K1 * (1 - _B + _B * self._lengths[number] / mean)
                scores[number] += weight * count * (_K1 + 1) / (count + norm)
        ranked = sorted(scores.items(), key=lambda item: (-item[1], self._keys[item[0]]))
        return [(self._keys[number], round(score, 6)) for number, score in ranked]
