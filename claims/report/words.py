"""The interface's own words in Arabic and English, with numbers and dates in each language's way.

A catalog is a TOML file of plain text: no markup, named places in braces. An entry that counts
something is a table of the language's plural forms (`one`, `two`, `few`, …, always `other`).
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

from babel import Locale, dates, numbers
from markupsafe import Markup, escape

from claims import wording
from claims.errors import ConfigError
from claims.model import When
from claims.report.pages import isolated, printable

CATALOGS = Path(__file__).parent / "catalog"
LANGUAGES = ("ar", "en")
PLURAL_FORMS = frozenset({"zero", "one", "two", "few", "many", "other"})

Entry = str | dict[str, str]


@cache
def load_catalog(lang: str) -> Mapping[str, Entry]:
    """The entries of a catalog by dotted key. Raises ConfigError for a language without a catalog."""
    if lang not in LANGUAGES:
        raise ConfigError(f"report language {lang!r}: choose one of {', '.join(LANGUAGES)}")
    table = tomllib.loads((CATALOGS / f"{lang}.toml").read_text(encoding="utf-8"))
    entries: dict[str, Entry] = {}

    def walk(prefix: str, node: dict[str, object]) -> None:
        for key, value in node.items():
            if not isinstance(value, dict):
                entries[prefix + key] = str(value)
            elif set(value) <= PLURAL_FORMS:
                entries[prefix + key] = {form: str(text) for form, text in value.items()}
            else:
                walk(f"{prefix}{key}.", value)

    walk("", table)
    return entries


class Words:
    """One language of the interface. What is given to be put into a text is escaped."""

    def __init__(self, lang: str) -> None:
        self._entries = load_catalog(lang)
        self.lang = lang
        self.other = next(other for other in LANGUAGES if other != lang)
        self._locale = Locale.parse(str(self._entries["locale"]), sep="-")
        self.dir = (self._locale.character_order == "right-to-left" and "rtl") or "ltr"

    def t(self, key: str, **given: object) -> Markup:
        """The text of an entry with its places filled."""
        entry = self._entries[key]
        if not isinstance(entry, str):
            raise KeyError(f"{key} counts something; use n()")
        return escape(entry).format(**given) if given else escape(entry)

    def n(self, key: str, count: int, **given: object) -> Markup:
        """The text of an entry that counts, in the plural form that the language has for the number."""
        forms = self._entries[key]
        if isinstance(forms, str):
            raise KeyError(f"{key} does not count; use t()")
        form = "zero" if count == 0 and "zero" in forms else str(self._locale.plural_form(count))
        return escape(forms.get(form) or forms["other"]).format(n=self.number(count), **given)

    def number(self, value: float) -> str:
        """The number with the language's digits and separators."""
        return str(numbers.format_decimal(value, locale=self._locale, numbering_system="default"))

    def percent(self, share: float) -> str:
        """A share of one in whole percents."""
        return str(numbers.format_percent(share, locale=self._locale, numbering_system="default"))

    def date(self, day: date) -> str:
        """The day, month in letters."""
        return str(dates.format_date(day, "long", locale=self._locale))

    def time(self, moment: datetime) -> str:
        """The day and the minute in UTC."""
        utc = moment.astimezone(UTC) if moment.tzinfo else moment
        clock = dates.format_time(utc, "HH:mm", tzinfo=UTC, locale=self._locale)
        return f"{self.date(utc.date())} {clock} UTC"

    def period(self, when: When) -> str:
        """The days that a claim names, as closely as the text names them."""
        if when.grain == "year" and when.first.year == when.last.year:
            return str(dates.format_skeleton("y", when.first, locale=self._locale))
        if when.grain == "month" and (when.first.year, when.first.month) == (when.last.year, when.last.month):
            return str(dates.format_skeleton("yMMMM", when.first, locale=self._locale))
        if when.first == when.last:
            return self.date(when.first)
        return str(dates.format_interval(when.first, when.last, "yMMMMd", locale=self._locale))

    def reason(self, stored: str) -> Markup:
        """A stored reason in the language's words, its days written out and its values kept apart.

        What is not a code is kept as it is, apart from the direction of the words around it.
        """
        code, *values = stored.split("|")
        if code not in wording.catalog(self.lang):
            return isolated(stored)
        apart = [f"\u2068{self._days(value)}\u2069" for value in values]
        return escape(printable(wording.say(wording.reason(code, *apart), self.lang)))

    def _days(self, value: str) -> str:
        """The value, days in ISO 8601 written out."""
        try:
            days = [date.fromisoformat(day) for day in value.split("/")]
        except ValueError:
            return value
        if len(days) > 2:
            return value
        return str(dates.format_interval(days[0], days[-1], "yMMMMd", locale=self._locale))

    def language(self, code: str | None) -> str | None:
        """The name of a language, or None where the code names none."""
        return self._locale.languages.get((code or "").split("-")[0].lower())

    def country(self, code: str | None) -> str | None:
        """The name of a country, or None where the code names none."""
        return self._locale.territories.get((code or "").upper())
