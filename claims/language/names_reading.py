"""Known names at their places in one text: the longest, with the one meaning that fits the text."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

from claims.language.letters import Folded, fold_with_offsets
from claims.language.names_index import (
    WORD,
    Case,
    Entity,
    Node,
    first_forms,
    index,
    later_forms,
    table,
    words_of,
)

_JOINT = re.compile(r" |-|_|'|\.|\"| \"|\" | - |\u00a0")  # what may stand between two words of one name
_MOST = 20_000  # names read from one text: one with more is a list or an attack


@dataclass(frozen=True, slots=True)
class Item:
    """A known name: words `first` to `last` (exclusive), from `start` to `end` in the folded text."""

    first: int
    last: int
    start: int
    end: int
    options: tuple[Entity, ...]

    @property
    def entity(self) -> Entity:
        return self.options[0]


class Reading:
    """One text on its way to its names."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.folded: Folded = fold_with_offsets(text)
        self.words = [(m.group(), m.start(), m.end()) for m in WORD.finditer(self.folded.text)]

    def known(self) -> list[Item]:
        """The known names in order, each with one meaning; those inside longer unknown names are left out."""
        items = settled(list(self._known()))
        return [item for item in items if not self._part_of_a_name(item)]

    def capital_at(self, position: int) -> bool:
        """Whether the letter at this place of the folded text was written as a capital."""
        return self.text[self.folded.starts[position]].isupper()

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The stretch of the original text, without the direction marks that may follow it."""
        a, b = self.folded.span(start, end)
        while b > a + 1 and unicodedata.category(self.text[b - 1]) == "Cf":
            b -= 1
        return a, b

    def _known(self) -> Iterator[Item]:
        """The longest known names, from left to right."""
        root = index().root
        at = found = 0
        while at < len(self.words) and found < _MOST:
            item = self._longest(root, at)
            if item is None:
                at += 1
            else:
                yield item
                at = item.last
                found += 1

    def _longest(self, root: Node, at: int) -> Item | None:
        word, start, _ = self.words[at]
        best: Item | None = None
        for skip, form in first_forms(word):
            node = root.next.get(form)
            if node is None:
                continue
            for last, found in self._ends(node, at + 1):
                if best is not None and last <= best.last:
                    continue
                options = tuple(entity for entity, case in found if self._case_fits(case, at, last))
                if options:
                    best = Item(at, last, start + skip, self._end_of(last - 1), options)
        return best

    def _ends(self, node: Node, at: int) -> Iterator[tuple[int, list[tuple[Entity, Case]]]]:
        """Every way in which a name can go on from here, with the word after it."""
        if node.ends:
            yield at, node.ends
        if node.next and at < len(self.words) and self.joined(at):
            for form in later_forms(self.words[at][0]):
                following = node.next.get(form)
                if following is not None:
                    yield from self._ends(following, at + 1)

    def joined(self, at: int) -> bool:
        """Whether nothing but a joint of a name stands between this word and the one before."""
        before, start = self.words[at - 1], self.words[at][1]
        gap = self.folded.text[before[2] : start]
        return _JOINT.fullmatch(gap) is not None or (gap == ". " and len(before[0]) <= 2)

    def _part_of_a_name(self, item: Item) -> bool:
        """Whether a small city's name stands beside another capital, as in "Tom Newton"."""
        if not item.entity.weak or item.last - item.first > 1 or self.words[item.first][0] >= "\u0600":
            return False
        before, after = item.first - 1, item.last
        return (before >= 0 and self._name_like(before, item.first)) or (
            after < len(self.words) and self._name_like(after, after)
        )

    def _name_like(self, at: int, second: int) -> bool:
        word, start, _ = self.words[at]
        gap = self.folded.text[self.words[second - 1][2] : self.words[second][1]]
        if gap not in (" ", "-", ". ") or not self.capital_at(start):
            return False
        return word not in small_words("location") and word not in small_words("not_names")

    def _case_fits(self, case: Case, first: int, last: int) -> bool:
        if case == "any":
            return True
        if case == "first":
            return self.capital_at(self.words[first][1])
        return all(
            self.text[self.folded.starts[at]].isupper() or not self.text[self.folded.starts[at]].isalpha()
            for word in self.words[first:last]
            for at in range(word[1], word[2])
        )

    def _end_of(self, last: int) -> int:
        """The end of a name: a dotted abbreviation keeps its last full stop."""
        word, start, end = self.words[last]
        text = self.folded.text
        if len(word) == 1 and text[end : end + 1] == "." and text[start - 1 : start] == ".":
            return end + 1
        return end


def settled(items: list[Item]) -> list[Item]:
    """One meaning for each name: of several, the one whose country the text names most elsewhere."""
    certain = Counter(item.entity.country for item in items if len(item.options) == 1)
    settled = []
    for item in items:
        if len(item.options) > 1:
            options = [option for option in item.options if option.weak == item.entity.weak]
            item = replace(item, options=(max(options, key=lambda option: certain[option.country]),))
        settled.append(item)
    return settled


@cache
def small_words(name: str) -> frozenset[str]:
    """A list of small words, folded."""
    rows = table("titles" if name == "between" else "stop")[name]
    return words_of(word for words in rows.values() for word in words)
