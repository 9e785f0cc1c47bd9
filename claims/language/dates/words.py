"""The words of date expressions: text to islands of tagged tokens.

Only words that the tables know, numbers and a few signs become tokens; everything else ends an island.
A tag is one letter, so that the grammar can be written as regular expressions over tags.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from claims.language.letters import fold

_DATA = Path(__file__).parent.parent / "data"
_TAG = {
    "month": "M", "month_weak": "m", "weekday": "W", "weekday_weak": "w", "unit": "U", "dual": "V",
    "last": "L", "next": "X", "this": "H", "demonstrative": "j", "today": "T", "today_weak": "z",
    "ago_before": "A", "ago": "a", "hence_before": "I", "hence": "h", "from": "f", "of": "F", "to": "t",
    "between": "b", "and": "&", "preposition": "p", "early": "B", "mid": "B", "late": "B", "half": "N",
    "ordinal": "o", "cardinal": "c", "teen": "n", "few": "c", "final": "J", "part_of_day": "k",
    "era_hijri": "e", "era_gregorian": "e", "about": "~", "quarter_word": "q", "quarter_name": "Q",
    "half_name": "K", "general": "g", "the": "G", "one": "1", "before": "<", "after": ">", "rest": "r",
}  # fmt: skip
_SIGNS = {"-": "-", "/": "/", ",": ",", ".": ".", "(": "(", ")": ")", "~": "-"}
_TOKEN = re.compile(r"(?P<number>\d+)|(?P<word>[^\W\d_]+)|(?P<gap>\s+)|(?P<sign>\S)")
_LONGEST_ISLAND = 64  # tokens; no date expression is longer
_PROCLITIC = re.compile(r"(و|ف)?(لل|[بلك])?(?=\w{2})")
_ORDINAL_ENDING = frozenset(
    {"st", "nd", "rd", "th", "го", "ого", "его", "е", "ое", "й", "ом", "м", "ام", "م"}
)


@dataclass(slots=True)
class Token:
    """A word, number, sign or what the grammar made of several; offsets into the folded text."""

    tag: str
    value: Any
    start: int
    end: int
    section: str = ""


@dataclass(frozen=True, slots=True)
class _Entry:
    tag: str
    section: str
    value: Any
    rest: tuple[str, ...]


@cache
def _table(language: str) -> dict[str, tuple[_Entry, ...]]:
    """The entries of one language by their first word, those of most words first."""
    with (_DATA / f"dates_{language}.toml").open("rb") as file:
        sections = tomllib.load(file)
    found: dict[str, list[_Entry]] = {}
    for section, entries in sections.items():
        for key, forms in entries.items():
            for form in forms.split("|"):
                words = _TOKEN_WORDS.findall(fold(form))
                entry = _Entry(_TAG[section], section, _value(section, key), tuple(words[1:]))
                found.setdefault(words[0], []).append(entry)
    return {word: tuple(sorted(some, key=lambda e: -len(e.rest))) for word, some in found.items()}


_TOKEN_WORDS = re.compile(r"\w+")


def _value(section: str, key: str) -> Any:
    if section.startswith("month"):
        calendars = {"g": "gregorian", "h": "hijri", "j": "jalali"}
        return calendars[key[0]], int(key[1:])
    if section in ("unit", "dual"):
        return key
    return int(key)


def islands(text: str, languages: tuple[str, ...]) -> list[list[Token]]:
    """The runs of known words, numbers and signs in a folded text, in order."""
    tables = [_table(language) for language in languages]
    pieces = [
        (m.lastgroup, m.group(), m.start(), m.end()) for m in _TOKEN.finditer(text) if m.lastgroup != "gap"
    ]
    found: list[list[Token]] = []
    island: list[Token] = []
    at = 0
    while at < len(pieces):
        kind, word, start, end = pieces[at]
        at += 1
        if kind == "number":
            island.append(_number(word, start, end))
        elif kind == "sign":
            if word == "'" and at < len(pieces) and pieces[at][1] == "s" and pieces[at][2] == end:
                at += 1
            elif word in _SIGNS:
                island.append(Token(_SIGNS[word], word, start, end))
            elif island:
                found.append(island)
                island = []
        else:
            if (
                island
                and word in _ORDINAL_ENDING
                and island[-1].tag == "d"
                and _adjacent(island[-1], start, text)
            ):
                island[-1] = Token("o", island[-1].value, island[-1].start, end, "digits")
                continue
            tokens, used = _look_up(tables, pieces, at - 1)
            if tokens:
                island.extend(tokens)
                at += used - 1
            elif island:
                found.append(island)
                island = []
        if len(island) >= _LONGEST_ISLAND:
            found.append(island)
            island = []
    if island:
        found.append(island)
    return found


def _adjacent(token: Token, start: int, text: str) -> bool:
    return text[token.end : start] in ("", "-")


def _number(word: str, start: int, end: int) -> Token:
    if len(word) == 4 and "1000" <= word <= "2999":
        return Token("y", int(word), start, end)
    if len(word) <= 2 and 1 <= int(word) <= 31:
        return Token("d", int(word), start, end)
    return Token("i", int(word[:9]), start, end, "digits" if len(word) <= 4 else "long")


def _look_up(
    tables: list[dict[str, tuple[_Entry, ...]]], pieces: list[tuple[str | None, str, int, int]], at: int
) -> tuple[list[Token], int]:
    """The tokens that begin with the word at this place, and how many pieces they take."""
    _, word, start, _end = pieces[at]
    for table in tables:
        hit = _entry(table.get(word, ()), pieces, at)
        if hit:
            return [_token(hit, word, start, pieces[at + len(hit.rest)][3])], 1 + len(hit.rest)
    if not "\u0600" <= word[0] <= "\u06ff":
        return [], 0
    clitic = _PROCLITIC.match(word)
    if not clitic or not clitic.group():
        return [], 0
    stem = word[clitic.end() :]
    stems = ["ال" + stem, stem] if clitic[2] == "لل" else [stem]
    if clitic[1] and clitic[2]:
        stems.append(word[clitic.end(1) :])
    for stem in stems:
        for table in tables:
            hit = _entry(table.get(stem, ()), pieces, at)
            if not hit:
                continue
            body = start + len(word) - len(stem) if word.endswith(stem) else start
            tokens = []
            if clitic[1] == "و":
                tokens.append(Token("&", "و", start, start + 1, "clitic"))
            if clitic[2]:
                tokens.append(Token("p", clitic[2], min(start + len(clitic[1] or ""), body), body, "clitic"))
            tokens.append(_token(hit, stem, body, pieces[at + len(hit.rest)][3]))
            return tokens, 1 + len(hit.rest)
    return [], 0


def _entry(
    entries: tuple[_Entry, ...], pieces: list[tuple[str | None, str, int, int]], at: int
) -> _Entry | None:
    for entry in entries:
        words = pieces[at + 1 : at + 1 + len(entry.rest)]
        if len(words) == len(entry.rest) and all(p[1] == w for p, w in zip(words, entry.rest, strict=True)):
            return entry
    return None


def _token(entry: _Entry, word: str, start: int, end: int) -> Token:
    if entry.tag == "B":
        return Token("B", entry.section, start, end, entry.section)
    if entry.tag in "UV":
        return Token(
            entry.tag, entry.value, start, end, "definite" if word.startswith("ال") else entry.section
        )
    return Token(entry.tag, entry.value, start, end, entry.section)
