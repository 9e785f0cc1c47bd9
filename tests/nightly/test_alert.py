"""A night that fails, or reaches not everything, is told to the desk's webhook in one POST."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from claims.errors import StoreBusy
from claims.pipeline import Finished, with_alert

told: list[dict[str, object]] = []


class Hook(BaseHTTPRequestHandler):
    """Takes what it is sent; `/refuses` does not."""

    def do_POST(self) -> None:
        told.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
        self.send_response(500 if self.path == "/refuses" else 204)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture
def hook() -> Iterator[str]:
    told.clear()
    with ThreadingHTTPServer(("127.0.0.1", 0), Hook) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def desk(folder: Path, alert: str) -> Path:
    file = folder / "desk.toml"
    file.write_text(f'alert = "{alert}"\n')
    return file


async def fails() -> Finished:
    raise StoreBusy("ws: another nightly run\nis going on; let it end")


async def misses() -> Finished:
    return Finished("night-1", None, 1, 2, True, ("agency: unreachable",))


async def succeeds() -> Finished:
    return Finished("night-1", None, 1, 2, False, ())


def test_a_night_that_fails_is_told_in_one_line(tmp_path: Path, hook: str) -> None:
    with pytest.raises(StoreBusy, match=r"going on; let it end$"):
        asyncio.run(with_alert(desk(tmp_path, hook), tmp_path, fails()))
    line = "ws: another nightly run is going on; let it end"
    assert told == [{"workspace": str(tmp_path), "status": 1, "line": line}]


def test_a_night_that_misses_something_is_told_and_a_good_one_is_not(tmp_path: Path, hook: str) -> None:
    file = desk(tmp_path, hook)
    assert asyncio.run(with_alert(file, tmp_path, succeeds())) == asyncio.run(succeeds())
    assert asyncio.run(with_alert(file, tmp_path, misses())) == asyncio.run(misses())
    assert told == [{"workspace": str(tmp_path), "status": 3, "line": "night-1: agency: unreachable"}]


def test_a_webhook_that_cannot_be_told_is_named_beside_the_failure(tmp_path: Path, hook: str) -> None:
    with pytest.raises(StoreBusy, match=r"let it end; and the alert was not taken .*status 500"):
        asyncio.run(with_alert(desk(tmp_path, f"{hook}/refuses"), tmp_path, fails()))
    gone = desk(tmp_path, "http://127.0.0.1:9/")
    finished = asyncio.run(with_alert(gone, tmp_path, misses()))
    assert finished.incomplete and "the alert could not be sent" in finished.bad[-1]
