"""One number at one place of a text: figures of any script, number words, fractions, ordinals."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import replace
from itertools import islice

from claims.language.letters import Folded
from claims.language.numbers_sum import NEXT_FIGURE, Number, Sum, figure_value
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
_COUNTED = re.compile(r" (?:people|men|women|children|[a-z]{3,}s)(?!\w)")
_MONEY_SIGN = "$€£¥₽₹₪"


class Grammar:
    """Reads numbers out of one folded text."""

    def __init__(self, original: str, folded: Folded, words: Words, most: int) -> None:
        self.original = original
        self.folded = folded
        self.text = folded.text
        self.words = words
        self.first = len(self.text) - len(self.text.lstrip())
        self.last = len(self.text.rstrip(" .!?\n\t"))
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

    def is_whole(self, start: int, end: int) -> bool:
        """Whether the text says nothing else."""
        return start <= self.first and end >= self.last

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
        number = Sum(self).run(entry, start, end)
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
            return Sum(self).run(entry, at, following[2])
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
        run = Sum(self).run(NumberWord("figure", number.value), number.start, number.end)
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
        figures = NEXT_FIGURE.match(self.text, end)
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
