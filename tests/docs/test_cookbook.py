"""Every question of the cookbook is answered, by the command and by plain DuckDB, and the answers are right."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest
from project import ROOT
from typer.testing import CliRunner

from claims.cli import application
from claims.fetch.cache import Visit
from claims.model import Evidence, PublishedCheck, Review, digest
from claims.record.desk import act, new_action
from claims.record.query import run_sql
from claims.record.store import Store
from claims.run_record import Run, RunRecord

QUERIES: dict[str, str] = dict(
    re.findall(
        r"^### (.+?)\n[^#]*?```sql\n(.*?)```",
        (ROOT / "docs" / "cookbook.md").read_text(encoding="utf-8"),
        re.MULTILINE | re.DOTALL,
    )
)
ANSWERED_AT_ONCE = 17  # by what one run over the packaged article records


def rows(workspace: Path, title: str) -> list[dict[str, Any]]:
    columns, found = run_sql(workspace, QUERIES[title])
    return [dict(zip(columns, row, strict=True)) for row in found]


def test_every_heading_has_its_query() -> None:
    page = (ROOT / "docs" / "cookbook.md").read_text(encoding="utf-8")
    assert len(QUERIES) == page.count("\n### ") == page.count("```sql") >= 18


@pytest.mark.parametrize("title", QUERIES)
def test_plain_duckdb_answers_the_same_as_the_command(title: str, sample_workspace: Path) -> None:
    command = CliRunner().invoke(
        application("sql"),
        ["sql", QUERIES[title], "--json", "--workspace", str(sample_workspace)],
        catch_exceptions=False,
    )
    assert command.exit_code == 0, command.output
    with duckdb.connect(str(sample_workspace / "published.duckdb"), read_only=True) as con:
        plain = con.execute(QUERIES[title]).fetchall()
    assert len(command.stdout.splitlines()) == len(plain)


def test_one_run_is_enough_to_answer_most(sample_workspace: Path) -> None:
    answered = [title for title in QUERIES if rows(sample_workspace, title)]
    assert len(answered) >= ANSWERED_AT_ONCE


@pytest.fixture(scope="module")
def first(sample_workspace: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Store, RunRecord]:
    """The sample workspace, copied, and what its one run recorded."""
    workspace = tmp_path_factory.mktemp("used")
    shutil.copyfile(sample_workspace / "claims.duckdb", workspace / "claims.duckdb")
    store = Store(workspace, memory_limit_mb=512)
    with store.turn() as con:
        ((run_id,),) = con.execute("SELECT run_id FROM run").fetchall()
    return store, store.read_run(run_id)


@pytest.fixture(scope="module")
def used(first: tuple[Store, RunRecord]) -> Path:
    """The workspace after a second run and a day's work of two people."""
    store, record = first
    (checked,) = record.articles
    now = datetime.now(UTC)
    run = Run("second", now, None, record.run.engine, "sources.toml", sample=True)
    longer = checked.article.text + "\n" + "أعلنت الوزارة ذلك."
    again = replace(checked.article, id="a_" + digest(longer), text=longer)
    repeated = [
        replace(claim, id="c_" + digest(longer, claim.start, claim.end), article=again.name, about=None)
        for claim in checked.claims
    ]
    cited = _standing_evidence(record)
    text = record.documents[cited.document].text.replace(cited.quote, "—")
    edited = replace(record.captures[cited.capture], id="k_edited", sha256="0" * 64, fetched_at=now)
    refuting = replace(cited, stance="refutes", interested=False)
    before = checked.verdicts[cited.claim]
    check = PublishedCheck(
        "https://checks.example/1", "Checks", "It was so.", None, "False", None, "en", "factcheck"
    )
    turned = replace(
        before, verdict="refuted", supports=0, refutes=1, evidence=(refuting,), checks=(check,), unread=()
    )
    with store.turn():
        store.begin_run(run)
        store.add_article(run.id, again)
        store.add_claims(run.id, again, repeated)
        store.add_visits(run.id, [Visit(edited, "fetched", now, 1)])
        store.add_documents(
            [replace(record.documents[cited.document], id="d_edited", capture=edited.id, text=text)]
        )
        store.add_verdicts(run.id, [turned], now)
        store.add_failures(run.id, ["https://broken.example: not HTML"])
        agreed, overruled = [claim.id for claim in checked.claims if claim.id != cited.claim][:2]
        for claim, verdict in ((agreed, checked.verdicts[agreed].verdict), (overruled, "refuted")):
            store.add_review(Review(claim, verdict, checked.verdicts[claim].said, "amal", "seen it", now))
        act(store, new_action(agreed, "join", "amal", "the same", {"claim": overruled}, None, "form"))
    store.publish()
    return store.workspace


