"""Hostile text in names, comments and addresses is shown as the text that it is."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from desk_server import person
from playwright.sync_api import sync_playwright

from claims.desk.accounts import Account
from claims.desk.forms import FIELDS, Draft
from claims.desk.pages import page
from claims.desk.reader import Alike
from claims.desk.sessions import Session
from claims.model import RULINGS, Sought, Unread
from claims.record.desk import Action, standing
from claims.record.one_claim import read_claim
from claims.record.query import snapshot
from claims.report.copies import view_copies
from claims.report.view import view_run
from claims.report.words import Words
from claims.run_record import ArticleChecked, RunRecord

HOSTILE = [
    "<script>window.hit=1</script>",
    "<img src=x onerror=window.hit=1>",
    '"><svg onload=window.hit=1>',
    "</textarea><script>window.hit=1</script>",
    "</title><iframe src='javascript:window.hit=1'></iframe>",
    "{{ 7 * 7 }}{% raw %}",
    "javascript:window.hit=1",
    "\u202e<b>\u2066\x00\x1b",
    "&lt;script&gt;&#x3c;script>",
]
FORBIDDEN = ("script", "iframe", "object", "embed", "base", "math")


OWN_SCRIPT = {"src": "/static/desk.js", "defer": ""}


def assert_harmless(page: BeautifulSoup) -> None:
    assert [one for one in page.find_all(FORBIDDEN) if one.attrs != OWN_SCRIPT or one.get_text()] == []
    for element in page.find_all(True):
        for name, value in element.attrs.items():
            assert not name.startswith("on"), element
            assert not (
                name in ("href", "src", "action") and str(value).strip().lower().startswith("javascript:")
            )


def try_all(url: str, texts: list[str]) -> None:
    ravi = person(url, "ravi")
    claim = ravi.claims()[8]
    for text in texts:
        assert ravi.act(claim, "copy", page=text, copy_of=text, reason=text).is_redirect
        draft = ravi.act(claim, "change", verdict="none", reason=text, url=text, other=text)
        assert draft.status_code == 422
        assert_harmless(BeautifulSoup(draft.text, "lxml"))
    page = ravi.page(f"/claims/{claim}")
    assert_harmless(page)
    shown = [quote.get_text() for quote in page.select("#desk-log blockquote")]
    assert "<script>" in "".join(shown)


def test_text_of_people_is_text(desk_url: str) -> None:
    try_all(desk_url, ["\n".join(HOSTILE)])


@pytest.mark.slow
def test_hostile_comments_are_text(desk_url: str, shared: Path) -> None:
    texts = payloads(shared)
    together = ["\n".join(texts[at : at + 100])[:3900].strip() for at in range(0, len(texts), 100)]
    try_all(desk_url, HOSTILE + together)


@pytest.mark.slow
def test_hostile_pages_articles_and_names_are_text_and_run_nothing(
    sample_workspace: Path, shared: Path, tmp_path: Path
) -> None:
    texts = [one_line(text) for text in (*HOSTILE, *payloads(shared)) if one_line(text).strip()]
    with snapshot(sample_workspace) as con:
        ((claim,),) = con.execute(
            "SELECT claim_id FROM claim_status WHERE verdict = 'supported' LIMIT 1"
        ).fetchall()
        found = read_claim(con, claim)
    assert found is not None
    own = elements("".join(pages_of(found.record, "harmless", ["one line", "another line"])))
    written = []
    for at in range(0, len(texts), 40):
        some = texts[at : at + 40]
        for number, made in enumerate(pages_of(found.record, " ".join(some)[:3000], some)):
            assert elements(made) <= own, some
            assert_harmless(BeautifulSoup(made, "lxml"))
            written.append(tmp_path / f"{at}-{number}.html")
            written[-1].write_text(made, encoding="utf-8", errors="replace")
    run_in_chromium(written)


def payloads(shared: Path) -> list[str]:
    """Published payloads, a text each."""
    files = sorted((shared / "data" / "security").glob("html_sanitisation_*.jsonl"))
    return [
        str(json.loads(line)["payload"]) for file in files for line in file.read_bytes().split(b"\n") if line
    ]


def one_line(text: str) -> str:
    return re.sub("[\n\r\u2028\u2029]", " ", text)


def elements(page: str) -> set[tuple[str, str]]:
    """Every kind of element with every attribute that one of it has."""
    return {
        (element.name, attribute)
        for element in BeautifulSoup(page, "lxml").find_all(True)
        for attribute in ("", *element.attrs)
    }


def pages_of(record: RunRecord, words: str, quotes: list[str]) -> list[str]:
    """The desk's pages of a claim and of an archived copy, the words wherever something comes from outside."""
    checked = record.articles[0]
    claim, ruled = checked.claims[0], checked.verdicts[checked.claims[0].id]
    base = ruled.evidence[0]
    text, items, start = "\n".join(quotes), [], 0
    for number, quote in enumerate(quotes):
        items.append(
            replace(
                base, id=f"e_{number}", quote=quote, start=start, end=start + len(quote), outlet=quote,
                origin=f"{number} {quote}", origin_chain=("page", quote), speaker=quote, why=(quote,), url=quote,
                stance=("supports", "refutes", "neutral")[number % 3], question=("so", "said")[number % 2],
            )
        )  # fmt: skip
        start += len(quote) + 1
    ruled = replace(
        ruled, said="supported", evidence=tuple(items), gaps=(words,), reasons=(words,), engine=words,
        sought=(Sought(words, words, "refused", 0, words),), unread=(Unread("x:" + words, "error", words),),
    )  # fmt: skip
    article = replace(checked.article, text=words, title=words, outlet=words, ref=words, url="x:" + words)
    claim = replace(
        claim, article=article.name, text=words, start=0, end=len(words), standalone=words, attribution=(),
        when=(), where=(), who=(), numbers=(), content=None, reasons=(words,),
    )  # fmt: skip
    document = replace(record.documents[base.document], text=text, title=words, outlet=words)
    record = replace(
        record,
        articles=(ArticleChecked(article, (claim,), (), {claim.id: ruled}),),
        captures={base.capture: replace(record.captures[base.capture], final_url="x:" + words, warc=words)},
        documents={document.id: document},
    )
    log = (
        Action(
            "x_1",
            1,
            claim.id,
            "copy",
            words[:60],
            datetime.now(UTC),
            words,
            {"url": words, "of": words},
            None,
        ),
        Action("x_2", 2, claim.id, "comment", words[:60], datetime.now(UTC), words, {}, "x_1"),
    )
    given: dict[str, object] = {
        "words": Words("en"), "account": Account(words, "editor", ""), "session": Session("", words, 0.0),
        "path": "/", "claim": claim.id,
    }  # fmt: skip
    shown = view_run(record).articles[0].claims[0]
    draft = Draft(dict.fromkeys(FIELDS, words))
    made = page(
        "desk_claim.html", **given, shown=shown, held=standing(log), log=log, draft=draft, wrong=words,
        engine=("v", "supported", None), pages=[words], rulings=RULINGS, run=record.run, new=log, root="/x/",
        undone=set(), alike=[Alike(claim.id, words, 0.5)],
    )  # fmt: skip
    copies = [page("desk_copy.html", **given, copy=copy) for copy in view_copies(record)]
    return [bytes(answer.body).decode() for answer in (made, *copies)]


