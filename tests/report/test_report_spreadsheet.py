"""The tables in a real spreadsheet, opened as somebody does who double-clicks: Arabic intact, nothing computed."""

from __future__ import annotations

import csv
import io
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import etree
from sample_run import sample_record

from claims.report import build_report

SOFFICE = shutil.which("soffice")
FORMULAS = ("=1+1", "+1+1", "-1+1", "@SUM(1+1)", "\t=1+1", "=HYPERLINK(\"https://evil.example/\")", "=cmd|' /C x'!A0")  # fmt: skip
NAMES = {
    "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
}


def opened(file: Path, folder: Path) -> list[list[str]]:
    """The cells as LibreOffice shows them, read as its window proposes for a file with such a mark: UTF-8, commas."""
    subprocess.run(
        [str(SOFFICE), f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless",
         "--infilter=Text - txt - csv (StarCalc):44,34,76,1", "--convert-to", "fods",
         "--outdir", str(folder), str(file)],
        check=True, capture_output=True, timeout=240,
    )  # fmt: skip
    root = etree.parse(folder / f"{file.stem}.fods")
    assert root.xpath("//@table:formula", namespaces=NAMES) == []
    assert root.xpath("//text:a", namespaces=NAMES) == []
    rows = []
    for row in root.xpath("//table:table-row", namespaces=NAMES):
        cells: list[str] = []
        for cell in row.xpath("table:table-cell", namespaces=NAMES):
            shown = "\n".join("".join(p.itertext()) for p in cell.xpath("text:p", namespaces=NAMES))
            cells += [shown] * int(cell.get(f"{{{NAMES['table']}}}number-columns-repeated", 1))
        if any(cells):
            rows.append(cells)
    return rows


@pytest.mark.slow
@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")
@pytest.mark.parametrize("name", ["claims", "quotes"])
def test_libreoffice_shows_every_text_as_it_is(tmp_path: Path, name: str) -> None:
    record = sample_record()
    first, second = record.articles
    claims = tuple(
        replace(claim, standalone=FORMULAS[at % len(FORMULAS)]) for at, claim in enumerate(first.claims)
    )
    verdicts = {
        claim: replace(ruled, evidence=tuple(replace(item, outlet=FORMULAS[0]) for item in ruled.evidence))
        for claim, ruled in first.verdicts.items()
    }
    hostile = replace(record, articles=(replace(first, claims=claims, verdicts=verdicts), second))
    table = build_report(hostile, tmp_path / "run").parent / f"{name}.csv"
    written = list(csv.reader(io.StringIO(table.read_text(encoding="utf-8-sig"), newline="")))
    shown = opened(table, tmp_path)
    assert len(shown) == len(written) > 5
    texts = [at for at, column in enumerate(written[0]) if column in ("text", "standalone", "best_quote", "quote", "outlet", "origin", "verdict", "url", "claim_id", "evidence_id")]  # fmt: skip
    assert len(texts) >= 5
    for row, cells in zip(written, shown, strict=True):
        for at in texts:
            cell = cells[at] if at < len(cells) else ""
            # LibreOffice writes a run of blanks and a tab as elements of their own
            assert "".join(cell.split()) == "".join(row[at].split()), (written[0][at], row[at], cell)
    arabic = [
        cell for cells in shown for cell in cells if any("\u0600" <= letter <= "\u06ff" for letter in cell)
    ]
    assert len(arabic) > 10
