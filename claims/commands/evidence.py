"""Commands for evidence: fetch, read, replay."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import threading
import time
import zlib
from collections import deque
from collections.abc import AsyncIterator, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from claims.commands.shared import HERE, OutOption, SourcesOption, WorkspaceOption
from claims.commands.streams import Stopped, line, note, rows, writing
from claims.contract import capture_record
from claims.errors import InputError
from claims.fetch.cache import Visit
from claims.fetch.client import Fetcher
from claims.gather.replay_server import serve
from claims.pipeline.fetching import name_of_archive, open_fetching
from claims.plain import plain
from claims.read.page import read_page
from claims.record.shared_store import open_store
from claims.settings import load_settings
from claims.sources import load_sources

_LARGEST_PAGE = 50_000_000  # bytes, unpacked
_AT_ONCE = 64  # addresses taken from the input at a time


def register(app: typer.Typer) -> None:
    """The commands are known to the app."""
    for command in (fetch, read, replay):
        app.command()(command)


def fetch(
    url: Annotated[list[str] | None, typer.Argument(help="Addresses to fetch.")] = None,
    in_: Annotated[str | None, typer.Option("--in", help="JSON Lines of {id, url}, or -.")] = None,
    sources: SourcesOption = None,
    workspace: WorkspaceOption = HERE,
    out: OutOption = None,
) -> None:
    """Fetch and archive pages; print what came of each."""
    if not url and not in_:
        raise InputError("fetch: name addresses, or a file with --in FILE")
    wanted = _wanted(url or [], in_)

    async def run() -> None:
        with writing(out) as file:
            async for row, visit in _visits(wanted, sources, workspace):
                record = {"id": row.get("id"), **capture_record(visit.capture), "how": visit.how}
                file.write(line(record))

    asyncio.run(run())


def read(
    file: Annotated[
        list[str], typer.Argument(help="HTML pages (also .html.gz), or a .jsonl of {id, html_file, url}.")
    ],
    url: Annotated[str | None, typer.Option("--url", help="The page's address.")] = None,
    out: OutOption = None,
) -> None:
    """Print what a page says: title, text, authors, outlet, dates, language."""
    with writing(out) as output:
        for name in file:
            for identity, path, address in _pages(name, url):
                page = read_page(_page_bytes(path), address or "", None)
                record = {
                    key: plain(value)
                    for key, value in asdict(page).items()
                    if key not in ("links", "problem")
                }
                output.write(line({"id": identity, **record, "url": address or page.url or None}))


def replay(
    path: Annotated[Path, typer.Argument(help="A folder with web.toml, a WARC file, or a folder of them.")],
    port: Annotated[
        int, typer.Option("--port", min=0, max=65535, help="Port on loopback; 0 takes a free one.")
    ] = 0,
) -> None:
    """Serve a recorded web over HTTP on loopback, with a search address of its own, until interrupted."""
    server = serve(path, port)
    note(f"serving {len(server.hosts)} hosts at {server.url} (search: {server.url}/search?q=…&format=json)")
    try:
        with contextlib.suppress(Stopped):  # the way in which it is meant to end
            while True:
                time.sleep(3600)
    finally:
        server.close()


def fetched(url: str, sources: Path | None, workspace: Path) -> bytes:
    """The body behind one address, archived. Raises InputError where it cannot be had."""

    async def run() -> bytes:
        async with _fetcher(sources, workspace) as fetcher:
            capture = await fetcher.capture(url)
            if capture.outcome != "ok":
                raise InputError(f"{url}: {capture.outcome} ({capture.detail or 'no detail'})")
            return await fetcher.body(capture)

    return asyncio.run(run())


def _wanted(urls: list[str], file: str | None) -> Iterator[dict[str, Any]]:
    yield from ({"id": url, "url": url} for url in urls)
    if file:
        yield from rows(file, "url")


async def _visits(
    wanted: Iterator[dict[str, Any]], sources: Path | None, workspace: Path
) -> AsyncIterator[tuple[dict[str, Any], Visit]]:
    """Each address with what came of it, in the order of the input, a bounded number under way.

    Raises InputError where the input cannot be read further, after what was read before it.
    """
    async with _fetcher(sources, workspace) as fetcher:
        coming = _read_in_thread(wanted)
        reading: asyncio.Task[dict[str, Any] | InputError | None]
        reading = asyncio.create_task(coming.get())
        under_way: deque[tuple[dict[str, Any], asyncio.Task[Visit]]] = deque()
        ended = False
        while under_way or not ended:
            waiting: set[asyncio.Task[Any]] = {under_way[0][1]} if under_way else set()
            if not ended and len(under_way) < _AT_ONCE:
                waiting.add(reading)
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            if not ended and reading.done() and len(under_way) < _AT_ONCE:
                row = reading.result()
                if isinstance(row, dict):
                    under_way.append((row, asyncio.create_task(fetcher.visit(row["url"]))))
                    reading = asyncio.create_task(coming.get())
                else:
                    ended = True
            if under_way and under_way[0][1].done():
                first, task = under_way.popleft()
                yield first, task.result()
        if isinstance(row, InputError):
            raise row


def _read_in_thread(wanted: Iterator[dict[str, Any]]) -> asyncio.Queue[dict[str, Any] | InputError | None]:
    """The addresses as they come, a bounded number ahead; at the end None, or what is wrong with the rest.

    Standard input may keep silent for long, and fetching must go on meanwhile.
    """
    queue: asyncio.Queue[dict[str, Any] | InputError | None] = asyncio.Queue(_AT_ONCE)
    loop = asyncio.get_running_loop()

    def put(item: dict[str, Any] | InputError | None) -> None:
        asyncio.run_coroutine_threadsafe(queue.put(item), loop).result()

    def read() -> None:
        try:
            for row in wanted:
                put(row)
            put(None)
        except InputError as error:
            put(error)

    threading.Thread(target=read, name="input", daemon=True).start()
    return queue


@contextlib.asynccontextmanager
async def _fetcher(sources: Path | None, workspace: Path) -> AsyncIterator[Fetcher]:
    """A fetcher with an archive of its own, for commands that belong to no run."""
    evidence = load_sources(sources)
    store = open_store(workspace, load_settings(workspace))
    async with open_fetching(store, evidence, name_of_archive("fetch")) as opened:
        yield opened.fetcher


def _pages(name: str, url: str | None) -> Iterator[tuple[Any, Path, str | None]]:
    if name == "-" or name.endswith(".jsonl"):
        base = Path() if name == "-" else Path(name).parent
        for row in rows(name, "html_file"):
            yield row.get("id"), base / row["html_file"], row.get("url")
    else:
        yield name, Path(name), url


def _page_bytes(path: Path) -> bytes:
    """A page's bytes, unpacked. Raises InputError where there are none or too many."""
    try:
        if path.suffix != ".gz":
            with path.open("rb") as file:
                body = file.read(_LARGEST_PAGE + 1)
        else:
            with gzip.open(path) as packed:
                body = packed.read(_LARGEST_PAGE + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise InputError(f"{path}: cannot be read ({getattr(error, 'strerror', None) or error})") from None
    if len(body) > _LARGEST_PAGE:
        raise InputError(f"{path}: more than {_LARGEST_PAGE:,} bytes; it is not read")
    return body
