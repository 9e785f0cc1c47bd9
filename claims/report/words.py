"""The interface's own words in Arabic and English, with numbers and dates in each language's way.

A catalog is a TOML file of plain text: no markup, named places in braces. An entry that counts
something is a table of the language's plural forms (`one`, `two`, `few`, …, always `other`).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import cache, lru_cache
from pathlib import Path

from babel import Locale, dates, numbers
from markupsafe import Markup, escape

from claims import wording
from claims.errors import ConfigError
from claims.model import When
from claims.report.pages import isolated, printable

CATALOGS = Path(__file__).parent / "catalog"
LANGUAGES = ("ar", "en")
_ISO_DAYS = re.compile(r"\d{4}-\d\d-\d\d(?:/\d{4}-\d\d-\d\d)?")
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
        entries = load_catalog(lang)
        self.lang = lang
        self.other = next(other for other in LANGUAGES if other != lang)
        self._locale = Locale.parse(str(entries["locale"]), sep="-")
        self.dir = "rtl" if self._locale.character_order == "right-to-left" else "ltr"
        self._texts = {key: escape(entry) for key, entry in entries.items() if isinstance(entry, str)}
        self._forms = {
            key: {form: escape(text) for form, text in entry.items()}
            for key, entry in entries.items()
            if isinstance(entry, dict)
        }

    def t(self, key: str, **given: object) -> Markup:
        """The text of an entry with its places filled."""
        return _filled(self._texts[key], given) if given else self._texts[key]

    def n(self, key: str, count: int) -> Markup:
        """The text of an entry that counts, in the plural form that the language has for the number."""
        forms = self._forms[key]
        form = "zero" if count == 0 and "zero" in forms else str(self._locale.plural_form(count))
        return _filled(forms.get(form) or forms["other"], {"n": self.number(count)})

    def number(self, value: float) -> str:
        """The number with the language's digits and separators."""
        return _number(self._locale, value)

    def percent(self, share: float) -> str:
        """A share of one in whole percents."""
        return str(numbers.format_percent(share, locale=self._locale, numbering_system="default"))

    def days(self, first: date, last: date) -> str:
        """A day, or the days from one to another."""
        return _days(self._locale, first, last)

    def date(self, day: date) -> str:
        """The day, month in letters."""
        return _date(self._locale, day)

    def time(self, moment: datetime) -> str:
        """The day and the minute in UTC."""
        utc = moment.astimezone(UTC) if moment.tzinfo else moment
        clock = dates.format_time(utc, "HH:mm", tzinfo=UTC, locale=self._locale)
        return f"{self.date(utc.date())} {clock} UTC"

    def period(self, when: When) -> str:
        """The days that a claim names, as closely as the text names them."""
        first, last = when.first, when.last
        if when.grain == "year" and first.year == last.year:
            return str(dates.format_skeleton("y", first, locale=self._locale))
        if when.grain == "month" and (first.year, first.month) == (last.year, last.month):
            return str(dates.format_skeleton("yMMMM", first, locale=self._locale))
        return _days(self._locale, first, last)

    def reason(self, stored: str) -> Markup:
        """A stored reason in the language's words, its days written out and its values kept apart.

        What is not a code is kept as it is, apart from the direction of the words around it.
        """
        code, *values = stored.split("|")
        if code not in wording.catalog(self.lang):
            return isolated(wording.say(stored, self.lang))
        apart = [f"\u2068{self._with_days(value)}\u2069" for value in values]
        return escape(printable(wording.say(wording.reason(code, *apart), self.lang)))

    def _with_days(self, value: str) -> str:
        """The value, or where it is a day or two in ISO 8601, these written out."""
        if not _ISO_DAYS.fullmatch(value):
            return value
        try:
            days = [date.fromisoformat(day) for day in value.split("/")]
        except ValueError:
            return value
        return _days(self._locale, days[0], days[-1])

    def language(self, code: str | None) -> str | None:
        """The name of a language, or None where the code names none."""
        return self._locale.languages.get((code or "").split("-")[0].lower())

    def country(self, code: str | None) -> str | None:
        """The name of a country, or None where the code names none."""
        return self._locale.territories.get((code or "").upper())


def _filled(text: Markup, given: Mapping[str, object]) -> Markup:
    # str.format, not Markup.format: a fifth of the time, and what is given is escaped here already
    return Markup(str.format(text, **{name: escape(value) for name, value in given.items()}))  # noqa: S704


@lru_cache(maxsize=10_000)
def _number(locale: Locale, value: float) -> str:
    return str(numbers.format_decimal(value, locale=locale, numbering_system="default"))


@lru_cache(maxsize=10_000)
def _date(locale: Locale, day: date) -> str:
    return str(dates.format_date(day, "long", locale=locale))


@lru_cache(maxsize=10_000)
def _days(locale: Locale, first: date, last: date) -> str:
    if first == last:
        return _date(locale, first)
    return str(dates.format_interval(first, last, "yMMMMd", locale=locale))
