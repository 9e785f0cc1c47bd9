"""A day at the desk in a real browser, in both languages, and nothing that axe objects to."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from desk_server import PASSWORD, copied, running
from playwright.sync_api import Page, sync_playwright
from project import PUBLISHED, SAMPLE_ARTICLE

from claims.pipeline import make_request, verify

CHROMIUM = shutil.which("chromium")
pytestmark = [pytest.mark.slow, pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")]


def sign_in(page: Page, url: str, name: str) -> None:
    page.goto(url + "/")
    page.fill("#name", name)
    page.fill("#password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(url + "/")


def accepted(page: Page) -> None:
    found = Axe().run(page).response["violations"]
    assert [(v["id"], [n["target"] for n in v["nodes"]][:3]) for v in found] == []


@pytest.mark.parametrize(("lang", "width"), [("en", 1280), ("ar", 390)])
def test_a_verdict_is_overruled_confirmed_published_and_stands(
    sample_workspace: Path, tmp_path: Path, lang: str, width: int
) -> None:
    workspace = copied(sample_workspace, tmp_path / "workspace")
    with running(workspace) as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])

        def somebody(name: str) -> Page:
            # axe is put into the page as a script, which the desk's policy forbids
            context = browser.new_context(viewport={"width": width, "height": 900}, bypass_csp=True)
            page = context.new_page()
            page.goto(f"{url}/sign-in?lang={lang}")
            accepted(page)
            context.add_cookies([{"name": "lang", "value": lang, "url": url}])
            sign_in(page, url, name)
            return page

        ravi = somebody("ravi")
        accepted(ravi)
        ravi.locator("tbody th a").first.click()
        claim = ravi.url
        accepted(ravi)
        ravi.fill("#reason", "The decree names somebody else")
        ravi.select_option("#verdict", "refuted")
        ravi.locator("button[value=change]").click()
        assert "The decree names somebody else" in ravi.locator("#desk-log").inner_text()
        accepted(ravi)
        for name, do in (("salma", "second"), ("edith", "publish")):
            page = somebody(name)
            page.goto(claim)
            page.locator(f"button[value={do}]").click()
        page.goto(url + "/reports")
        accepted(page)
        assert claim.rpartition("/")[2] in page.content()
        page.goto(url + "/charts")
        accepted(page)
        assert not page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
        browser.close()
    finished = asyncio.run(verify(make_request([str(SAMPLE_ARTICLE)], PUBLISHED, workspace=workspace)))
    assert finished.report is not None
    report = (
        finished.report.parent
        / "claims"
        / f"{claim.rpartition('/')[2].partition('?')[0].partition('#')[0]}.html"
    ).read_text()
    assert "The decree names somebody else" in report and "v-refuted" in report
