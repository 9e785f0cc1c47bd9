"""What kind of page an answer is, by its header where that says something, else by its bytes."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from claims.fetch.exchange import Exchange
from claims.fetch.pages import check_head, judge
from claims.fetch.safety import Target
from claims.fetch.wire import Failed
from claims.model import FetchOutcome

PDF = b"%PDF-1.7\n..."
HTML = b"<!doctype html><p>x"


@pytest.mark.parametrize(
    ("kind", "body", "outcome"),
    [
        ("text/html; charset=utf-8", HTML, "ok"),
        ("application/pdf", PDF, "ok"),
        ("Application/PDF", b"\r\n\r\n" + PDF, "ok"),
        ("application/x-pdf", PDF, "ok"),
        ("application/octet-stream", PDF, "ok"),
        ("binary/octet-stream", PDF, "ok"),
        ("application/octet-stream", b"MZ\x90\x00", "unsupported_type"),
        ("application/octet-stream", HTML, "unsupported_type"),  # browsers do not show it either
        ("application/pdf", HTML, "unsupported_type"),
        (None, PDF, "ok"),
        (None, HTML, "ok"),
        (None, b"\x89PNG\x00", "unsupported_type"),
    ],
)
def test_kind_of_page(kind: str | None, body: bytes, outcome: FetchOutcome) -> None:
    headers = ((b"Content-Type", kind.encode()),) if kind else ()
    target = Target("https", "a.example", 443, "/")
    answer = Exchange(
        target, b"GET", (), b"HTTP/1.1", 200, b"OK", headers, body, True, datetime.now(UTC), None
    )
    check_head(200, kind)
    assert judge(answer, body)[0] == outcome


@pytest.mark.parametrize("kind", ["image/png", "video/mp4", "application/zip", "image/svg+xml"])
def test_other_kinds_are_not_even_downloaded(kind: str) -> None:
    with pytest.raises(Failed, match=kind.replace("+", r"\+")):
        check_head(200, kind)
    check_head(404, kind)
