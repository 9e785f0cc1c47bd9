"""The report's folder: what it holds, that its parts fit together, and that it is swapped in whole."""

from __future__ import annotations

import os
import re
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from large_run import large_record
from report_pages import page
from sample_run import RUN, sample_record, single_article

from claims.errors import ConfigError, StoreError
from claims.model import Capture
from claims.report import build_report
from claims.report.crew import crew
from claims.report.site import Site
from claims.run_record import RunRecord

ROUTES = {"index.html": ("ar", "rtl"), "index.en.html": ("en", "ltr")}


def all_pages(report: Path) -> list[Path]:
    return sorted(report.rglob("*.html"))


def test_the_folder_holds_the_report_in_both_languages(report: Path) -> None:
    assert {file.name for file in report.iterdir()} == {
        *ROUTES, "articles", "claims", "copies", "claims.jsonl", "claims.csv", "claims.parquet", "quotes.csv",
        "quotes.parquet", "datapackage.json",
    }  # fmt: skip
    claims = [claim.id for checked in sample_record().articles for claim in checked.claims]
    wanted = {f"{claim}{suffix}.html" for claim in claims for suffix in ("", ".en")}
    assert {file.name for file in (report / "claims").iterdir()} == wanted
    for name, (lang, direction) in ROUTES.items():
        html = page(report / name).html
        assert html is not None
        assert (html["lang"], html["dir"]) == (lang, direction)
        assert {link["href"] for link in html.select("nav a")} == set(ROUTES) - {name}


def test_the_report_opens_in_the_language_asked_for(tmp_path: Path) -> None:
    index = build_report(single_article(), tmp_path / "run", "en")
    assert index == tmp_path / "run" / "index.html"
    assert page(index).html["lang"] == "en"  # type: ignore[index]
    assert page(tmp_path / "run" / "index.ar.html").html["lang"] == "ar"  # type: ignore[index]
    with pytest.raises(ConfigError, match="'fr'"):
        build_report(single_article(), tmp_path / "run", "fr")


def test_pages_load_nothing_and_run_nothing(report: Path) -> None:
    for file in all_pages(report):
        html = page(file)
        policy = html.find("meta", {"http-equiv": "Content-Security-Policy"})
        assert policy is not None
        assert str(policy["content"]).startswith(
            "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
        )
        assert not html.select("script, link, img, iframe, object, embed, form, base, [src], [style]")
        assert not [name for tag in html.find_all(True) for name in tag.attrs if name.startswith("on")]
        assert not re.search(r"@import|url\(", html.style.get_text())  # type: ignore[union-attr]


def test_every_link_leads_somewhere(report: Path) -> None:
    ids = {file: {str(tag["id"]) for tag in page(file).select("[id]")} for file in all_pages(report)}
    for file in all_pages(report):
        for link in page(file).select("a[href], use[href]"):
            path, _, place = str(link["href"]).partition("#")
            if path.startswith(("http://", "https://")):
                assert "noreferrer" in link["rel"]
                continue
            target = (file.parent / path).resolve() if path else file
            assert target in ids, link
            assert not place or place in ids[target], link


