"""Text that is styled away is not read; what a page shows, or shows later, is."""

from __future__ import annotations

import time

import pytest

from claims.read.hidden import is_away, style_of
from claims.read.page import read_page

SEEN = (
    "The ferry to the islands sails again from Monday, the harbour office said after the storm had passed. "
)
GONE = "Nobody is meant to read this sentence about the bridge. "


def text(markup: str) -> str:
    return read_page(markup.encode(), "http://one.example/a", "text/html; charset=utf-8").full_text


def article(inside: str, head: str = "") -> str:
    return f"<html><head>{head}</head><body><article><h1>Ferries</h1><p>{SEEN * 3}</p>{inside}</article></body></html>"


@pytest.mark.parametrize(
    ("style", "away"),
    [
        ("display:none", True),
        ("DISPLAY : NONE !important", True),
        ("font-size:0", True),
        ("font-size: 1px", True),
        ("font-size: 1.2em", False),
        ("color:#FFF;background:#ffffff", True),
        ("color:#000;background:#fff", False),
        ("color: black", False),
        ("position:absolute;left:-9999px", True),
        ("left: -20px", False),
        ("opacity: 0.0", True),
        ("opacity: 0.8", False),
        ("height:0;overflow:hidden", True),
        ("height:0", False),
        ("margin: 0 auto", False),
        ("color: rgba(0,0,0,0.8)", False),
        (";;:::", False),
    ],
)
def test_styles(style: str, away: bool) -> None:
    assert is_away(style_of(style)) is away


def test_hidden_text_is_left_out_and_the_rest_kept() -> None:
    read = text(article(f'<p style="display:none">{GONE}</p><p>{SEEN}</p>'))
    assert "ferry" in read and "bridge" not in read


@pytest.mark.parametrize(
    ("sheet", "kept"),
    [
        (".x{display:none}", False),
        ("p.x, .y { visibility: hidden }", False),
        ("@media print {.x{display:none}}", True),
        (".x{display:none} .x.open{display:block}", True),
        (".z{display:none}", True),
        (".x{color:red", True),
    ],
)
def test_rules_of_the_page(sheet: str, kept: bool) -> None:
    read = text(article(f'<p class="x open">{GONE}</p>', f"<style>{sheet}</style>"))
    assert ("bridge" in read) is kept


def test_a_page_that_hides_all_until_a_script_shows_it_is_read() -> None:
    body = f'<div id="app" style="opacity:0"><article><h1>Ferries</h1><p>{SEEN * 4}</p></article></div>'
    assert "ferry" in text(f"<html><body>{body}</body></html>")


def test_many_hidden_elements_take_little_time() -> None:
    nested = '<div style="display:none">' * 200 + GONE * 50 + "</div>" * 200
    many = '<p style="display:none">x</p>' * 20_000
    began = time.process_time()
    text(article(nested + many, "<style>" + "{@" * 50_000 + "</style>"))
    assert time.process_time() - began < 5.0
