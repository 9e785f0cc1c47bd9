"""What the rows of date and number sets expect, in the several shapes in which such sets write it."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime, timedelta

from claims.bench.sets import Row

Days = tuple[date, date]  # first and last, both included
_MONTHS = {"month": 1, "quarter": 3, "year": 12}


def expected_days(row: Row) -> list[Days]:
    """The stretches of days any of which would be right; empty where the row is not about days."""
    expected = row["expected"]
    with suppress(ValueError, KeyError, TypeError):  # a year before Christ, a 30th of February
        if isinstance(expected, dict) and str(expected.get("kind", "")).startswith("datetime"):
            return _stretch(expected)
        if isinstance(expected, dict) and "datetime" in expected:
            return [(_day(expected["datetime"]),) * 2]
        if isinstance(expected, list):
            return [days for item in expected for days in _resolved(item.get("value") or {})]
    return []


def expected_numbers(row: Row) -> list[float]:
    """The values any of which would be right; empty where the row is not about numbers."""
    expected = row["expected"]
    with suppress(ValueError, AttributeError):
        if isinstance(expected, int | float) and not isinstance(expected, bool):
            return [float(expected)]
        if isinstance(expected, dict) and "unit" in expected:
            return [float(expected["value"])]
        if isinstance(expected, list):
            values = [(i.get("value") or {}).get("value") for i in expected if i.get("type") == "number"]
            return [float(value) for value in values if value is not None]
    return []


def _stretch(expected: Row) -> list[Days]:
    grain = expected.get("grain")
    if grain not in ("day", "week", *_MONTHS) or "Open" in expected["kind"]:
        return []
    first = _day(expected["start"])
    if expected.get("end_exclusive"):
        return [(first, _day(expected["end_exclusive"]) - timedelta(days=1))]
    return [(first, _last(first, grain))]


def _resolved(value: Row) -> list[Days]:
    found: list[Days] = []
    for resolution in (
        value.get("FutureResolution"),
        value.get("PastResolution"),
        *(value.get("values") or []),
    ):
        if not isinstance(resolution, dict):
            continue
        one = resolution.get("date") or (
            resolution.get("value") if resolution.get("type") == "date" else None
        )
        start, end = (resolution.get("startDate"), resolution.get("endDate"))
        if resolution.get("type") == "daterange":
            start, end = resolution.get("start"), resolution.get("end")
        if one:
            found.append((_day(one),) * 2)
        elif start and end:
            found.append((_day(start), _day(end) - timedelta(days=1)))
    return found


def _day(text: str) -> date:
    return datetime.fromisoformat(text[:19]).date()


def _last(first: date, grain: str) -> date:
    if grain == "week":
        return first + timedelta(days=6)
    if grain in _MONTHS:
        month = first.year * 12 + first.month - 1 + _MONTHS[grain]
        return date(month // 12, month % 12 + 1, 1) - timedelta(days=1)
    return first
