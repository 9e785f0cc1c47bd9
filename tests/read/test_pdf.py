"""PDF documents are read in bounded time and memory, Arabic ones in the order in which they are read."""

from __future__ import annotations

import io
from datetime import date

import pytest
from arabic_pages import FLOOD, TRADE
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pdf_files import bomb, pdf
from pypdf import PdfReader, PdfWriter

from claims.read.page import read_page
from claims.read.pdf import _in_reading_order, _turned, read_pdf

URL = "https://ministry.example/report.pdf"
INFO = "/Title (Quarterly report) /Author (Mona Saleh, Omar Aziz) /CreationDate (D:20241009101500Z)"


def test_text_and_facts() -> None:
    lines = [
        "The ministry counted 240 goods whose duties fall",
        "from January, it said in its report.",
        "Imports rose.",
    ]
    page = read_page(pdf([lines[:2], lines[2:]], info=INFO), URL, "application/pdf")
    assert (
        page.text
        == "The ministry counted 240 goods whose duties fall from January, it said in its report.\nImports rose."
    )
    assert (page.title, page.authors, page.published) == (
        "Quarterly report", ("Mona Saleh", "Omar Aziz"), date(2024, 10, 9),
    )  # fmt: skip
    assert (page.lang, page.problem) == ("en", None)


@pytest.mark.parametrize("shaped", [False, True])
@pytest.mark.parametrize("drawn", [False, True])
def test_arabic_is_read_in_its_order(drawn: bool, shaped: bool) -> None:
    lines = [*FLOOD[:2], "وبلغت خلال الليلة الكمية 112 ملم (أعلى كمية) في 9/10/2024، حسب BBC News."]
    shapes = str.maketrans({"ة": "\ufe94", "ن": "\ufee8"})
    written = [line.replace("لا", "\ufefb").translate(shapes) for line in lines] if shaped else lines
    page = read_page(pdf([[_turned(line) if drawn else line for line in written]]), URL, "application/pdf")
    assert page.text.replace("\n", " ") == " ".join(lines)


def test_what_reads_from_the_left_stays_as_it_is() -> None:
    assert _turned(".BBC News بسح ،3.4 ةبسن") == "نسبة 3.4، حسب BBC News."


@given(st.lists(st.sampled_from(FLOOD + TRADE), min_size=1))
def test_drawn_order_is_noticed_and_undone(lines: list[str]) -> None:
    assert _in_reading_order(list(lines)) == lines
    assert _in_reading_order([_turned(line) for line in lines]) == lines


def _locked() -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf([["secret"]]))))
    writer.encrypt("a password", algorithm="RC4-128")
    locked = io.BytesIO()
    writer.write(locked)
    return locked.getvalue()


@pytest.mark.parametrize(
    ("body", "problem", "detail"),
    [
        (_locked(), "unsupported_type", "encrypted"),
        (pdf([[]]), "unsupported_type", "only pictures"),
        (b"%PDF-1.7 and nothing more", "error", "damaged"),
        (bomb(50_000_000), "too_large", "unpacks"),
    ],
)
def test_what_cannot_be_read_says_why(body: bytes, problem: str, detail: str) -> None:
    page = read_page(body, URL, "application/pdf")
    assert (page.text, page.problem) == ("", problem)
    assert detail in (page.detail or "")


@pytest.mark.slow
@settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(max_size=300), st.integers(0, 2_000))
def test_damage_never_raises(scrap: bytes, at: int) -> None:
    body = pdf([list(FLOOD)], info=INFO)
    read_pdf(body[:at] + scrap + body[at + len(scrap) :])
