"""MediaWiki: wikis asked over their Action API (1.39 and later, no extension needed)."""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import urlsplit

from claims.errors import SourceSkipped, SourceUnusable
from claims.gather.base import MAX_SNIPPET, MAX_TITLE, Ask, clean_text, clean_url, json_object
from claims.gather.widening import Widening
from claims.model import Candidate, Query

_MAX_LAG_S = "5"  # a wiki whose copies lag more than this wants bots to wait
_LONGEST_WAIT_S = 10.0
_ATTEMPTS = 3
_MOST_TITLES = 50  # that one question may name


class MediaWikiConnector:
    """Asks the Action API at `url`; candidates are addresses of one revision, so that text can be cited."""

    def __init__(self, name: str, url: str, ask: Ask, limit: int) -> None:
        self.name = name
        self._url = url
        self._ask = ask
        self._limit = min(limit, _MOST_TITLES)
        self._widening = Widening()

    async def search(self, query: Query) -> list[Candidate]:
        """The pages that hold the words of the query, or a few of its words where none holds all.

        Raises SourceSkipped or SourceUnusable as every connector does.
        """
        for wording in self._widening.wordings(query):
            hits = await self._hits(wording.text)
            if hits:
                return await self._candidates(hits)
            self._widening.in_vain(wording)
        return []

    async def _hits(self, text: str) -> list[dict[str, Any]]:
        answer = await self._action(
            {
                "list": "search",
                "srsearch": text,
                "srwhat": "text",
                "srnamespace": "0",
                "srlimit": str(self._limit),
                "srprop": "snippet",
            }
        )
        rows = answer.get("search")
        if not isinstance(rows, list):
            raise SourceSkipped(f"{self.name}: {self._url} answers a search without results", "unreachable")
        return [row for row in rows if isinstance(row, dict) and _is_id(row.get("pageid"))][: self._limit]

    async def _candidates(self, hits: list[dict[str, Any]]) -> list[Candidate]:
        answer = await self._action(
            {
                "prop": "revisions|info",
                "pageids": "|".join(str(hit["pageid"]) for hit in hits),
                "rvprop": "ids",
                "inprop": "url",
            }
        )
        rows = answer.get("pages")
        pages = (
            {row.get("pageid"): row for row in rows if isinstance(row, dict)}
            if isinstance(rows, list)
            else {}
        )
        found = []
        for hit in hits:
            address = self._revision_address(pages.get(hit["pageid"], {}))
            if address:
                title = clean_text(hit.get("title"), MAX_TITLE)
                snippet = clean_text(hit.get("snippet"), MAX_SNIPPET)
                found.append(Candidate(url=address, source=self.name, title=title, snippet=snippet))
        return found

    def _revision_address(self, page: dict[str, Any]) -> str | None:
        """The address at which this revision stays what it is."""
        revisions = page.get("revisions")
        newest = revisions[0] if isinstance(revisions, list) and revisions else None
        revision = newest.get("revid") if isinstance(newest, dict) else page.get("lastrevid")
        url = page.get("fullurl")
        if not _is_id(revision) or not isinstance(url, str):
            return None
        if url.startswith("//"):
            url = f"{urlsplit(self._url).scheme}:{url}"
        return clean_url(f"{url}{'&' if '?' in url else '?'}oldid={revision}")

    async def _action(self, params: dict[str, str]) -> dict[str, Any]:
        """The `query` part of the answer, after waiting where the wiki asks for it."""
        asked = {"action": "query", "format": "json", "formatversion": "2", "maxlag": _MAX_LAG_S} | params
        for attempt in range(1, _ATTEMPTS + 1):
            answer = await self._ask(self._url, asked)
            retry_after = answer.headers.get("retry-after", "")
            if answer.status == 503 and retry_after:  # older wikis report lag in this way
                code, info = "maxlag", "503"
            else:
                table = json_object(answer, self.name, self._url)
                error = table.get("error")
                if not isinstance(error, dict):
                    return self._query_part(table)
                code, info = str(error.get("code"))[:60], clean_text(error.get("info"), 200) or ""
            if code != "maxlag" or attempt == _ATTEMPTS:
                break
            await asyncio.sleep(_wait_s(retry_after))
        raise self._failure(code, info)

    def _query_part(self, table: dict[str, Any]) -> dict[str, Any]:
        query = table.get("query")
        if isinstance(query, dict):
            return query
        if "batchcomplete" in table:  # an answer without hits of any kind
            return {"search": [], "pages": []}
        raise SourceUnusable(
            f"{self.name}: {self._url} answers JSON, but not that of a MediaWiki api.php; check the address",
            "misconfigured",
        )

    def _failure(self, code: str, info: str) -> SourceSkipped | SourceUnusable:
        said = f"{self.name}: {self._url} answers the error {code} ({info})"
        if code in ("maxlag", "ratelimited"):
            return SourceSkipped(f"{said}; ask again later", "rate_limited")
        if code in ("readapidenied", "permissiondenied", "blocked", "autoblocked"):
            return SourceUnusable(f"{said}; the wiki does not let us read", "refused")
        if code.startswith("internal_api_error") or code == "readonly":
            return SourceSkipped(f"{said}; the wiki itself has failed", "unreachable")
        return SourceUnusable(f"{said}; check the address and the wiki's version", "misconfigured")


def _is_id(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def _wait_s(retry_after: str) -> float:
    seconds = float(retry_after) if retry_after.isdecimal() and len(retry_after) < 6 else 1.0
    return min(seconds, _LONGEST_WAIT_S)
