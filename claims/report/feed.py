"""Changed verdicts as an Atom feed (RFC 4287), in one language of the interface."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from urllib.parse import quote
from uuid import NAMESPACE_URL, uuid5
from xml.etree import ElementTree

from claims.plain import plain
from claims.report.pages import printable
from claims.report.words import Words
from claims.run_record import Change

_ATOM = "http://www.w3.org/2005/Atom"
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_NEVER = "1970-01-01T00:00:00Z"
ElementTree.register_namespace("", _ATOM)


class Linked(Protocol):
    """A change, and the address of the claim's page from the folder in which the feed stands."""

    @property
    def change(self) -> Change: ...
    @property
    def page(self) -> str | None: ...


def feed(changes: Sequence[Linked], words: Words, site: str) -> bytes:
    """The changes as they are given, the newest first. An entry keeps its id, in whatever feed it is."""
    root = ElementTree.Element(f"{{{_ATOM}}}feed", {_XML_LANG: words.lang})
    _text(root, "id", _id(site, "changes", words.lang))
    _text(root, "title", str(words.t("feed.title")))
    _text(root, "updated", _moment(changes[0].change.at) if changes else _NEVER)
    ElementTree.SubElement(root, f"{{{_ATOM}}}link", rel="alternate", type="text/html", href="index.html")
    author = ElementTree.SubElement(root, f"{{{_ATOM}}}author")
    _text(author, "name", str(words.t("page.brand")))
    for shown in changes:
        _entry(root, shown, words, site)
    body: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return body + b"\n"


def _entry(root: ElementTree.Element, shown: Linked, words: Words, site: str) -> None:
    change = shown.change
    before, after = (
        str(words.t(f"verdict.{ruling or 'unchecked'}")) for ruling in (change.before, change.verdict)
    )
    entry = ElementTree.SubElement(root, f"{{{_ATOM}}}entry")
    _text(entry, "id", _id(site, "change", change.claim, change.decision))
    _text(entry, "title", f"{before} → {after}: {change.text}")
    _text(entry, "updated", _moment(change.at))
    if shown.page:
        link = quote(shown.page, safe="/:")
        ElementTree.SubElement(entry, f"{{{_ATOM}}}link", rel="alternate", type="text/html", href=link)
    told = [str(words.t(f"cause.{cause}")) for cause in change.causes]
    if change.reason:
        told.append(change.reason)
    _text(
        entry, "content", "\n".join([change.text, f"{before} → {after}", *told, *change.came, *change.went])
    )


def _text(parent: ElementTree.Element, name: str, text: str) -> None:
    given = {"type": "text"} if name in ("title", "content") else {}
    # what HTML cannot hold, XML cannot hold either, and two letters more
    ElementTree.SubElement(parent, f"{{{_ATOM}}}{name}", given).text = printable(text).translate(
        {0xFFFE: "\ufffd", 0xFFFF: "\ufffd"}
    )


def _id(*names: str) -> str:
    return uuid5(NAMESPACE_URL, "\n".join(names)).urn


def _moment(at: datetime) -> str:
    return str(plain(at))
