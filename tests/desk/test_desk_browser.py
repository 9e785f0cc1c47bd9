"""A day at the desk in a real browser: on a desk screen and a phone, in both languages, by keyboard alone."""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from bridge import make_desk
from desk_server import PASSWORD, Person, copied, running, with_people
from playwright.sync_api import Browser, Page, sync_playwright
from pypdf import PdfReader

CHROMIUM = shutil.which("chromium")
pytestmark = [pytest.mark.slow, pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")]
WHY = "The decree names somebody else"
PATIENCE_MS = 90_000  # for a machine that does much else
# With the rules of WCAG 2.2 that axe leaves out unless it is asked
RULES = {"rules": {"target-size": {"enabled": True}}}


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        try:
            yield browser
        finally:
            browser.close()


def visitor(browser: Browser, url: str, lang: str, width: int) -> Page:
    """A window of somebody's own, at the sign-in form."""
    # axe is put into the page as a script, which the desk's policy forbids
    context = browser.new_context(viewport={"width": width, "height": 900}, bypass_csp=True)
    context.set_default_timeout(PATIENCE_MS)
    context.add_cookies([{"name": "lang", "value": lang, "url": url}])
    page = context.new_page()
    page.goto(f"{url}/sign-in")
    return page


def signed_in(browser: Browser, url: str, name: str, lang: str, width: int) -> Page:
    page = visitor(browser, url, lang, width)
    page.fill("#name", name)
    page.fill("#password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(url + "/")
    return page


def accepted(page: Page) -> None:
    """axe has nothing against the page, and nothing of it stands beyond the side of the screen."""
    found = Axe().run(page, options=RULES).response["violations"]
    assert [(v["id"], [n["target"] for n in v["nodes"]][:3]) for v in found] == [], page.url
    assert not page.evaluate("document.documentElement.scrollWidth > window.innerWidth"), page.url


def tab_to(page: Page, selector: str) -> None:
    """What the selector names is reached with the tab key, and can be seen to have the focus."""
    for _ in range(200):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            style = page.evaluate(
                "(() => { const s = getComputedStyle(document.activeElement); "
                "return [s.outlineStyle, s.boxShadow] })()"
            )
            assert style != ["none", "none"], selector
            return
    raise AssertionError(f"{selector} cannot be reached with the tab key on {page.url}")


def nightly(newsroom: Path, day: str) -> None:
    """`tabayyun nightly`, as a crontab would start it."""
    command = [
        sys.executable, "-m", "claims.cli", "nightly", "desk.toml", "--workspace", "workspace", "--day", day,
        "--set", "night_nice=0",
    ]  # fmt: skip
    done = subprocess.run(command, cwd=newsroom, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def newsroom(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A newsroom after its first night, with its accounts."""
    folder = tmp_path_factory.mktemp("newsroom")
    make_desk(folder)
    nightly(folder, "2024-03-06")
    with_people(folder / "workspace")
    return folder


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("lang", ["en", "ar"])
def test_a_day_from_a_nights_report_to_the_next(
    newsroom: Path, tmp_path: Path, lang: str, width: int
) -> None:
    shutil.copytree(newsroom, tmp_path / "newsroom")
    newsroom = tmp_path / "newsroom"
    reports = newsroom / "workspace" / "reports"
    with running(newsroom / "workspace") as url, chromium() as browser:
        # A night is read from the folder: the index, the night, a claim, its print, a quote's archived copy
        page = browser.new_page(viewport={"width": width, "height": 900})
        page.set_default_timeout(PATIENCE_MS)
        page.goto((reports / f"index.{lang}.html").as_uri())
        page.locator(".articles h3 a").first.click()
        assert page.locator("html").get_attribute("lang") == lang
        page.locator("tr.v-supported th a").first.click()
        claim = re.search(r"c_[0-9a-f]{16}", page.url)[0]  # type: ignore[index]
        printed = "".join(PdfReader(io.BytesIO(page.pdf(format="A4"))).pages[0].extract_text().split())
        assert "2024" in printed and ".warc.gz" in printed
        page.locator("a.copy:visible").first.click()
        assert page.locator("mark:target").is_visible()

        # At the desk it is overruled with a comment, confirmed by somebody else, published by an editor
        ravi = signed_in(browser, url, "ravi", lang, width)
        ravi.locator(f'a[href="/claims/{claim}"]').click()
        ravi.locator("a.copy:visible").first.click()
        assert ravi.locator("mark:target").is_visible()
        ravi.go_back()
        ravi.fill("#reason", WHY)
        ravi.select_option("#verdict", "refuted")
        ravi.locator("button[value=change]").click()
        ravi.wait_for_url("**#desk-log")
        assert WHY in ravi.locator("#desk-log").inner_text()
        ravi.locator("summary", has=ravi.locator("xpath=following-sibling::fieldset")).first.click()
        ravi.select_option("#page", index=1)
        ravi.fill("#copy_of", "وكالة الساحل")
        ravi.locator("button[value=copy]").click()  # so that the next night checks the claim again
        ravi.locator("#desk-log li").nth(1).wait_for()
        for name, do in (("salma", "second"), ("edith", "publish")):
            page = signed_in(browser, url, name, lang, width)
            page.goto(f"{url}/claims/{claim}")
            page.locator(f"button[value={do}]").click()
            page.wait_for_url("**#desk-log")
        page.goto(url + "/reports")
        page.locator(f'a[href$="{claim}.json"]').click()
        review = json.loads(page.inner_text("body"))
        assert (review["@type"], review["reviewBody"]) == ("ClaimReview", WHY)

        # The next night finds the verdict in its place, and so does whoever reads its report
        nightly(newsroom, "2024-03-07")
        page.goto(url + "/reports")
        page.locator("section[aria-labelledby=runs-h] a").first.click()
        assert page.locator("html").get_attribute("lang") == lang
        page.locator(f'.glance a[href*="{claim}"]').click()
        assert claim in page.url and WHY in page.inner_text(".verdict")
        assert "v-refuted" in str(page.locator("article.claim").get_attribute("class"))
        decided = page.locator("section:has(> h2) .stack tbody tr:has(time)").count()
        assert decided == 3  # by the engine, by ravi, and by the engine in the second night
        ravi.goto(f"{url}/claims/{claim}")
        assert "v-refuted" in str(ravi.locator("article.claim").get_attribute("class"))
        assert ravi.locator("#desk-log li").count() == 4


def test_the_keyboard_alone_does_everything(sample_workspace: Path, tmp_path: Path) -> None:
    workspace = copied(sample_workspace, tmp_path / "workspace")
    with running(workspace) as url, chromium() as browser:
        claim = Person(url, "ravi").claims()[0]

        def somebody(name: str) -> Page:
            page = visitor(browser, url, "en", 1280)
            tab_to(page, "#name")
            page.keyboard.type(name)
            tab_to(page, "#password")
            page.keyboard.type(PASSWORD)
            page.keyboard.press("Enter")
            page.wait_for_url(url + "/")
            tab_to(page, f'a[href="/claims/{claim}"]')
            page.keyboard.press("Enter")
            page.wait_for_url(f"**/claims/{claim}")
            return page

        def pressed(page: Page, do: str) -> None:
            tab_to(page, f'button[value="{do}"]')
            with page.expect_navigation():
                page.keyboard.press("Enter")
            assert page.url.endswith("#desk-log"), (do, page.inner_text("main")[:400])

        ravi = somebody("ravi")
        tab_to(ravi, "button[popovertarget=keys]")
        ravi.keyboard.press("Enter")
        assert ravi.locator("#keys").is_visible()
        accepted(ravi)
        ravi.keyboard.press("Escape")
        assert not ravi.locator("#keys").is_visible()
        tab_to(ravi, "#reason")
        ravi.keyboard.type("I called the ministry")
        pressed(ravi, "comment")
        tab_to(ravi, "#reason")
        ravi.keyboard.type(WHY)
        tab_to(ravi, "#verdict")
        ravi.keyboard.press("ArrowDown")
        chosen = ravi.input_value("#verdict")
        assert chosen
        pressed(ravi, "change")
        pressed(ravi, "ask_second")
        salma = somebody("salma")
        pressed(salma, "second")
        edith = somebody("edith")
        pressed(edith, "publish")
        assert [action.strip() for action in edith.locator("#desk-log b").all_inner_texts()] == [
            "ravi", "ravi", "ravi", "salma", "edith",
        ]  # fmt: skip
        tab_to(edith, "#reason")
        edith.keyboard.type("A reader wrote to us")
        pressed(edith, "reopen")
        tab_to(edith, 'form[action="/sign-out"] button')
        edith.keyboard.press("Enter")
        edith.wait_for_url("**/sign-in")


@pytest.mark.parametrize(
    ("lang", "width", "scheme"),
    [("en", 1280, "light"), ("ar", 1280, "dark"), ("en", 390, "dark"), ("ar", 390, "light")],
)
def test_every_page_is_accepted_by_axe(
    desk_url: str, lang: str, width: int, scheme: Any, worked_on: dict[str, str]
) -> None:
    with chromium() as browser:
        page = visitor(browser, desk_url, lang, width)
        page.emulate_media(color_scheme=scheme)
        accepted(page)
        page = signed_in(browser, desk_url, "edith", lang, width)
        page.emulate_media(color_scheme=scheme)
        for path in ("/", "/?state=open&order=age", "/?state=joined", "/charts", "/reports", "/nowhere"):
            page.goto(desk_url + path)
            accepted(page)
        for claim in worked_on.values():
            page.goto(f"{desk_url}/claims/{claim}")
            page.locator("details").first.evaluate("one => { one.open = true }")
            accepted(page)
        page.goto(f"{desk_url}/claims/{worked_on['overruled']}")
        page.locator("button[value=change]").click()  # without a reason: refused, and said so
        assert page.locator(".wrong").is_visible()
        accepted(page)
        page.goto(f"{desk_url}/claims/{worked_on['cited']}")
        page.locator("a.copy:visible").first.click()
        accepted(page)


@pytest.fixture(scope="session")
def worked_on(desk_url: str) -> dict[str, str]:
    """Claims in different states, by what was done with them."""
    ravi, salma = Person(desk_url, "ravi"), Person(desk_url, "salma")
    cited = ravi.claims(verdict="supported")[0]
    overruled, joined, rejected, marked = [claim for claim in ravi.claims()[9:14] if claim != cited][:4]
    assert ravi.act(overruled, "change", verdict="refuted", reason=WHY).is_redirect
    assert ravi.act(joined, "join", other=overruled).is_redirect
    assert ravi.act(rejected, "reject", reason="Nobody can check this").is_redirect
    assert salma.act(marked, "copy", page="https://one.example/a", copy_of="Reuters").is_redirect
    assert salma.act(marked, "comment", reason="سألت الوزارة\nand wait for her answer").is_redirect
    return {"cited": cited, "overruled": overruled, "joined": joined, "rejected": rejected, "marked": marked}


def test_pages_can_be_read_and_used_without_style_sheets(desk_url: str) -> None:
    with chromium() as browser:
        page = visitor(browser, desk_url, "en", 1280)
        page.route("**/*.css", lambda route: route.abort())
        page.goto(desk_url + "/sign-in")
        page.fill("#name", "ravi")
        page.fill("#password", PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url(desk_url + "/")
        assert page.evaluate("getComputedStyle(document.body).maxWidth") == "none"
        page.locator("tbody th a").first.click()
        page.wait_for_url("**/claims/**")
        texts = page.inner_text("body")
        places = [texts.index(part) for part in ("Is it so?", "Decide", "What people did")]
        assert places == sorted(places)
        page.fill("#reason", "Read without any style")
        page.locator("button[value=comment]").click()
        page.wait_for_url("**#desk-log")
        assert "Read without any style" in page.inner_text("#desk-log")
