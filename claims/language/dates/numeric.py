"""Dates written as three numbers (22/10/2024, 2024-10-22, 20241022), in any order and calendar."""

from __future__ import annotations

import re

from claims.language.dates.calendars import Calendar, to_gregorian
from claims.language.dates.meaning import Partial
from claims.language.dates.tokens import Token

PATTERN = (
    r"(?<!\d)(?<!\d\.)(?:[12]\d{3}(?:(?P<sign1>[-/.])\d{1,2}(?P=sign1)|\s?/\s?\d{1,2}\s?/\s?)\d{1,2}"
    r"|\d{1,2}\s-\s\d{1,2}\s-\s[12]\d{3}"
    r"|\d{1,2}(?:(?P<sign2>[-/])\d{1,2}(?P=sign2)|\s?(?P<sign3>[./])\s?\d{1,2}\s?(?P=sign3)\s?)(?:[12]\d{3}|\d{2})"
    r"|(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))(?!\d|\.\d)"
)
CLOCK = (
    r"(?<!\d)\d{1,2}(?::\d\d){1,2}(?:\.\d{1,6})?(?:\s?[ap]\.?m\b\.?)?(?!\d)"
    r"|(?<!\d)\d{1,2}(?:\s?[ap]\.?m\b\.?|h\d\d(?!\d))"
)
_HIJRI_YEARS = range(1300, 1500)


def read(text: str, start: int, day_first: bool, jalali: bool) -> list[Token]:
    """The date as a token, or nothing where the numbers are not a date."""
    digits = re.findall(r"\d+", text)
    parts = [text[:4], text[4:6], text[6:]] if len(digits) == 1 else digits
    if "." in text and len(parts[0]) < 4 and len(parts[2]) == 2 and any(len(part) == 1 for part in parts):
        return []  # the number of a version, not a day
    orders = [(0, 1, 2)] if len(parts[0]) == 4 else [(2, 1, 0), (2, 0, 1)]
    if len(parts[0]) != 4 and not (day_first or "." in text):
        orders.reverse()
    for order in orders:
        year, month, day = (int(parts[i]) for i in order)
        calendar: Calendar = "gregorian"
        if len(parts[order[0]]) == 2:
            year += 1900 if year >= 50 else 2000
        elif year in _HIJRI_YEARS:
            calendar = "jalali" if jalali else "hijri"
        if to_gregorian(calendar, year, month, day):
            partial = Partial(year=year, month=month, day=day, calendar=calendar)
            return [Token("D", partial, start, start + len(text), "numeric")]
    return []
