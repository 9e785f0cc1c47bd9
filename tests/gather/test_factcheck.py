"""Fact Check Tools: checks come back as what they are, and the key shows nowhere, whatever goes wrong."""

from __future__ import annotations

import asyncio
import json
from datetime import date
from pathlib import Path

import pytest
from gather_support import Scripted, said
from hypothesis import given, settings
from hypothesis import strategies as st
from services import Reply, failed, searched, service

from claims.errors import SourceSkipped, SourceUnusable
from claims.gather.factcheck import FactCheckConnector
from claims.model import PublishedCheck, Query
from claims.source_kinds import FactCheckToolsSource

KEY = "AIzaSy-not-a-real-key_1"
QUERY = Query("fuel prices 2024 October", "en")
REVIEW = {
    "publisher": {"name": "Desk", "site": "desk.example"},
    "url": "https://desk.example/checks/1",
    "title": "No, prices did not fall",
    "reviewDate": "2024-10-08T00:00:00Z",
    "textualRating": "<b>False</b>",
    "languageCode": "en",
}
CLAIM = {
    "text": "Fuel prices fell\nby half",
    "claimant": "A post",
    "claimDate": "2024-10-01",
    "claimReview": [REVIEW],
}


def source(origin: str, **more: object) -> FactCheckToolsSource:
    row = {"name": "checks", "kind": "factcheck_tools", "url": f"{origin}/v1alpha1/claims:search", **more}
    return FactCheckToolsSource.model_validate(row)


def table(*claims: object) -> Reply:
    return Reply(json.dumps({"claims": list(claims), "nextPageToken": "x"}).encode())


def google_error(code: int, message: str, reason: str = "") -> Reply:
    """An error in the shape that Google's services give it."""
    details = [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": reason}]
    return Reply(json.dumps({"error": {"code": code, "message": message, "details": details}}).encode(), code)


@pytest.fixture(autouse=True)
def no_key_around(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TABAYYUN_FACTCHECK_KEY", raising=False)


def test_checks_are_read_with_the_words_of_their_publisher(tmp_path: Path) -> None:
    hostile = [
        7,
        {"text": ""},
        {"text": "x", "claimReview": 3},
        {"text": "x", "claimReview": [{"url": "ftp://x/"}]},
    ]
    nameless = CLAIM | {"claimReview": [{"url": "https://other.example/2", "reviewDate": "soon"}]}
    with service(lambda _: table(*hostile, CLAIM, nameless)) as api:
        ((first, second),) = searched(tmp_path, source(api.origin, max_age_days=90), QUERY)
    assert first.check == PublishedCheck(
        url=REVIEW["url"],  # type: ignore[arg-type]
        publisher="Desk",
        claim="Fuel prices fell by half",
        claimant="A post",
        rating="False",
        published=date(2024, 10, 8),
        lang="en",
        source="checks",
    )
    assert second.check and (second.check.publisher, second.check.rating, second.check.published) == (
        "https://other.example/2", None, None,
    )  # fmt: skip
    assert api.seen[0].params == {
        "query": "fuel prices", "languageCode": "en", "pageSize": "10", "maxAgeDays": "90",
    }  # fmt: skip
    assert "x-goog-api-key" not in api.seen[0].headers


def test_the_key_comes_from_the_environment_or_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with service(lambda _: table(CLAIM)) as api:
        monkeypatch.setenv("OTHER", f" {KEY}\n")
        searched(tmp_path / "1", source(api.origin, key_env="OTHER"), QUERY)
        searched(tmp_path / "2", source(api.origin, key="from-file"), QUERY)
    assert [seen.headers["x-goog-api-key"] for seen in api.seen] == [KEY, "from-file"]
    assert "from-file" not in repr(source(api.origin, key="from-file"))


@pytest.mark.parametrize(
    ("reply", "kind", "outcome", "words"),
    [
        (google_error(400, "API key not valid. Please pass a valid API key.", "API_KEY_INVALID"),
         "SourceUnusable", "refused", "TABAYYUN_FACTCHECK_KEY"),
        (google_error(400, f"Invalid value {KEY} at 'page_size'"), "SourceUnusable", "misconfigured", "page_size"),
        (google_error(403, "Method doesn't allow unregistered callers"), "SourceUnusable", "refused", "console.cloud"),
        (google_error(429, "Quota exceeded", "RATE_LIMIT_EXCEEDED"), "SourceSkipped", "rate_limited", "429"),
        (google_error(500, "internal"), "SourceSkipped", "unreachable", "500"),
        (Reply(b'{"claims": 7}'), "SourceUnusable", "misconfigured", "claims:search"),
        (Reply(b"[]"), "SourceUnusable", "misconfigured", "another shape"),
        (Reply(b"<html>", kind="text/html"), "SourceUnusable", "misconfigured", "web page"),
        (Reply(b'{"claims": ['), "SourceSkipped", "unreachable", "cannot be read"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("key", [None, KEY])
def test_failures_are_told_apart_and_no_message_holds_the_key(
    tmp_path: Path, reply: Reply, kind: str, outcome: str, words: str, key: str | None
) -> None:
    with service(lambda _: reply) as api:
        error = failed(tmp_path, source(api.origin, key=key), QUERY)
    assert error[:2] == (kind, outcome) and words in error[2]
    assert (KEY not in error[2]) if key else True
    if outcome == "refused":
        assert ("no key is set" in error[2]) is (key is None)


def test_nothing_found_is_asked_again_with_fewer_words(tmp_path: Path) -> None:
    with service(lambda _: Reply(b"{}")) as api:
        assert searched(tmp_path, source(api.origin), Query("one two three four five", "ar")) == [[]]
    assert [seen.params["query"] for seen in api.seen] == [
        "one two three four five",
        "one two three four",
        "one two",
    ]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(
        ["claims", "text", "claimReview", "url", "publisher", "name", "reviewDate", "textualRating"]
    ), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


@settings(deadline=None, max_examples=80)
@given(json_values)
def test_any_json_gives_clean_checks_or_a_named_failure(value: object) -> None:
    ask = Scripted(lambda _: said({"claims": [value, CLAIM | {"claimReview": value}]}))
    try:
        found = asyncio.run(FactCheckConnector(source("http://a.example"), ask).search(QUERY))
    except (SourceSkipped, SourceUnusable):
        return
    for candidate in found:
        assert candidate.check and candidate.url == candidate.check.url
        assert candidate.url.startswith(("http://", "https://"))
