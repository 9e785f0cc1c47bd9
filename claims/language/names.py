"""Who and where: the names in a text, each with an id that is the same in every language.

A country's name is both a place and somebody who acts; its adjective is only the latter. A capital is a
place, and where it does not follow a word such as "in" it is also the government that sits there.
"""

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
    official_languages,
    table,
    words_of,
)
from claims.language.skeleton import skeleton
from claims.model import Where, Who

_JOINT = re.compile(r" |-|_|'|\.|\"| \"|\" | - |\u00a0")  # what may stand between two words of one name
_NOT_A_NAME = re.compile(r"وال|لل|ال.+يه$")  # "and the", "to the", an adjective
_MOST = 20_000  # names read from one text: one with more is a list or an attack
_LONGEST_NAME = 5  # words of a person's name
_TYPES = {"organisation": "organisation", "agency": "agency", "person": "person", "ministry": "organisation"}


@dataclass(frozen=True, slots=True)
class Names:
    """The names of a text in order. Neither list has overlaps within itself."""

    where: tuple[Where, ...]
    who: tuple[Who, ...]


@dataclass(frozen=True, slots=True)
class _Item:
    """A known name: words `first` to `last` (exclusive), from `start` to `end` in the folded text."""

    first: int
    last: int
    start: int
    end: int
    options: tuple[Entity, ...]

    @property
    def entity(self) -> Entity:
        return self.options[0]


def find_names(text: str, lang: str | None = None) -> Names:
    """The places, persons, organisations, countries and agencies that the text names, with exact offsets.

    All languages are looked for at once, so `lang` changes nothing that is found; it is accepted because
    every reader of a text takes it. A text with more than 20,000 names is read up to there.
    """
    return _Reading(text).names()


class _Reading:
    """One text on its way to its names."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.folded: Folded = fold_with_offsets(text)
        self.words = [(m.group(), m.start(), m.end()) for m in WORD.finditer(self.folded.text)]

    def names(self) -> Names:
        items = _settled(list(self._known()))
        return _Linking(self, [item for item in items if not self._part_of_a_name(item)]).names()

    def capital_at(self, position: int) -> bool:
        """Whether the letter at this place of the folded text was written as a capital."""
        return self.text[self.folded.starts[position]].isupper()

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The stretch of the original text, without the direction marks that may follow it."""
        a, b = self.folded.span(start, end)
        while b > a + 1 and unicodedata.category(self.text[b - 1]) == "Cf":
            b -= 1
        return a, b

    def _known(self) -> Iterator[_Item]:
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

    def _longest(self, root: Node, at: int) -> _Item | None:
        word, start, _ = self.words[at]
        best: _Item | None = None
        for skip, form in first_forms(word):
            node = root.next.get(form)
            if node is None:
                continue
            for last, found in self._ends(node, at + 1):
                if best is not None and last <= best.last:
                    continue
                options = tuple(entity for entity, case in found if self._case_fits(case, at, last))
                if options:
                    best = _Item(at, last, start + skip, self._end_of(last - 1), options)
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

    def _part_of_a_name(self, item: _Item) -> bool:
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
        return word not in _cues("location") and word not in _cues("not_names")

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


def _settled(items: list[_Item]) -> list[_Item]:
    """One meaning for each name: of several, the one whose country the text names most elsewhere."""
    certain = Counter(item.entity.country for item in items if len(item.options) == 1)
    settled = []
    for item in items:
        if len(item.options) > 1:
            options = [option for option in item.options if option.weak == item.entity.weak]
            item = replace(item, options=(max(options, key=lambda option: certain[option.country]),))
        settled.append(item)
    return settled


