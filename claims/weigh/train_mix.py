"""What is learned from in one epoch: the shared pairs in ever other dress, and pairs of our own.

Rows that stand in several languages meet across them; pairs whose label holds both ways are turned round;
passages get other passages of their set beside them; a figure that claim and passage share is changed.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from claims.weigh.train_contrast import contrastive_pairs
from claims.weigh.train_facts import fact_pairs
from claims.weigh.train_stories import story_pairs

LABELS = ("supports", "refutes", "neutral")
NOT_SUPPORTS = 3  # two-way sets: anything but supports
_REFUTES, _NEUTRAL = 1, 2
# How often a pair of a set is taken in an epoch, on average
PERMISSIVE = {
    **{"ans": 4.0, "arbteds": 3.0, "fever_symmetric": 4.0, "fm2": 2.5, "wice": 2.0, "written": 6.0},
    **{"own_news": 1.1, "own_rumours": 1.5, "own_headlines": 0.8, "own_facts": 0.8, "own_health": 1.5},
    **{"own_inference": 1.5, "own_events": 2.5},
}
RESTRICTED = {"xnli": 8.0, "arnli": 0.4, "healthver": 5.0}  # xnli: a row of all its languages
_SPOKEN = ("ar", "ar", "ar", "en", "en", "en", "ru", "ru", "ur")
_EVENTS, _FACTS, _STORIES = 1_500, 1_000, 3_000  # generated pairs in an epoch
# Single sentences, which have nothing beside them
_HEADLINES = frozenset({"ans", "arnli", "arbteds", "own_headlines", "own_inference"})
_NUMBER = re.compile(r"(?<![\d.,/])\d{1,4}(?![\d.,/])")


@dataclass(frozen=True, slots=True)
class Pair:
    """A claim with a passage; `label` is a place in `LABELS`, or 3 for *not supports*."""

    dataset: str
    row: str
    lang: str
    claim: str
    passage: str
    label: int


def epoch(pairs: Sequence[Pair], *, everything: bool, seed: int) -> list[Pair]:
    """The pairs of one epoch. The same seed gives the same."""
    dice = random.Random(seed)  # noqa: S311 - chooses pairs, guards nothing
    times = PERMISSIVE | (RESTRICTED if everything else {})
    rows: dict[str, list[Pair]] = defaultdict(list)
    sets: dict[str, list[Pair]] = defaultdict(list)
    for pair in pairs:
        if pair.dataset in times:
            rows[f"{pair.dataset}/{pair.row}"].append(pair)
            sets[pair.dataset].append(pair)
    chosen: list[Pair] = []
    for versions in rows.values():
        taken = times[versions[0].dataset]
        for _ in range(int(taken) + (dice.random() < taken % 1)):
            pair = _dressed(versions, dice)
            if pair.dataset not in _HEADLINES and dice.random() < 0.12:
                pair = _with_company(pair, dice.choice(sets[pair.dataset]), dice)
            chosen.append(pair)
            chosen += _other_number(pair, dice)
    chosen += _strangers(sets["ans"], dice)
    chosen += [
        Pair("own", "", "", claim, passage, LABELS.index(label)) for claim, passage, label in _own(seed)
    ]
    return chosen


def _own(seed: int) -> Iterator[tuple[str, str, str]]:
    yield from contrastive_pairs(_EVENTS, seed)
    yield from fact_pairs(_FACTS, seed)
    yield from story_pairs(_STORIES, seed)


def _dressed(versions: Sequence[Pair], dice: random.Random) -> Pair:
    """One pair of a row: claim and passage in one language or in two, or turned round."""
    pair = versions[0]
    by_lang = {version.lang: version for version in versions}
    if len(by_lang) > 1:
        spoken = [lang for lang in _SPOKEN if lang in by_lang]
        ours = dice.choice(spoken)
        theirs = ours if dice.random() < 0.6 else dice.choice(spoken)
        pair = replace(by_lang[ours], passage=by_lang[theirs].passage)
    both_ways = pair.dataset == "ans" or (pair.dataset == "xnli" and pair.label == _REFUTES)
    if both_ways and dice.random() < 0.25:
        pair = replace(pair, claim=pair.passage, passage=pair.claim)
    return pair


def _with_company(pair: Pair, other: Pair, dice: random.Random) -> Pair:
    """The same with another passage of the same language before or after it."""
    if other.row == pair.row or other.lang != pair.lang or len(pair.passage) + len(other.passage) > 700:
        return pair
    parts = [pair.passage, other.passage]
    dice.shuffle(parts)
    return replace(pair, passage=" ".join(parts))


def _other_number(pair: Pair, dice: random.Random) -> list[Pair]:
    """Where a supported claim shares a figure with its passage: the claim with another, which is refuted."""
    if pair.label != 0 or pair.dataset in ("xnli", "arnli") or dice.random() < 0.5:
        return []
    shared = [m for m in _NUMBER.finditer(pair.claim) if m[0] in _NUMBER.findall(pair.passage)]
    if not shared:
        return []
    match = dice.choice(shared)
    value = int(match[0])
    step = dice.choice((1, 2, 3, 5, 10, max(4, value // 3)))
    changed = str(value + step if value < 2000 or dice.random() < 0.3 else value - step)
    if changed in pair.passage:
        return []
    return [
        replace(pair, claim=pair.claim[: match.start()] + changed + pair.claim[match.end() :], label=_REFUTES)
    ]


def _strangers(pairs: Sequence[Pair], dice: random.Random) -> list[Pair]:
    """Titles of different stories that share a word: neutral, which the set itself seldom shows."""
    holding: dict[str, list[Pair]] = defaultdict(list)
    for pair in pairs:
        for word in set(pair.passage.split()):
            if len(word) > 4:
                holding[word].append(pair)
    found: list[Pair] = []
    for pair in dice.sample(list(pairs), min(len(pairs), 500)):
        words = set(pair.claim.split())
        others = [one for word in words if 1 < len(holding.get(word, ())) < 40 for one in holding[word]]
        others = [one for one in others if len(words & set((one.claim + " " + one.passage).split())) == 1]
        if others:
            found.append(replace(pair, passage=dice.choice(others).passage, label=_NEUTRAL))
    return found
