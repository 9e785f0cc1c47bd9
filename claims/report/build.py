"""The report's folder: built aside, then put in its place in one step."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from claims.errors import StoreError
from claims.report.crew import crew
from claims.report.exports import as_csv, claims_jsonl, tables, write_parquet
from claims.report.package import write_package
from claims.report.site import Site
from claims.run_record import Change, RunRecord


def build_report(
    record: RunRecord, out: Path, lang: str = "ar", changes: Iterable[Change] = (), shelved: bool = False
) -> Path:
    """The folder `out` holds the whole report of the run and nothing else; the path of its index is returned.

    `index.html` opens in `lang`; `index.<other>.html` is the same in the other language. `changes` tell why
    rulings of this run are others than before; a report that is `shelved` leads to the index of all reports
    in the folder above. A build that is killed leaves whatever stood there before. Raises ConfigError
    for an unknown language and StoreError where the folder cannot be written, holds something else, or the
    records do not fit together.
    """
    site = Site(record, tuple(changes), lang, shelved)
    _ = site.words, site.view  # what cannot be shown is told before anything is written
    out = out.resolve()
    if out.exists() and not _replaceable(out):
        raise StoreError(f"{out}: is not a report, so it is not replaced; name another folder")
    part = out.parent / f".{out.name}.{os.getpid()}.part"
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        for leftover in out.parent.glob(f".{out.name}.*.part"):
            shutil.rmtree(leftover)
        _write(site, part)
        _swap(part, out)
    except OSError as error:
        raise StoreError(
            f"{out}: the report cannot be written ({error}); free the place and build again"
        ) from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return out / "index.html"


def _write(site: Site, folder: Path) -> None:
    for name in ("articles", "claims", "copies"):
        (folder / name).mkdir(parents=True)
    with crew(site, folder) as shares:
        site.write_pages(folder, 0, shares)
        (folder / "claims.jsonl").write_bytes(claims_jsonl(site.record))
        exported = tables(site.view)
        for table in exported:
            (folder / f"{table.name}.csv").write_bytes(as_csv(table))
            write_parquet(table, folder)
        write_package(folder, site.view, exported, site.lang)


def _replaceable(out: Path) -> bool:
    """Whether the folder is a report or empty, so that nothing of the caller's is lost with it."""
    if not out.is_dir():
        return False
    return ((out / "index.html").is_file() and (out / "claims.jsonl").is_file()) or not any(out.iterdir())


def _swap(part: Path, out: Path) -> None:
    """The finished folder stands at `out`; an earlier report there is gone."""
    old = part.with_name(f"{part.name.removesuffix('.part')}.old.part")
    if out.exists():
        out.rename(old)
    part.rename(out)
    shutil.rmtree(old, ignore_errors=True)
