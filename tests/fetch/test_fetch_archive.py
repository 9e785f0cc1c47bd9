"""The archive holds exactly what came, can be read by others, and survives whatever ends the process."""

from __future__ import annotations

import asyncio
import gzip
import random
import resource
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from fastwarc.warc import ArchiveIterator
from hypothesis import given
from hypothesis import strategies as st
from visits import accepted, record_types

from claims.errors import StoreError
from claims.fetch.archive import Archive, read_record
from claims.fetch.exchange import Exchange
from claims.fetch.safety import parse_target
from claims.model import Capture, Document

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def exchange(url: str = "https://example.com/a", body: bytes = b"<p>page</p>", **changes: object) -> Exchange:
    plain = Exchange(
        target=parse_target(url),
        method=b"GET",
        request_headers=((b"Host", b"example.com"),),
        http_version=b"HTTP/1.1",
        status=200,
        reason=b"OK",
        headers=((b"Content-Type", b"text/html; charset=windows-1256"), (b"X-Odd", "خبر".encode())),
        body=body,
        whole=True,
        fetched_at=NOW,
        ip="192.0.2.1",
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def capture(archive: Archive, offset: int, url: str = "https://example.com/a") -> Capture:
    return Capture("k_1", url, url, "ok", 200, "0" * 64, 1, None, archive.warc, offset, NOW)


@given(body=st.binary(max_size=5_000), status=st.integers(100, 599), coded=st.booleans())
def test_what_is_written_is_what_is_read(
    tmp_path_factory: pytest.TempPathFactory, body: bytes, status: int, coded: bool
) -> None:
    workspace = tmp_path_factory.mktemp("w")
    extra = ((b"Content-Encoding", b"gzip"),) if coded else ()
    sent = exchange(body=gzip.compress(body) if coded else body, status=status)
    sent = replace(sent, headers=(*sent.headers, *extra))
    with Archive(workspace, "run") as archive:
        archive.write_exchange(exchange("http://example.org/"))
        offset = archive.write_exchange(sent)
    record = read_record(workspace, archive.warc, offset)
    assert (record.url, record.status, record.body) == ("https://example.com/a", status, body)
    assert record.header("x-odd") == "خبر"
    assert accepted(archive.path)


def test_heads_are_kept_as_they_came_but_for_what_would_mislead(tmp_path: Path) -> None:
    headers = ((b"Transfer-Encoding", b"chunked"), (b"Set-COOKIE", b"a=b"), (b"X-Latin", b"caf\xe9"))
    with Archive(tmp_path, "run") as archive:
        archive.write_exchange(exchange(headers=headers, reason=b"Fine"))
    raw = gzip.decompress(archive.path.read_bytes())
    assert b"HTTP/1.1 200 Fine\r\nX-Archive-Orig-Transfer-Encoding: chunked\r\nSet-COOKIE: a=b\r\n" in raw
    assert b"X-Latin: caf\xe9\r\n" in raw and b"GET /a HTTP/1.1\r\nHost: example.com\r\n" in raw
    assert raw.startswith(b"WARC/1.1\r\nWARC-Type: warcinfo\r\n") and b"WARC-IP-Address: 192.0.2.1" in raw


def test_a_record_refers_to_the_record_it_came_from(tmp_path: Path) -> None:
    text = "نص الصفحة\nبسطرين"
    with Archive(tmp_path, "run") as archive:
        offset = archive.write_exchange(exchange())
        page = capture(archive, offset)
        day = date(2026, 3, 1)
        document = Document("d_1", page.id, page.url, "t", text, (), None, day, None, "ar", None)
        read = archive.write_conversion(document, page)
        file = archive.write_resource("file:///a.txt", "text/plain", b"abc", NOW)
    assert read_record(tmp_path, archive.warc, read).body.decode() == text
    assert read_record(tmp_path, archive.warc, file).header("Content-Type") == "text/plain"
    with archive.path.open("rb") as stream:
        records = {record.headers["WARC-Type"]: record.headers for record in ArchiveIterator(stream)}
    assert records["conversion"]["WARC-Refers-To"] == records["response"]["WARC-Record-ID"]
    assert records["request"]["WARC-Concurrent-To"] == records["response"]["WARC-Record-ID"]
    assert records["conversion"]["Content-Type"] == "text/plain; charset=utf-8"
    assert accepted(archive.path)


def test_the_same_answer_is_kept_once_and_revisited_after_that(tmp_path: Path) -> None:
    with Archive(tmp_path, "one") as archive:
        first = archive.write_exchange(exchange())
        assert archive.write_exchange(exchange()) == first
        assert archive.write_exchange(exchange(status=404)) != first
        assert archive.write_exchange(exchange(body=b"other")) != first
        assert archive.write_exchange(exchange("https://example.com/b")) != first
    kinds = record_types(archive.path)
    assert kinds.count("revisit") == 1 and kinds.count("response") == 4
    earlier = capture(archive, first)
    with Archive(tmp_path, "two") as later:
        later.write_exchange(exchange(), earlier)
        later.write_exchange(exchange(body=b"changed underneath"), earlier)
        later.write_exchange(exchange("https://example.com/c"), replace(earlier, warc="archive/lost.warc.gz"))
    kinds = record_types(later.path)
    assert kinds.count("revisit") == 1 and kinds.count("response") == 2  # what cannot be shown is kept whole
    assert accepted(archive.path) and accepted(later.path)


def test_threads_share_an_archive(tmp_path: Path) -> None:
    offsets: dict[bytes, int] = {}
    with Archive(tmp_path, "run") as archive:

        def write(thread: int) -> None:
            for number in range(30):
                body = b"%d %d" % (thread, number)
                offsets[body] = archive.write_exchange(exchange(f"http://h{thread}.example/{number}", body))

        threads = [threading.Thread(target=write, args=(thread,)) for thread in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(offsets) == 180 and accepted(archive.path)
    for body, offset in offsets.items():
        assert read_record(tmp_path, archive.warc, offset).body == body


WRITER = """
import sys
sys.path.insert(0, sys.argv[2])
from test_fetch_archive import exchange
from claims.fetch.archive import Archive
from pathlib import Path
archive = Archive(Path(sys.argv[1]), "run")
number = 0
while True:
    archive.write_exchange(exchange(f"http://example.com/{number}", bytes(str(number), "ascii") * 3000))
    number += 1
    print(number, flush=True)
"""


def start_writer(workspace: Path) -> subprocess.Popen[str]:
    here = Path(__file__).parent
    command = [sys.executable, "-c", WRITER, str(workspace), str(here)]
    return subprocess.Popen(command, cwd=here.parents[1], stdout=subprocess.PIPE, text=True)


def test_a_killed_run_leaves_what_it_had_written_and_can_be_run_again(tmp_path: Path) -> None:
    writer = start_writer(tmp_path)
    assert writer.stdout
    written = 0
    while written < 40:
        written = int(writer.stdout.readline())
    with pytest.raises(StoreError, match="another process"):
        Archive(tmp_path, "run").write_exchange(exchange())
    with Archive(tmp_path, "neighbour") as neighbour:
        neighbour.write_exchange(exchange())
    writer.send_signal(signal.SIGKILL)
    written = max([written, *(int(line) for line in writer.stdout.read().split())])
    writer.wait()
    writer.stdout.close()
    path = tmp_path / "archive" / "run.warc.gz"
    assert record_types(path).count("response") >= written
    with path.open("ab") as torn:  # what a kill in the middle of a write would leave
        torn.write(gzip.compress(b"WARC/1.1\r\nWARC-Type: response\r\n" + bytes(90_000))[:60])
    with Archive(tmp_path, "run") as archive:
        offset = archive.write_exchange(exchange("http://example.com/again"))
    assert read_record(tmp_path, archive.warc, offset).url == "http://example.com/again"
    assert accepted(path) and record_types(path).count("warcinfo") == 1


def test_a_full_disk_is_one_clear_line_and_leaves_a_good_file(tmp_path: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    with Archive(tmp_path, "run") as archive:
        archive.write_exchange(exchange())
        resource.setrlimit(resource.RLIMIT_FSIZE, (archive.path.stat().st_size + 500, hard))
        try:
            with pytest.raises(StoreError) as failed:
                body = bytes(number * number % 251 for number in range(99_999))
                archive.write_exchange(exchange("http://example.com/large", body))
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        assert "run.warc.gz: cannot be written" in str(failed.value) and "\n" not in str(failed.value)
        assert accepted(archive.path)
        archive.write_exchange(exchange("http://example.com/after"))
    assert accepted(archive.path)


def test_a_place_that_cannot_be_written_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "archive").write_text("a file where the folder should be")
    with pytest.raises(StoreError, match="cannot be written"):
        Archive(tmp_path, "run").write_exchange(exchange())
    for name in ("../run", "a/b", "", "x" * 101, ".hidden"):
        with pytest.raises(StoreError, match="run's name"):
            Archive(tmp_path, name)


def test_records_that_are_missing_or_damaged_are_said_to_be(tmp_path: Path) -> None:
    with Archive(tmp_path, "run") as archive:
        noise = random.Random(1).randbytes(10_000)
        offset = archive.write_exchange(exchange(body=noise))
        archive.write_exchange(exchange(body=noise))
        bomb = gzip.compress(bytes(3_000_000))
        packed = archive.write_exchange(
            exchange(body=bomb, headers=((b"Content-Encoding", b"gzip"),), status=203)
        )
    for warc, at, what in (
        ("archive/none.warc.gz", 0, "no such archive"),
        ("../outside.warc.gz", 0, "outside the workspace"),
        (archive.warc, offset + 7, "cannot be read|no record"),
        (archive.warc, 10**9, "no record"),
        (archive.warc, 0, "warcinfo"),
    ):
        with pytest.raises(StoreError, match=what) as failed:
            read_record(tmp_path, warc, at)
        assert "\n" not in str(failed.value)
    with pytest.raises(StoreError, match="larger than 1000 bytes"):
        read_record(tmp_path, archive.warc, offset, limit=1000)
    with pytest.raises(StoreError, match="unpacks to more than 1000000 bytes"):
        read_record(tmp_path, archive.warc, packed, limit=1_000_000)
    data = bytearray(archive.path.read_bytes())
    data[offset + 5_000] ^= 0x55
    archive.path.write_bytes(data)
    with pytest.raises(StoreError):
        read_record(tmp_path, archive.warc, offset)


def test_the_event_loop_may_be_cancelled_between_records(tmp_path: Path) -> None:
    async def run(archive: Archive) -> None:
        pages = [exchange(f"http://example.com/{n}", bytes(50_000)) for n in range(50)]
        writing = [asyncio.create_task(asyncio.to_thread(archive.write_exchange, page)) for page in pages]
        await asyncio.sleep(0.005)
        for task in writing:
            task.cancel()
        started = time.monotonic()
        await asyncio.gather(*writing, return_exceptions=True)
        assert time.monotonic() - started < 1

    with Archive(tmp_path, "run") as archive:
        asyncio.run(run(archive))
    assert accepted(archive.path)
