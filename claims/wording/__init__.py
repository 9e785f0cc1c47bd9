"""Reasons in words. A reason is stored as a code with values and worded in the reader's language.

`reason("dates_agree", "2024-10-22/2024-10-24")` gives `dates_agree|2024-10-22/2024-10-24`; `say` turns
that into a sentence by the catalog of the language. A code that is English already ("has a number") needs
no entry in the English catalog: it comes back as it is, its values in brackets.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

LANGUAGES = ("ar", "en")
_MARK = "|"


def reason(code: str, *values: str) -> str:
    """The code with its values in one string, to be stored."""
    return _MARK.join((code, *(value.replace(_MARK, "/") for value in values)))


def say(stored: str, lang: str) -> str:
    """A stored reason as a sentence."""
    code, *values = stored.split(_MARK)
    pattern = catalog(lang).get(code)
    if pattern is None:
        return f"{code} ({', '.join(values)})" if values else code
    for number, value in enumerate(values):
        pattern = pattern.replace(f"{{{number}}}", value)
    return pattern


@cache
def catalog(lang: str) -> dict[str, str]:
    """The sentences of a language by code."""
    file = Path(__file__).parent / f"{lang}.toml"
    return {str(k): str(v) for k, v in tomllib.loads(file.read_text(encoding="utf-8")).items()}
