"""A small recorded web, a small article about it, and the command line in this process or in its own."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import io
import json
import os
import subprocess
import sys
from argparse import Namespace
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from warcio.checker import Checker

from claims import cli
from claims.pipeline import Finished, Request, make_request, verify
from claims.record.query import run_sql

TEXT = (
    "أعلنت وزارة الطاقة في الأردن أن إنتاج الكهرباء من الشمس بلغ 2700 ميغاواط في عام 2023. "
    "وافتتح الملك عبد الله الثاني محطة جديدة في معان يوم 5 مارس 2024.\n"
)
PUBLISHED = "2024-03-10"
_ARABIC = """<!doctype html><html lang="ar"><head><meta charset="utf-8"><title>محطة معان</title>
<meta property="article:published_time" content="2024-03-06T10:00:00Z"></head><body><article>
<h1>محطة معان</h1><p>افتتح الملك عبد الله الثاني محطة جديدة في معان يوم 5 مارس 2024 بحضور وزير الطاقة.</p>
<p>وأعلنت وزارة الطاقة في الأردن أن إنتاج الكهرباء من الشمس بلغ 2700 ميغاواط في عام 2023.</p>
</article></body></html>"""
_ENGLISH = """<!doctype html><html lang="en"><head><title>Maan plant opened</title>
<meta property="article:published_time" content="2024-03-06T10:00:00Z"></head><body><article>
<h1>Maan plant opened</h1><p>King Abdullah II opened a new solar plant in Maan on 5 March 2024.</p>
<p>Solar power in Jordan reached 2,700 megawatts in 2023, the energy ministry said.</p>
</article></body></html>"""
PAGES = {
    "http://sun.example/maan": ("ar", "افتتاح محطة معان في الأردن", _ARABIC, 0),
    "http://wire.example/jordan": ("en", "Jordan: King Abdullah opens Maan plant", _ENGLISH, 0),
}
SLOW = {"http://slow.example/maan": ("ar", "الملك عبد الله الثاني ومحطة معان", _ARABIC, 60)}


def make_web(folder: Path, pages: Mapping[str, tuple[str, str, str, float]]) -> Path:
    """A recorded web stands in the folder; returns it."""
    folder.mkdir(parents=True)
    rows = []
    for number, (url, (lang, title, body, delay_s)) in enumerate(pages.items()):
        (folder / f"{number}.html").write_text(body, encoding="utf-8")
        rows.append(
            f'[[page]]\nurl = "{url}"\nfile = "{number}.html"\nlang = "{lang}"\n'
            f'title = "{title}"\ndelay_s = {delay_s}\n'
        )
    (folder / "web.toml").write_text("\n".join(rows), encoding="utf-8")
    return folder


def make_sources(file: Path, *sources: Mapping[str, str], timeout_s: float = 5, attempts: int = 1) -> Path:
    """A sources file with these sources; returns it."""
    lines = ["[fetch]", "per_host_delay_s = 0", f"timeout_s = {timeout_s}", f"attempts = {attempts}"]
    for source in sources:
        lines += ["[[source]]", *(f"{name} = {json.dumps(value)}" for name, value in source.items())]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


class World:
    """A folder with a small web, a sources file that names it, an article and room for a workspace."""

    def __init__(self, folder: Path, slow: bool = False, timeout_s: float = 5) -> None:
        self.folder = folder
        self.web = make_web(folder / "web", PAGES | SLOW if slow else PAGES)
        self.sources = make_sources(folder / "sources.toml", replay(self.web), timeout_s=timeout_s)
        self.article = folder / "article.txt"
        self.article.write_text(TEXT, encoding="utf-8")
        self.workspace = folder / "ws"

    def request(self, *articles: object, evidence: Path | None = None, **options: Any) -> Request:
        """The request to verify the articles, or the one at hand."""
        return make_request(
            [str(one) for one in articles or [self.article]],
            PUBLISHED,
            workspace=self.workspace,
            evidence=evidence or self.sources,
            **options,
        )

    def verify(self, *articles: object, evidence: Path | None = None) -> Finished:
        """The articles, or the one at hand, verified without an orchestrator."""
        return asyncio.run(verify(self.request(*articles, evidence=evidence)))

    def arguments(self) -> list[object]:
        """What `tabayyun` needs to verify the article."""
        of_run = ["--published", PUBLISHED, "--workspace", self.workspace, "--sources", self.sources]
        return ["verify", self.article, *of_run]

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """The answer of the published snapshot."""
        return list(run_sql(self.workspace, sql)[1])


def whole_archives(workspace: Path) -> int:
    """The archives of the workspace, every one of which warcio accepts as it is; how many there are."""
    archives = sorted((workspace / "archive").glob("*.warc.gz"))
    for archive in archives:
        with gzip.open(archive) as members:
            while members.read(1 << 20):  # raises where the last one is torn
                pass
        assert Checker(Namespace(inputs=[str(archive)], verbose=False)).process_all() == 0, archive
    return len(archives)


def replay(folder: Path, name: str = "recorded") -> dict[str, str]:
    """The source that answers from a recorded web."""
    return {"name": name, "kind": "replay", "path": str(folder)}


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    status: int
    out: str
    err: str

    @property
    def records(self) -> list[dict[str, Any]]:
        """Standard output as JSON Lines."""
        return [json.loads(line) for line in self.out.splitlines()]

    def one_line(self, status: int) -> str:
        """The one line on standard error of a command that ended with this status and said nothing else."""
        lines = self.err.splitlines()
        assert (self.status, self.out, len(lines)) == (status, "", 1), self
        assert lines[0].startswith("tabayyun: ") and "Traceback" not in lines[0]
        return lines[0].removeprefix("tabayyun: ")


def command(*arguments: object) -> Ended:
    """The command, run in this process through `main`."""
    out, err = io.TextIOWrapper(io.BytesIO(), encoding="utf-8"), io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["tabayyun", *map(str, arguments)])
        with (
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(err),
            pytest.raises(SystemExit) as end,
        ):
            cli.main()
    out.flush()
    return Ended(int(end.value.code or 0), out.buffer.getvalue().decode("utf-8"), err.getvalue())


def environment(home: Path) -> dict[str, str]:
    """The environment of a process that shares nothing with this user's own files."""
    home.mkdir(parents=True, exist_ok=True)
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PREFECT", "TABAYYUN", "XDG"))
    }
    return kept | {"HOME": str(home), "PREFECT_HOME": str(home / "prefect"), "PYTHONIOENCODING": "utf-8"}


@contextlib.contextmanager
def started(home: Path, *arguments: object, **options: Any) -> Iterator[subprocess.Popen[str]]:
    """The command, running in a process and a session of its own; whatever is left of it is ended."""
    pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    process = subprocess.Popen(
        [sys.executable, "-m", "claims.cli", *map(str, arguments)],
        env=environment(home),
        encoding="utf-8",
        start_new_session=True,
        **(pipes | options),
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout, process.stderr):
            if pipe:
                pipe.close()


def run(home: Path, *arguments: object, input: bytes | None = None, **options: Any) -> Ended:
    """The command, run to its end in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "claims.cli", *map(str, arguments)],
        env=environment(home),
        input=input,
        stdin=subprocess.DEVNULL if input is None else None,
        capture_output=True,
        timeout=180,
        **options,
    )
    return Ended(done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8"))
