"""Archived copies as the report shows them: the text of a page with every stretch that is cited marked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from claims.model import Capture
from claims.report.evidence import mark_id
from claims.report.spans import Piece, cut
from claims.run_record import RunRecord


@dataclass(frozen=True, slots=True)
class CopyView:
    """An archived copy with every stretch of it that a claim of this run cites."""

    capture: Capture
    title: str | None
    outlet: str | None
    lang: str | None
    text: str
    spans: tuple[tuple[int, int], ...]
    paragraphs: list[list[Piece]]

    @property
    def broken(self) -> tuple[str, ...]:
        """Marks of the quotes that lie in several pieces because another quote begins or ends in them."""
        pieces = Counter(at for line in self.paragraphs for piece in line for at in piece.covers)
        return tuple(mark_id(*span) for at, span in enumerate(self.spans) if pieces[at] > 1)

    @property
    def quotes(self) -> tuple[tuple[str, str], ...]:
        """The quotes with their marks, in the order of the text."""
        return tuple((mark_id(start, end), self.text[start:end]) for start, end in self.spans)

    def marks(self, piece: Piece) -> list[str]:
        """The marks of the quotes that lie over the piece."""
        return [mark_id(*self.spans[at]) for at in piece.covers]

    def begins(self, piece: Piece) -> list[str]:
        """The marks of the quotes that begin with the piece."""
        return [mark_id(*self.spans[at]) for at in piece.begins]


def view_copies(record: RunRecord) -> Iterable[CopyView]:
    """The archived copies that are cited, one a capture, in the order of their ids."""
    cited: dict[str, tuple[str, set[tuple[int, int]]]] = {}
    for checked in record.articles:
        for verdict in checked.verdicts.values():
            for item in verdict.evidence:
                cited.setdefault(item.capture, (item.document, set()))[1].add((item.start, item.end))
    for capture, (document_id, places) in sorted(cited.items()):
        document = record.documents[document_id]
        spans = tuple(sorted(places))
        yield CopyView(
            record.captures[capture], document.title, document.outlet, document.lang, document.text, spans,
            cut(document.text, spans),
        )  # fmt: skip
