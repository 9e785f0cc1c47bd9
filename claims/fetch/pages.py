"""What an answer amounts to: which kinds of page are read, and which status means what."""

from __future__ import annotations

from claims.fetch.exchange import Exchange
from claims.fetch.wire import Failed
from claims.model import FetchOutcome

ACCEPT = (
    "text/html,application/xhtml+xml,application/xml;q=0.9,application/pdf;q=0.9,"
    "application/json;q=0.8,text/plain;q=0.8"
)
_KINDS = frozenset(
    {
        "text/html",
        "application/xhtml+xml",
        "text/xml",
        "application/xml",
        "text/plain",
        "application/json",
        "text/json",
        "application/pdf",
        "application/x-pdf",
    }
)
# What servers call files that they know nothing about: documents of authorities often come so
_UNTOLD = frozenset(
    {
        "application/octet-stream",
        "binary/octet-stream",
        "application/download",
        "application/force-download",
        "application/x-download",
    }
)
_PDF = ("application/pdf", "application/x-pdf")
_PDF_HEAD = 1024


def media_type(content_type: str | None) -> str:
    """The kind alone, in lower case, without charset; empty where none was given."""
    return (content_type or "").split(";")[0].strip().lower()


def supported(content_type: str | None) -> bool:
    """Whether pages of this kind are read. Where the server does not say, the bytes will."""
    kind = media_type(content_type)
    return not kind or kind in _KINDS or (kind.endswith(("+xml", "+json")) and kind != "image/svg+xml")


def sniffed(body: bytes) -> str:
    """The kind that the first bytes speak of, where nobody named one."""
    head = body[:_PDF_HEAD]
    if b"%PDF-" in head:
        return "application/pdf"
    if b"\x00" in head:
        return "application/octet-stream"
    return "text/html" if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") else "text/plain"


def check_head(status: int, content_type: str | None) -> None:
    """Nothing, where the body is worth reading. Raises Failed where a good answer is of no kind we read."""
    if 200 <= status < 300 and not supported(content_type) and media_type(content_type) not in _UNTOLD:
        raise Failed("unsupported_type", f"{media_type(content_type)[:80]} is not read")


def judge(exchange: Exchange, body: bytes) -> tuple[FetchOutcome, str | None]:
    """The outcome of a complete answer with its decoded body, and what there is to say about it."""
    status = exchange.status
    if 200 <= status < 300:
        named = media_type(exchange.header("Content-Type"))
        kind = sniffed(body) if not named or named in _UNTOLD else named
        if not supported(kind) or (named in _UNTOLD and kind not in _PDF):
            return "unsupported_type", f"{named or kind} is not read"
        if kind in _PDF and b"%PDF-" not in body[:_PDF_HEAD]:
            return "unsupported_type", "it calls itself PDF but is not"
        return "ok", None
    if status in (404, 410):
        return "gone", f"status {status}"
    if status == 402:
        return "paywalled", "status 402"
    if status == 429 or status >= 500:
        asked = exchange.header("Retry-After")
        return "unreachable", f"status {status}" + (f", asks to wait: {asked[:40]}" if asked else "")
    meaning = {401: "asks for a login", 403: "refuses us", 451: "withheld for legal reasons"}.get(status)
    return "error", f"status {status}" + (f" ({meaning})" if meaning else "")
