"""A claim's verdict: whether all is as it was when it was decided last, what follows, and that on record."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from claims.model import Claim, Verdict
from claims.pipeline.pages import sort_pages
from claims.pipeline.plan import Plan
from claims.pipeline.work import Work, inputs_of
from claims.record import nights
from claims.weigh.checks import nearest
from claims.weigh.engine import Weigher
from claims.wording import reason


async def compare(plan: Plan, works: Sequence[Work], engine: str) -> None:
    """It is known on what each claim will be decided, and which were decided on the same before."""
    passages = plan.settings.passages_per_page
    for work in works:
        for claim in work.claims:
            work.inputs[claim.id] = inputs_of(work, claim, engine, passages)
    again = [claim.id for work in works if work.again for claim in work.claims]
    grounds = await asyncio.to_thread(nights.grounds_of, plan.store, again, plan.run) if again else {}
    for work in works:
        work.unchanged = {
            claim: grounds[claim].run
            for claim, inputs in work.inputs.items()
            if claim in grounds and grounds[claim].inputs == inputs
        }


def weigh_one(plan: Plan, weigher: Weigher, sources: Sequence[str], claim: Claim, work: Work) -> Verdict:
    """What follows for the claim from the pages at hand; `sources` are those that were asked."""
    gathered = work.found[claim.id]
    pages = sort_pages(gathered, work.article, work.pages.captures, work.pages.documents)
    verdict = weigher.weigh(
        claim,
        work.article,
        work.all_claims,
        pages.weighed,
        gathered.sought,
        pages.unread,
        plan.settings.passages_per_page,
        work.marks.get(claim.id, ()),
    )
    if pages.copies:
        left_out = reason("copies_left_out", str(len(pages.copies)))
        verdict = replace(verdict, reasons=(*verdict.reasons, left_out))
    verdict = replace(verdict, checks=nearest(claim, pages.checks, weigher.embedder))
    if not sources:
        return replace(verdict, gaps=(*verdict.gaps, reason("gap_nowhere")))
    return verdict


def record_verdicts(plan: Plan, weighed: Sequence[tuple[Work, Sequence[Verdict]]]) -> None:
    """The verdicts are on record with what they were reached on, and those that hold as they were again."""
    decided_at = {work.article.id: plan.clock(work.article.id) for work, _ in weighed}
    with plan.store.turn():
        inputs = {claim: value for work, _ in weighed for claim, value in work.inputs.items()}
        found = {claim: gathered for work, _ in weighed for claim, gathered in work.found.items()}
        used = {claim: len(gathered.candidates) for claim, gathered in found.items()}
        nights.add_grounds(plan.store, plan.run, inputs, used)
        again = {
            claim: (run, decided_at[work.article.id])
            for work, _ in weighed
            for claim, run in work.unchanged.items()
        }
        sought = {claim: gathered.sought for claim, gathered in found.items()}
        nights.repeat_verdicts(plan.store, plan.run, again, sought)
        for work, verdicts in weighed:
            if verdicts:
                plan.store.add_verdicts(plan.run, verdicts, decided_at[work.article.id])
