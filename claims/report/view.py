"""What the templates show: a run's records put in order, with nothing decided anew."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from textwrap import shorten
from typing import get_args

from claims.errors import StoreError
from claims.language.sentences import Sentence, split_sentences
from claims.model import (
    RULINGS,
    Article,
    ArticleChecked,
    Capture,
    Claim,
    Evidence,
    Excluded,
    RunRecord,
    SoughtOutcome,
    Stance,
    Verdict,
)
from claims.report.spans import Piece, cut

UNCHECKED = "unchecked"  # shown for a claim that this run did not get to
# What a reader must look at first comes first.
_AT_A_GLANCE = ("conflicting", "refuted", "supported", "not_enough_evidence", UNCHECKED)


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


@dataclass(frozen=True, slots=True)
class Context:
    """The claim's sentence with the claim marked, and what stands before and after it in the paragraph."""

    before: str
    paragraphs: list[list[Piece]]
    after: str


class ClaimView:
    """A claim as the report shows it. `number` counts through the whole run."""

    def __init__(
        self, number: int, claim: Claim, verdict: Verdict | None, context: Context, record: RunRecord
    ) -> None:
        self.number = number
        self.claim = claim
        self.verdict = verdict
        self.context = context
        self.denies_or_accuses: ClaimView | None = None
        self.answered_by: list[ClaimView] = []
        quotes = [_quote(item, record) for item in verdict.evidence] if verdict else []
        quotes.sort(key=_strongest)
        self.so = _question(quote for quote in quotes if quote.item.question == "so")
        self.said = _question(quote for quote in quotes if quote.item.question == "said")

    @property
    def ruling(self) -> str:
        return self.verdict.verdict if self.verdict else UNCHECKED

    @property
    def anchor(self) -> str:
        return f"claim-{self.number}"

    @cached_property
    def best(self) -> tuple[Quote, ...]:
        """The one quote that shows best why the verdict is what it is; both sides where they conflict."""
        sides = {
            "supported": (self.so.supports,),
            "refuted": (self.so.refutes,),
            "conflicting": (self.so.supports, self.so.refutes),
        }.get(self.ruling, (tuple(sorted(self.so.supports + self.so.refutes, key=_strongest)),))
        found = tuple(side[0] for side in sides if side)
        return found or self.said.supports[:1] or self.said.refutes[:1]

    @cached_property
    def sought(self) -> dict[str, int]:
        """How many questions to sources had which outcome."""
        times = Counter(item.outcome for item in self.verdict.sought) if self.verdict else Counter()
        return {outcome: times[outcome] for outcome in get_args(SoughtOutcome) if times[outcome]}


@dataclass(frozen=True, slots=True)
class ArticleView:
    """An article with its claims marked in its text."""

    article: Article
    paragraphs: list[list[Piece]]  # a piece covers positions in `claims`
    claims: tuple[ClaimView, ...]
    excluded: tuple[tuple[Excluded, str], ...]  # with its text

    @property
    def heading(self) -> str:
        """Its title, or how it begins."""
        return (
            self.article.title or shorten(self.article.text[:400], 90, placeholder=" …") or self.article.name
        )


@dataclass(frozen=True, slots=True)
class Summary:
    """The run in numbers."""

    claims: int
    rulings: dict[str, int]
    quotes: int
    pages: int
    sources: dict[str, int]  # questions put to each source
    failed: tuple[tuple[str, str, int], ...]  # source, outcome, how often
    unread: dict[str, int]  # pages by outcome


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


@dataclass(frozen=True, slots=True)
class RunView:
    """A run as the report shows it."""

    record: RunRecord
    summary: Summary
    articles: tuple[ArticleView, ...]
    glance: tuple[ClaimView, ...]


def view_run(record: RunRecord) -> RunView:
    """The run in the order in which it is read.

    Raises StoreError where evidence cites something that the run does not hold, or a quote that is not
    in the archived text at the stated place: such a report must not be read by anyone.
    """
    views: list[ArticleView] = []
    number = 0
    for checked in record.articles:
        views.append(_article(checked, record, number))
        number += len(checked.claims)
    claims = [claim for article in views for claim in article.claims]
    return RunView(record, _summary(record, claims), tuple(views), tuple(sorted(claims, key=_glance)))


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


def mark_id(start: int, end: int) -> str:
    """The name of a quote's mark in its archived copy."""
    return f"q{start}-{end}"


def _article(checked: ArticleChecked, record: RunRecord, before: int) -> ArticleView:
    article = checked.article
    sentences = split_sentences(article.text)
    claims = tuple(
        ClaimView(
            before + at, claim, checked.verdicts.get(claim.id), _context(article, claim, sentences), record
        )
        for at, claim in enumerate(checked.claims, 1)
    )
    by_id = {view.claim.id: view for view in claims}
    for view in claims:
        view.denies_or_accuses = by_id.get(view.claim.about or "")
        if view.denies_or_accuses:
            view.denies_or_accuses.answered_by.append(view)
    paragraphs = cut(article.text, [(claim.start, claim.end) for claim in checked.claims])
    excluded = tuple((item, article.text[item.start : item.end]) for item in checked.excluded)
    return ArticleView(article, paragraphs, claims, excluded)


def _context(article: Article, claim: Claim, sentences: list[Sentence]) -> Context:
    at = max(0, bisect_right(sentences, claim.start, key=lambda sentence: sentence.start) - 1)
    if not sentences:
        return Context("", cut(claim.text, [(0, len(claim.text))]), "")
    last = at
    while last + 1 < len(sentences) and sentences[last + 1].start < claim.end:
        last += 1
    start, end = min(sentences[at].start, claim.start), max(sentences[last].end, claim.end)

    def neighbour(place: int, paragraph: int) -> str:
        near = 0 <= place < len(sentences) and sentences[place].paragraph == paragraph
        return sentences[place].text if near else ""

    return Context(
        neighbour(at - 1, sentences[at].paragraph),
        cut(article.text[start:end], [(claim.start - start, claim.end - start)]),
        neighbour(last + 1, sentences[last].paragraph),
    )


def _quote(item: Evidence, record: RunRecord) -> Quote:
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


def _strongest(quote: Quote) -> tuple[object, ...]:
    item = quote.item
    return (item.interested, -quote.strength, item.url, item.start, item.id)


def _question(quotes: Iterable[Quote]) -> Question:
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


def _glance(view: ClaimView) -> tuple[int, float, int]:
    return (_AT_A_GLANCE.index(view.ruling), -view.claim.worth, view.number)


def _summary(record: RunRecord, claims: list[ClaimView]) -> Summary:
    verdicts = [view.verdict for view in claims if view.verdict]
    rulings = Counter(view.ruling for view in claims)
    sought = [item for verdict in verdicts for item in verdict.sought]
    failed = Counter((item.source, item.outcome) for item in sought if item.outcome not in ("ok", "empty"))
    unread = {item.url: item.outcome for verdict in verdicts for item in verdict.unread}
    return Summary(
        claims=len(claims),
        rulings={
            ruling: rulings[ruling]
            for ruling in (*RULINGS, UNCHECKED)
            if rulings[ruling] or ruling in RULINGS
        },
        quotes=sum(len(verdict.evidence) for verdict in verdicts),
        pages=len({item.capture for verdict in verdicts for item in verdict.evidence}),
        sources=dict(sorted(Counter(item.source for item in sought).items())),
        failed=tuple((source, outcome, times) for (source, outcome), times in sorted(failed.items())),
        unread=dict(sorted(Counter(unread.values()).items())),
    )
