"""What stands around a date: is it a date at all, and does its sentence look back or ahead."""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from functools import cache, cached_property
from pathlib import Path

from claims.language.dates.meaning import Sense
from claims.language.letters import fold

_FILE = Path(__file__).parent.parent / "data" / "dates_context.toml"
_LONGEST_FILLING = 40  # letters around a date that is all a text says
_WINDOW = 100  # letters around a date that are looked at
# The Arabic future: س and an imperfect; the names and nouns that look like one are told apart by length
_ARABIC_FUTURE = r"\b[وف]?س[يتن](?!اس|ار|اق|اد|ان|اح|نا|طر|د\b|دة|دا|ول|نمائ|رة|ناري|ون|ين|ة)\w{3,}"
_SENTENCE_END = re.compile(r"[.!?](?=\s)|\n")
_LENGTH = re.compile(r"\b(?:[a-z]{3,}est|first|most|least|worst|best|once|twice|\d+ times)\b[^.!?\n]*$")
_LAST_WORD = re.compile(r"(\w+)(?:\s+و)?[^\w.!?\n]*$")
_FIRST_WORD = re.compile(r"[^\w.!?\n]*(\w+)")


@cache
def _words(section: str) -> frozenset[str]:
    with _FILE.open("rb") as file:
        return frozenset(fold(form.strip()) for form in tomllib.load(file)[section]["words"].split("|"))


@cache
def _pattern(section: str) -> re.Pattern[str]:
    forms = "|".join(re.escape(form) for form in sorted(_words(section), key=len, reverse=True))
    if section == "future":
        return re.compile(rf"\b[وف]?(?:{forms})\b|{_ARABIC_FUTURE}")
    return re.compile(rf"(?<!be )\b(?:[وف]?(?:{forms})|[a-z]{{3,}}ed)\b")


class Prose:
    """A folded text with what its words say about the dates in it."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def _cues(self) -> tuple[list[int], list[int], list[int]]:
        """Where sentences end, where cues to the future stand, and cues to the past."""
        ends = [m.end() for m in _SENTENCE_END.finditer(self.text)]
        future, past = (
            [m.start() for m in _pattern(section).finditer(self.text)] for section in ("future", "past")
        )
        return ends, future, past

    def sense(self, start: int, end: int) -> Sense:
        """The direction of the sentence around a date: what the nearest cue before it says."""
        if self.alone(start, end):
            return "alone"
        ends, future, past = self._cues
        low = max(start - _WINDOW, _last_below(ends, start))
        ahead, back = _last_below(future, start), _last_below(past, start)
        if ahead == back or max(ahead, back) < low:
            return "near"
        return "future" if ahead > back else "past"

    def alone(self, start: int, end: int) -> bool:
        """True where nothing but prepositions and signs stands around the date."""
        if len(self.text) - (end - start) > _LONGEST_FILLING:
            return False
        around = re.findall(r"[^\W\d_]+", f"{self.text[:start]} {self.text[end:]}")
        return all(word in _words("filler") for word in around)


def _last_below(positions: list[int], limit: int) -> int:
    """The last position before the limit, or -1."""
    at = bisect_right(positions, limit)
    return positions[at - 1] if at else -1


def word_before(text: str, start: int) -> str:
    """The word right before, or nothing where a sentence begins."""
    found = _LAST_WORD.search(text[max(0, start - 30) : start])
    return found[1] if found else ""


def word_after(text: str, end: int) -> str:
    """The word right after, or nothing where the sentence ends."""
    found = _FIRST_WORD.match(text[end : end + 30])
    return found[1] if found else ""


def part_of_name(text: str, start: int, end: int) -> bool:
    """True for the date in a name such as the 25 January revolution."""
    before = word_before(text, start)
    named = before in _words("name_before") or before.removeprefix("و") in _words("name_before")
    return named or word_after(text, end) in _words("name_after")


def recurs(text: str, start: int, end: int) -> bool:
    """True for every Friday, كل يوم جمعة and October of every year."""
    before, after = _every()
    if text.startswith(after, end):
        return True
    return text.endswith(before, 0, start) and word_before(text, start) in _words("every")


@cache
def _every() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What may stand right before and right after what comes again and again."""
    words = _words("every")
    return tuple(f"{w} " for w in words), tuple(f" {of} {w} " for w in words for of in ("من", "of", "в"))


def may_follow_numbers(text: str, end: int) -> bool:
    """True where two numbers before this place may be a day and a month: no unit of measure follows."""
    if text[end : end + 2].strip()[:1] in ("%", "٪", "$", "€", "£"):
        return False
    following = re.match(r"\s+(\w+)", text[end : end + 30])
    return not following or following[1] in _words("after_numbers") or following[1] in _words("filler")


def is_today(text: str, start: int, end: int) -> bool:
    """True where today (اليوم) is the day of writing, not some day or half of a name."""
    before, after = word_before(text, start), word_after(text, end)
    if before in _words("today_names"):
        return False
    return before not in _words("today_not_after") and after not in _words("today_not_before")


def is_length(text: str, start: int) -> bool:
    """True where "in three years" is a length of time: the first time, the worst in three years."""
    return bool(_LENGTH.search(text[max(0, start - _WINDOW) : start]))
