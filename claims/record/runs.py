"""A run read back from the tables as the nouns it was written from."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import fields, replace
from datetime import date
from pathlib import Path
from typing import Any

from duckdb import DuckDBPyConnection

from claims.errors import InputError
from claims.model import (
    Article,
    Attribution,
    Capture,
    Claim,
    Document,
    Evidence,
    Excluded,
    PublishedCheck,
    Quantity,
    Sought,
    Unread,
    Verdict,
    When,
    Where,
    Who,
)
from claims.record.keys import only_where
from claims.record.rows import Row, aware, literals
from claims.run_record import ArticleChecked, PageChange, Run, RunRecord


def select(con: DuckDBPyConnection, sql: str, *values: Any) -> list[Row]:
    """The answer's rows by column name."""
    cursor = con.execute(sql, list(values))
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def run_of(con: DuckDBPyConnection, run_id: str, path: Path) -> Run:
    """The run itself. Raises InputError where there is no such run."""
    found = select(
        con,
        "SELECT run.*, finished_at FROM run LEFT JOIN run_finished USING (run_id) WHERE run_id = ?",
        run_id,
    )
    if not found:
        raise InputError(f"{path}: there is no run {run_id}; 'tabayyun sql \"from run\"' lists them")
    return run_from(found[0])


def run_from(row: Row) -> Run:
    """The run of rows of `run` and `run_finished`."""
    return Run(
        id=row["run_id"],
        started_at=aware(row["started_at"]),
        finished_at=aware(row["finished_at"]) if row["finished_at"] else None,
        engine=row["engine"],
        sources=row["sources"],
        sample=row["sample"],
    )


def read_run(con: DuckDBPyConnection, run_id: str, path: Path) -> RunRecord:
    """All that the run recorded, in the order it was recorded in.

    `captures` holds the archived answers that the run got or that its verdicts cite, `documents` what
    was read in them; addresses that gave nothing to archive stand in each verdict's `unread`.
    """
    verdicts = _verdicts(con, run_id)
    captures = {
        capture.id: capture
        for capture in captures_of(
            con,
            "capture_id",
            {
                row["capture_id"]
                for row in select(con, "SELECT capture_id FROM fetched WHERE run_id = ?", run_id)
                if row["capture_id"]
            }
            | {item.capture for verdict in verdicts.values() for item in verdict.evidence},
        )
    }
    return replace(
        read_outline(con, run_id, path),
        articles=_articles(con, run_id, verdicts),
        captures=captures,
        documents=_documents(con, captures),
    )


def read_outline(con: DuckDBPyConnection, run_id: str, path: Path) -> RunRecord:
    """The run with what it could not use and what it found changed, without its articles."""
    lines = select(con, "SELECT line FROM failure WHERE run_id = ? ORDER BY ordinal, line", run_id)
    return RunRecord(
        run=run_of(con, run_id, path),
        articles=(),
        captures={},
        documents={},
        failures=tuple(row["line"] for row in lines),
        changes=_changes(con, run_id),
    )


def captures_of(con: DuckDBPyConnection, column: str, values: Collection[str]) -> list[Capture]:
    """The recorded captures whose `column` (`url` or `capture_id`) is one of the values."""
    found: list[Row] = []
    where = only_where(con, "capture", column, values)
    for some in literals(values) if where else ():
        found += select(con, f"SELECT * FROM capture WHERE {column} IN {some} AND {where}")  # noqa: S608
    return [
        Capture(
            id=row["capture_id"],
            url=row["url"],
            final_url=row["final_url"],
            outcome=row["outcome"],
            status=row["status"],
            sha256=row["sha256"],
            bytes=row["bytes"],
            content_type=row["content_type"],
            warc=row["warc"],
            offset=row["warc_offset"],
            fetched_at=aware(row["fetched_at"]),
            detail=row["detail"],
        )
        for row in sorted(found, key=lambda row: str(row["capture_id"]))
    ]


