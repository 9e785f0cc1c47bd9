"""A whole verification over small services: copies, pages that are gone, checks by others, and a key."""

from __future__ import annotations

import asyncio
import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

import pytest
from services import Reply, Seen, Service, service

from claims.contract import verdict_record
from claims.model import Verdict
from claims.pipeline import make_request, verify
from claims.plain import plain
from claims.record.store import Store
from claims.run_record import ArticleChecked, RunRecord

KEY = "AIzaSecret-of-the-desk-123"
CLAIM = "وقّعت مصر والأردن يوم الأحد 6 أكتوبر 2024 اتفاقية للربط الكهربائي في عمّان."
ARTICLE = (
    f"{CLAIM}\nوقال وزير الطاقة الأردني صالح الخرابشة إن المشروع سيكلف 300 مليون دولار. "
    "وأضاف أن العمل في خط الربط الجديد سيبدأ في مطلع العام المقبل وينتهي خلال ثلاث سنوات."
)
COPY = ARTICLE.replace("أكتوبر", "أكتـوبر").replace("مليون دولار", "مليون  دولار")
OTHER = "شهدت عمّان يوم الأحد 6 أكتوبر 2024 توقيع اتفاقية الربط الكهربائي بين مصر والأردن بحضور الوزيرين."
GONE = "في 6 أكتوبر 2024 وقعت مصر والأردن في عمّان اتفاقية جديدة للربط الكهربائي بينهما."
REVIEWED = "وقعت مصر والأردن اتفاقية للربط الكهربائي في عمّان يوم 6 أكتوبر 2024"
REVIEW = {
    "@context": "https://schema.org",
    "@type": "ClaimReview",
    "claimReviewed": REVIEWED,
    "author": {"@type": "Organization", "name": "منصة تحقق"},
    "itemReviewed": {"author": {"name": "منشور"}},
    "reviewRating": {"ratingValue": 1, "bestRating": 5, "alternateName": "زائف"},
    "datePublished": "2024-10-09",
}


def page(text: str, head: str = "", around: str = "") -> Reply:
    body = "".join(f"<p>{line}</p>" for line in text.split("\n"))
    html = (
        f'<html lang="ar"><head><title>خبر</title>{head}</head><body><article>{around}{body}</article></body>'
    )
    return Reply(html.encode(), kind="text/html; charset=utf-8")


class World:
    """A search server, pages, a Wayback Machine and Fact Check Tools behind one address."""

    origin = ""

    def __call__(self, asked: Seen) -> Reply:
        if asked.path == "/search":
            names = ("copy", "other", "gone", "review", "known-check")
            rows = [{"url": f"{self.origin}/{name}", "title": name} for name in names]
            return Reply(json.dumps({"query": asked.params["q"], "results": rows}).encode())
        if asked.path == "/available":
            closest = {"available": True, "url": "http://x/", "timestamp": "20241007080000", "status": "200"}
            return Reply(json.dumps({"archived_snapshots": {"closest": closest}}).encode())
        if asked.path == "/claims:search":
            review = {"url": f"{self.origin}/known-check", "textualRating": "خطأ", "languageCode": "ar"}
            review |= {
                "publisher": {"name": "مرصد", "site": "check.example"},
                "reviewDate": "2024-10-08T00:00:00Z",
            }
            claims = [
                {"text": REVIEWED, "claimant": "صفحة", "claimReview": [review]},
                {"text": "Bananas cure cancer", "claimReview": [review | {"url": "http://o.example/"}]},
            ]
            return Reply(json.dumps({"claims": claims}).encode())
        pages = {
            "/copy": page(COPY, around="<p>اشترك في نشرتنا البريدية واقرأ المزيد من الأخبار كل صباح</p>"),
            "/other": page(OTHER),
            "/review": page(
                f"نتحقق هنا من ادعاء يقول: {REVIEWED}",
                f'<script type="application/ld+json">{json.dumps(REVIEW)}</script>',
            ),
            "/known-check": page(f"هذا ما يُتداول: {REVIEWED}. وهو خطأ."),
            f"/web/20241007080000id_/{self.origin}/gone": page(GONE),
        }
        return pages.get(unquote(asked.path), Reply(b"not here", 404, "text/plain"))


