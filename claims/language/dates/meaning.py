"""What a date expression means: something that gives a stretch of days once the day of writing is known.

An expression is either fixed ("22 October 2024", "yesterday") or recurring ("Friday", "October",
"Easter"). A recurring one names many stretches of days, and the sense of the sentence picks one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from claims.language.dates.calendars import Calendar, calendar_years, month_days, to_gregorian
from claims.model import Grain

# What the sentence says about the direction: "alone" is a text that is nothing but the expression.
Sense = Literal["past", "near", "future", "alone"]


@dataclass(frozen=True, slots=True)
class Span:
    """First and last day, both included."""

    first: date
    last: date
    grain: Grain
    approximate: bool = False


@dataclass(frozen=True, slots=True)
class Context:
    """The day of writing, if known, the sense of the sentence, and what was named shortly before."""

    reference: date | None
    sense: Sense
    before: Span | None = None


@dataclass(frozen=True, slots=True)
class Fixed:
    """An expression that names one stretch of days; `find` gives None where there is none."""

    find: Callable[[Context], Span | None]
    grain: Grain
    weak: bool = False
    open: bool = False  # a part of what comes back every year, so another date beside it can give the year

    def resolve(self, context: Context) -> Span | None:
        return self.find(context)


@dataclass(frozen=True, slots=True)
class Recurring:
    """An expression that comes back; `between` gives its stretches that touch a stretch of days, in order."""

    between: Callable[[date, date], Iterator[Span]]
    grain: Grain
    reach: int  # days to look around the reference for the nearest stretch
    weak: bool = False
    share: tuple[int, int] | None = None  # which part of how many, where it is a part of the year

    def resolve(self, context: Context) -> Span | None:
        if context.reference is None:
            return None
        return pick(self, context.reference, context.sense)


@dataclass(frozen=True, slots=True)
class Partial:
    """A calendar date of which some parts may be missing."""

    year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None  # Monday is 0
    calendar: Calendar = "gregorian"
    weak: bool = False
    way: int | None = None  # before (-1), after (1) or in the year of (0) the day of writing

    @property
    def grain(self) -> Grain:
        if self.day is not None or self.weekday is not None:
            return "day"
        return "month" if self.month is not None else "year"

    @property
    def reach(self) -> int:
        if self.day == 29 and self.month == 2:
            return 366 * 8
        if self.month is None and self.weekday is not None and self.day is not None:
            return 366 * 8
        if self.month is None:
            return 62 if self.day is not None else 8
        return 740

    def resolve(self, context: Context) -> Span | None:
        if self.year is not None:
            return next(self._in_year(self.year), None)
        if context.reference is None:
            return None
        if self.way is not None:
            return self._directed(context.reference, self.way)
        if self.month is not None and self.day is not None and context.sense == "alone":
            return self._in_current_month(context.reference) or pick(self, context.reference, "future")
        return pick(self, context.reference, context.sense)

    def _directed(self, reference: date, way: int) -> Span | None:
        low, high = max(1, reference.year - 1), min(9999, reference.year + 1)
        spans = list(self.between(date(low, 1, 1), date(high, 12, 31)))
        if way < 0:
            return next((s for s in reversed(spans) if s.last < reference), None)
        if way > 0:
            return next((s for s in spans if s.first > reference), None)
        return next((s for s in spans if s.first.year == reference.year), None)

    def _in_current_month(self, reference: date) -> Span | None:
        if self.month != reference.month or self.calendar != "gregorian":
            return None
        return next(replace(self, year=reference.year)._in_year(reference.year), None)

    def between(self, first: date, last: date) -> Iterator[Span]:
        """The stretches that this date names and that touch the days from first to last."""
        if self.month is None and self.day is None and self.weekday is not None:
            start = first.toordinal() + (self.weekday - first.weekday()) % 7
            for ordinal in range(start, last.toordinal() + 1, 7):
                day = date.fromordinal(ordinal)
                yield Span(day, day, "day")
            return
        years = calendar_years(self.calendar, first.year, last.year) if self.year is None else [self.year]
        for year in years:
            for span in self._in_year(year):
                if span.last >= first and span.first <= last:
                    yield span

    def _in_year(self, year: int) -> Iterator[Span]:
        if self.month is None and self.day is None:
            start = to_gregorian(self.calendar, year, 1, 1)
            after = to_gregorian(self.calendar, year + 1, 1, 1)
            if start:
                end = after - timedelta(days=1) if after else date(year, 12, 31)
                yield Span(start, end, "year")
            return
        months = range(1, 13) if self.month is None else [self.month]
        for month in months:
            if self.day is None:
                days = month_days(self.calendar, year, month)
                if days:
                    yield Span(*days, "month")
                continue
            day = to_gregorian(self.calendar, year, month, self.day)
            if day and (self.weekday is None or day.weekday() == self.weekday):
                yield Span(day, day, "day")


Expression = Fixed | Recurring | Partial
_ONE_DAY = timedelta(days=1)


def shifted(day: date, days: int) -> date | None:
    """The day so many days later, or None outside the calendar."""
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return None


def one_day(there: date | None, approximate: bool = False) -> Span | None:
    """The stretch of a single day, if there is one."""
    return Span(there, there, "day", approximate) if there else None


def pick(expression: Recurring | Partial, reference: date, sense: Sense) -> Span | None:
    """The stretch that a sentence of this sense means when it was written on the reference day."""
    lower, upper = shifted(reference, -expression.reach), shifted(reference, expression.reach)
    spans = list(expression.between(lower or date.min, upper or date.max))
    past = [s for s in spans if s.first <= reference]
    ahead = [s for s in spans if s.last >= reference]
    weekday = isinstance(expression, Partial) and expression.weekday is not None
    if sense == "alone" and weekday:
        ahead = [s for s in spans if s.first > reference]
    if sense in ("alone", "future"):
        return ahead[0] if ahead else None
    if sense == "past" or (weekday and expression.reach < 30):
        return past[-1] if past else None
    if not spans:
        return None
    return min(spans, key=lambda s: (_distance(s, reference), s.first))


def _distance(span: Span, day: date) -> int:
    if span.first <= day <= span.last:
        return 0
    return (span.first - day).days if span.first > day else (day - span.last).days


def unit_span(unit: Grain, day: date) -> Span:
    """The day, week (from Monday), month, quarter or year that a day lies in."""
    if unit == "week":
        monday = day - timedelta(days=day.weekday())
        return Span(monday, monday + timedelta(days=6), "week")
    if unit == "day":
        return Span(day, day, "day")
    width = {"month": 1, "quarter": 3, "year": 12}[unit]
    first_month = (day.month - 1) // width * width + 1
    first = date(day.year, first_month, 1)
    last = add_months(first, width)
    return Span(first, (last or date.max) - _ONE_DAY if last else date.max, unit)


def add_months(day: date, months: int) -> date | None:
    """The same day so many months later, the last of the month where that is shorter."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    if not 1 <= year <= 9999:
        return None
    days = month_days("gregorian", year, month + 1)
    return date(year, month + 1, min(day.day, days[1].day if days else 31))


def add_units(day: date, unit: Grain, count: float) -> date | None:
    """The day so many units later; half weeks, months and years are rounded to days and months."""
    if unit in ("day", "week"):
        return shifted(day, round(count * (7 if unit == "week" else 1)))
    return add_months(day, round(count * {"month": 1, "quarter": 3, "year": 12}[unit]))
