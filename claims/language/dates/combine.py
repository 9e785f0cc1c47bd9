"""Expressions made of others: a part of a larger stretch, or the stretch between two."""

from __future__ import annotations

from datetime import date, timedelta

from claims.language.dates.meaning import (
    Context,
    Expression,
    Fixed,
    Partial,
    Recurring,
    Sense,
    Span,
    add_units,
    one_day,
    pick,
    shifted,
    unit_span,
)
from claims.language.dates.relative import grain_of
from claims.language.dates.rules import Built
from claims.model import Grain


def within(part: Expression, whole: Expression) -> Built | None:
    """The first stretch of a recurring expression that begins inside another expression."""
    if not _open(part):
        return None

    def find(context: Context) -> Span | None:
        outer = whole.resolve(context)
        if outer is None:
            return None
        if isinstance(part, Fixed):
            return part.resolve(Context(outer.first, "future"))
        return next((s for s in part.between(outer.first, outer.last) if s.first >= outer.first), None)

    return "R", Fixed(find, part.grain)


def near(part: Recurring | Partial, count: float, name: str, way: int) -> Built | None:
    """A recurring expression in the unit that lies so many units away: Easter in two years."""
    known = grain_of(name)
    if known is None or known[0] not in ("month", "year"):
        return None
    grain, factor = known

    def find(context: Context) -> Span | None:
        there = context.reference and add_units(context.reference, grain, way * count * factor)
        return unit_span(grain, there) if there else None

    return within(part, Fixed(find, grain))


def directed(part: Recurring | Partial, way: int, count: int = 1) -> Built:
    """The last (-1), this (0) or next (1, 2 …) stretch of a recurring expression."""

    def find(context: Context) -> Span | None:
        reference = context.reference
        if reference is None:
            return None
        low, high = shifted(reference, -800), shifted(reference, 800 * count)
        spans = list(part.between(low or date.min, high or date.max))
        if way < 0:
            before = [s for s in spans if s.last < reference]
            return before[-1] if before else None
        ahead = [s for s in spans if (s.last >= reference if way == 0 else s.first > reference)]
        return ahead[count - 1] if len(ahead) >= count else None

    return "R", Fixed(find, part.grain)


def numbered(count: int, what: int | str, whole: Expression) -> Built | None:
    """The first (1), second …, last (-1), last but one (-2) weekday or unit of a longer stretch."""
    known = None if isinstance(what, int) else grain_of(what)
    if what == "decade" and 0 < count <= 10:
        return "R", Fixed(lambda context: _decade(count, whole.resolve(context)), "year")
    if isinstance(what, str) and (known is None or known[1] > 1 or known[0] == whole.grain):
        return None
    grain: Grain = known[0] if known else "day"

    def find(context: Context) -> Span | None:
        outer = whole.resolve(context)
        if outer is None:
            return None
        if isinstance(what, int):
            options = _weekdays(what, outer)
        else:
            options = units(grain, outer, by_thursday=outer.grain == "year" or context.sense != "alone")
        index = count - 1 if count > 0 else count
        return options[index] if -len(options) <= index < len(options) else None

    return "R", Fixed(find, grain)


def _decade(count: int, century: Span | None) -> Span | None:
    if century is None or century.last.year - century.first.year != 99:
        return None
    first = century.first.year + 10 * (count - 1)
    return Span(date(first, 1, 1), date(first + 9, 12, 31), "year")


def _weekdays(number: int, outer: Span) -> list[Span]:
    return list(Partial(weekday=number).between(outer.first, outer.last))


def units(grain: Grain, outer: Span, by_thursday: bool) -> list[Span]:
    """The units inside a stretch; a week belongs where its Thursday lies, or else where all of it lies."""
    found: list[Span] = []
    day: date | None = outer.first
    while day is not None and day <= outer.last and len(found) < 400:
        span = unit_span(grain, day)
        middle = span.first + timedelta(days=3) if grain == "week" and by_thursday else None
        if middle is not None:
            inside = outer.first <= middle <= outer.last
        else:
            inside = span.first >= outer.first and span.last <= outer.last
        if inside:
            found.append(span)
        day = shifted(span.last, 1)
    return found


def week_of(anchor: Expression, grain: Grain) -> Built:
    """The week, month or year that a day lies in."""

    def find(context: Context) -> Span | None:
        base = anchor.resolve(context)
        return unit_span(grain, base.first) if base else None

    return "R", Fixed(find, grain)


_THIRDS = {"early": 0, "start": 0, "beginning": 0, "mid": 1, "middle": 1, "half_of": 1, "late": 2, "end": 2}
_MONTH_DAYS = ((1, 10), (11, 20), (21, 31))
_YEAR_MONTHS = ((1, 3), (5, 8), (9, 12))
_WEEK_DAYS = ((0, 2), (1, 4), (4, 6))


