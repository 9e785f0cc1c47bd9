"""Pairs of our own that differ in one thing: a date, a number, a place, a speaker, planned or done, denied.

Sentences are put together from parts in `data/contrast.toml`, in Arabic, English and Russian, also across
languages; the label follows from how the pair was made. The same seed gives the same pairs.
"""

from __future__ import annotations

import random
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

Row = tuple[str, str, str]  # claim, passage, label
_NUMBERS = [
    "11",
    "12",
    "13",
    "14",
    "15",
    "17",
    "18",
    "20",
    "25",
    "30",
    "35",
    "36",
    "40",
    "47",
    "50",
    "60",
    "75",
    "80",
    "90",
]
_LANGUAGES = {"ar": 5, "en": 3, "ru": 1}  # how often


@dataclass(frozen=True, slots=True)
class _Event:
    """Places in the lists of the data file; `opposite` tells the act that undoes it."""

    what: int
    opposite: bool
    number: str
    who: int
    place: int
    day: int
    month: int
    year: int | None


@cache
def _data() -> dict[str, Any]:
    file = Path(__file__).parent / "data" / "contrast.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))


def contrastive_pairs(count: int, seed: int) -> Iterator[Row]:
    """`count` pairs; those of one event follow one another."""
    dice = random.Random(seed)  # noqa: S311 - chooses words, guards nothing
    made = 0
    while made < count:
        for row in _group(dice):
            if made < count:
                yield row
            made += 1


class _Writer:
    """Words one event in one language, in ever other frames."""

    def __init__(self, dice: random.Random, lang: str, *, headline: bool, timed: bool) -> None:
        self.dice, self.lang, self.headline, self.timed = dice, lang, headline, timed

    def say(self, kind: str, event: _Event, who: int = 0, within: str = "") -> tuple[str, str]:
        """A sentence and the frame it has. With `within`, a frame that gives all that this frame gives."""
        frames: list[str] = _data()[kind][self.lang]
        if not self.timed:
            frames = [_undated(frame) for frame in frames]
        if within:
            full = [f for f in frames if all(slot in f for slot in ("{d}", "{p}") if slot in within)]
            frames = full or frames
        frame = self.dice.choice(frames)
        return self._fill(frame, event, who), frame

    def _fill(self, frame: str, event: _Event, who: int) -> str:
        data, lang = _data(), self.lang
        rows = data["event"][event.what]
        did, do, doing, what = (part.strip() for part in _parts(rows[lang], lang))
        if event.opposite:
            did, do, doing, _ = (part.strip() for part in _parts(rows[f"{lang}_not"] + " / ", lang))
        pick = self.dice.choice
        months = data["months"][pick(("ar", "ar", "levant")) if lang == "ar" else lang]
        day = f"{event.day} {months[event.month]}"
        if lang == "en" and self.dice.random() < 0.4:
            day = f"{months[event.month]} {event.day}"
        if event.year:
            day += f", {event.year}" if day[0].isalpha() and lang == "en" else f" {event.year}"
        text = frame.format(
            a=data["who"][lang][event.who], did=pick(did.split("|")), do=pick(do.split("|")),
            doing=pick(doing.split("|")), w=what.format(n=event.number), p=data["places"][lang][event.place],
            d=day, s=data["speakers"][lang][who],
        )  # fmt: skip
        return text[0].upper() + text[1:]


def _parts(line: str, lang: str) -> tuple[str, str, str, str]:
    parts = line.split(" / ")
    if lang == "ru":
        parts.insert(2, "")
    return parts[0], parts[1], parts[2], parts[3] if len(parts) > 3 else ""


def _undated(frame: str) -> str:
    for ending in (" يوم {d}", " في {d}", "، {d}", " on {d}", " {d}"):
        if frame.endswith(ending):
            return frame.removesuffix(ending)
    return frame


