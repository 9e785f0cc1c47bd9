"""What the templates show: a run's records put in order, with nothing decided anew."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from textwrap import shorten
from typing import get_args

from claims.language.sentences import Sentence, split_sentences
from claims.model import RULINGS, Article, Claim, Excluded, Ruling, SoughtOutcome, Verdict
from claims.record.nights import is_night
from claims.report.evidence import Quote, question_of, quote_of, strongest
from claims.report.network import Picture, picture
from claims.report.spans import Piece, cut
from claims.report.timeline import Timeline, timeline
from claims.run_record import ArticleChecked, Change, Decision, RunRecord

UNCHECKED = "unchecked"  # shown for a claim that this run did not get to
# What a reader must look at first comes first.
_AT_A_GLANCE = ("conflicting", "refuted", "supported", "not_enough_evidence", UNCHECKED)


@dataclass(frozen=True, slots=True)
class Context:
    """The claim's sentence with the claim marked, and what stands before and after it in the paragraph."""

    before: str
    paragraphs: list[list[Piece]]
    after: str


class ClaimView:
    """A claim as the report shows it. `number` counts through the whole run."""

    def __init__(
        self,
        number: int,
        claim: Claim,
        verdict: Verdict | None,
        article: Article,
        context: Context,
        record: RunRecord,
    ) -> None:
        self.number = number
        self.claim = claim
        self.verdict = verdict
        self.article = article
        self.context = context
        self.history: tuple[Decision, ...] = record.history.get(claim.id, ())
        self.denies_or_accuses: ClaimView | None = None
        self.answered_by: list[ClaimView] = []
        quotes = [quote_of(item, record) for item in verdict.evidence] if verdict else []
        quotes.sort(key=strongest)
        self.so = question_of(quote for quote in quotes if quote.item.question == "so")
        self.said = question_of(quote for quote in quotes if quote.item.question == "said")

    @property
    def ruling(self) -> str:
        return self.verdict.verdict if self.verdict else UNCHECKED

    @property
    def parties(self) -> tuple[int, int]:
        """How many parties to the claim say that it is so, and that it is not. They are not counted."""
        own = Counter(origin.stance for origin in self.so.origins if origin.interested)
        return own["supports"], own["refutes"]

    @property
    def parties_alone(self) -> bool:
        """Whether nobody but the parties speaks to it, so that their contradiction is all that is known."""
        verdict = self.verdict
        return verdict is not None and not verdict.supports + verdict.refutes and any(self.parties)

    @property
    def anchor(self) -> str:
        return f"claim-{self.number}"

    @property
    def person(self) -> Decision | None:
        """The decision of a person that stands above the engine's, if there is one."""
        if self.verdict is None or self.verdict.decided_by != "person":
            return None
        return next((d for d in reversed(self.history) if d.decided_by == "person" and d.verdict), None)

    @property
    def overruled(self) -> bool:
        """Whether a person decided otherwise than the engine, so that the evidence here does not say so."""
        by_engine = self.by_engine
        return (
            self.verdict is not None
            and self.verdict.decided_by == "person"
            and (by_engine is None or by_engine.verdict != self.ruling)
        )

    @property
    def by_engine(self) -> Decision | None:
        """What the engine itself decided last."""
        return next((d for d in reversed(self.history) if d.decided_by == "engine"), None)

    @property
    def before(self) -> Ruling | None:
        """The ruling that held until this run changed it; None where it changed nothing."""
        if len(self.history) < 2 or not self.history[-1].changed:
            return None
        return self.history[-2].holds

    @property
    def checked_before(self) -> bool:
        """Whether the engine had decided on it in an earlier run."""
        return sum(decision.decided_by == "engine" for decision in self.history) > 1

    @property
    def counted_before(self) -> tuple[int, int] | None:
        """The origins for and against that the engine counted the time before."""
        counted = [
            (decision.supports, decision.refutes)
            for decision in self.history
            if decision.supports is not None and decision.refutes is not None
        ]
        return counted[-2] if len(counted) > 1 else None

    @cached_property
    def timeline(self) -> Timeline | None:
        """The claim's days, the article's and the evidence's on one line."""
        evidence = self.verdict.evidence if self.verdict else ()
        return timeline(self.claim, self.article.published, evidence)

    @cached_property
    def picture(self) -> Picture | None:
        """Pages, agencies and speakers on whether it is so."""
        return picture(self.so.origins)

    @cached_property
    def best(self) -> tuple[Quote, ...]:
        """The one quote that shows best why the verdict is what it is; both sides where they conflict."""
        sides = {
            "supported": (self.so.supports,),
            "refuted": (self.so.refutes,),
            "conflicting": (self.so.supports, self.so.refutes),
        }.get(self.ruling, (tuple(sorted(self.so.supports + self.so.refutes, key=strongest)),))
        found = tuple(side[0] for side in sides if side)
        other = self.so.supports[:1] or self.so.refutes[:1]  # where a person sees it otherwise
        return found or other or self.said.supports[:1] or self.said.refutes[:1]

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
    def rulings(self) -> dict[str, int]:
        """How many claims have which ruling, what must be looked at first before the rest."""
        counts = Counter(claim.ruling for claim in self.claims)
        return {ruling: counts[ruling] for ruling in _AT_A_GLANCE if counts[ruling]}

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
class RunView:
    """A run as the report shows it."""

    record: RunRecord
    summary: Summary
    articles: tuple[ArticleView, ...]
    glance: tuple[ClaimView, ...]
    changed: tuple[ClaimView, ...]  # whose ruling is another than before this run, conflicts first
    changes: Mapping[str, Change]  # why, by claim, as far as it is on record
    again: int  # claims that were checked before
    night: date | None  # where the run is one of a night


def view_run(record: RunRecord, changes: Iterable[Change] = ()) -> RunView:
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
    glance = tuple(sorted(claims, key=_glance))
    changed = sorted((view for view in glance if view.before), key=_what_changed)
    return RunView(
        record=record,
        summary=_summary(record, claims),
        articles=tuple(views),
        glance=glance,
        changed=tuple(changed),
        changes={change.claim: change for change in changes},
        again=sum(view.checked_before for view in claims),
        night=record.run.started_at.date() if is_night(record.run.id) else None,
    )


def _article(checked: ArticleChecked, record: RunRecord, before: int) -> ArticleView:
    article = checked.article
    sentences = split_sentences(article.text)
    claims = tuple(
        ClaimView(
            before + at,
            claim,
            checked.verdicts.get(claim.id),
            article,
            _context(article, claim, sentences),
            record,
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


def _glance(view: ClaimView) -> tuple[int, float, int]:
    return (_AT_A_GLANCE.index(view.ruling), -view.claim.worth, view.number)


def _what_changed(view: ClaimView) -> tuple[bool, float, int]:
    return (view.ruling != "conflicting", -view.claim.worth, view.number)


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
