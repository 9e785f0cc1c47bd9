"""Every page is what the HTML standard allows, and can be read without its style sheet."""

from __future__ import annotations

import re
from pathlib import Path

import html5lib
import pytest
from bs4 import BeautifulSoup
from sample_run import sample_record
from test_report_shelf import change, shelf

from claims.report import build_report

# Content models that a parser alone does not check: what may not stand inside what (HTML standard, 4).
PHRASING_ONLY = ("p", "h1", "h2", "h3", "h4", "h5", "summary", "a", "span", "bdi", "q", "strong", "b", "time")
FLOW = "p, ul, ol, dl, div, section, article, table, blockquote, figure, details, h1, h2, h4, h5, h6, header, nav"


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = shelf(tmp_path_factory.mktemp("reports"), change())
    build_report(sample_record(), folder / "third", shelved=True)
    return folder


def kinds(folder: Path) -> list[Path]:
    """Every page of one report, the index of all and both indexes of others."""
    return [*folder.glob("*.html"), *folder.glob("*/index*.html"), *(folder / "third").glob("*/*.html")]


def test_every_page_is_parsed_without_a_single_error(reports: Path) -> None:
    for file in kinds(reports):
        parser = html5lib.HTMLParser(strict=False)
        parser.parse(file.read_bytes().decode("utf-8"))
        assert parser.errors == [], (file, parser.errors[:3])


def test_elements_stand_where_the_standard_allows_them(reports: Path) -> None:
    for file in kinds(reports):
        html = BeautifulSoup(file.read_bytes(), "html5lib")
        for name in PHRASING_ONLY:
            for element in html.find_all(name):
                assert not element.select(FLOW), (file, str(element)[:200])
        for lists in html.find_all(["ul", "ol"]):
            assert {child.name for child in lists.find_all(True, recursive=False)} <= {"li"}, file
        for terms in html.find_all("dl"):
            assert {child.name for child in terms.find_all(True, recursive=False)} <= {"dt", "dd", "div"}
        for link in html.find_all("a"):
            assert link.get_text(strip=True) and not link.find(["a", "button", "input"])
        for element in html.select("[aria-labelledby]"):
            assert html.find(id=element["aria-labelledby"]) is not None


def test_pages_are_in_reading_order_without_style_sheets(reports: Path) -> None:
    """Verdict, then the best quote, then what stands behind it; no text is put in place by a style sheet."""
    for file in (reports / "third" / "claims").glob("*.en.html"):
        html = BeautifulSoup(file.read_bytes(), "html5lib")
        text = html.main.get_text(" ")  # type: ignore[union-attr]
        order = [text.find(words) for words in ("Is it so?", "Who said it", "Why this verdict")]
        assert [place for place in order if place >= 0] == sorted(place for place in order if place >= 0)
        css = "".join(style.get_text() for style in html.find_all("style"))
        contents = set(re.findall(r"content:\s*([^;}]+)", css))
        assert all(
            re.fullmatch(r'none|"·"|attr\([a-z-]+\)(?: ": ")?|" " attr\(href\)', one.strip())
            for one in contents
        )
        assert "order:" not in css.replace("border:", "")
