"""One number as it grows word by word: two hundred and five thousand, ثلاثة ملايين ونصف."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from claims.language.numbers_words import NumberWord

if TYPE_CHECKING:
    from claims.language.numbers_grammar import Grammar

NEXT_FIGURE = re.compile(r" ?(\d+(?:\.\d+)?)(?![\w\u2044])")
NEXT_JOINED_FIGURE = re.compile(r" ?و ?\d")
_TANWIN = "\u064b"
_LONGEST = 40  # words of one number; longer runs are no number anybody wrote


@dataclass(frozen=True, slots=True)
class Number:
    """A number from `start` to `end` of the folded text. `kind` is cardinal, fraction or ordinal."""

    value: float
    start: int
    end: int
    kind: str = "cardinal"
    weak: bool = False  # a word that is mostly no number: "one", "half", "few"
    figure: bool = False
    scale: float = 1.0  # the thousand, million … that ends it


class Sum:
    """A number as it grows: `total` up to the last scale, `part` since then, `room` for what may follow."""

    def __init__(self, grammar: Grammar) -> None:
        self.grammar = grammar
        self.words = grammar.words
        self.total = 0.0
        self.part: float | None = None
        self.room = math.inf
        self.scale = 0.0
        self.last = ("", 0.0)

    def run(self, first: NumberWord, start: int, end: int) -> Number | None:
        """The longest number that starts with this word."""
        if first.kind == "either_scale" and self._single(start, end):
            first = NumberWord("scales", first.value)
        if not self._add(first, False):
            return None
        for _ in range(_LONGEST):
            ended = self._ending(start, end)
            if ended is not None:
                return ended
            following = self._following(end)
            if following is None:
                break
            entry, after, joined = following
            if not self._add(entry, joined):
                break
            end = after
        if self.last[0] == "before_ten":
            return None
        return Number(self.value, start, end, scale=self.scale if self.scale and self.part is None else 1.0)

    def _single(self, start: int, end: int) -> bool:
        """Whether "مليونا" is one: it has its tanwin, or no noun stands right after it as after a dual."""
        grammar = self.grammar
        first, last = grammar.folded.span(start, end)
        if _TANWIN in grammar.original[first : last + 1] or NEXT_JOINED_FIGURE.match(grammar.text, end):
            return True
        following = grammar.next_word(end)
        entry = self.words.number(following[0]) if following else None
        return following is None or following[0] in self.words.joiners or (entry is not None and entry.joined)

    @property
    def value(self) -> float:
        return self.total + (self.part or 0.0)

    def _following(self, end: int) -> tuple[NumberWord, int, bool] | None:
        grammar = self.grammar
        following = grammar.next_word(end)
        if following is None:
            figure = NEXT_FIGURE.match(grammar.text, end)
            if figure and self._has_room(figure[1]) and self._scale_follows(figure.end()):
                return NumberWord("figure", figure_value(figure[1])), figure.end(), False
            return None
        joined = False
        if following[0] in self.words.joiners:
            joined, end = True, following[2]
            following = grammar.next_word(end)
            if following is None:
                figure = NEXT_FIGURE.match(grammar.text, end)
                near = self.room <= 1000  # "3 million and 20 people" are two numbers
                if figure and self._has_room(figure[1]) and (near or self._scale_follows(figure.end())):
                    return NumberWord("figure", figure_value(figure[1])), figure.end(), True
                return None
        entry = self.words.number(following[0])
        if entry is None or (entry.skip and not entry.joined) or len(following[0]) == 1:
            return None
        return entry, following[2], joined or entry.joined

    def _scale_follows(self, end: int) -> bool:
        following = self.grammar.next_word(end)
        entry = self.words.numbers.get(following[0]) if following else None
        return entry is not None and entry.kind in ("hundred", "scales", "either_scale")

    def _has_room(self, figure: str) -> bool:
        """Whether a figure may follow: "4 thousand 3 hundred and 21"."""
        return 100 <= self.room < math.inf and figure_value(figure) < self.room

    def _ending(self, start: int, end: int) -> Number | None:
        """The number if a fraction, decimals or an ordinal ends it here."""
        grammar = self.grammar
        point = grammar.decimals(end)
        if point is not None:
            value = self.value + point[0]
            return self._scaled(value, start, point[1])
        following = grammar.next_word(end)
        if following is None:
            return None
        word = following[0]
        if self.last[0] in ("ones", "figure", "tens", "teens") and self.scale == 0:
            share = grammar.share(self.value, end)
            if share is not None and not (self.last[0] == "figure" and word == "quarters"):
                return grammar._fraction_of(Number(share[0], start, share[1], "fraction"))
        ordinal = self.words.ordinals.get(word)
        joined = word in self.words.joiners
        if (
            joined
            and (later := grammar.next_word(following[2]))
            and later[0] in self.words.ordinals
            and self.room >= 100
        ):
            ordinal, following = self.words.ordinals[later[0]], later
        if ordinal and ordinal < self.room and self.last[0] != "figure" and self.last[1] > 1:
            return Number(self.value + ordinal, start, following[2], "ordinal")
        entry = self.words.number(word)
        if entry and entry.joined and entry.kind == "fractions":
            return self._with_part(entry.value, start, following[2])
        if joined:
            part = grammar.part(following[2])
            if part is not None:
                return self._with_part(part[0], start, part[1])
        return None

    def _with_part(self, part: float, start: int, end: int) -> Number:
        """ "three million and a half" is half a million more; "three and a half" takes a scale after it."""
        if self.part is None and self.scale:
            scale, end = self._scale_again(end)
            return Number(self.value + part * scale, start, end)
        return self._scaled(self.value + part, start, end)

    def _scale_again(self, end: int) -> tuple[float, int]:
        """ "مليون ونصف المليون" names the scale twice, "a billion and a half million" another one."""
        following = self.grammar.next_word(end)
        entry = self.words.number(following[0]) if following else None
        if following and entry and entry.kind == "scales" and not entry.joined and len(following[0]) > 1:
            return entry.value, following[2]
        return self.scale, end

    def _scaled(self, value: float, start: int, end: int) -> Number:
        following = self.grammar.next_word(end)
        entry = self.words.number(following[0]) if following else None
        if (
            following
            and entry
            and entry.kind in ("scales", "hundred")
            and not entry.skip
            and len(following[0]) > 1
        ):
            return Number(value * entry.value, start, following[2])
        return Number(value, start, end)

    def _add(self, entry: NumberWord, joined: bool) -> bool:
        """Whether the word goes on with the number; if so, it is counted."""
        kind, value = entry.kind, entry.value
        added = self._fits(kind, value, joined)
        if added:
            self.last = (kind, value)
        return added

    def _fits(self, kind: str, value: float, joined: bool) -> bool:
        last_kind, last_value = self.last
        if kind in ("scales", "either_scale", "hundred"):
            return self._multiply(kind, value, joined)
        if kind == "dual_scales":
            if self.part is not None or self.room <= value:
                return False
            self.total, self.scale, self.room = self.total + value, value / 2, value / 2
            return True
        if kind == "ten" and last_kind in ("ones", "before_ten") and last_value < 10 and not joined:
            self.part, self.room = (self.part or 0) + 10, 1
            return True
        if kind == "tens" and last_kind == "ones" and 0 < last_value < 10 and joined:
            self.part, self.room = (self.part or 0) + value, 1
            return True
        if (
            kind == "tens"
            and not joined
            and self.part is not None
            and 0 < self.part < 100
            and self.total == 0
        ):
            if last_kind not in ("ones", "teens", "tens") or self.room < 1:
                return False
            self.part, self.room = self.part * 100 + value, 10
            self.last = (kind, value)
            return self.part < 10_000
        if (
            kind == "hundreds"
            and value == 100
            and last_kind == "ones"
            and 3 <= last_value <= 9
            and not joined
        ):
            self.part, self.room = (self.part or 0) - last_value + last_value * 100, 100
            return True
        if kind in ("fractions", "parts") or (kind == "before_ten" and last_kind):
            return False
        if value >= self.room or (joined and last_kind in ("tens", "ones")):
            return False
        self.part = (self.part or 0) + value
        self.room = {"tens": 10, "hundreds": 100}.get(kind, 1)
        return True

    def _multiply(self, kind: str, value: float, joined: bool) -> bool:
        if kind == "either_scale":
            if self.part is None and self.total == 0:
                self.total, self.scale, self.room = value * 2, value, value
                return True
            kind = "scales"
        if kind == "hundred":
            if self.part is not None and not 0 < self.part < 100:
                return False
            if self.part is None and self.room <= 100:
                return False
            self.part, self.room = (1 if self.part is None else self.part) * 100, 100
            return not joined
        if self.part is None and self.total:
            if joined:
                if value >= self.scale:
                    return False
                self.total += value
            else:
                self.total *= value
        elif self.scale and value >= self.scale:
            if joined:
                return False
            self.total = (self.total + (self.part or 0)) * value
        else:
            if joined and self.part is not None:
                return False
            self.total += (1 if self.part is None else self.part) * value
        self.part, self.scale, self.room = None, value, value
        return True


def figure_value(shape: str) -> float:
    """The value of figures with their separators."""
    shape, _, power = shape.replace("x10^", "e").partition("e")
    shape = shape.replace("٬", ",").replace(" ", "")
    if shape.count(".") > 1 or re.fullmatch(r"[1-9]\d{0,2}\.000", shape) or re.search(r"\.\d{3},", shape):
        shape = shape.replace(".", "").replace(",", ".")
    elif re.fullmatch(r"\d+,\d{1,2}", shape):
        shape = shape.replace(",", ".")
    try:
        return float(shape.replace(",", "") + (f"e{power}" if power else ""))
    except OverflowError:
        return math.inf
