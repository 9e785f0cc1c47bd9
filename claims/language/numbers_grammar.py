"""One number at one place of a text: figures of any script, number words, fractions, ordinals."""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from dataclasses import dataclass, replace
from itertools import islice

from claims.language.letters import Folded
from claims.language.numbers_words import NumberWord, Words

WORD = re.compile(r"[^\W\d_]+")
_FIGURE = re.compile(
    r"(?:\d{1,3}(?:[,٬]\d{3})+(?:\.\d+)?(?![,٬]?\d)"
    r"|[1-9]\d{0,2}\.000(?![.,]?\d)|\d{1,3}(?:\.\d{3}){2,}(?:,\d+)?(?![.,]?\d)|\d{1,3}(?:\.\d{3})+,\d{1,2}(?!\d)"
    r"|\d{1,3}(?: \d{3})+(?:[.,]\d{1,2})?(?![.,]?\d)"
    r"|\d+\.\d+(?!\.?\d)|\d+,\d{1,2}(?![\d,])|\d+|\.\d+)(?:e[+-]?\d{1,3}(?!\w)|x10\^[+-]?\d{1,2}(?!\w))?"
)
_RATIO = re.compile(r" ?/ ?(\d{1,9})(?![\d/]|[.,]\d)")
_SUFFIX = re.compile(r" ?(k|m|b|g|t|bn|mn|tn|mln|bln|mil|к|м|тыс|млн|млрд|трлн)(?!\w)")
_ORDINAL_END = re.compile(
    r"(?:(?:st|nd|rd|th)|-?(?:ый|ий|ой|й|ая|ья|я|ое|ье|е|ого|его|го|ому|ему|му|ым|им|ую|ю|ых|х|ые|ыи|ьи))(?!\w)"
)
_NEXT = re.compile(r"(?: ?- ?| {1,2})?([^\W\d_]+)")
_DIGITS = re.compile(r"\d*")
_MIXED = re.compile(r" {1,2}(\d{1,2})/(\d{1,2})(?![\d/])")
_NEXT_FIGURE = re.compile(r" ?(\d+(?:\.\d+)?)(?![\w\u2044])")
_COUNTED = re.compile(r" (?:people|men|women|children|[a-z]{3,}s)(?!\w)")
_LONGEST = 40  # words of one number; longer runs are no number anybody wrote
_MONEY_SIGN = "$€£¥₽₹₪"


@dataclass(frozen=True, slots=True)
class Number:
    """A number from `start` to `end` of the folded text. `kind` is cardinal, fraction or ordinal."""

    value: float
    start: int
    end: int
    kind: str = "cardinal"
    weak: bool = False  # a word that is mostly no number: "one", "half", "few"
    figure: bool = False


