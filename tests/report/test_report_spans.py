"""Overlapping spans are marked at their exact offsets, whatever the text and however they overlap."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from claims.report.spans import cut

BREAKS = re.compile("[\n\r\u2028\u2029]")


@st.composite
def texts_with_spans(draw: st.DrawFn) -> tuple[str, list[tuple[int, int]]]:
    text = draw(st.text(alphabet="اب تab \n\r\u2028😀\u0651", min_size=1, max_size=60))
    edge = st.integers(0, len(text))
    pairs = draw(st.lists(st.tuples(edge, edge), max_size=8))
    return text, [(min(pair), max(pair)) for pair in pairs if pair[0] != pair[1]]


@given(texts_with_spans())
def test_pieces_join_to_the_paragraphs(case: tuple[str, list[tuple[int, int]]]) -> None:
    text, spans = case
    joined = ["".join(piece.text for piece in paragraph) for paragraph in cut(text, spans)]
    assert joined == [line for line in BREAKS.split(text) if line and not line.isspace()]


@given(texts_with_spans())
def test_a_piece_is_covered_by_exactly_the_spans_over_it(case: tuple[str, list[tuple[int, int]]]) -> None:
    text, spans = case
    for piece in (piece for paragraph in cut(text, spans) for piece in paragraph):
        end = piece.start + len(piece.text)
        assert text[piece.start : end] == piece.text != ""
        for at, (first, last) in enumerate(spans):
            assert (at in piece.covers) == (first <= piece.start and end <= last)
            assert (at in piece.covers) == (first < end and piece.start < last)
        widths = [spans[at][1] - spans[at][0] for at in piece.covers]
        assert widths == sorted(widths)


@given(texts_with_spans())
def test_every_span_begins_and_ends_once(case: tuple[str, list[tuple[int, int]]]) -> None:
    text, spans = case
    pieces = [piece for paragraph in cut(text, spans) for piece in paragraph]
    for at in range(len(spans)):
        over = [piece for piece in pieces if at in piece.covers]
        assert [piece for piece in pieces if at in piece.begins] == over[:1]
        assert [piece for piece in pieces if at in piece.ends] == over[-1:]


def test_a_span_over_two_paragraphs_is_marked_in_both() -> None:
    first, second = cut("ab\ncd", [(1, 4)])
    assert [(piece.text, piece.covers, piece.begins, piece.ends) for piece in first + second] == [
        ("a", (), (), ()), ("b", (0,), (0,), ()), ("c", (0,), (), (0,)), ("d", (), (), ()),
    ]  # fmt: skip
