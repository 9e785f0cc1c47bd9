"""Lengths of time: how the units compare, and several put together."""

from __future__ import annotations

import math

_SECONDS = {
    "second": 1, "minute": 60, "hour": 3600, "day": 86_400, "week": 604_800, "month": 2_592_000,
    "year": 31_536_000,
}  # fmt: skip
_SMALLER = {
    "minute": ("second", 60), "hour": ("minute", 60), "day": ("hour", 24), "week": ("day", 7),
    "month": ("day", 30), "year": ("month", 12), "quarter": ("month", 3),
}  # fmt: skip


def smaller(name: str, than: str) -> bool:
    """Whether one unit of time is shorter than another."""
    return _SECONDS.get(name, 0) < _SECONDS.get(than, 0)


def together(parts: list[tuple[float, str]]) -> tuple[float, str]:
    """The length of time that the parts make, in the longest unit that counts it in whole numbers."""
    if len(parts) == 1:
        value, name = parts[0]
    elif all(name in ("year", "month") for _, name in parts):
        value, name = sum(value * (12 if name == "year" else 1) for value, name in parts), "month"
    else:
        name = parts[-1][1]
        value = sum(value * _SECONDS[part] for value, part in parts) / _SECONDS[name]
    value = tidy(value)
    for _ in range(2):
        if name not in _SMALLER or not math.isfinite(value) or value == int(value):
            break
        name, count = _SMALLER[name][0], _SMALLER[name][1]
        value = tidy(value * count)
    return value, name


def tidy(value: float) -> float:
    """The value without the dust of binary fractions."""
    return round(value, 9) if abs(value) < 1e15 and math.isfinite(value) else value
