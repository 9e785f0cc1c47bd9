"""Whether the record holds together: links lead somewhere, quotations are where they say, ids stand once."""

from __future__ import annotations

from duckdb import DuckDBPyConnection

from claims.record.keys import KEYS

# table, the column that links, the table and the column it leads to
_LINKS = (
    ("run_finished", "run_id", "run", "run_id"),
    ("failure", "run_id", "run", "run_id"),
    ("run_article", "run_id", "run", "run_id"),
    ("run_article", "article_id", "article", "article_id"),
    ("excluded", "run_id", "run", "run_id"),
    ("excluded", "article_id", "article", "article_id"),
    ("claim", "article_id", "article", "article_id"),
    ("claim_reading", "claim_id", "claim", "claim_id"),
    ("claim_reading", "about_claim_id", "claim", "claim_id"),
    ("run_claim", "run_id", "run", "run_id"),
    ("run_claim", "claim_id", "claim", "claim_id"),
    ("run_claim", "reading_id", "claim_reading", "reading_id"),
    ("fetched", "run_id", "run", "run_id"),
    ("fetched", "capture_id", "capture", "capture_id"),
    ("visit", "capture_id", "capture", "capture_id"),
    ("document", "capture_id", "capture", "capture_id"),
    ("document_reading", "document_id", "document", "document_id"),
    ("sought", "run_id", "run", "run_id"),
    ("sought", "claim_id", "claim", "claim_id"),
    ("unread", "run_id", "run", "run_id"),
    ("unread", "claim_id", "claim", "claim_id"),
    ("published_check", "run_id", "run", "run_id"),
    ("published_check", "claim_id", "claim", "claim_id"),
    ("published_check", "capture", "capture", "capture_id"),
    ("evidence", "claim_id", "claim", "claim_id"),
    ("evidence", "document_id", "document", "document_id"),
    ("verdict", "claim_id", "claim", "claim_id"),
    ("verdict_evidence", "verdict_id", "verdict", "verdict_id"),
    ("verdict_evidence", "evidence_id", "evidence", "evidence_id"),
    ("verdict_evidence", "capture_id", "capture", "capture_id"),
    ("run_verdict", "run_id", "run", "run_id"),
    ("run_verdict", "claim_id", "claim", "claim_id"),
    ("run_verdict", "verdict_id", "verdict", "verdict_id"),
    ("review", "claim_id", "claim", "claim_id"),
    ("review", "withdraws", "review", "review_id"),
    ("run_terms", "run_id", "run", "run_id"),
    ("run_named", "run_id", "run", "run_id"),
    ("run_named", "claim_id", "claim", "claim_id"),
    ("run_named", "named_id", "named", "named_id"),
    ("claim_match", "run_id", "run", "run_id"),
    ("claim_match", "claim_id", "claim", "claim_id"),
    ("claim_match", "other_id", "claim", "claim_id"),
)

# table, its key, the text that its span refers to
_SPANS = (
    ("claim", "claim_id", "text", "article", "article_id"),
    ("evidence", "evidence_id", "quote", "document", "document_id"),
)


def broken_links(con: DuckDBPyConnection) -> list[str]:
    """One line for each link that leads nowhere, each quotation that is not where it says, each id that is
    there twice.

    Empty where the record holds together. Works on the live database and on a snapshot.
    """
    lines: list[str] = []
    for table, column, target, key in _LINKS:
        missing = con.execute(
            f"SELECT DISTINCT {column} FROM {table} WHERE {column} IS NOT NULL "  # noqa: S608 (names above)
            f"AND {column} NOT IN (SELECT {key} FROM {target}) ORDER BY 1"
        ).fetchall()
        lines += [f"{table}.{column} {value}: no such {target}" for (value,) in missing]
    for table, key, words, target, link in _SPANS:
        wrong = con.execute(
            f"SELECT one.{key}, one.{link}, span_start, span_end "  # noqa: S608 (names above)
            f"FROM {table} AS one JOIN {target} AS whole USING ({link}) WHERE NOT (0 <= span_start "
            "AND span_start < span_end AND span_end <= length(whole.text) "
            f"AND substring(whole.text, span_start + 1, span_end - span_start) = one.{words}) ORDER BY 1"
        ).fetchall()
        lines += [
            f"{table} {value}: not what {target} {whole} says at {start}-{end}"
            for value, whole, start, end in wrong
        ]
    for table, key in KEYS.items():
        # Hashes first: a million ids would not fit into the memory that is allowed
        twice = con.execute(
            f"SELECT {key}, count(*) FROM {table} WHERE hash({key}) IN "  # noqa: S608 (names above)
            f"(SELECT hash({key}) FROM {table} GROUP BY ALL HAVING count(*) > 1) "
            f"GROUP BY {key} HAVING count(*) > 1 ORDER BY 1"
        ).fetchall()
        lines += [f"{table} {value}: stands there {count} times" for value, count in twice]
    return lines
