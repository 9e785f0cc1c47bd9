"""Whether two texts quote the same: by id, by the words for them, or as "the company" named before."""

from __future__ import annotations

from claims.language.names import country_of
from claims.weigh.acts import among
from claims.weigh.checks_words import stems
from claims.weigh.readings import Part, Reading
from claims.weigh.slots import told_apart

_SAME = 0.6  # of the words for the one who is called in fewer words


def one_speaker(head: Part, part: Part, mine: Reading, theirs: Reading) -> bool:
    """Whether a clause quotes whom the claim quotes; "the company" is one that the passage has named."""
    if _called_alike(head, part, mine.lang):
        return True
    _, called = _split(part.speaker)
    kinds = called & stems(theirs.lang, "bodies")
    named = _split(head.speaker)[1]
    if not kinds or not named_in(head, theirs.stems, mine.lang):
        return False
    return bool(kinds & stems(theirs.lang, "any_body")) or any(
        among(kind, named, mine.lang) for kind in kinds
    )


def _called_alike(one: Part, other: Part, lang: str) -> bool:
    """Whether two clauses have one speaker: the same id, or the one is called by the words for the other.

    A country and its government are one; two ministers or two ministries are not.
    """
    if told_apart(one.called, other.called, lang):
        return False
    ids, words = zip(*(_split(part.speaker) for part in (one, other)), strict=True)
    if any(":" in name for name in ids[0] & ids[1]):
        return True
    sides = [{country_of(name) or name for name in some} for some in ids]
    if all(sides) and not sides[0] & sides[1]:
        return False
    if any(
        all(name.isupper() for name in some) and len(called) <= 1
        for some, called in zip(ids, words, strict=True)
        if some
    ):
        return all(sides)
    fewer, more = sorted(words, key=len)
    return bool(fewer) and sum(among(one, more, lang) for one in fewer) >= _SAME * len(fewer)


def named_in(head: Part, others: frozenset[str], lang: str) -> bool:
    """Whether the words for whom a claim quotes are among some others."""
    _, called = _split(head.speaker)
    if head.mode is None or not called:
        return False
    return sum(among(one, others, lang) for one in called) >= _SAME * len(called)


def _split(speaker: frozenset[str]) -> tuple[frozenset[str], frozenset[str]]:
    """The ids and the stems among the words for a speaker."""
    ids = frozenset(word for word in speaker if ":" in word or word.isupper())
    return ids, speaker - ids
