"""The MediaWiki connector names revisions, waits where asked to, and widens a query that found nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import pytest
from gather_support import Said, Scripted, said

from claims.errors import SourceSkipped, SourceUnusable
from claims.gather.mediawiki import MediaWikiConnector
from claims.gather.search import OpenSource, OpenSources, gather
from claims.model import Article, Candidate, Query

API = "http://wiki.example/w/api.php"


def searched(ask: Scripted, text: str = "قمة بريكس قازان", limit: int = 5) -> list[Candidate]:
    return asyncio.run(MediaWikiConnector("wiki", API, ask, limit).search(Query(text, "ar")))


def hits(*ids: object) -> Said:
    rows = [{"pageid": i, "title": f"T{i}", "snippet": f'<span class="searchmatch">s</span>{i}'} for i in ids]
    return said({"batchcomplete": True, "query": {"search": rows}})


def pages(*rows: object) -> Said:
    return said({"batchcomplete": True, "query": {"pages": list(rows)}})


def page(number: int, url: object = "http://wiki.example/wiki/T") -> dict[str, object]:
    return {"pageid": number, "fullurl": url, "revisions": [{"revid": number * 10}], "lastrevid": 1}


def scripted(found: Said, named: Said) -> Scripted:
    return Scripted(lambda params: found if "list" in params else named)


def test_candidates_are_addresses_of_revisions_in_search_order() -> None:
    ask = scripted(hits(2, 1), pages(page(1), page(2, "//wiki.example/w/index.php?title=%D9%82")))
    assert searched(ask) == [
        Candidate("http://wiki.example/w/index.php?title=%D9%82&oldid=20", "wiki", "T2", None, "s 2"),
        Candidate("http://wiki.example/wiki/T?oldid=10", "wiki", "T1", None, "s 1"),
    ]
    first, second = ask.asked
    assert {first["srwhat"], first["maxlag"], first["srlimit"]} == {"text", "5"}
    assert second["pageids"] == "2|1"


def test_query_that_finds_nothing_is_widened() -> None:
    ask = Scripted(
        lambda p: (hits(1) if len(p["srsearch"].split()) <= 2 else hits()) if "list" in p else pages(page(1))
    )
    assert len(searched(ask, "a b c d e f")) == 1
    assert [asked["srsearch"] for asked in ask.asked[:3]] == ["a b c d e f", "a b c d", "a b"]


def test_nothing_at_all_is_an_empty_list() -> None:
    assert searched(Scripted(lambda _: said({"batchcomplete": True}))) == []


def test_hostile_rows_are_dropped() -> None:
    found = hits(1, "2", True, -3, 4, 5)
    named = pages(
        page(1, "javascript:x"), None, page(4, 7), {"pageid": 5, "revisions": [], "fullurl": "http://w/"}
    )
    assert searched(scripted(found, named)) == []


def test_lag_is_waited_for() -> None:
    lagged = said({"error": {"code": "maxlag", "info": "Waiting for db: 6 seconds lagged"}}, retry_after="0")
    answers = [lagged, Said(b"lag", 503, headers={"retry-after": "0"}), hits(1), pages(page(1))]
    assert len(searched(Scripted(lambda _: answers.pop(0)))) == 1
    with pytest.raises(SourceSkipped, match="maxlag") as error:
        searched(Scripted(lambda _: lagged))
    assert error.value.outcome == "rate_limited"


@pytest.mark.parametrize(
    ("reply", "kind", "outcome"),
    [
        (said({"error": {"code": "readapidenied", "info": "no"}}), SourceUnusable, "refused"),
        (said({"error": {"code": "ratelimited", "info": "no"}}), SourceSkipped, "rate_limited"),
        (said({"error": {"code": "internal_api_error_DBQueryError"}}), SourceSkipped, "unreachable"),
        (said({"error": {"code": "badinteger", "info": "no"}}), SourceUnusable, "misconfigured"),
        (said({"results": []}), SourceUnusable, "misconfigured"),
        (said({"query": {"search": "x"}}), SourceSkipped, "unreachable"),
        (Said(b"<html>", 200, "text/html"), SourceUnusable, "misconfigured"),
        (said({}, 500), SourceSkipped, "unreachable"),
    ],
)
def test_failures_are_told_apart(reply: Said, kind: type[Exception], outcome: str) -> None:
    with pytest.raises(kind) as error:
        searched(Scripted(lambda _: reply))
    assert error.value.outcome == outcome  # type: ignore[attr-defined]


def test_server_without_lag_header_is_not_waited_for() -> None:
    ask = Scripted(lambda _: Said(b"", 503))
    with pytest.raises(SourceSkipped):
        searched(ask)
    assert len(ask.asked) == 1


def test_limit_is_kept() -> None:
    def reply(params: Mapping[str, str]) -> Said:
        return hits(*range(1, 9)) if "list" in params else pages(*(page(n) for n in range(1, 9)))

    assert len(searched(Scripted(reply), limit=3)) == 3


def test_a_wiki_is_asked_one_thing_at_a_time_and_told_our_patience() -> None:
    under_way, most = 0, 0

    async def ask(url: str, params: Mapping[str, str], *, headers: Mapping[str, str] | None = None) -> Said:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        await asyncio.sleep(0.001)
        under_way -= 1
        assert params["maxlag"] == "5"
        return hits(1) if "list" in params else pages(page(1))

    async def run() -> int:
        source = OpenSource(MediaWikiConnector("wiki", API, ask, 5))
        opened = OpenSources((source,))
        article = Article("a_1", "text", None, "ar")
        found = await asyncio.gather(
            *(
                gather([Query(f"{n} {lang}", lang)], opened, article, 5)
                for n in range(4)
                for lang in ("ar", "en")
            )
        )
        return sum(len(one.candidates) for one in found)

    assert asyncio.run(run()) == 8
    assert most == 1
