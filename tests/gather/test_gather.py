"""Sources are asked, their answers merged, and every outcome is recorded under its own name."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from gather_support import ask_loopback, get
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.errors import SourceSkipped, SourceUnusable
from claims.gather.addresses import canonical_url, page_key
from claims.gather.search import Gathered, OpenSource, OpenSources, gather, open_connectors
from claims.model import Article, Candidate, Query
from claims.source_kinds import FolderSource, MediaWikiSource, ReplaySource, SearxngSource

ARABIC, ENGLISH = Query("قمة قازان", "ar"), Query("summit Kazan", "en")


def article(url: str | None = None) -> Article:
    return Article("a_1", "text", date(2024, 10, 12), "ar", url=url)


class Fixed:
    """A source that answers by a function of the query."""

    def __init__(self, name: str, answer: Callable[[Query], list[str]]) -> None:
        self.name = name
        self.answer = answer
        self.asked: list[Query] = []

    async def search(self, query: Query) -> list[Candidate]:
        self.asked.append(query)
        return [Candidate(url, self.name) for url in self.answer(query)]


def gathered(
    sources: list[OpenSource], queries: list[Query], own: str | None = None, limit: int = 50
) -> Gathered:
    return asyncio.run(gather(queries, OpenSources(tuple(sources)), article(own), limit))


def failing(error: Exception) -> Callable[[Query], list[str]]:
    def answer(_: Query) -> list[str]:
        raise error

    return answer


def test_pages_named_often_and_early_come_first() -> None:
    one = Fixed("one", lambda _: ["http://a.example/x", "http://b.example/"])
    two = Fixed("two", lambda _: ["https://www.b.example/?utm_source=two#top", "http://c.example/"])
    found = gathered([OpenSource(one), OpenSource(two)], [ARABIC])
    assert [candidate.url for candidate in found.candidates] == [
        "http://b.example/",
        "http://a.example/x",
        "http://c.example/",
    ]
    assert [(s.source, s.query, s.outcome, s.found) for s in found.sought] == [
        ("one", "قمة قازان", "ok", 2),
        ("two", "قمة قازان", "ok", 2),
    ]
    assert len(gathered([OpenSource(one), OpenSource(two)], [ARABIC], limit=1).candidates) == 1


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_wiki_page_and_its_revision_are_one_candidate_at_the_revision(order: tuple[int, int]) -> None:
    addresses = ["http://w.example/wiki/%D9%82", "http://w.example/wiki/ق?oldid=7"]
    first, second = (Fixed(str(n), lambda _, n=n: [addresses[n]]) for n in order)
    found = gathered([OpenSource(first), OpenSource(second)], [ARABIC])
    assert [candidate.url for candidate in found.candidates] == [addresses[1]]


def test_the_article_is_no_candidate_for_itself() -> None:
    source = Fixed(
        "one",
        lambda _: [
            "https://www.news.example/a/1?utm_medium=x",
            "https://web.archive.example/web/2024/http://news.example/a/1",
            "http://news.example/a/12",
        ],
    )
    found = gathered([OpenSource(source)], [ARABIC], own="http://news.example/a/1/")
    assert [candidate.url for candidate in found.candidates] == ["http://news.example/a/12"]


def test_sources_are_asked_in_their_languages_only() -> None:
    source = Fixed("one", lambda _: [])
    found = gathered([OpenSource(source, ("en", "ru"))], [ARABIC, ENGLISH])
    assert source.asked == [ENGLISH]
    assert [s.outcome for s in found.sought] == ["empty"]


def test_skipped_look_up_leaves_the_source_in_use_unusable_does_not() -> None:
    queries = [Query(f"q{n}", "en") for n in range(3)]
    flaky = Fixed(
        "flaky",
        lambda q: (
            ["http://a.example/"] if q.text == "q1" else failing(SourceSkipped("no", "rate_limited"))(q)
        ),
    )
    broken = Fixed("broken", failing(SourceUnusable("html", "misconfigured")))
    found = gathered([OpenSource(flaky), OpenSource(broken)], queries)
    assert [s.outcome for s in found.sought] == ["rate_limited", "ok", "rate_limited", *["misconfigured"] * 3]
    assert [s.query for s in found.sought[3:]] == ["q0", "q1", "q2"]
    assert (len(flaky.asked), len(broken.asked)) == (3, 1)


def test_source_out_of_reach_is_given_up_after_three_failures() -> None:
    source = Fixed("dead", failing(SourceSkipped("dead: connection refused")))
    found = gathered([OpenSource(source)], [Query(f"q{n}", "en") for n in range(6)])
    assert len(source.asked) == 3
    assert {s.outcome for s in found.sought} == {"unreachable"}
    assert len(found.sought) == 6


def test_hung_source_does_not_hang_the_run() -> None:
    class Hung:
        name = "hung"

        async def search(self, query: Query) -> list[Candidate]:
            await asyncio.sleep(3600)
            return []

    quick = Fixed("quick", lambda _: ["http://a.example/"])
    found = gathered([OpenSource(Hung(), answer_within_s=0.05), OpenSource(quick)], [ARABIC, ENGLISH])
    assert [s.outcome for s in found.sought] == ["unreachable", "unreachable", "ok", "ok"]
    assert "0.05 s" in (found.sought[0].detail or "")
    assert len(found.candidates) == 1


def test_a_question_is_put_once_in_a_run_and_recorded_each_time() -> None:
    source = Fixed("one", lambda _: ["http://a.example/"])
    opened = OpenSources((OpenSource(source),))

    async def both() -> tuple[Gathered, Gathered]:
        first, second = await asyncio.gather(
            gather([ARABIC], opened, article(), 5), gather([ARABIC, ENGLISH], opened, article(), 5)
        )
        return first, second

    first, second = asyncio.run(both())
    assert source.asked == [ARABIC, ENGLISH]
    assert first.candidates == second.candidates
    assert [len(first.sought), len(second.sought)] == [1, 2]


def test_recorded_web_and_folder_are_opened_asked_and_closed(tmp_path: Path) -> None:
    web, notes = tmp_path / "web", tmp_path / "notes"
    web.mkdir()
    notes.mkdir()
    (web / "web.toml").write_text('[[page]]\nurl = "http://a.example/s"\nfile = "s.html"\nlang = "en"')
    (web / "s.html").write_text("<title>Summit in Kazan</title><p>From 22 to 24 October")
    (notes / "note.txt").write_text("A summit was held in Kazan", encoding="utf-8")
    specs = [
        ReplaySource(name="web", kind="replay", path=web),
        FolderSource(name="notes", kind="folder", path=notes),
    ]

    async def run() -> tuple[Gathered, OpenSources]:
        async with open_connectors(specs, ask_loopback) as opened:
            host, port = opened.routes["a.example"]
            assert opened.trusted == {f"http://{host}:{port}"}
            assert (await asyncio.to_thread(get, port, "a.example", "/s"))[0] == 200
            return await gather([ENGLISH], opened, article(), 10), opened

    found, opened = asyncio.run(run())
    assert {candidate.url for candidate in found.candidates} == {
        (notes / "note.txt").resolve().as_uri(),
        "http://a.example/s",
    }
    assert opened.folders == (notes.resolve(),)
    with pytest.raises(OSError):
        get(opened.routes["a.example"][1], "a.example", "/s")


def test_configured_servers_are_trusted() -> None:
    specs = [
        SearxngSource(name="m", kind="searxng", url="http://127.0.0.1:8888"),
        MediaWikiSource(name="w", kind="mediawiki", url="https://Wiki.example/w/api.php"),
    ]

    async def run() -> OpenSources:
        async with open_connectors(specs, ask_loopback) as opened:
            return opened

    assert asyncio.run(run()).trusted == {"http://127.0.0.1:8888", "https://wiki.example"}


def test_canonical_addresses() -> None:
    assert (
        canonical_url("HTTP://A.example:80/x?b=2&utm_source=f&a=1&fbclid=9#part")
        == "http://a.example/x?a=1&b=2"
    )
    assert page_key("https://www.a.example/x/") == page_key("http://a.example/x#y") == "a.example/x"
    assert page_key("http://a.example/x?id=1") != page_key("http://a.example/x?id=2")
    assert page_key("http://a.example/x?id=1&oldid=8") == page_key("http://a.example/x?id=1")
    assert canonical_url("http://a.example/قمة") == canonical_url("http://a.example/%D9%82%D9%85%D8%A9")


@settings(deadline=None)
@given(st.text() | st.builds("http://{}".format, st.text()))
def test_canonical_address_is_stable_for_any_text(text: str) -> None:
    once = canonical_url(text)
    assert canonical_url(once) == once
    assert page_key(text) == page_key(once)