def test_ids_are_unique_headings_in_order_and_times_readable_by_machines(report: Path) -> None:
    for file in all_pages(report):
        html = page(file)
        assert Counter(str(tag["id"]) for tag in html.select("[id]")).most_common(1)[0][1] == 1
        moments = [str(time["datetime"]) for time in html.find_all("time")]
        assert all(re.fullmatch(r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\dZ)?", moment) for moment in moments)
        levels = [int(tag.name[1]) for tag in html.find_all(re.compile(r"^h[1-6]$"))]
        assert levels[0] == 1 and levels.count(1) == 1
        assert all(after <= before + 1 for before, after in pairwise(levels)), file


def test_tables_say_what_they_are(report: Path) -> None:
    for name in ROUTES:
        for table in page(report / name).find_all("table"):
            assert table.caption and table.caption.get_text(strip=True)
            assert all(cell.get("scope") in ("col", "row") for cell in table.find_all("th"))


@pytest.mark.parametrize("name", ROUTES)
def test_only_logical_properties_place_things(report: Path, name: str) -> None:
    css = page(report / name).style.get_text()  # type: ignore[union-attr]
    assert not re.search(
        r"(margin|padding|border)-(left|right|top|bottom)|text-align:\s*(left|right)|\b(left|right)\s*:|"
        r"float:", css
    )  # fmt: skip


def test_every_quote_is_marked_in_its_copy_at_its_offsets(report: Path) -> None:
    seen = 0
    for checked in sample_record().articles:
        for verdict in checked.verdicts.values():
            for item in verdict.evidence:
                copy = page(report / "copies" / f"{item.capture}.html")
                mark = f"q{item.start}-{item.end}"
                assert len(copy.select(f"mark#{mark}")) == 1
                pieces = [m for m in copy.select(f"mark.{mark}") if not m.find_parent("mark")]
                assert "".join(piece.get_text() for piece in pieces) == item.quote
                seen += 1
    assert seen > 12


def test_a_copy_says_where_it_is_from(report: Path) -> None:
    record = sample_record()
    for capture in {i.capture for c in record.articles for v in c.verdicts.values() for i in v.evidence}:
        held = record.captures[capture]
        document = next(d for d in record.documents.values() if d.capture == capture)
        for suffix in ("", ".en"):
            copy = page(report / "copies" / f"{capture}{suffix}.html")
            said = copy.get_text()
            for fact in (held.final_url, held.sha256, held.warc, str(held.offset), "02:15"):
                assert str(fact) in said
            paragraphs = [p.get_text() for p in copy.select(".prose p")]
            assert "\n".join(paragraphs) == document.text.rstrip("\n")


def test_the_sample_web_is_announced_loudly_and_only_then(report: Path, tmp_path: Path) -> None:
    assert page(report / "index.html").select_one("main > .banner.sample")
    real = replace(sample_record(), run=replace(RUN, sample=False))
    assert not page(build_report(real, tmp_path / "run")).select(".banner")


def test_a_second_run_differs_in_its_name_and_time_only(report: Path, tmp_path: Path) -> None:
    later = replace(
        RUN, id="another-run", started_at=RUN.started_at + timedelta(days=1),
        finished_at=None,
    )  # fmt: skip
    other = build_report(replace(sample_record(), run=later), tmp_path / "run").parent
    for file in sorted(report.rglob("*.*")):
        mine, theirs = (root / file.relative_to(report) for root in (report, other))
        if file.name.startswith("index"):
            texts = [page(one) for one in (mine, theirs)]
            for html in texts:
                for fact in html.select("dl.run > div")[:3]:
                    fact.decompose()
            assert str(texts[0]) == str(texts[1])
        elif file.name == "claims.jsonl":
            strip = re.compile(rb'"decided_at": "[^"]+"')
            assert strip.sub(b"", mine.read_bytes()) == strip.sub(b"", theirs.read_bytes())
        elif file.name == "datapackage.json":
            continue  # has the run's name and time, and the digest of claims.jsonl
        else:
            assert mine.read_bytes() == theirs.read_bytes()


def test_an_article_without_claims_is_reported(tmp_path: Path) -> None:
    record = single_article()
    empty = replace(record, articles=(replace(record.articles[0], claims=(), verdicts={}),))
    assert "لم يوجد في هذا المقال ادعاء" in build_report(empty, tmp_path / "run").read_text(encoding="utf-8")
    nothing = replace(record, articles=())
    assert "لا ادعاء" in build_report(nothing, tmp_path / "run").read_text(encoding="utf-8")


class DeadlyCaptures(dict[str, Capture]):
    """Captures whose last one kills the process that asks for it a second time, in the middle of a build."""

    asked = 0

    def __getitem__(self, key: str) -> Capture:
        if key == max(self):
            os._exit(9)
        return super().__getitem__(key)


def test_a_killed_build_leaves_the_report_that_was_there(tmp_path: Path) -> None:
    out = tmp_path / "run"
    before = build_report(single_article(), out).read_bytes()
    pid = os.fork()
    if pid == 0:
        record = single_article()
        build_report(replace(record, captures=DeadlyCaptures(record.captures)), out)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 9
    assert (out / "index.html").read_bytes() == before
    assert [path.name for path in tmp_path.iterdir() if path.name != "run"] == [f".run.{pid}.part"]
    build_report(single_article(), out)
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def test_an_earlier_report_is_replaced_whole(tmp_path: Path) -> None:
    build_report(single_article(), tmp_path / "run", "en")
    build_report(single_article(), tmp_path / "run", "ar")
    assert not (tmp_path / "run" / "index.ar.html").exists()


def test_a_folder_that_is_no_report_is_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(StoreError, match="not a report"):
        build_report(single_article(), tmp_path)
    assert (tmp_path / "thesis.txt").read_text() == "years of work"


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="cannot be written"):
        build_report(single_article(), tmp_path / "file" / "run")


def spoiled(record: RunRecord, **change: object) -> RunRecord:
    checked = record.articles[0]
    verdict = next(iter(checked.verdicts.values()))
    evidence = (replace(verdict.evidence[0], **change), *verdict.evidence[1:])  # type: ignore[arg-type]
    verdicts = checked.verdicts | {verdict.claim: replace(verdict, evidence=evidence)}
    return replace(record, articles=(replace(checked, verdicts=verdicts),))


@pytest.mark.parametrize(
    "change",
    [{"quote": "never written"}, {"start": 0}, {"quote": ""}, {"capture": "k_none"}, {"document": "d_none"}],
)
def test_a_quote_without_its_archived_text_is_never_shown(change: dict[str, object], tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="verify again"):
        build_report(spoiled(single_article(), **change), tmp_path / "run")
    assert list(tmp_path.iterdir()) == []


def test_a_capture_cannot_name_a_file_elsewhere(tmp_path: Path) -> None:
    record = single_article()
    evidence = next(iter(record.articles[0].verdicts.values())).evidence[0]
    crafted = replace(record.captures[evidence.capture], id="../../outside")
    with pytest.raises(StoreError, match="cannot name a file"):
        build_report(
            replace(record, captures=record.captures | {evidence.capture: crafted}), tmp_path / "run"
        )
    assert list(tmp_path.iterdir()) == []


def test_a_large_report_that_several_processes_write_is_what_one_would_write(tmp_path: Path) -> None:
    record = large_record(60, 20)
    together = build_report(record, tmp_path / "together").parent
    site = Site(record, (), "ar", False)
    for name in ("articles", "claims", "copies"):
        (tmp_path / "alone" / name).mkdir(parents=True)
    site.write_pages(tmp_path / "alone")
    pages = sorted(file.relative_to(together) for file in all_pages(together))
    assert pages == sorted(file.relative_to(tmp_path / "alone") for file in all_pages(tmp_path / "alone"))
    assert len(pages) == 2 * (1 + 3 + 60 + 120)
    for file in pages:
        assert (together / file).read_bytes() == (tmp_path / "alone" / file).read_bytes(), file
    assert not [file for file in together.iterdir() if file.name.startswith(".")]


def test_a_share_that_another_process_cannot_write_is_told(tmp_path: Path) -> None:
    with (
        pytest.raises(OSError, match="No such file"),
        crew(Site(large_record(60, 20), (), "ar", False), tmp_path),
    ):
        pass  # there are no folders for the pages
    assert not [file for file in tmp_path.iterdir() if file.name.startswith(".")]
