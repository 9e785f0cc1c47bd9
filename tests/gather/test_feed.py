"""Feeds are read as what they are, hostile ones included, and matched to words and days."""

from __future__ import annotations

import contextlib
import json
import time
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from services import Reply, failed, searched, service

from claims.gather.feed import MAX_ENTRIES, parse_feed
from claims.gather.listing import Entry, Listing, Unreadable
from claims.model import Query
from claims.source_kinds import FeedSource

RSS = """<?xml version="1.0" encoding="{charset}"?>
<rss version="2.0"><channel><title>أخبار</title><language>ar</language>
<item><title>قمة بريكس في قازان</title><link>/news/1?utm_source=rss</link>
<description>&lt;p&gt;يلتقي &lt;b&gt;القادة&lt;/b&gt;&lt;script&gt;alert(1)&lt;/script&gt;</description>
<pubDate>Tue, 22 Oct 2024 09:00:00 +0300</pubDate></item>
<item><title>أسعار الذهب</title><link>https://news.example/news/2</link><pubDate>Tue, 45 Foo 99999</pubDate></item>
<item><title>قمة بريكس القديمة في قازان</title><link>https://news.example/news/3</link>
<pubDate>Sat, 22 Oct 2011 09:00:00 GMT</pubDate></item>
<item><title>بلا عنوان</title></item>
<item><title>خبيث</title><link>javascript:alert(1)</link></item>
<item><title>ملف</title><link>file:///etc/passwd</link></item>
</channel></rss>"""
ATOM = """<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><title>N</title>
<entry><title type="html">&lt;i&gt;Summit&lt;/i&gt; in Kazan</title><link href="https://news.example/a"/>
<updated>2024-10-25T10:00:00Z</updated><published>2024-10-23T23:30:00-05:00</published></entry>
<entry><title>No day</title><link rel="alternate" href="https://news.example/b"/><updated>yesterday</updated></entry>
</feed>"""
LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol">'
    + "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(1, 9)).replace("&l1;", "&lol;")
    + "]><rss version='2.0'><channel><title>&l9;</title></channel></rss>"
)
FEED = "http://news.example/rss"
SUMMIT = Query("بريكس قازان قمة", "ar", date(2024, 10, 22), date(2024, 10, 24))


def rss(charset: str = "utf-8") -> bytes:
    return RSS.format(charset=charset).encode(charset)


def source(origin: str) -> FeedSource:
    return FeedSource(name="feed", kind="feed", url=f"{origin}/rss")


def test_rss_is_read_and_what_is_no_address_left_out() -> None:
    first, second, third = parse_feed(rss(), FEED)
    assert first == Entry(
        "http://news.example/news/1?utm_source=rss",
        "قمة بريكس في قازان",
        "يلتقي القادة alert(1)",
        date(2024, 10, 22),
        None,
        "ar",
    )
    assert second.published is None and third.day == date(2011, 10, 22)


def test_atom_tells_publication_from_change() -> None:
    first, second = parse_feed(ATOM.encode(), FEED)
    assert (first.title, first.published, first.modified) == (
        "Summit in Kazan", date(2024, 10, 24), date(2024, 10, 25),
    )  # fmt: skip
    assert (second.published, second.modified, second.day) == (None, None, None)


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (rss("windows-1256"), "application/rss+xml"),
        (rss("windows-1256"), "application/rss+xml; charset=utf-8"),  # the wrong charset
        (rss("utf-16"), None),
        (b"\xef\xbb\xbf" + rss(), "text/plain"),
        (rss() + b"\x00\xff\xfe", "text/html"),
    ],
)
def test_charsets_and_wrong_content_types_do_not_matter(body: bytes, content_type: str | None) -> None:
    assert parse_feed(body, FEED, content_type)[0].title == "قمة بريكس في قازان"


@pytest.mark.parametrize(
    "body",
    [
        LAUGHS.encode(),
        LAUGHS.encode("utf-16"),
        b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss version="2.0"><channel><item><title>&x;'
        b"</title><link>http://a.example/</link></item></channel></rss>",
    ],
)
def test_entities_are_refused(body: bytes) -> None:
    with pytest.raises(Unreadable, match="entities"):
        parse_feed(body, FEED)


