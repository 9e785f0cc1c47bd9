"""Whether each configured source can be used: one real question to every one of them."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from claims.gather.search import OpenSource, OpenSources
from claims.model import Query, SoughtOutcome
from claims.source_kinds import SourceSpec, WaybackSource

_WORDS = {"ar": "أخبار العالم", "fa": "اخبار جهان", "ru": "новости мира"}
_PAGE = "https://example.com/"  # archived for as long as the archive exists


@dataclass(frozen=True, slots=True)
class Health:
    """How a source answered the question; `outcome` is ok or empty where it can be used."""

    spec: SourceSpec
    question: str
    outcome: SoughtOutcome
    found: int
    detail: str | None

    @property
    def usable(self) -> bool:
        """Whether it answered."""
        return self.outcome in ("ok", "empty")


async def check_sources(specs: tuple[SourceSpec, ...], opened: OpenSources) -> list[Health]:
    """Every source was asked one question, all at the same time; how each of them did, in their order."""
    by_name = {source.connector.name: source for source in opened.every}
    return list(await asyncio.gather(*(_checked(spec, by_name[spec.name]) for spec in specs)))


async def _checked(spec: SourceSpec, source: OpenSource) -> Health:
    _, sought = await source.ask(_question(spec))
    return Health(spec, sought.query, sought.outcome, sought.found, sought.detail)


def _question(spec: SourceSpec) -> Query:
    """A question that nearly any such source can say something to, in a language that it takes."""
    if isinstance(spec, WaybackSource):
        return Query(_PAGE, "")
    lang = "en" if not spec.languages or "en" in spec.languages else spec.languages[0]
    return Query(_WORDS.get(lang, "world news"), lang)
