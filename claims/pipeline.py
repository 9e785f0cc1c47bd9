"""The whole way of the data, one step after another, with no orchestrator needed.

`Verification` holds what a run needs open: store, archive, sources, fetcher. Its steps take and give ids
and addresses, never bodies, so that an orchestrator can call them as tasks and repeat any of them.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from types import TracebackType
from typing import Protocol

from claims.contract import verdict_record
from claims.errors import InputError, StoreError, TabayyunError
from claims.extract.claims import extract_claims
from claims.fetch.archive import Archive
from claims.fetch.client import Answer, Fetcher
from claims.gather.queries import queries_for
from claims.gather.search import Gathered, OpenSources, gather, open_connectors
from claims.intake import Named, article_from_bytes, named_articles, nothing_usable, parse_published
from claims.model import Article, Capture, Claim, Document, Excluded, Run, RunRecord, Unread, Verdict
from claims.read.page import document_of, read_page
from claims.record.store import Store
from claims.report.build import build_report
from claims.settings import Settings, load_settings
from claims.sources import Sources, load_sources
from claims.weigh.engine import Weigher
from claims.wording import reason

log = logging.getLogger("tabayyun")


class Progress(Protocol):
    """Is told how far a step of an article is."""

    def __call__(self, step: str, done: int, total: int) -> None: ...


def silent(step: str, done: int, total: int) -> None:
    """Shows nothing."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be verified, and with what."""

    sources: tuple[str, ...]  # files, addresses, JSON Lines
    published: date | None
    lang: str | None
    workspace: Path
    evidence: Sources
    settings: Settings

    def store(self) -> Store:
        """The record of the workspace."""
        return Store(self.workspace, self.settings.memory_limit_mb, self.settings.busy_wait_s)


def make_request(
    sources: Sequence[str],
    published: str | None = None,
    lang: str | None = None,
    workspace: Path = Path(),
    evidence: Path | None = None,
    overrides: Sequence[str] = (),
) -> Request:
    """The request in checked form. Raises InputError or ConfigError before any work is done."""
    if lang not in (None, "ar", "en"):
        raise InputError(f"--lang {lang}: only ar and en are read")
    return Request(
        tuple(sources),
        parse_published(published),
        lang,
        workspace,
        load_sources(evidence),
        load_settings(workspace, list(overrides)),
    )


def require_ready(request: Request) -> None:
    """An article of the request can be read and the workspace is ours to write.

    Raises InputError or StoreError. For callers to whom it is dear to begin a run that cannot be.
    """
    if "-" not in request.sources:  # what comes on standard input can be read only once
        bad: list[str] = []
        limit = request.settings.max_article_bytes
        if next(named_articles(request.sources, request.published, request.lang, limit, bad), None) is None:
            raise nothing_usable(bad)
    with request.store().turn():
        pass


def _fault(what: str, error: Exception) -> str:
    """The line that tells of a fault of this program; its trace goes to the log, for who asks to see it."""
    log.debug(what, exc_info=error)
    return f"{what} ({type(error).__name__}: {' '.join(str(error).split())[:200]})"


@dataclass(frozen=True, slots=True)
class Finished:
    """What a run came to. `incomplete` is true where a source could not be asked."""

    run: str
    report: Path | None
    articles: int
    claims: int
    incomplete: bool
    bad: tuple[str, ...]


@dataclass
class _Work:
    """One article while it is being worked on; let go afterwards."""

    article: Article
    claims: tuple[Claim, ...]
    found: dict[str, Gathered] = field(default_factory=dict)  # by claim id
    captures: dict[str, Capture] = field(default_factory=dict)  # by address
    documents: dict[str, Document] = field(default_factory=dict)  # by address


