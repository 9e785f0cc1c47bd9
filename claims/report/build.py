"""The report's folder: built aside, then put in its place in one step."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterable
from pathlib import Path

from claims.errors import StoreError
from claims.model import Change, RunRecord
from claims.report.copies import view_copies
from claims.report.exports import as_csv, claims_jsonl, tables, write_parquet
from claims.report.package import write_package
from claims.report.pages import render
from claims.report.view import RunView, view_run
from claims.report.words import LANGUAGES, Words

_FILE_ID = re.compile(r"[A-Za-z0-9_-]{1,80}")


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
    words = [Words(lang), *(Words(other) for other in LANGUAGES if other != lang)]
    view = view_run(record, changes)
    out = out.resolve()
    if out.exists() and not _replaceable(out):
        raise StoreError(f"{out}: is not a report, so it is not replaced; name another folder")
    part = out.parent / f".{out.name}.{os.getpid()}.part"
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        for leftover in out.parent.glob(f".{out.name}.*.part"):
            shutil.rmtree(leftover)
        _write(view, part, words, shelved)
        _swap(part, out)
    except OSError as error:
        raise StoreError(
            f"{out}: the report cannot be written ({error}); free the place and build again"
        ) from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return out / "index.html"


def _write(view: RunView, folder: Path, languages: list[Words], shelved: bool) -> None:
    for name in ("articles", "claims", "copies"):
        (folder / name).mkdir(parents=True)
    first = languages[0].lang
    suffixes = {words.lang: "" if words.lang == first else f".{words.lang}" for words in languages}

    def write(template: str, place: str, **given: object) -> None:
        for words in languages:
            here, there = suffixes[words.lang], suffixes[words.other]
            page = render(
                template,
                view=view,
                words=words,
                here=here,
                there=there,
                shelved=shelved,
                up="../" * (1 + place.count("/")),
                **given,
            )
            (folder / f"{place}{here}.html").write_bytes(page)

    write("report.html", "index")
    single = len(view.articles) == 1
    for article in view.articles:
        home = "../index" if single else f"../articles/{_file_name(article.article.id)}"
        if not single:
            write("article.html", home.removeprefix("../"), article=article)
        for before, claim, after in zip(
            (None, *article.claims), article.claims, (*article.claims[1:], None), strict=False
        ):
            place = f"claims/{_file_name(claim.claim.id)}"
            write("claim.html", place, shown=claim, before=before, after=after, home=home)
    for copy in view_copies(view.record):
        write("copy.html", f"copies/{_file_name(copy.capture.id)}", copy=copy)
    (folder / "claims.jsonl").write_bytes(claims_jsonl(view.record))
    exported = tables(view)
    for table in exported:
        (folder / f"{table.name}.csv").write_bytes(as_csv(table))
        write_parquet(table, folder)
    write_package(folder, view, exported, first)


def _file_name(name: str) -> str:
    if not _FILE_ID.fullmatch(name):
        raise StoreError(f"{name!r}: such an id cannot name a file; verify again")
    return name


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
