"""Commands for the archive: whether it is whole, and parts of it for others."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from claims.commands.shared import HERE, SourcesOption, WorkspaceOption
from claims.commands.streams import note, progress_shown
from claims.errors import ConfigError, InputError, SourceSkipped, StoreError
from claims.fetch.archive import FOLDER, Archive
from claims.fetch.client import Fetcher
from claims.fetch.stamp import (
    Stamp,
    change_since,
    covered,
    require_library,
    stamp,
    token_fault,
    trusted_roots,
)
from claims.fetch.submit import SERVICE, Pace, Submission, follow, submit
from claims.fetch.wacz import write_wacz
from claims.record.audit import broken, cited
from claims.record.cited import pages_of_claim, pages_of_run
from claims.record.shared_store import open_store
from claims.record.stamps import add_stamp, add_submission, stamps, submissions
from claims.record.store import Store
from claims.settings import load_settings
from claims.source_kinds import WaybackSource, origin_of
from claims.sources import load_sources

PACE = Pace()
archive_app = typer.Typer(help="The archive: whether it is whole, and parts of it for others.")


def register(app: typer.Typer) -> None:
    """The commands are known to the app."""
    app.add_typer(archive_app, name="archive")


@archive_app.command()
def check(workspace: WorkspaceOption = HERE) -> None:
    """Read everything that is cited again, from its archived bytes; name whatever is not what it was."""
    store = _store(workspace)
    everything = cited(store)
    stamped = stamps(store)
    found = 0
    with progress_shown() as progress:
        for line in broken(workspace, everything, lambda done, total: progress("check", done, total)):
            print(line, flush=True)
            found += 1
        for line in _untrue(workspace, stamped):
            print(line, flush=True)
            found += 1
    quotations = sum(len(one.quotations) for one in everything)
    if found:
        raise StoreError(f"{found} broken; restore the archive files that are named from a copy")
    print(f"{len(everything)} archived answers and {quotations} quotations are what they were")
    if stamped:
        print(f"{len(stamped)} timestamps hold")


@archive_app.command()
def export(
    wacz: Annotated[Path, typer.Option(help="The file to write; ReplayWeb.page opens it.")],
    run: Annotated[str | None, typer.Option(help="All pages that the verdicts of this run cite.")] = None,
    claim: Annotated[str | None, typer.Option(help="The pages that the latest verdict on it cites.")] = None,
    workspace: WorkspaceOption = HERE,
) -> None:
    """Write the archived pages that a report or a verdict cites to one file."""
    if (run is None) == (claim is None):
        raise InputError("name what to export: either --run RUN or --claim ID")
    store = _store(workspace)
    bundle = pages_of_run(store, run) if run else pages_of_claim(store, claim or "")
    write_wacz(workspace, bundle.pages, wacz, bundle.title, bundle.created)
    note(f"{wacz}: {len(bundle.pages)} pages; open it on replayweb.page")


@archive_app.command(name="timestamp")
def timestamp_(
    file: Annotated[
        list[Path] | None, typer.Argument(help="Archive files; without any, all of the workspace.")
    ] = None,
    tsa: Annotated[
        str, typer.Option(help="Address of the authority (RFC 3161).")
    ] = "http://timestamp.digicert.com",
    roots: Annotated[
        Path | None, typer.Option(help="PEM of the authority's root; without it, those of this machine.")
    ] = None,
    sources: SourcesOption = None,
    workspace: WorkspaceOption = HERE,
) -> None:
    """Have an authority attest that the archive's files exist now; its tokens stand beside them."""
    require_library()
    store = _store(workspace)
    trusted = trusted_roots(roots)
    wanted = _warcs(workspace, file)
    done = {(one.covered, one.authority) for one in stamps(store)}

    async def run() -> int:
        new = 0
        async with _talking(store, sources, tsa) as fetcher:
            for warc in wanted:
                part = await asyncio.to_thread(covered, workspace, warc)
                if (part, tsa) in done:
                    continue
                one = await stamp(fetcher, workspace, part, tsa, trusted)
                add_stamp(store, one)
                print(
                    f"{one.token}: {part.bytes} bytes of {warc} at {one.stamped_at.isoformat()}", flush=True
                )
                new += 1
        return new

    try:
        new = asyncio.run(run())
    finally:
        store.publish()
    note(f"{new} of {len(wanted)} files stamped; the others have not changed since they were")


