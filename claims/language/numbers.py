"""Numbers, quantities, money and durations of a text, in figures of every script and in words.

A measure is brought to one unit for each dimension (grams, metres, litres), so that "0.5 kg" and "500 غرام"
are the same. A duration keeps its own unit while the count is whole: "half an hour" is 30 minutes.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from claims.language.letters import Folded, fold_with_offsets
from claims.language.numbers_amounts import Amounts
from claims.language.numbers_grammar import WORD, Grammar
from claims.language.numbers_sum import Number
from claims.language.numbers_time import tidy
from claims.language.numbers_words import units, words
from claims.model import Quantity

_MOST = 10_000  # figures and number words looked at in one text: one with more is a table or an attack
_START = re.compile(
    rf"https?://\S+|(?<![\w.,])\.\d|(?<![^\W_])\d|(?<=[وبلكف])(?<![^\W_][وبلكف])\d|{WORD.pattern}"
)
_MINUS = re.compile(r"(?:(?<=[\s(:=])|^)[-\u2212] ?$")
_NOT_COUNTED = re.compile(
    r" ?(?:$|[^\w ])| (?:of|is|was|has|had|can|could|should|would|will|who|that|which|in|on|at|to|with|for|"
    r"from|by|as|or|and|but|if|when|thing|another|more|must|may|might|me|us|you|they|he|she|it|i|we|из|и|в|на)(?!\w)"
)


def find_numbers(text: str, lang: str | None = None) -> list[Quantity]:
    """The quantities of the text in order, with exact offsets, none overlapping.

    A text with more than 10,000 figures and number words is read up to there.

    `unit` is an ISO currency code or a currency's noun, "percent", "ordinal", "second" to "year", a measure's
    English name, or None. A range gives both its ends. Figures that are a part of a date are found too.
    """
    persian = lang == "fa" or (lang is None and _looks_persian(text))
    folded = fold_with_offsets(text)
    found: list[Quantity] = []
    for one in _Reading(text, folded, persian).quantities():
        start, end = folded.span(one.start, one.end)
        found.append(Quantity(text[start:end], start, end, one.value, one.unit, one.approximate))
    return found


def _looks_persian(text: str) -> bool:
    """Whether the letters that only Persian uses outnumber those that only Arabic uses."""
    return sum(map(text.count, "پچژگکی")) > sum(map(text.count, "ةيكىأإ"))


@dataclass(frozen=True, slots=True)
class _Found:
    """A quantity in the folded text."""

    start: int
    end: int
    value: float
    unit: str | None
    approximate: bool
    number: Number | None = None  # as it was read, where it was not only a unit


@lru_cache(maxsize=50_000)
def _promises(word: str, persian: bool) -> bool:
    """Whether a quantity may start with this word."""
    first = units().first
    bare = word[1:] if word[0] in "وفبلك" else word
    return word in first or bare in first or words(persian).may_count(word)


def _like(first: _Found, second: _Found) -> _Found:
    """The first end of a range in the unit of the second and with its thousand or million."""
    number = second.number
    if number is None or first.number is None:
        return replace(first, unit=second.unit)
    value = first.value
    if first.number.scale == 1 and 0 < value < number.value / number.scale:
        value *= number.scale
    if second.unit and number.value:
        value = tidy(value * abs(second.value / number.value))
    return replace(first, value=value, unit=second.unit)


class _Reading:
    """One text, read from left to right."""

    def __init__(self, original: str, folded: Folded, persian: bool) -> None:
        self.persian = persian
        self.original = original
        self.folded = folded
        self.text = folded.text
        self.words = words(persian)
        self.units = units()
        self.grammar = Grammar(original, folded, self.words, _MOST)
        self.amounts = Amounts(self.grammar)
        self.done = 0

    def quantities(self) -> Iterator[_Found]:
        """Every quantity in order; the first end of a range gets the unit of the second."""
        waiting: _Found | None = None
        looked = 0
        for token in _START.finditer(self.text):
            if token.start() < self.done:
                continue
            word = token.group()
            if word.startswith("http") and ":" in word:
                self.done = token.end()
                continue
            if word[0].isalpha() and not _promises(word, self.persian):
                continue
            looked += 1
            if looked > _MOST:
                break
            found = self._quantity(token.start())
            if found is None:
                continue
            self.done = found.end
            if waiting is not None:
                if waiting.unit is None and found.unit != "ordinal" and self._is_range(waiting, found):
                    waiting = _like(waiting, found)
                yield waiting
            waiting = found
        if waiting is not None:
            yield waiting

    def _is_range(self, first: _Found, second: _Found) -> bool:
        if 1900 <= first.value <= 2100 and abs(second.value) < 1000:
            return False  # "by 2030 to 32 percent"
        between = self.text[first.end : second.start].strip()
        return between in ("-", "~") or between in self.words.to

    def _quantity(self, at: int) -> _Found | None:
        glued = self.units.glued.match(self.text, at)  # "USD3", "RM42"
        number = self.grammar.read(glued.end() if glued else at)
        if number is None or (number.kind == "ordinal" and self._is_bare_unit(number)):
            return self._bare_unit(at)
        if number.kind == "ordinal":
            return self._finished(number.start, number.end, number.value, "ordinal")
        start, value = self._sign(number)
        before = self.amounts.currency_before(start, self.done)
        if before is not None:
            start = before[0]
        end, unit, value = self.amounts.with_unit(replace(number, value=value), before[1] if before else None)
        if number.weak and unit is None and start == number.start and not self._counts(number):
            return None
        found = self._finished(start, end, value, unit)
        return replace(found, number=number) if found else None

    def _counts(self, number: Number) -> bool:
        """Whether a word like "one" is a number here: it stands alone, or counts the noun after it."""
        if self.grammar.is_whole(number.start, number.end):
            return True
        if number.kind == "fraction":
            return self._is_share(number)
        if number.end - number.start == 1 or self.text[number.start] >= "\u0600":
            return False
        word = self.text[number.start : number.end]
        earlier = self.text[max(0, number.start - 12) : number.start].split()[-1:]
        if word not in ("one", "один", "одна", "одного", "одну") or (
            earlier and earlier[0] in self.words.not_counted_after
        ):
            return False
        return _NOT_COUNTED.match(self.text, number.end) is None

    def _is_share(self, number: Number) -> bool:
        """Whether a fraction is a share of something: "half of the voters", "ثلثي المقاعد"."""
        following = self.text[number.end : number.end + 12]
        if self.text[number.start] < "\u0600":
            return following.startswith(" of ")
        return following.startswith(" ال") and not following.startswith((" النهائ", " الاول", " الثان"))

    def _sign(self, number: Number) -> tuple[int, float]:
        text = self.text[max(self.done, number.start - 12) : number.start]
        minus = _MINUS.search(text)
        at = number.start - len(minus.group()) if minus else 0
        if minus and number.figure and self._is_minus(at, minus.group()):
            return at, -number.value
        word = text.rstrip().rpartition(" ")[2]
        if word in self.words.minus:
            return number.start - len(text) + text.rindex(word), -number.value
        return number.start, number.value

    def _is_minus(self, at: int, sign: str) -> bool:
        """Whether the sign is a minus and not a dash between words or the ends of a range."""
        if self.original[self.folded.starts[at]] not in "-\u2212" or (
            sign.endswith(" ") and at > self.grammar.first
        ):
            return False
        return at == 0 or not (self.text[at - 1].isalnum() or self.text[at - 1] in "$€£%)")

    # A unit without a number

    def _is_bare_unit(self, number: Number) -> bool:
        word = self.text[number.start : number.end]
        return word[0] >= "\u0600" and word in self.units.by_word

    def _bare_unit(self, at: int) -> _Found | None:
        """ "ساعتين" is two hours; "an hour", "نحو ساعة" and a text that is nothing but a unit mean one."""
        word = WORD.match(self.text, at)
        if word is None:
            return None
        start, article = at, word.group() in self.words.articles
        found = self.amounts.unit_word(word.end() + 1 if article else at)
        if found is None and word.group()[0] in "وفبلك":
            start = at + 1
            found = self.amounts.unit_word(start)
            if found is not None and found[0].count == 1:
                return None
        if found is None or found[0].code:
            return None
        unit, end = found
        alone = self.grammar.is_whole(start, end)
        near = self._approximate_before(start) is not None or self.amounts.half_after(end) is not None
        if unit.count == 1 and not article and not alone and not (near and end - start > 2):
            return None
        if unit.dimension == "duration":
            end, name, value = self.amounts.duration(end, float(unit.count), unit)
        elif unit.dimension == "money":
            end, name, value = self.amounts.money(end, float(unit.count), unit)
        else:
            name, value = unit.name, tidy(unit.count * unit.factor)
        return self._finished(start, end, value, name)

    # Approximation

    def _finished(self, start: int, end: int, value: float, unit: str | None) -> _Found | None:
        if not math.isfinite(value):
            return None
        before = self._approximate_before(start)
        after = self._approximate_after(end)
        return _Found(
            start if before is None else before,
            end if after is None else after,
            value,
            unit,
            before is not None or after is not None or self.text.startswith(("few", "a few"), start),
        )

    def _approximate_before(self, start: int) -> int | None:
        """Where the words begin that make the quantity approximate, if they stand right before it."""
        low = max(self.done, start - 40)
        text = self.text[low:start]
        if text[-1:] == "~" or text[-2:] == "~ ":
            return low + text.rindex("~")
        if not text.endswith(" "):
            return None
        if text[:-1].rpartition(" ")[2] not in self.words.approximate_ends:
            last = text[:-1].rpartition(" ")[2][1:]
            if last not in self.words.approximate_ends:
                return None
        ends = [match.start() for match in re.finditer(r"\S+", text)][-4:]
        for at in ends:
            phrase = text[at:-1]
            for skip in (0, 1):
                if phrase[skip:] in self.words.approximate and (skip == 0 or phrase[0] in "وفبلك"):
                    return low + at + skip
        return None

    def _approximate_after(self, end: int) -> int | None:
        """Where "at least" or "تقريبا" after the quantity ends; the counted noun may stand between."""
        text = self.text[end : end + 40]
        if not text.startswith(" "):
            return None
        found = [(match.start(), match.end()) for match in WORD.finditer(text)][:4]
        for first in range(min(2, len(found))):
            for _, last in reversed(found[first : first + 3]):
                if text[found[first][0] : last] in self.words.approximate_after:
                    return end + last
        return None
