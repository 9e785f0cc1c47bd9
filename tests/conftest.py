"""What all tests share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def shared(shared_or_none: Path | None) -> Path:
    """The folder of articles and data beside the project; tests that need it are left out without it."""
    if shared_or_none is None:
        pytest.skip("no data beside the project")
    return shared_or_none


@pytest.fixture(scope="session")
def real_article(shared: Path) -> str:
    """The text of the article that the project's first user works with."""
    return (shared / "articles" / "ashgabat_2024-10-12.ar.txt").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def shared_or_none() -> Path | None:
    """The folder of articles and data beside the project, or None."""
    folder = Path(os.environ.get("TABAYYUN_SHARED", ROOT.parent / "shared"))
    return folder if folder.is_dir() else None
