"""The consonants of a name, made alike across Arabic, Cyrillic, Latin and Persian writing."""

from __future__ import annotations

import re

from claims.language.letters import fold

_PAIRS = (
    ("kh", "k"), ("sh", "s"), ("dzh", "g"), ("zh", "g"), ("ch", "s"), ("ts", "s"), ("gh", "g"), ("ph", "f"),
    ("ce", "s"), ("ci", "s"), ("cy", "s"), ("th", "t"), ("dh", "d"), ("تش", "s"), ("дж", "g"),
)  # fmt: skip
_LETTERS = str.maketrans(
    {
        **dict.fromkeys("bpбпبپ", "b"), **dict.fromkeys("tтتطث", "t"), **dict.fromkeys("dдدضذ", "d"),
        **dict.fromkeys("kqcxкхكقخگ", "k"), **dict.fromkeys("gjгжغجژ", "g"), **dict.fromkeys("fvфвفڤ", "f"),
        **dict.fromkeys("szсзшщцчسصزظشچ", "s"), **dict.fromkeys("lлل", "l"), **dict.fromkeys("mмم", "m"),
        **dict.fromkeys("nнن", "n"), **dict.fromkeys("rрر", "r"),
    }
)  # fmt: skip


def skeleton(name: str) -> str:
    """The name's consonant classes, alike for Pezeshkian, بزشكيان and Пезешкиан; may be empty."""
    folded = fold(name)
    if folded.startswith("ال"):
        folded = folded[2:]
    for pair, letter in _PAIRS:
        folded = folded.replace(pair, letter)
    kept = "".join(letter for letter in folded.translate(_LETTERS) if letter in "btdkgfslmnr")
    return re.sub(r"(.)\1+", r"\1", kept)
