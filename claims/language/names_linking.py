"""Names joined to what stands beside them: titles, ministries, agencies in brackets, family names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from claims.language.names_index import Entity, first_forms, later_forms
from claims.language.names_reading import Item, Reading, small_words
from claims.language.skeleton import skeleton
from claims.model import Where, Who

_NOT_A_NAME = re.compile(r"وال|لل|ال.+يه$")  # "and the", "to the", an adjective
_LONGEST_NAME = 5  # words of a person's name
_TYPES = {"organisation": "organisation", "agency": "agency", "person": "person", "ministry": "organisation"}


@dataclass(frozen=True, slots=True)
class Names:
    """The names of a text in order. Neither list has overlaps within itself."""

    where: tuple[Where, ...]
    who: tuple[Who, ...]


class Linking:
    """Names joined to what stands beside them: titles, ministries, agencies in brackets, family names."""

    def __init__(self, reading: Reading, items: list[Item]) -> None:
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

    def _take(self, position: int, item: Item) -> None:
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

    def _is_location(self, item: Item) -> bool:
        """Whether a city is named as a place: after "in", as dateline, before a bracket or "capital"."""
        cues = small_words("location")
        text = self.reading.folded.text
        if item.start > self.words[item.first][1] and text[item.start - 1] == "ب":
            return True
        before = self.words[item.first - 1][0] if item.first and self.reading.joined(item.first) else ""
        after = self.words[item.last][0] if item.last < len(self.words) else ""
        if before in cues or after in small_words("after_location"):
            return True
        return item.first == 0 and re.match(r"\s*[:(\-,]", text[item.end : item.end + 3]) is not None

    def _agency_span(self, item: Item) -> tuple[int, int]:
        """The agency's name with "agency" before it and its nationality, "news" and short name after it."""
        words, text = self.words, self.reading.folded.text
        start, last = item.start, item.last
        cues = small_words("agency")
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

    def _ministry(self, position: int, item: Item) -> None:
        """A ministry together with the country beside it; alone it names nobody."""
        for beside in (self._beside(position, 1), self._beside(position, -1)):
            if beside is not None:
                start, end = min(item.start, beside.start), max(item.end, beside.end)
                country = (beside.entity.country or "").lower()
                self.who.append((start, end, f"org:{country}_{item.entity.id}", "organisation"))
                return

    def _beside(self, position: int, step: int) -> Item | None:
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

    def _after_title(self, position: int, title: Item, taken: set[int]) -> None:
        country = None
        before = self._beside(position, -1)
        if before is not None:
            country = before.entity.country
        at = title.last
        if title.first and self.words[title.first - 1][0] in small_words("named_after"):
            return
        pending = False  # after "of the" comes what the person heads, not the person
        between = small_words("between")
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

    def _office(self, title: Item, country: str | None, person: str) -> None:
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
        particles = small_words("particles")
        while last < len(self.words) and last - at < _LONGEST_NAME and last not in taken:
            if last > at and not self.reading.joined(last):
                break
            word, start, _ = self.words[last]
            if self.reading.capital_at(start) and (
                word not in small_words("not_names")
                or (last > at and word in ("may", "april", "june", "august"))
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
        given, not_names, particles = _given_names(), small_words("not_names"), small_words("particles")
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
def _given_names() -> frozenset[str]:
    return small_words("given_names")
