"""What all tests share."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import hypothesis
import pytest
from filelock import FileLock
from project import PUBLISHED, ROOT, SAMPLE_ARTICLE

from claims.pipeline import make_request, verify

# How long an example takes says more about what else the machine does than about the code.
hypothesis.settings.register_profile("steady", deadline=None)
hypothesis.settings.load_profile("steady")


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


@pytest.fixture(scope="session")
def sample_workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace in which the packaged article was verified as `make verify` does it; nobody may change it.

    It is made once for all processes that share out the tests.
    """
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    workspace, made = shared / "sample", shared / "sample.made"
    with FileLock(shared / "sample.lock"):
        if not made.exists():
            finished = asyncio.run(
                verify(make_request([str(SAMPLE_ARTICLE)], PUBLISHED, workspace=workspace))
            )
            assert finished.report is not None and finished.report.is_file()
            made.touch()
    return workspace
