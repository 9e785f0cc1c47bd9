"""How the tests visit the zoo, and how they have its archive accepted."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from fastwarc.warc import ArchiveIterator
from warcio.checker import Checker
from zoo import Zoo, open_zoo

from claims.fetch.archive import Archive
from claims.fetch.client import Fetcher
from claims.sources import FetchPolicy

LOOPBACK = ("127.0.0.1/32",)
TIMEOUT_S = 1.2


def policy(**changes: Any) -> FetchPolicy:
    return FetchPolicy(
        **{
            "allow_networks": LOOPBACK,
            "per_host_delay_s": 0,
            "timeout_s": TIMEOUT_S,
            "max_bytes": 1_000_000,
            "attempts": 2,
        }
        | changes
    )


def visit(
    workspace: Path,
    errand: Callable[[Zoo, Fetcher], Awaitable[None]],
    chosen: FetchPolicy | None = None,
    **more: Any,
) -> Path:
    """Runs an errand in a fresh zoo; returns the archive, which a strict reader has accepted."""

    async def run() -> Path:
        async with open_zoo() as zoo:
            with Archive(workspace, "run") as archive:
                async with Fetcher(chosen or policy(), archive, **more) as fetcher:
                    await errand(zoo, fetcher)
                return archive.path

    path = asyncio.run(run())
    if path.exists():
        assert accepted(path)
    return path


def accepted(path: Path) -> bool:
    """Whether warcio's own checker finds every digest right and fastwarc reads every record."""
    checker = Checker(SimpleNamespace(inputs=[str(path)], verbose=False))
    with path.open("rb") as file:
        records = sum(1 for _ in ArchiveIterator(file, parse_http=True, verify_digests=True))
    return checker.process_all() == 0 and records > 0


def record_types(path: Path) -> list[str]:
    """The kinds of record in a file, in their order."""
    with path.open("rb") as file:
        return [record.headers["WARC-Type"] for record in ArchiveIterator(file, parse_http=False)]
