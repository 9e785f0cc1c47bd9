"""The report of the run built by hand."""

from __future__ import annotations

from pathlib import Path

import pytest
from sample_run import sample_record

from claims.report import build_report


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_report(sample_record(), tmp_path_factory.mktemp("reports") / "run").parent
