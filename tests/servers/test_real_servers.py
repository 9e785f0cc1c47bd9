"""MediaWiki and searx as others run them: the connectors, and a whole verification, against the real things."""

from __future__ import annotations

import asyncio
import contextlib
import json
import subprocess
import sys
import urllib.parse
import urllib.request
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from fastwarc.warc import ArchiveIterator
from real_searx import searx
from real_wiki import Wiki
from server_process import free_port

from claims.errors import SourceSkipped, SourceUnusable
from claims.fetch.archive import Archive
from claims.fetch.client import Answer, Fetcher
from claims.gather.base import Connector
from claims.gather.search import open_connectors
from claims.model import Claim, Document, Query
from claims.pipeline import Finished, make_request, verify
from claims.read.page import document_of, read_page
from claims.record.store import Store
from claims.run_record import ArticleChecked
from claims.source_kinds import KINDS
from claims.sources import FetchPolicy

pytestmark = pytest.mark.slow

ARTICLE = Path(__file__).parents[2] / "claims" / "sample" / "article.ar.txt"
SUMMIT = "وقد استضافتها روسيا في مدينة قازان عاصمة تتارستان من 22 إلى 24 أكتوبر 2024"


@dataclass(frozen=True)
class Asked:
    """A connector with the project's own fetcher under it."""

    connector: Connector
    fetcher: Fetcher

    async def document(self, url: str) -> Document:
        """A page as the pipeline reads it."""
        capture = await self.fetcher.capture(url)
        assert (capture.outcome, capture.status) == ("ok", 200), capture.detail
        body = await self.fetcher.body(capture)
        return document_of(capture, read_page(body, capture.final_url, capture.content_type))


@contextlib.asynccontextmanager
async def asking(kind: str, url: str, folder: Path) -> AsyncIterator[Asked]:
    """The connector for a server at an address on loopback, with no network allowed by name."""

    async def ask(url: str, params: Mapping[str, str], *, headers: Mapping[str, str] | None = None) -> Answer:
        return await fetcher.ask(url, params, headers=headers)

    archive = Archive(folder, "run")
    spec = KINDS[kind].model_validate({"name": "real", "kind": kind, "url": url, "limit": 10})
    with contextlib.closing(archive):
        async with open_connectors([spec], ask) as opened:
            policy = FetchPolicy(user_agent="tabayyun-tests/0.1 (+https://example.org/)", per_host_delay_s=0)
            async with Fetcher(policy, archive, trusted=opened.trusted) as fetcher:
                yield Asked(opened.sources[0].connector, fetcher)


def revision_of(wiki: Wiki, title: str) -> int:
    """The newest revision of a page, by the wiki's own word."""
    params = {"action": "query", "titles": title, "prop": "info", "format": "json", "formatversion": "2"}
    with urllib.request.urlopen(f"{wiki.api}?{urllib.parse.urlencode(params)}", timeout=20) as answer:
        return int(json.load(answer)["query"]["pages"][0]["lastrevid"])


@pytest.mark.parametrize(
    ("query", "title", "lang", "quote"),
    [
        (Query("قمة قازان أكتوبر", "ar"), "قمة بريكس 2024", "ar", SUMMIT),
        (
            Query("Kazan summit Russia", "en"),
            "2024 BRICS summit",
            "en",
            "Russia hosted it in the city of Kazan from 22 to 24 October 2024, at the end of its year in the chair.",
        ),
    ],
)
def test_wiki_names_a_revision_whose_text_holds_the_quote(
    wiki: Wiki, tmp_path: Path, query: Query, title: str, lang: str, quote: str
) -> None:
    async def found() -> None:
        async with asking("mediawiki", wiki.api, tmp_path) as asked:
            candidates = {one.title: one for one in await asked.connector.search(query)}
            assert title in candidates
            url = candidates[title].url
            assert url.startswith(f"{wiki.origin}/wiki/") and url.endswith(
                f"?oldid={revision_of(wiki, title)}"
            )
            document = await asked.document(url)
            assert quote in document.text
            assert (document.title, document.lang) == (title, lang)
            assert document.published is None  # when a page was edited is not when it was published
            assert "oldid" not in document.text and "Imported" not in document.text

    asyncio.run(found())


@pytest.mark.parametrize("kind", ["mediawiki", "searxng"])
def test_words_that_no_page_holds_together_find_pages_by_fewer(
    wiki: Wiki, search: str, tmp_path: Path, kind: str
) -> None:
    async def found() -> list[str | None]:
        async with asking(kind, wiki.api if kind == "mediawiki" else search, tmp_path) as asked:
            query = Query("المملكة المتحدة فرنسا ألمانيا تأكدت صواريخ", "ar")
            assert await asked.connector.search(Query("قنديل البحر الأزرق", "ar")) == []
            return [one.title for one in await asked.connector.search(query)]

    assert asyncio.run(found()) == ["فتح 360"]


