"""Every kind of bad page ends in its named outcome, within its limits, and harms nothing else."""

from __future__ import annotations

import asyncio
import gzip
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from visits import TIMEOUT_S, policy, record_types, visit
from zoo import PAGE, Zoo, answer, open_zoo

from claims.errors import SourceSkipped, SourceUnusable
from claims.fetch.archive import Archive
from claims.fetch.client import Fetcher
from claims.model import Capture

OUTCOMES = {
    "/gzip_bomb": "too_large",
    "/deflate_bomb": "too_large",
    "/brotli_bomb": "too_large",
    "/endless": "too_large",
    "/endless_chunks": "too_large",
    "/announced": "too_large",
    "/drip": "unreachable",
    "/drip_headers": "unreachable",
    "/silent": "unreachable",
    "/endless_headers": "error",
    "/many_headers": "error",
    "/hundred_continues": "unreachable",
    "/loop_a": "error",
    "/stairs": "error",
    "/too_short": "error",
    "/too_long": "ok",
    "/garbage": "error",
    "/reset": "unreachable",
    "/damaged": "error",
    "/unknown_encoding": "error",
    "/image": "unsupported_type",
    "/false_pdf": "unsupported_type",
    "/status/404": "gone",
    "/status/410": "gone",
    "/large_gone": "gone",
    "/status/402": "paywalled",
    "/status/401": "error",
    "/status/403": "error",
    "/status/451": "error",
    "/status/500": "unreachable",
    "/to/http://169.254.169.254/latest": "unsafe_address",
    "/to/http://127.0.0.2/": "unsafe_address",
    "/to/http://[::ffff:127.0.0.1]/": "unsafe_address",
    "/to/http://2130706433/": "unsafe_address",
    "/to/http://user:pw@127.0.0.1/": "unsafe_address",
    "/to/gopher://127.0.0.1/": "unsafe_address",
    "/to/file:///etc/passwd": "unsafe_address",
    "/to///evil\\@127.0.0.1/": "unsafe_address",
    "/to/data:text/html,x": "unsafe_address",
    "/to/javascript:alert(1)": "unsafe_address",
    "/to/http://127.0.0.1:99999/": "unsafe_address",
    "/to//page": "ok",
    "/gzipped": "ok",
    "/chunked": "ok",
}


def test_every_animal_ends_in_its_outcome_within_the_time_limit(tmp_path: Path) -> None:
    pytest.importorskip("brotli")

    async def errand(zoo: Zoo, fetcher: Fetcher) -> None:
        took: dict[str, float] = {}

        async def one(path: str) -> Capture:
            started = time.monotonic()
            capture = await fetcher.capture(zoo.url(path))
            took[path] = time.monotonic() - started
            return capture

        captures = dict(zip(OUTCOMES, await asyncio.gather(*map(one, OUTCOMES)), strict=True))
        assert {path: capture.outcome for path, capture in captures.items()} == OUTCOMES
        assert max(took.values()) < 2 * TIMEOUT_S + 3  # some wait for a place before their time runs
        for path, capture in captures.items():
            if capture.outcome != "ok":
                assert capture.detail and "\n" not in capture.detail, path
            if capture.warc is None:
                assert capture.sha256 is None and capture.offset is None
        for path in ("/status/404", "/status/402", "/status/403", "/status/500", "/damaged", "/false_pdf"):
            assert captures[path].warc and captures[path].status, path
        for path in ("/gzip_bomb", "/endless", "/announced"):
            assert captures[path].warc is None and "1000000 bytes" in (captures[path].detail or "")
        assert await fetcher.body(captures["/chunked"]) == PAGE
        assert await fetcher.body(captures["/gzipped"]) == PAGE
        assert await fetcher.body(captures["/too_long"]) == b"<html>"

    visit(tmp_path, errand, policy(max_concurrency=len(OUTCOMES)))


