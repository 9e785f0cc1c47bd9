"""People decide, confirm, take back and publish, and what they decided stands in the record."""

from __future__ import annotations

import json
from pathlib import Path

from desk_server import fields, person

from claims.record.status import claim_status
from claims.record.store import Store


def test_a_claim_is_overruled_confirmed_and_published(desk_url: str, desk_workspace: Path) -> None:
    ravi, salma, edith = person(desk_url, "ravi"), person(desk_url, "salma"), person(desk_url, "edith")
    claim = ravi.claims(verdict="not_enough_evidence")[0]
    assert ravi.act(claim, "change", verdict="refuted", reason="").status_code == 422  # says why, or nothing
    assert ravi.act(
        claim, "change", verdict="refuted", reason="The ministry's list has no such name"
    ).is_redirect
    page = ravi.page(f"/claims/{claim}")
    assert "The ministry's list has no such name" in page.select_one("#desk-log").get_text()  # type: ignore[union-attr]
    assert "v-refuted" in page.article["class"]  # type: ignore[index]
    assert claim in ravi.claims(verdict="refuted", state="decided")
    assert ravi.act(claim, "second").status_code == 422  # another person has to
    assert salma.act(claim, "second").is_redirect
    assert salma.act(claim, "publish").status_code == 403
    assert edith.act(claim, "publish").is_redirect
    review = json.loads(edith.http.get(f"/reports/claimreview/{claim}.json").text)
    assert review["@type"] == "ClaimReview" and review["reviewRating"]["ratingValue"] == 1
    assert [
        item["item"] for item in edith.http.get("/reports/claimreview/index.json").json()["dataFeedElement"]
    ] == [review]
    Store(desk_workspace).publish()
    (row,) = claim_status(desk_workspace, claim)
    assert (row["verdict"], row["decided_by"], row["reviewer"]) == ("refuted", "person", "ravi")
    assert edith.act(claim, "reopen", reason="new evidence").is_redirect
    assert edith.http.get(f"/reports/claimreview/{claim}.json").status_code == 404
    assert claim in ravi.claims(verdict="not_enough_evidence", state="open")


def test_who_was_overtaken_is_shown_what_changed_and_keeps_the_draft(desk_url: str) -> None:
    ravi, salma = person(desk_url, "ravi"), person(desk_url, "salma")
    claim = ravi.claims()[3]
    opened = ravi.form(claim)
    before = len(ravi.page(f"/claims/{claim}").select("#desk-log li"))
    assert salma.act(claim, "comment", reason="I called the ministry").is_redirect
    late = ravi.act(claim, "change", opened, verdict="supported", reason="The decree is out")
    assert late.status_code == 409
    assert "I called the ministry" in late.text
    again = fields(late.text, "/act")
    assert (again["reason"], again["verdict"]) == ("The decree is out", "supported")
    assert ravi.act(claim, "change", again | {"verdict": "supported"}).is_redirect
    assert len(ravi.page(f"/claims/{claim}").select("#desk-log li")) == before + 2


def test_a_form_sent_twice_counts_once(desk_url: str) -> None:
    ravi = person(desk_url, "ravi")
    claim = ravi.claims()[4]
    form = ravi.form(claim)
    assert ravi.act(claim, "comment", form, reason="once").is_redirect
    assert ravi.act(claim, "comment", form, reason="once").is_redirect
    assert len(ravi.page(f"/claims/{claim}").select("#desk-log li")) == 1


def test_an_action_is_taken_back_by_whoever_did_it_or_an_editor(desk_url: str) -> None:
    ravi, salma, edith = person(desk_url, "ravi"), person(desk_url, "salma"), person(desk_url, "edith")
    claim, other = ravi.claims()[5], ravi.claims()[6]
    assert ravi.act(claim, "accept").is_redirect
    assert ravi.act(claim, "join", other=f"/claims/{other}").is_redirect
    undo = [str(b["value"]) for b in ravi.page(f"/claims/{claim}").select("button[value^=undo]")]
    assert len(undo) == 2
    assert salma.act(claim, undo[1]).status_code == 422
    assert ravi.act(claim, undo[1]).is_redirect
    assert edith.act(claim, undo[0]).is_redirect
    page = ravi.page(f"/claims/{claim}")
    assert [len(page.select(s)) for s in ("#desk-log li", "#desk-log li.undone")] == [4, 2]
    assert claim in ravi.claims(state="open")


def test_an_address_is_fetched_safely_or_refused(desk_url: str) -> None:
    ravi = person(desk_url, "ravi")
    claim = ravi.claims()[7]
    for url in (
        "http://127.0.0.1:22/",
        "http://169.254.169.254/latest",
        "file:///etc/passwd",
        "javascript:alert(1)",
    ):
        answer = ravi.act(claim, "add_source", url=url)
        assert answer.status_code == 422, url
        assert fields(answer.text, "/act")["url"] == url
    page = ravi.page(f"/claims/{claim}")
    cited = page.select_one("select[name=page] option[value^=http]")
    assert cited is None or ravi.act(claim, "interested", page=str(cited["value"])).is_redirect


def test_quotes_lead_to_their_archived_copies(desk_url: str) -> None:
    ravi = person(desk_url, "ravi")
    claim = ravi.claims(verdict="supported")[0]
    link = str(ravi.page(f"/claims/{claim}").select_one("a.copy")["href"])  # type: ignore[index]
    path, _, place = link.partition("#")
    assert ravi.page(path).select_one(f"mark#{place}")
