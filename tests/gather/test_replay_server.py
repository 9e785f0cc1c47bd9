"""The replay server gives a recorded web back exactly, and finds pages in it."""

from __future__ import annotations

import gzip
import io
import json
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
from gather_support import get
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from claims.errors import ConfigError
from claims.gather.replay_server import ReplayServer, serve

TABLE = """
[[page]]
url = "http://wire.example/news/قمة"
file = "wire/summit.html"
lang = "ar"
[[page]]
url = "https://desk.example/x?b=1&a=2"
file = "desk.html"
content_type = "text/html; charset=windows-1256"
lang = "en"
[[page]]
url = "http://wire.example/missing"
status = 404
title = "قمة لم تعد هنا"
lang = "ar"
[[page]]
url = "http://wire.example/old"
status = 301
location = "http://wire.example/news/قمة"
[[page]]
url = "http://slow.example/"
file = "desk.html"
delay_s = 30
hidden = true
[[page]]
url = "http://wire.example/robots.txt"
file = "robots.txt"
content_type = "text/plain"
"""


@pytest.fixture
def web(tmp_path: Path) -> Path:
    (tmp_path / "wire").mkdir()
    (tmp_path / "web.toml").write_text(TABLE, encoding="utf-8")
    (tmp_path / "wire/summit.html").write_text(
        "<html lang=ar><title>قمة بريكس في قازان</title><body><nav>الرياضة</nav><p>تستضيف روسيا القمة.</p>",
        encoding="utf-8",
    )
    (tmp_path / "desk.html").write_bytes("<title>Summit desk</title><p>قازان".encode("cp1256"))
    (tmp_path / "robots.txt").write_text("User-agent: *\nDisallow: /summit\n")
    return tmp_path


@pytest.fixture
def server(web: Path) -> Iterator[ReplayServer]:
    running = serve(web)
    yield running
    running.close()


def search(server: ReplayServer, host: str | None = None, **params: str) -> dict[str, object]:
    asked = urllib.parse.urlencode({"format": "json"} | params)
    request = urllib.request.Request(f"{server.url}/search?{asked}", headers={"Host": host} if host else {})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.loads(answer.read())


def urls(answer: dict[str, object]) -> list[str]:
    return [row["url"] for row in answer["results"]]


def test_pages_come_back_as_recorded(server: ReplayServer, web: Path) -> None:
    status, headers, body = get(server.port, "wire.example", "/news/" + urllib.parse.quote("قمة"))
    assert (status, body) == (200, (web / "wire/summit.html").read_bytes())
    status, headers, body = get(server.port, "desk.example", "/x?b=1&a=2", "https")
    assert (status, body) == (200, (web / "desk.html").read_bytes())
    assert headers["content-type"] == "text/html; charset=windows-1256"


@pytest.mark.parametrize(
    ("host", "target", "scheme"),
    [
        ("desk.example", "/x?b=1&a=2", "http"),
        ("desk.example", "/x?a=2&b=1", "https"),
        ("other.example", "/news/%D9%82%D9%85%D8%A9", "http"),
        ("wire.example", "/../web.toml", "http"),
        ("wire.example", "/missing", "http"),
        ("desk.example", "/robots.txt", "https"),
    ],
)
def test_what_is_not_recorded_is_404(server: ReplayServer, host: str, target: str, scheme: str) -> None:
    assert get(server.port, host, target, scheme)[0] == 404


def test_redirect_names_its_target(server: ReplayServer) -> None:
    status, headers, _ = get(server.port, "wire.example", "/old")
    assert status == 301
    assert headers["location"] == "http://wire.example/news/" + urllib.parse.quote("قمة")


def test_search_finds_by_word_and_language(server: ReplayServer) -> None:
    arabic = search(server, q="القمم أو قمة قازان", language="ar")
    assert urls(arabic) == ["http://wire.example/news/قمة", "http://wire.example/missing"]
    assert arabic["results"][0]["title"] == "قمة بريكس في قازان"
    assert urls(search(server, q="summit", language="en")) == ["https://desk.example/x?b=1&a=2"]
    assert urls(search(server, q="summit", language="ru")) == []
    assert urls(search(server, host="replay.example", q="قازان"))[-1] == "https://desk.example/x?b=1&a=2"
    assert search(server, q="الرياضة") == search(server, q="الرياضة", language="all")
    assert urls(search(server, q="الرياضة disallow")) == []  # neither navigation nor robots.txt is searched
    assert urls(search(server, q="قمة", pageno="2")) == []


def test_search_speaks_only_json(server: ReplayServer) -> None:
    assert get(server.port, "replay.example", "/search?q=x")[0] == 403