class Verification:
    """One run, open. Use it as an async context manager; the run is recorded as begun inside."""

    def __init__(self, request: Request, progress: Progress = silent) -> None:
        self.request = request
        self.progress = progress
        self.started_at = datetime.now(UTC)
        self.id = f"{self.started_at:%Y%m%dT%H%M%S}-{secrets.token_hex(3)}"
        self.store = request.store()
        self.weigher = Weigher()
        self.bad: list[str] = []
        self.incomplete = False
        self._articles = 0
        self._claims = 0
        self._work: dict[str, _Work] = {}
        self._archive = Archive(request.workspace, self.id)
        self._open = contextlib.AsyncExitStack()
        self._sources: OpenSources
        self._fetcher: Fetcher

    async def __aenter__(self) -> Verification:
        evidence = self.request.evidence
        run = Run(self.id, self.started_at, None, self.weigher.engine, evidence.name, evidence.sample)
        await asyncio.to_thread(self.store.begin_run, run)
        self._open.callback(self._archive.close)
        self._sources = await self._open.enter_async_context(open_connectors(evidence.sources, self._ask))
        fetcher = Fetcher(
            evidence.fetch,
            self._archive,
            known=self.store.known_capture,
            routes=self._sources.routes,
            folders=self._sources.folders,
            trusted=self._sources.trusted,
        )
        self._fetcher = await self._open.enter_async_context(fetcher)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._open.aclose()

    def articles(self) -> Iterator[Named]:
        """The articles of the request, one after another; what cannot be used goes to `bad`."""
        request = self.request
        yield from named_articles(
            request.sources, request.published, request.lang, request.settings.max_article_bytes, self.bad
        )

    async def take_in(self, named: Named) -> str | None:
        """The article is recorded with its claims; its id, or None where it cannot be used."""
        try:
            article = named.article or await self._fetched_article(named)
            extraction = await asyncio.to_thread(extract_claims, article)
        except InputError as error:
            self.bad.append(str(error))
            return None
        except TabayyunError:
            raise
        except Exception as error:  # one article that trips the reader must not cost the others
            self.bad.append(_fault(f"{named.where}: could not be read", error))
            return None
        claims = extraction.claims
        settings = self.request.settings
        ranked = sorted(
            (c for c in claims if c.worth >= settings.min_worth), key=lambda c: (-c.worth, c.start)
        )
        chosen = {claim.id for claim in ranked[: settings.max_claims]}
        kept = tuple(claim for claim in claims if claim.id in chosen)
        await asyncio.to_thread(self._record_article, article, kept, extraction.excluded)
        self._articles += 1
        if not kept:
            self.bad.append(f"{named.where}: no checkable claim was found in it")
            return None
        self._work[article.id] = _Work(article, kept)
        return article.id

    async def search(self, article_id: str) -> int:
        """Every source was asked about every claim of the article; the number of pages named."""
        work = self._work[article_id]
        settings = self.request.settings
        gate = asyncio.Semaphore(settings.claim_concurrency)
        done = 0

        async def one(claim: Claim) -> None:
            nonlocal done
            async with gate:
                try:
                    queries = queries_for(claim, work.article, settings.queries_per_claim)
                    work.found[claim.id] = await gather(
                        queries, self._sources, work.article, settings.pages_per_claim
                    )
                except TabayyunError:
                    raise
                except Exception as error:  # a source that trips its connector must not cost the rest
                    self.bad.append(_fault(f"claim {claim.id}: the sources could not be asked", error))
                    work.found[claim.id] = Gathered((), ())
                    self.incomplete = True
            done += 1
            self.progress("search", done, len(work.claims))

        await asyncio.gather(*(one(claim) for claim in work.claims))
        found = work.found.values()
        failed = any(s.outcome not in ("ok", "empty") for gathered in found for s in gathered.sought)
        self.incomplete = self.incomplete or failed or not self._sources.sources
        return len({candidate.url for gathered in found for candidate in gathered.candidates})

    async def fetch(self, article_id: str) -> int:
        """Every page named was fetched, archived, read and recorded; how many could be read."""
        work = self._work[article_id]
        urls = list(dict.fromkeys(c.url for gathered in work.found.values() for c in gathered.candidates))
        await asyncio.to_thread(self.store.known_captures, urls)
        done = 0

        async def one(url: str) -> None:
            nonlocal done
            work.captures[url], document = await self._read(url)
            if document:
                work.documents[url] = document
            done += 1
            self.progress("fetch", done, len(urls))

        await asyncio.gather(*(one(url) for url in urls))
        captures = [work.captures[url] for url in urls]
        documents = [work.documents[url] for url in urls if url in work.documents]
        await asyncio.to_thread(self._record_pages, captures, documents)
        return len(documents)

    async def weigh(self, article_id: str) -> int:
        """Every claim of the article has a verdict on record; how many are supported or refuted."""
        work = self._work[article_id]
        claims = {claim.id: claim for claim in work.claims}
        verdicts: list[Verdict] = []
        for number, claim in enumerate(work.claims, 1):
            try:
                verdicts.append(await asyncio.to_thread(self._weigh_one, claim, work, claims))
            except TabayyunError:
                raise
            except Exception as error:  # one claim that trips the engine must not cost the others
                self.bad.append(_fault(f"claim {claim.id}: could not be weighed", error))
            self.progress("weigh", number, len(work.claims))
        await asyncio.to_thread(self._record_verdicts, verdicts)
        self._claims += len(verdicts)
        del self._work[article_id]  # not before: the step may be repeated
        return sum(verdict.verdict in ("supported", "refuted") for verdict in verdicts)

    async def publish(self) -> Path | None:
        """The run is finished, the snapshot for readers swapped in and the report built; its address."""
        if self.bad:
            await asyncio.to_thread(self.store.add_failures, self.id, self.bad)
        await asyncio.to_thread(self.store.finish_run, self.id, datetime.now(UTC))
        await asyncio.to_thread(self.store.publish)
        if not self._claims:
            return None
        record = await asyncio.to_thread(self.store.read_run, self.id)
        out = self.request.workspace / "reports" / self.id
        try:
            return await asyncio.to_thread(build_report, record, out, self.request.settings.report_lang)
        except OSError as error:
            raise StoreError(
                f"{out}: the report cannot be written ({error.strerror or error}); make room on the disk and"
                " run the same again: what was recorded stays"
            ) from None

    def finished(self, report: Path | None) -> Finished:
        """What the run came to. Raises InputError where no article gave a claim."""
        if not self._claims:
            raise nothing_usable(self.bad)
        return Finished(self.id, report, self._articles, self._claims, self.incomplete, tuple(self.bad))

    async def _ask(self, url: str, params: Mapping[str, str]) -> Answer:
        return await self._fetcher.ask(url, params)

    async def _fetched_article(self, named: Named) -> Article:
        url = named.url or ""
        capture = await self._fetcher.capture(url)
        if capture.outcome != "ok":
            raise InputError(
                f"{url}: {capture.outcome} ({capture.detail or 'no detail'}); save it and name the file"
            )
        body = await self._fetcher.body(capture)
        return article_from_bytes(body, url, True, self.request.published, self.request.lang, url)

    async def _read(self, url: str) -> tuple[Capture, Document | None]:
        capture = await self._fetcher.capture(url)
        if capture.outcome != "ok":
            return capture, None
        try:
            body = await self._fetcher.body(capture)
            page = await asyncio.to_thread(read_page, body, capture.final_url, capture.content_type)
            if page.problem:
                return replace(capture, outcome=page.problem, detail="by what the page itself says"), None
            document = document_of(capture, page)
            await asyncio.to_thread(self.weigher.read, document)
        except StoreError as error:  # an archive of an earlier run is gone or damaged: this page's loss alone
            return replace(capture, outcome="error", detail=str(error)), None
        except Exception as error:  # a page that trips the reader must not cost the others
            detail = _fault(f"page {url}: could not be read", error)
            return replace(capture, outcome="error", detail=detail), None
        if not document.text:
            return replace(capture, outcome="error", detail="no text was found in it"), None
        return capture, document

    def _record_article(
        self, article: Article, claims: Sequence[Claim], excluded: Sequence[Excluded]
    ) -> None:
        with self.store.turn():
            self.store.add_article(self.id, article)
            self.store.add_claims(self.id, article, claims, excluded)

    def _record_pages(self, captures: Sequence[Capture], documents: Sequence[Document]) -> None:
        with self.store.turn():
            self.store.add_captures(self.id, captures)
            self.store.add_documents(documents)
        by_id = {capture.id: capture for capture in captures}
        for document in documents:
            self._archive.write_conversion(document, by_id[document.capture])

    def _weigh_one(self, claim: Claim, work: _Work, claims: dict[str, Claim]) -> Verdict:
        gathered = work.found[claim.id]
        pages: dict[str, tuple[Document, Capture]] = {}
        unread: list[Unread] = []
        for candidate in gathered.candidates:
            capture = work.captures[candidate.url]
            document = work.documents.get(candidate.url)
            if document is None:
                unread.append(Unread(candidate.url, capture.outcome, capture.detail))
            elif document.text.strip() != work.article.text.strip():
                pages.setdefault(document.id, (document, capture))
        verdict = self.weigher.weigh(
            claim,
            work.article,
            claims,
            list(pages.values()),
            gathered.sought,
            tuple(sorted(unread, key=lambda u: u.url)),
            self.request.settings.passages_per_page,
        )
        if not self._sources.sources:
            return replace(verdict, gaps=(*verdict.gaps, reason("gap_nowhere")))
        return verdict

    def _record_verdicts(self, verdicts: Sequence[Verdict]) -> None:
        now = datetime.now(UTC)
        with self.store.turn():
            for verdict in verdicts:
                self.store.add_verdict(self.id, verdict, now)


async def verify(request: Request, progress: Progress = silent) -> Finished:
    """The articles of a request verified, recorded, published and reported, without an orchestrator.

    Raises InputError where none of them could be used, StoreError where the workspace cannot be.
    """
    async with Verification(request, progress) as run:
        for named in run.articles():
            article = await run.take_in(named)
            if article:
                await run.search(article)
                await run.fetch(article)
                await run.weigh(article)
        return run.finished(await run.publish())


def verdict_lines(record: RunRecord) -> Iterator[dict[str, object]]:
    """One verdict record a claim, in the order of the articles."""
    decided_at = record.run.started_at.isoformat(timespec="seconds").replace("+00:00", "Z")
    for checked in record.articles:
        for claim in checked.claims:
            if claim.id in checked.verdicts:
                verdict = checked.verdicts[claim.id]
                yield verdict_record(claim, verdict, record.captures, decided_at, checked.article.name)
