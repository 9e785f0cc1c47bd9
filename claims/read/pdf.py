"""PDF documents as text, or the one reason why there is none.

The file is read in a process of its own (`pdf_worker`), because a page of a few kilobytes can ask for hours
and for all memory; what that process may take is bound by the operating system.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import unicodedata
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal

from claims.read.markup import one_line

PdfProblem = Literal["unsupported_type", "too_large", "error"]
_WORKER = Path(__file__).with_name("pdf_worker.py")
_SECONDS = 40.0  # on the clock; the process itself is held to 10 of processor time
_MOST_OUTPUT = 8_000_000  # letters of JSON
_PROBLEMS: dict[str, tuple[PdfProblem, str]] = {
    "encrypted": ("unsupported_type", "the PDF is encrypted"),
    "empty": ("unsupported_type", "the PDF holds no text, only pictures"),
    "malformed": ("error", "the PDF is damaged"),
    "too large": ("too_large", "the PDF unpacks to more than may be read"),
}
_MAGIC = b"%PDF-"
_MAGIC_WITHIN = 1024
_CREATED = re.compile(r"^D?:?(\d{4})(\d\d)(\d\d)")
# Arabic letters as they are shaped in print, and ligatures of them
_SHAPED = re.compile("[\ufb50-\ufdfb\ufe70-\ufefc]+")
_LETTERS = "\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff"
_ARABIC = re.compile(f"[{_LETTERS}]")
_WORD = re.compile("[\u0620-\u064a\u066e-\u06d3]{3,}")
# Runs that are written from left to right even within Arabic: numbers, dates, words in other letters
_DIGITS, _LATIN = "0-9٠-٩", "A-Za-z\u00c0-\u024f"
_LEFT_TO_RIGHT = re.compile(
    f"[{_DIGITS}{_LATIN}]+(?:[.,:/٫٬%@_&+-]*[{_DIGITS}{_LATIN}]+|(?<=[{_LATIN}]) (?=[{_LATIN}]))*"
)
_MIRRORED = str.maketrans("()[]{}<>«»‹›", ")(][}{><»«›‹")
_SENTENCE_END = re.compile(r"[.!?؟:؛…][\"”»’')\]]*$")


@dataclass(frozen=True, slots=True)
class PdfText:
    """What a PDF says; `problem` and `detail` where it says nothing. `text` is lines joined to paragraphs."""

    text: str
    title: str | None = None
    author: str | None = None
    created: date | None = None
    problem: PdfProblem | None = None
    detail: str | None = None


def is_pdf(body: bytes) -> bool:
    """Whether the bytes begin as a PDF does."""
    return _MAGIC in body[:_MAGIC_WITHIN]


def read_pdf(body: bytes) -> PdfText:
    """The text of a PDF in reading order. Never raises for what is in the file."""
    found = _worked(body)
    problem = found.get("problem")
    if problem:
        outcome, detail = _PROBLEMS[problem]
        return PdfText("", problem=outcome, detail=detail)
    lines = [line for page in found["pages"] for line in (*_lines(page), "")]
    return PdfText(
        text="\n".join(_paragraphs(_in_reading_order(lines))),
        title=one_line(found["title"]) or None,
        author=one_line(found["author"]) or None,
        created=_created(found["created"]),
    )


def _worked(body: bytes) -> dict[str, Any]:
    try:
        done = subprocess.run(  # noqa: S603 (our own file, run by our own interpreter)
            [sys.executable, "-I", str(_WORKER)],
            input=body,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={},
            timeout=_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return {"problem": "too large"}
    try:
        found = json.loads(done.stdout) if len(done.stdout) <= _MOST_OUTPUT else {"problem": "too large"}
    except ValueError:  # it was ended by a limit before it could say anything
        return {"problem": "too large"}
    return found if isinstance(found, dict) else {"problem": "malformed"}


def _lines(page: str) -> list[str]:
    """The lines of a page without control characters."""
    clean = "".join(letter if letter.isprintable() or letter == "\n" else " " for letter in page)
    return [one_line(line.encode("utf-8", "replace").decode("utf-8")) for line in clean.split("\n")]


def _in_reading_order(lines: list[str]) -> list[str]:
    """The lines in plain letters, turned around where the file has Arabic as it is drawn, from the left."""
    plain = [_plain(line) for line in lines]
    if not _is_drawn_order(plain):
        return plain
    # Turned first: the letters of a ligature stand in reading order in it
    return [
        _plain(_turned(line)) if _ARABIC.search(flat) else flat
        for line, flat in zip(lines, plain, strict=True)
    ]


def _plain(line: str) -> str:
    return _SHAPED.sub(lambda shaped: unicodedata.normalize("NFKC", shaped[0]), line)


def _is_drawn_order(lines: list[str]) -> bool:
    """Whether Arabic words are written backwards, by letters that stand at one end of words only.

    The article opens words and is hardly ever their end read backwards; ta marbuta and alif maqsura close
    them and never open one.
    """
    forwards = backwards = 0
    for line in lines:
        for word in _WORD.findall(line):
            forwards += word.startswith("ال") + word.endswith(("ة", "ى"))
            backwards += word.endswith("لا") + word.startswith(("ة", "ى"))
    return backwards > forwards


def _turned(line: str) -> str:
    """The line from its other end, with what is written from left to right left as it is."""
    mirrored = line[::-1].translate(_MIRRORED)
    return _LEFT_TO_RIGHT.sub(lambda run: run[0][::-1], mirrored)


def _paragraphs(lines: list[str]) -> list[str]:
    """Lines joined until a sentence ends, a blank line follows or a line is much shorter than the others."""
    longest = max(map(len, lines), default=0)
    found: list[str] = []
    open_ = False
    for line in lines:
        if not line:
            open_ = open_ and bool(found) and not _SENTENCE_END.search(found[-1])
            continue
        if open_:
            found[-1] = f"{found[-1]} {line}"
        else:
            found.append(line)
        open_ = len(line) >= 0.6 * longest and not (_SENTENCE_END.search(line) and len(line) < 0.85 * longest)
    return found


def _created(value: str) -> date | None:
    match = _CREATED.match(value)
    try:
        return date(*map(int, match.groups())) if match else None
    except ValueError:
        return None
