"""What a good run looks like: fetched once, kept for good, asked politely."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import os
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from visits import policy, record_types, visit
from zoo import PAGE, Zoo, answer, open_zoo

from claims.errors import ConfigError, SourceSkipped, SourceUnusable, StoreError
from claims.fetch.archive import Archive, read_record
from claims.fetch.cache import KnownPage, Memory
from claims.fetch.captures import BODY_CACHE_BYTES
from claims.fetch.client import Fetcher
from claims.fetch.encoding import ACCEPT_ENCODING
from claims.fetch.pages import ACCEPT
from claims.model import Capture, digest


def test_a_page_is_captured_with_everything_a_citation_needs(tmp_path: Path) -> None:
    async def errand(zoo: Zoo, fetcher: Fetcher) -> None:
        url = zoo.url("/خبر عاجل?q=قازان#top")
        capture = await fetcher.capture(url)
        sha256 = hashlib.sha256(PAGE).hexdigest()
        assert capture.outcome == "ok" and capture.status == 200 and capture.sha256 == sha256
        assert capture.id == "k_" + digest(url, 200, sha256)
        assert capture.url == url and capture.final_url.isascii() and "#" not in capture.final_url
        assert capture.bytes == len(PAGE) and capture.content_type == "text/html"
        assert abs((datetime.now(UTC) - capture.fetched_at).total_seconds()) < 5
        assert capture.warc == "archive/run.warc.gz" and capture.offset is not None
        record = read_record(tmp_path, capture.warc, capture.offset)
        assert (record.url, record.status, record.body) == (capture.final_url, 200, PAGE)
        assert record.header("content-type") == "text/html"

    path = visit(tmp_path, errand)
    assert record_types(path)[0] == "warcinfo"
    assert {"request", "response"} <= set(record_types(path))


def test_what_is_sent_and_what_comes_are_archived_to_the_byte(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")  # nobody is there
    packed = gzip.compress(PAGE, mtime=0)
    head = (
        b"HTTP/1.1 200 Fine\r\ncontent-TYPE: text/html\r\nX-Title: \xe9\xff\r\nX-Twice: a\r\nx-twice:  b\r\n"
    )
    head += b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(packed)

    async def errand(zoo: Zoo, fetcher: Fetcher) -> None:
        path = "/a|b/%zz%7e'~?q=a|b&x={y}"
        sent = path.replace("|", "%7C").replace("{y}", "%7By%7D")
        zoo.pages[sent] = head + packed
        capture = await fetcher.capture(zoo.url(path))
        assert capture.outcome == "ok" and await fetcher.body(capture) == PAGE
        request, *lines = zoo.heads[sent].removesuffix("\r\n\r\n").split("\r\n")
        assert request == f"GET {sent} HTTP/1.1"
        assert lines == [
            f"Host: 127.0.0.1:{zoo.port}",
            f"User-Agent: {policy().user_agent}",
            f"Accept-Encoding: {ACCEPT_ENCODING}",
            f"Accept: {ACCEPT}",
        ]
        written = gzip.decompress((tmp_path / str(capture.warc)).read_bytes())
        assert zoo.heads[sent].encode() in written
        assert head.replace(b":  b", b": b") + packed in written

    visit(tmp_path, errand)


def test_an_address_is_fetched_once_however_often_it_is_asked_for(tmp_path: Path) -> None:
    async def errand(zoo: Zoo, fetcher: Fetcher) -> None:
        captures = await asyncio.gather(*(fetcher.capture(zoo.url("/slow")) for _ in range(20)))
        assert len(set(captures)) == 1 and await fetcher.capture(zoo.url("/slow")) is captures[0]
        assert zoo.asked["/slow"] == 1 and zoo.asked["/robots.txt"] == 1

    visit(tmp_path, errand)


def test_giving_up_on_a_page_leaves_it_to_the_others_who_wait(tmp_path: Path) -> None:
    async def errand(zoo: Zoo, fetcher: Fetcher) -> None:
        first = asyncio.create_task(fetcher.capture(zoo.url("/slow")))
        second = asyncio.create_task(fetcher.capture(zoo.url("/slow")))
        await asyncio.sleep(0.03)
        first.cancel()
        assert (await second).outcome == "ok"

    visit(tmp_path, errand)


def test_a_cancelled_run_ends_at_once_and_leaves_a_good_archive(tmp_path: Path) -> None:
    async def errand(zoo: Zoo, fetcher: Fetcher) -> None:
        await fetcher.capture(zoo.url("/page"))
        waiting = asyncio.gather(
            *(fetcher.capture(zoo.url(f"/{kind}?{n}")) for n in range(5) for kind in ("silent", "drip"))
        )
        await asyncio.sleep(0.2)
        waiting.cancel()
        started = time.monotonic()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        await fetcher.__aexit__(None, None, None)
        assert time.monotonic() - started < 1

    visit(tmp_path, errand, policy(timeout_s=30))


def test_an_unchanged_page_gives_the_earlier_capture_and_a_revisit(tmp_path: Path) -> None:
    kept: dict[str, KnownPage] = {}
    memory = Memory(lambda urls: kept)

    async def run() -> tuple[Capture, Capture, Path]:
        async with open_zoo() as zoo:
            with Archive(tmp_path, "first") as archive:
                async with Fetcher(policy(), archive) as fetcher:
                    first = await fetcher.capture(zoo.url("/gzipped"))
            assert first.sha256 and first.status
            kept[first.url] = KnownPage(first.url, (first,))
            with Archive(tmp_path, "second") as archive:
                async with Fetcher(policy(), archive, memory=memory) as fetcher:
                    again = await fetcher.capture(zoo.url("/gzipped"))
                    assert await fetcher.body(again) == PAGE
                return first, again, archive.path

    first, again, second_path = asyncio.run(run())
    assert again == first
    assert "revisit" in record_types(second_path)


def test_bodies_are_read_again_from_the_archive_and_memory_stays_bounded(tmp_path: Path) -> None:
    size = 400_000

    async def errand(zoo: Zoo, fetcher: Fetcher) -> None:
        bodies = {f"/{n}": bytes([65 + n % 26]) * size for n in range(60)}
        zoo.pages = {path: answer("200 OK", body) for path, body in bodies.items()}
        captures = await asyncio.gather(*(fetcher.capture(zoo.url(path)) for path in bodies))
        held = sum(len(body) for body in fetcher._kept._bodies.values())
        assert 0 < held <= BODY_CACHE_BYTES < size * len(bodies)
        for capture, body in zip(captures, bodies.values(), strict=True):
            assert await fetcher.body(capture) == body

    visit(tmp_path, errand)


def test_a_body_that_is_not_there_is_said_in_one_line(tmp_path: Path) -> None:
    async def errand(zoo: Zoo, fetcher: Fetcher) -> None:
        with pytest.raises(StoreError, match="no archived body"):
            await fetcher.body(await fetcher.capture("http://10.0.0.1/"))

    visit(tmp_path, errand)


def test_robots_are_obeyed_on_every_hop_and_a_broken_file_forbids(tmp_path: Path) -> None:
    async def errand(zoo: Zoo, fetcher: Fetcher) -> None:
        rules = b"User-agent: other\nDisallow: /\n\nUser-agent: tabayyun\nDisallow: /private\n"
        zoo.robots = answer("200 OK", rules, kind="text/plain")
        async with open_zoo() as broken, open_zoo() as gone:
            broken.robots = answer("500 Oops")
            gone.robots = answer("404 Not Found", b"not packed", "Content-Encoding: gzip")
            expected = {
                zoo.url("/page"): "ok",
                zoo.url("/private/page"): "blocked_by_robots",
                zoo.url("/x/../private/page"): "blocked_by_robots",
                zoo.url("/to//private/page"): "blocked_by_robots",
                broken.url("/page"): "blocked_by_robots",
                gone.url("/page"): "ok",
            }
            captures = await asyncio.gather(*map(fetcher.capture, expected))
            assert {capture.url: capture.outcome for capture in captures} == expected
            assert not any(path.startswith("/private") for path in zoo.asked)
            assert broken.asked["/page"] == 0

    visit(tmp_path, errand)


def test_robots_that_cannot_be_reached_leave_the_page_unreachable(tmp_path: Path) -> None:
    async def errand(zoo: Zoo, fetcher: Fetcher) -> None:
        zoo.robots = b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nUser-agent: *\n"
        capture = await fetcher.capture(zoo.url("/page"))
        assert capture.outcome == "unreachable" and zoo.asked["/page"] == 0

    visit(tmp_path, errand, policy(timeout_s=0.5))


def test_robots_can_be_left_aside_and_never_count_for_questions(tmp_path: Path) -> None:
    async def errand(zoo: Zoo, fetcher: Fetcher) -> None:
        zoo.robots = answer("200 OK", b"User-agent: *\nDisallow: /", kind="text/plain")
        assert (await fetcher.capture(zoo.url("/page"))).outcome == "ok"
        assert (await fetcher.ask(zoo.url("/api"), {})).status == 200
        assert zoo.asked["/robots.txt"] == 0

    visit(tmp_path, errand, policy(respect_robots=False))


def test_a_host_is_asked_one_at_a_time_with_its_delay_between(tmp_path: Path) -> None:
    async def errand(zoo: Zoo, fetcher: Fetcher) -> None:
        started = time.monotonic()
        await asyncio.gather(*(fetcher.capture(zoo.url(f"/{n}")) for n in range(6)))
        took = time.monotonic() - started
        gaps = [later - earlier for earlier, later in zip(zoo.times, zoo.times[1:], strict=False)]
        assert len(gaps) == 5 and min(gaps) > 0.18 and zoo.busiest == 1
        assert took < 5 * 0.2 * 1.1 + 0.3

    visit(tmp_path, errand, policy(per_host_delay_s=0.2))


def test_waiting_for_its_turn_does_not_use_up_a_pages_time(tmp_path: Path) -> None:
    async def errand(zoo: Zoo, fetcher: Fetcher) -> None:
        captures = await asyncio.gather(*(fetcher.capture(zoo.url(f"/{n}")) for n in range(6)))
        assert {capture.outcome for capture in captures} == {"ok"}

    visit(tmp_path, errand, policy(per_host_delay_s=0.2, timeout_s=0.6))


def test_a_crawl_delay_is_kept_and_slow_hosts_do_not_hold_up_others(tmp_path: Path) -> None:
    async def errand(zoo: Zoo, fetcher: Fetcher) -> None:
        slow = b"User-agent: *\nCrawl-delay: 0.4\n"
        zoo.robots = answer("200 OK", slow, kind="text/plain")
        async with open_zoo("127.0.0.1") as quick:
            waiting = asyncio.gather(*(fetcher.capture(zoo.url(f"/{n}", "slow.example")) for n in range(3)))
            started = time.monotonic()
            await asyncio.gather(*(fetcher.capture(quick.url(f"/{n}")) for n in range(10)))
            assert time.monotonic() - started < 0.5
            await waiting
            assert zoo.times[-1] - zoo.times[0] > 0.75

    async def resolver(host: str, port: int) -> list[str]:
        return ["127.0.0.1"]

    visit(tmp_path, errand, policy(max_concurrency=2), resolver=resolver)


def test_a_recorded_web_stands_in_for_its_hosts(tmp_path: Path) -> None:
    async def run() -> None:
        async with open_zoo() as zoo:
            routes = {"news.example": ("127.0.0.1", zoo.port)}
            with Archive(tmp_path, "run") as archive:
                async with Fetcher(policy(allow_networks=()), archive, routes=routes) as fetcher:
                    capture = await fetcher.capture("https://news.example/story")
                    assert capture.outcome == "ok" and capture.final_url == "https://news.example/story"
                    assert "Host: news.example\r\n" in zoo.heads["/story"]
                    assert "X-Replay-Scheme: https\r\n" in zoo.heads["/story"]
                    refused = await fetcher.capture(zoo.url("/"))
                    assert refused.outcome == "unsafe_address"
            with Archive(tmp_path, "all") as archive:
                everywhere = {"*": ("127.0.0.1", zoo.port)}
                async with Fetcher(policy(allow_networks=()), archive, routes=everywhere) as fetcher:
                    assert (await fetcher.capture("http://any.example:8080/other")).outcome == "ok"
                    assert "Host: any.example:8080\r\n" in zoo.heads["/other"]

    asyncio.run(run())


def test_files_are_read_below_their_folders_only(tmp_path: Path) -> None:
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "note.txt").write_text("نص", encoding="utf-8")
    (folder / "page.html").write_text("<p>x</p>", encoding="utf-8")
    (folder / "photo.png").write_bytes(b"\x89PNG")
    (folder / "large.txt").write_bytes(b"x" * 2_000_000)
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    (folder / "link.txt").symlink_to(tmp_path / "secret.txt")
    (folder / "inner.txt").symlink_to(folder / "note.txt")
    os.mkfifo(folder / "pipe.txt")

    async def errand(zoo: Zoo, fetcher: Fetcher) -> None:
        root = folder.as_uri()
        expected = {
            f"{root}/note.txt": "ok",
            f"{root}/page.html": "ok",
            f"{root}/inner.txt": "ok",
            f"{root}/missing.txt": "gone",
            f"{root}/photo.png": "unsupported_type",
            f"{root}/pipe.txt": "unsupported_type",
            f"{root}/large.txt": "too_large",
            f"{root}/link.txt": "unsafe_address",
            f"{root}/../secret.txt": "unsafe_address",
            f"{root}/%2e%2e/secret.txt": "unsafe_address",
            f"{root}-other/x.txt": "unsafe_address",
            "file:///etc/passwd": "unsafe_address",
            "file://elsewhere/etc/passwd": "unsafe_address",
            "file:note.txt": "unsafe_address",
            f"{root}/a%00b.txt": "unsafe_address",
        }
        captures = await asyncio.gather(*map(fetcher.capture, expected))
        assert {capture.url: capture.outcome for capture in captures} == expected
        note = captures[0]
        assert note.status is None and note.content_type == "text/plain"
        assert await fetcher.body(note) == "نص".encode()
        assert note.warc and note.offset is not None
        assert read_record(tmp_path, note.warc, note.offset).body == "نص".encode()

    path = visit(tmp_path, errand, folders=[folder])
    assert record_types(path).count("resource") == 3


def test_an_unchanged_file_is_archived_once(tmp_path: Path) -> None:
    note = tmp_path / "note.txt"
    note.write_text("نص", encoding="utf-8")
    kept: list[Capture] = []

    def known(urls: Sequence[str]) -> dict[str, KnownPage]:
        return {note.as_uri(): KnownPage(note.as_uri(), tuple(kept))}

    async def errand(zoo: Zoo, fetcher: Fetcher) -> None:
        kept.append(await fetcher.capture(note.as_uri()))

    visit(tmp_path, errand, folders=[tmp_path], memory=Memory(known))
    visit(tmp_path, errand, folders=[tmp_path], memory=Memory(known))
    note.write_text("نص آخر", encoding="utf-8")
    path = visit(tmp_path, errand, folders=[tmp_path], memory=Memory(known))
    assert kept[0] == kept[1] != kept[2] and record_types(path).count("resource") == 2


def test_a_question_gets_its_answer_or_the_reason_why_not(tmp_path: Path) -> None:
    async def errand(zoo: Zoo, fetcher: Fetcher) -> None:
        zoo.pages["/api?q=%D9%82%D8%A7%D8%B2%D8%A7%D9%86&n=1"] = answer(
            "200 OK", b'{"a": 1}', "X-Extra: yes", kind="application/json"
        )
        found = await fetcher.ask(zoo.url("/api"), {"q": "قازان", "n": "1"})
        assert (found.status, found.content_type, found.body) == (200, "application/json", b'{"a": 1}')
        assert found.headers["x-extra"] == "yes"
        assert (await fetcher.ask(zoo.url("/status/404"), {})).status == 404
        failures = {
            "/status/500": SourceSkipped("", "unreachable"),
            "/status/503": SourceSkipped("", "unreachable"),
            "/status/429": SourceSkipped("", "rate_limited"),
            "/status/403": SourceUnusable("", "refused"),
            "/status/401": SourceUnusable("", "refused"),
            "/silent": SourceSkipped("", "unreachable"),
            "/reset": SourceSkipped("", "unreachable"),
            "/endless": SourceSkipped("", "unreachable"),
        }
        for path, expected in failures.items():
            with pytest.raises(type(expected)) as failed:
                await fetcher.ask(zoo.url(path), {})
            assert failed.value.outcome == expected.outcome, path
            assert zoo.url(path) in str(failed.value) and "\n" not in str(failed.value)
        with pytest.raises(SourceUnusable) as refused:
            await fetcher.ask("http://10.1.2.3/api", {})
        assert refused.value.outcome == "misconfigured"

    visit(tmp_path, errand)


def test_settings_that_cannot_be_read_stop_before_anything_is_fetched(tmp_path: Path) -> None:
    archive = Archive(tmp_path, "run")
    with pytest.raises(ConfigError):
        Fetcher(policy(), archive, trusted=["ftp://example.org"])
    with pytest.raises(ConfigError):
        Fetcher(policy(), archive, trusted=["http://user:pw@example.org"])
