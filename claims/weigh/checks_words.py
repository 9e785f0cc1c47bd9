"""The words by which fields are compared, from `data/checks.toml`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from claims.language.letters import fold
from claims.language.stems import stem

_FILE = Path(__file__).parent / "data" / "checks.toml"


@cache
def words(lang: str, name: str) -> frozenset[str]:
    """A list of single words, folded; empty where the language has none."""
    return frozenset(fold(word) for word in _table(lang).get(name, "").split())


@cache
def stems(lang: str, name: str) -> frozenset[str]:
    """The stems of such a list."""
    return _stems(_table(lang).get(name, ""), lang)


@cache
def phrases(lang: str, name: str) -> re.Pattern[str] | None:
    """Any of a list of phrases as whole words in folded text; None where the language has none."""
    listed = [fold(one) for line in _table(lang).get(name, "").splitlines() for one in line.split("|") if one]
    if not listed:
        return None
    longest_first = sorted(listed, key=lambda phrase: (-len(phrase), phrase))
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)")


@cache
def word_values(lang: str) -> tuple[tuple[re.Pattern[str], float, float], ...]:
    """Counts told in words, the longer first, with the least and the most that they mean."""
    rows = [row.split("|") for row in _table(lang).get("counts", "").splitlines() if row]
    return tuple(
        (re.compile(rf"(?<!\w)(?:ال|ب|بال|و)?{re.escape(fold(name).strip())}(?!\w)"), float(low), float(high))
        for name, low, high in rows
    )


def opposed(mine: Iterable[str], theirs: Iterable[str], lang: str) -> bool:
    """Whether one text has a word, and not the other, whose opposite the other has; of stems."""
    one, other = frozenset(mine), frozenset(theirs)
    only_mine, only_theirs = one - other, other - one
    return any(
        (only_mine & left and only_theirs & right and not only_mine & right)
        or (only_mine & right and only_theirs & left and not only_mine & left)
        for left, right in _opposites(lang)
    )


@cache
def families(lang: str) -> dict[str, frozenset[int]]:
    """For a stem the numbers of the families that it is of; stems of one family tell of one thing."""
    found: dict[str, set[int]] = {}
    sides = [side for row in _rows(lang) for side in row.split("|")]
    for number, side in enumerate(sides):
        for one in _stems(side, lang):
            found.setdefault(one, set()).add(number)
    return {one: frozenset(numbers) for one, numbers in found.items()}


@cache
def _opposites(lang: str) -> tuple[tuple[frozenset[str], frozenset[str]], ...]:
    rows = [row.split("|") for row in _rows(lang) if "|" in row]
    return tuple((_stems(one, lang), _stems(other, lang)) for one, other in rows)


def _rows(lang: str) -> list[str]:
    return [row for row in _table(lang).get("families", "").splitlines() if row]


def _stems(listed: str, lang: str) -> frozenset[str]:
    return frozenset(stem(fold(word), lang) for word in listed.split())


@cache
def _tables() -> dict[str, dict[str, str]]:
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))


def _table(lang: str) -> dict[str, str]:
    return _tables().get(lang, {})
