"""Every quote of a report can be found again in the archive, which holds whole records only."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from commands_support import whole_archives
from warcio.archiveiterator import ArchiveIterator

from claims.fetch.archive import read_record
from claims.read.page import read_page


def conversions(workspace: Path) -> dict[str, set[str]]:
    """The texts that were read out of each archived record, by the record's id."""
    texts: dict[str, set[str]] = {}
    for archive in (workspace / "archive").iterdir():
        with archive.open("rb") as file:
            for record in ArchiveIterator(file):
                if record.rec_type == "conversion":
                    refers = record.rec_headers.get_header("WARC-Refers-To")
                    texts.setdefault(refers, set()).add(record.content_stream().read().decode("utf-8"))
    return texts


def record_id(archive: Path, offset: int) -> str:
    with archive.open("rb") as file:
        file.seek(offset)
        return str(next(iter(ArchiveIterator(file))).rec_headers.get_header("WARC-Record-ID"))


def test_every_quote_stands_in_the_archived_page(sample_workspace: Path) -> None:
    """At the stated offsets of the text that was archived with it, and of what the page gives today."""
    archived = conversions(sample_workspace)
    seen = 0
    for claims in (sample_workspace / "reports").glob("*/claims.jsonl"):
        for line in claims.read_text(encoding="utf-8").splitlines():
            for item in json.loads(line)["evidence"]:
                capture = item["capture"]
                page = read_record(sample_workspace, capture["warc"], capture["offset"])
                assert hashlib.sha256(page.body).hexdigest() == capture["sha256"]
                assert page.status == capture["status"]
                text = read_page(page.body, page.url, page.header("Content-Type")).full_text
                assert text[item["start"] : item["end"]] == item["quote"]
                kept = archived[record_id(sample_workspace / capture["warc"], capture["offset"])]
                assert {other[item["start"] : item["end"]] for other in kept} == {item["quote"]}
                seen += 1
    assert seen > 50
    assert whole_archives(sample_workspace) >= 1
