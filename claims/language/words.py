"""Words with exact offsets, in folded form, and which of them stand inside a quotation."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from claims.language.letters import fold_with_offsets

_LONGEST_QUOTE = 600  # a mark that is not closed within this many letters is taken as never closed
_CLOSERS = {"“": "”", "«": "»", "„": "“", '"': '"'}
_OPENER = re.compile("[" + "".join(_CLOSERS) + "]")
_TOKEN = re.compile(r"\w+(?:[.'-]\w+)*|[^\w\s]")


class Word(NamedTuple):
    """A word or a punctuation mark; `form` is folded, offsets are exact."""

    form: str
    start: int
    end: int
    quoted: bool

    @property
    def bare(self) -> str:
        """The form without a leading Arabic "and" or "then"."""
        return self.form[1:] if len(self.form) > 3 and self.form[0] in "وف" else self.form


@lru_cache(maxsize=256)
def split_words(text: str) -> tuple[Word, ...]:
    """Words and punctuation of a text in order. Asking again for a text that was just read costs nothing."""
    folded = fold_with_offsets(text)
    quotes = quotations(text)
    found: list[Word] = []
    at = 0
    for match in _TOKEN.finditer(folded.text):
        start, end = folded.span(match.start(), match.end())
        while at < len(quotes) and quotes[at][1] <= start:
            at += 1
        quoted = at < len(quotes) and quotes[at][0] < start and end < quotes[at][1]
        found.append(Word(match.group(), start, end, quoted))
    return tuple(found)


def quotations(text: str) -> list[tuple[int, int]]:
    """Stretches between quotation marks that open and close within reach, marks included."""
    spans: list[tuple[int, int]] = []
    reach = 0
    for opener in _OPENER.finditer(text):
        at = opener.start()
        if at < reach:
            continue
        close = text.find(_CLOSERS[opener.group()], at + 1, at + 1 + _LONGEST_QUOTE)
        if close > 0:
            spans.append((at, close + 1))
            reach = close + 1
    return spans