@pytest.mark.parametrize("body", [b"", b"hello", b"<html><body>404", b"{}", b"\x00" * 50, b"\x1f\x8b\x08"])
def test_what_is_no_feed_is_said_to_be_none(body: bytes) -> None:
    with pytest.raises(Unreadable, match="no RSS or Atom feed"):
        parse_feed(body, FEED)


def test_bytes_that_name_a_file_open_no_file(tmp_path: Path) -> None:
    file = tmp_path / "feed.xml"
    file.write_bytes(rss())
    with pytest.raises(Unreadable):
        parse_feed(str(file).encode(), FEED)


def test_a_long_feed_is_cut_and_a_deep_one_survived() -> None:
    item = "<item><title>قمة</title><link>http://a.example/{}</link></item>"
    long = "".join(item.format(n) for n in range(MAX_ENTRIES + 500))
    assert (
        len(parse_feed(f"<rss version='2.0'><channel>{long}</channel></rss>".encode(), FEED)) == MAX_ENTRIES
    )
    entry = "<entry><title>قمة</title><link href='http://a.example/{}'/></entry>"
    atom = "<feed xmlns='http://www.w3.org/2005/Atom'>" + "".join(entry.format(n) for n in range(20_000))
    started = time.thread_time()
    assert len(parse_feed(atom.encode(), FEED)) == MAX_ENTRIES
    deep = b"<rss version='2.0'><channel>" + b"<a>" * 20_000 + rss()[60:]
    with contextlib.suppress(Unreadable):
        parse_feed(deep, FEED)
    assert time.thread_time() - started < 10


@settings(deadline=None, max_examples=60)
@given(
    st.binary(max_size=300)
    | st.builds(lambda a, b: rss()[:a] + b + rss()[a:], st.integers(0, 900), st.binary(max_size=20))
)
def test_any_bytes_give_clean_entries_or_unreadable(body: bytes) -> None:
    try:
        entries = parse_feed(body, FEED)
    except Unreadable:
        return
    for entry in entries:
        assert entry.url.startswith(("http://", "https://")) and len(entry.url) <= 2_000
        assert len(entry.title or "") <= 300 and "\n" not in (entry.title or "")


def test_entries_are_matched_to_words_and_days(tmp_path: Path) -> None:
    with service(lambda _: Reply(rss(), kind="application/rss+xml")) as site:
        found, gold, undated = searched(
            tmp_path,
            source(site.origin),
            SUMMIT,
            Query("أسعار الذهب", "ar", date(2024, 10, 22), date(2024, 10, 22)),
            Query("بريكس قازان", "ar"),
        )
    assert [candidate.title for candidate in found] == ["قمة بريكس في قازان"]
    assert [candidate.title for candidate in gold] == ["أسعار الذهب"]  # its day is not known
    assert len(undated) == 2
    assert len(site.seen) == 1  # one request a run


def test_one_word_in_common_is_not_enough() -> None:
    listing = Listing([Entry("http://a.example/1", "قمة المناخ"), Entry("http://a.example/2", "قمة بريكس")])
    assert [c.url for c in listing.search(Query("قمة بريكس قازان", "ar"), "s", 5)] == ["http://a.example/2"]
    assert len(listing.search(Query("قمة", "ar"), "s", 5)) == 2
    assert len(listing.search(Query("قمة", "ar"), "s", 1)) == 1


@pytest.mark.parametrize(
    ("reply", "kind", "outcome", "said"),
    [
        (Reply(LAUGHS.encode(), kind="text/xml"), "SourceUnusable", "misconfigured", "entities"),
        (Reply(b"<html>no feed", kind="text/html"), "SourceUnusable", "misconfigured", "no RSS"),
        (Reply(b"", 404), "SourceUnusable", "misconfigured", "404"),
        (Reply(b"", 503), "SourceSkipped", "unreachable", "503"),
        (Reply(b"", 429), "SourceSkipped", "rate_limited", "429"),
        (Reply(json.dumps({}).encode(), 403), "SourceUnusable", "refused", "403"),
        (Reply(b"<rss>" + b" " * 300_000, kind="text/xml"), "SourceSkipped", "unreachable", "200000 bytes"),
    ],
)
def test_failures_are_told_apart(tmp_path: Path, reply: Reply, kind: str, outcome: str, said: str) -> None:
    with service(lambda _: reply) as site:
        error = failed(tmp_path, source(site.origin), SUMMIT, max_bytes=200_000)
    assert error[:2] == (kind, outcome) and said in error[2]