def test_one_byte_a_second_ends_at_the_limit(tmp_path: Path) -> None:
    async def errand(zoo: Zoo, fetcher: Fetcher) -> None:
        for path in ("/drip", "/drip_headers", "/silent"):
            started = time.monotonic()
            capture = await fetcher.capture(zoo.url(path))
            assert capture.outcome == "unreachable" and "within 0.5 s" in (capture.detail or "")
            assert time.monotonic() - started < 1.5

    visit(tmp_path, errand, policy(timeout_s=0.5))


def test_bombs_are_never_held_in_memory(tmp_path: Path) -> None:
    """In a process of its own: 60 MB of zeros in each of thirty bombs at once, and endless bodies."""
    pytest.importorskip("brotli")
    program = """
import asyncio, re, sys
from pathlib import Path
from zoo import open_zoo
from claims.fetch.archive import Archive
from claims.fetch.client import Fetcher
from claims.sources import FetchPolicy

async def main():
    policy = FetchPolicy(allow_networks=("127.0.0.1/32",), per_host_delay_s=0, timeout_s=20)
    async with open_zoo() as zoo, Fetcher(policy, Archive(Path(sys.argv[1]), "run")) as fetcher:
        paths = [f"/{kind}?{n}" for n in range(10) for kind in ("gzip_bomb", "deflate_bomb", "endless")]
        captures = await asyncio.gather(*(fetcher.capture(zoo.url(path)) for path in paths))
    assert {capture.outcome for capture in captures} == {"too_large"}, captures
    # not getrusage: that begins with what the parent had used when it forked
    peak = re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())
    print(int(peak[1]) // 1024)

asyncio.run(main())
"""
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)],
        cwd=Path(__file__).parents[2],
        env={"PYTHONPATH": f"{Path(__file__).parent}:{Path(__file__).parents[2]}"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) < 300


def test_a_redirect_to_a_forbidden_address_names_it_and_never_arrives(tmp_path: Path) -> None:
    async def errand(zoo: Zoo, fetcher: Fetcher) -> None:
        async with open_zoo("127.0.0.2") as inside:
            capture = await fetcher.capture(zoo.url(f"/to/{inside.url('/secret', '127.0.0.2')}"))
            assert capture.outcome == "unsafe_address"
            assert "127.0.0.2 is not a public address (loopback)" in (capture.detail or "")
            assert inside.connections == 0

    visit(tmp_path, errand)


def test_a_trusted_origin_may_be_private_but_not_where_it_redirects_to(tmp_path: Path) -> None:
    async def run() -> None:
        async with open_zoo() as zoo, open_zoo() as other:
            trusted = (zoo.url(""),)
            with Archive(tmp_path, "run") as archive:
                async with Fetcher(policy(allow_networks=()), archive, trusted=trusted) as fetcher:
                    assert (await fetcher.capture(zoo.url("/page"))).outcome == "ok"
                    assert (await fetcher.ask(zoo.url("/page"), {"q": "قازان"})).status == 200
                    capture = await fetcher.capture(zoo.url(f"/to/{other.url('/')}"))
                    assert capture.outcome == "unsafe_address"
                    with pytest.raises(SourceUnusable) as refused:
                        await fetcher.ask(zoo.url(f"/to/{other.url('/')}"), {})
                    assert refused.value.outcome == "misconfigured"
            assert other.connections == 0

    asyncio.run(run())


