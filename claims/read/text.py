"""The main text of a page: clean paragraphs, one a line, without what surrounds an article."""

from __future__ import annotations

import copy
import re
import tomllib
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import trafilatura

from claims.language.dates import find_dates
from claims.language.letters import fold
from claims.read.markup import Element, one_line, text_of

_MIN_TEXT = 200  # letters below which the page is read once more by its bare paragraphs
_LONGEST_JUNK = 300
_PRUNED = 0.4  # of the text of all paragraphs: names that would cost more than this are not believed
_SHORTEST_LINK, _LONGEST_LINK = 25, 200  # letters
_SHORTEST_LEDE = 50  # letters
_ABOVE = 3  # lines among which a summary stands
_HEAD, _LONGEST_STAMP = 6, 60  # lines, letters
_NAMED_WITHIN = 60  # letters of a line about an author, to name him
_LAYOUT = 300  # letters of a table cell that is no cell of data
_FULL = 80  # letters of a line that is taken for a paragraph
_SENTENCE = re.compile(r"[.!?؟。…][\"”»’')\]]*$")
# Signs inside words that trafilatura would drop, and letters that no news page uses to stand in for them:
# without the one Persian words are misspelt, without the other a quotation is not what the page has
_SIGNS = str.maketrans({"\u200c": "\ua789", "\u00ad": "\ua78a"})
_SIGNS_BACK = str.maketrans({"\ua789": "\u200c", "\ua78a": "\u00ad"})
_DATA = Path(__file__).parent / "data" / "boilerplate.toml"


@dataclass(frozen=True, slots=True)
class About:
    """What is known of an article before it is read: wordings of its title, of its summary, its authors.

    `abstracts` are the summaries that the page itself sets apart from the article's body.
    """

    titles: Collection[str]
    summaries: Collection[str]
    abstracts: Collection[str]
    authors: Collection[str]


def main_text(root: Element, about: About, large: bool) -> tuple[str | None, str]:
    """The summary that stands above the article, and its paragraphs in order, one a line; "" without any.

    A summary is kept apart where the page says that it is one; else it is the first paragraph. The title is
    no part of the text. The tree is changed by this. A `large` page is read by its bare paragraphs only.
    """
    rules = _rules()
    if not large:
        _prune(root, rules.junk, rules.kept)
        _unwrap_layout(root)
    text = "" if large else _extracted(copy.deepcopy(root))
    if len(text) < _MIN_TEXT:
        bare = _paragraphs(root)
        text = bare if len(bare) > 2 * len(text) else text
    lines = _tidied(text, about.titles, rules)
    abstracts = _known(about.abstracts)
    known = abstracts or _known(about.summaries)
    above = [line for line in lines[:_ABOVE] if _bare(line) in known] if len(lines) > 1 else []
    lines = [line for line in lines if line not in above]
    lede = above[0] if above else _lede(root, known, lines[0]) if lines and not large else None
    lines = _framed(lines, [fold(name) for name in about.authors if " " in name])
    if lede and abstracts:
        return lede, "\n".join(lines)
    if lede and not any(_bare(lede) in _bare(line) for line in lines):
        lines.insert(0, lede)
    return None, "\n".join(lines)


def _known(summaries: Collection[str]) -> frozenset[str]:
    return frozenset(_bare(summary) for summary in summaries if len(summary) >= _SHORTEST_LEDE)


class _Rules:
    """Patterns for what is no part of an article, from `data/boilerplate.toml`."""

    def __init__(self) -> None:
        table = tomllib.loads(_DATA.read_text(encoding="utf-8"))
        self.junk = re.compile("|".join(table["elements"]["junk"]))
        self.kept = re.compile("|".join(table["elements"]["kept"]))
        starts = [fold(phrase) for phrases in table["starts"].values() for phrase in phrases]
        whole = [fold(phrase) for phrases in table["whole"].values() for phrase in phrases]
        self.starts = re.compile("(?:" + "|".join(map(re.escape, starts)) + r")(?!\w)")
        holds = [fold(phrase) for phrases in table["holds"].values() for phrase in phrases]
        self.holds = re.compile("|".join(map(re.escape, holds)))
        self.whole = frozenset(whole)
        self.ends = frozenset(fold(phrase) for phrases in table["ends"].values() for phrase in phrases)


@cache
def _rules() -> _Rules:
    return _Rules()


def _prune(root: Element, junk: re.Pattern[str], kept: re.Pattern[str]) -> None:
    """Takes out elements whose names say that they are no part of the article."""
    allowed = _PRUNED * sum(len(text_of(p)) for p in root.iter("p"))
    for element in list(root.iter()):
        if element.tag in ("p", "ul", "ol") and element.getparent() is not None and _only_links(element):
            element.drop_tree()
            continue
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


