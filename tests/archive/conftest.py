"""One small workspace for all tests of the archive."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from archive_world import World, make_world


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """A workspace to look at."""
    return make_world(tmp_path_factory.mktemp("archive"))


@pytest.fixture
def own_world(world: World, tmp_path: Path) -> World:
    """A workspace to do with as one likes."""
    copy = tmp_path / "ws"
    shutil.copytree(world.workspace, copy)
    report = copy / "reports" / world.run / "index.html"
    return replace(world, workspace=copy, finished=replace(world.finished, report=report))
