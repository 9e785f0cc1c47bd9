"""The folder of all reports: its index, and the feed of what changed."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import feedparser
import pytest
from report_pages import page
from sample_run import RUN, sample_record, single_article

from claims.errors import StoreError
from claims.report import build_report
from claims.report.shelf import write_shelf
from claims.run_record import Change

SITE = "https://desk.example/checks/"
HOSTILE = "<script>alert(1)</script> ]]> &amp; \x00\x0b\ufffe\ud800 {{ 7*7 }} <a href='javascript:x'>"


def change(**given: Any) -> Change:
    first = sample_record().articles[0].claims[0]
    values: dict[str, Any] = {
        "claim": first.id, "text": first.text, "lang": "ar", "at": datetime(2022, 9, 17, 3, 0, tzinfo=UTC),
        "before": "not_enough_evidence", "verdict": "supported", "causes": ("source_new", "its_day_has_come"),
        "came": ("https://herald.example/1",), "went": (), "who": None, "reason": None, "decision": RUN.id,
    }  # fmt: skip
    return Change(**values | given)


def shelf(folder: Path, *changes: Change) -> Path:
    build_report(single_article(), folder / "first", shelved=True)
    later = replace(RUN, id="second", started_at=RUN.started_at + timedelta(days=1), sample=False)
    build_report(replace(sample_record(), run=later), folder / "second", "en", shelved=True)
    write_shelf(folder, changes, "ar", SITE)
    return folder


def test_the_newest_report_comes_first_in_both_languages(tmp_path: Path) -> None:
    folder = shelf(tmp_path)
    assert (folder / "index.html").read_bytes() == (folder / "index.ar.html").read_bytes()
    for lang, own in (("ar", {"first": "index", "second": "index.ar"}), ("en", {"first": "index.en", "second": "index"})):  # fmt: skip
        shown = page(folder / f"index.{lang}.html")
        assert shown.html is not None and shown.html["lang"] == lang
        links = [str(a["href"]) for a in shown.select(".articles h3 a")]
        assert links == [f"second/{own['second']}.html", f"first/{own['first']}.html"]
    assert "7 claims" not in shown.get_text()
    assert "2 articles" in shown.get_text() and "8 claims" in shown.get_text()
    assert "This is a demonstration" in shown.get_text()


def test_every_link_of_the_index_and_back_to_it_leads_somewhere(tmp_path: Path) -> None:
    folder = shelf(tmp_path, change())
    files = [*folder.glob("index*.html"), *folder.glob("*/index*.html"), *folder.glob("*/claims/*.html")]
    for file in files:
        for link in page(file).select("a[href], link[href]"):
            path = str(link["href"]).partition("#")[0]
            assert not path or path.startswith("https://") or (file.parent / path).is_file(), (file, path)


def test_what_changed_is_told_with_its_reasons(tmp_path: Path) -> None:
    by_person = change(
        claim="c_0", who="salma", reason="the decree names another", causes=("person",), verdict="refuted",
        at=datetime(2022, 9, 18, tzinfo=UTC), decision="review-1",
    )  # fmt: skip
    shown = page(shelf(tmp_path, by_person, change()) / "index.en.html")
    first, second = shown.select("ol.changes > li")
    assert "salma: the decree names another" in " ".join(first.get_text(" ").split()).replace(" :", ":")
    assert not first.select(".changed-claim a")  # no report has a page of it
    assert "New evidence: herald.example" in " ".join(second.get_text().split())
    assert "The day that the claim names has come" in second.get_text()
    claim = second.select_one(".changed-claim a")
    assert claim is not None and str(claim["href"]).startswith("second/claims/c_")


@pytest.mark.parametrize("lang", ["ar", "en"])
def test_the_feed_is_sound_atom_and_its_ids_stay(tmp_path: Path, lang: str) -> None:
    entries = (change(at=datetime(2022, 9, 18, tzinfo=UTC), decision="later"), change(text=HOSTILE))
    folder = shelf(tmp_path, *entries)
    read = feedparser.parse((folder / f"changes.{lang}.atom").read_bytes())
    assert not read.bozo and read.version == "atom10"
    assert [entry.updated for entry in read.entries] == ["2022-09-18T00:00:00Z", "2022-09-17T03:00:00Z"]
    assert all(re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", entry.id) for entry in [read.feed, *read.entries])
    assert len({read.feed.id, *(entry.id for entry in read.entries)}) == 3
    assert all((folder / entry.link).is_file() for entry in read.entries)
    write_shelf(folder, (change(text="in other words"),), lang, SITE)
    again = feedparser.parse((folder / f"changes.{lang}.atom").read_bytes())
    assert (again.feed.id, again.entries[0].id) == (read.feed.id, read.entries[1].id)
    write_shelf(folder, (change(),), lang, "https://other.example/")
    other = feedparser.parse((folder / f"changes.{lang}.atom").read_bytes())
    assert other.feed.id != read.feed.id


def test_a_feed_without_changes_is_sound_too(tmp_path: Path) -> None:
    read = feedparser.parse((shelf(tmp_path) / "changes.en.atom").read_bytes())
    assert not read.bozo and read.entries == []
    assert "No verdict has changed so far" in (tmp_path / "index.en.html").read_text(encoding="utf-8")


def test_nothing_from_outside_becomes_an_element(tmp_path: Path) -> None:
    (tmp_path / "<img src=x onerror=alert(1)>").mkdir()
    build_report(single_article(), tmp_path / "<img src=x onerror=alert(1)>" / "a")
    (tmp_path / "<img src=x onerror=alert(1)>" / "index.html").write_text("")
    (tmp_path / "<img src=x onerror=alert(1)>" / "datapackage.json").write_text('{"report": "none"}')
    shown = page(
        shelf(tmp_path, change(text=HOSTILE, reason=HOSTILE, who=HOSTILE, came=(HOSTILE,))) / "index.en.html"
    )
    assert not shown.select("script, img, iframe, form")
    assert not [tag for tag in shown.find_all(True) if any(name.startswith("on") for name in tag.attrs)]
    assert all(not str(a["href"]).startswith("javascript:") for a in shown.find_all("a"))


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be written"):
        write_shelf(tmp_path / "missing", (), "ar", SITE)


def test_a_night_tells_what_changed_and_why_conflicts_first(tmp_path: Path) -> None:
    """The sample run with decisions before it: two rulings are others than before."""
    from claims.run_record import Decision

    record = sample_record()
    verdicts = record.articles[0].verdicts

    def decided(claim: str, day: int, ruling: Any, holds_before: Any) -> Decision:
        return Decision(
            RUN.started_at - timedelta(days=1 - day), "engine", ruling, None, 0.5, day, 0, ruling, None,
            "engine", holds_before not in (None, ruling), 2 * day, day, "engine 1", None,
        )  # fmt: skip

    changed = [
        claim for claim, verdict in verdicts.items() if verdict.verdict in ("conflicting", "supported")
    ]
    history = {
        claim: (
            decided(claim, 0, "not_enough_evidence", None),
            decided(claim, 1, verdicts[claim].verdict, "not_enough_evidence"),
        )
        for claim in changed
    }
    night = replace(record, run=replace(RUN, id="night-2022-09-17"), history=history)
    told = [change(claim=claim, causes=("source_new",)) for claim in changed]
    index = build_report(night, tmp_path / "night", "en", told)
    shown = page(index)
    assert shown.h1 is not None and shown.h1.get_text() == "The night of 17 September 2022"
    section = shown.select_one("section.changed")
    assert section is not None
    text = " ".join(section.get_text(" ").split())
    assert f"Checked again: {len(changed)} claims" in text
    entries = section.select("ol.changes > li")
    rulings = [str(entry["class"][0]).removeprefix("v-") for entry in entries]
    assert rulings == sorted(rulings) and rulings[0] == "conflicting" and rulings[-1] == "supported"
    assert all("New evidence" in entry.get_text() for entry in entries)
    assert "(before: 0 for, 0 against)" in " ".join(entries[0].get_text().split())
