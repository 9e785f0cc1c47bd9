"""What somebody has begun to write is there again, for that person alone, until it is sent."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from desk_server import copied, fields, person, running
from test_desk_browser import chromium, signed_in

from claims.desk.drafts import Drafts
from claims.desk.forms import Draft

BEGUN = "سألت الوزارة، and wait\nfor <b>her</b> answer"


def test_a_draft_is_its_writers_alone_and_ends_when_it_is_sent(desk_url: str) -> None:
    ravi, salma = person(desk_url, "ravi"), person(desk_url, "salma")
    claim = ravi.claims()[15]
    opened = ravi.form(claim)
    assert ravi.act(claim, "draft", opened, reason=BEGUN, verdict="refuted").is_redirect
    page = ravi.page(f"/claims/{claim}")
    assert page.select_one(".kept") is not None
    assert not page.select("#desk-log li")  # nothing was done with the claim
    again = fields(ravi.http.get(f"/claims/{claim}").text, "/act")
    assert (again["reason"].strip(), again["verdict"]) == (BEGUN, "refuted")
    assert BEGUN not in salma.http.get(f"/claims/{claim}").text and not salma.form(claim)["reason"].strip()
    assert ravi.act(claim, "comment", again).is_redirect
    assert not ravi.form(claim)["reason"].strip()
    # the same form's draft that was still on its way does not come back
    assert ravi.act(claim, "draft", again).is_redirect
    assert not ravi.form(claim)["reason"].strip()


def test_an_emptied_draft_is_gone(desk_url: str) -> None:
    ravi = person(desk_url, "ravi")
    claim = ravi.claims()[16]
    assert ravi.act(claim, "draft", reason=BEGUN).is_redirect
    assert ravi.act(claim, "draft", reason="").is_redirect
    assert not ravi.page(f"/claims/{claim}").select(".kept")


def test_a_reader_keeps_no_draft(desk_url: str) -> None:
    rana = person(desk_url, "rana")
    claim = rana.claims()[0]
    token = str(rana.page(f"/claims/{claim}").select_one("input[name=token]")["value"])  # type: ignore[index]
    assert rana.act(claim, "draft", {"token": token}, reason="x").status_code == 403


def test_only_the_latest_drafts_are_kept_and_a_broken_one_is_none(tmp_path: Path) -> None:
    drafts = Drafts(tmp_path)
    for number in range(505):
        drafts.keep("ravi", f"c_{number}", Draft({"reason": str(number)}))
    files = list(tmp_path.rglob("*.json"))
    assert len(files) == 500
    assert drafts.of("ravi", "c_0")["reason"] == "" and drafts.of("ravi", "c_504")["reason"] == "504"
    for broken in ("[]", "{", "\x00"):
        for file in files:
            if file.exists():
                file.write_text(broken)
        assert drafts.of("ravi", "c_504").kept is None


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("chromium") is None, reason="chromium is not installed")
def test_a_page_may_be_left_in_the_middle_of_a_sentence(sample_workspace: Path, tmp_path: Path) -> None:
    with running(copied(sample_workspace, tmp_path / "workspace")) as url, chromium() as browser:
        ravi = signed_in(browser, url, "ravi", "en", 1280)
        ravi.locator("tbody th a").first.click()
        ravi.wait_for_url("**/claims/**")
        address = ravi.url
        with ravi.expect_response(lambda answer: answer.url.endswith("/act")):
            ravi.fill("#reason", "while I was writing")
        ravi.fill("#reason", "while I was writing this")
        ravi.goto(url + "/charts")  # before the second pause
        ravi.goto(address)
        ravi.wait_for_timeout(500)
        ravi.goto(address)
        assert ravi.input_value("#reason") == "while I was writing this"
        assert ravi.locator(".kept").is_visible()
        ravi.locator("button[value=comment]").click()
        ravi.wait_for_url("**#desk-log")
        assert ravi.input_value("#reason") == ""
        ravi.goto(address)
        assert ravi.input_value("#reason") == ""
