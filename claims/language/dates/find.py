"""From text to dates: fold, read islands, resolve what was found, give exact offsets."""

from __future__ import annotations

import re
from datetime import date

from claims.language.dates import relative
from claims.language.dates.grammar import parse
from claims.language.dates.meaning import Context, Expression, Partial, Sense, Span
from claims.language.dates.words import Token, islands
from claims.language.letters import fold_with_offsets
from claims.model import When

_PERSIAN = re.compile("[پچژگیک]")
_ARABIC_ONLY = re.compile("[يكةى]")
_FUTURE = re.compile(
    r"\bس[ينتا](?!ا)\w{3,}|\bسوف\b|المقرر|المرتقب|المزمع|المتوقع|يعتزم|تعتزم|ينوي|\bwill\b|\bgoing to\b|scheduled"
    r"|\bdue\b|\bset to\b|plans? to|expected to|upcoming"
)
_SENTENCE_END = re.compile(r"[.!?\n]\s")
_WINDOW = 120  # letters before a date in which the sense of its sentence is looked for


def find_dates(text: str, reference: date | None, lang: str | None = None) -> list[When]:
    """Every date that the text names, in order, as first and last day with the grain.

    `reference` is the day of writing: without it only what needs none is found. Offsets are exact
    for the text as given. `lang` decides what letters cannot: which calendar and which order of day
    and month a bare row of numbers has.
    """
    folded = fold_with_offsets(text)
    language = lang or _language(text)
    languages = ("fa" if language == "fa" else "ar", "en")
    stripped = folded.text.strip()
    found: list[When] = []
    for island in islands(folded.text, languages):
        for token in parse(island):
            expression = _expression(token)
            if expression is None:
                continue
            alone = token.end - token.start >= len(stripped) - 8
            if expression.weak and not alone:
                continue
            sense: Sense = "alone" if alone else _sense(folded.text, token.start)
            span = expression.resolve(Context(reference, sense))
            if span is not None:
                found.append(_when(text, folded.span(token.start, token.end), span))
    return found


def _language(text: str) -> str:
    return "fa" if len(_PERSIAN.findall(text)) > len(_ARABIC_ONLY.findall(text)) else "ar"


def _expression(token: Token) -> Expression | None:
    if token.tag in "DPYRE":
        return token.value  # type: ignore[no-any-return]
    if token.tag == "T":
        return relative.day(token.value)
    if token.tag == "W":
        return Partial(weekday=token.value)
    return None


def _sense(text: str, at: int) -> Sense:
    before = text[max(0, at - _WINDOW) : at]
    ends = [m.end() for m in _SENTENCE_END.finditer(before)]
    clause = before[ends[-1] :] if ends else before
    return "future" if _FUTURE.search(clause) else "near"


def _when(text: str, place: tuple[int, int], span: Span) -> When:
    start, end = place
    return When(text[start:end], start, end, span.first, span.last, span.grain, span.approximate)