class Grammar:
    """Reads numbers out of one folded text."""

    def __init__(self, original: str, folded: Folded, words: Words, most: int) -> None:
        self.original = original
        self.folded = folded
        self.text = folded.text
        self.words = words
        self._vulgar = self._vulgar_fractions(most)
        self._vulgar_starts = sorted(self._vulgar)

    def _vulgar_fractions(self, most: int) -> dict[int, tuple[float, int]]:
        """Signs such as ½: where each starts in the folded text, its value and its end."""
        found = {}
        starts = self.folded.starts
        for slash in islice(re.finditer("\u2044", self.text), most):
            first = last = slash.start()
            while first and starts[first - 1] == starts[slash.start()]:
                first -= 1
            while last + 1 < len(starts) and starts[last + 1] == starts[slash.start()]:
                last += 1
            above, _, below = self.text[first : last + 1].partition("\u2044")
            if above.isdecimal() and below.isdecimal() and int(below):
                found[first] = (int(above) / int(below), last + 1)
        return found

    def read(self, at: int) -> Number | None:
        """The number that starts here, or None."""
        if self.text[at].isalpha():
            return self._ordinal(at) or self._spelled(at)
        return self._figure(at)

    # Figures

    def _figure(self, at: int) -> Number | None:
        if at in self._vulgar:
            value, end = self._vulgar[at]
            return self._go_on(Number(value, at, end, "fraction", figure=True))
        before = self.text[at - 2 : at] if at > 1 else ""
        if before[-1:] == "-" and before[0].isalpha() and self.original[self.folded.starts[at - 2]].isupper():
            return None  # "COVID-19", "B-52"
        following = bisect_right(self._vulgar_starts, at)
        limit = self._vulgar_starts[following] if following < len(self._vulgar_starts) else len(self.text)
        if re.match(r"\d\.", self.text[max(0, at - 2) : at]):
            limit = _DIGITS.match(self.text, at, limit).end()  # type: ignore[union-attr]  # a part of a date
        shape = _FIGURE.match(self.text, at, limit)
        if shape is None:
            return None
        value, end = figure_value(shape.group()), shape.end()
        ratio = _RATIO.match(self.text, end)
        if ratio and int(ratio[1]) and self.text[at - 1 : at] != "/":
            return self._go_on(Number(value / int(ratio[1]), at, ratio.end(), "fraction", figure=True))
        gap = end + (self.text[end : end + 1] == " ")
        mixed = _MIXED.match(self.text, end) if shape.group().isdecimal() else None
        if gap in self._vulgar:
            part, end = self._vulgar[gap]
            value += part
        elif mixed and 0 < int(mixed[1]) < int(mixed[2]):
            value, end = value + int(mixed[1]) / int(mixed[2]), mixed.end()
        elif "." not in shape.group() and (ordinal := _ORDINAL_END.match(self.text, end)):
            return Number(value, at, ordinal.end(), "ordinal", figure=True)
        suffix = _SUFFIX.match(self.text, end)
        if suffix and self._multiplies(suffix, at):
            value, end = value * self.words.numbers[suffix[1]].value, suffix.end()
        return self._go_on(Number(value, at, end, figure=True))

    def _multiplies(self, suffix: re.Match[str], at: int) -> bool:
        """Whether letters after a figure multiply it: "3M" and "$5m" do, "2 m" and "500 g" are measures."""
        letters = suffix[1]
        if len(letters) > 1 or letters in "kк":
            return True
        if letters == "m" and suffix.group()[0] != " " and _COUNTED.match(self.text, suffix.end()):
            return True
        if self.original[self.folded.starts[suffix.start(1)]].isupper() or letters == "b":
            return letters != "g" or suffix.group()[0] != " "
        return self.text[max(0, at - 2) : at].strip()[-1:] in _MONEY_SIGN and at > 0

    # Words

    def next_word(self, end: int) -> tuple[str, int, int] | None:
        """The word after a space or hyphen, with its start and end."""
        found = _NEXT.match(self.text, end)
        return (found[1], found.start(1), found.end(1)) if found else None

    def _spelled(self, at: int) -> Number | None:
        found = WORD.match(self.text, at)
        if found is None:
            return None
        word, end = found.group(), found.end()
        if word in self.words.articles:
            return self._after_article(at, end)
        entry = self.words.number(word)
        if entry is None or entry.kind == "parts":
            return None
        start = at + entry.skip
        if entry.kind == "fractions":
            return self._fraction_of(Number(entry.value, start, end, "fraction", weak=True))
        weak = word[entry.skip + 2 * entry.article :] in self.words.pronouns or (
            entry.kind in ("scales", "hundred", "hundreds") and (entry.article or "a" <= word[0] <= "z")
        )
        number = _Sum(self).run(entry, start, end)
        if number is None:
            return None
        return replace(number, weak=weak and number.end == end)

    def _after_article(self, at: int, end: int) -> Number | None:
        """ "a hundred", "a few", "a half": the article counts one."""
        following = self.next_word(end)
        entry = self.words.number(following[0]) if following else None
        if following is not None and entry is None and (below := self.below(following[0])):
            return self._fraction_of(Number(1 / below, at, following[2], "fraction", weak=True))
        if following is None or entry is None:
            return None
        if entry.kind in ("scales", "hundred"):
            return _Sum(self).run(entry, at, following[2])
        if entry.kind == "fractions":
            return self._fraction_of(Number(entry.value, at, following[2], "fraction", weak=True))
        if following[0] in self.words.pronouns and entry.value in (2, 3):
            return Number(entry.value, at, following[2])
        return None

    def _fraction_of(self, number: Number) -> Number:
        """ "half a million", "two thirds of a million": the scale that a fraction is taken of."""
        end = number.end
        for _ in range(2):
            following = self.next_word(end)
            if following is None:
                return number
            if following[0] in ("of", "a", "an"):
                end = following[2]
                continue
            entry = self.words.number(following[0])
            if entry and entry.kind in ("scales", "hundred") and entry.skip == 0 and not entry.joined:
                return Number(number.value * entry.value, number.start, following[2])
            return number
        following = self.next_word(end)
        entry = self.words.number(following[0]) if following else None
        if following and entry and entry.kind in ("scales", "hundred"):
            return Number(number.value * entry.value, number.start, following[2])
        return number

    def _go_on(self, number: Number) -> Number:
        """A figure with what multiplies or completes it: "2 million", "1 point 5", "3 and a half"."""
        run = _Sum(self).run(NumberWord("figure", number.value), number.start, number.end)
        return (
            replace(run, figure=True, kind=number.kind if run.end == number.end else run.kind)
            if run
            else number
        )

    def decimals(self, end: int) -> tuple[float, int] | None:
        """The part after "point": figures, or words for single digits."""
        following = self.next_word(end)
        if following is None or following[0] not in self.words.points:
            return None
        end = following[2]
        figures = _NEXT_FIGURE.match(self.text, end)
        if figures and figures[1].isdecimal():
            return int(figures[1]) / 10 ** len(figures[1]), figures.end()
        digits = ""
        while (following := self.next_word(end)) and len(digits) < 15:
            entry = self.words.numbers.get(following[0])
            if entry is None or entry.kind != "ones":
                break
            digits, end = digits + str(int(entry.value)), following[2]
        return (int(digits) / 10 ** len(digits), end) if digits else None

    def part(self, end: int) -> tuple[float, int] | None:
        """A fraction after "and": "a half", "two thirds", "نصف"."""
        following = self.next_word(end)
        if following and following[0] in self.words.articles:
            end = following[2]
            following = self.next_word(end)
        if following is None:
            return None
        entry = self.words.number(following[0])
        if entry is None:
            below = self.below(following[0])
            return (1 / below, following[2]) if below and following[1] != end else None
        if entry.kind == "fractions":
            return entry.value, following[2]
        if entry.kind in ("ones", "teens", "tens"):
            return self.share(entry.value, following[2])
        return None

    def share(self, count: float, end: int) -> tuple[float, int] | None:
        """ "… quarters", "… fifths", "أرباع" after a count."""
        following = self.next_word(end)
        if following is None:
            return None
        word = following[0]
        entry = self.words.number(word)
        if entry and entry.kind in ("fractions", "parts") and not entry.joined and entry.value < 1:
            return count * entry.value, following[2]
        below = self.below(word)
        if below and (word.endswith("s") or count == 1):
            return count / below, following[2]
        return None

    def below(self, word: str) -> float | None:
        """What a thing is divided by in "third" or "fifths"."""
        if not "a" <= word[0] <= "z" or word in ("second", "seconds", "first"):
            return None
        return self.words.ordinals.get(word) or (
            self.words.ordinals.get(word[:-1]) if word.endswith("s") else None
        )

    # Places in an order

    def _ordinal(self, at: int) -> Number | None:
        found = WORD.match(self.text, at)
        entry = self.words.ordinal(found.group()) if found else None
        if found is None or entry is None:
            return None
        start, end, value = at + entry.skip, found.end(), entry.value
        following = self.next_word(end)
        if following is not None and found.group()[0] >= "\u0600" and value < 20:
            word, separate = following[0], False
            if word == "و" and (later := self.next_word(following[2])):
                following, word, separate = later, later[0], True
            after = self.words.number(word)
            if after and after.kind == "ten" and not after.joined and value < 10:
                return Number(value + 10, start, following[2], "ordinal")
            if after and after.kind == "ten" and value == 11:
                return Number(11, start, following[2], "ordinal")
            if after and after.kind == "tens" and (after.joined or separate):
                return Number((1 if value == 11 else value) + after.value, start, following[2], "ordinal")
        return Number(value, start, end, "ordinal")


class _Sum:
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
        return Number(self.value, start, end)

    @property
    def value(self) -> float:
        return self.total + (self.part or 0.0)

    def _following(self, end: int) -> tuple[NumberWord, int, bool] | None:
        grammar = self.grammar
        following = grammar.next_word(end)
        if following is None:
            figure = _NEXT_FIGURE.match(grammar.text, end)
            if figure and self._has_room(figure[1]) and self._scale_follows(figure.end()):
                return NumberWord("figure", figure_value(figure[1])), figure.end(), False
            return None
        joined = False
        if following[0] in self.words.joiners:
            joined, end = True, following[2]
            following = grammar.next_word(end)
            if following is None:
                figure = _NEXT_FIGURE.match(grammar.text, end)
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
        return entry is not None and entry.kind in ("hundred", "scales")

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
