"""Hostile text in names, comments and addresses is shown as the text that it is."""

from __future__ import annotations

from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from desk_server import person

HOSTILE = [
    "<script>window.hit=1</script>",
    "<img src=x onerror=window.hit=1>",
    '"><svg onload=window.hit=1>',
    "</textarea><script>window.hit=1</script>",
    "</title><iframe src='javascript:window.hit=1'></iframe>",
    "{{ 7 * 7 }}{% raw %}",
    "javascript:window.hit=1",
    "\u202e<b>\u2066\x00\x1b",
    "&lt;script&gt;&#x3c;script>",
]
FORBIDDEN = ("script", "iframe", "object", "embed", "base", "math")


def assert_harmless(page: BeautifulSoup) -> None:
    assert not page.find_all(FORBIDDEN)
    for element in page.find_all(True):
        for name, value in element.attrs.items():
            assert not name.startswith("on"), element
            assert not (
                name in ("href", "src", "action") and str(value).strip().lower().startswith("javascript:")
            )


def try_all(url: str, texts: list[str]) -> None:
    ravi = person(url, "ravi")
    claim = ravi.claims()[8]
    for text in texts:
        assert ravi.act(claim, "copy", page=text, copy_of=text, reason=text).is_redirect
        draft = ravi.act(claim, "change", verdict="none", reason=text, url=text, other=text)
        assert draft.status_code == 422
        assert_harmless(BeautifulSoup(draft.text, "lxml"))
    page = ravi.page(f"/claims/{claim}")
    assert_harmless(page)
    shown = [quote.get_text() for quote in page.select("#desk-log blockquote")]
    assert "<script>" in "".join(shown)


def test_text_of_people_is_text(desk_url: str) -> None:
    try_all(desk_url, ["\n".join(HOSTILE)])


@pytest.mark.slow
def test_every_hostile_text_by_itself(desk_url: str, shared: Path) -> None:
    files = sorted((shared / "data" / "security").glob("html_sanitisation_*.jsonl"))
    rows = [line for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    many = [" ".join(rows[at : at + 20])[:3900].strip() for at in range(0, len(rows), 20)]
    try_all(desk_url, HOSTILE + many)


@pytest.mark.parametrize("text", HOSTILE[:2])
def test_text_in_addresses_is_text(desk_url: str, text: str) -> None:
    ravi = person(desk_url, "ravi")
    for path in ("/", "/sign-in"):
        assert_harmless(
            BeautifulSoup(ravi.http.get(path, params={"next": text, "of": text, "lang": text}).text, "lxml")
        )
    missing = ravi.http.get(f"/claims/{text}")
    assert missing.status_code == 404
    assert_harmless(BeautifulSoup(missing.text, "lxml"))
