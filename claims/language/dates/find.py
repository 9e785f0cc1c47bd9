"""From text to dates: fold, read islands, resolve what was found, give exact offsets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from claims.language.dates import context, relative
from claims.language.dates.grammar import GRAMMAR
from claims.language.dates.meaning import Context, Expression, Fixed, Partial, Span, unit_span
from claims.language.dates.range_rules import expression
from claims.language.dates.tokens import Token
from claims.language.dates.words import islands
from claims.language.letters import Folded, fold_with_offsets
from claims.model import When

_PERSIAN = re.compile("[پچژگی]")
_ARABIC_ONLY = re.compile("[يكةىأإ]")
_NEAR_DAYS = 60  # a date without year this close is meant, even where its weekday is another
_YEAR_LEADS = "ifpFt(<>ABv"  # tags after which four digits are a year
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
    prose = context.Prose(folded.text)
    found: list[When] = []
    for island in islands(folded.text, ("fa" if persian else "ar", "en", "ru"), day_first, persian):
        tokens = GRAMMAR.parse(island)
        for at, token in enumerate(tokens):
            for start, end, span in _resolve(prose, tokens, at, token, reference):
                found.append(_when(text, folded, start, end, span))
    return found


def _language(text: str) -> str:
    return "fa" if len(_PERSIAN.findall(text)) > len(_ARABIC_ONLY.findall(text)) else "ar"


def _latin(text: str) -> bool:
    return len(re.findall("[a-z]", text)) > len(re.findall("[^\\W\\da-z_]", text))


def _resolve(
    prose: context.Prose, tokens: list[Token], at: int, token: Token, reference: date | None
) -> Iterator[tuple[int, int, Span]]:
    """The stretches of days that a token of a parsed island names, with their places."""
    if token.tag == "2":
        yield from _pair(prose, token, reference)
        return
    if token.tag not in "DPYRECTWwUydo#mz":
        return
    named = _named(prose, tokens, at, token)
    if named is None:
        return
    span = named.resolve(Context(reference, prose.sense(token.start, token.end)))
    if span is not None:
        yield token.start, token.end, span


def _named(prose: context.Prose, tokens: list[Token], at: int, token: Token) -> Expression | None:
    """What a token names, or None where these words are no date in their sentence."""
    text = prose.text
    alone = prose.alone(token.start, token.end)
    before = next((t for t in reversed(tokens[:at]) if t.tag != "G"), None)
    if token.tag == "y":
        return Partial(year=token.value) if alone or _is_year(text, tokens, at) else None
    if token.tag == "U":
        today = token.value == "day" and token.section == "definite"
        return (
            relative.day(0) if today and (alone or context.is_today(text, token.start, token.end)) else None
        )
    if token.tag in "do" and 1 <= token.value <= 31 and at:
        lone = (
            tokens[at - 1].tag in "piG" if alone else token.section == "digits" and _is_day(text, tokens, at)
        )
        return Partial(day=token.value) if lone else None
    if token.tag in "do#mz" and not alone:
        return None
    if token.tag in "#m":
        return None
    if token.tag == "z":
        return relative.day(token.value)
    named = expression(token)
    if alone:
        return named
    if token.tag == "w" or (getattr(named, "weak", False) and not _led(prose, named, before, token)):
        return None
    if (
        isinstance(named, Partial)
        and named.year is None
        and context.part_of_name(text, token.start, token.end)
    ):
        return None
    if token.tag == "R" and before is not None and before.tag == "g" and token.value.grain == "year":
        return None
    return named


def _is_day(text: str, tokens: list[Token], at: int) -> bool:
    """True for "on the 18th" and "on 15" where nothing follows that the number could count."""
    before = [t for t in tokens[max(0, at - 2) : at] if t.tag != "G"]
    if (
        not before
        or before[-1].section not in ("on", "for")
        or (tokens[at].tag == "d" and before[-1].section != "on")
    ):
        return False
    rest = text[tokens[at].end : tokens[at].end + 2].strip()
    return not rest or not (rest[0].isalnum() or rest[0] in "%/-:")


def _is_year(text: str, tokens: list[Token], at: int) -> bool:
    """True where four digits without the word for a year are one: in 2023, منذ 2015, (2015), 2012 و2013."""
    before = tokens[at - 1] if at else None
    year = tokens[at].value
    if before is None or not 1900 <= year <= 2100:
        return False
    if before.tag == "&":
        return at > 1 and tokens[at - 2].tag in "yY"
    if before.section == "clitic" or text[before.start : before.end] in _NOT_BEFORE_YEARS:
        return False
    counts = (year % 100 == 0 or before.section in ("on", "for")) and context.word_after(text, tokens[at].end)
    return before.tag in _YEAR_LEADS and not counts


def _led(prose: context.Prose, named: Expression, before: Token | None, token: Token) -> bool:
    """True where the words around make a date of what is also something else: in May, in three weeks."""
    if (
        isinstance(named, Fixed)
        and named.grain != "year"
        and prose.text.startswith(("in ", "через "), token.start)
    ):
        ahead = prose.sense(token.start, token.end) == "future"
        return ahead and not context.is_length(prose.text, token.start)
    if before is None:
        return False
    if isinstance(named, Partial) and named.day is not None:
        return before.section == "on"
    return before.tag in "iA<>B"


def _pair(prose: context.Prose, token: Token, reference: date | None) -> Iterator[tuple[int, int, Span]]:
    """A weekday with its date: one stretch where they agree, both where they do not."""
    first, second = token.value
    weekday = first.value
    dated = expression(second)
    where = Context(reference, prose.sense(token.start, token.end))
    span = dated.resolve(where)
    if isinstance(dated, Partial) and dated.year is None and reference is not None:
        exact = Partial(month=dated.month, day=dated.day, weekday=weekday, calendar=dated.calendar).resolve(
            where
        )
        far = span is None or abs((span.first - reference).days) > _NEAR_DAYS
        if exact is not None and (far or span is None):
            span = exact
    if span is None:
        return
    if span.first.weekday() != weekday and isinstance(dated, Partial) and prose.text[second.start].isalpha():
        span = _counted(weekday, dated, span) or span
    if span.first.weekday() == weekday:
        yield token.start, token.end, span
        return
    gap = (weekday - span.first.weekday() + 3) % 7 - 3
    day = span.first + timedelta(days=gap)
    both = [(first, Span(day, day, "day")), (second, span)]
    for part, days in sorted(both, key=lambda pair: pair[0].start):
        yield part.start, part.end, days


def _counted(weekday: int, dated: Partial, span: Span) -> Span | None:
    """The third Tuesday of the month, where "Tuesday the third" is no day of it."""
    month = unit_span("month", span.first)
    days = list(Partial(weekday=weekday).between(month.first, month.last))
    return days[dated.day - 1] if dated.day is not None and dated.day <= len(days) else None


def _when(text: str, folded: Folded, start: int, end: int, span: Span) -> When:
    start, end = folded.span(start, end)
    return When(text[start:end], start, end, span.first, span.last, span.grain, span.approximate)