class _Linking:
    """Names joined to what stands beside them: titles, ministries, agencies in brackets, family names."""

    def __init__(self, reading: _Reading, items: list[_Item]) -> None:
        self.reading = reading
        self.words = reading.words
        self.items = items
        self.by_first = {item.first: item for item in items}
        self.who: list[tuple[int, int, str, str]] = []  # start, end, id, type
        self.where: list[tuple[int, int, Entity]] = []
        self.offices: dict[tuple[str, str], str] = {}  # (office, country) -> person
        self.family: dict[str, str] = {}  # folded family name -> person

    def names(self) -> Names:
        for position, item in enumerate(self.items):
            self._take(position, item)
        self._persons()
        self._roles()
        self._family_names()
        return Names(self._places(), self._actors())

    # Known names

    def _take(self, position: int, item: _Item) -> None:
        entity = item.entity
        if entity.kind in ("title",):
            return
        if entity.kind == "ministry":
            self._ministry(position, item)
            return
        start, end = item.start, item.end
        if entity.kind == "agency":
            start, end = self._agency_span(item)
        if entity.place:
            self.where.append((item.start, item.end, entity))
        if entity.kind in ("country", "adjective"):
            self.who.append((start, end, entity.id, "country"))
        elif entity.kind in _TYPES:
            self.who.append((start, end, entity.id, _TYPES[entity.kind]))
        elif entity.government and not self._is_location(item):
            self.who.append((start, end, entity.government, "country"))

    def _is_location(self, item: _Item) -> bool:
        """Whether a city is named as a place: after "in", as dateline, before a bracket or "capital"."""
        cues = _cues("location")
        text = self.reading.folded.text
        if item.start > self.words[item.first][1] and text[item.start - 1] == "ب":
            return True
        before = self.words[item.first - 1][0] if item.first and self.reading.joined(item.first) else ""
        after = self.words[item.last][0] if item.last < len(self.words) else ""
        if before in cues or after in _cues("after_location"):
            return True
        return item.first == 0 and re.match(r"\s*[:(\-,]", text[item.end : item.end + 3]) is not None

    def _agency_span(self, item: _Item) -> tuple[int, int]:
        """The agency's name with "agency" before it and its nationality, "news" and short name after it."""
        words, text = self.words, self.reading.folded.text
        start, last = item.start, item.last
        cues = _cues("agency")
        first = item.first
        while first and self.reading.joined(first):
            form, at, _ = words[first - 1]
            skip = next((skip for skip, stem in first_forms(form) if stem in cues), None)
            if skip is None:
                break
            first, start = first - 1, at + skip
        end = item.end
        if text[end : end + 1] == '"' and '"' in text[start : item.start]:
            end += 1
        while last < len(words):
            gap = text[words[last - 1][2] : words[last][1]]
            known = self.by_first.get(last)
            if gap not in (" ", '" ', " (", '" ('):
                break
            if words[last][0] in cues:
                last += 1
            elif known and (
                (known.entity.kind == "adjective" and known.entity.id == item.entity.country)
                or (known.entity.id == item.entity.id and "(" in gap)
            ):
                last = known.last
            else:
                break
            end = words[last - 1][2]
            if "(" in gap and text[end : end + 1] == ")":
                end += 1
        return start, end

    def _ministry(self, position: int, item: _Item) -> None:
        """A ministry together with the country beside it; alone it names nobody."""
        for beside in (self._beside(position, 1), self._beside(position, -1)):
            if beside is not None:
                start, end = min(item.start, beside.start), max(item.end, beside.end)
                country = (beside.entity.country or "").lower()
                self.who.append((start, end, f"org:{country}_{item.entity.id}", "organisation"))
                return

    def _beside(self, position: int, step: int) -> _Item | None:
        """The country right after (1) or right before (-1) this item, "of" and "'s" passed over."""
        other = position + step
        if not 0 <= other < len(self.items):
            return None
        item, found = self.items[position], self.items[other]
        first, second = (item, found) if step > 0 else (found, item)
        between = [word for word, _, _ in self.words[first.last : second.first]]
        gap = self.reading.folded.text[self.words[first.last - 1][2] : self.words[second.first][1]]
        if (
            found.entity.kind not in ("country", "adjective")
            or len(gap) > 8
            or re.search(r"[.,;:()?!\n]", gap)
        ):
            return None
        return found if all(word in ("of", "the", "s", "في") for word in between) else None

    # Persons

    def _persons(self) -> None:
        """Titles give names of persons, and known persons their offices."""
        taken: set[int] = set()
        for item in self.items:
            if item.entity.kind != "title":
                taken.update(range(item.first, item.last))
        for position, item in enumerate(self.items):
            if item.entity.kind == "title":
                self._after_title(position, item, taken)

    def _after_title(self, position: int, title: _Item, taken: set[int]) -> None:
        country = None
        before = self._beside(position, -1)
        if before is not None:
            country = before.entity.country
        at = title.last
        if title.first and self.words[title.first - 1][0] in _cues("named_after"):
            return
        pending = False  # after "of the" comes what the person heads, not the person
        between = _cues("between")
        while at < len(self.words) and at - title.last < 8 and self._near(at):
            known = self.by_first.get(at)
            if known is not None:
                if known.entity.kind == "person":
                    self._office(title, country, known.entity.id)
                    return
                if known.entity.kind in ("title", "place", "agency"):
                    return
                country = known.entity.country or country
                pending = pending and known.entity.kind == "adjective"
                at = known.last
            elif self.words[at][0] in between:
                pending = pending or self.words[at][0] in ("of", "for", "the")
                at += 1
            else:
                break
        else:
            return
        last = at if pending else self._name_end(at, taken)
        if last - at > (title.entity.id in ("office_", "officer_")):
            family = self._family_form(last - 1)
            person = f"person:{self._skeleton(at, last, family)}"
            start, end = self.words[at][1], self.words[last - 1][2]
            self.who.append((start, end, person, "person"))
            taken.update(range(at, last))
            if len(family) >= 4 and family not in _given_names():
                self.family[family] = person
            self._office(title, country, person)

    def _office(self, title: _Item, country: str | None, person: str) -> None:
        if country and not title.entity.id.endswith("_"):
            self.offices.setdefault((title.entity.id, country), person)

    def _near(self, at: int) -> bool:
        gap = self.reading.folded.text[self.words[at - 1][2] : self.words[at][1]]
        return gap in (" ", "-", "'", ". ", "\u00a0", ", ")

    def _family_form(self, at: int) -> str:
        forms = later_forms(self.words[at][0])
        return min(forms, key=len) if len(forms) > 1 else forms[0]

    def _skeleton(self, first: int, last: int, family: str) -> str:
        """What stays of the family name in every script; of the whole name where that is too little."""
        short = skeleton(family)
        if len(short) < 3:
            short = skeleton("".join(word for word, _, _ in self.words[first : last - 1]) + family)
        return short or family

    def _name_end(self, at: int, taken: set[int]) -> int:
        """The word after the person's name that starts here, or `at` where none starts."""
        if self.words[at][0][0] < "\u0600":
            return self._cased_name_end(at, taken)
        return self._arabic_name_end(at, taken)

    def _cased_name_end(self, at: int, taken: set[int]) -> int:
        last = at
        capitals = 0
        particles = _cues("particles")
        while last < len(self.words) and last - at < _LONGEST_NAME and last not in taken:
            if last > at and not self.reading.joined(last):
                break
            word, start, _ = self.words[last]
            if self.reading.capital_at(start) and (
                word not in _cues("not_names") or (last > at and word in ("may", "april", "june", "august"))
            ):
                capitals += 1
            elif word not in particles or last + 1 >= len(self.words):
                break
            last += 1
        while last > at and self.words[last - 1][0] in particles:
            last -= 1
        return last if capitals and any(len(self.words[i][0]) > 2 for i in range(at, last)) else at

    def _arabic_name_end(self, at: int, taken: set[int]) -> int:
        """No capitals in Arabic: a name starts with a given name that is known, and is two or three words."""
        given, not_names, particles = _given_names(), _cues("not_names"), _cues("particles")
        word = self.words[at][0]
        if word not in given and word not in particles:
            return at
        last, parts = at, 0
        while last < len(self.words) and last - at < _LONGEST_NAME and last not in taken:
            if last > at and not self.reading.joined(last):
                break
            word = self.words[last][0]
            if word in not_names or word[0] < "\u0600" or len(word) < 2 or _NOT_A_NAME.match(word):
                break
            if (
                parts >= 2
                and not (word.startswith("ال") and not self.words[last - 1][0].startswith("ال"))
                and self.words[last - 1][0] not in particles
                and word not in particles
            ):
                break
            if parts >= 3 and self.words[last - 1][0] not in particles:
                break
            parts += word not in particles
            last += 1
        while last > at and self.words[last - 1][0] in particles:
            last -= 1
        return last if parts >= 2 else at

    # Linking within the text

    def _roles(self) -> None:
        """ "The Iranian president" is whom the text has introduced as that."""
        for position, item in enumerate(self.items):
            if item.entity.kind != "title":
                continue
            for beside in (self._beside(position, 1), self._beside(position, -1)):
                if beside is None or beside.entity.country is None:
                    continue
                person = self.offices.get((item.entity.id, beside.entity.country))
                following = max(item.last, beside.last)
                if person and not self._person_at(following):
                    start, end = min(item.start, beside.start), max(item.end, beside.end)
                    self.who.append((start, end, person, "person"))
                    break

    def _person_at(self, at: int) -> bool:
        if at >= len(self.words):
            return False
        start = self.words[at][1]
        return any(s <= start < e and kind == "person" for s, e, _, kind in self.who)

    def _family_names(self) -> None:
        """A family name alone is the person who was introduced with it."""
        if not self.family:
            return
        known = {at for item in self.items for at in range(item.first, item.last)}
        for at, (word, start, end) in enumerate(self.words):
            if at in known:
                continue
            for skip, form in first_forms(word):
                person = self.family.get(form)
                if person and (word[0] >= "\u0600" or self.reading.capital_at(start)):
                    self.who.append((start + skip, end, person, "person"))
                    break

    # Results

    def _actors(self) -> tuple[Who, ...]:
        """The longest of what overlaps, in order."""
        chosen: list[Who] = []
        for start, end, name, kind in _longest_first(self.who, len(self.reading.folded.text)):
            a, b = self.reading.span(start, end)
            chosen.append(Who(self.reading.text[a:b], a, b, name, kind))  # type: ignore[arg-type]
        return tuple(chosen)

    def _places(self) -> tuple[Where, ...]:
        found = []
        inside = bytearray(len(self.reading.folded.text))
        for start, end, _, kind in self.who:
            if kind != "country":
                inside[start:end] = b"\1" * (end - start)
        for start, end, entity in sorted(self.where, key=lambda place: place[0]):
            if inside[start] and inside[end - 1]:
                continue
            a, b = self.reading.span(start, end)
            found.append(Where(self.reading.text[a:b], a, b, entity.place or "", entity.country))
        return tuple(found)


