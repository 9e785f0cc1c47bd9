"""Dates in text: every expression that names days, as a stretch of days with its grain."""

from claims.language.dates.find import find_dates

__all__ = ["find_dates"]
