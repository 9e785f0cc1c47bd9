"""Pages that people brought to a claim: added by address, or found for a claim that they called the same."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from claims.gather.search import Gathered
from claims.model import Candidate, Mark
from claims.record import nights
from claims.record.store import Store

BY_HAND = "by hand"  # in place of a source's name


def pages_by_hand(
    store: Store, marks: Mapping[str, Collection[Mark]], run: str
) -> dict[str, tuple[Candidate, ...]]:
    """What people brought to each claim, in a fixed order: the pages that they added, then those that were
    fetched for the claims joined with it when these were checked last."""
    joined = {mark.about for told in marks.values() for mark in told if mark.kind == "join"}
    before = nights.named_before(store, joined, run) if joined else {}
    found = {}
    for claim, told in marks.items():
        added = [Candidate(mark.about, BY_HAND) for mark in told if mark.kind == "add_source"]
        shared = [
            replace(candidate, source=BY_HAND)
            for mark in told
            if mark.kind == "join" and mark.about in before
            for candidate in before[mark.about].used
        ]
        found[claim] = tuple({candidate.url: candidate for candidate in (*shared, *added)}.values())
    return found


def recorded_by_hand(named: Mapping[str, tuple[Candidate, ...]]) -> dict[str, tuple[Candidate, ...]]:
    """What people had brought to each claim when the run was made."""
    return {
        claim: tuple(candidate for candidate in candidates if candidate.source == BY_HAND)
        for claim, candidates in named.items()
    }


def with_pages_by_hand(found: Gathered, brought: tuple[Candidate, ...]) -> Gathered:
    """What is weighed: what the sources named, and what people brought; what they took back is gone."""
    named = tuple(candidate for candidate in found.candidates if candidate.source != BY_HAND)
    known = {candidate.url for candidate in named}
    new = tuple(candidate for candidate in brought if candidate.url not in known)
    return replace(found, candidates=(*named, *new))
