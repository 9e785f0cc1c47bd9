"""Every page of the desk is what the HTML standard allows, in both languages."""

from __future__ import annotations

from collections import Counter

import html5lib
import pytest
from bs4 import BeautifulSoup
from desk_server import Person

PHRASING_ONLY = (
    "p",
    "h1",
    "h2",
    "h3",
    "summary",
    "a",
    "span",
    "bdi",
    "q",
    "strong",
    "b",
    "time",
    "button",
    "label",
)
FLOW = "p, ul, ol, dl, div, section, article, table, blockquote, figure, details, h1, h2, h4, h5, h6, header, nav"


def pages(url: str, lang: str) -> dict[str, str]:
    """A page of every kind, those with a message included."""
    anybody, edith = Person(url, lang=lang), Person(url, "edith", lang)
    refused = anybody.sign_in("edith", "a wrong password")
    found = {"sign in": anybody.http.get("/sign-in").text, "wrong password": refused.text}
    cited, other = edith.claims(verdict="supported")[0], edith.claims()[20]
    edith.act(other, "comment", reason="<b>bold</b>\nسألت الوزارة")
    edith.act(other, "copy", page="https://one.example/a?b=1&c=2", copy_of="Reuters")
    edith.act(other, "draft", reason="begun")
    copy = str(edith.page(f"/claims/{cited}").select_one("a.copy")["href"])  # type: ignore[index]
    paths = ("/", "/?state=joined", "/?order=age&verdict=supported", f"/claims/{cited}", f"/claims/{other}",
             copy.partition("#")[0], "/reports", "/charts", "/nowhere")  # fmt: skip
    found |= {path: edith.http.get(path).text for path in paths}
    found["refused"] = edith.act(cited, "change", reason="").text
    return found


@pytest.mark.parametrize("lang", ["ar", "en"])
def test_every_page_is_parsed_without_a_single_error(desk_url: str, lang: str) -> None:
    for name, text in pages(desk_url, lang).items():
        parser = html5lib.HTMLParser(strict=False)
        parser.parse(text)
        assert parser.errors == [], (name, parser.errors[:3])
        html = BeautifulSoup(text, "html5lib")
        assert html.html is not None and html.html["lang"] == lang, name
        for element in html.find_all(PHRASING_ONLY):
            assert not element.select(FLOW), (name, str(element)[:200])
        for lists in html.find_all(["ul", "ol"]):
            assert {child.name for child in lists.find_all(True, recursive=False)} <= {"li"}, name
        ids = Counter(str(tag["id"]) for tag in html.select("[id]"))
        assert max(ids.values()) == 1, (name, ids.most_common(2))
        for element in html.select("[aria-labelledby]"):
            assert element["aria-labelledby"] in ids, name
        for field in html.select("input:not([type=hidden]), select, textarea"):
            assert html.select(f"label[for={field['id']}]"), (name, field)
        assert len(html.find_all("h1")) == 1, name
