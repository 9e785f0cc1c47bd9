"""What the report says of a claim: both sides, who said it, what was counted, and what was not reached."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from report_pages import page, section
from sample_run import RUN, sample_record, single_article

from claims.model import Ruling
from claims.report import build_report
from claims.run_record import Decision


def test_a_claim_shows_what_must_be_seen_first(report: Path) -> None:
    claim = section(report, "تستضيف أوزبكستان")
    assert claim.select_one(".answer.main strong.ruling svg.i-supported")
    assert "Supported" in claim.select_one(".answer.main").get_text()  # type: ignore[union-attr]
    assert "Nobody is quoted" in claim.select(".answer")[1].get_text()
    assert [dd.get_text(strip=True) for dd in claim.select(".origins-count dd")] == ["3", "0"]
    best = claim.select_one(".best blockquote")
    assert best is not None and best.get_text().startswith("تنعقد قمة")
    assert best["lang"] == "ar"


def test_pages_joined_into_one_origin_are_shown_to_count_once(report: Path) -> None:
    rows = [row.get_text(" ", strip=True) for row in section(report, "تستضيف").select("tbody tr")]
    wire = next(row for row in rows if row.startswith("Interwire"))
    assert "3 pages" in wire and wire.endswith("once")
    assert all(outlet in wire for outlet in ("The Herald", "Courier", "The Gazette"))


def test_origins_are_heard_before_their_repetitions(report: Path) -> None:
    shown = section(report, "تستضيف").select(".side > .evidences > .evidence .origin")
    assert len({origin.get_text() for origin in shown}) == len(shown) == 2


def test_conflict_shows_both_sides_and_the_interested_party_is_named(report: Path) -> None:
    claim = section(report, "اتهمت كييف")
    best = [figure.get_text(" ") for figure in claim.select(".best figure")]
    assert len(best) == 2 and "for it" in best[0] and "against it" in best[1]
    assert not any("Interested party" in quote for quote in best)
    assert len(claim.select(".evidence .interested")) == 2
    assert "2 quotations. They show that the matter is disputed" in claim.get_text()
    assert len(re.findall("no: interested party", claim.get_text())) == 2


def test_accusation_and_denial_lead_to_each_other(report: Path) -> None:
    accusation, denial = section(report, "اتهمت كييف"), section(report, "وهو ما")
    ids = {claim.text: claim.id for checked in sample_record().articles for claim in checked.claims}
    by_words = {
        words: next(i for text, i in ids.items() if text.startswith(words)) for words in ("اتهمت", "وهو")
    }
    assert accusation.select_one(".linked a")["href"] == f"../claims/{by_words['وهو']}.en.html"  # type: ignore[index]
    assert denial.select_one(".linked a")["href"] == f"../claims/{by_words['اتهمت']}.en.html"  # type: ignore[index]
    assert "Denied in:" in accusation.get_text() and "This denies:" in denial.get_text()


def test_who_said_it_is_told_from_the_outside_in(report: Path) -> None:
    links = [item.get_text(" ", strip=True) for item in section(report, "جدول الأعمال").select(".said-by li")]
    assert [link.split()[0] for link in links] == ["The", "وكالة", "مساعد"]
    assert "somebody whom the text does not name" in section(report, "وقالت الوزارة").get_text()


def test_what_was_not_reached_is_told_and_why(report: Path) -> None:
    summary = page(report / "index.en.html").select_one(".unreached")
    assert summary is not None
    told = summary.get_text(" ", strip=True)
    for words in (
        "encyclopedia : not reachable (7 times)",
        "behind a paywall (1)",
        "robots.txt forbids it (1)",
    ):
        assert words in told
    assert "the page could not be read as text" in told
    assert "no answer in 15 s" in section(report, "اتهمت كييف").get_text()


def test_a_claim_that_the_run_did_not_get_to_is_not_passed_over(report: Path) -> None:
    claim = section(report, "It promised to publish")
    assert "Not checked" in claim.get_text() and not claim.select(".origins-count")
    person = section(report, "traffic through the canal")
    assert "Decided by a person" in person.get_text()
    assert "No, the evidence says it was not said" in person.get_text()


def test_claims_are_marked_in_the_article_and_lead_to_their_check(report: Path) -> None:
    article = page(
        next(file for file in sorted((report / "articles").glob("*.en.html")) if "سمرقند" in file.read_text())
    )
    text = article.select_one(".text .prose")
    assert text is not None
    outer, inner = (
        next(c for c in article.select("article.claim") if c.h3.get_text().startswith(words))  # type: ignore[union-attr]
        for words in ("وقالت الوزارة", "صدّرت نحو 9")
    )
    assert outer["id"] != inner["id"]
    marks = [(mark["href"], mark.get_text()) for mark in text.select("a.mark")]
    assert any(href == f"#{inner['id']}" and words.startswith("صدّرت نحو 9") for href, words in marks)
    assert [href for href, words in marks if words.startswith("وقالت")] == [f"#{outer['id']}"]


def test_parties_that_contradict_each_other_are_told_from_independent_origins(tmp_path: Path) -> None:
    record = single_article()
    checked = record.articles[0]
    (accused, ruled) = next(
        (claim, ruled) for claim, ruled in checked.verdicts.items() if ruled.verdict == "conflicting"
    )
    parties = tuple(item for item in ruled.evidence if item.interested)
    assert {item.stance for item in parties} == {"supports", "refutes"}
    alone = replace(ruled, supports=0, refutes=0, evidence=parties)
    changed = replace(checked, verdicts=checked.verdicts | {accused: alone})
    report = build_report(replace(record, articles=(changed,)), tmp_path / "run").parent
    for suffix, told in ((".en", "the parties themselves: 1 for, 1 against"), ("", "الأطراف أنفسهم: 1 مع الادعاء، 1 ضده")):  # fmt: skip
        shown = page(report / "claims" / f"{accused}{suffix}.html")
        assert shown.select_one(".origins-count .parties").get_text() == told  # type: ignore[union-attr]
        assert page(report / f"index{suffix}.html").select(".glance .parties")
    text = page(report / "claims" / f"{accused}.en.html").get_text(" ")
    assert "No independent origin speaks for either" in text
    assert "The parties contradict each other; nobody independent" in text
    assert "Some of the evidence says so" not in text


def test_every_claim_says_that_confidence_is_no_probability(report: Path) -> None:
    for suffix, told in ((".en", "it is not calibrated"), ("", "لم يُعايَر")):
        for file in (report / "claims").glob(f"c_*[0-9a-f]{suffix}.html"):
            reasons = page(file).select_one(".reasoning")
            assert reasons is None or told in reasons.get_text()


def test_what_a_person_overruled_is_not_put_in_the_mouth_of_the_evidence(tmp_path: Path) -> None:
    record = single_article()
    checked = record.articles[0]
    claim, ruled = next(
        (claim, ruled) for claim, ruled in checked.verdicts.items() if ruled.verdict == "supported"
    )

    def decided(by: Any, ruling: Ruling, hour: int, reason: str | None) -> Decision:
        at = RUN.started_at + timedelta(hours=hour)
        return Decision(at, by, ruling, None, 0.5, 3, 0, ruling, None, by, hour > 0, 0, 0, "salma", reason)

    history = {
        claim: (
            decided("engine", "supported", 0, None),
            decided("person", "refuted", 1, "The decree names another"),
        )
    }
    changed = replace(
        checked, verdicts=checked.verdicts | {claim: replace(ruled, verdict="refuted", decided_by="person")}
    )
    report = build_report(replace(record, articles=(changed,), history=history), tmp_path / "run").parent
    shown = page(report / "claims" / f"{claim}.en.html")
    text = shown.select_one(".verdict").get_text(" ")  # type: ignore[union-attr]
    assert "A person decided so, otherwise than the engine" in text and "The decree names another" in text
    assert "The evidence says it is not so" not in text
    assert "what the engine had counted" in shown.select_one(".reasoning").get_text()  # type: ignore[union-attr]
    assert shown.select(".best figure.s-supports blockquote")