def _changes(con: DuckDBPyConnection, run_id: str) -> tuple[PageChange, ...]:
    """What the run found changed, by address."""
    rows = select(con, "SELECT * FROM page_changes WHERE run_id = ? ORDER BY url, changed_at", run_id)
    ids = {row[side] for row in rows for side in ("before_capture", "after_capture") if row[side]}
    captures = {capture.id: capture for capture in captures_of(con, "capture_id", ids)}
    return tuple(
        PageChange(
            url=row["url"],
            at=aware(row["changed_at"]),
            kind=row["kind"],
            before=captures.get(row["before_capture"]),
            after=captures.get(row["after_capture"]),
            detail=row["detail"],
            words_changed=bool(row["words_changed"]),
        )
        for row in rows
    )


def _documents(con: DuckDBPyConnection, captures: Collection[str]) -> dict[str, Document]:
    found = select(
        con,
        """
        SELECT document.capture_id, document.url, document.text, reading.*
        FROM document JOIN (
            SELECT * FROM document_reading
            QUALIFY row_number() OVER (
                PARTITION BY document_id ORDER BY recorded_at DESC, reading_id DESC
            ) = 1
        ) AS reading USING (document_id)
        WHERE document.capture_id IN (SELECT unnest(CAST(? AS VARCHAR[])))
        ORDER BY document_id
        """,
        sorted(captures),
    )
    return {row["document_id"]: document_from(row) for row in found}


def _articles(
    con: DuckDBPyConnection, run_id: str, verdicts: dict[str, Verdict]
) -> tuple[ArticleChecked, ...]:
    claims = _grouped(
        con,
        "article_id",
        "SELECT * FROM run_claim JOIN claim USING (claim_id) JOIN claim_reading USING (claim_id, reading_id) "
        "WHERE run_id = ? ORDER BY article_id, ordinal",
        run_id,
    )
    excluded = _grouped(
        con, "article_id", "SELECT * FROM excluded WHERE run_id = ? ORDER BY article_id, ordinal", run_id
    )
    checked = []
    for row in select(
        con,
        "SELECT * FROM run_article JOIN article USING (article_id) WHERE run_id = ? "
        "ORDER BY ordinal, article_id, ref",
        run_id,
    ):
        article = article_from(row)
        found = tuple(claim_from(item, article) for item in claims[article.id])
        left_out = tuple(
            Excluded(article.name, item["span_start"], item["span_end"], item["reason"])
            for item in excluded[article.id]
        )
        decided = {claim.id: verdicts[claim.id] for claim in found if claim.id in verdicts}
        checked.append(ArticleChecked(article, found, left_out, decided))
    return tuple(checked)


def _grouped(con: DuckDBPyConnection, key: str, sql: str, *values: str) -> dict[str, list[Row]]:
    """The rows in their order, by the value of one column."""
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in select(con, sql, *values):
        groups[row[key]].append(row)
    return groups


def claim_from(row: Row, article: Article) -> Claim:
    """The claim of rows of `claim` and `claim_reading`."""
    return Claim(
        id=row["claim_id"],
        article=article.name,
        text=row["text"],
        start=row["span_start"],
        end=row["span_end"],
        sentence=row["sentence"],
        lang=row["lang"],
        kind=row["kind"],
        standalone=row["standalone"],
        attribution=tuple(Attribution(**link) for link in json.loads(row["attribution"])),
        polarity=row["polarity"],
        when=tuple(
            When(
                text=when["text"],
                start=when["start"],
                end=when["end"],
                first=date.fromisoformat(when["from"]),
                last=date.fromisoformat(when["to"]),
                grain=when["grain"],
                approximate=when["approximate"],
            )
            for when in json.loads(row["dates"])
        ),
        where=tuple(Where(**place) for place in json.loads(row["places"])),
        who=tuple(Who(**name) for name in json.loads(row["names"])),
        numbers=tuple(Quantity(**number) for number in json.loads(row["numbers"])),
        about=row["about_claim_id"],
        worth=row["worth"],
        reasons=tuple(row["reasons"]),
        content=None if row["content_start"] is None else (row["content_start"], row["content_end"]),
    )


