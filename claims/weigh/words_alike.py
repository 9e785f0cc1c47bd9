"""Words that are likely forms of one another: "cancel" and "cancellation", "اشترت" and "مشتريات"."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

_SHORTEST = 3
_WEAK = frozenset("اويىءئؤآأإةه")  # letters that come and go between the forms of an Arabic root
_ADDED = "متنس"  # letters with which they begin
_COMMON_HEAD = (4, 0.6, 0.45)  # letters; share of the shorter word; share of the longer


def shared_stems(mine: Iterable[str], theirs: Iterable[str]) -> frozenset[str]:
    """Those of the first stems that have a form among the second."""
    others = frozenset(theirs)
    return frozenset(one for one in mine if one in others or any(akin(one, other) for other in others))


@lru_cache(maxsize=200_000)
def akin(one: str, other: str) -> bool:
    """Whether two stems are likely forms of one word."""
    if not (one[0].isalpha() and other[0].isalpha()):
        return one == other
    if _arabic(one) or _arabic(other):
        return _arabic(one) and _arabic(other) and len(_root(one)) >= _SHORTEST and _root(one) == _root(other)
    same = next(
        (at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )
    least, short, long = _COMMON_HEAD
    return same >= max(least, short * min(len(one), len(other)), long * max(len(one), len(other)))


def _arabic(word: str) -> bool:
    return "\u0600" <= word[0] <= "\u06ff"


@lru_cache(maxsize=100_000)
def _root(word: str) -> str:
    """The firm consonants of an Arabic word, without those that only its form adds."""
    firm = "".join(letter for letter in word if letter not in _WEAK)
    while len(firm) > _SHORTEST and firm[0] in _ADDED:
        firm = firm[1:]
    if len(firm) > _SHORTEST and firm[-1] in "تن":
        firm = firm[:-1]
    if len(firm) > _SHORTEST and firm[1] == "ت":  # افتعل
        firm = firm[0] + firm[2:]
    return firm
