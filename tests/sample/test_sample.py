"""The packaged sample is whole: every page is there, readable, marked as a sample, of the kinds promised."""

from __future__ import annotations

import re
import tomllib
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from bs4 import BeautifulSoup, Tag

from claims.gather.recorded import load_web
from claims.sources import SAMPLE_SOURCES, load_sources

SAMPLE = SAMPLE_SOURCES.parent
WEB = SAMPLE / "web"
PAGES: list[dict[str, Any]] = tomllib.loads((WEB / "web.toml").read_text(encoding="utf-8"))["page"]
HTML = [page for page in PAGES if page.get("content_type", "text/html").startswith("text/html")]
READABLE = [page for page in HTML if page.get("status", 200) == 200]
NOTICE = {
    "ar": "صفحة نموذجية كُتبت لعرض برنامج «تبيّن»",
    "en": "A sample page written for the demonstration of Tabayyun",
    "ru": "Образец страницы, написанный для демонстрации программы Tabayyun",
    "fa": "صفحه‌ای نمونه که برای نمایش نرم‌افزار تبیّن (Tabayyun) نوشته شده است",
}
SCRIPT = {"ar": "[ء-ي]", "fa": "[پچژگکی]", "ru": "[а-яё]", "en": "[a-z]"}


def charset(page: dict[str, Any]) -> str:
    """The charset that the header declares, else the page itself, else UTF-8."""
    in_header = re.search(r"charset=([\w-]+)", page.get("content_type", "text/html; charset=utf-8"))
    if in_header:
        return in_header.group(1)
    in_page = re.search(rb'<meta charset="([\w-]+)"', (WEB / page["file"]).read_bytes())
    return in_page.group(1).decode("ascii") if in_page else "utf-8"


def soup(page: dict[str, Any]) -> BeautifulSoup:
    return BeautifulSoup((WEB / page["file"]).read_bytes().decode(charset(page)), "lxml")


def article(page: dict[str, Any]) -> Tag:
    found = soup(page).find("article")
    assert isinstance(found, Tag)
    return found


def by_file(name: str) -> dict[str, Any]:
    return next(page for page in PAGES if page["file"] == name)


def ids(pages: list[dict[str, Any]]) -> list[str]:
    return [str(page["file"]) for page in pages]


def words(name: str) -> list[str]:
    paragraphs = [p.get_text() for p in article(by_file(name)).find_all("p")]
    return re.findall(r"\w+", " ".join(text for text in paragraphs if len(text) > 60))


def likeness(first: str, second: str) -> float:
    """The share of the four-word runs of the shorter page that stand in the other one too."""
    runs = [{tuple(w[i : i + 4]) for i in range(len(w) - 3)} for w in (words(first), words(second))]
    return len(runs[0] & runs[1]) / min(len(runs[0]), len(runs[1]))


def test_the_table_and_the_folder_agree() -> None:
    named = [page["file"] for page in PAGES]
    on_disk = {file.relative_to(WEB).as_posix() for file in WEB.rglob("*") if file.is_file()} - {"web.toml"}
    assert sorted(named) == sorted(on_disk)
    assert len({page["url"] for page in PAGES}) == len(PAGES)
    for page in PAGES:
        assert page["file"].split("/")[0] == urlsplit(page["url"]).hostname


def test_the_replay_server_takes_every_page() -> None:
    assert len(load_web(WEB)) == len(PAGES)


def test_hosts_are_made_up_and_many() -> None:
    hosts = {urlsplit(page["url"]).hostname or "" for page in PAGES}
    assert all(host.endswith(".example") for host in hosts)
    assert len(hosts) >= 15


def test_at_least_thirty_pages_in_four_languages() -> None:
    assert len(READABLE) >= 30
    counts = {lang: sum(page["lang"] == lang for page in READABLE) for lang in NOTICE}
    assert min(counts.values()) >= 5
    assert max(counts, key=lambda lang: counts[lang]) == "ar"


@pytest.mark.parametrize("page", HTML, ids=ids(HTML))
def test_a_page_says_that_it_is_a_sample(page: dict[str, Any]) -> None:
    parsed = soup(page)
    notice = NOTICE[page["lang"]]
    description = parsed.find("meta", attrs={"name": "description"})
    footer = parsed.find("footer")
    assert isinstance(description, Tag) and notice in str(description["content"])
    assert isinstance(footer, Tag) and notice in footer.get_text()
    main = parsed.find("article")
    assert main is None or notice not in main.get_text()


@pytest.mark.parametrize("page", READABLE, ids=ids(READABLE))
def test_an_article_has_a_title_prose_and_its_own_script(page: dict[str, Any]) -> None:
    parsed = soup(page)
    root = parsed.find("html")
    assert isinstance(root, Tag)
    assert (root["lang"], root["dir"]) == (page["lang"], "rtl" if page["lang"] in ("ar", "fa") else "ltr")
    heading = parsed.find("h1")
    assert heading is not None and heading.get_text() == page["title"]
    paragraphs = [p.get_text() for p in article(page).find_all("p") if len(p.get_text()) > 60]
    text = " ".join(paragraphs).lower()
    assert len(re.findall(SCRIPT[page["lang"]], text)) > 40
    if "isAccessibleForFree" not in str(parsed):
        assert len(paragraphs) >= 4


