"""GDELT is asked in its own way, in time, and its answers are read whether JSON, near-JSON or plain text."""

from __future__ import annotations

import json
import time
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from services import Reply, failed, searched, service

from claims.gather.gdelt import _day, _mended, _window
from claims.model import Query
from claims.source_kinds import GdeltSource

QUERY = Query("Putin Pezeshkian talks October 2024", "en", date(2024, 10, 11), date(2024, 10, 11))
ROW = {
    "url": "https://news.example/a",
    "url_mobile": "",
    "title": "Putin meets Pezeshkian",
    "seendate": "20241011T104500Z",
    "domain": "news.example",
    "language": "English",
    "sourcecountry": "Russia",
}


def source(origin: str, delay_s: float = 0.0, **more: int) -> GdeltSource:
    return GdeltSource(name="gdelt", kind="gdelt", url=f"{origin}/api/v2/doc/doc", delay_s=delay_s, **more)


def articles(*rows: object) -> Reply:
    return Reply(json.dumps({"articles": list(rows)}).encode())


def test_articles_come_back_with_the_day_they_were_seen(tmp_path: Path) -> None:
    hostile = [
        {"url": "javascript:x"},
        7,
        {"title": "no address"},
        ROW | {"url": "https://u:p@news.example/"},
    ]
    with service(lambda _: articles(ROW, *hostile, ROW)) as gdelt:
        ((found,),) = searched(tmp_path, source(gdelt.origin), QUERY)
    assert (found.url, found.title, found.published) == (ROW["url"], ROW["title"], date(2024, 10, 11))
    (asked,) = gdelt.seen
    assert asked.params == {
        "query": "Putin Pezeshkian talks",  # the month stands in the days
        "mode": "artlist",
        "format": "json",
        "maxrecords": "20",
        "sort": "hybridrel",
        "startdatetime": "20241008000000",
        "enddatetime": "20241110235959",
    }


def test_nothing_found_is_asked_once_more_with_fewer_words_and_never_twice(tmp_path: Path) -> None:
    query = Query("one two three four five six", "en")
    with service(lambda _: Reply(b"{}")) as gdelt:
        assert searched(tmp_path, source(gdelt.origin), query, query) == [[], []]
    assert [seen.params["query"] for seen in gdelt.seen] == ["one two three four five six", "one two three four",
                                                             "one two", "three four"]  # fmt: skip
    assert {seen.params["timespan"] for seen in gdelt.seen} == {"3months"}


def test_operators_of_its_language_are_not_ours_to_send(tmp_path: Path) -> None:
    with service(lambda _: articles(ROW)) as gdelt:
        searched(tmp_path, source(gdelt.origin), Query('near5:"a b" -domain:x (tone<5)', "en"))
    assert gdelt.seen[0].params["query"] == "near5 a b domain x tone 5"


@pytest.mark.parametrize(
    ("reply", "kind", "outcome", "said"),
    [
        (
            Reply(b"Please limit requests to one every 5 seconds or contact us", kind="text/html"),
            "SourceSkipped", "rate_limited", "one every 5 seconds",
        ),
        (Reply(b"The specified phrase is too short.", kind="text/html"), "SourceSkipped", "refused", "too short"),
        (Reply(b"<html><body>Moved", kind="text/html"), "SourceUnusable", "misconfigured", "check the address"),
        (Reply(b'{"articles": 7}'), "SourceUnusable", "misconfigured", "not that of GDELT"),
        (Reply(b'{"articles": [{"url": "http'), "SourceSkipped", "unreachable", "cannot be read"),
        (Reply(b"[" * 100_000), "SourceSkipped", "unreachable", "cannot be read"),
        (Reply(b"slow down", 429), "SourceSkipped", "rate_limited", "429"),
        (Reply(b"oops", 502), "SourceSkipped", "unreachable", "502"),
        (Reply(b"no", 403), "SourceUnusable", "refused", "403"),
        (Reply(b"gone", 404), "SourceUnusable", "misconfigured", "404"),
    ],
)  # fmt: skip
def test_failures_are_told_apart(tmp_path: Path, reply: Reply, kind: str, outcome: str, said: str) -> None:
    with service(lambda _: reply) as gdelt:
        error = failed(tmp_path, source(gdelt.origin), QUERY)
    assert error[:2] == (kind, outcome) and said in error[2] and gdelt.origin in error[2]


def test_control_characters_and_wild_backslashes_are_read(tmp_path: Path) -> None:
    body = b'{"articles": [{"url": "https://news.example/a", "title": "It\\\'s \x01 a C:\\path \\u0041 \\"q\\""}]}'
    with service(lambda _: Reply(body)) as gdelt:
        ((found,),) = searched(tmp_path, source(gdelt.origin), QUERY)
    assert found.title == 'It\\\'s a C:\\path A "q"'


def test_questions_are_spaced_and_bounded(tmp_path: Path) -> None:
    with service(lambda _: articles(ROW)) as gdelt:
        started = time.monotonic()
        searched(tmp_path, source(gdelt.origin, 0.15), *(Query(f"word {n}x", "en") for n in range(3)))
        assert time.monotonic() - started >= 0.3
        queries = [Query(f"word {letter}x", "en") for letter in "abc"]
        with pytest.raises(Exception, match="2 questions of one run are used up") as error:
            searched(tmp_path / "two", source(gdelt.origin, questions=2), *queries)
    assert error.value.outcome == "rate_limited"  # type: ignore[attr-defined]


def test_days_to_come_are_not_asked_for() -> None:
    now = datetime(2024, 10, 12, 9, 0, tzinfo=UTC)
    about = _window(date(2024, 10, 10), date(2024, 10, 30), now)
    assert about == {"startdatetime": "20241007000000", "enddatetime": "20241012090000"}
    assert (
        _window(date(2025, 1, 1), date(2025, 1, 2), now)
        == _window(None, None, now)
        == {"timespan": "3months"}
    )


@given(st.binary(max_size=200), st.text(max_size=30))
def test_mending_leaves_good_json_as_it_is(body: bytes, text: str) -> None:
    good = json.dumps({"title": text, "more": body.decode("latin-1")}).encode()
    assert _mended(good) == good
    json.loads(
        _mended(b'{"t": "' + body.replace(b'"', b"").replace(b"\\", b"\\x") + b'"}').decode("latin-1"),
        strict=False,
    )
    assert _day(text) is None or isinstance(_day(text), date)
