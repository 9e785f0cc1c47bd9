"""What a page holds and no reader sees: text that is styled away, which only programs would read.

Judged by the style that stands in an element itself and by the plainest rules of the page's own style sheets.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from claims.read.markup import Element

_MOST_STYLE = 100_000  # letters of all style sheets of a page
_MOST_HIDDEN = 0.9  # of a page's letters; what hides all that it has shows it later, by a script
_NEVER = frozenset({"html", "body", "main", "article", "head"})
_FAR = -500.0  # pixels out of the window
_UNITS = {"em": 16.0, "rem": 16.0, "vw": 10.0, "vh": 10.0, "%": 10.0, "pt": 1.3}
_LENGTH = re.compile(r"(-?\d+(?:\.\d+)?|-?\.\d+)\s*(px|r?em|vw|vh|%|pt)?$")
_SIMPLE = re.compile(r"[a-z0-9]*([.#])([\w-]+)$")
_CLASSES = re.compile(r"\.([\w-]+)")
_NAMED = {"white": "#ffffff", "black": "#000000"}
_NOTHING = re.compile(
    r"rect\(\s*[01](?:px)?\b|inset\(\s*(?:100|50)%|circle\(\s*0|scale[xy]?\(\s*0(?:\.0*)?\s*[,)]"
)
_CLEAR = re.compile(r"transparent$|(?:rgba|hsla)\(.*[,/]\s*0?(?:\.0+)?0?%?\s*\)$")
_AWAY = ("left", "top", "right", "bottom", "margin-left", "margin-top", "text-indent")

Style = dict[str, str]


@dataclass(frozen=True, slots=True)
class _Sheet:
    """Classes and ids that a page hides, and the classes that it shows."""

    classes: frozenset[str]
    ids: frozenset[str]
    shown: frozenset[str]

    def hides(self, element: Element) -> bool:
        own = set((element.get("class") or "").split())
        if element.get("id") in self.ids:
            return True
        return bool(own & self.classes) and not (own - self.classes) & self.shown


def drop_hidden(root: Element) -> None:
    """Takes out the elements that are not shown, unless they are all of the page."""
    sheet = _sheet("".join(element.text or "" for element in root.iter("style"))[:_MOST_STYLE])
    found = [
        element
        for element in root.iter()
        if isinstance(element.tag, str) and element.tag not in _NEVER and _is_hidden(element, sheet)
    ]
    letters = _letters(root, frozenset(found)) if found else {}
    for element in found:
        if element.getparent() is not None and letters[element] <= _MOST_HIDDEN * letters[root]:
            element.drop_tree()


def is_away(style: Style) -> bool:
    """Whether a style lets nobody see the text."""
    if style.get("display") == "none" or style.get("visibility") in ("hidden", "collapse"):
        return True
    if style.get("content-visibility") == "hidden" or _number(style.get("opacity")) == 0:
        return True
    size = _number(style.get("font-size"))
    if size is not None and size < 2 and not style["font-size"].endswith("em"):
        return True
    if size == 0 or any(_NOTHING.search(style.get(name, "")) for name in ("clip", "clip-path", "transform")):
        return True
    flat = any(_number(style.get(name)) == 0 for name in ("height", "max-height", "width", "max-width"))
    if flat and style.get("overflow", "").startswith(("hidden", "clip")):
        return True
    colour = style.get("color", "")
    behind = style.get("background-color") or (style.get("background") or " ").split(" ")[0]
    if _CLEAR.match(colour) or (colour and _same_colour(colour, behind)):
        return True
    return any((number := _number(style.get(name))) is not None and number <= _FAR for name in _AWAY)


def _is_hidden(element: Element, sheet: _Sheet) -> bool:
    if element.get("hidden") is not None or element.get("aria-hidden") == "true":
        return True
    style = element.get("style")
    return (bool(style) and is_away(style_of(style))) or sheet.hides(element)


def style_of(text: str) -> Style:
    """The properties of a style, in lower case."""
    found = {}
    for part in text[:5_000].lower().split(";"):
        name, colon, value = part.partition(":")
        if colon:
            found[name.strip()] = value.replace("!important", "").strip()
    return found


def _number(value: str | None) -> float | None:
    """A length in pixels, or a bare number."""
    match = _LENGTH.match(value or "")
    return float(match[1]) * _UNITS.get(match[2] or "", 1.0) if match else None


def _same_colour(one: str, other: str) -> bool:
    return _colour(one) == _colour(other)


def _colour(value: str) -> str:
    value = _NAMED.get(value, value)
    if re.fullmatch(r"#[0-9a-f]{3}", value):
        return "#" + "".join(2 * letter for letter in value[1:])
    return value


def _letters(root: Element, wanted: frozenset[Element]) -> dict[Element, int]:
    """How many letters stand in each wanted element and in the root, counted in one walk."""
    found: dict[Element, int] = {}
    open_since: list[int] = []
    count = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if event == "start":
            open_since.append(count)
            count += len(element.text or "")
        else:
            since = open_since.pop()
            if element in wanted or element is root:
                found[element] = count - since
            count += len(element.tail or "")
    return found


def _sheet(css: str) -> _Sheet:
    classes, ids, shown = set[str](), set[str](), set[str]()
    for selectors, declared in _rules(css):
        style = style_of(declared)
        away = style.get("display") == "none" or style.get("visibility") == "hidden"
        away = away or _number(style.get("font-size")) == 0 or _number(style.get("opacity")) == 0
        for selector in selectors.lower().split(","):
            match = _SIMPLE.match(selector.strip())
            if away and match:
                (classes if match[1] == "." else ids).add(match[2])
            elif not away and {"display", "visibility", "opacity"} & set(style):
                shown.update(_CLASSES.findall(selector))
    return _Sheet(frozenset(classes), frozenset(ids), frozenset(shown))


def _rules(css: str) -> Iterator[tuple[str, str]]:
    """Selectors and declarations, those within @media and the like left out."""
    depth = start = 0
    selectors = ""
    for brace in re.finditer(r"[{}]", css):
        if brace.group() == "{":
            if depth == 0:
                selectors, start = css[start : brace.start()].strip(), brace.end()
            depth += 1
        elif depth:
            depth -= 1
            if depth == 0:
                if not selectors.startswith("@"):
                    yield selectors, css[start : brace.start()]
                start = brace.end()
