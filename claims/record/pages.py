"""What is recorded of pages over all runs, so that the next one need not ask for what is known."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from urllib.parse import urlsplit

from duckdb import DuckDBPyConnection

from claims.fetch.cache import KnownPage, Past, Validators, Visit
from claims.model import Capture
from claims.record.keys import only_where
from claims.record.rows import Row, aware, is_archived, utc
from claims.record.runs import captures_of, select

_KNOWN = """
WITH wanted AS (
    SELECT * FROM visit
    WHERE {where} AND url IN (SELECT unnest(CAST(? AS VARCHAR[]))) AND how NOT IN ('fresh', 'not_asked')
), latest AS (
    SELECT url,
           max(visited_at) AS checked_at,
           arg_max(
               struct_pack(id := capture_id, etag := etag, modified := last_modified), visited_at
           ) AS version
    FROM wanted
    WHERE capture_id IS NOT NULL AND (outcome IN ('ok', 'paywalled') OR robots)
    GROUP BY url
), broken AS (
    SELECT wanted.url, max(wanted.visited_at) AS broken_at
    FROM wanted JOIN latest USING (url)
    WHERE wanted.capture_id IS DISTINCT FROM latest.version.id
      AND (wanted.capture_id IS NOT NULL OR wanted.outcome = 'gone')
    GROUP BY wanted.url
)
SELECT wanted.url,
       any_value(latest.version.id) AS capture_id,
       any_value(latest.version.etag) AS etag,
       any_value(latest.version.modified) AS last_modified,
       any_value(latest.checked_at) AS checked_at,
       min(wanted.visited_at) FILTER (
           wanted.capture_id = latest.version.id
           AND (broken.broken_at IS NULL OR wanted.visited_at > broken.broken_at)
       ) AS unchanged_since,
       coalesce(sum(wanted.requests) FILTER (
           latest.checked_at IS NULL OR wanted.visited_at > latest.checked_at
       ), 0) AS failed_requests,
       arg_max(coalesce(wanted.detail, wanted.outcome), wanted.visited_at) FILTER (
           latest.checked_at IS NULL OR wanted.visited_at > latest.checked_at
       ) AS failing
FROM wanted
LEFT JOIN latest USING (url)
LEFT JOIN broken USING (url)
GROUP BY wanted.url
"""


def visit_row(run_id: str, visit: Visit) -> Row:
    """A visit of a run, as the table `visit` holds it."""
    capture = visit.capture
    waits = visit.not_before is not None and visit.not_before > visit.at
    return {
        "run_id": run_id,
        "url": capture.url,
        "visited_at": visit.at,
        "how": visit.how,
        "outcome": capture.outcome,
        "status": capture.status,
        "capture_id": capture.id if is_archived(capture) else None,
        "detail": capture.detail,
        "requests": visit.requests,
        "etag": visit.validators.etag,
        "last_modified": visit.validators.last_modified,
        "host": urlsplit(capture.final_url).hostname if waits else None,
        "not_before": visit.not_before if waits else None,
        "robots": visit.robots,
    }


def known_pages(con: DuckDBPyConnection, urls: Collection[str]) -> dict[str, KnownPage]:
    """What earlier runs recorded of the addresses; one that was never asked for is not there."""
    versions: dict[str, list[Capture]] = defaultdict(list)
    for capture in captures_of(con, "url", urls):
        versions[capture.url].append(capture)
    found: dict[str, KnownPage] = {}
    where = only_where(con, "visit", "url", urls)
    for row in select(con, _KNOWN.replace("{where}", where), sorted(urls)) if where else ():
        own = tuple(versions[row["url"]])
        found[row["url"]] = KnownPage(
            url=row["url"],
            versions=own,
            latest=next((capture for capture in own if capture.id == row["capture_id"]), None),
            validators=Validators(row["etag"], row["last_modified"]),
            checked_at=aware(row["checked_at"]) if row["checked_at"] else None,
            unchanged_since=aware(row["unchanged_since"]) if row["unchanged_since"] else None,
            failed_requests=int(row["failed_requests"]),
            failing=row["failing"],
        )
    return found


def known_past(con: DuckDBPyConnection, now: datetime) -> Past:
    """The requests of the last 24 hours, and the hosts that want to be left alone beyond `now`."""
    moment = utc(now)
    (requests,) = con.execute(
        "SELECT coalesce(sum(requests), 0) FROM visit "
        "WHERE visited_at > CAST(? AS TIMESTAMP) - INTERVAL 1 DAY",
        [moment],
    ).fetchall()[0]
    held = con.execute(
        "SELECT host, max(not_before) FROM visit WHERE host IS NOT NULL AND not_before > ? GROUP BY host",
        [moment],
    ).fetchall()
    return Past(int(requests), {host: until.replace(tzinfo=UTC) for host, until in held})


def known_citations(con: DuckDBPyConnection, claims: Sequence[str]) -> list[str]:
    """The addresses on which the engine's latest verdicts on the claims rest, in order."""
    where = only_where(con, "run_verdict", "claim_id", claims)
    if where is None:
        return []
    found = con.execute(
        f"""
        WITH latest AS (
            SELECT arg_max(verdict_id, row(decided_at, run_id)) AS verdict_id
            FROM run_verdict
            WHERE {where} AND claim_id IN (SELECT unnest(CAST(? AS VARCHAR[])))
            GROUP BY claim_id
        )
        SELECT DISTINCT url FROM verdict_evidence JOIN latest USING (verdict_id) ORDER BY url
        """,  # noqa: S608
        [list(claims)],
    ).fetchall()
    return [url for (url,) in found]
