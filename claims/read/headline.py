"""The title of an article: of a page's own words for it the most telling, without the outlet's name.

What a page says for machines in JSON-LD is the article's title more often than any other wording; next comes
the heading that readers see, if it speaks of the same thing as the page's head does.
"""

from __future__ import annotations

import itertools
import re

from claims.language.letters import fold
from claims.read.jsonld import Node, plain_text
from claims.read.markup import Element, one_line, text_of

_SEPARATOR = re.compile(r"\s+[|\-–—:·•»«›‹/]{1,2}\s+|\s*[|｜]\s*|\s+::\s+|：")
_KICKER = re.compile(
    r"kicker|overline|topline|pre-?title|supertitle|roofline|dachzeile|eyebrow|visually-?hidden|sr-only"
)
_LEAD = re.compile(r"\s+[|\-–—/]\s+|:\s+|\s*[|｜]\s*")
_SITE = re.compile(r"site-?(?:title|name)|logo|brand")
_CUT = re.compile(r"\s*(?:…|\.\.\.)$")
_SHORTEST = 12  # letters of a title that is cut out of a longer one
_MOST = 400  # letters of a title
_ALIKE = 0.5  # of the words of the shorter wording are in the other one


def headline(
    root: Element, nodes: list[Node], metas: dict[str, list[str]], outlet: str | None, host: str
) -> str | None:
    """The article's title; None where the page has none."""
    named = _own_names(outlet, host)
    machine = [plain_text(node.get("headline")) or "" for node in nodes if node.get("headline")][:1]
    given = metas.get("og:title", [])[:1] + metas.get("twitter:title", [])[:1]
    given += [text_of(title) for title in itertools.islice(root.iter("title"), 1)]
    for_machines = [_bare(one_line(text)[:_MOST], named) for text in machine if one_line(text)]
    in_head = [_bare(one_line(text)[:_MOST], named) for text in given if one_line(text)]
    told = for_machines + in_head
    known = {_same(text) for text in told}
    headings = [_bare(text, named) for text in _headings(root) if not _names_outlet(text, named)]
    shown = next((text for text in headings if _same(text) in known), headings[0] if headings else None)
    if shown:
        known.add(_same(shown))
    if for_machines:
        return _whole(_shortened(for_machines[0], known, shown), [*in_head, *headings[:1]])
    if shown and (not in_head or any(_alike(shown, text) for text in in_head)):
        return _shortened(shown, known, None)
    return _whole(_shortened(in_head[0], known, shown), in_head[1:]) if in_head else None


def wordings(root: Element, nodes: list[Node], metas: dict[str, list[str]]) -> list[str]:
    """Every title that the page has for its article."""
    given = [plain_text(node.get("headline")) or "" for node in nodes[:3]]
    return [*given, *metas.get("og:title", []), *metas.get("twitter:title", []), *_headings(root)]


def _whole(text: str, others: list[str]) -> str:
    """The text, or the first of the others that goes on where it was cut off."""
    begun = _CUT.sub("", text)
    if begun == text:
        return text
    return next(
        (other for other in others if _same(other).startswith(_same(begun)) and not _CUT.search(other)), text
    )


def _alike(one: str, other: str) -> bool:
    """Whether two wordings speak of the same thing, as far as their words tell."""
    if _same(one) in _same(other) or _same(other) in _same(one):
        return True
    words, more = set(re.findall(r"\w+", fold(one))), set(re.findall(r"\w+", fold(other)))
    return len(words & more) >= _ALIKE * min(len(words), len(more))


def _shortened(text: str, known: set[str], shown: str | None) -> str:
    """The text without a tail that another wording does without, or a lead that the heading does without."""
    for match in _SEPARATOR.finditer(text):
        front = text[: match.start()].strip()
        if len(front) >= _SHORTEST and _same(front) in known:
            return front
    for match in _LEAD.finditer(text) if shown else ():
        if _same(text[match.end() :]) == _same(shown or "") and len(shown or "") >= _SHORTEST:
            return shown or text
    return text


def _headings(root: Element) -> list[str]:
    """The texts of the page's first headings without the line above them; those that name the site last."""
    found: list[tuple[bool, str]] = []
    for heading in itertools.islice(root.iter("h1"), 6):
        text = one_line(" ".join(heading.itertext()))[:_MOST]
        for child in heading.iter("span", "div", "p", "small", "strong"):
            label = f"{child.get('class') or ''} {child.get('data-testid') or ''}".lower()
            kicker = text_of(child)
            if kicker and _KICKER.search(label) and text.startswith(kicker) and len(kicker) < len(text):
                text = text[len(kicker) :].strip(" -–—:|/")
                break
        label = f"{heading.get('class') or ''} {heading.get('id') or ''}".lower()
        home = any((link.get("rel") == "home") or link.get("href") == "/" for link in heading.iter("a"))
        if text:
            found.append((home or _SITE.search(label) is not None, text))
    return [text for _, text in sorted(found, key=lambda item: item[0])]


def _bare(text: str, named: set[str]) -> str:
    """The text without the outlet's own name at its end or its beginning."""
    shown = text
    while True:
        parts = list(_SEPARATOR.finditer(shown))
        if not parts:
            return shown
        tail, head = shown[parts[-1].end() :], shown[: parts[0].start()]
        if _names_outlet(tail, named) and len(shown[: parts[-1].start()]) >= 8:
            shown = shown[: parts[-1].start()].rstrip()
        elif _names_outlet(head, named) and len(shown[parts[0].end() :]) >= 12:
            shown = shown[parts[0].end() :].lstrip()
        else:
            return shown


def _names_outlet(part: str, named: set[str]) -> bool:
    key = _letters(part)
    return bool(key) and (
        key in named or any(len(name) >= 4 and name in key and len(key) <= 2 * len(name) for name in named)
    )


def _own_names(outlet: str | None, host: str) -> set[str]:
    labels = [
        label
        for label in host.lower().split(".")
        if label not in ("www", "m", "amp", "com", "net", "org", "co")
    ]
    names = {_letters(outlet or ""), _letters(host.removeprefix("www."))}
    if labels:
        names.add(_letters(max(labels[:-1] or labels, key=len)))
    return {name for name in names if len(name) >= 2}


def _letters(text: str) -> str:
    return "".join(letter for letter in fold(text) if letter.isalnum())


def _same(text: str) -> str:
    return _letters(text)
