"""The words of date expressions: text to islands of tagged tokens.

Only words that the tables know, numbers and a few signs become tokens; everything else ends an island.
A tag is one letter, so that the grammar can be written as regular expressions over tags.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from claims.language.dates import numeric
from claims.language.dates.feasts import FEASTS, feast
from claims.language.dates.tokens import Token, compose, number
from claims.language.letters import fold

_TAG = {
    "month": "M", "month_weak": "m", "weekday": "W", "weekday_weak": "w", "unit": "U", "units": "U",
    "dual": "V", "last": "L", "previous": "L", "next": "X", "following": "X", "this": "H",
    "this_before": "j", "today": "T", "today_weak": "z", "ago_before": "A", "ago": "a",
    "hence_before": "I", "hence": "h", "from": "f", "of": "F", "to": "t", "between": "b", "and": "&",
    "in": "i", "on": "p", "for": "p", "preposition": "p", "within": "v", "early": "B", "mid": "B",
    "late": "B", "start": "B", "end": "B", "beginning": "B", "middle": "B", "half_of": "B", "start_of": "%",
    "end_of": "%", "half": "N", "ordinal": "o", "cardinal": "c", "teen": "n", "few": "c", "final": "J",
    "part_of_day": "k", "era_hijri": "e", "era_gregorian": "e", "era_jalali": "e", "about": "~",
    "quarter_word": "q", "general": "g", "the": "G", "one": "1", "before": "<", "after": ">",
    "decade_word": "Z", "season": "S", "weekend": "s", "later": "l", "rest": "l", "earlier": "r",
    "feast": "E", "feast_weak": "E", "during": "p", "starting": "f", "fiscal": "u", "to_date": "x",
    "past": "L", "workweek": "s", "same": "@", "same_before": "@", "that": "@", "than": "_", "then": "O",
    "ending": "!", "hour": ":", "fall": ";", "third_part": "N", "this_day": "T",
}  # fmt: skip
_SIGNS = {"-": "-", "/": "/", ",": ",", ".": ".", "(": "(", ")": ")", "~": "-"}
_TOKEN = re.compile(
    r"(?P<part>(?<![^\W\d_])[qh][1-4](?![^\W_]))"
    r"|(?P<commencing>(?<!\w)w/c(?!\w))"
    r"|(?P<word>[^\W\d_]+)"
    rf"|(?P<gap>\s+|'s(?![^\W_])|['_|\[\]]|{numeric.CLOCK})"
    r"|(?P<row>(?:\d++\s++){16,}(?=\d))"  # a table: no figure in it is a day but, maybe, the last
    rf"|(?P<numeric>{numeric.PATTERN})"
    r"|(?P<decade>(?<!\d)(?:1\d|20)?\d0(?:'|\s)?s(?![^\W_]))"
    r"|(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?(?!\d)|\d+)"
    r"|(?P<sign>\((?!\()|[-/,.)~])"
    r"|(?P<other>\(++|[^\w\s\-/,.()~'|\[\]]++|\S)"
)
_MAKING = frozenset("MmWwVTzEZSsDyQKNq%JU:;")  # tags without which an island names no days
_LEADING = frozenset({"on", "for", "in", "definite"})  # words after which a number alone may be a day or year
_WORD = re.compile(r"[^\W\d_]+")
_LONGEST_ISLAND = 64  # tokens; no date expression is longer
_PROCLITIC = re.compile(r"(و|ف)?(لل|[بلك])?(?=\w{2})")
_CURRENCIES = frozenset("$€£¥₪﷼")
_ORDINAL_ENDING = frozenset(
    map(fold, ("st", "nd", "rd", "th", "го", "ого", "его", "е", "ое", "ее", "й", "я", "ام", "م"))
)


@dataclass(frozen=True, slots=True)
class _Entry:
    section: str
    value: Any
    rest: tuple[str, ...]


_Table = dict[str, dict[str, tuple[_Entry, ...]]]  # by first word and second word, "" where there is none
_Piece = tuple[str | None, str, int, int]  # kind, letters, start, end


@cache
def _table(languages: tuple[str, ...]) -> _Table:
    """The entries of the languages and the feasts by their first two words, those of most words first."""
    found: dict[str, list[_Entry]] = {}
    for language in (*languages, "feasts"):
        with (FEASTS.parent / f"dates_{language}.toml").open("rb") as file:
            sections = tomllib.load(file)
        for section, entries in sections.items():
            for key, forms in entries.items() if section != "table" else ():
                value = _value(section, key)
                for form in forms.split("|"):
                    first, *rest = _WORD.findall(fold(form).replace("'s", ""))
                    found.setdefault(first, []).append(_Entry(section, value, tuple(rest)))
    table: _Table = {}
    for word, entries_of_word in found.items():
        by_second: dict[str, list[_Entry]] = {}
        for entry in sorted(entries_of_word, key=lambda e: -len(e.rest)):
            by_second.setdefault(entry.rest[0] if entry.rest else "", []).append(entry)
        table[word] = {second: tuple(some) for second, some in by_second.items()}
    return table


def _value(section: str, key: str) -> Any:
    if section.startswith("month"):
        return {"g": "gregorian", "h": "hijri", "j": "jalali"}[key[0]], int(key[1:])
    if section.startswith("feast"):
        return replace(feast(key), weak=section == "feast_weak")
    return key if section in ("unit", "units", "dual", "end_of", "start_of") else int(key)


def islands(text: str, languages: tuple[str, ...], day_first: bool, jalali: bool) -> list[list[Token]]:
    """The runs of known words, numbers and signs in a folded text, in order."""
    table = _table(languages)
    pieces = [
        (m.lastgroup, m.group(), m.start(), m.end()) for m in _TOKEN.finditer(text) if m.lastgroup != "gap"
    ]
    found: list[list[Token]] = []
    island: list[Token] = []
    at = 0
    while at < len(pieces):
        kind, word, start, end = pieces[at]
        if kind == "word" and word not in table and word[0] < "\u0600" and word not in _ORDINAL_ENDING:
            if island:  # most words of a text: no date goes on here
                found += _kept(island)
                island = []
            at += 1
            continue
        used, tokens = 1, []
        if kind == "numeric":
            tokens = numeric.read(word, start, day_first, jalali)
        elif kind == "number":
            amount = text[max(0, start - 2) : start].strip()[-1:] in _CURRENCIES
            tokens = [replace(number(word, start), tag="#") if amount else number(word, start)]
        elif kind == "part":
            tokens = [Token("Q" if word[0] == "q" else "K", int(word[1]), start, end, "named")]
        elif kind == "commencing":
            tokens = [Token("U", "week", start, end, "unit"), Token("f", 1, end, end, "starting")]
        elif kind == "decade":
            tokens = [Token("Z", int(re.sub(r"\D", "", word)), start, end)]
        elif kind == "sign":
            tokens = [Token(_SIGNS[word], day_first, start, end)] if island or word == "(" else []
        elif kind in ("row", "other"):
            tokens = []
        elif word in _ORDINAL_ENDING and (digits := _digits_before(island, start)):
            digits.tag, digits.end = "o", end
            at += 1
            continue
        else:
            tokens, used = _look_up(table, pieces, at)
        at += used
        island += tokens
        if island and (not tokens or len(island) >= _LONGEST_ISLAND):
            found += _kept(island)
            island = []
    return found + _kept(island)


def _kept(island: list[Token]) -> list[list[Token]]:
    """The island with its number words composed, or nothing where no word in it can make a date."""
    if any(t.tag in _MAKING or t.section in _LEADING or t.value == 1000 for t in island):
        return [compose(island)]
    bare = len(island) <= 12 and any(t.tag in "do" for t in island)
    return [compose(island)] if bare else []


def _digits_before(island: list[Token], start: int) -> Token | None:
    """The day number that an ending such as th or -го is written on; its hyphen is taken off the island."""
    if len(island) > 1 and island[-1].tag == "-" and island[-1].end == start and island[-2].end == start - 1:
        if island[-2].tag == "d":
            island.pop()
            return island[-1]
    elif island and island[-1].tag == "d" and island[-1].end == start:
        return island[-1]
    return None


def _look_up(table: _Table, pieces: list[_Piece], at: int) -> tuple[list[Token], int]:
    """The tokens that begin with the word at this place, and how many pieces they take."""
    _, word, start, _ = pieces[at]
    hit = _entry(table.get(word, {}), pieces, at)
    if hit:
        return [_token(hit[0], word, start, hit[2])], hit[1]
    if not "\u0600" <= word[0] <= "\u06ff":
        return [], 1
    clitic = _PROCLITIC.match(word)
    if not clitic or not clitic.group():
        return [], 1
    whole = word[clitic.end(1) :]
    stems = [("ال" if clitic[2] == "لل" else "") + word[clitic.end() :]]
    if clitic[1] and clitic[2]:
        stems.append(whole)
    if clitic[2] == "لل":
        stems.append(word[clitic.end(2) - 1 :])
    for stem in stems:
        hit = _entry(table.get(stem, {}), pieces, at)
        if hit and not (hit[0].section == "that" and clitic[2]):  # كذلك and لذلك are other words
            body = max(start, start + len(word) - len(stem))
            tokens = []
            if clitic[1] == "و":
                tokens.append(Token("&", "و", start, start + 1, "clitic"))
            if clitic[2] and stem != whole:
                tokens.append(Token("p", clitic[2], start + len(clitic[1] or ""), body, "clitic"))
            return [*tokens, _token(hit[0], stem, body, hit[2])], hit[1]
    return [], 1


def _entry(
    by_second: dict[str, tuple[_Entry, ...]], pieces: list[_Piece], at: int
) -> tuple[_Entry, int, int] | None:
    """The longest entry whose further words follow, how many pieces that takes and where it ends."""
    if len(by_second) > 1 or "" not in by_second:
        next_ = at + 1 if at + 1 < len(pieces) and pieces[at + 1][1] != "-" else at + 2
        for entry in by_second.get(pieces[next_][1], ()) if next_ < len(pieces) else ():
            here = at
            for word in entry.rest:
                here += 1
                if here < len(pieces) and pieces[here][1] == "-":
                    here += 1
                if here >= len(pieces) or pieces[here][1] != word:
                    break
            else:
                return entry, here - at + 1, pieces[here][3]
    alone = by_second.get("")
    return (alone[0], 1, pieces[at][3]) if alone else None


def _token(entry: _Entry, word: str, start: int, end: int) -> Token:
    tag = _TAG[entry.section]
    if tag == "B":
        return Token("B", entry.section, start, end, entry.section)
    section = entry.section
    if tag == "c" and entry.value == 10 and word[0] >= "\u0600":
        section = "teen"  # عشرة ends eleven to nineteen too
    if entry.section in ("unit", "dual") and word.startswith("ال"):
        section = "definite"
    elif tag in "MmWwS":
        section = "arabic" if word[0] >= "\u0600" else "cyrillic" if word[0] >= "\u0400" else "latin"
    return Token(tag, entry.value, start, end, section)
