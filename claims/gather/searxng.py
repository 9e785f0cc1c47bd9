"""SearXNG and searx: metasearch servers asked over their JSON format."""

from __future__ import annotations

from itertools import chain
from typing import Any

from claims.errors import SourceSkipped, SourceUnusable
from claims.gather.base import (
    MAX_SNIPPET,
    MAX_TITLE,
    Ask,
    clean_text,
    clean_url,
    json_object,
    lenient_date,
)
from claims.gather.widening import Widening
from claims.model import Candidate, Query

_MAX_PAGES = 5
_FULL_PAGE = 10  # a result page with fewer hits is taken for the last one


class SearxngConnector:
    """Asks `{url}/search` for JSON, page after page until `limit` candidates are found."""

    def __init__(self, name: str, url: str, ask: Ask, limit: int) -> None:
        self.name = name
        self._url = url.rstrip("/").removesuffix("/search") + "/search"
        self._ask = ask
        self._limit = limit
        self._last_failure = ""
        self._widening = Widening()

    async def search(self, query: Query) -> list[Candidate]:
        """The candidates that the server names, best first; for a few of its words where none fits all.

        The whole query is always asked: not every engine wants every word, so what was asked before in vain
        does not tell that more words with it find nothing.

        Raises SourceUnusable where JSON is not switched on or the address is no SearXNG, SourceSkipped where
        the look-up failed, also where every engine behind the server failed.
        """
        fewer = (wording for wording in self._widening.wordings(query) if wording != query)
        for wording in chain([query], fewer):
            found = await self._found(wording)
            if found:
                return found
            self._widening.in_vain(wording)
        return []

    async def _found(self, query: Query) -> list[Candidate]:
        found: dict[str, Candidate] = {}
        for page in range(1, _MAX_PAGES + 1):
            rows = await self._page(query, page, first=not found)
            before = len(found)
            for row in rows:
                candidate = self._candidate(row)
                if candidate:
                    found.setdefault(candidate.url, candidate)
            if len(found) >= self._limit or len(rows) < _FULL_PAGE or len(found) == before:
                break
        return list(found.values())[: self._limit]

    async def _page(self, query: Query, page: int, first: bool) -> list[Any]:
        params = {"q": query.text, "format": "json", "language": query.lang or "all", "pageno": str(page)}
        try:
            answer = await self._ask(self._url, params)
            table = json_object(answer, self.name, self._url)
        except SourceSkipped:
            if first:
                raise
            return []  # what the earlier pages gave still stands
        except SourceUnusable as error:
            if error.outcome != "refused":
                raise
            raise SourceUnusable(
                f"{self.name}: {self._url} refuses to answer in JSON ({error});"
                " switch it on there: add json to search.formats in its settings.yml",
                "misconfigured",
            ) from None
        results = table.get("results")
        rows = results[:500] if isinstance(results, list) else []
        if first:
            self._check_engines(rows, table.get("unresponsive_engines"))
        if "results" not in table and "query" not in table:
            raise SourceUnusable(
                f"{self.name}: {self._url} answers JSON, but not that of a SearXNG server; check the address",
                "misconfigured",
            )
        return rows

    def _check_engines(self, rows: list[Any], failed: object) -> None:
        """Raises SourceSkipped where nothing was found because the engines failed.

        A server rests an engine that failed and then answers without it and without a word about it: so
        until there are results again, nothing found means nothing known.
        """
        if rows:
            self._last_failure = ""
            return
        if isinstance(failed, list) and failed:
            self._last_failure = _engines(failed)
            raise SourceSkipped(
                f"{self.name}: no engine behind {self._url} answered ({self._last_failure})", "unreachable"
            )
        if self._last_failure:
            raise SourceSkipped(
                f"{self.name}: no engine behind {self._url} answers since one failed ({self._last_failure})",
                "unreachable",
            )

    def _candidate(self, row: object) -> Candidate | None:
        if not isinstance(row, dict):
            return None
        url = clean_url(row.get("url"))
        if not url:
            return None
        return Candidate(
            url=url,
            source=self.name,
            title=clean_text(row.get("title"), MAX_TITLE),
            published=lenient_date(row.get("publishedDate")) or lenient_date(row.get("pubdate")),
            snippet=clean_text(row.get("content"), MAX_SNIPPET),
        )


def _engines(failed: list[Any]) -> str:
    """The engines that failed with their reasons, as one bounded piece of text."""
    named = []
    for entry in failed[:5]:
        parts = entry if isinstance(entry, list) else [entry]
        words = [clean_text(part, 60) for part in parts[:2]]
        named.append(": ".join(word for word in words if word))
    return ", ".join(name for name in named if name) or "no names given"
