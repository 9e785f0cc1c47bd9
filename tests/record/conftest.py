"""Workspaces to record in. Their tables are made once and copied: making them takes longest."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from recorded import record, store_at

from claims.record.store import Store


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a store in which nothing is recorded."""
    store = store_at(tmp_path_factory.mktemp("empty"))
    with store.turn():
        pass
    return store.path


@pytest.fixture
def store(tmp_path: Path, empty: Path) -> Store:
    """A store in which nothing is recorded."""
    shutil.copyfile(empty, tmp_path / empty.name)
    return store_at(tmp_path)


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with one run, published."""
    store = store_at(tmp_path_factory.mktemp("published"))
    record(store)
    store.publish()
    return store.workspace
