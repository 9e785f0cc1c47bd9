"""One article while it is being worked on, and on what each of its claims is decided."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from claims.gather.search import Gathered
from claims.model import Article, Candidate, Capture, Claim, Document, Excluded, Mark, Query, digest
from claims.plain import plain
from claims.record import nights

log = logging.getLogger("tabayyun")


@dataclass(frozen=True, slots=True)
class Taken:
    """An article with what was found in it, before it is on record."""

    where: str
    article: Article
    claims: tuple[Claim, ...]
    excluded: tuple[Excluded, ...]


@dataclass
class FetchedPages:
    """The pages of the articles that go through the steps together, by address."""

    captures: dict[str, Capture] = field(default_factory=dict)
    documents: dict[str, Document] = field(default_factory=dict)


@dataclass
class Work:
    """One article while it is being worked on; let go afterwards."""

    article: Article
    claims: tuple[Claim, ...]  # those to be checked
    all_claims: dict[str, Claim]  # those the article makes, by id
    again: bool  # it was checked before
    found: dict[str, Gathered] = field(default_factory=dict)  # by claim id
    spare: dict[str, tuple[Candidate, ...]] = field(default_factory=dict)  # named, but one too many
    pages: FetchedPages = field(default_factory=FetchedPages)
    inputs: dict[str, str] = field(default_factory=dict)  # what each verdict is reached on, by claim id
    unchanged: dict[str, str] = field(default_factory=dict)  # the run that decided on the same, by claim id
    marks: dict[str, tuple[Mark, ...]] = field(default_factory=dict)  # of people, by claim id


def inputs_of(work: Work, claim: Claim, engine: str, passages: int) -> str:
    """All that the verdict on the claim can depend on, as one hash; the same gives the same verdict."""
    found = work.found[claim.id]
    pages = sorted(
        {(c.url, work.pages.captures[c.url].id, work.pages.captures[c.url].outcome) for c in found.candidates}
    )
    failed = sorted({(s.source, s.outcome) for s in found.sought if s.outcome not in ("ok", "empty")})
    checks = sorted((check.url, check.claim) for check in found.checks)
    about = work.all_claims.get(claim.about or "")
    marks = (plain(mark) for mark in work.marks.get(claim.id, ()))
    return digest(
        engine, work.article.published, plain((claim, about)), passages, pages, failed, checks, *marks
    )


def chosen(before: nights.Before, found: Gathered, limit: int) -> tuple[Gathered, tuple[Candidate, ...]]:
    """What is fetched of what was named now and before, and what was one too many, each page once.

    A page that was named before and not fetched is no news when it is named again.
    """
    if not before.used and not before.spare:
        return replace(found, candidates=found.candidates[:limit]), found.candidates[limit:]
    known = {candidate.url for candidate in (*before.used, *before.spare)}
    new = tuple(candidate for candidate in found.candidates if candidate.url not in known)
    return replace(found, candidates=(*before.used, *new[:limit])), (*before.spare, *new[limit:])


def in_turn(queries: Sequence[Query], most: int, day: date) -> list[Query]:
    """At most so many of the questions: from day to day others, until all of them have had their turn."""
    first = day.toordinal() * most
    return [queries[(first + i) % len(queries)] for i in range(min(most, len(queries)))]


def fault(what: str, error: Exception) -> str:
    """The line that tells of a fault of this program; its trace goes to the log, for who asks to see it."""
    log.debug(what, exc_info=error)
    return f"{what} ({type(error).__name__}: {' '.join(str(error).split())[:200]})"
