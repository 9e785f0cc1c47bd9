"""One request and the response to it, as they went over the wire."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from claims.fetch.safety import Target

Headers = tuple[tuple[bytes, bytes], ...]


@dataclass(frozen=True, slots=True)
class Exchange:
    """`body` is in the content encoding in which it was sent, without transfer encoding.

    `whole` is false where reading stopped at a bound before the body's end.
    """

    target: Target
    method: bytes
    request_headers: Headers
    http_version: bytes
    status: int
    reason: bytes
    headers: Headers
    body: bytes
    whole: bool
    fetched_at: datetime
    ip: str | None

    def header(self, name: str) -> str | None:
        """The first value of a response header, or None."""
        wanted = name.lower().encode("ascii")
        for key, value in self.headers:
            if key.lower() == wanted:
                return header_text(value)
        return None


def header_text(value: bytes) -> str:
    """A header's value as text: UTF-8 where it is that, else as HTTP has it."""
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("latin-1")