@pytest.mark.parametrize("page", READABLE, ids=ids(READABLE))
def test_links_between_pages_lead_to_pages(page: dict[str, Any]) -> None:
    known = {other["url"] for other in PAGES}
    aside = soup(page).find("aside")
    links = aside.find_all("a") if isinstance(aside, Tag) else []
    assert {urljoin(page["url"], str(link["href"])) for link in links} <= known


def test_nobody_is_dated_after_the_events_but_one_explainer() -> None:
    late = []
    for page in READABLE:
        stamps = re.findall(r"20\d\d-\d\d-\d\d(?=T)", str(soup(page)))
        late += [page["file"] for stamp in stamps if date.fromisoformat(stamp) > date(2024, 10, 25)]
    assert set(late) == {"meridian-explainers.example/treaty-signed.html"}


def test_robots_forbids_a_page_that_search_lists() -> None:
    robots = (WEB / "alsariya.example/robots.txt").read_text(encoding="utf-8")
    forbidden = re.findall(r"(?m)^Disallow: (\S+)$", robots)
    inside = [p for p in READABLE if p["url"].startswith("http://alsariya.example" + forbidden[0])]
    outside = [p for p in READABLE if p["url"].startswith("http://alsariya.example") and p not in inside]
    assert len(inside) == 1 and not inside[0].get("hidden")
    assert outside


def test_a_missing_page_and_a_moved_page_are_still_listed() -> None:
    [missing] = [page for page in PAGES if page.get("status") == 404]
    [moved] = [page for page in PAGES if page.get("status") == 301]
    assert missing["title"] and not missing.get("hidden")
    assert moved["title"] and not moved.get("hidden")
    target = next(page for page in PAGES if page["url"] == moved["location"])
    assert target["hidden"] and target.get("status", 200) == 200


def test_windows_1256_is_declared_in_the_header_and_in_the_page() -> None:
    pages = [page for page in HTML if charset(page) == "windows-1256"]
    assert sorted("charset" in page["content_type"] for page in pages) == [False, True]
    for page in pages:
        data = (WEB / page["file"]).read_bytes()
        assert "إيران".encode("windows-1256") in data
        with pytest.raises(UnicodeDecodeError):
            data.decode("utf-8")


def test_one_page_is_slower_than_the_fetcher_waits() -> None:
    [slow] = [page["delay_s"] for page in PAGES if page.get("delay_s")]
    assert slow > load_sources(None).fetch.timeout_s


def test_one_wire_story_stands_in_three_papers_and_nowhere_else() -> None:
    copies = [f"{host}.example/kazan-wire.html" for host in ("nahr-news", "alqindil", "barid-almashriq")]
    assert likeness(copies[0], copies[1]) > 0.75
    assert likeness(copies[0], copies[2]) > 0.75
    assert all("ربى" in article(by_file(copy)).get_text() for copy in copies)
    others = [p["file"] for p in READABLE if p["lang"] == "ar" and p["file"] not in copies]
    assert max(likeness(copies[0], other) for other in others) < 0.1


def test_the_hostile_page_carries_its_attacks() -> None:
    page = by_file("majlis-alqurra.example/taliq.html")
    raw = (WEB / page["file"]).read_text(encoding="utf-8")
    assert "<script>" in page["title"]
    for attack in (
        "<script>document",
        "&lt;script&gt;",
        "onerror=",
        "javascript:",
        "169.254.169.254",
        "{{ 7",
    ):
        assert attack in raw


def test_the_inventory_names_every_page() -> None:
    inventory = (SAMPLE / "README.md").read_text(encoding="utf-8")
    assert [page["file"] for page in PAGES if f"`{page['file']}`" not in inventory] == []
    named = re.findall(r"`([\w.-]+\.example/[\w.-]+)`", inventory)
    assert set(named) <= {page["file"] for page in PAGES}


def test_the_article_is_arabic_news_with_the_claims_that_matter() -> None:
    text = (SAMPLE / "article.ar.txt").read_text(encoding="utf-8")
    paragraphs = text.strip().split("\n")
    assert 12 <= len(paragraphs) <= 18
    assert any("قازان" in p and "22" in p and "24" in p for p in paragraphs)
    assert any("اتهمت إيران" in p and "وتنفي طهران" in p for p in paragraphs)


def test_the_packaged_sources_load() -> None:
    sources = load_sources(None)
    assert sources.sample
    [spec] = sources.sources
    assert (spec.kind, spec.path) == ("replay", Path(WEB).resolve())
    assert set(spec.languages) == set(NOTICE)
