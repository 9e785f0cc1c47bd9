"""Every kind of page in a real browser: nothing axe objects to, nothing of a page's text runs, phones included."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, sync_playwright
from sample_run import sample_record
from test_report_hostile import OWN, one_line, poisoned, shared_payloads
from test_report_shelf import HOSTILE, change, shelf

from claims.report import build_report
from claims.report.shelf import write_shelf

CHROMIUM = shutil.which("chromium")
pytestmark = [pytest.mark.slow, pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")]
PATIENCE_MS = 120_000
# With the rules of WCAG 2.2 that axe leaves out unless it is asked
RULES = {"rules": {"target-size": {"enabled": True}}}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


def kinds(folder: Path, suffix: str) -> list[Path]:
    """One page of each kind: all reports, a run, an article, a claim with evidence on both sides, a copy."""
    claim = max((folder / "run" / "claims").glob(f"*{suffix}.html"), key=lambda file: file.stat().st_size)
    article, copy = (
        sorted((folder / "run" / place).glob(f"*{suffix}.html"))[0] for place in ("articles", "copies")
    )
    return [
        folder / f"index{suffix or '.ar'}.html",
        folder / "run" / f"index{suffix}.html",
        article,
        claim,
        copy,
    ]


@pytest.mark.parametrize("suffix", ["", ".en"])
@pytest.mark.parametrize(("width", "scheme"), [(390, "light"), (1280, "dark"), (1280, "light")])
def test_axe_finds_nothing_and_nothing_runs_over_the_edge(
    browser: Browser, tmp_path: Path, suffix: str, width: int, scheme: Any
) -> None:
    build_report(sample_record(), tmp_path / "run", shelved=True)
    shelf(tmp_path, change())
    # axe is put into the page as a script, which the report's policy forbids
    context = browser.new_context(
        viewport={"width": width, "height": 900}, bypass_csp=True, color_scheme=scheme
    )
    context.set_default_timeout(PATIENCE_MS)
    for file in kinds(tmp_path, suffix):
        page = context.new_page()
        page.goto(file.as_uri())
        page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
        found = Axe().run(page, options=RULES).response["violations"]
        assert [(v["id"], [n["target"] for n in v["nodes"]][:3]) for v in found] == [], file
        assert not page.evaluate("document.documentElement.scrollWidth > window.innerWidth"), file
        page.close()


def test_no_script_of_a_page_runs(browser: Browser, tmp_path: Path) -> None:
    """Published payloads in every place a page's text gets to, opened without the policy that would stop them."""
    payloads = [text for text in map(one_line, [*OWN, *shared_payloads()]) if text.strip()]
    build_report(poisoned(payloads[0], payloads), tmp_path / "run")
    write_shelf(tmp_path, (change(text=HOSTILE, reason=HOSTILE, who=HOSTILE),), "ar", "https://desk.example/")
    context = browser.new_context(bypass_csp=True)
    context.set_default_timeout(PATIENCE_MS)
    context.add_init_script(
        "window.hits = []; for (const name of ['alert', 'confirm', 'prompt', 'print', 'open', 'fetch'])"
        " window[name] = (...given) => { window.hits.push(name + ' ' + given) }"
    )
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    for file in sorted(tmp_path.rglob("*.html")):
        page = context.new_page()
        page.goto(file.as_uri())
        page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
        assert page.evaluate("window.hits") == [], file
        assert page.evaluate("document.scripts.length") == 0, file
        page.close()
    assert [url for url in asked if not url.startswith(tmp_path.as_uri())] == []
