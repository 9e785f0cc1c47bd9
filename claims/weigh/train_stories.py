"""Pairs of our own from made-up news stories: what follows from a story, what goes against it, what is open.

`data/stories.toml` holds the stories in Arabic and English, with claims about them. Names, places, figures
and days are filled in here, and a claim is also asked with one of them changed. The same seed gives the
same pairs.
"""

from __future__ import annotations

import random
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from claims.weigh.train_contrast import Row

_LABELS = {"s": "supports", "r": "refutes", "n": "neutral"}
_COLUMN = {"en": 1, "ar": 2}
_SLOT = re.compile(r"\{(\w)([-+]?)\}")
_PAIRS = (("p", "q"), ("c", "e"), ("o", "v"), ("w", "x"), ("d", "f"))  # of one kind, never the same
_CLAIMS = 7  # taken of one filling of a story


@dataclass(frozen=True, slots=True)
class _Filling:
    """What stands in the slots of a story: places in lists, days, figures, and rounder figures near."""

    named: Mapping[str, int]
    days: Mapping[str, date]
    figures: Mapping[str, int]
    rounder: Mapping[str, tuple[int, int]]


def _filling(dice: random.Random, story: Mapping[str, Any]) -> _Filling:
    named: dict[str, int] = {}
    for one, two in _PAIRS[:-1]:
        named[one], named[two] = dice.sample(range(_size(one)), 2)
    day = date(dice.choice((2019, 2021, 2022, 2023, 2024)), 1, 3) + timedelta(days=dice.randrange(355))
    figures = {slot: dice.randint(*story[slot]) for slot in ("n", "m") if slot in story}
    if figures.get("n") == figures.get("m"):
        figures["n"] += 1
    rounder = {slot: (_rounder(n, -1, dice), _rounder(n, 1, dice)) for slot, n in figures.items()}
    return _Filling(named, {"d": day, "f": day + timedelta(days=dice.randint(3, 60))}, figures, rounder)


def _changed(dice: random.Random, filling: _Filling, slot: str) -> _Filling:
    """The same with another value in one slot, which no other slot has."""
    if slot in filling.figures:
        value, taken = filling.figures[slot], filling.figures.values()
        near = [value + step for step in (-20, -10, -3, -1, 1, 2, 5, 10, 30)] + [int(str(value)[::-1])]
        other = dice.choice([n for n in near if value / 2 <= n <= value * 2 and n not in taken])
        return replace(filling, figures={**filling.figures, slot: other})
    if slot in filling.days:
        step = timedelta(days=dice.choice((-60, -31, -7, -3, -2, -1, 1, 2, 3, 7, 14, 31, 90)))
        return replace(filling, days={**filling.days, slot: filling.days[slot] + step})
    used = {filling.named[one] for pair in _PAIRS if slot in pair for one in pair}
    free = [n for n in range(_size(slot)) if n not in used]
    return replace(filling, named={**filling.named, slot: dice.choice(free)})


def _kind(slot: str) -> str:
    return next(one for one, two in _PAIRS if slot in (one, two))


def _size(slot: str) -> int:
    return len(_data()["list"][_kind(slot)]["en"])


def _rounder(value: int, way: int, dice: random.Random) -> int:
    """A rounder number clearly below or above."""
    step = 10 if value > 30 else 1
    found = int(value * (1 + way * dice.uniform(0.08, 0.45)) / step) * step
    return min(found, value - 1) if way < 0 else max(found, value + 1)


@cache
def _data() -> dict[str, Any]:
    file = Path(__file__).parent / "data" / "stories.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))


def story_pairs(count: int, seed: int) -> Iterator[Row]:
    """`count` pairs; those of one story follow one another."""
    dice = random.Random(seed)  # noqa: S311 - chooses words, guards nothing
    made = 0
    while made < count:
        for row in _rows(dice):
            if made < count:
                yield row
            made += 1


def _rows(dice: random.Random) -> Iterator[Row]:
    stories = _data()["story"]
    story = dice.choice(stories)
    ours = dice.choice(("ar", "ar", "en"))
    theirs = ours if dice.random() < 0.7 else ("en" if ours == "ar" else "ar")
    filling = _filling(dice, story)
    weekday = dice.random() < 0.5  # the passage names it
    told = _worded(dice, story[theirs], filling, theirs, weekday=weekday)
    passage = _among(dice, told, theirs)
    for claim in dice.sample(story["claims"], min(_CLAIMS, len(story["claims"]))):
        own, *changes = claim[0].split()
        words = claim[_COLUMN[ours]]
        yield _worded(dice, words, filling, ours, weekday=False), passage, _LABELS[own]
        for slot, label in (change.split(":") for change in changes):
            if dice.random() < 0.6:
                yield (
                    _worded(dice, words, _changed(dice, filling, slot), ours, weekday=False),
                    passage,
                    _LABELS[label],
                )
    other = dice.choice(stories)
    if other is not story:  # the same people and places in another story
        elsewhere = replace(_filling(dice, other), named=filling.named, days=filling.days)
        words = dice.choice([claim for claim in other["claims"] if claim[0][0] != "n"])[_COLUMN[ours]]
        yield _worded(dice, words, elsewhere, ours, weekday=False), passage, "neutral"


def _worded(dice: random.Random, wordings: str, filling: _Filling, lang: str, *, weekday: bool) -> str:
    lists = _data()["list"]

    def word(match: re.Match[str]) -> str:
        slot, way = match[1], match[2]
        if way:
            return str(filling.rounder[slot][way == "+"])
        if slot in filling.figures:
            return str(filling.figures[slot])
        if slot in filling.days:
            return _day(dice, filling.days[slot], lang, weekday=weekday)
        return str(lists[_kind(slot)][lang][filling.named[slot]])

    text = _SLOT.sub(word, dice.choice(wordings.split(" | ")).strip())
    return text[0].upper() + text[1:]


def _day(dice: random.Random, day: date, lang: str, *, weekday: bool) -> str:
    names = _data()["calendar"]
    months = names["levant"] if lang == "ar" and dice.random() < 0.3 else names["months"][lang]
    text = f"{day.day} {months[day.month - 1]}"
    year = dice.random() < 0.5
    if lang == "en" and dice.random() < 0.3:
        text = f"{months[day.month - 1]} {day.day}" + (f", {day.year}" if year else "")
    elif year:
        text += f" {day.year}"
    if weekday or dice.random() < 0.25:
        text = f"{names['weekdays'][lang][day.weekday()]} {text}"
    return text


def _among(dice: random.Random, told: str, lang: str) -> str:
    """The story alone, or beside a sentence of another."""
    if dice.random() < 0.75:
        return told
    other = dice.choice(_data()["story"])
    aside = (
        _worded(dice, other[lang], _filling(dice, other), lang, weekday=False).split(". ")[0].rstrip(".")
        + "."
    )
    return f"{told} {aside}" if dice.random() < 0.6 else f"{aside} {told}"
