"""Bodies read back from the archive, and whether they are what they were."""

from __future__ import annotations

import hashlib
from pathlib import Path

from claims.errors import StoreError
from claims.fetch.archive import read_record
from claims.model import Capture


def archived_body(workspace: Path, capture: Capture) -> bytes:
    """The decoded body of a capture, exactly as it was when it was captured.

    Raises StoreError where there is none, where the record is missing or damaged, or holds another page.
    """
    if capture.warc is None or capture.offset is None or capture.sha256 is None:
        raise StoreError(f"{capture.url}: outcome {capture.outcome!r}; there is no archived body to read")
    record = read_record(workspace, capture.warc, capture.offset)
    where = f"{capture.warc} at {capture.offset}"
    if hashlib.sha256(record.body).hexdigest() != capture.sha256:
        raise StoreError(f"{where}: the body is not the one of {capture.url} that was recorded")
    return record.body