@archive_app.command(name="submit")
def submit_(
    url: Annotated[list[str] | None, typer.Argument(help="Addresses to have saved.")] = None,
    run: Annotated[str | None, typer.Option(help="All pages that the verdicts of this run cite.")] = None,
    wait: Annotated[
        float, typer.Option(min=0, help="Seconds to wait for the copies to be made.")
    ] = PACE.wait_s,
    sources: SourcesOption = None,
    workspace: WorkspaceOption = HERE,
) -> None:
    """Ask the Wayback Machine to save pages, and tell which it saved; asking is not yet archiving."""
    if bool(url) == (run is not None):
        raise InputError("name what to submit: either --run RUN or addresses")
    store = _store(workspace)
    service = _service(sources)
    wanted = list(dict.fromkeys(url or _cited_addresses(store, run or "", service)))
    known = [one for one in submissions(store) if one.outcome == "pending" and one.url in wanted]
    latest = {one.url: one for one in known if one.service == service}
    fresh = [address for address in wanted if address not in latest]
    pace = replace(PACE, wait_s=wait)

    async def work() -> None:
        async with _talking(store, sources, service) as fetcher:
            async for told in submit(fetcher, fresh, run, service, pace):
                add_submission(store, told)
                latest[told.url] = told
            async for told in follow(fetcher, [one for one in latest.values() if one in known], pace):
                add_submission(store, told)
                latest[told.url] = told

    try:
        asyncio.run(work())
    finally:
        store.publish()
        for one in latest.values():
            _show(one)
    lost = sum(one.outcome in ("failed", "refused") for one in latest.values())
    if any(one.outcome == "pending" for one in latest.values()):
        note("pending is not archived; 'tabayyun archive submissions' asks again")
    if lost:
        raise SourceSkipped(f"{lost} of {len(wanted)} were not archived; the lines above say why")


@archive_app.command(name="submissions")
def submissions_(sources: SourcesOption = None, workspace: WorkspaceOption = HERE) -> None:
    """Ask after the submissions that are pending, and list all of them with their outcomes."""
    store = _store(workspace)
    service = _service(sources)
    pending = [one for one in submissions(store) if one.outcome == "pending" and one.service == service]

    async def work() -> None:
        async with _talking(store, sources, service) as fetcher:
            async for told in follow(fetcher, pending, replace(PACE, wait_s=0.0)):
                add_submission(store, told)

    try:
        if pending:
            asyncio.run(work())
            store.publish()
    finally:
        for one in submissions(store):
            _show(one)


@asynccontextmanager
async def _talking(store: Store, sources: Path | None, service: str) -> AsyncIterator[Fetcher]:
    """A fetcher that may speak to the named service, wherever that is; it writes no archive."""
    policy = load_sources(sources).fetch
    past = await asyncio.to_thread(store.known_past)
    archive = Archive(store.workspace, f"service-{secrets.token_hex(4)}")
    async with Fetcher(policy, archive, past=past, trusted=(origin_of(service),)) as fetcher:
        yield fetcher


def _service(sources: Path | None) -> str:
    """The public archive: that of the sources file, else the Internet Archive's."""
    named = [spec.url for spec in load_sources(sources).sources if isinstance(spec, WaybackSource)]
    return (named[0] if named else SERVICE).rstrip("/")


def _cited_addresses(store: Store, run: str, service: str) -> list[str]:
    """The web addresses that the run's verdicts cite, without copies that the service holds already."""
    if store.read_run(run).run.sample:
        raise InputError(f"run {run} rests on the packaged sample web, which nobody else can reach")
    found = [page.capture.final_url for page in pages_of_run(store, run).pages]
    return [url for url in found if not url.startswith(("file:", f"{service}/web/"))]


def _show(one: Submission) -> None:
    print(f"{one.outcome}\t{one.url}\t{one.archived_url or one.detail or one.job or ''}", flush=True)


def _warcs(workspace: Path, files: list[Path] | None) -> list[str]:
    """The archive's files, relative to the workspace. Raises InputError naming one that is none of them."""
    present = {path.resolve(): path.name for path in sorted((workspace / FOLDER).glob("*.warc.gz"))}
    for file in files or []:
        if file.resolve() not in present:
            raise InputError(f"{file}: is no archive file of {workspace}; they lie in {workspace / FOLDER}")
    chosen = [file.resolve() for file in files] if files else list(present)
    return [f"{FOLDER}/{present[path]}" for path in dict.fromkeys(chosen)]


def _untrue(workspace: Path, stamped: list[Stamp]) -> Iterator[str]:
    """One line for each timestamp that does not hold, or whose bytes have changed."""
    try:
        if stamped:
            require_library()
        readable = True
    except ConfigError as error:
        note(f"the timestamps' signatures are not verified: {error}")
        readable = False
    for one in stamped:
        faults = (token_fault(workspace, one) if readable else None, change_since(workspace, one))
        yield from (fault for fault in faults if fault)


def _store(workspace: Path) -> Store:
    """The record of the workspace. Raises InputError where there is none."""
    store = open_store(workspace, load_settings(workspace))
    if not store.exists():
        raise InputError(f"{store.path}: nothing is recorded here; name another --workspace")
    return store
