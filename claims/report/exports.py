"""The run's claims as JSON Lines and as a table that a spreadsheet opens without running anything."""

from __future__ import annotations

import csv
import io
import json

from claims.contract import verdict_record
from claims.model import RunRecord, plain
from claims.report.pages import printable
from claims.report.view import ArticleView, ClaimView, RunView
from claims.wording import say

_FORMULA = tuple("=+-@\t\r\n＝＋－＠")
COLUMNS = (
    "claim_id", "article", "article_title", "text", "standalone", "kind", "lang", "speakers", "polarity",
    "verdict", "said", "confidence", "supports", "refutes", "best_quote", "best_quote_outlet",
    "best_quote_url", "unread", "gaps", "decided_by", "engine",
)  # fmt: skip


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


def claims_csv(view: RunView) -> bytes:
    """One row a claim, in UTF-8 with a byte order mark, every text safe to open in a spreadsheet."""
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\r\n")
    rows.writerow(COLUMNS)
    for article in view.articles:
        for claim in article.claims:
            rows.writerow([_cell(value) for value in _row(article, claim)])
    return out.getvalue().encode("utf-8-sig", "replace")


def _row(article: ArticleView, view: ClaimView) -> list[object]:
    claim, verdict = view.claim, view.verdict
    best = view.best[0].item if view.best else None
    return [
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
    ]


def _cell(value: object) -> object:
    """The value; a text that a spreadsheet would take for a formula gets an apostrophe in front."""
    if not isinstance(value, str):
        return "" if value is None else value
    text = printable(value)
    return f"'{text}" if text.startswith(_FORMULA) else text
