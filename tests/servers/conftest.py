"""The real servers, started once for all tests that ask for them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from real_searx import missing as searx_missing
from real_searx import searx
from real_wiki import Wiki, mediawiki
from real_wiki import missing as wiki_missing


@pytest.fixture(scope="session")
def wiki(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wiki]:
    """A MediaWiki with the pages of `wiki_pages.toml`."""
    if wiki_missing():
        pytest.skip(wiki_missing())
    with mediawiki(tmp_path_factory.mktemp("wiki")) as started:
        yield started


@pytest.fixture(scope="session")
def needs_searx() -> None:
    """Leaves the test out where searx is not installed."""
    if searx_missing():
        pytest.skip(searx_missing())


@pytest.fixture(scope="session")
def search(needs_searx: None, wiki: Wiki, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a searx whose engine is the wiki."""
    with searx(tmp_path_factory.mktemp("searx"), wiki.origin) as address:
        yield address
