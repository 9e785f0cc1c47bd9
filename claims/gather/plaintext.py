"""Just enough of a file's text to search in it. What is quoted as evidence is read by `claims.read`."""

from __future__ import annotations

import re
from dataclasses import dataclass

import lxml.html
from lxml import etree
from w3lib.encoding import html_to_unicode

MAX_BYTES = 1_000_000  # of one file; what comes later does not help to find it
_SILENT = ("script", "style", "noscript", "template", "svg", "nav", "footer", "iframe")
_SPACE = re.compile(r"[\s\u200e\u200f\ufeff]+")


@dataclass(frozen=True, slots=True)
class SearchText:
    """What a file is searched by. `lang` is what the page says of itself, such as "ar"."""

    title: str
    text: str
    lang: str | None


def search_text(body: bytes, content_type: str | None) -> SearchText:
    """The title, text and language of a page; empty where the bytes are no text."""
    head = body[:MAX_BYTES]
    if b"\x00" in head[:1000] and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return SearchText("", "", None)
    _, decoded = html_to_unicode(content_type, head, default_encoding="cp1256", auto_detect_fun=_utf8)
    if "html" not in (content_type or "html") or "<" not in decoded[:5000]:
        return SearchText("", _one_line(decoded), None)
    return _from_html(decoded)


def _from_html(markup: str) -> SearchText:
    try:
        root = lxml.html.document_fromstring(
            markup.replace("\x00", "").encode("utf-8", "replace"),
            parser=lxml.html.HTMLParser(encoding="utf-8"),
        )
    except (etree.LxmlError, ValueError):
        return SearchText("", "", None)
    titles = [_one_line(element.text_content()) for element in root.iter("title")]
    lang = (root.get("lang") or "").strip().lower()[:2] or None
    body = root.find("body")
    text = "" if body is None else " ".join(_visible(body))
    return SearchText(next((title for title in titles if title), ""), _one_line(text), lang)


def _visible(body: lxml.html.HtmlElement) -> list[str]:
    for element in list(body.iter(*_SILENT, etree.Comment)):
        parent = element.getparent()
        if parent is not None:
            element.drop_tree()
    return [str(piece) for piece in body.itertext()]


def _utf8(body: bytes) -> str | None:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError as error:
        # A letter cut in two by the size limit is no sign of another charset
        return "utf-8" if error.start >= len(body) - 4 else None
    return "utf-8"


def _one_line(text: str) -> str:
    return _SPACE.sub(" ", text).strip()
