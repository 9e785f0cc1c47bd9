"""Who and where: the names in a text, each with an id that is the same in every language.

A country's name is both a place and somebody who acts; its adjective is only the latter. A capital is a
place, and where it does not follow a word such as "in" it is also the government that sits there.
"""

from __future__ import annotations

import re
from functools import cache

from claims.language.names_index import index, official_languages, table
from claims.language.names_linking import Linking, Names
from claims.language.names_reading import Reading

__all__ = ["Names", "countries_official_languages", "country_of", "find_names", "names_in"]


def find_names(text: str, lang: str | None = None) -> Names:
    """The places, persons, organisations, countries and agencies that the text names, with exact offsets.

    All languages are looked for at once, so `lang` changes nothing that is found; it is accepted because
    every reader of a text takes it. A text with more than 20,000 names is read up to there.
    """
    reading = Reading(text)
    return Linking(reading, reading.known()).names()


# Facts about ids


@cache
def _ministry_id() -> re.Pattern[str]:
    return re.compile(rf"org:([a-z]{{2}})_({'|'.join(table('titles')['ministry'])})")


def names_in(id: str, lang: str) -> tuple[str, ...]:
    """The spellings of a known id or English place name in a language, the usual one first; else empty."""
    return index().spellings.get((id, lang), ())


def country_of(id: str) -> str | None:
    """The country that a Who id or an English place name belongs to."""
    entity = index().entities.get(id)
    if entity is not None:
        return entity.country
    ministry = _ministry_id().fullmatch(id)
    return ministry[1].upper() if ministry else None


def countries_official_languages(code: str) -> tuple[str, ...]:
    """The official languages of a country (ISO 639 codes), the most spoken first; empty if unknown."""
    return official_languages().get(code, ())
