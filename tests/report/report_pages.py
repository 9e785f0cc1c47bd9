"""Pages of a report, as a test looks at them."""

from __future__ import annotations

from pathlib import Path

from bs4 import BeautifulSoup, Tag


def page(file: Path) -> BeautifulSoup:
    return BeautifulSoup(file.read_bytes(), "lxml")


def section(report: Path, words: str, suffix: str = ".en") -> Tag:
    """The claim whose heading begins with the words, on its own page."""
    return next(
        claim
        for file in sorted((report / "claims").glob(f"c_*{suffix}.html"))
        for claim in page(file).select("article.claim")
        if claim.h1.get_text().startswith(words)  # type: ignore[union-attr]
    )
