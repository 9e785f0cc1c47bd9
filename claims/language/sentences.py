"""Sentences with exact offsets. A quotation is kept in one piece with the words that introduce it."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from claims.language.words import quotations

# "Why? !" and ". . ." end one sentence, not several
_END = re.compile(r"[.!?؟…۔]+[\"”»’')\]]*(?=\s|$)(?:[ \t]+[.!?؟…۔]+[\"”»’')\]]*(?=\s|$))*")
# A full stop after these does not end a sentence.
_ABBREVIATION = re.compile(
    r"(?:\b(?:mr|mrs|ms|dr|prof|gen|col|lt|sen|rep|gov|st|jr|sr|vs|no|inc|ltd|co|corp|jan|feb|mar|apr|jun|jul|aug|"
    r"sep|sept|oct|nov|dec|e\.g|i\.e|a\.m|p\.m|u\.s|u\.k|u\.n|им|г|гг|тыс|млн|млрд|руб)|\b[a-zа-яё]|"
    r"(?:^|\s)[ء-ي]|\b(?:أ|ا)\.ف)\.$",
    re.IGNORECASE,
)
_OPENING = re.compile(r"\s+[\"“]?[A-Z]")  # after a quotation that ends in a full stop, a sentence of its own
_LONGEST = 2000  # letters; what goes on longer is divided, so that reading it stays linear
_PAUSE = re.compile(r"[,،;؛:]?\s")
_TRIM = " \t\u00a0\u200e\u200f\u202a\u202b\u202c\u2066\u2067\u2068\u2069\ufeff,،؛;"


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence and its place; `paragraph` counts from 0."""

    start: int
    end: int
    paragraph: int
    text: str


def split_sentences(text: str) -> list[Sentence]:
    """The sentences of a text in order. `text[s.start:s.end] == s.text` for each of them.

    None is longer than 2,000 letters: one that is comes in pieces, divided where a word ends.
    """
    found: list[Sentence] = []
    paragraph = -1
    for line in re.finditer(r"[^\n\r\u2028\u2029]+", text):
        paragraph += 1
        for start, end in _in_line(line.group()):
            start, end = _trimmed(text, line.start() + start, line.start() + end)
            if start < end:
                found.append(Sentence(start, end, paragraph, text[start:end]))
    return found


def _in_line(line: str) -> list[tuple[int, int]]:
    quoted = quotations(line)
    cuts: list[int] = []
    position = 0
    for end in _END.finditer(line):
        while position < len(quoted) and quoted[position][1] <= end.start():
            position += 1
        inside = position < len(quoted) and quoted[position][0] <= end.start() < quoted[position][1] - 1
        if inside and not (quoted[position][1] == end.end() and _OPENING.match(line, end.end())):
            continue
        mark = end.group()
        if mark == "." and _ABBREVIATION.search(line, max(0, end.start() - 12), end.start() + 1):
            continue
        cuts.append(end.end())
    edges = [0, *cuts, len(line)]
    return [piece for a, b in itertools.pairwise(edges) if a < b for piece in _pieces(line, a, b)]


def _pieces(line: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A sentence as it is, or where it is too long in pieces that end after a word."""
    while end - start > _LONGEST:
        limit = start + _LONGEST
        cut = max((m.end() for m in _PAUSE.finditer(line, limit - 200, limit)), default=limit)
        yield start, cut
        start = cut
    yield start, end


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and (text[start] in _TRIM or text[start].isspace()):
        start += 1
    while end > start and (text[end - 1] in _TRIM or text[end - 1].isspace()):
        end -= 1
    return start, end
