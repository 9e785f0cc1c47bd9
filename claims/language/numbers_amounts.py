"""What a number counts: its unit, and the whole of a sum of money or a duration told in several parts."""

from __future__ import annotations

import re

from claims.language.numbers_grammar import WORD, Grammar
from claims.language.numbers_sum import Number
from claims.language.numbers_time import smaller, tidy, together
from claims.language.numbers_words import Unit, units

_PHRASE = re.compile(r"[^\W\d_]+(?: [^\W\d_]+){0,2}(?!\w)")
_NO_CURRENCY = ("", ",", ";", ".", "(", ")", '"', ":", "-", "/")
_ABBREVIATED = ("тыс", "млн", "млрд", "трлн")
_AND_A = re.compile(r" (?:and |и )")
_AND = re.compile(r",? ?(?:(and|и|و) ?)?")
_JOIN = re.compile(r" ?-? ?")
_OF = re.compile(r" (?:of (?:an? |the )?|an? )")


class Amounts:
    """Reads the units beside numbers of one folded text."""

    def __init__(self, grammar: Grammar) -> None:
        self.grammar = grammar
        self.original = grammar.original
        self.folded = grammar.folded
        self.text = grammar.text
        self.words = grammar.words
        self.units = units()

    def currency_before(self, start: int, done: int) -> tuple[int, Unit] | None:
        """The currency right before a number and where it starts; what lies before `done` is read already."""
        text = self.text[max(done, start - 28) : start]
        if text.rstrip(" ")[-1:] in _NO_CURRENCY:
            return None
        found = self.units.prefix.search(text)
        if found is None:
            return None
        unit, at = self.units.before[found.group().strip()], start - len(text) + found.start()
        return (at, unit) if self._written_as(unit, at) else None

    def with_unit(self, number: Number, money: Unit | None) -> tuple[int, str | None, float]:
        """Where the quantity ends, its unit and its value in that unit."""
        end, value = number.end, number.value
        percent = self.words.percent.match(self.text, end)
        if percent and money is None:
            return percent.end(), "percent", value
        if number.figure and self.text[number.start - 1 : number.start] == "%":
            return end, "percent", value
        if money is not None:
            return self.money(end, value, money)
        found = self._unit_after(number)
        if found is None:
            return end, None, value
        unit, end = found
        if unit.name == "year" and number.figure and value in range(1000, 2200):
            return number.end, None, value  # a date, not a thousand years
        if unit.dimension == "money":
            return self.money(end, value, unit)
        if unit.dimension == "duration":
            return self.duration(end, value, unit)
        return end, unit.name, tidy(value * unit.factor)

    def _unit_after(self, number: Number) -> tuple[Unit, int] | None:
        end = number.end
        if number.figure:
            symbol = self.units.symbol.match(self.text, end + (self.text[end : end + 1] == " "))
            quoted = symbol is not None and symbol.group() in "'\""
            if symbol and (not quoted or self.grammar.is_whole(number.start, symbol.end())):
                return self.units.by_symbol[symbol.group()], symbol.end()
        of = _OF.match(self.text, end) if number.value % 1 else None
        if self.text[end : end + 1] == "." and self.text.endswith(_ABBREVIATED, number.start, end):
            end += 1
        at = of.end() if of else _JOIN.match(self.text, end).end()  # type: ignore[union-attr]
        if at == end and not number.figure:
            return None
        for _ in range(2):
            unit = self._unit_at(at)
            if unit is not None:
                return unit
            word = WORD.match(self.text, at)
            if word is None:
                return None
            if word.group() in self.words.fillers:
                at = word.end() + 1
            elif word.group() in self.units.nations:
                return self._national(word.group(), word.end() + 1)
            else:
                return None
        return None

    def unit_word(self, at: int) -> tuple[Unit, int] | None:
        """The longest unit word or phrase that starts here."""
        phrase = _PHRASE.match(self.text, at)
        if phrase is None or self.text[phrase.end() : phrase.end() + 1] == ".":
            odd = self.units.odd.match(self.text, at)
            if odd is not None:
                return self.units.by_word[odd.group()], odd.end()
        if phrase is None:
            return None
        form = phrase.group()
        while form:
            if form in self.units.by_word:
                return self.units.by_word[form], at + len(form)
            form = form.rpartition(" ")[0]
        return None

    def _written_as(self, unit: Unit, at: int) -> bool:
        return not unit.code or self.original[self.folded.starts[at]].isupper()

    def _unit_at(self, at: int) -> tuple[Unit, int] | None:
        found = self.unit_word(at)
        if found is None or found[0].count != 1 or not self._written_as(found[0], at):
            return None
        unit, end = found
        if unit.dimension == "money" and self.text[end : end + 1] == " ":
            nation = WORD.match(self.text, end + 1)
            if nation and nation.group() in self.units.nations:
                return Unit(self.units.nations[nation.group()], "money"), nation.end()
        return unit, end

    def _national(self, nation: str, at: int) -> tuple[Unit, int] | None:
        """ "Kuwaiti dinars": the currency of that country, where a currency follows."""
        found = self._unit_at(at)
        if found is None or found[0].dimension != "money":
            return None
        return Unit(self.units.nations[nation], "money"), found[1]

    def money(self, end: int, value: float, unit: Unit) -> tuple[int, str, float]:
        """The amount with its hundredths: "20 dollars and 43 cents"; "$20 43" where nothing follows."""
        scale = self._scale_after(end)
        if scale is not None:
            value, end = value * scale[0], scale[1]
        following = self._number_after(end)
        if (
            following is not None
            and unit.name != "cent"
            and following.value < 100
            and following.kind == "cardinal"
        ):
            found = self._unit_after(following)
            if found is not None and found[0].name == "cent":
                return found[1], unit.name, tidy(value + following.value / 100)
            if found is None and following.end >= self.grammar.last:
                return following.end, unit.name, tidy(value + following.value / 100)
        return end, unit.name, value

    def _scale_after(self, end: int) -> tuple[float, int] | None:
        """ "$ 5 billion" is read with the number; "5 $ billion" is not, and nobody means otherwise."""
        word = WORD.match(self.text, end + 1) if self.text[end : end + 1] == " " else None
        entry = self.words.numbers.get(word.group()) if word else None
        if word is None or entry is None or entry.kind != "scales" or len(word.group()) < 3:
            return None
        return entry.value, word.end()

    def _number_after(self, end: int) -> Number | None:
        """The number that follows, with or without "and"."""
        at = _AND.match(self.text, end).end()  # type: ignore[union-attr]
        if at == end or at >= len(self.text) or not self.text[at].isalnum():
            return None
        return self.grammar.read(at)

    def duration(self, end: int, value: float, unit: Unit) -> tuple[int, str, float]:
        """The whole of "2 years and 3 months", "an hour and a half", "1 hour thirty"."""
        parts = [(value * unit.factor, unit.name)]
        while len(parts) < 6:
            joined = self.half_after(end)
            if joined is not None:
                parts[-1] = (parts[-1][0] + joined[0], parts[-1][1])
                end = joined[1]
                break
            more = self._number_after(end)
            if more is None or more.kind == "ordinal":
                break
            found = self._unit_after(more)
            last = parts[-1][1]
            if found and found[0].dimension == "duration" and smaller(found[0].name, last):
                parts.append((more.value, found[0].name))
                end = found[1]
            elif found is None and last == "hour" and more.value < 60 and more.end >= self.grammar.last:
                parts.append((more.value, "minute"))
                end = more.end
            else:
                break
        value, name = together(parts)
        return end, name, value

    def half_after(self, end: int) -> tuple[float, int] | None:
        """ "and a half", "ونصف" after a unit."""
        joined = _AND_A.match(self.text, end)
        if joined:
            part = self.grammar.part(joined.end() - 1)
            return part if part and self._unit_after(Number(0, end, part[1])) is None else None
        word = WORD.match(self.text, end + 1) if self.text[end : end + 1] == " " else None
        if word is None:
            return None
        if word.group() == "و":
            return self.grammar.part(word.end())
        entry = self.words.number(word.group())
        if entry and entry.joined and entry.kind == "fractions":
            return entry.value, word.end()
        return None
