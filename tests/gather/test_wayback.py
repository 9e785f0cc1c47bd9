"""The Wayback Machine names copies of pages that are gone, and tells its failures apart."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from services import Reply, failed, opened, searched, service

from claims.gather.search import archived
from claims.gather.wayback import Version, WaybackConnector, original_address
from claims.model import Query
from claims.source_kinds import WaybackSource

PAGE = "http://news.example/a?id=1"
HEAD = ["timestamp", "original", "mimetype", "statuscode", "digest"]
NOTHING = Reply(b'{"url": "x", "archived_snapshots": {}}')


def source(origin: str, limit: int = 20) -> WaybackSource:
    return WaybackSource(
        name="w", kind="wayback", url=origin, available_url=f"{origin}/available", delay_s=0, limit=limit
    )


def closest(stamp: object = "20241012093000", status: object = "200", available: object = True) -> Reply:
    found = {"available": available, "url": "http://evil.example/", "timestamp": stamp, "status": status}
    return Reply(json.dumps({"archived_snapshots": {"closest": found}}).encode())


def cdx(*rows: list[object]) -> Reply:
    return Reply(json.dumps([HEAD, *rows] if rows else []).encode())


def test_the_nearest_good_copy_is_named_as_its_server_sent_it(tmp_path: Path) -> None:
    with service(lambda _: closest()) as wayback:
        near, newest = searched(
            tmp_path, source(wayback.origin), Query(PAGE, "", date(2024, 10, 12)), Query(PAGE, "")
        )
    assert [c.url for c in near] == [f"{wayback.origin}/web/20241012093000id_/{PAGE}"]
    assert near == newest
    assert [seen.params for seen in wayback.seen] == [
        {"url": PAGE, "timestamp": "20241012120000"},
        {"url": PAGE},
    ]


@pytest.mark.parametrize(
    "known",
    [NOTHING, closest(status="404"), closest(available="yes"), closest(stamp="2024/../x"), closest(stamp=7)],
)
def test_where_the_first_knows_nothing_the_second_is_asked(tmp_path: Path, known: Reply) -> None:
    rows = cdx(
        ["20240101000000", PAGE, "text/html", "200", "AAA"],
        ["20240601000000", PAGE, "text/html", "200", "BBB"],
    )
    with service(lambda asked: known if asked.path == "/available" else rows) as wayback:
        ((found,),) = searched(tmp_path, source(wayback.origin), Query(PAGE, ""))
    assert found.url == f"{wayback.origin}/web/20240601000000id_/{PAGE}"
    assert wayback.seen[1].params["limit"] == "-1" and wayback.seen[1].params["filter"] == "statuscode:200"


def test_nothing_archived_is_an_empty_answer_and_words_are_no_question(tmp_path: Path) -> None:
    with service(lambda asked: NOTHING if asked.path == "/available" else cdx()) as wayback:
        assert searched(tmp_path, source(wayback.origin), Query(PAGE, ""), Query("قمة قازان", "ar")) == [
            [],
            [],
        ]
    assert len(wayback.seen) == 2


def test_versions_that_differ_are_listed_oldest_first(tmp_path: Path) -> None:
    rows = cdx(
        ["20240601120000", PAGE, "text/html", "200", "BBB"],
        ["20240101000000", PAGE, "text/html", "200", "AAA"],
        ["20240102000000", PAGE, "text/html", "200", "AAA"],
        ["20249999000000", PAGE, "text/html", "200", "CCC"],
        ["20240103000000", PAGE, "text/html", "301", "DDD"],
        ["20240103000000", "javascript:x", "text/html", "200", "EEE"],
        ["short"],
        [1, 2, 3, 4, 5],
    )

    async def run() -> list[Version]:
        async with opened(tmp_path, source(wayback.origin)) as sources:
            connector = sources.archives[0].connector
            assert isinstance(connector, WaybackConnector)
            return await connector.versions(PAGE, date(2024, 1, 1), date(2024, 12, 31))

    with service(lambda _: rows) as wayback:
        found = asyncio.run(run())
    assert [(version.at, version.digest) for version in found] == [
        (datetime(2024, 1, 1, tzinfo=UTC), "AAA"),
        (datetime(2024, 6, 1, 12, tzinfo=UTC), "BBB"),
    ]
    assert (wayback.seen[0].params["from"], wayback.seen[0].params["to"]) == ("20240101", "20241231")


@pytest.mark.parametrize(
    ("available", "rows", "kind", "outcome"),
    [
        (Reply(b"{}"), None, "SourceUnusable", "misconfigured"),
        (Reply(b"<html>down", kind="text/html"), None, "SourceUnusable", "misconfigured"),
        (Reply(b"", 429), None, "SourceSkipped", "rate_limited"),
        (Reply(b"", 503), None, "SourceSkipped", "unreachable"),
        (NOTHING, Reply(b"org.archive.util: error"), "SourceSkipped", "unreachable"),
        (NOTHING, Reply(b'{"a": 1}'), "SourceUnusable", "misconfigured"),
        (NOTHING, Reply(b'[["urlkey", "x"], [1]]'), "SourceUnusable", "misconfigured"),
        (NOTHING, Reply(b"blocked", 403), "SourceUnusable", "refused"),
    ],
)
def test_failures_are_told_apart(
    tmp_path: Path, available: Reply, rows: Reply | None, kind: str, outcome: str
) -> None:
    with service(lambda asked: available if asked.path == "/available" else rows or cdx()) as wayback:
        assert failed(tmp_path, source(wayback.origin), Query(PAGE, ""))[:2] == (kind, outcome)


def test_an_archive_is_asked_for_its_share_and_given_up_where_it_fails(tmp_path: Path) -> None:
    urls = [f"http://news.example/{n}" for n in range(6)]

    async def run(limit: int) -> dict[str, tuple[int, list[str]]]:
        async with opened(tmp_path / str(limit), source(wayback.origin, limit)) as sources:
            found = await archived(urls, sources, date(2024, 10, 12))
            return {url: (len(g.candidates), [s.outcome for s in g.sought]) for url, g in found.items()}

    with service(lambda _: closest()) as wayback:
        assert asyncio.run(run(2)) == {url: (1, ["ok"]) for url in urls[:2]}
    with service(lambda _: Reply(b"", 502)) as wayback:
        assert asyncio.run(run(9)) == {url: (0, ["unreachable"]) for url in urls}
        assert len(wayback.seen) == 3


def test_a_copy_knows_the_page_it_is_of() -> None:
    for copy in (
        "https://web.archive.org/web/20241012093000id_/http://news.example/a",
        "https://web.archive.org/web/20241012/http://news.example/a",
        "https://web.archive.org/web/20241012093000/news.example/a",
    ):
        assert original_address(copy) == "http://news.example/a"
    assert original_address("http://news.example/web/1") == "http://news.example/web/1"


@given(st.text(max_size=80))
def test_any_address_has_an_original(text: str) -> None:
    assert original_address(original_address(text)) or not text