def part(section: str, whole: Expression) -> Built | None:
    """The beginning, middle or end of a week, month or year."""
    if whole.grain not in ("week", "month", "year"):
        return None
    third = _THIRDS[section]

    def find(context: Context) -> Span | None:
        outer = whole.resolve(context)
        if outer is None:
            return None
        first = outer.first
        if outer.grain == "week":
            low, high = _WEEK_DAYS[third]
            return Span(first + timedelta(days=low), first + timedelta(days=high), "day", True)
        if outer.grain == "month":
            if context.sense == "alone" and section in ("beginning", "middle", "half_of"):
                return one_day(first if section == "beginning" else first + timedelta(days=14))
            low, high = _MONTH_DAYS[third]
            last = outer.last if third == 2 else first + timedelta(days=high - 1)
            return Span(first + timedelta(days=low - 1), last, "day", True)
        if (outer.last - outer.first).days > 366:  # a decade or a century
            years = (outer.last.year - outer.first.year + 1) / 3
            low, high = round(years * third), round(years * (third + 1))
            return Span(date(first.year + low, 1, 1), date(first.year + high - 1, 12, 31), "year", True)
        start = add_units(first, "month", _YEAR_MONTHS[third][0] - 1)
        after = add_units(first, "month", _YEAR_MONTHS[third][1])
        return Span(start, after - timedelta(days=1), "month", True) if start and after else None

    return "R", Fixed(find, "day" if whole.grain != "year" else "month", open=_open(whole))


def share(number: int, count: int, month: Expression) -> Built | None:
    """The first, second … half or third of a month."""
    if month.grain != "month" or count > 3:
        return None

    def find(context: Context) -> Span | None:
        outer = month.resolve(context)
        if outer is None:
            return None
        width = 30 // count
        first = outer.first + timedelta(days=width * (number - 1))
        return Span(first, outer.last if number == count else first + timedelta(days=width - 1), "day")

    return "R", Fixed(find, "day", open=_open(month))


def until_now(whole: Expression) -> Built:
    """From the first day of a stretch that the day of writing lies in up to that day."""

    def find(context: Context) -> Span | None:
        outer, today = whole.resolve(context), context.reference
        return Span(outer.first, today, "day") if outer and today and outer.first <= today else None

    return "R", Fixed(find, "day")


def rest(whole: Expression, later: bool) -> Built:
    """What lies after (later) or before the day of writing in a week, month or year."""

    def find(context: Context) -> Span | None:
        outer = whole.resolve(context)
        reference = context.reference
        if outer is None or reference is None or not outer.first <= reference <= outer.last:
            return outer
        if later:
            return Span(reference, outer.last, outer.grain, True)
        before = max(outer.first, shifted(reference, -1) or outer.first)
        return Span(outer.first, before, outer.grain, True)

    return "R", Fixed(find, whole.grain)


def lasting(anchor: Expression, count: int, name: str) -> Built | None:
    """From the day that an expression names on, so many days, weeks, months or years."""
    known = grain_of(name)
    if known is None:
        return None
    grain, factor = known

    def find(context: Context) -> Span | None:
        base = anchor.resolve(context)
        after = base and add_units(base.first, grain, count * factor)
        return Span(base.first, after - timedelta(days=1), "day") if base and after else None

    return "R", Fixed(find, "day")


def days(first: Partial, last: Partial) -> Built:
    """From one day to a later day of the same month, which the sense of the sentence picks once."""

    def find(context: Context) -> Span | None:
        start = first.resolve(context)
        if start is None:
            return None
        length = (last.day or 0) - (first.day or 0)
        end = shifted(start.first, length)
        return Span(start.first, end, "day") if end and _holds(last, end) else None

    return "R", Fixed(find, "day", open=_open(first))


def _holds(partial: Partial, there: date) -> bool:
    return any(s.first == there for s in partial.between(there, there))


def stretch(first: Expression, last: Expression) -> Built:
    """From the first day of one expression to the last day of another."""

    def find(context: Context) -> Span | None:
        start, end = first.resolve(context), last.resolve(context)
        if end is not None and _open(first) and _open(last):
            start = _picked(first, end.first, "past")
        elif start is not None and _open(last):
            end = _picked(last, start.first, "future")
        elif end is not None and _open(first):
            start = _picked(first, end.first, "past")
        if start is None or end is None or start.first > end.last:
            return None
        return Span(start.first, end.last, last.grain, start.approximate or end.approximate)

    return "R", Fixed(find, last.grain, open=_open(first) and _open(last))


def _open(expression: Expression) -> bool:
    """True where the expression comes back, so that another date beside it can pick the one that is meant."""
    if isinstance(expression, Partial):
        return expression.year is None and expression.way is None
    return isinstance(expression, Recurring) or expression.open


def _picked(expression: Expression, day: date, sense: Sense) -> Span | None:
    if isinstance(expression, Fixed):
        return expression.resolve(Context(day, sense))
    return pick(expression, day, sense)