class ChangingResolver:
    """A name server that gives its answers in turn, the last one for ever."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self.answers = list(answers)
        self.calls = 0

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        self.calls += 1
        return self.answers[min(self.calls, len(self.answers)) - 1]


def test_a_name_that_changes_its_answer_never_reaches_the_inside(tmp_path: Path) -> None:
    resolver = ChangingResolver(["127.0.0.1"], ["127.0.0.2"])

    async def errand(zoo: Zoo, fetcher: Fetcher) -> None:
        zoo.robots = answer("404 Not Found", b"", "Connection: close")
        async with open_zoo("127.0.0.2", zoo.port) as inside:
            capture = await fetcher.capture(zoo.url("/page", "rebind.example"))
            assert capture.outcome == "unsafe_address"
            assert "rebind.example resolves to a refused address" in (capture.detail or "")
            assert zoo.asked["/robots.txt"] == 1 and zoo.asked["/page"] == 0 and inside.connections == 0
            assert resolver.calls == 2

    visit(tmp_path, errand, resolver=resolver)


def test_one_bad_address_among_good_ones_refuses_the_name(tmp_path: Path) -> None:
    async def errand(zoo: Zoo, fetcher: Fetcher) -> None:
        capture = await fetcher.capture(zoo.url("/page", "mixed.example"))
        assert capture.outcome == "unsafe_address" and zoo.connections == 0

    visit(tmp_path, errand, resolver=ChangingResolver(["127.0.0.1", "10.0.0.1"]))


def test_the_checked_address_is_the_one_connected_to(tmp_path: Path) -> None:
    """The resolver alone knows this name: nothing asks the system for it a second time."""

    async def errand(zoo: Zoo, fetcher: Fetcher) -> None:
        capture = await fetcher.capture(zoo.url("/page", "only-here.example"))
        assert capture.outcome == "ok"
        assert f"Host: only-here.example:{zoo.port}" in zoo.heads["/page"]

    visit(tmp_path, errand, resolver=ChangingResolver(["127.0.0.1"]))


def test_a_retry_after_is_waited_for_and_failures_that_pass_are_asked_again(tmp_path: Path) -> None:
    async def errand(zoo: Zoo, fetcher: Fetcher) -> None:
        started = time.monotonic()
        captures = await asyncio.gather(
            fetcher.capture(zoo.url("/busy_once")), fetcher.capture(zoo.url("/down_twice"))
        )
        assert [capture.outcome for capture in captures] == ["ok", "ok"]
        assert time.monotonic() - started >= 1
        assert zoo.asked["/busy_once"] == 2 and zoo.asked["/down_twice"] == 3

    path = visit(tmp_path, errand, policy(attempts=3, timeout_s=10))
    assert record_types(path).count("response") >= 5  # the refusals are archived as well


def test_a_host_that_wants_to_be_left_alone_is_left_alone(tmp_path: Path) -> None:
    async def errand(zoo: Zoo, fetcher: Fetcher) -> None:
        first = await fetcher.capture(zoo.url("/away"))
        assert (first.outcome, first.status) == ("unreachable", 503) and first.warc
        second = await fetcher.capture(zoo.url("/page"))
        assert second.outcome == "unreachable" and "left alone" in (second.detail or "")
        assert zoo.asked["/away"] == 1 and zoo.asked["/page"] == 0
        with pytest.raises(SourceSkipped) as skipped:
            await fetcher.ask(zoo.url("/api"), {})
        assert skipped.value.outcome == "rate_limited"

    visit(tmp_path, errand)


def test_a_refused_connection_is_unreachable(tmp_path: Path) -> None:
    async def run() -> Capture:
        async with open_zoo() as zoo:
            gone = zoo.url("/page")
        with Archive(tmp_path, "run") as archive:
            async with Fetcher(policy(), archive) as fetcher:
                return await fetcher.capture(gone)

    capture = asyncio.run(run())
    assert capture.outcome == "unreachable" and "Connect" in (capture.detail or "")
    assert not (tmp_path / "archive").exists()


def test_cookies_and_credentials_are_never_sent_on(tmp_path: Path) -> None:
    async def errand(zoo: Zoo, fetcher: Fetcher) -> None:
        assert (await fetcher.capture(zoo.url("/cookies"))).outcome == "ok"
        await fetcher.capture(zoo.url("/page"))
        async with open_zoo() as other:
            to_other = zoo.url(f"/to/{other.url('/page')}")
            await fetcher.ask(to_other, {}, headers={"Authorization": "LOW key:secret"})
            sent = zoo.heads.keys() | other.heads.keys()
            assert {"/after_cookie", "/page"} <= sent
            assert "authorization" not in other.heads["/page"].lower()
        for path, head in zoo.heads.items():
            assert "cookie:" not in head.lower(), path

    assert b"key:secret" not in gzip.decompress(visit(tmp_path, errand).read_bytes())
