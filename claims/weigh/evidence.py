"""The pieces of evidence on a claim: marked by people, best and latest kept, joined by whose word it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from claims.model import Document, Evidence, Mark
from claims.weigh.origins import Witness, address_of, is_of_source, join_speakers
from claims.wording import reason

_NEUTRAL_SHOWN = 5  # passages that bear on a claim without deciding anything


def marked(item: Evidence, document: Document, marks: Sequence[Mark]) -> Evidence:
    """The piece with what people marked about its page, and who did."""
    why: list[str] = []
    interested = False
    for mark in marks:
        if mark.kind == "interested" and is_of_source(mark, document):
            interested = True
            why.append(reason("marked_interested", mark.who))
        elif mark.kind != "join" and address_of(mark.about) == address_of(document.url):
            why.append(reason("marked_copy" if mark.kind == "copy" else "added_by", mark.who))
    return replace(item, interested=item.interested or interested, why=(*item.why, *why)) if why else item


def joined_with(marks: Sequence[Mark]) -> tuple[str, ...]:
    """The reason that a verdict gives where people joined its claim with others."""
    joined = sorted({mark.about for mark in marks if mark.kind == "join"})
    return (reason("joined_claims", str(len(joined))),) if joined else ()


def best(evidence: Sequence[Evidence]) -> list[Evidence]:
    """One piece for each quoted sentence and stance, the strongest, in a fixed order."""
    kept: dict[tuple[str, int, str], Evidence] = {}
    for item in evidence:
        key = (item.document, item.start, item.stance)
        if key not in kept or _weight(item) > _weight(kept[key]):
            kept[key] = item
    decided = {(d, s) for d, s, stance in kept if stance != "neutral"}
    return sorted(
        (e for (d, s, stance), e in kept.items() if stance != "neutral" or (d, s) not in decided),
        key=lambda e: (-_weight(e), e.url, e.start, e.id),
    )


def latest(evidence: Sequence[Evidence]) -> list[Evidence]:
    """Where one origin first said this and later the opposite, only its latest page decides."""
    stances: dict[str, set[str]] = {}
    latest: dict[str, date] = {}
    for item in evidence:
        if item.stance != "neutral":
            stances.setdefault(item.origin, set()).add(item.stance)
            if item.published:
                latest[item.origin] = max(latest.get(item.origin, item.published), item.published)
    kept: list[Evidence] = []
    for item in evidence:
        changed = len(stances.get(item.origin, ())) > 1 and item.stance != "neutral"
        if changed and item.published and item.published < latest[item.origin]:
            item = replace(
                item, stance="neutral", supports=0.1, refutes=0.1, why=(*item.why, reason("superseded"))
            )
        kept.append(item)
    return kept


def joined(evidence: Sequence[Evidence]) -> list[Evidence]:
    """The evidence with its origins joined where they rest on one speaker's word."""
    groups: dict[str, list[Evidence]] = {}
    for item in evidence:
        if item.stance != "neutral":
            groups.setdefault(item.origin, []).append(item)
    witnesses = [
        Witness(
            group,
            frozenset(item.speaker or "?" for item in items if _quotes(item)),
            _own_voice(items),
        )
        for group, items in sorted(groups.items())
    ]
    names = join_speakers(witnesses)
    return [
        replace(item, origin=names[item.origin]) if item.stance != "neutral" else item for item in evidence
    ]


def _own_voice(items: Sequence[Evidence]) -> bool:
    """Whether one of the pages tells it without quoting anybody: a lead often leaves out whose word it is."""
    quoting = {item.document for item in items if _quotes(item)}
    return any(item.document not in quoting for item in items)


def _quotes(item: Evidence) -> bool:
    """Whether the piece gives somebody's word and not the page's own."""
    return item.speaker is not None


def _weight(item: Evidence) -> float:
    return max(item.supports, item.refutes)


def shown(evidence: Sequence[Evidence]) -> list[Evidence]:
    """Everything that decides, and the few nearest of what does not."""
    deciding = [e for e in evidence if e.stance != "neutral"]
    neutral = [e for e in evidence if e.stance == "neutral" and _weight(e) > 0.05][:_NEUTRAL_SHOWN]
    return deciding + neutral
