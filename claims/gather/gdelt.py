"""GDELT: the news of the last months, asked over the DOC 2.0 API."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from typing import Any

from claims.errors import SourceSkipped, SourceUnusable
from claims.gather.base import MAX_TITLE, Answer, Ask, check_status, clean_text, clean_url, json_object
from claims.gather.widening import Widening, undated
from claims.model import Candidate, Query
from claims.source_kinds import GdeltSource

_BEFORE = timedelta(days=3)  # news of what is about to be
_AFTER = timedelta(days=30)  # and of what came of it
_WORDINGS = 2  # of one query: each takes its turn of seconds
_LONGEST_DELAY_S = 20.0
_OPERATORS = re.compile(r'[-"():<>?*]+')
_BAD_ESCAPE = re.compile(rb'\\(["\\/bfnrt]|u[0-9A-Fa-f]{4})?')
_SEEN = re.compile(r"(\d{4})(\d\d)(\d\d)T\d{6}Z?", re.ASCII)
_TOO_OFTEN = re.compile(r"limit requests|too many requests|rate limit", re.IGNORECASE)


class GdeltConnector:
    """Asks for articles that hold the words of a query and appeared around its days.

    What goes wrong is told in plain text with status 200 there, so that is read too.
    """

    def __init__(self, spec: GdeltSource, ask: Ask) -> None:
        self.name = spec.name
        self._spec = spec
        self._ask = ask
        self._widening = Widening()
        self._answers: dict[Query, list[Candidate]] = {}
        self._delay_s = spec.delay_s
        self._free_at = 0.0
        self._left = spec.questions

    async def search(self, query: Query) -> list[Candidate]:
        """The articles that the API names, best first. Raises as every connector does."""
        query = undated(query)  # the days stand beside the words
        for wording in islice(self._widening.wordings(query), _WORDINGS):
            words = _OPERATORS.sub(" ", wording.text).split()
            if not words:
                continue
            asked = replace(wording, text=" ".join(words))
            if asked not in self._answers:
                self._answers[asked] = await self._found(asked)
            if self._answers[asked]:
                return self._answers[asked]
            self._widening.in_vain(wording)
        return []

    async def _found(self, query: Query) -> list[Candidate]:
        params = {
            "query": query.text,
            "mode": "artlist",
            "format": "json",
            "maxrecords": str(self._spec.limit),
            "sort": "hybridrel",
        } | _window(query.first, query.last, datetime.now(UTC))
        answer = await self._turn(params)
        rows = json_object(answer, self.name, self._spec.url).get("articles", [])
        if not isinstance(rows, list):
            raise SourceUnusable(
                f"{self.name}: {self._spec.url} answers JSON, but not that of GDELT; check the address"
            )
        found = {c.url: c for c in map(self._candidate, rows[:250]) if c}
        return list(found.values())[: self._spec.limit]

    async def _turn(self, params: dict[str, str]) -> Answer:
        """The answer in JSON, asked for when this source's time has come."""
        if self._left <= 0:
            raise SourceUnusable(
                f"{self.name}: the {self._spec.questions} questions of one run are used up; raise questions",
                "rate_limited",
            )
        self._left -= 1
        clock = asyncio.get_running_loop().time
        await asyncio.sleep(max(0.0, self._free_at - clock()))
        try:
            answer = await self._ask(self._spec.url, params)
        except SourceSkipped as error:
            self._slow_down(error.outcome == "rate_limited")
            raise
        finally:
            self._free_at = clock() + self._delay_s
        check_status(answer, self.name, self._spec.url)
        start = answer.body.lstrip()[:1]
        if start and start not in b"{[<":
            self._raise_told(clean_text(answer.body[:2_000].decode("utf-8", "replace"), 200) or "nothing")
        return _Mended(answer.status, answer.content_type, dict(answer.headers), _mended(answer.body))

    def _raise_told(self, told: str) -> None:
        said = f"{self.name}: {self._spec.url} says: {told}"
        if _TOO_OFTEN.search(told):
            self._slow_down(True)
            raise SourceSkipped(f"{said}; raise delay_s", "rate_limited")
        raise SourceSkipped(said, "refused")  # this question: too short, too common, out of its time

    def _slow_down(self, told_to: bool) -> None:
        if told_to:
            self._delay_s = min(max(self._delay_s * 2, self._spec.delay_s), _LONGEST_DELAY_S)

    def _candidate(self, row: Any) -> Candidate | None:
        url = clean_url(row.get("url")) if isinstance(row, dict) else None
        if not url:
            return None
        return Candidate(url, self.name, clean_text(row.get("title"), MAX_TITLE), _day(row.get("seendate")))


@dataclass(frozen=True, slots=True)
class _Mended:
    """An answer whose JSON can be read."""

    status: int
    content_type: str | None
    headers: dict[str, str]
    body: bytes


def _mended(body: bytes) -> bytes:
    """The body with every backslash that escapes nothing doubled."""
    return _BAD_ESCAPE.sub(lambda match: match.group() if match.group(1) else rb"\\", body)


def _window(first: date | None, last: date | None, now: datetime) -> dict[str, str]:
    """The days in which articles about the query's days appeared, none of them to come."""
    if not first or not last or first - _BEFORE > now.date():
        return {"timespan": "3months"}
    end = min(datetime.combine(min(last, now.date()) + _AFTER, time(23, 59, 59), UTC), now)
    begin = datetime.combine(first - _BEFORE, time(), UTC)
    return {"startdatetime": f"{begin:%Y%m%d%H%M%S}", "enddatetime": f"{end:%Y%m%d%H%M%S}"}


def _day(value: object) -> date | None:
    """The day on which GDELT first saw the article, by its own writing of it."""
    match = _SEEN.fullmatch(value) if isinstance(value, str) else None
    try:
        return date(*(int(part) for part in match.groups())) if match else None
    except ValueError:
        return None
