"""Google's Fact Check Tools: checks that fact-checkers published. They are listed and never counted."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from claims.errors import SourceUnusable
from claims.gather.base import MAX_TITLE, Ask, clean_text, clean_url, json_object, lenient_date
from claims.gather.widening import Widening, undated
from claims.model import Candidate, PublishedCheck, Query
from claims.source_kinds import FactCheckToolsSource

_KEY_HEADER = "X-Goog-Api-Key"  # in the address it would stand in the archive and in every log
_WORDINGS = 3
_LONGEST = 1_000  # letters of what was claimed


class FactCheckConnector:
    """Asks `claims:search`; every candidate carries what was checked, by whom, and how it was rated."""

    def __init__(self, spec: FactCheckToolsSource, ask: Ask) -> None:
        self.name = spec.name
        self._spec = spec
        self._ask = ask
        self._widening = Widening()

    async def search(self, query: Query) -> list[Candidate]:
        """The published checks that the service names, best first. Raises as every connector does."""
        for wording in islice(self._widening.wordings(undated(query)), _WORDINGS):
            found = await self._found(wording)
            if found:
                return found
            self._widening.in_vain(wording)
        return []

    async def _found(self, query: Query) -> list[Candidate]:
        if not query.text:
            return []
        params = {"query": query.text, "languageCode": query.lang, "pageSize": str(self._spec.limit)}
        if self._spec.max_age_days:
            params["maxAgeDays"] = str(self._spec.max_age_days)
        key = self._spec.secret()
        try:
            answer = await self._ask(self._spec.url, params, headers={_KEY_HEADER: key} if key else None)
        except SourceUnusable as error:
            if error.outcome == "refused":
                raise self._refused(bool(key), "it refuses us") from None
            raise
        if answer.status == 400:
            raise self._told(answer.body, key)
        rows = json_object(answer, self.name, self._spec.url).get("claims", [])
        if not isinstance(rows, list):
            raise SourceUnusable(
                f"{self.name}: {self._spec.url} answers JSON, but not that of claims:search; check url"
            )
        found = {c.url: c for row in rows[:100] for c in self._candidates(row)}
        return list(found.values())[: self._spec.limit]

    def _told(self, body: bytes, key: str | None) -> SourceUnusable:
        """What the service says is wrong with the question, the key taken out of it."""
        told = body[:4_000].decode("utf-8", "replace")
        if "API_KEY" in told or "API key" in told:
            return self._refused(bool(key), "the key is not valid")
        shown = clean_text(told.replace(key, "(withheld)") if key else told, 200)
        return SourceUnusable(f"{self.name}: {self._spec.url} answers 400 ({shown}); check its settings")

    def _refused(self, has_key: bool, why: str) -> SourceUnusable:
        what = "check the key in" if has_key else "no key is set; put one into"
        return SourceUnusable(
            f"{self.name}: {self._spec.url}: {why}; {what} {self._spec.key_env} ({self._spec.access})",
            "refused",
        )

    def _candidates(self, row: Any) -> Iterator[Candidate]:
        if not isinstance(row, dict):
            return
        claim = clean_text(row.get("text"), _LONGEST)
        reviews = row.get("claimReview")
        for review in reviews[:10] if claim and isinstance(reviews, list) else []:
            url = clean_url(review.get("url")) if isinstance(review, dict) else None
            if not claim or not url:
                continue
            publisher = review.get("publisher")
            named = publisher if isinstance(publisher, dict) else {}
            check = PublishedCheck(
                url=url,
                publisher=clean_text(named.get("name"), 200) or clean_text(named.get("site"), 200) or url,
                claim=claim,
                claimant=clean_text(row.get("claimant"), 200),
                rating=clean_text(review.get("textualRating"), 300),
                published=lenient_date(review.get("reviewDate")),
                lang=clean_text(review.get("languageCode"), 20),
                source=self.name,
            )
            title = clean_text(review.get("title"), MAX_TITLE)
            yield Candidate(url, self.name, title, check.published, check=check)