_CHECK = tuple(field.name for field in fields(PublishedCheck))


def _verdicts(con: DuckDBPyConnection, run_id: str) -> dict[str, Verdict]:
    """The run's verdicts by claim."""

    def told(table: str) -> dict[str, list[Row]]:
        return _grouped(
            con,
            "claim_id",
            f"SELECT * FROM {table} WHERE run_id = ? ORDER BY claim_id, ordinal",  # noqa: S608
            run_id,
        )

    sought, unread, checks = told("sought"), told("unread"), told("published_check")
    evidence = _grouped(
        con,
        "verdict_id",
        "SELECT verdict_evidence.*, evidence.* EXCLUDE (evidence_id) "
        "FROM (FROM run_verdict WHERE run_id = ?) AS decided "
        "JOIN verdict_evidence USING (verdict_id) JOIN evidence USING (evidence_id) "
        "ORDER BY verdict_evidence.verdict_id, verdict_evidence.ordinal",
        run_id,
    )
    return {
        row["claim_id"]: verdict_from(
            row,
            evidence[row["verdict_id"]],
            sought[row["claim_id"]],
            unread[row["claim_id"]],
            checks[row["claim_id"]],
        )
        for row in select(
            con,
            "SELECT verdict.* FROM run_verdict JOIN verdict USING (verdict_id, claim_id) WHERE run_id = ?",
            run_id,
        )
    }


def article_from(row: Row) -> Article:
    """The article of rows of `article` and `run_article`."""
    return Article(
        id=row["article_id"],
        text=row["text"],
        published=row["published"],
        lang=row["lang"],
        ref=row["ref"],
        url=row["url"],
        outlet=row["outlet"],
        title=row["title"],
    )


def document_from(row: Row) -> Document:
    """The document of rows of `document` and `document_reading`."""
    return Document(
        id=row["document_id"],
        capture=row["capture_id"],
        url=row["url"],
        title=row["title"],
        text=row["text"],
        authors=tuple(row["authors"]),
        outlet=row["outlet"],
        published=row["published"],
        modified=row["modified"],
        lang=row["lang"],
        canonical=row["canonical"],
        links=tuple(row["links"]),
        claim_reviews=tuple(json.loads(row["claim_reviews"])),
    )


def verdict_from(
    row: Row,
    evidence: Iterable[Row],
    sought: Iterable[Row],
    unread: Iterable[Row],
    checks: Iterable[Row],
) -> Verdict:
    """The verdict of a row of `verdict` and the rows that belong to it, each kind in its order."""
    return Verdict(
        claim=row["claim_id"],
        verdict=row["verdict"],
        said=row["said"],
        confidence=row["confidence"],
        supports=row["supports"],
        refutes=row["refutes"],
        evidence=tuple(map(_evidence, evidence)),
        sought=tuple(
            Sought(item["source"], item["query"], item["outcome"], item["found"], item["detail"])
            for item in sought
        ),
        unread=tuple(Unread(item["url"], item["outcome"], item["detail"]) for item in unread),
        gaps=tuple(row["gaps"]),
        reasons=tuple(row["reasons"]),
        engine=row["engine"],
        decided_by=row["decided_by"],
        checks=tuple(PublishedCheck(**{name: item[name] for name in _CHECK}) for item in checks),
    )


def _evidence(row: Row) -> Evidence:
    return Evidence(
        id=row["evidence_id"],
        claim=row["claim_id"],
        question=row["question"],
        document=row["document_id"],
        capture=row["capture_id"],
        url=row["url"],
        outlet=row["outlet"],
        origin=row["origin"],
        origin_chain=tuple(row["origin_chain"]),
        published=row["published"],
        lang=row["lang"],
        quote=row["quote"],
        start=row["span_start"],
        end=row["span_end"],
        stance=row["stance"],
        supports=row["supports"],
        refutes=row["refutes"],
        interested=row["interested"],
        speaker=row["speaker"],
        why=tuple(row["why"]),
    )
