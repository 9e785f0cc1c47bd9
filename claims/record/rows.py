"""Records as rows of the tables, and how rows get there: in bulk, and each once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from duckdb import DuckDBPyConnection

from claims.contract import claim_record
from claims.model import Article, Capture, Claim, Document, Evidence, Excluded, Review, Verdict, digest
from claims.plain import plain
from claims.record.guarded import storable as storable
from claims.record.keys import KEYS, keys_of
from claims.record.layers import WRITTEN_TO, key_of
from claims.run_record import Run

Row = dict[str, Any]

_BATCH_LETTERS = 4_000_000
_MOST_LITERALS = 500  # beyond some two thousand DuckDB reads the table after all


def utc(moment: datetime) -> datetime:
    """The moment in UTC without a zone, as the tables hold it."""
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment


def aware(moment: datetime) -> datetime:
    """The way back from `utc`."""
    return moment.replace(tzinfo=UTC)


def add(con: DuckDBPyConnection, table: str, rows: Iterable[Row], once: Sequence[str] = ()) -> None:
    """The rows are in the table, those that were there already only once.

    What counts as the same row is the table's key, or the columns named in `once`.
    """
    wanted = list(rows)
    if not wanted:
        return
    keys, key = keys_of(con), KEYS.get(table)
    if keys and key and not once:
        known = keys.found(con, table, key, {row[key] for row in wanted})
        new = {row[key]: row for row in reversed(wanted) if row[key] not in known}
        append(con, table, reversed(new.values()))
        return
    place = _written_to(con)
    if not once:
        once = key_of(table) if place else [key] if key else []
    target = f"INSERT INTO {place}{table} BY NAME SELECT new.* FROM {_as_rows(_columns(con, table))}"  # noqa: S608
    if not once:
        for batch in _batches(wanted):
            con.execute(f"{target} ON CONFLICT DO NOTHING", [batch])
        return
    first: dict[tuple[Any, ...], Row] = {}
    for row in wanted:
        first.setdefault(tuple(row[column] for column in once), row)
    # What one run has recorded is a small part of a table, which DuckDB finds without comparing the rest
    runs = {row["run_id"] for row in wanted} if "run_id" in once else set()
    old = f"(FROM {table} WHERE run_id IN {next(literals(runs))})" if len(runs) == 1 else table
    same = " AND ".join(f"old.{column} IS NOT DISTINCT FROM new.{column}" for column in once)
    for batch in _batches(first.values()):
        con.execute(f"{target} ANTI JOIN {old} AS old ON {same}", [batch])


def append(con: DuckDBPyConnection, table: str, rows: Iterable[Row]) -> None:
    """The rows stand in the table, which is known to hold none of them.

    They travel as one JSON text: bound one by one, 5,000 rows take twenty seconds and half a gigabyte.
    """
    columns = _columns(con, table)
    target = _written_to(con) + table
    for batch in _batches(rows):
        con.execute(f"INSERT INTO {target} BY NAME SELECT new.* FROM {_as_rows(columns)}", [batch])  # noqa: S608


def known(
    con: DuckDBPyConnection, table: str, column: str, values: Iterable[str], run_id: str | None = None
) -> set[str]:
    """Those of the values that stand in the column, of one run only where it is named."""
    keys = keys_of(con)
    if keys and not run_id:
        return set(keys.found(con, table, column, set(values)))
    of_run = f"AND run_id IN {next(literals([run_id]))}" if run_id else ""
    found: set[str] = set()
    for some in literals(set(values)):
        asked = f"SELECT {column} FROM {table} WHERE {column} IN {some} {of_run}"  # noqa: S608
        found |= {value for (value,) in con.execute(asked).fetchall()}
    return found


def literals(values: Collection[str]) -> Iterator[str]:
    """The values as lists in SQL, some hundreds in each.

    Written out, because only so does DuckDB look them up by the key; bound as parameters it reads the table.
    """
    ordered = sorted(values)
    for start in range(0, len(ordered), _MOST_LITERALS):
        some = ordered[start : start + _MOST_LITERALS]
        yield "(" + ", ".join("'" + storable(value).replace("'", "''") + "'" for value in some) + ")"


def _written_to(con: DuckDBPyConnection) -> str:
    """The schema that is written to, with its dot, where the names that are read are views over it."""
    (schema,) = con.execute("SELECT getvariable(?)", [WRITTEN_TO]).fetchall()[0]
    return f"{schema}." if schema else ""


def _columns(con: DuckDBPyConnection, table: str) -> dict[str, str]:
    return dict(con.execute("SELECT name, type FROM pragma_table_info(?)", [table]).fetchall())


def _as_rows(columns: dict[str, str]) -> str:
    return f"(SELECT unnest(from_json(?, '{json.dumps([columns])}'), max_depth := 2)) AS new"


def _batches(rows: Iterable[Row]) -> Iterator[str]:
    """The rows as JSON arrays of a few million letters each."""
    pending: list[str] = []
    size = 0
    for row in rows:
        encoded = json.dumps(row, ensure_ascii=False, allow_nan=False, default=_as_text)
        pending.append(storable(encoded))
        size += len(encoded)
        if size > _BATCH_LETTERS:
            yield f"[{','.join(pending)}]"
            pending, size = [], 0
    if pending:
        yield f"[{','.join(pending)}]"


def _as_text(value: object) -> str:
    if isinstance(value, datetime):
        return utc(value).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in a table")


def run_row(run: Run) -> Row:
    """The beginning of a run."""
    return {
        "run_id": run.id,
        "started_at": run.started_at,
        "engine": run.engine,
        "sources": run.sources,
        "sample": run.sample,
    }


def article_row(article: Article) -> Row:
    """The text of an article, as `article` holds it."""
    sha256 = hashlib.sha256(article.text.encode("utf-8", "surrogatepass")).hexdigest()
    return {"article_id": article.id, "sha256": sha256, "text": article.text}


def run_article_row(run_id: str, ordinal: int, article: Article) -> Row:
    """What a run was told about an article."""
    return {
        "run_id": run_id,
        "ordinal": ordinal,
        "article_id": article.id,
        "ref": article.ref,
        "published": article.published,
        "lang": article.lang,
        "url": article.url,
        "outlet": article.outlet,
        "title": article.title,
    }


def excluded_row(run_id: str, ordinal: int, article: Article, excluded: Excluded) -> Row:
    """A stretch that holds nothing to check."""
    return {
        "run_id": run_id,
        "ordinal": ordinal,
        "article_id": article.id,
        "span_start": excluded.start,
        "span_end": excluded.end,
        "reason": excluded.reason,
    }


def claim_row(claim: Claim, article: Article) -> Row:
    """The span of a claim."""
    return {
        "claim_id": claim.id,
        "article_id": article.id,
        "text": claim.text,
        "span_start": claim.start,
        "span_end": claim.end,
    }


def reading_row(claim: Claim, article: Article, engine: str) -> Row:
    """What an engine read in a claim. The caller's name of the article has no part in its id."""
    record = claim_record(claim)
    named = [link.speaker for link in claim.attribution if link.speaker]
    content_start, content_end = claim.content or (None, None)
    return {
        "reading_id": "r_" + digest(plain(replace(claim, article=article.id)), engine),
        "claim_id": claim.id,
        "engine": engine,
        "sentence": claim.sentence,
        "lang": claim.lang,
        "kind": claim.kind,
        "standalone": claim.standalone,
        "speaker": named[-1] if named else None,
        "attribution": record["attribution"],
        "polarity": claim.polarity,
        "dates": record["when"],
        "places": record["where"],
        "names": record["who"],
        "numbers": record["numbers"],
        "last_day": max((when.last for when in claim.when), default=None),
        "about_claim_id": claim.about,
        "worth": claim.worth,
        "reasons": claim.reasons,
        "content_start": content_start,
        "content_end": content_end,
    }


