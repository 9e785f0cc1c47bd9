"""What a report's folder holds, for programs: a data package with every file's columns, size and digest."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any

from claims.plain import plain
from claims.report.exports import Table
from claims.report.view import RunView

FILE_NAME = "datapackage.json"
_MEDIA = {
    "csv": "text/csv",
    "jsonl": "application/x-ndjson",
    "parquet": "application/vnd.apache.parquet",
}
_TOLD = {
    "claims.csv": "One row a claim. A text that a spreadsheet would run begins with an apostrophe.",
    "quotes.csv": "One row a quotation that bears on a claim, with the place of its archived copy.",
    "claims.jsonl": "One verdict record a claim, with everything that stands behind it.",
}


def write_package(folder: Path, view: RunView, tables: tuple[Table, ...], lang: str) -> None:
    """The description of the folder's tables, and of the run for the index of all reports, stands in it."""
    columns = {table.name: table.columns for table in tables}
    files = [
        file for table in tables for kind in _MEDIA if (file := folder / f"{table.name}.{kind}").is_file()
    ]
    run = view.record.run
    package = {
        "name": "tabayyun-" + re.sub(r"[^a-z0-9._-]", "-", run.id.lower()),
        "title": "Claims, their verdicts and the evidence for them",
        "created": plain(run.finished_at or run.started_at),
        "resources": [_resource(file, columns[file.stem]) for file in files],
        "report": {
            "run": run.id,
            "started": plain(run.started_at),
            "lang": lang,
            "sample": run.sample,
            "title": view.articles[0].heading if len(view.articles) == 1 else None,
            "articles": len(view.articles),
            "claims": view.summary.claims,
            "rulings": view.summary.rulings,
            "changed": len(view.changed),
        },
    }
    text = json.dumps(package, ensure_ascii=False, indent=1)
    (folder / FILE_NAME).write_text(text + "\n", encoding="utf-8", errors="replace")


def _resource(file: Path, columns: dict[str, str]) -> dict[str, Any]:
    kind = file.suffix[1:]
    body = file.read_bytes()
    described: dict[str, Any] = {
        "name": f"{file.stem}-{kind}",
        "path": file.name,
        "format": kind,
        "mediatype": _MEDIA[kind],
        "bytes": len(body),
        "hash": f"sha256:{hashlib.sha256(body).hexdigest()}",
    }
    if file.name in _TOLD:
        described["description"] = _TOLD[file.name]
    if kind != "parquet":
        described["encoding"] = "utf-8"
    if kind == "csv":
        described["schema"] = {
            "fields": [{"name": name, "type": type_} for name, type_ in columns.items()],
            "missingValues": [""],
        }
    return described
