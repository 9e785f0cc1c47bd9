"""The tables of a run: complete, in order, and safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sample_run import sample_record, single_article

from claims.contract import verdict_record
from claims.report import build_report
from claims.report.exports import claims_csv
from claims.report.view import view_run


def rows_of(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_jsonl_has_the_verdict_record_of_every_claim(tmp_path: Path) -> None:
    record = sample_record()
    build_report(record, tmp_path / "run")
    lines = (tmp_path / "run" / "claims.jsonl").read_text(encoding="utf-8").splitlines()
    expected = [
        verdict_record(
            claim, checked.verdicts[claim.id], record.captures, "2022-09-17T02:16:40Z", checked.article.name
        )
        for checked in record.articles
        for claim in checked.claims
        if claim.id in checked.verdicts
    ]
    assert [json.loads(line) for line in lines] == json.loads(json.dumps(expected))
    assert len(lines) == 7


def test_csv_has_one_row_a_claim_and_a_byte_order_mark() -> None:
    content = claims_csv(view_run(sample_record()))
    assert content.startswith(b"\xef\xbb\xbf")
    rows = rows_of(content)
    assert [row["claim_id"] for row in rows] == [
        claim.id for checked in sample_record().articles for claim in checked.claims
    ]
    summit = rows[0]
    assert summit["text"].startswith("تستضيف أوزبكستان")
    assert (summit["verdict"], summit["supports"], summit["refutes"]) == ("supported", "3", "0")
    assert summit["best_quote_outlet"] == "أخبار اليوم"
    assert rows[-1]["verdict"] == ""


@given(st.text(max_size=30), st.sampled_from(list("=+-@\t\r\n＝＋－＠")))
def test_no_cell_is_a_formula(tail: str, head: str) -> None:
    record = single_article()
    checked = record.articles[0]
    claims = tuple(replace(claim, text=head + tail, standalone=tail) for claim in checked.claims)
    hostile = replace(record, articles=(replace(checked, claims=claims),))
    for row in rows_of(claims_csv(view_run(hostile))):
        assert row["text"].startswith("'" + head)
        for cell in row.values():
            assert not cell.startswith(tuple("=+-@\t\r\n＝＋－＠"))


@pytest.mark.parametrize("text", ["سمرقند، «القمة»", 'quoted "word", comma', "line\nbreak"])
def test_other_cells_stay_as_they_are(text: str) -> None:
    record = single_article()
    checked = record.articles[0]
    claims = (replace(checked.claims[0], text=text), *checked.claims[1:])
    changed = replace(record, articles=(replace(checked, claims=claims),))
    assert rows_of(claims_csv(view_run(changed)))[0]["text"] == text