def capture_row(capture: Capture) -> Row:
    """An archived answer."""
    return {
        "capture_id": capture.id,
        "url": capture.url,
        "final_url": capture.final_url,
        "outcome": capture.outcome,
        "status": capture.status,
        "sha256": capture.sha256,
        "bytes": capture.bytes,
        "content_type": capture.content_type,
        "warc": capture.warc,
        "warc_offset": capture.offset,
        "fetched_at": capture.fetched_at,
        "detail": capture.detail,
    }


def is_archived(capture: Capture) -> bool:
    """Whether the answer is in the archive, so that it can be cited."""
    return capture.warc is not None and capture.offset is not None and capture.sha256 is not None


def fetched_row(run_id: str, capture: Capture, observed_at: datetime) -> Row:
    """What came of an address in a run."""
    return {
        "run_id": run_id,
        "url": capture.url,
        "final_url": capture.final_url,
        "outcome": capture.outcome,
        "status": capture.status,
        "capture_id": capture.id if is_archived(capture) else None,
        "detail": capture.detail,
        "observed_at": observed_at,
    }


def document_row(document: Document) -> Row:
    """The text of a page."""
    return {
        "document_id": document.id,
        "capture_id": document.capture,
        "url": document.url,
        "text": document.text,
    }


def document_reading_row(document: Document, recorded_at: datetime) -> Row:
    """What a page tells about itself."""
    return {
        "reading_id": "p_" + digest(plain(document)),
        "document_id": document.id,
        "title": document.title,
        "authors": document.authors,
        "outlet": document.outlet,
        "published": document.published,
        "modified": document.modified,
        "lang": document.lang,
        "canonical": document.canonical,
        "links": document.links,
        "claim_reviews": document.claim_reviews,
        "recorded_at": recorded_at,
    }


