"""What every connector has in common: how it asks, how it fails, and how foreign values are cleaned."""

from __future__ import annotations

import html
import json
import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from email.utils import parsedate
from typing import Any, Protocol
from urllib.parse import urlsplit

from claims.errors import SourceSkipped, SourceUnusable
from claims.model import Candidate, Query

MAX_ANSWER_BYTES = 10_000_000
MAX_URL = 2_000
MAX_TITLE = 300
MAX_SNIPPET = 600
_ISO_DAY = re.compile(r"\s*(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)")
_TAG = re.compile(r"<[^<>]{0,300}>")


class Answer(Protocol):
    """What a server said to one question. Header names are in lower case."""

    @property
    def status(self) -> int: ...
    @property
    def content_type(self) -> str | None: ...
    @property
    def headers(self) -> Mapping[str, str]: ...
    @property
    def body(self) -> bytes: ...


class Ask(Protocol):
    """Puts one GET question to a server. Raises SourceSkipped or SourceUnusable where none comes back.

    `headers` go to this server alone; of those that hold a key no archive and no log keeps the value.
    """

    async def __call__(
        self, url: str, params: Mapping[str, str], *, headers: Mapping[str, str] | None = None
    ) -> Answer: ...


class Connector(Protocol):
    """One configured place to look for evidence."""

    @property
    def name(self) -> str: ...

    async def search(self, query: Query) -> list[Candidate]:
        """The pages that the source names for the query, best first.

        Raises SourceSkipped where this look-up failed, SourceUnusable where asking again is no use.
        """
        ...


def check_status(answer: Answer, source: str, url: str) -> None:
    """The answer is a good one of bounded size.

    Raises SourceUnusable where the server refuses us or the address is wrong, SourceSkipped where it may do
    better next time.
    """
    status = answer.status
    if status == 429:
        raise SourceSkipped(
            f"{source}: {url} answers 429 (too many requests); lower its share of queries", "rate_limited"
        )
    if status in (401, 403, 407, 451):
        raise SourceUnusable(
            f"{source}: {url} answers {status} (access refused); check its access", "refused"
        )
    if status >= 500:
        raise SourceSkipped(f"{source}: {url} answers {status}; the server itself has failed", "unreachable")
    if status != 200:
        raise SourceUnusable(
            f"{source}: {url} answers {status}; check the address in the sources file", "misconfigured"
        )
    if len(answer.body) > MAX_ANSWER_BYTES:
        raise SourceSkipped(f"{source}: {url} answers more than {MAX_ANSWER_BYTES} bytes", "unreachable")


def json_object(answer: Answer, source: str, url: str) -> dict[str, Any]:
    """The JSON object that a server answered.

    Raises SourceUnusable where the address does not speak JSON or refuses us, SourceSkipped where it may
    do better next time.
    """
    check_status(answer, source, url)
    try:
        parsed = json.loads(answer.body, strict=False)  # servers leave control characters in their strings
    except (ValueError, RecursionError):
        if answer.body.lstrip()[:1] == b"<" or "html" in (answer.content_type or ""):
            raise SourceUnusable(
                f"{source}: {url} answers a web page instead of JSON; check the address, and that JSON is"
                " switched on there",
                "misconfigured",
            ) from None
        raise SourceSkipped(f"{source}: {url} answers JSON that cannot be read", "unreachable") from None
    if not isinstance(parsed, dict):
        raise SourceUnusable(
            f"{source}: {url} answers JSON of another shape; check the address", "misconfigured"
        )
    return parsed


def clean_url(value: object) -> str | None:
    """The value as an http(s) address without credentials, or None where it is not one."""
    if not isinstance(value, str) or not 0 < len(value) <= MAX_URL:
        return None
    address = value.strip()
    if any(letter.isspace() or unicodedata.category(letter) in ("Cc", "Cs") for letter in address):
        return None
    try:
        parts = urlsplit(address)
        if parts.scheme.lower() not in ("http", "https") or not parts.hostname or "@" in parts.netloc:
            return None
        _ = parts.port  # raises ValueError where it is no number
    except ValueError:
        return None
    return address


def clean_text(value: object, longest: int) -> str | None:
    """The value as one bounded line of text without markup or control characters; None where none is left."""
    if not isinstance(value, str):
        return None
    without = html.unescape(_TAG.sub(" ", value[: longest * 8]))
    letters = "".join(c if unicodedata.category(c) not in ("Cc", "Cs", "Co") else " " for c in without)
    return " ".join(letters.split())[:longest].rstrip() or None


def lenient_date(value: object) -> date | None:
    """The day that a foreign date string names, or None."""
    if not isinstance(value, str) or len(value) > 100:
        return None
    match = _ISO_DAY.match(value)
    fields = tuple(int(part) for part in match.groups()) if match else None
    try:
        if fields is None:
            parsed = parsedate(value)
            fields = (parsed[0], parsed[1], parsed[2]) if parsed else None
        return date(*fields) if fields else None
    except (ValueError, IndexError, TypeError, OverflowError):
        return None
