"""The report in reports/sample is what `make verify` gives, apart from the run's name and times.

The models reckon in whole numbers, and processors round their sums differently. So figures are left out of
the comparison, and on a page in ten another processor may show another passage; verdicts never differ.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from project import ROOT

SAMPLE = ROOT / "reports" / "sample"
CHANGING = [
    (re.compile(r"\d{8}T\d{6}-[0-9a-f]{6}"), "RUN"),
    (re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:Z|\+00:00)"), "TIME"),
    (re.compile(r'(<time datetime="TIME">)[^<]*(</time>)'), r"\1\2"),
    (re.compile(r'"offset": \d+'), '"offset": 0'),
    (re.compile(r"\d+(?:[.,٫]\d+)?\s?[%٪]|\d+[.٫]\d+"), "FIGURE"),
    (re.compile(r"(archive/RUN\.warc\.gz[^0-9]{1,80})\d+"), r"\1OFFSET"),
]


def steady(path: Path) -> str:
    text = path.read_text(encoding="utf-8-sig")
    for pattern, instead in CHANGING:
        text = pattern.sub(instead, text)
    return text


def pages(folder: Path) -> set[str]:
    return {
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.suffix in (".html", ".csv", ".jsonl")
    }


def verdicts(report: Path) -> list[tuple[str, str, str | None]]:
    lines = (report / "claims.jsonl").read_text(encoding="utf-8").splitlines()
    records = [json.loads(line) for line in lines]
    return [(r["claim"]["text"], r["verdict"], r["said"]) for r in records]


def test_the_committed_report_is_what_the_command_gives(sample_workspace: Path) -> None:
    (sample_report,) = (path.parent for path in (sample_workspace / "reports").glob("*/index.html"))
    assert verdicts(sample_report) == verdicts(SAMPLE)
    both = pages(sample_report) & pages(SAMPLE)
    other = pages(sample_report) ^ pages(SAMPLE)
    different = [name for name in sorted(both) if steady(SAMPLE / name) != steady(sample_report / name)]
    assert len(different) + len(other) <= len(both) // 10, [*different, *sorted(other)]


@pytest.mark.parametrize("picture", ["report.ar.png", "report.en.png", "report.ar.phone.png"])
def test_its_pictures_are_there(picture: str) -> None:
    assert (SAMPLE / picture).read_bytes().startswith(b"\x89PNG")