def _group(dice: random.Random) -> Iterator[Row]:
    ours, other = dice.choices(list(_LANGUAGES), list(_LANGUAGES.values()), k=2)
    theirs = other if dice.random() < 0.45 else ours
    headline, timed = dice.random() < 0.4, dice.random() < 0.6
    data = _data()
    what = dice.randrange(len(data["event"]))
    event = _Event(
        what, False, dice.choice(_NUMBERS), dice.randrange(14), dice.randrange(24), dice.randint(1, 28),
        dice.randrange(12), dice.choice((None, 2019, 2021, 2023, 2024)),
    )  # fmt: skip
    speaker, somebody = dice.sample(range(len(data["speakers"]["ar"])), 2)
    mine = _Writer(dice, ours, headline=headline, timed=timed)
    yours = _Writer(dice, theirs, headline=headline, timed=timed or dice.random() < 0.5)

    def pair(
        kind: str, told: str, label: str, about: _Event = event, claimed: _Event = event, *,
        who: int = speaker, quoted: int = speaker, full: bool = False,
    ) -> Row:  # fmt: skip
        claim, frame = mine.say(kind, claimed, who)
        text, _ = yours.say(told, about, quoted, within=frame if full or label == "supports" else "")
        return _ended(claim, headline), _passage(dice, yours, text, about, headline), label

    rows = [
        pair("happened", "happened", "supports"),
        pair("happened", "happened", "supports"),
        pair("happened", "not_happened", "refutes"),
        pair("not_happened", "happened", "refutes"),
        pair("not_happened", "not_happened", "supports"),
        pair("happened", "planned", "neutral"),
        pair("planned", "planned", "supports"),
        pair("planned", "not_planned", "refutes"),
        pair("not_planned", "planned", "refutes"),
        pair("not_planned", "not_planned", "supports"),
        pair("happened", "claimed", "neutral"),
        pair("said", "said", "supports"),
        pair("said", "denied", "refutes"),
        pair("denied", "denied", "supports"),
        pair("denied", "said", "refutes"),
        pair("said", "said", "neutral", quoted=somebody),
        pair("denied", "denied", "neutral", quoted=somebody),
        pair("claimed", "happened", "neutral"),
        pair("claimed", "claimed", "supports"),
        pair("said", "happened", "neutral"),
    ]
    if timed:
        moved = replace(event, day=(event.day + dice.randint(2, 25) - 1) % 28 + 1)
        if dice.random() < 0.3:
            moved = replace(event, month=(event.month + dice.randint(1, 11)) % 12)
        rows += [
            pair("happened", "happened", "refutes", moved, full=True),
            pair("planned", "planned", "refutes", moved, full=True),
            pair("said", "said", "refutes", moved, full=True),
        ]
    if "{n}" in data["event"][what]["ar"]:
        counted = replace(event, number=dice.choice([n for n in _NUMBERS if n != event.number]))
        rows += [pair(kind, kind, "refutes", counted) for kind in ("happened", "planned", "said")]
    if f"{ours}_not" in data["event"][what] and f"{theirs}_not" in data["event"][what]:
        undone = replace(event, opposite=True)
        rows += [
            pair("happened", "happened", "refutes", undone),
            pair("happened", "happened", "refutes", event, undone),
            pair("happened", "happened", "supports", undone, undone),
        ]
    elsewhere = replace(event, place=(event.place + dice.randint(1, 20)) % 24)
    by_another = replace(event, who=(event.who + dice.randint(1, 12)) % 14)
    another = replace(
        event, what=(what + dice.randint(1, 20)) % len(data["event"]), number=dice.choice(_NUMBERS)
    )
    rows += [
        pair("happened", "happened", "refutes", elsewhere),
        pair("happened", "happened", "neutral", by_another),
        pair("happened", "happened", "neutral", another),
        pair("happened", "planned", "neutral", another),
        pair("happened", "not_happened", "neutral", another),
        pair("said", "said", "neutral", another),
    ]
    claim, passage, _ = rows[0]
    longer = claim.rstrip(".") + " " + dice.choice(data["extra"][ours])
    rows.append((_ended(longer, headline), passage, "neutral"))
    longer = yours.say("happened", event, within="{d}{p}")[0] + " " + dice.choice(data["extra"][theirs])
    rows.append((claim, _passage(dice, yours, longer, event, headline), "supports"))
    yield from dice.sample(rows, 12)


def _ended(text: str, headline: bool) -> str:
    return text if headline else text + "."


def _passage(dice: random.Random, writer: _Writer, text: str, event: _Event, headline: bool) -> str:
    """The sentence among up to two others: remarks, or news of somebody else elsewhere."""
    if headline:
        return text
    sentences = [text + "."]
    for _ in range(dice.choices((0, 1, 2), (5, 3, 2))[0]):
        if dice.random() < 0.6:
            other = dice.choice(_data()["around"][writer.lang])
        else:
            aside = replace(
                event,
                opposite=False,
                what=dice.randrange(len(_data()["event"])),
                who=(event.who + dice.randint(1, 12)) % 14,
                place=(event.place + dice.randint(1, 20)) % 24,
                number=dice.choice(_NUMBERS),
            )
            other = writer.say(dice.choice(("happened", "planned", "not_happened")), aside)[0]
        sentences.insert(dice.randint(0, len(sentences)), other + ".")
    return " ".join(sentences)