@pytest.mark.parametrize(
    "text",
    [
        '"قمة',
        "-قازان",
        "(",
        "!!!",
        "OR",
        "a AND",
        "*",
        "insource:/x/",
        "l'Iran",
        "Kazan\x00 22–24",
        "ق" * 400,
    ],
)
def test_no_query_trips_the_real_servers(wiki: Wiki, search: str, tmp_path: Path, text: str) -> None:
    async def asked_both() -> None:
        for kind, url in (("mediawiki", wiki.api), ("searxng", search)):
            async with asking(kind, url, tmp_path / kind) as asked:  # type: ignore[arg-type]
                for one in await asked.connector.search(Query(text, "ar")):
                    assert one.url.startswith(f"{wiki.origin}/wiki/")

    asyncio.run(asked_both())


def test_wiki_asked_at_the_wrong_address_is_misconfigured(wiki: Wiki, tmp_path: Path) -> None:
    async def asked_at(url: str) -> None:
        async with asking("mediawiki", url, tmp_path) as asked:
            await asked.connector.search(Query("Kazan", "en"))

    for url in (f"{wiki.origin}/w/index.php", f"{wiki.origin}/nothing/api.php"):
        with pytest.raises(SourceUnusable) as error:
            asyncio.run(asked_at(url))
        assert error.value.outcome == "misconfigured"


def test_search_server_names_pages_that_can_be_read(wiki: Wiki, search: str, tmp_path: Path) -> None:
    async def found() -> None:
        async with asking("searxng", search, tmp_path) as asked:
            for query, title in (
                (Query("قمة قازان أكتوبر", "ar"), "قمة بريكس 2024"),
                (Query("Kazan summit", "en"), "2024 BRICS summit"),
            ):
                candidates = {one.title: one.url for one in await asked.connector.search(query)}
                assert candidates[title] == f"{wiki.origin}/wiki/" + urllib.parse.quote(
                    title.replace(" ", "_")
                )

    asyncio.run(found())


def test_search_server_whose_engine_is_gone_is_unreachable_and_stays_so(
    needs_searx: None, tmp_path: Path
) -> None:
    """It says so once, then answers as if there were nothing to find while it lets the engine rest."""

    async def outcomes(url: str) -> list[str]:
        seen: list[str] = []
        async with asking("searxng", url, tmp_path) as asked:
            for text in ("Kazan summit", "قمة قازان", "Moscow treaty"):
                with pytest.raises(SourceSkipped) as error:
                    await asked.connector.search(Query(text, "en"))
                assert "wiki" in str(error.value)  # the engine by its name
                seen.append(error.value.outcome)
        return seen

    with searx(tmp_path, f"http://127.0.0.1:{free_port()}") as url:
        assert asyncio.run(outcomes(url)) == ["unreachable"] * 3


def test_search_server_that_refuses_json_is_misconfigured(
    needs_searx: None, wiki: Wiki, tmp_path: Path
) -> None:
    async def refused(url: str) -> None:
        async with asking("searxng", url, tmp_path) as asked:
            with pytest.raises(SourceUnusable, match=r"search\.formats") as error:
                await asked.connector.search(Query("Kazan", "en"))
            assert error.value.outcome == "misconfigured"

    with searx(tmp_path, wiki.origin, json_on=False) as url:
        asyncio.run(refused(url))
    with pytest.raises(SourceUnusable, match="address") as error:

        async def elsewhere() -> None:
            async with asking("searxng", wiki.origin, tmp_path) as asked:
                await asked.connector.search(Query("Kazan", "en"))

        asyncio.run(elsewhere())
    assert error.value.outcome == "misconfigured"


@dataclass(frozen=True)
class Verified:
    """A run that has ended, and what it recorded of its one article."""

    workspace: Path
    finished: Finished
    checked: ArticleChecked

    def summit(self) -> Claim:
        """The claim about the days of the summit in Kazan."""
        found = [c for c in self.checked.claims if "قازان" in c.text and c.when and c.kind == "event"]
        assert len(found) == 1
        return found[0]


def verified(workspace: Path, article: Path, sources: dict[str, str], allowed: str = "") -> Verified:
    """An article verified with servers by kind, and networks allowed by name."""
    rows = [f"[fetch]\nper_host_delay_s = 0\nallow_networks = [{allowed}]"]
    rows += [f'[[source]]\nname = "{kind}"\nkind = "{kind}"\nurl = "{url}"' for kind, url in sources.items()]
    file = workspace / "sources.toml"
    file.write_text("\n\n".join(rows), encoding="utf-8")
    request = make_request([str(article)], published="2024-10-12", workspace=workspace, evidence=file)
    finished = asyncio.run(verify(request))
    return Verified(workspace, finished, Store(workspace).read_run(finished.run).articles[0])


@pytest.fixture(scope="module")
def whole(wiki: Wiki, search: str, tmp_path_factory: pytest.TempPathFactory) -> Verified:
    """The sample article against both servers, no network allowed by name."""
    sources = {"mediawiki": wiki.api, "searxng": search}
    return verified(tmp_path_factory.mktemp("whole"), ARTICLE, sources)


