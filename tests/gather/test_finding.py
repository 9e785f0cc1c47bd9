"""New articles are listed once, newest first, from feeds, sitemaps, folders and addresses; failures cost only themselves."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from gather_support import Said
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from claims.errors import SourceSkipped
from claims.finding import WATCHES, Findings, Watch, find_articles

PAGES = {
    "http://a.example/rss": """<rss version="2.0"><channel>
<item><title>Old</title><link>http://a.example/old</link><pubDate>Tue, 01 Oct 2024 09:00:00 GMT</pubDate></item>
<item><title>New</title><link>http://a.example/new?utm_source=rss</link><pubDate>Sat, 12 Oct 2024 09:00:00 GMT</pubDate></item>
<item><title>Undated</title><link>http://a.example/undated</link></item></channel></rss>""",
    "http://a.example/map.xml": """<urlset><url><loc>https://www.a.example/new</loc><lastmod>2024-10-12</lastmod></url>
<url><loc>http://a.example/only-here</loc><lastmod>2024-10-11</lastmod></url></urlset>""",
    "http://a.example/empty": "<rss version='2.0'><channel></channel></rss>",
}


async def ask(url: str, params: Mapping[str, str], *, headers: Mapping[str, str] | None = None) -> Said:
    if url not in PAGES:
        raise SourceSkipped(f"{url}: connection refused")
    return Said(PAGES[url].encode(), content_type="text/xml")


def watch(kind: str, name: str, **more: object) -> Watch:
    return WATCHES[kind].model_validate({"kind": kind, "name": name, **more})


def found(*watches: Watch, known: tuple[str, ...] = (), since: date | None = None) -> Findings:
    return asyncio.run(find_articles(watches, ask, known, since))


RSS = {"url": "http://a.example/rss"}


def test_newest_first_each_once_whatever_lists_it() -> None:
    done = found(watch("feed", "f", **RSS), watch("sitemap", "s", url="http://a.example/map.xml"))
    assert [(a.where, a.watch, a.published) for a in done.articles] == [
        ("http://a.example/new?utm_source=rss", "f", date(2024, 10, 12)),
        ("http://a.example/old", "f", date(2024, 10, 1)),
        ("http://a.example/undated", "f", None),
        ("http://a.example/only-here", "s", date(2024, 10, 11)),
    ]
    assert [(look.watch, look.outcome, look.listed, look.new) for look in done.looked] == [
        ("f", "ok", 3, 3), ("s", "ok", 2, 1),
    ]  # fmt: skip


def test_what_is_known_or_older_is_left_out() -> None:
    first = found(watch("feed", "f", **RSS))
    assert found(watch("feed", "f", **RSS), known=tuple(a.key for a in first.articles)).articles == ()
    recent = found(watch("feed", "f", **RSS), since=date(2024, 10, 10))
    assert [a.title for a in recent.articles] == ["New", "Undated"]
    (one,) = found(watch("feed", "f", limit=1, **RSS)).articles
    assert one.title == "New"


def test_a_watch_that_fails_costs_the_others_nothing(tmp_path: Path) -> None:
    done = found(
        watch("feed", "down", url="http://down.example/rss"),
        watch("sitemap", "wrong", **RSS),
        watch("folder", "gone", path=str(tmp_path / "gone")),
        watch("feed", "empty", url="http://a.example/empty"),
        watch("page", "one", url="http://b.example/article"),
    )
    assert [a.where for a in done.articles] == ["http://b.example/article"]
    assert [(look.watch, look.outcome) for look in done.looked] == [
        ("down", "unreachable"),
        ("wrong", "misconfigured"),
        ("gone", "misconfigured"),
        ("empty", "empty"),
        ("one", "ok"),
    ]
    assert all(look.detail for look in done.looked[:3])


def test_files_are_new_until_known_and_again_when_edited(tmp_path: Path) -> None:
    outside = tmp_path / "outside.txt"
    outside.write_text("not ours", encoding="utf-8")
    folder = tmp_path / "in"
    (folder / "sub").mkdir(parents=True)
    for name, text in {
        "a.txt": "one",
        "sub/b.html": "<p>two",
        "c.pdf": "x",
        ".d.txt": "x",
        "e.txt": " \n",
    }.items():
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "link.txt").symlink_to(outside)
    (folder / "loop").symlink_to(folder)
    os.utime(folder / "a.txt", (0, 1_728_700_000))
    spec = watch("folder", "d", path=str(folder))
    first = found(spec)
    assert {Path(a.where).name for a in first.articles} == {"a.txt", "b.html"}
    assert {a.published for a in first.articles if a.where.endswith("a.txt")} == {date(2024, 10, 12)}
    known = tuple(a.key for a in first.articles)
    assert found(spec, known=known).articles == ()
    (folder / "a.txt").write_text("one, corrected", encoding="utf-8")
    assert [Path(a.where).name for a in found(spec, known=known).articles] == ["a.txt"]


@pytest.mark.parametrize(
    "row", [{"url": "file:///etc/passwd"}, {}, {"url": "http://a.example/", "path": "x"}]
)
def test_a_wrong_watch_is_refused(row: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        watch("page", "p", **row)


@settings(deadline=None, max_examples=30)
@given(st.lists(st.sampled_from(["feed", "sitemap"]), max_size=4), st.sets(st.sampled_from(
    ["a.example/new", "a.example/old", "a.example/undated", "a.example/only-here"]
)))  # fmt: skip
def test_the_same_watches_and_keys_give_the_same_articles(kinds: list[str], known: set[str]) -> None:
    urls = {"feed": "http://a.example/rss", "sitemap": "http://a.example/map.xml"}
    specs = [watch(kind, f"{kind}{n}", url=urls[kind]) for n, kind in enumerate(kinds)]
    done = found(*specs, known=tuple(known))
    assert done == found(*specs, known=tuple(sorted(known)))
    keys = [article.key for article in done.articles]
    assert len(set(keys)) == len(keys) and not set(keys) & known
