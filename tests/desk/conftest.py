"""One desk for the tests that may share it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from project import ROOT

sys.path.append(str(ROOT / "tests" / "nightly"))  # its newsroom is worked in here too

from desk_server import copied, running


@pytest.fixture(scope="session")
def desk_workspace(sample_workspace: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copied(sample_workspace, tmp_path_factory.mktemp("desk") / "workspace")


@pytest.fixture(scope="session")
def desk_url(desk_workspace: Path) -> Iterator[str]:
    with running(desk_workspace) as url:
        yield url
