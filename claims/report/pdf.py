"""Pages of a report as one PDF, printed by Chromium: without network, in a profile that is thrown away."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, NameObject

from claims.errors import InputError, StoreError

_NAMES = ("chromium", "chromium-browser", "google-chrome")
_FLAGS = (
    "--headless", "--disable-gpu", "--no-first-run", "--no-pdf-header-footer", "--disable-extensions",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--disable-default-apps", "--disable-dev-shm-usage", "--host-resolver-rules=MAP * ~NOTFOUND",
)  # fmt: skip
_PATIENCE_S = 300  # for one page; a page of a thousand claims takes seconds


def print_pages(pages: Sequence[Path], out: Path) -> int:
    """The pages stand in one PDF, in the order given; how many sheets it has is returned.

    Links inside the report are taken out: they would name folders of this machine. Raises InputError where
    a page is not there or Chromium is not installed, StoreError where it cannot print or write.
    """
    files = [_page(page) for page in pages]
    chromium = next(filter(None, map(shutil.which, _NAMES)), None)
    if chromium is None:
        raise InputError("pdf: Chromium is not installed; on Debian 'apt install chromium', then run again")
    writer = PdfWriter()
    part = out.with_name(f".{out.name}.{os.getpid()}.part")
    try:
        with tempfile.TemporaryDirectory(prefix="tabayyun-print-") as folder:
            for number, file in enumerate(files):
                printed = Path(folder) / f"{number}.pdf"
                _print(chromium, file, printed, Path(folder) / "profile")
                writer.append(PdfReader(printed))
            _drop_local_links(writer)
            with part.open("wb") as body:
                writer.write(body)
            part.replace(out)
    except (OSError, PyPdfError) as error:
        raise StoreError(f"{out}: cannot be written ({error}); make room or name another --out") from None
    finally:
        part.unlink(missing_ok=True)
    return len(writer.pages)


def _page(page: Path) -> Path:
    file = page / "index.html" if page.is_dir() else page
    if file.suffix != ".html" or not file.is_file():
        raise InputError(f"{page}: is no page of a report; name a .html file or a report's folder")
    return file.resolve()


def _print(chromium: str, file: Path, out: Path, profile: Path) -> None:
    # Chromium refuses to run its sandbox as root; what it opens is our own page, whose policy forbids script
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    command = [
        chromium, *_FLAGS, *sandbox, f"--user-data-dir={profile}", f"--print-to-pdf={out}", file.as_uri(),
    ]  # fmt: skip
    try:
        done = subprocess.run(  # noqa: S603 - a fixed program with paths as arguments, no shell
            command, capture_output=True, text=True, errors="replace", timeout=_PATIENCE_S, check=False
        )
    except subprocess.TimeoutExpired:
        raise StoreError(f"{file}: Chromium did not print it within {_PATIENCE_S} s; run again") from None
    if done.returncode or not out.is_file():
        told = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
        raise StoreError(f"{file}: Chromium did not print it ({told[:200]}); run it by hand to see why")


def _drop_local_links(writer: PdfWriter) -> None:
    for page in writer.pages:
        if "/Annots" not in page:
            continue
        links: Any = page["/Annots"]
        kept = [link for link in links if not _target(link).startswith("file:")]
        page[NameObject("/Annots")] = ArrayObject(kept)


def _target(link: Any) -> str:
    """The address to which the annotation leads; empty where it leads to none."""
    action = link.get_object().get("/A")
    return str(action.get_object().get("/URI", "")) if action is not None else ""
