"""Which statements of a page are worth the embedder, which takes more time than all the rest of weighing.

In the claim's own language the same fact is told with some of the same words, so statements are ranked by the
words that they share with it and the first few are kept; in another language only the meaning can tell.
"""

from __future__ import annotations

from collections.abc import Sequence

from claims.language.stems import content_stems
from claims.weigh.propositions import Proposition
from claims.weigh.statements import Statement

_MOST = 8  # statements of a page; three of them are weighed
_LEAST = 0.25  # of the claim's content words; a name in common, in whatever words, counts as one more


def worth_a_look(proposition: Proposition, statements: Sequence[Statement]) -> list[Statement]:
    """Those that may bear on the proposition, in the order of the page."""
    mine = content_stems(proposition.text, proposition.lang)
    named = {who.id for who in proposition.who}
    ranked: list[tuple[int, int]] = []
    kept: list[int] = []
    for at, statement in enumerate(statements):
        if statement.lang != proposition.lang:
            kept.append(at)
            continue
        shared = len(mine & content_stems(statement.content, statement.lang)) + len(named & statement.names)
        if shared and shared >= _LEAST * len(mine):
            ranked.append((-shared, at))
    kept += [at for _, at in sorted(ranked)[:_MOST]]
    return [statements[at] for at in sorted(kept)]
