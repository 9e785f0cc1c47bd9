"""More pairs of our own: what encyclopedias say of people and works, what trials found, more and fewer than.

Names are made up, so that only the passage can tell. The same seed gives the same pairs.
"""

from __future__ import annotations

import random
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from claims.weigh.train_contrast import Row


@cache
def _data() -> dict[str, Any]:
    file = Path(__file__).parent / "data" / "contrast_facts.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))


def fact_pairs(count: int, seed: int) -> Iterator[Row]:
    """`count` pairs about facts, findings and quantities by turns."""
    dice = random.Random(seed)  # noqa: S311 - chooses words, guards nothing
    makers = (_facts, _facts, _findings, _quantities)
    made = group = 0
    while made < count:
        for row in makers[group % len(makers)](dice):
            if made < count:
                yield row
            made += 1
        group += 1


def _facts(dice: random.Random) -> Iterator[Row]:
    """A subject with three facts in the passage; claims about one of them, or about a fourth."""
    subject = dice.choice(_data()["subject"])
    ours = dice.choice(("en", "en", "ar"))
    theirs = ours if dice.random() < 0.7 else ("ar" if ours == "en" else "en")
    name = dice.randrange(len(subject["name"]["en"]))
    facts = dice.sample(subject["fact"], min(4, len(subject["fact"])))
    told, untold = facts[:3], facts[3:]
    values = {id(fact): _value(dice, fact) for fact in facts}

    def word(fact: dict[str, Any], lang: str, value: int, form: str, called: str) -> str:
        text = str(dice.choice(fact[lang][form])).format(n=called, v=_worded(fact, lang, value))
        return text[0].upper() + text[1:] + "."

    passage = []
    for at, fact in enumerate(told):
        called = subject["name"][theirs][name] if at == 0 or dice.random() < 0.3 else subject["again"][theirs]
        passage.append(word(fact, theirs, values[id(fact)], "yes", called))
    text = " ".join(passage)
    called = subject["name"][ours][name]
    fact = dice.choice(told)
    value, other = values[id(fact)], _value(dice, fact)
    yield word(fact, ours, value, "yes", called), text, "supports"
    yield word(fact, ours, value, "no", called), text, "refutes"
    if other != value:
        yield word(fact, ours, other, "yes", called), text, "refutes"
        changed = text.replace(_worded(fact, theirs, value), _worded(fact, theirs, other))
        if changed != text:
            yield word(fact, ours, other, "yes", called), changed, "supports"
            yield word(fact, ours, value, "yes", called), changed, "refutes"
    for fact in untold:
        yield word(fact, ours, values[id(fact)], dice.choice(("yes", "no")), called), text, "neutral"


def _value(dice: random.Random, fact: dict[str, Any]) -> int:
    span = fact.get("between")
    return dice.randint(*span) if span else dice.randrange(len(_data()[fact["of"]]["en"]))


def _worded(fact: dict[str, Any], lang: str, value: int) -> str:
    return str(value) if "between" in fact else str(_data()[fact["of"]][lang][value])


def _findings(dice: random.Random) -> Iterator[Row]:
    """What lowers, raises or does not change a risk, in whom, and what is only being asked."""
    data = _data()
    ours = dice.choice(("en", "en", "en", "ar"))
    theirs = ours if dice.random() < 0.7 else "en"
    thing, risk = dice.randrange(len(data["treatments"]["en"])), dice.randrange(len(data["illnesses"]["en"]))
    thing2 = (thing + dice.randint(1, 5)) % len(data["treatments"]["en"])
    risk2 = (risk + dice.randint(1, 5)) % len(data["illnesses"]["en"])

    def word(form: str, lang: str, what: int = thing, on: int = risk, plain: bool = False) -> str:
        text = dice.choice(data["finding"][form][lang]).format(
            t=data["treatments"][lang][what], i=data["illnesses"][lang][on]
        )
        if not plain and dice.random() < 0.6:
            text = dice.choice(data["finding"]["frames"][lang]).format(text)
        return str(text[0].upper() + text[1:] + ".")

    for claimed in dice.sample(("lowers", "raises", "nothing"), 2):
        claim = word(claimed, ours, plain=True)
        yield claim, word(claimed, theirs), "supports"
        for found in ("lowers", "raises", "nothing"):
            if found != claimed:
                yield claim, word(found, theirs), "refutes"
        yield claim, word("asked", theirs), "neutral"
        yield claim, word(dice.choice(("lowers", "raises", "nothing")), theirs, what=thing2), "neutral"
        yield claim, word(claimed, theirs, on=risk2), "neutral"


def _quantities(dice: random.Random) -> Iterator[Row]:
    """More than, fewer than, about and exactly, against a figure."""
    data = _data()["quantity"]
    ours = dice.choice(("ar", "ar", "en", "ru"))
    theirs = ours if dice.random() < 0.6 else dice.choice(("ar", "en", "ru"))
    scene = dice.randrange(len(data["scene"]["en"]))
    place = dice.randrange(len(data["place"]["en"]))
    scale = dice.choice((1, 1, 10, 100, 1000))
    figure = dice.randint(12, 98) * scale

    def word(form: str, lang: str, number: int) -> str:
        amount = dice.choice(data[form][lang]).format(number if dice.random() < 0.7 else f"{number:,}")
        text = data["scene"][lang][scene].format(q=amount, p=data["place"][lang][place])
        return str(text[0].upper() + text[1:] + ".")

    told = word("exactly", theirs, figure)
    less, more = max(3, int(figure * dice.uniform(0.4, 0.9))), int(figure * dice.uniform(1.15, 2.5)) + 1
    yield word("exactly", ours, figure), told, "supports"
    yield word("exactly", ours, dice.choice((less, more))), told, "refutes"
    yield word("over", ours, less), told, "supports"
    yield word("over", ours, more), told, "refutes"
    yield word("under", ours, more), told, "supports"
    yield word("under", ours, less), told, "refutes"
    yield word("about", ours, round(figure * dice.uniform(0.97, 1.03))), told, "supports"
    yield word("about", ours, more + figure), told, "refutes"
    other = (scene + dice.randint(1, 4)) % len(data["scene"]["en"])
    scene = other
    yield word("exactly", ours, figure), told, "neutral"
