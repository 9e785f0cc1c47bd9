"""The cue words of each language: by which words news attributes, denies, plans, counts."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import get_args

from claims.language.letters import fold
from claims.model import Mode

_DATA = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class Cues:
    """Word lists of one language, folded. `modes` maps each form of a reporting verb to its mode."""

    modes: dict[str, Mode]
    plainest: dict[Mode, str]  # the first form listed for a mode, as it is written
    lists: dict[str, frozenset[str]]  # "table.key" → words

    def __getitem__(self, name: str) -> frozenset[str]:
        return self.lists[name]


@cache
def cues(lang: str) -> Cues:
    """The cue words of a language ("ar" or "en")."""
    lists: dict[str, frozenset[str]] = {}
    modes: dict[str, Mode] = {}
    plainest: dict[Mode, str] = {}
    forms: dict[str, str] = {}
    for file in (f"cues_{lang}.toml", f"kinds_{lang}.toml"):
        for table, keys in tomllib.loads((_DATA / file).read_text(encoding="utf-8")).items():
            forms[table] = keys.get("forms", "")
            for key, words in keys.items():
                lists[f"{table}.{key}"] = frozenset(fold(word) for word in words.split())
    for mode in get_args(Mode):
        plainest[mode] = forms[mode].split()[0]
        for form in lists[f"{mode}.forms"]:
            modes[form] = mode
    return Cues(modes, plainest, lists)
