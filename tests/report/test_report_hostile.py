"""Whatever a page, feed or article says, the report's own elements and attributes are all that is there."""

from __future__ import annotations

import json
import os
import re
from dataclasses import replace
from datetime import timedelta
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from lxml import html
from sample_run import PAGES, capture_of, document_of, evidence, single_article, verdict

from claims.model import Claim, Sought, Unread
from claims.report import build_report
from claims.report.pages import web_address
from claims.run_record import Decision, RunRecord

OWN = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "</style></title></textarea></script><svg onload=alert(1)>",
    "\"><a href='javascript:alert(1)' onclick=alert(1)>x</a>",
    "' onmouseover='alert(1)",
    "` autofocus onfocus=alert(1) x=`",
    "<!--><script>alert(1)</script>-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "&lt;script&gt;alert(1)&lt;/script&gt; &#60;b&#62;",
    "{{ 7*7 }}{% raw %}{# #}${7*7}",
    "{0.__class__} {name} %s %(x)s",
    "</bdi></blockquote></article><form action=//evil.example><input name=q>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "<base href=//evil.example/><link rel=stylesheet href=//evil.example>",
    "\u202e\u2066\u2067 سمرقند <b>\u202c",
    "\x00\x01\x0b\x1b<u>\x7f\x85",
    "\ud800 lone surrogate <i>",
    "+ADw-script+AD4-alert(1)+ADw-/script+AD4-",
)


def shared_payloads() -> list[str]:
    """Published payloads, where a copy of them lies beside the project."""
    root = Path(os.environ.get("TABAYYUN_SHARED") or Path(__file__).parents[3] / "shared")
    return [
        str(json.loads(line)["payload"])
        for file in sorted(root.glob("data/security/html_sanitisation_*.jsonl"))
        for line in file.read_bytes().split(b"\n")
        if line
    ]


def one_line(payload: str) -> str:
    """The payload with its line breaks as blanks: paragraphs would be the report's own elements."""
    return re.sub("[\n\r\u2028\u2029]", " ", payload)


def poisoned(words: str, quotes: list[str]) -> RunRecord:
    """A run with the words wherever something comes from outside, and the quotes in pages of fifty."""
    record = single_article()
    checked = record.articles[0]
    claim: Claim = checked.claims[1]
    captures, documents, items = {}, {}, []
    base, page = evidence(claim, "lab", "Our … Iran.", "supports", 0.8), capture_of("lab")
    for number in range(0, len(quotes), 50):
        held = quotes[number : number + 50]
        capture = replace(page, id=f"k_{number}", sha256=words, warc=words)
        document = replace(
            document_of("lab"), id=f"d_{number}", capture=capture.id, text="\n".join(held),
            title=words, outlet=words,
        )  # fmt: skip
        captures[capture.id], documents[document.id] = capture, document
        start = 0
        for at, text in enumerate(held, number):
            stance: Any = ("supports", "refutes", "neutral")[at % 3]
            items.append(
                replace(
                    base, id=f"e_{at}", document=document.id, capture=capture.id, quote=text, start=start,
                    end=start + len(text), outlet=text, origin=f"{at} {text}", origin_chain=("page", text),
                    why=(text,), stance=stance, question=("so", "said")[at % 2],
                )
            )  # fmt: skip
            start += len(text) + 1
    ruled = verdict(
        claim, "conflicting", "supported", (1, 1), *items, gaps=(words,), reasons=(words,), engine=words,
        sought=(Sought(words, words, "refused", 0, words),), unread=(Unread("x:" + words, "error", words),),
    )  # fmt: skip
    links = tuple(replace(link, speaker=words, cue=words) for link in claim.attribution)
    changed = replace(
        checked,
        article=replace(
            checked.article, text=words, title=words, outlet=words, url="x:" + words, lang="en"
        ),
        claims=(
            replace(
                claim, standalone="alone " + words, text=words, attribution=links, reasons=(words,),
                lang="en", start=0, end=len(words),
            ),
        ),
        excluded=tuple(replace(item, reason=words) for item in checked.excluded),
        verdicts={claim.id: ruled},
    )  # fmt: skip
    run = replace(record.run, id=words, engine=words, sources=words)
    at = run.started_at
    decided = tuple(
        Decision(
            at + timedelta(days=day), who, "conflicting", None, 0.5, 1, 1, holds, None, "person", day > 0, 1, 2,
            words, words,
        )
        for day, (who, holds) in enumerate((("engine", "supported"), ("person", "conflicting")))
    )  # fmt: skip
    changed = replace(changed, verdicts={claim.id: replace(ruled, decided_by="person")})
    return RunRecord(run, (changed,), captures, documents, (words,), history={claim.id: decided})


