"""What runs came to, as the report reads it: articles with their verdicts, decisions, and what changed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from claims.model import Article, Capture, Claim, Document, Excluded, Verdict
from claims.rulings import Ruling

ChangeKind = Literal["edited", "vanished", "returned", "unreachable"]


@dataclass(frozen=True, slots=True)
class Run:
    """One call of `verify`. `sample` is true where the evidence came from the packaged sample web."""

    id: str
    started_at: datetime
    finished_at: datetime | None
    engine: str
    sources: str  # name of the sources file
    sample: bool


@dataclass(frozen=True, slots=True)
class ArticleChecked:
    """An article with everything a run found in it; `verdicts` is by claim id."""

    article: Article
    claims: tuple[Claim, ...]
    excluded: tuple[Excluded, ...]
    verdicts: dict[str, Verdict]


@dataclass(frozen=True, slots=True)
class ClaimMatch:
    """A claim of another article that a new claim is like: the same, and joined with it, or one that may be.

    `text` and `other_text` are the words of the two, `score` how likely they are the same, 0 to 1.
    """

    claim: str
    other: str
    score: float
    relation: Literal["same", "related"]
    text: str
    other_text: str


@dataclass(frozen=True, slots=True)
class PageChange:
    """What a run found changed at an address that had been read before.

    `before` is the version that was read last, `after` the one that came now; both stay archived.
    `words_changed` is false where the page reads the same in both.
    """

    url: str
    at: datetime
    kind: ChangeKind
    before: Capture | None
    after: Capture | None
    detail: str | None
    words_changed: bool


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision on a claim, by the engine in a run or by a person, and the rulings that held after it.

    `new` and `gone` count the pieces of evidence that the engine's verdict before did not rest on, and those
    it no longer rests on; both are 0 for the first verdict and for a person's decision.
    """

    at: datetime
    decided_by: Literal["engine", "person"]
    verdict: Ruling | None  # None where a person took an earlier decision back
    said: Ruling | None
    confidence: float | None
    supports: int | None
    refutes: int | None
    holds: Ruling | None
    holds_said: Ruling | None
    held_by: Literal["engine", "person"]
    changed: bool  # whether another ruling held before
    new: int
    gone: int
    who: str  # the engine's version, or the person
    reason: str | None  # a person's


@dataclass(frozen=True, slots=True)
class Change:
    """What held about a claim gave way to something else, and why, as far as the record shows it.

    `causes` are those of `changes_since` in the record; `came` and `went` are the addresses of evidence
    that the new verdict rests on and of evidence that it no longer rests on.
    """

    claim: str
    text: str
    lang: str
    at: datetime
    before: Ruling | None
    verdict: Ruling | None
    causes: tuple[str, ...]
    came: tuple[str, ...]
    went: tuple[str, ...]
    who: str | None  # the person who decided; None where the engine did
    reason: str | None  # the person's
    decision: str  # the run, or the person's review


CAUSES = (
    "source_new",
    "source_edited",
    "source_gone",
    "source_not_named",
    "its_day_has_come",
    "engine",
    "person",
    "reweighed",
)


@dataclass(frozen=True, slots=True)
class RunRecord:
    """All that one run recorded, as the report reads it. `captures` and `documents` are by id."""

    run: Run
    articles: tuple[ArticleChecked, ...]
    captures: dict[str, Capture]
    documents: dict[str, Document]
    failures: tuple[str, ...]  # one line for each item that had to be skipped
    changes: tuple[PageChange, ...] = ()  # at the sources, by address
    history: dict[str, tuple[Decision, ...]] = field(default_factory=dict)  # by claim id, oldest first
    matches: tuple[ClaimMatch, ...] = ()  # of its new claims with others
    as_before: int = 0  # claims whose articles are left out, for nothing about them has changed
