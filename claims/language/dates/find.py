"""From text to dates: fold, read islands, resolve what was found, give exact offsets."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from claims.language.dates import context, relative
from claims.language.dates.grammar import GRAMMAR
from claims.language.dates.meaning import (
    Context,
    Expression,
    Fixed,
    Partial,
    Recurring,
    Span,
    shifted,
    unit_span,
)
from claims.language.dates.range_rules import expression
from claims.language.dates.tokens import Token
from claims.language.dates.words import islands
from claims.language.letters import fold_with_offsets
from claims.model import When

_PERSIAN = re.compile("[پچژگی]")
_ARABIC_ONLY = re.compile("[يكةىأإ]")
_NAMING = frozenset("DPYRECTWwUydomz")  # tags of what may name days
_NEAR_LETTERS = 400  # from a date to words such as "the same month" that are said of it
_NEAR_DAYS = 60  # a date without year this close is meant, even where its weekday is another
_YEAR_LEADS = "ifpFt(<>ABv"  # tags after which four digits are a year
_LENGTH_LEADS = (
    "in ",
    "within ",
    "через ",
    "خلال ",
    "في غضون ",
    "غضون ",
    "بعد ",
)  # before a length of time ahead
_TIME = re.compile(r"['\u2019]?s?['\u2019]? time\b")  # in two weeks' time is always ahead
_COUNTED_FROM = frozenset({"علي", "من", "عن", "فقط"})  # بعد عامين على الحرب is counted from the war
_FIRST_YEAR = 1700  # of the years that need no word for year beside them
_NOT_BEFORE_YEARS = frozenset({"to", "from", "of", "at", "الي", "من", "до", "по", "с", "от"})


def find_dates(text: str, reference: date | None, lang: str | None = None) -> list[When]:
    """Every date that the text names, in order, as first and last day with the grain.

    `reference` is the day of writing: without it only what needs none is found. Offsets are exact
    for the text as given and do not overlap. `lang` decides what letters cannot: which calendar and
    which order of day and month a bare row of numbers has.
    """
    folded = fold_with_offsets(text)
    language = lang or _language(text)
    persian = language == "fa"
    day_first = language not in ("en",) and not (lang is None and _latin(folded.text))
    reader = _Reader(context.Prose(folded.text), reference)
    found: list[When] = []
    for island in islands(folded.text, ("fa" if persian else "ar", "en", "ru"), day_first, persian):
        for first, last, span in reader.read(GRAMMAR.parse(island)):
            start, end = folded.span(first, last)
            found.append(
                When(text[start:end], start, end, span.first, span.last, span.grain, span.approximate)
            )
    return found


def _language(text: str) -> str:
    return "fa" if len(_PERSIAN.findall(text)) > len(_ARABIC_ONLY.findall(text)) else "ar"


def _latin(text: str) -> bool:
    return len(re.findall("[a-z]", text)) > len(re.findall("[^\\W\\da-z_]", text))


class _Reader:
    """Reads the parsed islands of one text: which of them are dates there, and which days they name."""

    def __init__(self, prose: context.Prose, reference: date | None) -> None:
        self.prose = prose
        self.reference = reference
        self._known: dict[tuple[Expression, Context], Span | None] = {}
        self._last: tuple[int, Span] | None = None  # the stretch named last, and where its words end

    def read(self, tokens: list[Token]) -> Iterator[tuple[int, int, Span]]:
        """The stretches of days that an island names, with their places in the folded text."""
        for at, token in enumerate(tokens):
            found: Iterable[tuple[int, int, Span]] = ()
            if token.tag == "2":
                found = self._pair(token)
            elif token.tag in _NAMING:
                named = self._named(tokens, at, token)
                span = self._resolve(named, self._context(token)) if named else None
                found = [(token.start, token.end, span)] if span else ()
            for start, end, span in found:
                self._last = end, span
                yield start, end, span

    def _context(self, token: Token) -> Context:
        near = self._last is not None and token.start - self._last[0] <= _NEAR_LETTERS
        before = self._last[1] if self._last and near else None
        return Context(self.reference, self.prose.sense(token.start, token.end), before)

    def _resolve(self, named: Expression, known: Context) -> Span | None:
        key = named, known
        if key not in self._known:
            try:
                self._known[key] = named.resolve(known)
            except (OverflowError, ValueError):  # before the year 1 or after 9999: no such day can be said
                self._known[key] = None
        return self._known[key]

    def _named(self, tokens: list[Token], at: int, token: Token) -> Expression | None:
        """What a token names, or None where these words are no date in their sentence."""
        text = self.prose.text
        alone = self.prose.alone(token.start, token.end)
        if token.tag in "do":
            lone = at and tokens[at - 1].tag in "piG" if alone else _is_day(text, tokens, at)
            return Partial(day=token.value) if lone and 1 <= token.value <= 31 else None
        if token.tag == "y":
            return Partial(year=token.value) if alone or _is_year(text, tokens, at) else None
        if token.tag == "U":
            today = token.value == "day" and token.section == "definite"
            if not today or not (alone or context.is_today(text, token.start, token.end)):
                return None
            return relative.day(0)
        named = expression(token)
        if alone:
            return named
        if token.tag in "zw":
            return None
        before = tokens[at - 1] if at else None
        if before is not None and before.tag == "G":
            before = tokens[at - 2] if at > 1 else None
        if getattr(named, "weak", False) and not self._led(named, before, token):
            return None
        if token.tag == "T" and token.value == 0 and not context.is_today(text, token.start, token.end):
            return None
        every = context.recurs(text, token.start, token.end)
        if every and (token.tag in "WPE" or isinstance(named, (Partial, Recurring))):
            return None
        if token.tag == "E" or (isinstance(named, Partial) and named.year is None):
            return None if context.part_of_name(text, token.start, token.end) else named
        general = before is not None and before.tag == "g" and token.tag == "R"
        return None if general and named.grain == "year" else named

    def _led(self, named: Expression, before: Token | None, token: Token) -> bool:
        """True where the words around make a date of what is also something else: in May, in three weeks."""
        if isinstance(named, Fixed) and named.grain != "year":
            text = self.prose.text
            if _TIME.match(text, token.end):
                return True
            if not text.startswith(_LENGTH_LEADS, token.start):
                return False
            if text.startswith("بعد ", token.start) and context.word_after(text, token.end) in _COUNTED_FROM:
                return False
            ahead = self.prose.sense(token.start, token.end) == "future"
            return ahead and not context.is_length(self.prose.text, token.start)
        if before is None:
            return False
        if isinstance(named, Partial) and named.day is not None:
            return before.section == "on"
        return before.tag in "iA<>B"

    def _pair(self, token: Token) -> Iterator[tuple[int, int, Span]]:
        """A weekday with its date: one stretch where they agree, both where they do not."""
        first, second = token.value
        weekday, dated = first.value, expression(second)
        known = self._context(token)
        if getattr(dated, "weak", False) and not context.may_follow_numbers(self.prose.text, token.end):
            only = self._resolve(expression(first), known)  # Friday 2.5 million
            if only is not None:
                yield first.start, first.end, only
            return
        span = self._resolve(dated, known)
        if isinstance(dated, Partial) and dated.year is None and self.reference is not None:
            exact = self._resolve(replace(dated, weekday=weekday), known)
            if span is None or abs((span.first - self.reference).days) > _NEAR_DAYS:
                span = exact or span
        if span is None:
            return
        if (
            span.first.weekday() != weekday
            and isinstance(dated, Partial)
            and self.prose.text[second.start].isalpha()
        ):
            span = _counted(weekday, dated, span) or span
        if span.first.weekday() == weekday:
            yield token.start, token.end, span
            return
        day = shifted(span.first, (weekday - span.first.weekday() + 3) % 7 - 3)
        both = [(first, Span(day, day, "day") if day else span), (second, span)]
        for part, days in sorted(both, key=lambda pair: pair[0].start):
            yield part.start, part.end, days


def _is_day(text: str, tokens: list[Token], at: int) -> bool:
    """True for "on the 18th" and "on 15" where nothing follows that the number could count."""
    before = [t for t in tokens[max(0, at - 2) : at] if t.tag != "G"]
    if not before:
        return False
    last = text[before[-1].start : before[-1].end]
    if tokens[at - 1].tag == "G" and tokens[at].tag == "o" and tokens[at].section == "digits":
        led = before[-1].section in ("on", "for", "before", "after") or last in ("by", "since")
    elif tokens[at].tag == "d":
        led = before[-1].section == "on"
    else:
        led = before[-1].section in ("on", "for")
    if not led:
        return False
    rest = text[tokens[at].end : tokens[at].end + 2].strip()
    return not rest or not (rest[0].isalnum() or rest[0] in "%/-:")


def _is_year(text: str, tokens: list[Token], at: int) -> bool:
    """True where four digits without the word for a year are one: in 2023, منذ 2015, (2015), 2012 و2013."""
    before = tokens[at - 1] if at else None
    year = tokens[at].value
    if before is None or not _FIRST_YEAR <= year <= 2100:
        return False
    if before.tag == "&":
        return at > 1 and tokens[at - 2].tag in "yY"
    if before.section == "clitic" or text[before.start : before.end] in _NOT_BEFORE_YEARS:
        return False
    counts = (year % 100 == 0 or before.section in ("on", "for")) and context.word_after(text, tokens[at].end)
    return before.tag in _YEAR_LEADS and not counts


def _counted(weekday: int, dated: Partial, span: Span) -> Span | None:
    """The third Tuesday of the month, where "Tuesday the third" is no day of it."""
    month = unit_span("month", span.first)
    days = list(Partial(weekday=weekday).between(month.first, month.last))
    return days[dated.day - 1] if dated.day is not None and dated.day <= len(days) else None