def verdict_row(verdict: Verdict) -> Row:
    """A verdict. Its id leaves out what was sought, unread and checked by others: that belongs to the run."""
    own = plain(replace(verdict, sought=(), unread=()))
    del own["checks"]
    return {
        "verdict_id": "v_" + digest(own),
        "claim_id": verdict.claim,
        "verdict": verdict.verdict,
        "said": verdict.said,
        "confidence": verdict.confidence,
        "supports": verdict.supports,
        "refutes": verdict.refutes,
        "gaps": verdict.gaps,
        "reasons": verdict.reasons,
        "engine": verdict.engine,
        "decided_by": verdict.decided_by,
    }


def evidence_row(item: Evidence) -> Row:
    """The cited span."""
    return {
        "evidence_id": item.id,
        "claim_id": item.claim,
        "question": item.question,
        "document_id": item.document,
        "span_start": item.start,
        "span_end": item.end,
        "quote": item.quote,
    }


def verdict_evidence_row(verdict_id: str, ordinal: int, item: Evidence) -> Row:
    """How the cited span was weighed."""
    return {
        "verdict_id": verdict_id,
        "ordinal": ordinal,
        "evidence_id": item.id,
        "capture_id": item.capture,
        "url": item.url,
        "outlet": item.outlet,
        "published": item.published,
        "lang": item.lang,
        "origin": item.origin,
        "origin_chain": item.origin_chain,
        "stance": item.stance,
        "supports": item.supports,
        "refutes": item.refutes,
        "interested": item.interested,
        "speaker": item.speaker,
        "why": item.why,
    }


def review_row(review: Review) -> Row:
    """A person's decision."""
    return {
        "review_id": "w_"
        + digest(
            review.claim,
            review.verdict,
            review.said,
            review.reviewer,
            review.reason,
            utc(review.decided_at).isoformat(),
        ),
        "claim_id": review.claim,
        "verdict": review.verdict,
        "said": review.said,
        "withdraws": None,
        "reviewer": review.reviewer,
        "reason": review.reason,
        "decided_at": review.decided_at,
    }
