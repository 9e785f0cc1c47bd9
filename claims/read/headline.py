"""The title of an article: what most of a page's own words for it agree on, without the outlet's name."""

from __future__ import annotations

import re
from collections import defaultdict

from claims.language.letters import fold
from claims.read.jsonld import Node, plain_text
from claims.read.markup import Element, one_line, text_of

_SEPARATOR = re.compile(r"\s+[|\-–—:·•»«/]{1,2}\s+|\s*[|｜]\s*|\s+::\s+|：")
_KICKER = re.compile(
    r"kicker|overline|topline|pre-?title|supertitle|roofline|dachzeile|eyebrow|visually-?hidden|sr-only"
)
_MOST = 400  # letters of a title
_LD, _OG, _H1, _TWITTER, _TITLE = 1.25, 1.15, 1.0, 0.5, 0.4


def headline(
    root: Element, nodes: list[Node], metas: dict[str, list[str]], outlet: str | None, host: str
) -> str | None:
    """The article's title; None where the page has none."""
    named = _own_names(outlet, host)
    ballots: list[tuple[str, float]] = []
    for value in [plain_text(node.get("headline")) for node in nodes if node.get("headline")][:1]:
        ballots.append((value or "", _LD))
    ballots += [(value, _OG) for value in metas.get("og:title", [])[:1]]
    firsts = _first_headings(root)
    ballots += [(value, _TWITTER) for value in metas.get("twitter:title", [])[:1]]
    ballots += [(text_of(title), _TITLE) for title in list(root.iter("title"))[:1]]
    ballots = [(one_line(text)[:_MOST], weight) for text, weight in ballots]
    others = {_same(_bare(text, named)) for text, _ in ballots}
    matching = [text for text in firsts if _same(_bare(text, named)) in others]
    ballots += [(text, _H1) for text in (matching or firsts)[:1]]
    return _elected([(_bare(text, named), weight) for text, weight in ballots if text])


def _elected(ballots: list[tuple[str, float]]) -> str | None:
    if not ballots:
        return None
    known = {_same(text) for text, _ in ballots}
    # Of wordings that differ in quotation marks or capitals, the one that readers see counts
    votes: dict[str, float] = defaultdict(float)
    wording: dict[str, tuple[bool, float, str]] = {}
    for text, weight in ballots:
        shown = _shortened(text, known)
        key = _same(shown)
        if not key:
            continue
        votes[key] += weight
        wording[key] = max(wording.get(key, (False, 0.0, "")), (weight == _H1, weight, shown))
    if not votes:
        return None
    best = max(votes, key=lambda key: (votes[key], wording[key][1], key))
    return wording[best][2]


def _shortened(text: str, known: set[str]) -> str:
    """The text without a tail that another wording of the title does without."""
    for match in _SEPARATOR.finditer(text):
        front = text[: match.start()].strip()
        if len(front) >= 12 and _same(front) in known:
            return front
    return text


def _first_headings(root: Element) -> list[str]:
    found: list[str] = []
    for heading in list(root.iter("h1"))[:6]:
        text = text_of(heading)[:_MOST]
        for child in heading.iter("span", "div", "p", "small", "strong"):
            label = f"{child.get('class') or ''} {child.get('data-testid') or ''}".lower()
            kicker = text_of(child)
            if kicker and _KICKER.search(label) and text.startswith(kicker) and len(kicker) < len(text):
                text = text[len(kicker) :].strip(" -–—:|/")
                break
        if text:
            found.append(text)
    return found


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