def run_in_chromium(files: list[Path]) -> None:
    """Opens each page in a browser, without the policy that the desk sends; none runs anything."""
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("chromium is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        opened = browser.new_page()
        heard: list[str] = []
        opened.on("dialog", lambda dialog: (heard.append(dialog.message), dialog.dismiss()))
        opened.on("request", lambda request: heard.append(request.url) if request.url != opened.url else None)
        opened.route(
            "**/*",
            lambda route: route.continue_() if route.request.is_navigation_request() else route.abort(),
        )
        for file in files:
            opened.goto(file.as_uri(), wait_until="load", timeout=90_000)
            assert opened.evaluate(
                "window.hit === undefined && document.scripts.length === "
                + str(int("desk.js" in file.read_text()))
            ), file
        browser.close()
    own = ("file:///static/", "data:,")
    assert [one for one in heard if not one.startswith(own) and one not in {f.as_uri() for f in files}] == []


@pytest.mark.parametrize("text", HOSTILE[:2])
def test_text_in_addresses_is_text(desk_url: str, text: str) -> None:
    ravi = person(desk_url, "ravi")
    for path in ("/", "/sign-in"):
        assert_harmless(
            BeautifulSoup(ravi.http.get(path, params={"next": text, "of": text, "lang": text}).text, "lxml")
        )
    missing = ravi.http.get(f"/claims/{text}")
    assert missing.status_code == 404
    assert_harmless(BeautifulSoup(missing.text, "lxml"))