def test_closing_does_not_wait_for_slow_pages(web: Path) -> None:
    running = serve(web)
    answers: list[int] = []
    waiting = Thread(target=lambda: answers.append(get(running.port, "slow.example", "/")[0]))
    waiting.start()
    time.sleep(0.2)
    begun = time.monotonic()
    running.close()
    waiting.join(5)
    assert time.monotonic() - begun < 2
    assert answers == [503]
    again = serve(web, running.port)
    assert again.port == running.port
    again.close()


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ('[[page]]\nurl = "http://a.example/"\nfile = "../secret.html"', "outside"),
        ('[[page]]\nurl = "http://a.example/"\nfile = "/etc/passwd"', "outside"),
        ('[[page]]\nurl = "http://a.example/"\nfile = "none.html"', "no file"),
        ('[[page]]\nurl = "http://example.com/"', "url"),
        ('[[page]]\nurl = "file:///x.example/"', "url"),
        ('[[page]]\nurl = "http://a.example/"\nwait = 1', "wait"),
        ("[page]", "[[page]]"),
        ("[[page", "TOML"),
    ],
)
def test_unusable_table_is_refused(tmp_path: Path, table: str, says: str) -> None:
    folder = tmp_path / "web"
    folder.mkdir()
    (tmp_path / "secret.html").write_text("secret")
    (folder / "web.toml").write_text(table)
    with pytest.raises(ConfigError, match=says.replace("[", r"\[")):
        serve(folder)


def test_taken_port_is_refused(server: ReplayServer, web: Path) -> None:
    with pytest.raises(ConfigError, match=str(server.port)):
        serve(web, server.port)


def _warc(file: Path, pages: list[tuple[str, str, list[tuple[str, str]], bytes, str]]) -> None:
    with file.open("wb") as stream:
        writer = WARCWriter(stream, gzip=file.suffix == ".gz", warc_version="1.1")
        for url, status, headers, body, day in pages:
            record = writer.create_warc_record(
                url,
                "response",
                payload=io.BytesIO(body),
                http_headers=StatusAndHeaders(status, headers, protocol="HTTP/1.1"),
                warc_headers_dict={"WARC-Date": day},
            )
            writer.write_record(record)


@pytest.mark.parametrize("name", ["run.warc", "run.warc.gz"])
def test_warc_is_served_exactly(tmp_path: Path, name: str) -> None:
    packed = gzip.compress("<title>قمة</title><p>قازان".encode())
    chunked = b"5\r\nhello\r\n0\r\n\r\n"
    html = [("Content-Type", "text/html; charset=utf-8")]
    _warc(
        tmp_path / name,
        [
            (
                "https://desk.example/a?x=1",
                "200 OK",
                [*html, ("X-Kept", "yes")],
                b"<p>old",
                "2024-10-01T00:00:00Z",
            ),
            (
                "https://desk.example/a?x=1",
                "200 OK",
                [*html, ("X-Kept", "yes")],
                b"<p>new",
                "2024-10-02T00:00:00Z",
            ),
            (
                "http://desk.example/z",
                "200 OK",
                [*html, ("Content-Encoding", "gzip")],
                packed,
                "2024-10-01T00:00:00Z",
            ),
            (
                "http://desk.example/c",
                "200 OK",
                [("Transfer-Encoding", "chunked")],
                chunked,
                "2024-10-01T00:00:00Z",
            ),
            (
                "http://meta.example/search?q=x",
                "200 OK",
                [("Content-Type", "application/json")],
                '{"q": "قازان"}'.encode(),
                "2024-10-01T00:00:00Z",
            ),
            ("http://desk.example/gone", "410 Gone", html, b"<p>gone summit", "2024-10-01T00:00:00Z"),
        ],
    )
    for path in (tmp_path, tmp_path / name):
        running = serve(path)
        try:
            status, headers, body = get(running.port, "desk.example", "/a?x=1", "https")
            assert (status, headers["x-kept"], body) == (200, "yes", b"<p>new")
            status, headers, body = get(running.port, "desk.example", "/z")
            assert (headers["content-encoding"], body) == ("gzip", packed)
            assert get(running.port, "desk.example", "/c")[2] == b"hello"
            assert get(running.port, "desk.example", "/gone")[::2] == (410, b"<p>gone summit")
            assert urls(search(running, q="قازان")) == ["http://desk.example/z"]
            assert urls(search(running, q="gone")) == []
        finally:
            running.close()


def test_cut_off_warc_gives_what_is_whole(tmp_path: Path) -> None:
    file = tmp_path / "run.warc.gz"
    page = [("Content-Type", "text/html")]
    _warc(
        file,
        [
            ("http://a.example/1", "200 OK", page, b"<p>first", "2024-10-01T00:00:00Z"),
            ("http://a.example/2", "200 OK", page, b"<p>second" * 50, "2024-10-01T00:00:00Z"),
        ],
    )
    file.write_bytes(file.read_bytes()[:-60])
    running = serve(file)
    try:
        assert get(running.port, "a.example", "/1")[2] == b"<p>first"
    finally:
        running.close()


def test_no_web_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="neither"):
        serve(tmp_path)
    (tmp_path / "x.warc.gz").write_bytes(b"no archive at all")
    with pytest.raises(ConfigError, match="no WARC"):
        serve(tmp_path)