def _unwrap_layout(root: Element) -> None:
    """Makes tables that hold paragraphs, as old pages do, into plain blocks."""
    for table in list(root.iter("table")):
        cells = [cell for cell in table.iter("td") if next(cell.iterancestors("table")) is table]
        if any(sum(1 for _ in cell.iter("p", "br")) >= 2 and len(text_of(cell)) >= _LAYOUT for cell in cells):
            for part in table.iter("table", "tbody", "tr", "td"):
                part.tag = "div"


def _only_links(element: Element) -> bool:
    """Whether a paragraph or list shows nothing but links to something else: a few words at least."""
    whole = len(text_of(element))
    if not _SHORTEST_LINK <= whole <= _LONGEST_LINK * max(1, len(element)):
        return False
    return sum(len(text_of(link)) for link in element.iter("a")) >= 0.9 * whole


def _extracted(root: Element) -> str:
    """What trafilatura takes for the main text. The tree is used up by this."""
    for element in root.iter():
        if element.text:
            element.text = element.text.translate(_SIGNS)
        if element.tail:
            element.tail = element.tail.translate(_SIGNS)
    try:
        found = trafilatura.bare_extraction(
            root, include_comments=False, include_tables=True, with_metadata=False
        )
    except (ValueError, TypeError, AttributeError, RecursionError):  # hostile markup: read by paragraphs
        return ""
    return (getattr(found, "text", None) or "").translate(_SIGNS_BACK)


def _paragraphs(root: Element) -> str:
    """Every paragraph of more than a few words, for pages that trafilatura makes nothing of."""
    texts = [text_of(p) for p in root.iter("p")]
    long = [text for text in texts if len(text) >= 40]
    if long:
        return "\n".join(long)
    body = root.find("body")
    return "" if body is None or len(texts) > 0 else one_line(text_of(body))


def _lede(root: Element, known: Collection[str], first: str) -> str | None:
    """The paragraph above the article's first one that is one of the known summaries."""
    beginning = _bare(first)
    for element in root.iter("p", "div", "h2", "h3", "strong", "span"):
        shown = text_of(element) if len(element) <= 3 else ""
        if len(shown) >= _SHORTEST_LEDE and _bare(shown) in known:
            return shown
        if element.tag == "p" and _bare(text_of(element)) == beginning:
            return None
    return None


def _tidied(text: str, titles: Collection[str], rules: _Rules) -> list[str]:
    """The lines without titles, what is printed twice, and what the rules know as no part of an article."""
    lines = [one_line(line) for line in text.split("\n")]
    lines = [line.removeprefix("- ").strip() if line.startswith("- ") else line for line in lines if line]
    times = Counter(lines)
    known = {_bare(title) for title in titles}
    kept: list[str] = []
    seen: set[str] = set()
    for number, line in enumerate(lines):
        bare = _bare(line)
        if not bare or bare in known:
            continue
        if bare in rules.ends and len(kept) > 1:
            break
        short = len(line) <= _LONGEST_JUNK
        if bare in rules.whole or (short and (rules.starts.match(bare) or rules.holds.search(bare))):
            continue
        if number < _HEAD and len(line) <= _LONGEST_STAMP and _is_stamp(line):
            continue
        if bare in seen or (times[line] > 2 and len(line) < _FULL):
            continue
        seen.add(bare)
        kept.append(line)
    return kept


def _is_stamp(line: str) -> bool:
    """Whether a line is a date or a time rather than words."""
    letters = [letter.isdigit() for letter in line if letter.isalnum()]
    dated = sum(when.end - when.start for when in find_dates(line, None))
    return 2 * sum(letters) > len(letters) or 2 * dated > len(line)


def _framed(lines: list[str], authors: list[str]) -> list[str]:
    """The lines from the first full paragraph to the last, with whole sentences around them.

    Before and after the paragraphs of an article stand kickers, dates, names and labels, and lines about the
    author; of a text without several full paragraphs only the latter are left out.
    """
    about = {line for line in lines[-3:] if any(name in fold(line)[:_NAMED_WITHIN] for name in authors)}
    lines = [line for line in lines if line not in about]
    full = [number for number, line in enumerate(lines) if len(line) >= _FULL]
    if len(full) < 3:
        return lines
    first, last = full[0], full[-1] + 1
    around = [line if _SENTENCE.search(line) else "" for line in lines]
    return [line for line in (*around[:first], *lines[first:last], *around[last:]) if line]


def _bare(line: str) -> str:
    return " ".join(fold(line).strip(" .:!-|*_»«\"'").split())
