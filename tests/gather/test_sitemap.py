"""Sitemaps and their indexes are read within limits, packed or not, and only from their own host."""

from __future__ import annotations

import gzip
import time
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from services import Reply, Seen, failed, searched, service

from claims.gather.listing import Entry, Unreadable
from claims.gather.sitemap import parse_sitemap
from claims.model import Query
from claims.source_kinds import SitemapSource

NEWS = """<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
 xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"
 xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
<url><loc> https://news.example/a </loc><lastmod>2024-10-25</lastmod><image:image><image:loc>x</image:loc></image:image>
<news:news><news:publication><news:name>N</news:name><news:language>ar</news:language></news:publication>
<news:publication_date>2024-10-22T10:00:00+03:00</news:publication_date>
<news:title><![CDATA[قمة بريكس في قازان]]></news:title></news:news></url>
<url><loc>https://news.example/2024/10/gold-price-in-cairo</loc><lastmod>whenever</lastmod></url>
<url><loc>ftp://news.example/c</loc></url><url></url><other><loc>https://news.example/d</loc></other>
</urlset>"""
LAUGHS = '<?xml version="1.0"?><!DOCTYPE u [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><urlset><url><loc>&b;</loc></url></urlset>'
SUMMIT = Query("بريكس قازان", "ar", date(2024, 10, 22), date(2024, 10, 24))


def source(origin: str, sitemaps: int = 5) -> SitemapSource:
    return SitemapSource(name="map", kind="sitemap", url=f"{origin}/sitemap.xml", sitemaps=sitemaps)


def index(*rows: tuple[str, str]) -> Reply:
    body = "".join(f"<sitemap><loc>{url}</loc><lastmod>{day}</lastmod></sitemap>" for url, day in rows)
    return Reply(f"<sitemapindex>{body}</sitemapindex>".encode(), kind="text/xml")


def test_news_entries_carry_title_and_day() -> None:
    for body in (
        NEWS.encode(),
        gzip.compress(NEWS.encode()),
        NEWS.replace("UTF-8", "utf-16").encode("utf-16"),
    ):
        first, second = parse_sitemap(body).entries
        assert first == Entry(
            "https://news.example/a", "قمة بريكس في قازان", None, date(2024, 10, 22), date(2024, 10, 25), "ar"
        )
        assert second == Entry("https://news.example/2024/10/gold-price-in-cairo")


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (LAUGHS.encode(), "entities"),
        (LAUGHS.encode("utf-16-le"), "entities"),
        (gzip.compress(LAUGHS.encode(), mtime=0), "entities"),
        (gzip.compress(b"<urlset>" + b" " * 30_000_000), "bytes"),
        (gzip.compress(NEWS.encode(), mtime=0)[:40], "no XML|no sitemap"),
        (b"\x1f\x8bnot gzip", "damaged"),
        (b"", "no XML"),
        (b"plain words", "no XML"),
        (b"<html><body>404</body></html>", "no sitemap"),
        (b"<rss/>", "no sitemap"),
    ],
)
def test_what_is_not_read_is_said(body: bytes, said: str) -> None:
    with pytest.raises(Unreadable, match=said):
        parse_sitemap(body)


def test_a_bomb_costs_little_time() -> None:
    bomb = gzip.compress(b"\0" * 60_000_000, 1)
    started = time.thread_time()
    with pytest.raises(Unreadable, match="bytes"):
        parse_sitemap(bomb)
    assert time.thread_time() - started < 2


@settings(deadline=None, max_examples=60)
@given(
    st.binary(max_size=300)
    | st.builds(
        lambda a, b: NEWS.encode()[:a] + b + NEWS.encode()[a:], st.integers(0, 900), st.binary(max_size=20)
    )
)
def test_any_bytes_give_clean_entries_or_unreadable(body: bytes) -> None:
    try:
        whole = parse_sitemap(body)
    except Unreadable:
        return
    for entry in whole.entries:
        assert entry.url.startswith(("http://", "https://")) and len(entry.title or "") <= 300


def test_pages_are_matched_by_title_or_by_the_words_of_their_address(tmp_path: Path) -> None:
    with service(lambda _: Reply(NEWS.encode(), kind="text/xml")) as site:
        summit, gold = searched(tmp_path, source(site.origin), SUMMIT, Query("gold prices Cairo", "en"))
    assert [c.url for c in summit] == ["https://news.example/a"] and summit[0].published == date(2024, 10, 22)
    assert [c.url for c in gold] == ["https://news.example/2024/10/gold-price-in-cairo"]
    assert len(site.seen) == 1


def test_of_an_index_the_newest_on_its_own_host_are_read(tmp_path: Path) -> None:
    def answer(asked: Seen) -> Reply:
        if asked.path == "/sitemap.xml":
            return index(
                (f"{origin[0]}/old.xml", "2020-01-01"),
                (f"{origin[0]}/broken.xml", "2024-10-24"),
                (f"{origin[0]}/new.xml.gz", "2024-10-25"),
                (f"{origin[0]}/sitemap.xml?again", "2024-10-26"),
                ("http://169.254.169.254/latest", "2024-10-27"),
                ("http://elsewhere.example/map.xml", "2024-10-27"),
            )
        if asked.path == "/new.xml.gz":
            return Reply(gzip.compress(NEWS.encode()), kind="application/gzip")
        return Reply(b"", 500)

    origin: list[str] = []
    with service(answer) as site:
        origin.append(site.origin)
        (found,) = searched(tmp_path, source(site.origin, 3), SUMMIT)
    assert [c.url for c in found] == ["https://news.example/a"]
    assert [seen.path for seen in site.seen] == ["/sitemap.xml", "/sitemap.xml", "/new.xml.gz", "/broken.xml"]


def test_failures_are_told_apart(tmp_path: Path) -> None:
    replies = {
        "entities": (Reply(LAUGHS.encode(), kind="text/xml"), "SourceUnusable", "misconfigured"),
        "no sitemap": (Reply(b"<html/>", kind="text/html"), "SourceUnusable", "misconfigured"),
        "503": (Reply(b"", 503), "SourceSkipped", "unreachable"),
        "404": (Reply(b"", 404), "SourceUnusable", "misconfigured"),
    }
    for said, (reply, kind, outcome) in replies.items():
        with service(lambda _, reply=reply: reply) as site:
            error = failed(tmp_path / said, source(site.origin), SUMMIT)
        assert error[:2] == (kind, outcome) and said in error[2]


def test_an_index_of_which_nothing_can_be_read_has_failed(tmp_path: Path) -> None:
    def answer(asked: Seen) -> Reply:
        return (
            index((f"http://{asked.headers['host']}/a.xml", ""))
            if asked.path == "/sitemap.xml"
            else Reply(b"", 500)
        )

    with service(answer) as site:
        assert failed(tmp_path, source(site.origin), SUMMIT)[:2] == ("SourceSkipped", "unreachable")
