"""The SearXNG connector takes what is useful from an answer and calls every failure by its name."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from datetime import date

import pytest
from gather_support import Said, Scripted, said
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.errors import SourceSkipped, SourceUnusable
from claims.gather.searxng import SearxngConnector
from claims.model import Candidate, Query

QUERY = Query("قمة بريكس قازان", "ar")


def searched(reply: Said, limit: int = 20) -> tuple[list[Candidate], Scripted]:
    ask = Scripted(lambda _: reply)
    return asyncio.run(SearxngConnector("meta", "http://search.example/", ask, limit).search(QUERY)), ask


def test_results_become_candidates() -> None:
    row = {
        "url": "https://a.example/1?utm_source=x",
        "title": "Summit <b>in</b> Kazan &amp; more",
        "content": "Twenty\x00 two\nto 24",
        "publishedDate": "2024-10-12T10:00:00+03:00",
        "engine": "x",
    }
    found, ask = searched(said({"query": "q", "results": [row]}))
    assert found == [
        Candidate(
            "https://a.example/1?utm_source=x",
            "meta",
            "Summit in Kazan & more",
            date(2024, 10, 12),
            "Twenty two to 24",
        )
    ]
    assert ask.asked == [{"q": QUERY.text, "format": "json", "language": "ar", "pageno": "1"}]


def test_hostile_rows_are_dropped_and_lengths_bounded() -> None:
    rows: list[object] = [
        None,
        "x",
        {},
        {"url": 7},
        {"url": "javascript:alert(1)"},
        {"url": "file:///etc/passwd"},
        {"url": "http://user:pass@a.example/"},
        {"url": "http://a.example:x/"},
        {"url": "http://[::1"},
        {"url": "http://a.example/\nX: y"},
        {"url": "http://a.example/" + "x" * 5000},
        {"url": "HTTP://b.example/", "title": "t" * 9000, "content": ["x"], "publishedDate": {"x": 1}},
        {"url": "http://c.example/", "title": "\ud800 lone", "publishedDate": "2024-99-99"},
        {"url": "http://d.example/", "publishedDate": "Sat, 12 Oct 2024 08:00:00 GMT"},
    ]
    found, _ = searched(said({"results": rows}))
    assert [candidate.url for candidate in found] == [
        "HTTP://b.example/",
        "http://c.example/",
        "http://d.example/",
    ]
    assert len(found[0].title or "") == 300
    assert (found[1].title, found[1].published) == ("lone", None)
    assert found[2].published == date(2024, 10, 12)


def test_more_pages_are_asked_until_the_limit() -> None:
    def reply(params: Mapping[str, str]) -> Said:
        page = int(params["pageno"])
        return said({"results": [{"url": f"http://a.example/{page}-{n}"} for n in range(10)]})

    ask = Scripted(reply)
    found = asyncio.run(SearxngConnector("meta", "http://s.example", ask, 25).search(QUERY))
    assert [len(found), len(ask.asked)] == [25, 3]


def test_query_that_finds_nothing_is_widened_and_fewer_words_are_not_asked_again_in_vain() -> None:
    def reply(params: Mapping[str, str]) -> Said:
        return said({"query": "q", "results": [{"url": "http://a.example/"}] if params["q"] == "c d" else []})

    ask = Scripted(reply)
    connector = SearxngConnector("meta", "http://s.example", ask, 5)

    async def both() -> list[int]:
        return [len(await connector.search(Query(text, "en"))) for text in ("a b c d e f", "a b c d 2024")]

    assert asyncio.run(both()) == [1, 1]
    assert [asked["q"] for asked in ask.asked] == [
        "a b c d e f",
        "a b c d",
        "a b",
        "c d",
        "a b c d 2024",
        "c d",
    ]


def test_date_is_taken_where_it_can_be_read() -> None:
    row = {
        "url": "https://a.example/",
        "publishedDate": "12 oct. 2024",
        "pubdate": "2024-10-12 08:00:00+0000",
    }
    assert searched(said({"results": [row]}))[0][0].published == date(2024, 10, 12)


def test_same_page_again_ends_the_search() -> None:
    rows = [{"url": f"http://a.example/{n}"} for n in range(10)]
    found, ask = searched(said({"results": rows}), limit=50)
    assert [len(found), len(ask.asked)] == [10, 2]


def test_later_page_that_fails_leaves_the_earlier_ones() -> None:
    rows = [{"url": f"http://a.example/{n}"} for n in range(10)]
    ask = Scripted(lambda p: said({"results": rows}) if p["pageno"] == "1" else said({}, 500))
    assert len(asyncio.run(SearxngConnector("meta", "http://s.example", ask, 50).search(QUERY))) == 10


def test_no_results_is_empty_only_where_the_engines_answered() -> None:
    assert searched(said({"query": "q", "results": [], "unresponsive_engines": []}))[0] == []
    with pytest.raises(SourceSkipped, match="bing: timeout") as error:
        searched(said({"query": "q", "results": [], "unresponsive_engines": [["bing", "timeout"], 3]}))
    assert error.value.outcome == "unreachable"


def test_empty_answers_after_a_failure_mean_that_the_engines_are_resting() -> None:
    failed = said({"query": "q", "results": [], "unresponsive_engines": [["bing", "HTTP error"]]})
    silent = said({"query": "q", "results": [], "unresponsive_engines": []})
    answers = [
        silent,
        failed,
        silent,
        said({"query": "q", "results": [{"url": "http://a.example/"}]}),
        silent,
    ]
    connector = SearxngConnector("meta", "http://s.example", Scripted(lambda _: answers.pop(0)), 5)

    async def outcomes() -> list[str | int]:
        seen: list[str | int] = []
        for number in range(5):
            try:
                seen.append(len(await connector.search(Query(f"قمة{number} قازان", "ar"))))
            except SourceSkipped as error:
                seen.append(error.outcome)
        return seen

    assert asyncio.run(outcomes()) == [0, "unreachable", "unreachable", 1, 0]


@pytest.mark.parametrize(
    ("reply", "kind", "outcome"),
    [
        (Said(b"<!doctype html><p>hello", content_type="text/html"), SourceUnusable, "misconfigured"),
        (Said(b"Forbidden", 403, "text/html"), SourceUnusable, "misconfigured"),
        (said({}, 401), SourceUnusable, "misconfigured"),
        (said({}, 404), SourceUnusable, "misconfigured"),
        (said({}, 302), SourceUnusable, "misconfigured"),
        (said([1]), SourceUnusable, "misconfigured"),
        (said({"pages": []}), SourceUnusable, "misconfigured"),
        (said({}, 429), SourceSkipped, "rate_limited"),
        (said({}, 503), SourceSkipped, "unreachable"),
        (Said(b'{"results": [', 200), SourceSkipped, "unreachable"),
        (Said(b"[" * 200_000, 200), SourceSkipped, "unreachable"),
        (Said(b"\xff\xfe\x00", 200), SourceSkipped, "unreachable"),
    ],
)
def test_failures_are_told_apart(reply: Said, kind: type[Exception], outcome: str) -> None:
    with pytest.raises(kind) as error:
        searched(reply)
    assert error.value.outcome == outcome  # type: ignore[attr-defined]
    assert str(error.value).startswith("meta: http://search.example/search ")


def test_refusal_by_the_fetcher_names_the_setting_to_change() -> None:
    def refuse(_: Mapping[str, str]) -> Said:
        raise SourceUnusable("status 403, it refuses us", "refused")

    with pytest.raises(SourceUnusable, match=r"search\.formats") as error:
        asyncio.run(SearxngConnector("meta", "http://s.example", Scripted(refuse), 5).search(QUERY))
    assert error.value.outcome == "misconfigured"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
rows = st.fixed_dictionaries(
    {},
    optional={
        "url": json_values | st.builds("http://a.example/{}".format, st.text()),
        "title": json_values,
        "content": json_values,
        "publishedDate": json_values | st.text(alphabet="0123456789-T: ", max_size=20),
    },
)


@settings(deadline=None)
@given(
    st.fixed_dictionaries(
        {"results": st.lists(rows | json_values) | json_values, "unresponsive_engines": json_values}
    )
)
def test_any_json_gives_clean_candidates_or_a_named_failure(table: dict[str, object]) -> None:
    try:
        found, _ = searched(Said(json.dumps(table).encode()))
    except (SourceSkipped, SourceUnusable):
        return
    for candidate in found:
        assert candidate.url.lower().startswith(("http://", "https://"))
        assert "\n" not in (candidate.title or "")
        assert len(candidate.snippet or "") <= 600
