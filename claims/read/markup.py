"""HTML as a tree, whatever it looks like."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import lxml.html
from lxml import etree

MAX_MARKUP = 4_000_000  # letters; longer pages are cut, which bounds time on hostile ones
# The largest of some hundred real news pages has 4,100 elements, the deepest 33 levels
MAX_ELEMENTS = 30_000
MAX_DEPTH = 150
MAX_TEXT = 600_000
_NAMES = Path(__file__).parent / "data" / "metadata.toml"
_SPACE = re.compile(r"\s+")
# Signs that only steer the direction of writing: they can make a text look like another
_DIRECTION = dict.fromkeys([0x200E, 0x200F, 0x061C, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])

Element = Any  # an lxml element: lxml comes without types


def parse(markup: str) -> Element | None:
    """The root of the page's tree without comments, or None where there is nothing to parse."""
    cut = markup[:MAX_MARKUP].encode("utf-8", "replace")
    parser = lxml.html.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=False, collect_ids=False
    )
    try:
        root = lxml.html.document_fromstring(cut, parser=parser)
    except (etree.LxmlError, ValueError, AssertionError):
        return None
    for element in root.iter("base"):  # would turn every relative link elsewhere
        element.attrib.pop("href", None)
    return root


def is_large(root: Element) -> bool:
    """Whether the tree is larger or deeper than any article, so that only cheap methods should touch it."""
    depth = most = 0
    letters = 0
    for number, (event, element) in enumerate(etree.iterwalk(root, events=("start", "end"))):
        depth += 1 if event == "start" else -1
        most = max(most, depth)
        letters += len(element.text or "") + len(element.tail or "") if event == "end" else 0
        if number > 2 * MAX_ELEMENTS or most > MAX_DEPTH or letters > MAX_TEXT:
            return True
    return False


def one_line(text: str | None) -> str:
    """The text with all white space made single blanks, without signs that steer the direction of writing."""
    return _SPACE.sub(" ", (text or "").translate(_DIRECTION)).strip()


def text_of(element: Element) -> str:
    """What an element shows, in one line."""
    return one_line("".join(element.itertext()))


def drop_silent(root: Element) -> None:
    """Takes out the elements whose content is not shown."""
    for element in list(root.iter("script", "style", "noscript", "template")):
        if element.getparent() is not None:
            element.drop_tree()


@cache
def known_names(meaning: str) -> tuple[str, ...]:
    """The names of meta elements that mean `published`, `modified`, `author` or `outlet`, best first."""
    table = tomllib.loads(_NAMES.read_text(encoding="utf-8"))
    return tuple(table[meaning])


def metas(root: Element) -> dict[str, list[str]]:
    """The contents of all `meta` elements by their name, property or itemprop in lower case."""
    found: dict[str, list[str]] = {}
    for element in root.iter("meta"):
        content = one_line(element.get("content"))
        if not content or len(content) > 5_000:
            continue
        for key in ("property", "name", "itemprop", "http-equiv"):
            name = (element.get(key) or "").strip().lower()
            if name:
                found.setdefault(name, []).append(content)
    return found
