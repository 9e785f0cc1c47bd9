"""What all tests share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of articles and data beside the project; tests that need it are left out without it."""
    folder = Path(os.environ.get("TABAYYUN_SHARED", ROOT.parent / "shared"))
    if not folder.is_dir():
        pytest.skip(f"no data beside the project ({folder})")
    return folder


@pytest.fixture(scope="session")
def real_article(shared: Path) -> str:
    """The text of the article that the project's first user works with."""
    return (shared / "articles" / "ashgabat_2024-10-12.ar.txt").read_text(encoding="utf-8")
