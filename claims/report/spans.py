"""Text cut into paragraphs and pieces, so that spans that overlap can be marked at their exact offsets."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

_PARAGRAPH = re.compile(r"[^\n\r\u2028\u2029]+")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text inside one paragraph over which the same spans lie.

    `covers` holds the positions of those spans in the list that was given, the shortest span first;
    `begins` and `ends` hold those that have their first or their last piece here.
    """

    start: int
    text: str
    covers: tuple[int, ...]
    begins: tuple[int, ...] = ()
    ends: tuple[int, ...] = ()


def cut(text: str, spans: Sequence[tuple[int, int]]) -> list[list[Piece]]:
    """The paragraphs of the text, each as pieces that joined give the paragraph again.

    A paragraph of white space alone is left out. A span may run over several paragraphs.
    """
    order = sorted(range(len(spans)), key=lambda at: spans[at])
    edges = sorted({edge for span in spans for edge in span})
    paragraphs: list[list[Piece]] = []
    active: list[int] = []
    next_span = next_edge = 0
    for match in _PARAGRAPH.finditer(text):
        if match.group().isspace():
            continue
        cuts = [match.start()]
        while next_edge < len(edges) and edges[next_edge] < match.end():
            if edges[next_edge] > match.start():
                cuts.append(edges[next_edge])
            next_edge += 1
        cuts.append(match.end())
        pieces: list[Piece] = []
        for start, end in pairwise(cuts):
            while next_span < len(order) and spans[order[next_span]][0] < end:
                active.append(order[next_span])
                next_span += 1
            active = [at for at in active if spans[at][1] > start]
            covers = sorted(active, key=lambda at: (spans[at][1] - spans[at][0], spans[at], at))
            pieces.append(Piece(start, text[start:end], tuple(covers)))
        paragraphs.append(pieces)
    return _with_ends(paragraphs)


def _with_ends(paragraphs: list[list[Piece]]) -> list[list[Piece]]:
    """The same pieces, knowing which spans have their first or last piece there."""
    first: dict[int, int] = {}
    last: dict[int, int] = {}
    for piece in (piece for pieces in paragraphs for piece in pieces):
        for at in piece.covers:
            first.setdefault(at, piece.start)
            last[at] = piece.start
    return [
        [
            replace(
                piece,
                begins=tuple(at for at in piece.covers if first[at] == piece.start),
                ends=tuple(at for at in piece.covers if last[at] == piece.start),
            )
            if piece.covers
            else piece
            for piece in pieces
        ]
        for pieces in paragraphs
    ]
