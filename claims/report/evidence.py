"""Evidence as the report shows it: quotes, the origins they rest on, and the two questions they bear on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from claims.errors import StoreError
from claims.model import Capture, Evidence, Stance
from claims.run_record import RunRecord


@dataclass(frozen=True, slots=True)
class Quote:
    """A piece of evidence with the archived copy that holds it; `place` is the quote's mark in the copy."""

    item: Evidence
    capture: Capture
    title: str | None

    @property
    def place(self) -> str:
        return mark_id(self.item.start, self.item.end)

    @property
    def outlet(self) -> str | None:
        return self.item.outlet

    @property
    def strength(self) -> float:
        return max(self.item.supports, self.item.refutes)


@dataclass(frozen=True, slots=True)
class Origin:
    """All quotes of one stance that rest on one origin. It counts once, however many pages carry it."""

    name: str
    chain: tuple[str, ...]
    stance: Stance
    quotes: tuple[Quote, ...]

    @property
    def way(self) -> tuple[str, ...]:
        """Whose word it is, the outermost first; the page alone where nobody stands behind it."""
        return self.chain[1:] or self.chain or (self.name,)

    @property
    def interested(self) -> bool:
        """True where nobody in it is disinterested, so that it is not counted."""
        return all(quote.item.interested for quote in self.quotes)

    @property
    def pages(self) -> int:
        return len({quote.capture.id for quote in self.quotes})


@dataclass(frozen=True, slots=True)
class Question:
    """The evidence on one of the two questions, strongest first, and the origins on which it rests."""

    supports: tuple[Quote, ...]
    refutes: tuple[Quote, ...]
    neutral: tuple[Quote, ...]
    origins: tuple[Origin, ...]

    @property
    def empty(self) -> bool:
        return not (self.supports or self.refutes or self.neutral)

    @property
    def interested(self) -> int:
        """How many quotes for or against come from parties with an interest."""
        return sum(quote.item.interested for quote in self.supports + self.refutes)

    def pages(self, stance: Stance) -> int:
        """How many pages say so."""
        return len({quote.capture.id for quote in getattr(self, stance)})


def mark_id(start: int, end: int) -> str:
    """The name of a quote's mark in its archived copy."""
    return f"q{start}-{end}"


def quote_of(item: Evidence, record: RunRecord) -> Quote:
    capture, document = record.captures.get(item.capture), record.documents.get(item.document)
    if capture is None or document is None or document.capture != item.capture:
        raise StoreError(
            f"evidence {item.id}: the run does not hold capture {item.capture} with document {item.document};"
            " verify again"
        )
    if document.text[item.start : item.end] != item.quote or not item.quote:
        raise StoreError(
            f"evidence {item.id}: the quote is not in document {item.document} at {item.start} to {item.end};"
            " verify again"
        )
    return Quote(item, capture, document.title)


def strongest(quote: Quote) -> tuple[object, ...]:
    item = quote.item
    return (item.interested, -quote.strength, item.url, item.start, item.id)


def question_of(quotes: Iterable[Quote]) -> Question:
    """The evidence in the order given, except that a repeated origin waits until every origin was heard."""
    sides: Mapping[str, list[Quote]] = {"supports": [], "refutes": [], "neutral": []}
    origins: dict[tuple[str, Stance], list[Quote]] = {}
    for quote in quotes:
        sides[quote.item.stance].append(quote)
        if quote.item.stance != "neutral":
            origins.setdefault((quote.item.origin, quote.item.stance), []).append(quote)
    joined = sorted(
        (
            Origin(name, max((q.item.origin_chain for q in group), key=len), stance, tuple(group))
            for (name, stance), group in origins.items()
        ),
        key=lambda origin: (origin.stance != "supports", origin.interested, -len(origin.quotes), origin.name),
    )
    return Question(
        _heard(sides["supports"]), _heard(sides["refutes"]), tuple(sides["neutral"]), tuple(joined)
    )


def _heard(quotes: list[Quote]) -> tuple[Quote, ...]:
    times: Counter[str] = Counter()
    rounds: list[int] = []
    for quote in quotes:
        rounds.append(times[quote.item.origin])
        times[quote.item.origin] += 1
    return tuple(quote for _, quote in sorted(zip(rounds, quotes, strict=True), key=lambda pair: pair[0]))