def test_whole_verification_asks_both_servers_and_skips_nothing(whole: Verified) -> None:
    assert whole.finished.bad == () and not whole.finished.incomplete
    assert whole.finished.report is not None and whole.finished.report.is_file()
    outcomes = {(s.source, s.outcome) for v in whole.checked.verdicts.values() for s in v.sought}
    assert outcomes == {(kind, how) for kind in ("mediawiki", "searxng") for how in ("ok", "empty")}
    assert not any(verdict.unread for verdict in whole.checked.verdicts.values())


def test_summit_in_kazan_gets_its_evidence_from_the_wiki(whole: Verified, wiki: Wiki) -> None:
    verdict = whole.checked.verdicts[whole.summit().id]
    supporting = [item for item in verdict.evidence if item.stance == "supports"]
    assert any(SUMMIT in item.quote for item in supporting)
    assert {item.lang for item in supporting} == {"ar", "en"}
    assert (verdict.supports, verdict.refutes) == (1, 0)  # one wiki is one origin, however many pages
    assert not any(item.stance == "refutes" for item in verdict.evidence)


def test_every_page_is_cited_at_its_revision_and_once(whole: Verified, wiki: Wiki) -> None:
    """The search server names pages without one; the wiki's own answer tells it."""
    urls = {item.url for verdict in whole.checked.verdicts.values() for item in verdict.evidence}
    assert urls
    for url in urls:
        assert url.startswith(f"{wiki.origin}/wiki/") and "?oldid=" in url


def test_pages_that_have_nothing_to_do_with_it_are_no_evidence(whole: Verified) -> None:
    decided = {
        urllib.parse.unquote(item.url)
        for verdict in whole.checked.verdicts.values()
        for item in verdict.evidence
        if item.stance != "neutral"
    }
    for title in ("زيت_الزيتون", "Astrolabe", "خط_الرقعة", "Kazan_Kremlin"):
        assert not any(f"/wiki/{title}?" in url for url in decided)


def test_the_real_article_through_both_servers(
    wiki: Wiki, search: str, real_article: str, tmp_path: Path
) -> None:
    """The article that the project's first user works with, all of it, where it lies beside the project."""
    article = tmp_path / "article.txt"
    article.write_text(real_article, encoding="utf-8")
    run = verified(tmp_path, article, {"mediawiki": wiki.api, "searxng": search})
    assert run.finished.bad == () and not run.finished.incomplete
    assert len(run.checked.verdicts) == len(run.checked.claims) >= 20
    outcomes = {(s.source, s.outcome) for v in run.checked.verdicts.values() for s in v.sought}
    assert outcomes == {(kind, how) for kind in ("mediawiki", "searxng") for how in ("ok", "empty")}
    summit = run.checked.verdicts[run.summit().id]
    assert any(SUMMIT in item.quote for item in summit.evidence if item.stance == "supports")
    independent_readers_accept(run.workspace)


def test_the_archive_is_read_by_independent_readers(whole: Verified) -> None:
    independent_readers_accept(whole.workspace)


def independent_readers_accept(workspace: Path) -> None:
    """Every archive of the workspace is clean by the word of two readers that are not ours."""
    files = sorted((workspace / "archive").glob("*.warc.gz"))
    assert files
    for file in files:
        done = subprocess.run(
            [sys.executable, "-m", "warcio.cli", "check", str(file)],
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, done.stdout) == (0, ""), done.stdout + done.stderr
        with file.open("rb") as stream:
            records = [
                (record.headers["WARC-Type"], record.verify_block_digest())
                for record in ArchiveIterator(stream, parse_http=False)
            ]
        assert all(holds for _, holds in records)
        assert {"request", "response", "conversion"} <= {kind for kind, _ in records}


@pytest.mark.parametrize("allowed", ["", '"127.0.0.1/32"'])
def test_pages_named_by_a_search_server_need_their_network_allowed(
    wiki: Wiki, search: str, tmp_path: Path, allowed: str
) -> None:
    """To trust the search server is not to trust whatever private address it names."""
    article = tmp_path / "article.txt"
    article.write_text(
        "تستقبل روسيا قادة مجموعة بريكس في مدينة قازان بين 22 و24 أكتوبر/تشرين الأول الجاري.\n",
        encoding="utf-8",
    )
    run = verified(tmp_path, article, {"searxng": search}, allowed)
    verdict = run.checked.verdicts[run.summit().id]
    assert "ok" in {sought.outcome for sought in verdict.sought}
    if allowed:
        assert verdict.unread == () and any(SUMMIT in item.quote for item in verdict.evidence)
    else:
        assert verdict.evidence == ()
        assert {unread.outcome for unread in verdict.unread} == {"unsafe_address"}
        assert all("allow_networks" in (unread.detail or "") for unread in verdict.unread)
