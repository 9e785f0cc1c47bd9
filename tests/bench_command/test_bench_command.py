"""`tabayyun bench`: sets are known by their fields, figures come out, bad input stops in one line."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from claims.bench import closed_web
from claims.bench.closed_web import check_closed_web
from claims.bench.figures import average_precision, calibration_error, macro_f1
from claims.bench.measures import measure
from claims.bench.overlap import rule_by_overlap
from claims.bench.sets import read_sets
from claims.cli import application
from claims.errors import InputError, TabayyunError
from claims.model import Document, digest

GONE = '[[source]]\nname = "gone"\nkind = "searxng"\nurl = "http://127.0.0.1:9"\n'
CHALLENGE = Path(__file__).parent.parent / "weigh" / "challenge"


def written(path: Path, *rows: dict) -> Path:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def bench(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "claims.cli", "bench", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


def test_figures_are_those_of_the_textbooks():
    assert macro_f1(["a", "a", "b"], ["a", "b", "b"]) == pytest.approx((2 / 3 + 2 / 3) / 2)
    assert average_precision([0.9, 0.8, 0.7], [True, False, True]) == pytest.approx((1 + 2 / 3) / 2)
    assert calibration_error([0.95, 0.95, 0.55, 0.55], [True, True, True, False]) == pytest.approx(0.05)


def test_each_kind_is_known_by_its_fields_and_measured(tmp_path):
    rows = [json.loads(line) for line in (CHALLENGE / "seen_en.jsonl").read_text().splitlines()[:8]]
    written(tmp_path / "a.jsonl", *rows)
    written(tmp_path / "b.jsonl", {"id": 1, "text": "ثلاثة وعشرون", "lang": "ar", "expected": 23})
    written(
        tmp_path / "c.jsonl",
        {"id": 1, "text": "Unemployment fell to 4.1 percent in May, the office said.", "label": "1"},
        {"id": 2, "text": "Good morning to you all!", "label": "0"},
    )
    text = " ".join(f"word{number}" for number in range(60))
    written(tmp_path / "d.jsonl", {"text_a": text, "text_b": f"Today. {text}", "silver": "copy"})
    written(tmp_path / "e.jsonl", {"id": 1, "text": "The moon is made of cheese", "relevant_vclaims": ["v"]})
    written(
        tmp_path / "f.jsonl",
        {"vclaim_id": "w", "vclaim": "Bread is made of flour"},
        {"vclaim_id": "v", "vclaim": "The moon consists of cheese"},
    )
    (tmp_path / "g.html").write_text("<title>T</title><article><p>" + "One two three four five. " * 9)
    written(
        tmp_path / "g.jsonl", {"html_file": "g.html", "url": "https://a.example/", "paragraphs": ["One two"]}
    )
    written(tmp_path / "z.jsonl", {"unheard": 1})  # in a folder, left out
    done = bench(tmp_path, "--json")
    assert done.returncode == 0, done.stderr
    found = {record["set"]: record for record in map(json.loads, done.stdout.splitlines())}
    assert {name: one["kind"] for name, one in found.items()} == {
        "a": "stance",
        "b": "normalise",
        "c": "worth",
        "d": "origins",
        "e": "match",
        "g": "read",
    }
    assert found["a"]["rows"] == 8 and "original" in found["a"]["figures"] and "rules" in found["a"]["engine"]
    assert found["b"]["figures"] == {"numbers": 1.0}
    assert found["d"]["figures"] == {"joined: copy": 1.0}
    assert found["e"]["figures"] == {"MAP@5": 1.0, "hit@1": 1.0}
    assert all(0.0 <= value <= 1.0 for one in found.values() for value in one["figures"].values())


@pytest.mark.parametrize(
    ("content", "complaint"),
    [('{"unheard": 1}\n', "the fields of no set"), ("{", "line 1: is no JSON"), ("", "the fields of no set")],
)
def test_what_is_no_set_stops_in_one_line(tmp_path, content, complaint):
    file = tmp_path / "x.jsonl"
    file.write_text(content)
    with pytest.raises(InputError, match=complaint):
        list(read_sets([file]))


def test_a_row_that_lacks_a_field_is_named(tmp_path):
    rows = {"claim": "c", "evidence": "e", "label": "neutral"}, {"claim": "c", "evidence": "e"}
    with pytest.raises(InputError, match='row 2: has no "label"'):
        list(read_sets([written(tmp_path / "x.jsonl", *rows)]))


def test_matching_needs_the_known_claims(tmp_path):
    (data,) = read_sets([written(tmp_path / "x.jsonl", {"text": "t", "relevant_vclaims": ["1"]})])
    with pytest.raises(InputError, match="known claims"):
        measure(data)


def page(claim: str, url: str, article: str, factuality: str = "true") -> dict:
    texts = {
        "flood": "قال وزير الري العراقي يوم الأحد إن سد الموصل سليم ولا خطر عليه",
        "fire": "اندلع حريق كبير في سوق الحرير بمدينة حلب",
    }
    return {
        "claim_id": claim, "claim": texts[claim], "factuality": factuality, "url": url, "article": article,
    }  # fmt: skip


def test_a_closed_web_is_searched_fetched_and_weighed_twice_the_same():
    rows = [
        page("flood", "https://one.example/a", "قال وزير الري العراقي الأحد إن سد الموصل سليم ولا خطر عليه."),
        page("flood", "https://two.example/b", "بغداد: أكد وزير الري العراقي يوم الأحد أن سد الموصل سليم."),
        page("fire", "https://one.example/c", "تشهد مدينة دمشق طقساً بارداً هذا الأسبوع مع أمطار.", "false"),
    ]
    first, second = check_closed_web(rows), check_closed_web(rows)
    assert {one.claim for one in first.checked} == {"flood", "fire"}
    assert len(first.documents) >= 2
    assert first.share(False, ["supported"]) == 0.0
    assert [(one.claim, one.ruling) for one in first.checked] == [
        (one.claim, one.ruling) for one in second.checked
    ]
    assert any(verdict.evidence for one in first.checked for verdict in one.verdicts)


def test_a_closed_web_that_did_not_answer_gives_no_figures(monkeypatch):
    monkeypatch.setattr(closed_web, "_SOURCES", GONE)
    with pytest.raises(TabayyunError, match=r"of \d+ searches had no answer"):
        check_closed_web([page("fire", "https://one.example/c", "تشهد مدينة دمشق طقساً بارداً.", "false")])


def test_a_set_that_cannot_be_measured_costs_the_others_nothing(monkeypatch, tmp_path):
    monkeypatch.setattr(closed_web, "_SOURCES", GONE)
    written(tmp_path / "a.jsonl", page("fire", "https://one.example/c", "تشهد دمشق طقساً بارداً.", "false"))
    written(tmp_path / "b.jsonl", {"id": 1, "text": "ثلاثة وعشرون", "lang": "ar", "expected": 23})
    done = CliRunner().invoke(application("bench"), ["bench", str(tmp_path), "--json"])
    assert done.exit_code == 1
    assert [json.loads(line)["set"] for line in done.stdout.splitlines()] == ["b"]
    assert "a: closed web: " in done.stderr


def test_the_baseline_counts_words():
    text = "The museum in Basra opened a new hall of Sumerian tablets on Monday. It is large."
    pages = [
        Document("d_" + digest(host), "", f"https://{host}/", None, text, (), None, None, None, None, None)
        for host in ("a.example", "b.example")
    ]
    claims = ["Basra museum opened new hall of Sumerian tablets", "A bridge fell into the river in Cairo"]
    assert rule_by_overlap(claims, pages) == ["supported", "not_enough_evidence"]
    assert rule_by_overlap(claims, pages[:1]) == ["not_enough_evidence", "not_enough_evidence"]
