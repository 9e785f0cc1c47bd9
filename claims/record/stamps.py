"""What others attest of the archive: timestamps of its files, and pages handed to a public archive."""

from __future__ import annotations

from datetime import UTC, datetime

from claims.fetch.stamp import Covered, Stamp
from claims.fetch.submit import Submission
from claims.record import rows, runs
from claims.record.store import Store


def add_stamp(store: Store, stamp: Stamp) -> None:
    """The timestamp is recorded."""
    part = stamp.covered
    row = {
        "token": stamp.token,
        "warc": part.warc,
        "bytes": part.bytes,
        "sha256": part.sha256,
        "authority": stamp.authority,
        "serial": stamp.serial,
        "stamped_at": stamp.stamped_at,
        "root": stamp.root,
    }
    with store.turn() as con:
        rows.add(con, "stamp", [row])


def stamps(store: Store) -> list[Stamp]:
    """Every recorded timestamp, by file and then by the bytes that it covers."""
    with store.turn() as con:
        found = runs.select(con, "SELECT * FROM stamp ORDER BY warc, bytes, stamped_at, token")
    return [
        Stamp(
            token=row["token"],
            covered=Covered(row["warc"], row["bytes"], row["sha256"]),
            authority=row["authority"],
            serial=row["serial"],
            stamped_at=rows.aware(row["stamped_at"]),
            root=row["root"],
        )
        for row in found
    ]


def add_submission(store: Store, submission: Submission) -> None:
    """The submission is recorded, and what was said of it now; what was said before stays on record."""
    place = {"submission_id": submission.id}
    handed = {
        "url": submission.url,
        "run_id": submission.run,
        "service": submission.service,
        "submitted_at": submission.submitted_at,
    }
    said = {
        "outcome": submission.outcome,
        "job_id": submission.job,
        "archived_url": submission.archived_url,
        "detail": submission.detail,
    }
    with store.turn() as con:
        rows.add(con, "submission", [place | handed])
        answer = place | said | {"answered_at": datetime.now(UTC)}
        rows.add(con, "submission_answer", [answer], once=["submission_id", *said])


def submissions(store: Store) -> list[Submission]:
    """Every submission with the last that was said of it, oldest first."""
    with store.turn() as con:
        found = runs.select(con, "SELECT * FROM submissions ORDER BY submitted_at, submission_id")
    return [
        Submission(
            id=row["submission_id"],
            url=row["url"],
            run=row["run_id"],
            service=row["service"],
            submitted_at=rows.aware(row["submitted_at"]),
            outcome=row["outcome"],
            job=row["job_id"],
            archived_url=row["archived_url"],
            detail=row["detail"],
        )
        for row in found
    ]
