"""The run's claims and quotes as tables: CSV that is safe in a spreadsheet, Parquet, JSON Lines."""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

from claims.contract import verdict_record
from claims.plain import plain
from claims.record.guarded import SAFE
from claims.report.evidence import Quote
from claims.report.pages import printable
from claims.report.view import ArticleView, ClaimView, RunView
from claims.run_record import RunRecord
from claims.wording import say

_FORMULA = tuple("=+-@\t\r\n＝＋－＠")
Row = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the report: its columns with their types as Table Schema names them, and its rows."""

    name: str
    columns: dict[str, str]
    rows: tuple[Row, ...]


CLAIMS = {
    "claim_id": "string", "article": "string", "article_title": "string", "text": "string",
    "standalone": "string", "kind": "string", "lang": "string", "speakers": "string", "polarity": "string",
    "verdict": "string", "said": "string", "confidence": "number", "supports": "integer",
    "refutes": "integer", "best_quote": "string", "best_quote_outlet": "string", "best_quote_url": "string",
    "unread": "integer", "gaps": "string", "decided_by": "string", "engine": "string",
}  # fmt: skip
QUOTES = {
    "evidence_id": "string", "claim_id": "string", "question": "string", "stance": "string",
    "supports": "number", "refutes": "number", "quote": "string", "outlet": "string", "url": "string",
    "published": "date", "lang": "string", "origin": "string", "origin_chain": "string",
    "interested": "boolean", "why": "string", "start": "integer", "end": "integer", "sha256": "string",
    "warc": "string", "warc_offset": "integer", "fetched_at": "datetime",
}  # fmt: skip
_SQL_TYPES = {
    "string": "VARCHAR", "number": "DOUBLE", "integer": "BIGINT", "boolean": "BOOLEAN", "date": "DATE",
    "datetime": "TIMESTAMP WITH TIME ZONE",
}  # fmt: skip


def tables(view: RunView) -> tuple[Table, Table]:
    """One row a claim, and one row a quote, in the order of the articles and of the claims in them."""
    claims = [(article, claim) for article in view.articles for claim in article.claims]
    quotes = tuple(_quote_row(quote) for _, claim in claims for quote in _quotes(claim))
    return Table("claims", CLAIMS, tuple(_claim_row(*pair) for pair in claims)), Table(
        "quotes", QUOTES, quotes
    )


def claims_jsonl(record: RunRecord) -> bytes:
    """One verdict record a line, in the order of the articles and of the claims in them."""
    decided_at = plain(record.run.finished_at or record.run.started_at)
    lines = [
        json.dumps(
            verdict_record(
                claim, checked.verdicts[claim.id], record.captures, decided_at, checked.article.name
            ),
            ensure_ascii=False,
        )
        for checked in record.articles
        for claim in checked.claims
        if claim.id in checked.verdicts
    ]
    return "".join(line + "\n" for line in lines).encode("utf-8", "replace")


def as_csv(table: Table) -> bytes:
    """The table in UTF-8 with a byte order mark, every text safe to open in a spreadsheet."""
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\r\n")
    rows.writerow(table.columns)
    for row in table.rows:
        rows.writerow([_cell(value) for value in row])
    return out.getvalue().encode("utf-8-sig", "replace")


def write_parquet(table: Table, folder: Path) -> None:
    """The table stands in the folder as Parquet. The same rows give the same bytes."""
    target, rows = folder / f"{table.name}.parquet", folder / f".{table.name}.json"
    columns = {name: _SQL_TYPES[kind] for name, kind in table.columns.items()}
    with rows.open("w", encoding="utf-8", errors="replace") as file:
        for row in table.rows:
            values = (printable(value) if isinstance(value, str) else value for value in row)
            file.write(json.dumps(dict(zip(columns, values, strict=True))) + "\n")
    con = duckdb.connect(":memory:", config={**SAFE, "threads": 1, "temp_directory": ""})
    try:
        con.execute("SET TimeZone = 'UTC'")
        con.read_json(str(rows), columns=columns, format="newline_delimited").write_parquet(
            str(target), compression="zstd"
        )
    except duckdb.IOException as error:
        raise OSError(f"{target}: {error}") from None
    finally:
        con.close()
        os.unlink(rows)  # noqa: PTH108 - it was made here


def _quotes(view: ClaimView) -> Iterator[Quote]:
    for question in (view.so, view.said):
        yield from question.supports + question.refutes + question.neutral


def _claim_row(article: ArticleView, view: ClaimView) -> Row:
    claim, verdict = view.claim, view.verdict
    best = view.best[0].item if view.best else None
    return (
        claim.id,
        article.article.name,
        article.article.title,
        claim.text,
        claim.standalone,
        claim.kind,
        claim.lang,
        " > ".join(link.speaker or "?" for link in claim.attribution),
        claim.polarity,
        verdict and verdict.verdict,
        verdict and verdict.said,
        verdict and round(verdict.confidence, 4),
        verdict and verdict.supports,
        verdict and verdict.refutes,
        best and best.quote,
        best and best.outlet,
        best and best.url,
        verdict and len(verdict.unread),
        " | ".join(say(gap, "en") for gap in verdict.gaps) if verdict else None,
        verdict and verdict.decided_by,
        verdict and verdict.engine,
    )


def _quote_row(quote: Quote) -> Row:
    item, capture = quote.item, quote.capture
    return (
        item.id,
        item.claim,
        item.question,
        item.stance,
        round(item.supports, 4),
        round(item.refutes, 4),
        item.quote,
        item.outlet,
        item.url,
        plain(item.published),
        item.lang,
        item.origin,
        " > ".join(item.origin_chain),
        item.interested,
        " | ".join(say(why, "en") for why in item.why),
        item.start,
        item.end,
        capture.sha256,
        capture.warc,
        capture.offset,
        plain(capture.fetched_at),
    )


def _cell(value: object) -> object:
    """The value; a text that a spreadsheet would take for a formula gets an apostrophe in front."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str):
        return "" if value is None else value
    text = printable(value)
    return f"'{text}" if text.startswith(_FORMULA) else text
