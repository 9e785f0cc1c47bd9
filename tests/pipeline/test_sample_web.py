"""The whole way of the data over real HTTP: articles against the packaged sample web."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from project import PUBLISHED, SAMPLE_ARTICLE

from claims.model import Claim, Verdict
from claims.pipeline import Finished, make_request, verify
from claims.record.store import Store
from claims.run_record import ArticleChecked

DAYS = re.compile(r"(من 22 إلى 24|بين 22 و24) أكتوبر")


@pytest.fixture(scope="module")
def texts(shared_or_none: Path | None) -> dict[str, str]:
    """The articles, and the same with other days for the summit."""
    found = {"sample": SAMPLE_ARTICLE.read_text(encoding="utf-8")}
    if shared_or_none:
        path = shared_or_none / "articles" / "ashgabat_2024-10-12.ar.txt"
        found["real"] = path.read_text(encoding="utf-8")
    for name, text in list(found.items()):
        moved = DAYS.sub(lambda match: match[0].replace("22", "12").replace("24", "14"), text)
        assert moved != text
        found[name + "-moved"] = moved
    return found


@pytest.fixture(scope="module")
def run(texts: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Finished]:
    """One run over all of them."""
    workspace = tmp_path_factory.mktemp("workspace")
    articles = workspace / "articles.jsonl"
    rows = [{"id": name, "text": text, "published": PUBLISHED} for name, text in texts.items()]
    articles.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return workspace, asyncio.run(verify(make_request([str(articles)], workspace=workspace)))


@pytest.fixture(scope="module")
def checked(run: tuple[Path, Finished]) -> dict[str, ArticleChecked]:
    workspace, finished = run
    record = Store(workspace).read_run(finished.run)
    return {one.article.name: one for one in record.articles}


def verdict_on(one: ArticleChecked, fits: Callable[[Claim], bool]) -> Verdict:
    found = [one.verdicts[claim.id] for claim in one.claims if fits(claim)]
    assert len(found) == 1
    return found[0]


def summit(claim: Claim) -> bool:
    return "قازان" in claim.text and bool(claim.when) and claim.kind == "event"


def accusation(claim: Claim) -> bool:
    return claim.kind == "accusation"


def denial(claim: Claim) -> bool:
    return claim.kind == "denial"


@pytest.fixture(params=["sample", "real"])
def name(request: pytest.FixtureRequest, texts: dict[str, str]) -> str:
    if request.param not in texts:
        pytest.skip("the real article is not beside the project")
    return str(request.param)


def test_the_days_of_the_summit_are_supported(checked: dict[str, ArticleChecked], name: str) -> None:
    verdict = verdict_on(checked[name], summit)
    assert (verdict.verdict, verdict.said, verdict.refutes) == ("supported", None, 0)
    assert verdict.supports >= 4


def test_with_other_days_they_are_refuted(checked: dict[str, ArticleChecked], name: str) -> None:
    verdict = verdict_on(checked[name + "-moved"], summit)
    assert verdict.verdict == "refuted" and verdict.supports == 0


def test_the_accusation_was_made_and_is_disputed(checked: dict[str, ArticleChecked], name: str) -> None:
    verdict = verdict_on(checked[name], accusation)
    assert (verdict.verdict, verdict.said) == ("conflicting", "supported")


def test_the_denial_was_made_and_is_disputed(checked: dict[str, ArticleChecked], name: str) -> None:
    verdict = verdict_on(checked[name], denial)
    assert (verdict.verdict, verdict.said) == ("conflicting", "supported")


def test_nothing_that_the_inventory_calls_open_is_supported(
    checked: dict[str, ArticleChecked], name: str
) -> None:
    """Hopes, opinions and what only a speaker says of himself."""
    for claim in checked[name].claims:
        if any(word in claim.text for word in ("أمله", "يجب", "نظاما عالميا")):
            assert checked[name].verdicts[claim.id].verdict == "not_enough_evidence", claim.text


def test_three_printings_of_one_wire_story_are_one_origin(
    checked: dict[str, ArticleChecked], name: str
) -> None:
    verdict = verdict_on(checked[name], summit)
    origins = {
        item.origin
        for item in verdict.evidence
        if re.search("nahr-news|alqindil|barid-almashriq", item.url) and item.stance == "supports"
    }
    assert len(origins) == 1


def test_what_could_not_be_read_is_listed_with_the_reason(checked: dict[str, ArticleChecked]) -> None:
    outcomes = {
        unread.outcome for one in checked.values() for v in one.verdicts.values() for unread in v.unread
    }
    assert {"gone", "blocked_by_robots", "unreachable"} <= outcomes


def test_nothing_was_skipped_and_every_source_answered(run: tuple[Path, Finished]) -> None:
    _, finished = run
    assert finished.bad == () and not finished.incomplete
    assert finished.report is not None and finished.report.is_file()
