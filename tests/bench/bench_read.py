"""Reading pages beside plain trafilatura in the same run: how much is read right, how fast, in how much memory.

    python tests/bench/bench_read.py FOLDER              all pages
    python tests/bench/bench_read.py FOLDER --half 0     those of one half of the hosts (0 or 1)
    python tests/bench/bench_read.py FOLDER --worst 10   and the ten pages that are read worst

FOLDER holds JSON Lines files (as they are or as .gz). A row names its page in `html_file`, relative to the
file, with its `url`, and what should be read from it: `paragraphs` or `articleBody`; else `must_contain` and
`must_not_contain`; `title`; `publishing_date` or `date`. Rows without `html_file` are left out. Which half a
host belongs to depends on a hash of its name alone.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import os
import re
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import trafilatura

from claims.read.page import read_page

Row = dict[str, Any]
Read = dict[str, str | None]


@dataclass
class Tally:
    """What one reader made of the pages. Seconds are of processor time."""

    seconds: float = 0.0
    pages: int = 0
    text: list[tuple[float, str]] = field(default_factory=list)
    contains: list[tuple[float, str]] = field(default_factory=list)
    title: list[tuple[float, str]] = field(default_factory=list)
    date: list[tuple[float, str]] = field(default_factory=list)

    def add(self, row: Row, got: Read, seconds: float) -> None:
        """The page counts in every measure for which the row says what is right."""
        self.seconds += seconds
        self.pages += 1
        name, text = str(row["id"]), got["text"] or ""
        wanted = row.get("articleBody") or "\n".join(row.get("paragraphs") or ())
        if wanted:
            self.text.append((likeness(wanted, text), name))
        elif row.get("must_contain"):
            self.contains += [(float(part in text), name) for part in row["must_contain"]]
            self.contains += [(float(part not in text), name) for part in row.get("must_not_contain", ())]
        if row.get("title"):
            self.title.append((float(_line(row["title"]) == _line(got["title"])), name))
        day = str(row.get("publishing_date") or row.get("date") or "")[:10]
        if day:
            self.date.append((float(day == got["published"]), name))


def likeness(wanted: str, got: str) -> float:
    """F1 over rows of four words."""
    ours, theirs = _rows(wanted), _rows(got)
    shared = sum((ours & theirs).values())
    return 2 * shared / (sum(ours.values()) + sum(theirs.values())) if shared else 0.0


def ours(markup: bytes, url: str) -> Read:
    """What this project reads from a page."""
    page = read_page(markup, url)
    day = page.published.isoformat() if page.published else None
    return {"text": page.text, "title": page.title, "published": day}


def plain(markup: bytes, url: str) -> Read:
    """What trafilatura reads from it with the settings that it has."""
    found: Any = trafilatura.bare_extraction(markup, url=url, with_metadata=True, include_comments=False)
    if found is None:
        return {"text": None, "title": None, "published": None}
    return {"text": found.text, "title": found.title, "published": found.date}


def rows(folder: Path) -> Iterator[tuple[str, Row, bytes]]:
    """Every row of every file of the folder, with the file's name and the row's page."""
    for file in sorted([*folder.rglob("*.jsonl"), *folder.rglob("*.jsonl.gz")]):
        for line in _unpacked(file).decode("utf-8").splitlines():
            row = json.loads(line) if line.strip() else {}
            if row.get("html_file"):
                yield file.name.partition(".")[0], row, _unpacked(file.parent / row["html_file"])


def half_of(url: str) -> int:
    """0 or 1, by the host of the address without `www`."""
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    return hashlib.sha256(host.encode()).digest()[0] % 2


def measure(
    folder: Path, half: int | None, readers: dict[str, Callable[[bytes, str], Read]]
) -> dict[tuple[str, str], Tally]:
    """What each reader made of the pages of each file, and of all; every reader gets each page in turn."""
    tallies: dict[tuple[str, str], Tally] = defaultdict(Tally)
    for file, row, markup in rows(folder):
        if half is not None and half_of(row["url"]) != half:
            continue
        for name, reader in readers.items():
            begun = time.process_time()
            got = reader(markup, row["url"])
            taken = time.process_time() - begun
            for part in (file, "all"):
                tallies[part, name].add(row, got, taken)
    return tallies


def _unpacked(file: Path) -> bytes:
    return gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()


def _rows(text: str) -> Counter[tuple[str, ...]]:
    words = re.findall(r"\w+", text)
    return Counter(tuple(words[at : at + 4]) for at in range(max(1, len(words) - 3))) if words else Counter()


def _line(text: str | None) -> str:
    return " ".join((text or "").split())


def _mean(values: list[tuple[float, str]]) -> str:
    return f"{sum(value for value, _ in values) / len(values):.3f} of {len(values)}" if values else "-"


def _resident() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def main() -> None:
    """Prints the figures of both readers, one a line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--half", type=int, choices=(0, 1))
    parser.add_argument("--worst", type=int, default=0)
    given = parser.parse_args()
    if given.folder is None:
        print("bench_read: name the folder with the labelled pages")
        return
    ours(b"<p>Loads what is loaded once.</p>", "https://example.org/")
    tallies = measure(given.folder, given.half, {"tabayyun": ours, "trafilatura": plain})
    for (part, name), tally in sorted(tallies.items()):
        measures = ("text", "contains", "title", "date")
        figures = "  ".join(f"{measure} {_mean(getattr(tally, measure))}" for measure in measures)
        print(f"{part:22} {name:12} {figures}  {tally.pages / tally.seconds:.1f} pages a second")
    print(f"{_resident():.0f} MB resident")
    for score, page in sorted(tallies["all", "tabayyun"].text)[: given.worst]:
        print(f"{score:.3f} {page}")


if __name__ == "__main__":
    main()
