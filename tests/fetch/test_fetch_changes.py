"""A verification made again over a real server: what is as it was is not sent again, and what was edited or
deleted in between stands in the report as just that."""

from __future__ import annotations

import asyncio
import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from visits import accepted

from claims.pipeline import Finished, make_request, verify
from claims.record.query import run_sql
from claims.record.store import Store

CLAIM = "King Abdullah II opened a new solar plant in Maan on 5 March 2024."
REPORT = (
    "<p>Reporters of the {name} were there when on 5 March 2024 a new solar plant was opened in Maan by King "
    "Abdullah II, together with the minister of energy and many guests from the towns around.</p>"
    "<p>Solar power in Jordan reached {megawatts} megawatts in 2023, engineers told the {name} paper.</p>"
)
HTML = (
    '<!doctype html><html lang="en"><head><title>Maan plant: {name}</title></head><body><article>'
    "<h1>A visit to the south</h1>{text}</article></body></html>"
)
NAMES = ("first", "second", "third", "fourth")


class Site:
    """Pages and a search over them. `asked` holds the path and status of every answer to a page."""

    def __init__(self) -> None:
        self.pages = {f"/{name}": self.page(name) for name in NAMES}
        self.named = list(self.pages)  # by the search
        self.answers: list[tuple[str, int]] = []
        self.address = ""

    @staticmethod
    def page(name: str, megawatts: str = "2,700") -> bytes:
        return HTML.format(name=name, text=REPORT.format(name=name, megawatts=megawatts)).encode()

    def answer(self, path: str, etag: str | None) -> tuple[int, str, bytes]:
        if path.startswith("/search?"):
            results = [
                {"url": self.address + page, "title": "Maan plant", "content": CLAIM} for page in self.named
            ]
            return 200, "application/json", json.dumps({"results": results}).encode()
        if path == "/robots.txt":
            status, body = 200, b"User-agent: *\nAllow: /\n"
        else:
            body = self.pages.get(path, b"")
            status = 200 if body else 404
        if status == 200 and etag == self.etag(body):
            status, body = 304, b""
        self.answers.append((path, status))
        return status, "text/html" if path != "/robots.txt" else "text/plain", body

    @staticmethod
    def etag(body: bytes) -> str:
        return f'"{hashlib.sha256(body).hexdigest()[:16]}"'

    def take(self) -> list[tuple[str, int]]:
        taken, self.answers = sorted(self.answers), []
        return taken


@contextmanager
def serving() -> Iterator[Site]:
    site = Site()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            status, kind, body = site.answer(self.path, self.headers["If-None-Match"])
            self.send_response(status)
            if status == 200:
                self.send_header("ETag", site.etag(body))
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing is said."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    site.address = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.slow
def test_an_edit_and_a_deletion_are_all_that_a_later_report_tells(tmp_path: Path) -> None:
    article = tmp_path / "article.txt"
    article.write_text(CLAIM, encoding="utf-8")
    workspace = tmp_path / "workspace"
    sources = tmp_path / "sources.toml"

    def run() -> Finished:
        request = make_request([str(article)], "2024-03-10", None, workspace, sources)
        return asyncio.run(verify(request))

    with serving() as site:
        sources.write_text(
            '[fetch]\nallow_networks = ["127.0.0.1/32"]\nper_host_delay_s = 0\ntimeout_s = 60\n'
            f'[[source]]\nname = "search"\nkind = "searxng"\nurl = "{site.address}"\n',
            encoding="utf-8",
        )
        first = run()
        assert [status for _, status in site.take()] == [200] * 5
        second = run()
        assert site.take() == [(f"/{name}", 304) for name in sorted(NAMES)]  # and robots.txt not at all
        site.pages["/second"] = site.page("second", "1,900")
        del site.pages["/third"]
        site.named.remove("/third")  # the search has forgotten it too
        third = run()
        assert dict(site.take()) == {"/first": 304, "/second": 200, "/third": 404, "/fourth": 304}
        fourth = run()

    store = Store(workspace)
    told = [
        {change.url.removeprefix(site.address): change.kind for change in store.read_run(done.run).changes}
        for done in (first, second, third, fourth)
    ]
    assert told == [{}, {}, {"/second": "edited", "/third": "vanished"}, {}]
    edited = next(change for change in store.read_run(third.run).changes if change.kind == "edited")
    assert edited.words_changed and edited.before and edited.after
    assert edited.before.warc != edited.after.warc and first.run in str(edited.before.warc)
    reports = [done.report.read_text(encoding="utf-8") for done in (second, third, fourth) if done.report]
    assert ["at-sources-h" in report for report in reports] == [False, True, False]
    section = reports[1].partition('id="at-sources-h"')[2].partition("</section>")[0]
    assert [f"{site.address}/{name}" in section for name in NAMES] == [False, True, True, False]
    hows = run_sql(workspace, "SELECT how, count(*) FROM visit WHERE NOT robots GROUP BY how ORDER BY how")[1]
    assert list(hows) == [("fetched", 6), ("not_modified", 9)]
    for archive in (workspace / "archive").glob("*.warc.gz"):
        assert accepted(archive)
