"""The committed report in a real browser."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from project import ROOT

CHROMIUM = shutil.which("chromium")
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--hide-scrollbars",
)  # fmt: skip

pytestmark = [pytest.mark.slow, pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")]


def browser(profile: Path, *arguments: str) -> str:
    command = [str(CHROMIUM), *FLAGS, f"--user-data-dir={profile}", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=True).stdout


@pytest.mark.parametrize(
    ("page", "lang", "direction"), [("index.html", "ar", "rtl"), ("index.en.html", "en", "ltr")]
)
def test_the_page_stands_as_it_was_written(tmp_path: Path, page: str, lang: str, direction: str) -> None:
    file = ROOT / "reports" / "sample" / page
    dom = BeautifulSoup(browser(tmp_path, "--dump-dom", file.as_uri()), "lxml")
    written = BeautifulSoup(file.read_text(encoding="utf-8"), "lxml")
    assert dom.html is not None and (dom.html["lang"], dom.html["dir"]) == (lang, direction)
    assert not dom.find_all("script")
    assert len(dom.find_all("blockquote")) == len(written.find_all("blockquote")) > 10
    assert dom.get_text(" ", strip=True) == written.get_text(" ", strip=True)


def test_it_can_be_printed(tmp_path: Path) -> None:
    file = ROOT / "reports" / "sample" / "index.html"
    browser(
        tmp_path / "profile",
        f"--print-to-pdf={tmp_path / 'report.pdf'}",
        "--no-pdf-header-footer",
        file.as_uri(),
    )
    assert (tmp_path / "report.pdf").read_bytes().startswith(b"%PDF")
