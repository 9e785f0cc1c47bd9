"""What is to be verified and with what, in checked form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from claims.errors import InputError
from claims.intake import named_articles, nothing_usable
from claims.lines import parse_published
from claims.record.shared_store import open_store
from claims.record.store import Store
from claims.settings import Settings, load_settings
from claims.sources import Sources, load_sources


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be verified, and with what."""

    sources: tuple[str, ...]  # files, addresses, JSON Lines
    published: date | None
    lang: str | None
    workspace: Path
    evidence: Sources
    settings: Settings

    def store(self) -> Store:
        """The record of the workspace."""
        return open_store(self.workspace, self.settings)


def make_request(
    sources: Sequence[str],
    published: str | None = None,
    lang: str | None = None,
    workspace: Path = Path(),
    evidence: Path | None = None,
    overrides: Sequence[str] = (),
) -> Request:
    """The request in checked form. Raises InputError or ConfigError before any work is done."""
    if lang not in (None, "ar", "en"):
        raise InputError(f"--lang {lang}: only ar and en are read")
    return Request(
        tuple(sources),
        parse_published(published),
        lang,
        workspace,
        load_sources(evidence),
        load_settings(workspace, list(overrides)),
    )


def require_ready(request: Request) -> None:
    """An article of the request can be read and the workspace is ours to write.

    Raises InputError or StoreError. For callers to whom it is dear to begin a run that cannot be.
    """
    if "-" not in request.sources:  # what comes on standard input can be read only once
        bad: list[str] = []
        limit = request.settings.max_article_bytes
        if next(named_articles(request.sources, request.published, request.lang, limit, bad), None) is None:
            raise nothing_usable(bad)
    with request.store().turn():
        pass
