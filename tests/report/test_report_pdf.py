"""Pages of a report as PDF: the sources written out, nothing of this machine in it, and a word where Chromium is missing."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from project import ROOT
from pypdf import PdfReader

from claims.errors import InputError
from claims.report.pdf import print_pages

SAMPLE = ROOT / "reports" / "sample"


def test_a_missing_chromium_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(InputError, match="apt install chromium"):
        print_pages([SAMPLE], tmp_path / "report.pdf")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("page", ["missing.html", ".", "claims.csv"])
def test_what_is_no_page_of_a_report_is_named(tmp_path: Path, page: str) -> None:
    (tmp_path / "claims.csv").write_text("")
    with pytest.raises(InputError, match="no page of a report"):
        print_pages([tmp_path / page], tmp_path / "report.pdf")


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("chromium") is None, reason="chromium is not installed")
def test_pages_are_printed_with_their_sources_and_without_local_addresses(tmp_path: Path) -> None:
    claims = sorted((SAMPLE / "claims").glob("c_*.en.html"))[:2]
    out = tmp_path / "report.pdf"
    sheets = print_pages([SAMPLE / "index.en.html", *claims], out)
    read = PdfReader(out)
    assert sheets == len(read.pages) >= 3
    body = out.read_bytes()
    assert b"file:" not in body and str(ROOT).encode() not in body
    text = "".join("".join(page.extract_text().split()) for page in read.pages)
    assert "archive/" in text and ".warc.gz" in text and ".example/" in text