@dataclass(frozen=True)
class Done:
    workspace: Path
    server: Service
    record: RunRecord
    report: Path

    @property
    def checked(self) -> ArticleChecked:
        return self.record.articles[0]

    @property
    def verdict(self) -> Verdict:
        (claim,) = (c for c in self.checked.claims if "اتفاقية" in c.text)
        return self.checked.verdicts[claim.id]


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Done]:
    folder = tmp_path_factory.mktemp("run")
    world = World()
    with service(world) as server, pytest.MonkeyPatch.context() as environment:
        world.origin = server.origin
        environment.setenv("DESK_FACTCHECK_KEY", KEY)
        sources = folder / "sources.toml"
        sources.write_text(
            f"""
            [fetch]
            per_host_delay_s = 0
            allow_networks = ["127.0.0.1/32"]
            [[source]]
            name = "search"
            kind = "searxng"
            url = "{server.origin}"
            [[source]]
            name = "archive"
            kind = "wayback"
            url = "{server.origin}"
            available_url = "{server.origin}/available"
            delay_s = 0
            [[source]]
            name = "checks"
            kind = "factcheck_tools"
            url = "{server.origin}/claims:search"
            key_env = "DESK_FACTCHECK_KEY"
            """,
            encoding="utf-8",
        )
        article = folder / "article.txt"
        article.write_text(ARTICLE, encoding="utf-8")
        request = make_request([str(article)], "2024-10-07", workspace=folder, evidence=sources)
        finished = asyncio.run(verify(request))
        assert finished.report and not finished.incomplete and finished.bad == ()
        yield Done(folder, server, Store(folder).read_run(finished.run), finished.report)


def test_a_syndicated_copy_of_the_article_is_no_evidence(done: Done) -> None:
    cited = {item.url for verdict in done.checked.verdicts.values() for item in verdict.evidence}
    assert f"{done.server.origin}/other" in cited
    assert not any(url.endswith("/copy") for url in cited)
    assert any("copies_left_out" in why and "1" in why for why in done.verdict.reasons)


def test_a_page_that_is_gone_is_read_from_the_archive_and_both_are_told(done: Done) -> None:
    copy = f"{done.server.origin}/web/20241007080000id_/{done.server.origin}/gone"
    assert copy in {item.url for item in done.verdict.evidence if item.stance == "supports"}
    assert (f"{done.server.origin}/gone", "gone") in {(u.url, u.outcome) for u in done.verdict.unread}
    asked = [s for s in done.verdict.sought if s.source == "archive"]
    assert [(s.query, s.outcome, s.found) for s in asked] == [(f"{done.server.origin}/gone", "ok", 1)]


def test_checks_by_others_are_listed_and_never_counted(done: Done) -> None:
    assert [(c.publisher, c.rating, c.claimant, c.source, str(c.published)) for c in done.verdict.checks] == [
        ("مرصد", "خطأ", "صفحة", "checks", "2024-10-08"),
        ("منصة تحقق", "زائف", "منشور", "ClaimReview", "2024-10-09"),
    ]
    assert all(c.claim == REVIEWED and c.relation == "same" for c in done.verdict.checks)
    assert done.verdict.checks[1].capture in done.record.captures or done.verdict.checks[1].capture
    cited = {item.url for verdict in done.checked.verdicts.values() for item in verdict.evidence}
    assert not any(url.endswith(("/review", "/known-check")) for url in cited)
    assert done.verdict.refutes == 0  # both of them call it false


def test_checks_stand_in_the_record_and_in_both_reports(done: Done) -> None:
    claim = next(c for c in done.checked.claims if "اتفاقية" in c.text)
    told = verdict_record(claim, done.verdict, done.record.captures, "2024-10-07")["checked_by_others"]
    assert [row["publisher"] for row in told] == ["مرصد", "منصة تحقق"]
    texts = {path: path.read_text(encoding="utf-8") for path in done.report.parent.rglob("*.html")}
    for title in ("Checked by others", "تحققت منه جهات أخرى"):
        assert any(title in text and "مرصد" in text and "زائف" in text for text in texts.values()), title


def test_the_key_is_sent_and_kept_nowhere(done: Done) -> None:
    asked = [seen for seen in done.server.seen if seen.path == "/claims:search"]
    assert asked and {seen.headers["x-goog-api-key"] for seen in asked} == {KEY}
    assert not any(KEY in json.dumps([seen.path, seen.params]) for seen in asked)
    assert not any("x-goog-api-key" in s.headers for s in done.server.seen if s.path != "/claims:search")
    held = "".join(json.dumps(plain(done.record), ensure_ascii=False))
    assert KEY not in held
    for path in done.workspace.rglob("*"):
        if path.is_file():
            body = path.read_bytes()
            if path.name.endswith(".warc.gz"):
                body = gzip.decompress(body)
                assert b"claims:search" in body and b"(withheld)" in body
            assert KEY.encode() not in body, path