def _standing_evidence(record: RunRecord) -> Evidence:
    """A quotation that supports a claim which the run found supported."""
    supported: Iterable[Evidence] = (
        item
        for verdict in record.articles[0].verdicts.values()
        if verdict.verdict == "supported"
        for item in verdict.evidence
        if item.question == "so" and item.stance == "supports" and not item.interested
    )
    return next(iter(supported))


@pytest.mark.parametrize("title", QUERIES)
def test_a_workspace_in_use_answers_all(title: str, used: Path) -> None:
    assert rows(used, title)


def test_what_changed_is_told_with_its_cause(used: Path, first: tuple[Store, RunRecord]) -> None:
    cited = _standing_evidence(first[1])
    changes = rows(used, "What changed since a day, and why?")
    by_cause = {cause: change for change in changes for cause in change["causes"]}
    assert (by_cause["person"]["verdict"], by_cause["person"]["reviewer"]) == ("refuted", "amal")
    (turned,) = (change for change in changes if "person" not in change["causes"])
    assert (turned["before_verdict"], turned["verdict"]) == ("supported", "refuted")
    alone = rows(used, "Which verdicts rest on one origin alone?")
    (row,) = (row for row in alone if row["text"] == turned["text"])
    assert (row["origin"], row["verdict"]) == (cited.origin, "refuted")


def test_a_page_that_lost_the_quoted_words_is_told(used: Path, first: tuple[Store, RunRecord]) -> None:
    cited = _standing_evidence(first[1])
    found = rows(used, "Which pages were edited or taken down under a verdict that stands?")
    (page,) = (row for row in found if row["quote"] == cited.quote and row["verdict"] == "refuted")
    assert (page["kind"], page["still_there"]) == ("edited", False)


def test_people_and_engine_are_compared(used: Path) -> None:
    counted = rows(used, "How often do people agree with the engine?")
    assert sum(row["claims"] for row in counted) == 2
    assert sum(row["claims"] for row in counted if row["engine"] == row["person"]) == 1
    (overruled,) = rows(used, "Where did a person overrule the engine, and why?")
    assert (overruled["person"], overruled["reviewer"], overruled["review_reason"]) == (
        "refuted",
        "amal",
        "seen it",
    )


def test_repeated_claims_are_found_and_are_due(used: Path, first: tuple[Store, RunRecord]) -> None:
    count = len(first[1].articles[0].claims)
    pairs = rows(used, "Which claims stand in several articles in nearly the same words?")
    assert sum(pair["in_common"] == 1 for pair in pairs) == count
    assert [row["why"] for row in rows(used, "Which claims are due?")].count("never_checked") == count


def test_a_split_takes_a_join_back(first: tuple[Store, RunRecord], used: Path, tmp_path: Path) -> None:
    shutil.copyfile(first[0].path, tmp_path / "claims.duckdb")
    store = Store(tmp_path, memory_limit_mb=512)
    with store.turn() as con:
        ((claim, seen),) = con.execute("SELECT claim_id, action_id FROM action").fetchall()
    act(store, new_action(claim, "split", "amal", "another", {}, seen, "form"))
    store.publish()
    assert not rows(tmp_path, "Which claims did people join to others?")
    assert rows(used, "Which claims did people join to others?")
