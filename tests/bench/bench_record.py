"""A generated record: how long questions and publication take, and how large the file is beside bare rows.

    python tests/bench/bench_record.py                      20,000 claims, 10 quotations each
    python tests/bench/bench_record.py --claims 1000000     the size of some years of a large desk
    python tests/bench/bench_record.py --folder DIR         keep the workspace there, or ask the one that is there

The rows are made by SQL and stand in the tables of a real workspace; nothing of what is timed is special to it. At the
end the same rows are loaded from Parquet twice, into a new record and into a bare file of the same tables. Of
questions the median of five is given, each with a fresh connection, as the command opens one; those that begin with
`tabayyun` are the whole command, from its start to its end. Time on the processors, in brackets, changes less on a
machine that others use too. What adding a night takes is measured by bench_night.py.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

import duckdb

from claims.record.database import opened
from claims.record.query import run_sql
from claims.record.status import status_rows
from claims.record.store import Store

MEMORY_MB = 4096
ROUNDS = 5
CLAIMS_OF_ARTICLE = 20

# One row of `i` for each thing; the same number always gives the same row. The 100 runs stand ten days apart.
PREPARE = """
CREATE TEMP MACRO id(kind, i) AS kind || substr(md5(kind || i), 1, 16);
CREATE TEMP MACRO run_of(i, total) AS 'run-' || lpad((i * 100 // total)::VARCHAR, 4, '0');
CREATE TEMP MACRO day_of(i, total) AS DATE '2021-01-01' + (i * 100 // total)::INTEGER * 10;
CREATE TEMP MACRO page(i) AS 'https://site' || i % 3000 || '.example/' || i;
CREATE TEMP MACRO said_by(i) AS 'Report number ' || i // 20;
"""
TABLES = {
    "run": """
        SELECT run_of(i, 100) AS run_id, day_of(i, 100)::TIMESTAMP AS started_at, 'engine 1' AS engine,
               'sources.toml' AS sources, false AS sample
        FROM range(100) AS made(i)""",
    "run_finished": "SELECT run_id, started_at + INTERVAL 5 HOUR AS finished_at FROM run",
    "article": """
        SELECT id('a_', i) AS article_id, md5('a' || i) || md5('b' || i) AS sha256,
               'Report number ' || i || ': the council of town ' || i % 900 || ' approved a budget of '
               || i * 7919 % 100000 || ' million.' AS text
        FROM range($articles) AS made(i)""",
    "run_article": """
        SELECT run_of(i, $articles) AS run_id, i AS ordinal, id('a_', i) AS article_id, NULL AS ref,
               day_of(i, $articles) - 1 AS published, if(i % 3 = 0, 'en', 'ar') AS lang,
               'https://news.example/' || i AS url, 'News ' || i % 50 AS outlet, 'Title ' || i AS title
        FROM range($articles) AS made(i)""",
    "claim": """
        SELECT id('c_', i) AS claim_id, id('a_', i // 20) AS article_id, said_by(i) AS text, 0 AS span_start,
               length(said_by(i)) AS span_end
        FROM range($claims) AS made(i)""",
    "claim_reading": """
        SELECT id('r_', i) AS reading_id, id('c_', i) AS claim_id, 'engine 1' AS engine, i % 20 AS sentence,
               if(i // 20 % 3 = 0, 'en', 'ar') AS lang,
               ['event', 'state', 'quantity', 'statement', 'accusation', 'denial', 'pledge', 'plan', 'agreement']
                   [1 + i % 9] AS kind,
               said_by(i) || ' says that town ' || i % 900 || ' approved it' AS standalone,
               if(i % 3 = 0, NULL, 'Speaker ' || i % 5000) AS speaker, '[]' AS attribution,
               'affirmed' AS polarity, '[]' AS dates, '[]' AS places, '[]' AS names, '[]' AS numbers,
               if(i % 5 = 0, DATE '2021-01-01' + (i % 1500)::INTEGER, NULL) AS last_day, NULL AS about_claim_id,
               i % 1000 / 1000 AS worth, ['names a number'] AS reasons, NULL AS content_start, NULL AS content_end
        FROM range($claims) AS made(i)""",
    "run_claim": """
        SELECT run_of(i, $claims) AS run_id, i % 20 AS ordinal, id('c_', i) AS claim_id, id('r_', i) AS reading_id
        FROM range($claims) AS made(i)""",
    "capture": """
        SELECT id('k_', i) AS capture_id, page(i) AS url, page(i) AS final_url, 'ok' AS outcome, 200 AS status,
               md5('k' || i) || md5('l' || i) AS sha256, 20000 + i % 9999 AS bytes, 'text/html' AS content_type,
               'archive/' || i // 5000 || '.warc.gz' AS warc, i % 5000 * 9000 AS warc_offset,
               day_of(i, $claims)::TIMESTAMP + to_seconds(i % 9999) AS fetched_at, NULL AS detail
        FROM range($claims) AS made(i)""",
    "fetched": """
        SELECT run_of(i, $claims) AS run_id, page(i) AS url, page(i) AS final_url, 'ok' AS outcome, 200 AS status,
               id('k_', i) AS capture_id, NULL AS detail,
               day_of(i, $claims)::TIMESTAMP + to_seconds(i % 9999) AS observed_at
        FROM range($claims) AS made(i)""",
    "document": """
        SELECT id('d_', i) AS document_id, id('k_', i) AS capture_id, page(i) AS url,
               'Page ' || i || '. ' || repeat('The council met and spoke of many things. ', 12)
               || 'It approved a budget of ' || i * 31 % 100000 || ' million.' AS text
        FROM range($claims) AS made(i)""",
    "document_reading": """
        SELECT id('p_', i) AS reading_id, id('d_', i) AS document_id, 'Page ' || i AS title, [] AS authors,
               'Site ' || i % 3000 AS outlet, day_of(i, $claims) AS published, NULL AS modified, 'en' AS lang,
               NULL AS canonical, [] AS links, '[]' AS claim_reviews,
               day_of(i, $claims)::TIMESTAMP + to_seconds(i % 9999) AS recorded_at
        FROM range($claims) AS made(i)""",
    "evidence": """
        SELECT id('e_', i) AS evidence_id, id('c_', i // 10) AS claim_id, 'so' AS question,
               id('d_', (i // 10 + i % 10 * 17) % $claims) AS document_id, 0 AS span_start,
               length('Page ' || (i // 10 + i % 10 * 17) % $claims) AS span_end,
               'Page ' || (i // 10 + i % 10 * 17) % $claims AS quote
        FROM range($claims * 10) AS made(i)""",
    # One claim in a hundred is decided a second time, and then otherwise
    "verdict": """
        SELECT id('v_', i) AS verdict_id, id('c_', i % $claims) AS claim_id,
               CASE WHEN i >= $claims OR i % 100 = 1 THEN 'conflicting' WHEN i % 100 < 6 THEN 'refuted'
                    WHEN i % 100 < 40 THEN 'supported' ELSE 'not_enough_evidence' END AS verdict,
               NULL AS said, 0.7 AS confidence, i % 5 AS supports, i % 3 AS refutes, [] AS gaps,
               ['two origins'] AS reasons, 'engine 1' AS engine, 'engine' AS decided_by
        FROM range($claims + $claims // 100) AS made(i)""",
    "verdict_evidence": """
        SELECT id('v_', i // 10) AS verdict_id, i % 10 AS ordinal, id('e_', i % ($claims * 10)) AS evidence_id,
               id('k_', (i // 10 + i % 10 * 17) % $claims) AS capture_id,
               page((i // 10 + i % 10 * 17) % $claims) AS url,
               'Site ' || (i // 10 + i % 10 * 17) % 3000 AS outlet,
               DATE '2021-01-01' + (i % 1000)::INTEGER AS published, 'en' AS lang,
               'site' || (i // 10 + i % 10 * 17) % 3000 AS origin, [] AS origin_chain,
               if(i % 3 = 0, 'refutes', 'supports') AS stance, 0.8 AS supports, 0.1 AS refutes,
               false AS interested, NULL AS speaker, ['same days'] AS why
        FROM range(($claims + $claims // 100) * 10) AS made(i)""",
    "run_verdict": """
        SELECT run_of(i, $claims) AS run_id, id('c_', i) AS claim_id, id('v_', i) AS verdict_id,
               day_of(i, $claims)::TIMESTAMP + to_seconds(i % 9999) AS decided_at
        FROM range($claims) AS made(i)
        UNION ALL
        SELECT 'run-0099', id('c_', i), id('v_', i + $claims), TIMESTAMP '2024-06-01'
        FROM range($claims // 100) AS made(i)""",
    "sought": """
        SELECT run_of(i, $claims) AS run_id, id('c_', i) AS claim_id, 0 AS ordinal, 'metasearch' AS source,
               'budget of town ' || i % 900 AS query, 'ok' AS outcome, 10 AS found, NULL AS detail
        FROM range($claims) AS made(i)""",
}
BY_MONTH = "SELECT date_trunc('month', first_seen), verdict, count(*) FROM claim_status GROUP BY ALL"


@contextmanager
def timed(name: str) -> Iterator[None]:
    """Prints what the block took."""
    clock, processor = time.perf_counter(), time.process_time()
    yield
    print(
        f"{name:34} {time.perf_counter() - clock:8.2f} s  ({time.process_time() - processor:8.2f} s)",
        flush=True,
    )


def generate(store: Store, claims: int) -> None:
    """The workspace holds so many claims with what belongs to them."""
    with opened(store.path, MEMORY_MB, 60) as con:
        con.execute(PREPARE)
        for table, made in TABLES.items():
            sized = made.replace("$articles", str(claims // CLAIMS_OF_ARTICLE)).replace(
                "$claims", str(claims)
            )
            con.execute(f"INSERT INTO {table} BY NAME {sized}")
        con.execute("CHECKPOINT")


def compare_loading(store: Store, folder: Path) -> None:
    """Prints what loading the same rows takes into a record and into bare tables, and the sizes of both."""
    with opened(store.path, MEMORY_MB, 60) as con:
        for table in TABLES:
            con.execute(f"COPY {table} TO '{folder / table}.parquet'")
        shapes = {table: con.execute(f"DESCRIBE {table}").fetchall() for table in TABLES}
    bare = folder / "bare.duckdb"
    with duckdb.connect(str(bare), config={"threads": 2, "memory_limit": f"{MEMORY_MB}MB"}) as con:
        for table, columns in shapes.items():
            listed = ", ".join(f'"{name}" {kind}' for name, kind, *_ in columns)
            con.execute(f"CREATE TABLE {table} ({listed})")
        _load(con, folder, "COPY into a bare file")
    _size("bare file", bare)
    again = Store(folder / "again", MEMORY_MB, 60)
    with opened(again.path, MEMORY_MB, 60) as con:
        _load(con, folder, "COPY into a record")
    _size("record", again.path)


def _load(con: duckdb.DuckDBPyConnection, folder: Path, name: str) -> None:
    with timed(name):
        for table in TABLES:
            con.execute(f"COPY {table} FROM '{folder / table}.parquet'")
        con.execute("CHECKPOINT")


def command(folder: Path, *options: str) -> None:
    """Prints the median time of the whole command and how many lines it prints."""

    def called() -> int:
        asked = [sys.executable, "-m", "claims.cli", *options, "--workspace", str(folder)]
        return subprocess.run(asked, check=True, capture_output=True).stdout.count(b"\n") - 1

    ask(" ".join(["tabayyun", *options])[:34], called)


def ask(name: str, question: Callable[[], int]) -> None:
    """Prints the median time of the question and how many rows answer it."""
    times, answered = [], 0
    for _ in range(ROUNDS):
        clock, processor = time.perf_counter(), _processor_s()
        answered = question()
        times.append((time.perf_counter() - clock, _processor_s() - processor))
    clock, processor = (statistics.median(column) for column in zip(*times, strict=True))
    print(f"{name:34} {clock:8.3f} s  ({processor:8.3f} s) {answered:9} rows", flush=True)


def _processor_s() -> float:
    """Seconds of the processors so far, those of ended processes that were started here too."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def _size(name: str, path: Path) -> None:
    print(f"{name:34} {path.stat().st_size / 1e6:8.1f} MB", flush=True)


def main(claims: int, folder: Path) -> None:
    """Prints all times and sizes."""
    store = Store(folder, MEMORY_MB, 60)
    if not store.path.exists():
        with timed(f"make and load {claims:,} claims"):
            generate(store, claims)
    _size("live file", store.path)
    with timed("publish"):
        published = store.publish()
    _size("published file", published)
    one = next(status_rows(folder))["claim_id"]
    command(folder, "status", "--claim", one)
    command(folder, "status", "--verdict", "conflicting")
    command(folder, "status", "--changed")
    ask("status --claim", lambda: len(list(status_rows(folder, claim=one))))
    ask("status --verdict conflicting", lambda: len(list(status_rows(folder, verdict="conflicting"))))
    ask(
        "status --verdict, its first row",
        lambda: len(list(islice(status_rows(folder, verdict="supported"), 1))),
    )
    ask("status --changed", lambda: len(list(status_rows(folder, changed=True))))
    ask("claim_status by month", lambda: len(list(run_sql(folder, BY_MONTH)[1])))
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        compare_loading(store, Path(scratch))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--claims", type=int, default=20_000)
    parser.add_argument("--folder", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        main(given.claims, given.folder or Path(temporary))
