"""A small web with a page of every kind, an article about it, and a workspace in which it was verified."""

from __future__ import annotations

import asyncio
import json
import socket
from dataclasses import dataclass
from pathlib import Path

from claims.pipeline import Finished, make_request, verify

PUBLISHED = "2024-03-10"
TEXT = (
    "أعلنت وزارة الطاقة في الأردن أن إنتاج الكهرباء من الشمس بلغ 2700 ميغاواط في عام 2023. "
    "وافتتح الملك عبد الله الثاني محطة جديدة في معان يوم 5 مارس 2024.\n"
)
ARABIC = """<!doctype html><html lang="ar"><head><meta charset="utf-8"><title>محطة معان</title>
<meta property="article:published_time" content="2024-03-06T10:00:00Z"></head><body><article>
<h1>محطة معان</h1><p>افتتح الملك عبد الله الثاني محطة جديدة في معان يوم 5 مارس 2024 بحضور وزير الطاقة.</p>
<p>وأعلنت وزارة الطاقة في الأردن أن إنتاج الكهرباء من الشمس بلغ 2700 ميغاواط في عام 2023.</p>
</article></body></html>"""
ENGLISH = """<!doctype html><html lang="en"><head><title>Maan plant opened</title>
<meta property="article:published_time" content="2024-03-06T10:00:00Z"></head><body><article>
<h1>Maan plant opened</h1><p>King Abdullah II opened a new solar plant in Maan on 5 March 2024.</p>
<p>Solar power in Jordan reached 2,700 megawatts in 2023, the energy ministry said.</p>
</article></body></html>"""
_WEB = """
[[page]]
url = "http://sun.example/maan"
file = "ar.html"
lang = "ar"
title = "افتتاح محطة معان في الأردن: الملك عبد الله الثاني"
[[page]]
url = "http://wire.example/jordan"
status = 301
location = "http://wire.example/2024/jordan-maan"
lang = "en"
title = "Jordan: King Abdullah opens Maan solar plant"
[[page]]
url = "http://wire.example/2024/jordan-maan"
file = "en.html"
hidden = true
[[page]]
url = "http://gone.example/maan"
file = "ar.html"
status = 410
lang = "ar"
title = "محطة معان في الأردن والملك عبد الله الثاني"
[[page]]
url = "http://closed.example/maan"
file = "ar.html"
lang = "ar"
title = "الأردن: محطة معان والملك عبد الله الثاني"
[[page]]
url = "http://closed.example/robots.txt"
file = "robots.txt"
content_type = "text/plain"
"""


@dataclass(frozen=True, slots=True)
class World:
    """A workspace with one run in it; `port` is where a source was looked for that is not there."""

    workspace: Path
    finished: Finished
    port: int

    @property
    def run(self) -> str:
        return self.finished.run

    @property
    def warc(self) -> Path:
        return self.workspace / "archive" / f"{self.run}.warc.gz"

    @property
    def report(self) -> Path:
        assert self.finished.report
        return self.finished.report.parent

    def claims(self) -> list[dict[str, object]]:
        """The verdict records of the report."""
        lines = (self.report / "claims.jsonl").read_text(encoding="utf-8").splitlines()
        return [json.loads(line) for line in lines]


def make_world(folder: Path) -> World:
    """The web is served, the article verified, and the web is gone again."""
    web = folder / "web"
    web.mkdir(parents=True)
    (web / "ar.html").write_text(ARABIC, encoding="utf-8")
    (web / "en.html").write_text(ENGLISH, encoding="utf-8")
    (web / "robots.txt").write_text("User-agent: *\nDisallow: /\n")
    (web / "web.toml").write_text(_WEB, encoding="utf-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (folder / "sources.toml").write_text(
        f"""[fetch]
per_host_delay_s = 0
timeout_s = 5
attempts = 1
[[source]]
name = "recorded"
kind = "replay"
path = "web"
[[source]]
name = "away"
kind = "searxng"
url = "http://127.0.0.1:{port}"
"""
    )
    article = folder / "article.txt"
    article.write_text(TEXT, encoding="utf-8")
    request = make_request(
        [str(article), str(folder / "missing.txt")],
        PUBLISHED,
        workspace=folder / "ws",
        evidence=folder / "sources.toml",
    )
    finished = asyncio.run(verify(request))
    for path in web.iterdir():
        path.unlink()
    article.unlink()
    return World(folder / "ws", finished, port)
