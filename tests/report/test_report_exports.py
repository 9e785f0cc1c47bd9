"""The tables of a run: complete, in order, and safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sample_run import sample_record, single_article

from claims.contract import verdict_record
from claims.report import build_report
from claims.report.exports import as_csv, tables
from claims.report.view import view_run
from claims.run_record import RunRecord


def claims_csv(record: RunRecord) -> bytes:
    return as_csv(tables(view_run(record))[0])


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
    content = claims_csv(sample_record())
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
    for row in rows_of(claims_csv(hostile)):
        assert row["text"].startswith("'" + head)
        for cell in row.values():
            assert not cell.startswith(tuple("=+-@\t\r\n＝＋－＠"))


@pytest.mark.parametrize("text", ["سمرقند، «القمة»", 'quoted "word", comma', "line\nbreak"])
def test_other_cells_stay_as_they_are(text: str) -> None:
    record = single_article()
    checked = record.articles[0]
    claims = (replace(checked.claims[0], text=text), *checked.claims[1:])
    changed = replace(record, articles=(replace(checked, claims=claims),))
    assert rows_of(claims_csv(changed))[0]["text"] == text


def test_every_quote_is_a_row_with_the_place_of_its_copy(tmp_path: Path) -> None:
    record = sample_record()
    build_report(record, tmp_path / "run")
    rows = rows_of((tmp_path / "run" / "quotes.csv").read_bytes())
    cited = {i.id: i for c in record.articles for v in c.verdicts.values() for i in v.evidence}
    assert {row["evidence_id"] for row in rows} == set(cited)
    for row in rows:
        item, capture = cited[row["evidence_id"]], record.captures[cited[row["evidence_id"]].capture]
        assert row["quote"] == item.quote and row["stance"] == item.stance
        assert (row["warc"], row["warc_offset"]) == (capture.warc, str(capture.offset))
        assert row["interested"] == str(item.interested).lower()


def test_parquet_has_the_rows_of_the_csv_with_types(tmp_path: Path) -> None:
    build_report(sample_record(), tmp_path / "run")
    for name in ("claims", "quotes"):
        rows = rows_of((tmp_path / "run" / f"{name}.csv").read_bytes())
        relation = duckdb.read_parquet(str(tmp_path / "run" / f"{name}.parquet"))
        assert relation.columns == list(rows[0])
        assert [row[0] for row in relation.fetchall()] == [row[relation.columns[0]] for row in rows]
        types = dict(zip(relation.columns, map(str, relation.types), strict=True))
        assert types["supports"] in ("BIGINT", "DOUBLE")
    assert types["published"] == "DATE" and types["interested"] == "BOOLEAN"


def test_the_data_package_describes_every_table_as_it_stands(tmp_path: Path) -> None:
    build_report(sample_record(), tmp_path / "run")
    folder = tmp_path / "run"
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    described = {resource["path"]: resource for resource in package["resources"]}
    assert set(described) == {
        "claims.csv", "claims.jsonl", "claims.parquet", "quotes.csv", "quotes.parquet",
    }  # fmt: skip
    for name, resource in described.items():
        body = (folder / name).read_bytes()
        assert resource["bytes"] == len(body)
        assert resource["hash"] == f"sha256:{hashlib.sha256(body).hexdigest()}"
    for name in ("claims.csv", "quotes.csv"):
        header = (folder / name).read_text(encoding="utf-8-sig").split("\n")[0].strip().split(",")
        assert [field["name"] for field in described[name]["schema"]["fields"]] == header


@pytest.mark.slow
def test_the_data_package_is_valid(tmp_path: Path) -> None:
    frictionless = pytest.importorskip("frictionless")
    build_report(sample_record(), tmp_path / "run")
    package = frictionless.Package(str(tmp_path / "run" / "datapackage.json"))
    for name in ("claims-csv", "quotes-csv"):
        report = package.get_resource(name).validate()
        assert report.valid, report.flatten(["rowNumber", "fieldName", "note"])
