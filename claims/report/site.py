"""The pages of a report: which there are, and writing them, or a share of them, into its folder."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any

from claims.errors import StoreError
from claims.report.copies import view_copies
from claims.report.pages import render
from claims.report.view import RunView, view_run
from claims.report.words import LANGUAGES, Words
from claims.run_record import Change, RunRecord

_FILE_ID = re.compile(r"[A-Za-z0-9_-]{1,80}")


@dataclass(frozen=True)
class Site:
    """A run's report to be. It opens in `lang`; one that is `shelved` leads to the index of all reports."""

    record: RunRecord
    changes: tuple[Change, ...]
    lang: str
    shelved: bool

    @cached_property
    def view(self) -> RunView:
        """The run as it is shown. Raises StoreError where its records do not fit together."""
        return view_run(self.record, self.changes)

    @cached_property
    def words(self) -> tuple[Words, ...]:
        """The languages, the one in which the report opens first. Raises ConfigError for an unknown one."""
        return (Words(self.lang), *(Words(other) for other in LANGUAGES if other != self.lang))

    def write_pages(self, folder: Path, share: int = 0, shares: int = 1) -> None:
        """Every page stands in the folder in both languages, or every page of one of so many equal shares."""
        for template, place, given in islice(self._pages(), share, None, shares):
            for words in self.words:
                here, there = self._suffix(words.lang), self._suffix(words.other)
                up = "../" * (1 + place.count("/"))
                page = render(
                    template, view=self.view, words=words, here=here, there=there, shelved=self.shelved,
                    up=up, **given,
                )  # fmt: skip
                (folder / f"{place}{here}.html").write_bytes(page)

    def _suffix(self, lang: str) -> str:
        return "" if lang == self.lang else f".{lang}"

    def _pages(self) -> Iterator[tuple[str, str, dict[str, Any]]]:
        """Every page: its template, its place without suffix, and what it shows beside the run."""
        yield "report.html", "index", {}
        single = len(self.view.articles) == 1
        for article in self.view.articles:
            home = "../index" if single else f"../articles/{_file_name(article.article.id)}"
            if not single:
                yield "article.html", home.removeprefix("../"), {"article": article}
            for before, claim, after in zip(
                (None, *article.claims), article.claims, (*article.claims[1:], None), strict=False
            ):
                place = f"claims/{_file_name(claim.claim.id)}"
                yield "claim.html", place, {"shown": claim, "before": before, "after": after, "home": home}
        for copy in view_copies(self.record):
            yield "copy.html", f"copies/{_file_name(copy.capture.id)}", {"copy": copy}


def _file_name(name: str) -> str:
    if not _FILE_ID.fullmatch(name):
        raise StoreError(f"{name!r}: such an id cannot name a file; verify again")
    return name
