"""New claims of a night are compared with those that are known, once all of them are on record."""

from __future__ import annotations

import asyncio

from claims.pipeline.verification import Verification
from claims.record.matches import add_matches, claims_to_match
from claims.weigh.joining import find_matches

_INDEX = "matching"  # the folder of the workspace in which the work on claims is kept


async def match_new(run: Verification) -> int:
    """Claims that are the same as known ones are joined with them, others that may be are suggested; how many
    of both. What is joined falls due, and is checked on the next night with the pages of both."""
    return await asyncio.to_thread(_match_new, run)


def _match_new(run: Verification) -> int:
    new, known = claims_to_match(run.store, run.id)
    matches = find_matches(new, known, run.store.workspace / _INDEX)
    if matches:
        add_matches(run.store, run.id, matches)
    return len(matches)
