"""A night whose articles, pages and file names are attacks: report, archive view and desk in a real browser."""

from __future__ import annotations

import html
import json
import os
import shutil
from pathlib import Path

import pytest
from bridge import ARTICLE, PAGES, make_desk, night, write_page
from desk_server import Person, running, with_people
from project import ROOT
from test_desk_browser import chromium, signed_in
from test_desk_hostile import HOSTILE, one_line

pytestmark = [pytest.mark.slow, pytest.mark.skipif(shutil.which("chromium") is None, reason="chromium is not installed")]  # fmt: skip
LISTEN = (
    "window.hits = []; for (const name of ['alert', 'confirm', 'prompt', 'print', 'open'])"
    " window[name] = (...given) => { window.hits.push(name + ' ' + given) }"
)
SEEN = """() => [...document.querySelectorAll('*')].flatMap(one => [
    ...(['SCRIPT', 'IFRAME', 'OBJECT', 'EMBED', 'BASE', 'IMG', 'MATH', 'VIDEO', 'AUDIO', 'MARQUEE'].includes(one.tagName)
        && !(one.tagName === 'SCRIPT' && one.getAttribute('src') === '/static/desk.js') ? [one.outerHTML] : []),
    ...[...one.attributes].filter(a => a.name.startsWith('on') || a.name === 'style'
        || /^\\s*(javascript|data|vbscript):/i.test(a.value) && a.value !== 'data:,').map(a => a.name + '=' + a.value),
])"""


def payloads() -> list[str]:
    """Our own, and published ones where a copy of them lies beside the project."""
    root = Path(os.environ.get("TABAYYUN_SHARED") or ROOT.parent / "shared")
    published = [
        str(json.loads(line)["payload"])
        for file in sorted(root.glob("data/security/html_sanitisation_*.jsonl"))
        for line in file.read_bytes().split(b"\n")
        if line
    ]
    return [text for text in map(one_line, [*HOSTILE, *published]) if text.strip()]


def hostile_newsroom(folder: Path, texts: list[str]) -> None:
    """The bridge's newsroom, each text in an article, in a page's title, outlet and text, and some in file names."""
    make_desk(folder)
    (_, told), (_, seen) = PAGES.values()
    (folder / "inbox" / "texts.txt").write_text(
        f"{ARTICLE}\n\n" + " ".join(texts)[:3000], "utf-8", errors="replace"
    )
    for number, at in enumerate(range(0, len(texts), 150)):
        some = texts[at : at + 150]
        joined = " ".join(some)
        write_page(folder / "pages" / f"{number}.html", html.escape(some[0]), f"{told} {html.escape(joined)}")
        raw = folder / "pages" / f"raw-{number}.html"
        raw.write_text(
            f"<title>{joined}</title><meta property='og:site_name' content=\"{html.escape(some[-1])}\">"
            f"<article><p>{seen}</p><p>{joined}</p></article>", "utf-8", errors="replace",
        )  # fmt: skip
    for name in ("<img src=x onerror=alert(1)>.txt", "{{ 7 * 7 }}' onfocus='alert(3)\"><svg onload=alert(2)>.txt"):  # fmt: skip
        (folder / "inbox" / name).write_text(f"{ARTICLE} {name}", encoding="utf-8")


def test_nothing_of_an_attack_is_more_than_text(tmp_path: Path) -> None:
    texts = payloads()
    hostile_newsroom(tmp_path, texts)
    night(tmp_path / "desk.toml")
    workspace = with_people(tmp_path / "workspace")
    shown = "".join(file.read_text(encoding="utf-8") for file in (workspace / "reports").rglob("*.html"))
    assert "&lt;img src=x onerror=alert(1)&gt;.txt" in shown  # the name of a file is in the report, as text
    with running(workspace) as url, chromium() as browser:
        ravi = Person(url, "ravi")
        claims = ravi.claims()
        for number, claim in enumerate(claims[:5]):
            words = "\n".join(texts[number::5])[:3900]
            assert ravi.act(claim, "comment", reason=words).is_redirect
            assert ravi.act(claim, "copy", page=texts[number], copy_of=words[:1900], reason=words).is_redirect
            assert ravi.act(claim, "draft", reason=words, url=words[:1900], other=words[:1900]).is_redirect
        page = signed_in(browser, url, "ravi", "ar", 1280)  # without the policy that would stop a script
        page.context.add_init_script(LISTEN)
        heard: list[str] = []
        page.on("dialog", lambda dialog: (heard.append(dialog.message), dialog.dismiss()))
        page.on("request", lambda request: heard.append(request.url))
        copies = [f"/claims/{c}/copies/" for c in claims]
        addresses = [f"{url}{path}" for path in ("/", "/?page=2", "/reports", "/charts")]
        for claim in claims:
            addresses.append(f"{url}/claims/{claim}")
            found = ravi.page(f"/claims/{claim}").select(f'a[href^="/claims/{claim}/copies/"]')
            addresses += sorted({url + str(link["href"]).partition("#")[0] for link in found})[:3]
        pages = sorted((workspace / "reports").rglob("*.html"))
        addresses += [file.as_uri() for file in pages]
        assert len(pages) > 20 and len(addresses) > len(pages) + len(claims) + len(copies) / 2
        for address in addresses:
            page.goto(address)
            page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
            assert page.evaluate("[window.hits, window.hit]") == [[], None], address
            assert page.evaluate(SEEN) == [], address
        assert [one for one in heard if not one.startswith((url, "data:,", workspace.as_uri()))] == []