def skeleton(file: Path) -> list[tuple[str, list[str]]]:
    """Every element with the names of its attributes, in order, as a browser's parser would find them."""
    elements = list(html.document_fromstring(file.read_bytes()).iter())
    assert all(isinstance(element.tag, str) for element in elements), "a comment or an instruction"
    return [(element.tag, sorted(set(element.attrib) - {"lang"})) for element in elements]


@pytest.fixture(scope="module")
def harmless(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_report(poisoned("words", ["words"]), tmp_path_factory.mktemp("harmless") / "run").parent


@pytest.mark.parametrize("payload", OWN)
def test_no_element_or_attribute_comes_from_outside(payload: str, harmless: Path, tmp_path: Path) -> None:
    hostile = build_report(poisoned(payload, [payload]), tmp_path / "run").parent
    files = sorted(file.relative_to(harmless) for file in harmless.rglob("*.html"))
    assert len(files) == 6
    for file in files:
        assert skeleton(hostile / file) == skeleton(harmless / file), file
    shown = BeautifulSoup((hostile / "index.html").read_bytes(), "lxml").select(".best blockquote")
    seen = re.sub("[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ud800-\udfff]", "\ufffd", payload)
    assert shown[0].get_text() == seen.strip("\n")


def test_published_payloads_stay_text(tmp_path: Path) -> None:
    payloads = [text for text in map(one_line, [*OWN, *shared_payloads()]) if text.strip()]
    hostile = build_report(poisoned(payloads[0], payloads), tmp_path / "bad").parent
    harmless = build_report(poisoned("words", ["words"] * len(payloads)), tmp_path / "good").parent
    for place in ("index.html", *(f"claims/{file.name}" for file in (harmless / "claims").iterdir())):
        assert skeleton(hostile / place) == skeleton(harmless / place)
    for file in sorted((harmless / "copies").iterdir()):
        if ".en." not in file.name:
            assert skeleton(hostile / "copies" / file.name) == skeleton(file), file.name


UNLINKED = (
    "javascript:alert(1)", "JaVaScRiPt:alert(1)", " javascript:alert(1)", "java\nscript:alert(1)",
    "data:text/html,<script>alert(1)</script>", "vbscript:msgbox(1)", "file:///etc/passwd",
    "//evil.example/", "http:evil.example", "http://", "https://a b.example/", "https://[::1",
    "http://a.example/\u0000", "https://a.example/\" onclick=\"x", "ftp://a.example/",
    "\x01https://a.example/", "",
)  # fmt: skip


@pytest.mark.parametrize("url", UNLINKED)
def test_what_is_no_address_of_the_web_is_known(url: str) -> None:
    assert web_address(url) is None


@pytest.mark.parametrize(
    "url", ["http://a.example", "HTTPS://a.example/خبر?q=1&r=2#x", "https://[::1]:8080/a"]
)
def test_what_is_an_address_of_the_web_is_known(url: str) -> None:
    assert web_address(url) == url


def test_only_addresses_of_the_web_are_linked(tmp_path: Path) -> None:
    urls = cycle(UNLINKED)
    record = single_article()
    checked = record.articles[0]
    unread = tuple(Unread(url, "error") for url in UNLINKED)
    verdicts = {
        claim: replace(
            ruled, evidence=tuple(replace(item, url=next(urls)) for item in ruled.evidence), unread=unread
        )
        for claim, ruled in checked.verdicts.items()
    }
    captures = {
        key: replace(capture, url=url, final_url=url)
        for (key, capture), url in zip(record.captures.items(), urls, strict=False)
    }
    changed = replace(checked, article=replace(checked.article, url=UNLINKED[0]), verdicts=verdicts)
    report = build_report(replace(record, articles=(changed,), captures=captures), tmp_path / "run").parent
    pages = sorted(report.rglob("*.html"))
    assert len(pages) == 2 + 2 * len(PAGES) + 2 * len(checked.claims)
    for file in pages:
        for link in BeautifulSoup(file.read_bytes(), "lxml").find_all("a"):
            assert re.match(
                r"#|\.\./index|index|(\.\./)?copies/k_|k_|(\.\./)?claims/c_|c_", str(link["href"])
            ), link