def _longest_first(found: list[tuple[int, int, str, str]], length: int) -> list[tuple[int, int, str, str]]:
    taken = bytearray(length)
    kept = []
    for one in sorted(found, key=lambda f: (f[0] - f[1], f[0], f[3] != "person")):
        start, end = one[0], one[1]
        if not taken[start] and not taken[end - 1]:
            taken[start:end] = b"\1" * (end - start)
            kept.append(one)
    return sorted(kept)


@cache
def _cues(name: str) -> frozenset[str]:
    """A list of small words, folded."""
    rows = table("titles" if name == "between" else "stop")[name]
    return words_of(word for words in rows.values() for word in words)


@cache
def _given_names() -> frozenset[str]:
    return _cues("given_names")


# Facts about ids


@cache
def _ministry_id() -> re.Pattern[str]:
    return re.compile(rf"org:([a-z]{{2}})_({'|'.join(table('titles')['ministry'])})")


def names_in(id: str, lang: str) -> tuple[str, ...]:
    """The spellings of a known id or English place name in a language, the usual one first; else empty."""
    return index().spellings.get((id, lang), ())


def country_of(id: str) -> str | None:
    """The country that a Who id or an English place name belongs to."""
    entity = index().entities.get(id)
    if entity is not None:
        return entity.country
    ministry = _ministry_id().fullmatch(id)
    return ministry[1].upper() if ministry else None


def countries_official_languages(code: str) -> tuple[str, ...]:
    """The official languages of a country (ISO 639 codes), the most spoken first; empty if unknown."""
    return official_languages().get(code, ())
