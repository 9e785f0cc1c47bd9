"""Sources out of reach: exit status 3, no verdict without evidence, and the report names what was not asked."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from commands_support import World, make_sources, replay

from claims.pipeline import Finished
from claims.record.store import Store
from claims.run_record import RunRecord


class Failing(BaseHTTPRequestHandler):
    """A server of which every path fails in its own way."""

    def do_GET(self) -> None:
        if self.path.startswith("/silent"):
            time.sleep(3)
            return
        status, kind, body = 200, "text/html", b"<!doctype html><title>Welcome</title><p>Welcome to nginx"
        if self.path.startswith("/broken"):
            status = 500
        elif self.path.startswith("/odd"):
            kind, body = "application/json", b'{"results": [3, null, {"url": 7}], "query": "x"}'
        elif self.path.startswith("/half"):
            kind, body = "application/json", b'{"results": ['
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def failing() -> Iterator[str]:
    """The address of a server that fails."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Failing)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def closed_port() -> str:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{taken.getsockname()[1]}"


def asked(world: World, *sources: dict[str, str]) -> tuple[Finished, RunRecord, str]:
    """The article verified with these sources: what it came to, its record, and its report in English."""
    file = make_sources(world.folder / "these.toml", *sources, timeout_s=0.5)
    finished = world.verify(evidence=file)
    assert finished.report
    pages = sorted(finished.report.parent.rglob("*.en.html"))
    report = "\n".join(page.read_text(encoding="utf-8") for page in pages)
    return finished, Store(world.workspace).read_run(finished.run), report


def outcomes(record: RunRecord, source: str) -> set[str]:
    return {
        sought.outcome
        for one in record.articles
        for verdict in one.verdicts.values()
        for sought in verdict.sought
        if sought.source == source
    }


def test_sources_that_fail_beside_one_that_works(world: World, failing: str) -> None:
    bad = {
        "refusing": closed_port(),
        "broken": f"{failing}/broken",
        "a web page": f"{failing}/page",
        "silent": f"{failing}/silent",
        "half": f"{failing}/half",
    }
    specs = [{"name": name, "kind": "searxng", "url": url} for name, url in bad.items()]
    finished, record, report = asked(world, *specs, replay(world.web, "working"))
    assert finished.incomplete and finished.claims == 2
    for name in ("refusing", "broken", "silent", "half"):
        assert outcomes(record, name) == {"unreachable"}, name
    assert outcomes(record, "a web page") == {"misconfigured"}
    assert outcomes(record, "working") <= {"ok", "empty"} and "ok" in outcomes(record, "working")
    assert len(record.documents) == 2
    for name in bad:
        assert name in report


@pytest.mark.parametrize("kind", ["searxng", "mediawiki"])
def test_no_source_that_works(world: World, failing: str, kind: str) -> None:
    gone = closed_port()
    specs = [
        {"name": "refusing source", "kind": kind, "url": gone},
        {"name": "page source", "kind": kind, "url": f"{failing}/page"},
    ]
    finished, record, report = asked(world, *specs)
    assert finished.incomplete and finished.claims == 2
    (one,) = record.articles
    assert {v.verdict for v in one.verdicts.values()} == {"not_enough_evidence"}
    assert {v.said for v in one.verdicts.values()} <= {"not_enough_evidence", None}
    assert outcomes(record, "refusing source") == {"unreachable"}
    assert outcomes(record, "page source") == {"misconfigured"}
    assert "refusing source" in report and gone in report and "page source" in report
    lines = (finished.report.parent / "claims.jsonl").read_text(encoding="utf-8") if finished.report else ""
    assert all(json.loads(line)["evidence"] == [] for line in lines.splitlines())


def test_answers_of_a_strange_shape_find_nothing(world: World, failing: str) -> None:
    finished, record, _ = asked(world, {"name": "odd", "kind": "searxng", "url": f"{failing}/odd"})
    assert not finished.incomplete
    assert outcomes(record, "odd") == {"empty"}


def test_no_source_at_all(world: World) -> None:
    finished, record, report = asked(world)
    assert finished.incomplete
    (one,) = record.articles
    assert {v.verdict for v in one.verdicts.values()} == {"not_enough_evidence"}
    gaps = {gap for v in one.verdicts.values() for gap in v.gaps}
    assert any("gap_nowhere" in gap or "No source" in gap for gap in gaps), gaps
    assert "no source" in report.lower()


def test_a_page_that_breaks_the_reader_costs_only_itself(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    from claims.pipeline import reading

    read = reading.read_page

    def breaking(body: bytes, url: str, kind: str | None) -> object:
        if "wire.example" in url:
            raise RuntimeError("tripped")
        return read(body, url, kind)

    monkeypatch.setattr(reading, "read_page", breaking)
    finished, record, _ = asked(world, replay(world.web))
    assert finished.claims == 2 and not finished.incomplete
    (one,) = record.articles
    unread = {(u.url, u.outcome) for v in one.verdicts.values() for u in v.unread}
    assert unread == {("http://wire.example/jordan", "error")}
    assert {d.url for d in record.documents.values()} == {"http://sun.example/maan"}


def test_an_archive_that_was_taken_away_costs_its_pages_not_the_run(world: World) -> None:
    world.verify()
    for file in (world.workspace / "archive").iterdir():
        file.unlink()
    finished = world.verify()
    assert finished.claims == 2 and finished.report
