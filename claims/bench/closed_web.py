"""A closed web: each claim of a set is checked by the whole pipeline, over HTTP, among the set's own pages.

The pages are written as a recorded web, served on loopback under their own hosts and found through a search
address, exactly as a run finds the real one. A claim is an article of one sentence. Of a claim that quotes
somebody the truth of the whole sentence is at stake, which is whether it was said; of any other, whether it
is so.
"""

from __future__ import annotations

import asyncio
import html
import io
import json
import tempfile
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from claims.bench.sets import Row
from claims.errors import TabayyunError
from claims.model import Claim, Document, Ruling, Verdict
from claims.pipeline import Verification, make_request, plan_run
from claims.run_record import ArticleChecked
from claims.weigh.engine import Weigher
from claims.weigh.statements import Statement

_SOURCES = """\
[fetch]
per_host_delay_s = 0
respect_robots = false
[[source]]
name = "closed-web"
kind = "replay"
path = "web.warc.gz"
limit = 40
"""


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of one claim: the ruling at stake, and what it took.

    Both times are of reading what its pages state, by processor time, for they are read while others are
    fetched, and of weighing it.
    """

    claim: str  # the set's id
    true: bool
    ruling: Ruling
    verdicts: tuple[Verdict, ...]
    seconds: float  # weighing by the clock
    processor_seconds: float  # weighing by the time of all processors


@dataclass(frozen=True, slots=True)
class ClosedWeb:
    """What came of the claims of a set."""

    checked: tuple[Checked, ...]
    documents: Mapping[str, Document]  # all that were read, by id
    engine: str

    def share(self, true: bool, rulings: Iterable[Ruling]) -> float:
        """The share of the true (or false) claims that were ruled so; 0 where there are none."""
        wanted = set(rulings)
        of_kind = [one.ruling in wanted for one in self.checked if one.true == true]
        return sum(of_kind) / len(of_kind) if of_kind else 0.0


def check_closed_web(rows: Sequence[Row]) -> ClosedWeb:
    """Every claim of the rows was checked against all their pages. Nothing is kept on disk.

    Raises `TabayyunError` where not every search was answered.
    """
    with tempfile.TemporaryDirectory(prefix="tabayyun-bench-") as folder:
        return asyncio.run(_check(rows, Path(folder)))


async def _check(rows: Sequence[Row], folder: Path) -> ClosedWeb:
    claims = {str(row["claim_id"]): row for row in rows}
    _write_web(rows, folder / "web.warc.gz")
    (folder / "sources.toml").write_text(_SOURCES, encoding="utf-8")
    with (folder / "claims.jsonl").open("w", encoding="utf-8") as file:
        for name, row in claims.items():
            file.write(
                json.dumps({"id": name, "text": row["claim"], "published": row.get("claim_date")}) + "\n"
            )
    workspace = folder / "work"
    workspace.mkdir()
    request = make_request(
        [str(folder / "claims.jsonl")], workspace=workspace, evidence=folder / "sources.toml"
    )
    seconds: dict[str, tuple[float, float]] = {}
    weigher = _Timed()
    async with Verification(plan_run(request)) as run:
        run.weigher = weigher
        for named in run.articles():
            await run.take_in(named)
            articles = await run.record_taken()
            if not articles:
                continue
            await run.search(articles)
            weigher.reading = 0.0
            await run.fetch(articles)
            reading = weigher.reading
            began = time.perf_counter(), time.process_time()
            await run.weigh(articles)
            seconds[articles[0]] = (
                reading + time.perf_counter() - began[0],
                reading + time.process_time() - began[1],
            )
        run.store.finish_run(run.id, datetime.now(UTC))
        record = run.store.read_run(run.id)
    by_name = {checked.article.name: checked for checked in record.articles}
    _all_answered(record.articles)
    results = []
    for name, row in sorted(claims.items()):
        found = by_name.get(name)
        results.append(
            Checked(
                name,
                row["factuality"] == "true",
                at_stake(found.claims, found.verdicts) if found else "not_enough_evidence",
                tuple(found.verdicts.values()) if found else (),
                *(seconds.get(found.article.id, (0.0, 0.0)) if found else (0.0, 0.0)),
            )
        )
    return ClosedWeb(tuple(results), record.documents, weigher.engine)


def _all_answered(articles: Iterable[ArticleChecked]) -> None:
    """Raises `TabayyunError` where a search had no answer: what nothing was found for is left open, and
    would make the figures look careful."""
    sought = [one for found in articles for verdict in found.verdicts.values() for one in verdict.sought]
    lost = [one for one in sought if one.outcome not in ("ok", "empty")]
    if lost:
        raise TabayyunError(
            f"closed web: {len(lost)} of {len(sought)} searches had no answer "
            f"({lost[0].detail or lost[0].outcome}); run it again while the machine does nothing else"
        )


class _Timed(Weigher):
    """Counts the processor time of reading pages, which are read while others are fetched."""

    def __init__(self) -> None:
        super().__init__()
        self.reading = 0.0  # seconds
        self._turn = threading.Lock()

    def read(self, document: Document) -> tuple[Statement, ...]:
        began = time.thread_time()
        found = super().read(document)
        with self._turn:
            self.reading += time.thread_time() - began
        return found


def at_stake(claims: Iterable[Claim], verdicts: Mapping[str, Verdict]) -> Ruling:
    """The ruling on a sentence as it stands: on what was said where it quotes, else on what is so.

    Where a sentence makes several claims, all of them have to hold and one that fails is enough.
    """
    rulings = {
        verdict.said if claim.attribution and verdict.said else verdict.verdict
        for claim in claims
        if (verdict := verdicts.get(claim.id))
    }
    for ruling in ("refuted", "conflicting", "not_enough_evidence"):
        if ruling in rulings:
            return ruling
    return "supported" if rulings else "not_enough_evidence"


def _write_web(rows: Sequence[Row], path: Path) -> None:
    """The pages of the rows stand in a WARC file, the first of those with one address."""
    pages = {str(row["url"]): row for row in reversed(rows)}
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True, warc_version="1.1")
        for url, row in sorted(pages.items()):
            answer = StatusAndHeaders(
                "200 OK", [("Content-Type", "text/html; charset=utf-8")], protocol="HTTP/1.1"
            )
            record = writer.create_warc_record(
                url, "response", payload=io.BytesIO(_page(row)), http_headers=answer
            )
            writer.write_record(record)


def _page(row: Row) -> bytes:
    """An article as a plain page: its lines are paragraphs, for neither title nor date is known."""
    lines = (line.strip() for line in str(row["article"]).splitlines())
    paragraphs = "\n".join(f"<p>{html.escape(line)}</p>" for line in lines if line)
    lang = html.escape(str(row.get("lang") or "ar"))
    page = f'<!doctype html><html lang="{lang}"><body><article>{paragraphs}</article></body></html>'
    return page.encode("utf-8", "replace")
