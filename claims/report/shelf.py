"""The folder of all reports: an index of them in both languages, and the feed of what changed."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pydantic import BaseModel, ValidationError

from claims.errors import StoreError
from claims.report.feed import feed
from claims.report.package import FILE_NAME
from claims.report.pages import render
from claims.report.words import LANGUAGES, Words
from claims.run_record import Change

_ON_INDEX = 20  # changes; the feed has all that are given


class _Run(BaseModel):
    """What a report says about itself in its data package."""

    run: str
    started: datetime
    lang: str
    sample: bool
    title: str | None
    articles: int
    claims: int
    rulings: dict[str, int]
    changed: int


class _Package(BaseModel):
    report: _Run


@dataclass(frozen=True, slots=True)
class Shelved:
    """A report that stands in the folder; `told` is missing where it does not say what it holds."""

    name: str
    told: _Run | None

    def page(self, place: str, folder: Path, lang: str) -> str | None:
        """The address of its page in the language, or in the one it opens in; None where it has none."""
        for suffix in (f".{lang}.html", ".html"):
            if (folder / self.name / f"{place}{suffix}").is_file():
                return f"{self.name}/{place}{suffix}"
        return None


@dataclass(frozen=True, slots=True)
class ShownChange:
    """A change with the address of the claim's page in the newest report that has one."""

    change: Change
    page: str | None


def write_shelf(reports: Path, changes: tuple[Change, ...], lang: str, site: str) -> Path:
    """The index of the reports in the folder and the feed of the changes stand there, in both languages.

    The index opens in `lang`; `site` is the address of whoever publishes, by which ids of the feed differ
    from those of others. Returns the path of the index. Raises StoreError where the folder cannot be written.
    """
    shelf = _shelved(reports)
    try:
        for words in map(Words, LANGUAGES):
            shown = [ShownChange(change, _newest(shelf, change, reports, words.lang)) for change in changes]
            runs = [(one, one.page("index", reports, words.lang)) for one in shelf]
            page = render("shelf.html", words=words, runs=runs, changes=shown[:_ON_INDEX], shelved=False)
            for name in ("index", f"index.{words.lang}") if words.lang == lang else (f"index.{words.lang}",):
                _write(reports / f"{name}.html", page)
            _write(reports / f"changes.{words.lang}.atom", feed(shown, words, site))
    except OSError as error:
        raise StoreError(
            f"{reports}: the index of the reports cannot be written ({error.strerror}); make room, run again"
        ) from None
    return reports / "index.html"


def _shelved(reports: Path) -> list[Shelved]:
    """The reports of the folder, the newest first; those that do not say when they began come last."""
    found = []
    for index in reports.glob("*/index.html"):
        if index.parent.name.startswith("."):
            continue
        try:
            told = _Package.model_validate_json((index.parent / FILE_NAME).read_bytes()).report
        except (OSError, ValidationError):
            told = None
        found.append(Shelved(index.parent.name, told))
    return sorted(
        found, key=lambda one: (one.told.started.timestamp() if one.told else 0, one.name), reverse=True
    )


def _newest(shelf: list[Shelved], change: Change, reports: Path, lang: str) -> str | None:
    if not change.claim.replace("_", "").isalnum():
        return None
    pages = (one.page(f"claims/{change.claim}", reports, lang) for one in shelf)
    return next((page for page in pages if page), None)


def _write(path: Path, body: bytes) -> None:
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    part.write_bytes(body)
    part.replace(path)
