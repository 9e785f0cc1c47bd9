"""The main text of a page: clean paragraphs, one a line, without what surrounds an article."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from functools import cache
from pathlib import Path

import trafilatura

from claims.language.letters import fold
from claims.read.markup import Element, one_line, text_of

_MIN_TEXT = 200  # letters below which the page is read once more by its bare paragraphs
_LONGEST_JUNK = 300
_PRUNED = 0.4  # of the text of all paragraphs: names that would cost more than this are not believed
_DATA = Path(__file__).parent / "data" / "boilerplate.toml"


def main_text(root: Element, title: str | None, large: bool) -> str:
    """The article's paragraphs in order, one a line; empty where the page has no text of its own.

    The tree is changed by this. A `large` page is read by its bare paragraphs only.
    """
    pieces = _rules()
    _prune(root, pieces.junk, pieces.kept)
    text = "" if large else _extracted(root)
    if len(text) < _MIN_TEXT:
        bare = _paragraphs(root)
        text = bare if len(bare) > 2 * len(text) else text
    return _tidied(text, title, pieces)


class _Rules:
    """Patterns for what is no part of an article, from `data/boilerplate.toml`."""

    def __init__(self) -> None:
        table = tomllib.loads(_DATA.read_text(encoding="utf-8"))
        self.junk = re.compile("|".join(table["elements"]["junk"]))
        self.kept = re.compile("|".join(table["elements"]["kept"]))
        starts = [fold(phrase) for phrases in table["starts"].values() for phrase in phrases]
        whole = [fold(phrase) for phrases in table["whole"].values() for phrase in phrases]
        self.starts = re.compile("(?:" + "|".join(map(re.escape, starts)) + r")(?!\w)")
        self.whole = frozenset(whole)
        self.ends = frozenset(fold(phrase) for phrases in table["ends"].values() for phrase in phrases)


@cache
def _rules() -> _Rules:
    return _Rules()


def _prune(root: Element, junk: re.Pattern[str], kept: re.Pattern[str]) -> None:
    """Takes out elements whose names say that they are no part of the article."""
    allowed = _PRUNED * sum(len(text_of(p)) for p in root.iter("p"))
    for element in list(root.iter()):
        if not isinstance(element.tag, str) or element.tag in (
            "html",
            "body",
            "article",
            "main",
            "head",
            "p",
        ):
            continue
        if element.getparent() is None:
            continue
        named = " ".join(
            filter(None, (element.get("class"), element.get("id"), element.get("data-component")))
        ).lower()
        if element.tag in ("figcaption", "form", "button", "select", "template") or (
            named and junk.search(named) and not kept.search(named)
        ):
            inside = sum(len(text_of(p)) for p in element.iter("p"))
            if inside <= allowed:
                allowed -= inside
                element.drop_tree()


def _extracted(root: Element) -> str:
    try:
        found = trafilatura.bare_extraction(
            root, include_comments=False, include_tables=True, with_metadata=False
        )
    except (ValueError, TypeError, AttributeError, RecursionError):  # hostile markup: read by paragraphs
        return ""
    return getattr(found, "text", None) or ""


def _paragraphs(root: Element) -> str:
    """Every paragraph of more than a few words, for pages that trafilatura makes nothing of."""
    texts = [text_of(p) for p in root.iter("p")]
    long = [text for text in texts if len(text) >= 40]
    if long:
        return "\n".join(long)
    body = root.find("body")
    return "" if body is None or len(texts) > 0 else one_line(text_of(body))


def _tidied(text: str, title: str | None, rules: _Rules) -> str:
    lines = [one_line(line) for line in text.split("\n")]
    lines = [line.removeprefix("- ").strip() if line.startswith("- ") else line for line in lines if line]
    times = Counter(lines)
    kept: list[str] = []
    seen: set[str] = set()
    name = fold(title or "")
    for line in lines:
        folded = fold(line)
        bare = folded.strip(" .:!-|*_»«\"'")
        if not bare or (name and bare == name.strip(" .:!-|*_»«\"'")):
            continue
        if bare in rules.ends and len(kept) > 3:
            break
        if bare in rules.whole or (len(line) <= _LONGEST_JUNK and rules.starts.match(bare)):
            continue
        if times[line] > 1 and (folded in seen or times[line] > 2):
            continue
        seen.add(folded)
        kept.append(line)
    return "\n".join(kept)
