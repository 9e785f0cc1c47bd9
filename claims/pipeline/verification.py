"""The whole way of the data, one step after another, with no orchestrator needed.

`Verification` holds what a run needs open: its record and its web. The steps take and give ids and
addresses, never bodies, so that an orchestrator can call them as tasks and repeat any of them. A step does
several articles at once: opening the record costs as much as a small article's rows in it.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from claims.errors import InputError, TabayyunError
from claims.extract.claims import extract_claims
from claims.gather.queries import queries_for
from claims.gather.search import Gathered
from claims.intake import Named, article_from_bytes, nothing_usable
from claims.model import Article, Candidate, Capture, Claim, Document, PublishedCheck, Verdict
from claims.pipeline.by_hand import with_pages_by_hand
from claims.pipeline.plan import Plan
from claims.pipeline.progress import Progress, silent
from claims.pipeline.reading import archived_copies, capture_pages, read_captured
from claims.pipeline.web import Web
from claims.pipeline.weighing import compare, record_verdicts, weigh_one
from claims.pipeline.work import FetchedPages, Taken, Work, chosen, fault, in_turn
from claims.record import nights
from claims.record.marks import marks_of
from claims.record.replay import add_named, add_terms
from claims.run_record import Run
from claims.weigh.engine import Weigher

_SPARE = 4  # times the pages that are fetched for a claim are remembered as named
# Claims that go through the steps at once. More save little, and are what a kill costs; of those that were
# checked before, nearly all will be as they were.
_TOGETHER = 40
_TOGETHER_AGAIN = 400
_RECORDED_AFTER_S = 5.0  # verdicts wait no longer than this


@dataclass(frozen=True, slots=True)
class Finished:
    """What a run came to. `incomplete` is true where a source could not be asked."""

    run: str
    report: Path | None
    articles: int
    claims: int
    incomplete: bool
    bad: tuple[str, ...]


class Verification:
    """One run, open. Use it as an async context manager; the run is recorded as begun inside."""

    def __init__(self, plan: Plan, progress: Progress = silent) -> None:
        self.plan = plan
        self.id = plan.run
        self.store = plan.store
        self.progress = progress
        self.weigher = Weigher()
        self.bad: list[str] = []
        self.incomplete = False
        self.articles_done = 0
        self.claims_done = 0
        self._seen: set[str] = set()  # articles, by id
        self._taken: list[Taken] = []  # not on record yet
        self._work: dict[str, Work] = {}
        self._open = contextlib.AsyncExitStack()
        self._web: Web

    async def __aenter__(self) -> Verification:
        plan = self.plan
        run = Run(self.id, plan.started_at, None, self.weigher.engine, plan.sources, plan.sample)
        await asyncio.to_thread(self.store.begin_run, run)
        self._web = await self._open.enter_async_context(plan.web())
        terms = plan.settings.model_dump(mode="json", exclude={"store", "store_data"})
        await asyncio.to_thread(add_terms, self.store, self.id, terms, self._web.sources)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._open.aclose()

    def articles(self) -> Iterator[Named]:
        """The articles of the plan, one after another; what cannot be used goes to `bad`."""
        return self.plan.articles(self.bad)

    async def look(self) -> list[Named]:
        """New articles of the watched places, where the plan watches any; what went wrong goes to `bad`."""
        if self.plan.look is None:
            return []
        found = await self.plan.look(self._web.ask)
        self.bad += found.failed
        self.incomplete = self.incomplete or bool(found.failed)
        return list(found.named)

    async def take_in(self, named: Named) -> bool:
        """The article waits for the steps with its claims; whether enough of them wait to go on."""
        try:
            article = named.article or await self._fetched_article(named)
            extraction = await asyncio.to_thread(extract_claims, article)
        except InputError as error:
            self.bad.append(str(error))
            return False
        except TabayyunError:
            raise
        except Exception as error:  # one article that trips the reader must not cost the others
            self.bad.append(fault(f"{named.where}: could not be read", error))
            return False
        claims = extraction.claims
        settings = self.plan.settings
        ranked = sorted(
            (c for c in claims if c.worth >= settings.min_worth), key=lambda c: (-c.worth, c.start)
        )
        again = self.plan.again.get(article.id)
        chosen = {claim.id for claim in ranked[: settings.max_claims]} if again is None else again
        # What a denial denies belongs to it, also where it is one claim too many
        chosen |= {claim.about for claim in claims if claim.id in chosen and claim.about and again is None}
        kept = tuple(claim for claim in claims if claim.id in chosen)
        self._taken.append(Taken(named.where, article, kept, extraction.excluded))
        if article.id not in self._seen:  # named twice it is recorded under both names, and checked once
            self._seen.add(article.id)
            self.articles_done += 1
            if not kept and again is None:
                self.bad.append(f"{named.where}: no checkable claim was found in it")
            open_ = tuple(claim for claim in kept if claim.id not in self.plan.done)
            self.claims_done += len(kept) - len(open_)
            if open_:
                self._work[article.id] = Work(article, open_, {c.id: c for c in claims}, again is not None)
        waiting = sum(
            len(work.claims) / (_TOGETHER_AGAIN if work.again else _TOGETHER) for work in self._work.values()
        )
        return waiting >= 1 or len(self._taken) >= _TOGETHER_AGAIN

    async def record_taken(self) -> list[str]:
        """The articles that were taken in are on record with their claims; the ids of those to be checked."""
        await asyncio.to_thread(self._record_taken)
        self._taken.clear()
        return list(self._work)

    async def search(self, articles: Sequence[str]) -> int:
        """Every source was asked about every claim of the articles; the number of pages named."""
        works = [self._work[article] for article in articles]
        every = [(work, claim) for work in works for claim in work.claims]
        settings = self.plan.settings
        gate = asyncio.Semaphore(settings.claim_concurrency)
        again = {claim.id for work, claim in every if work.again}
        before = await self._web.named_before([claim for _, claim in every], again)
        ids = [claim.id for _, claim in every]
        marks = await asyncio.to_thread(marks_of, self.store, ids, self.plan.started_at)
        brought = await self._web.by_hand(marks)
        done = 0

        async def one(work: Work, claim: Claim) -> None:
            nonlocal done
            earlier = before.get(claim.id, nights.NOTHING_BEFORE)
            few = work.again and claim.id in before
            async with gate:
                try:
                    limit = settings.pages_per_claim
                    asked = queries_for(claim, work.article, settings.queries_per_claim)
                    named = _SPARE * limit
                    if few:  # what a single question names lower down was one too many when all were asked
                        total, day = len(asked), self.plan.started_at.date()
                        asked = in_turn(asked, self.plan.queries_again, day)
                        named = max(1, named * len(asked) // max(1, total))
                    found = await self._web.find(claim, asked, work.article, named)
                    work.found[claim.id], work.spare[claim.id] = chosen(earlier, found, limit)
                except TabayyunError:
                    raise
                except Exception as error:  # a source that trips its connector must not cost the rest
                    self.bad.append(fault(f"claim {claim.id}: the sources could not be asked", error))
                    work.found[claim.id] = Gathered(earlier.used, ())
                    work.spare[claim.id] = earlier.spare
                    self.incomplete = True
            work.found[claim.id] = with_pages_by_hand(work.found[claim.id], brought.get(claim.id, ()))
            if claim.id in marks:
                work.marks[claim.id] = marks[claim.id]
            done += 1
            self.progress("search", done, len(every))

        await asyncio.gather(*(one(work, claim) for work, claim in every))
        found = [work.found[claim.id] for work, claim in every]
        failed = any(s.outcome not in ("ok", "empty") for gathered in found for s in gathered.sought)
        self.incomplete = self.incomplete or failed or not self._web.sources
        return len({candidate.url for gathered in found for candidate in gathered.candidates})

    async def fetch(self, articles: Sequence[str]) -> int:
        """Every page named was fetched, archived, read and recorded; how many could be read.

        So was every page on which an earlier verdict on a claim rests, whether it was named again or not:
        the report tells what changed there. Where all that bears on a claim is as it was when the claim was
        decided last, its pages are not read again.
        """
        works = [self._work[article] for article in articles]
        pages = FetchedPages()
        for work in works:
            work.pages = pages
        named = (c.url for work in works for gathered in work.found.values() for c in gathered.candidates)
        claims = [claim for work in works for claim in work.claims]
        urls = list(dict.fromkeys([*named, *await self._web.cited(claims)]))
        await capture_pages(self._web, pages, urls, self.progress)
        for work in works:
            copies, failed = await archived_copies(self._web, work)
            self.incomplete = self.incomplete or failed
            await capture_pages(self._web, pages, copies, self.progress)
        named_for = {
            claim: ((*found.candidates, *work.spare[claim]), found.checks)
            for work in works
            for claim, found in work.found.items()
        }
        await compare(self.plan, works, self.weigher.engine)
        wanted = [
            candidate.url
            for work in works
            for claim, found in work.found.items()
            if claim not in work.unchanged
            for candidate in found.candidates
        ]
        read = (read_captured(self._web, self.weigher, pages, url) for url in dict.fromkeys(wanted))
        await asyncio.gather(*read)
        documents = list({document.id: document for document in pages.documents.values()}.values())
        await asyncio.to_thread(self._record_pages, named_for, list(pages.captures.values()), documents)
        return len(documents)

    async def weigh(self, articles: Sequence[str]) -> int:
        """Every claim of the articles has a verdict on record; how many are supported or refuted."""
        works = [self._work[article] for article in articles]
        total = sum(len(work.claims) - len(work.unchanged) for work in works)
        number = ruled = 0
        weighed: list[tuple[Work, list[Verdict]]] = []
        recorded = time.monotonic()
        for work in works:
            verdicts: list[Verdict] = []
            for claim in work.claims:
                if claim.id in work.unchanged:
                    continue
                try:
                    given = (self.plan, self.weigher, self._web.sources, claim, work)
                    verdicts.append(await asyncio.to_thread(weigh_one, *given))
                except TabayyunError:
                    raise
                except Exception as error:  # one claim that trips the engine must not cost the others
                    self.bad.append(fault(f"claim {claim.id}: could not be weighed", error))
                number += 1
                self.progress("weigh", number, total)
            ruled += sum(verdict.verdict in ("supported", "refuted") for verdict in verdicts)
            weighed.append((work, verdicts))
            if work is works[-1] or time.monotonic() - recorded > _RECORDED_AFTER_S:
                await asyncio.to_thread(record_verdicts, self.plan, weighed)
                self.claims_done += sum(len(verdicts) + len(work.unchanged) for work, verdicts in weighed)
                recorded = time.monotonic()
                weighed = []
        for work in works:  # not before: the step may be repeated
            del self._work[work.article.id]
        return ruled

    async def take_over(self) -> None:
        """What others did of this run counts as done by it."""
        done = await asyncio.to_thread(nights.done_in, self.store, self.id)
        self.articles_done, self.claims_done = done.articles, done.claims
        self.incomplete = self.incomplete or done.incomplete
        self.bad += [line for line in done.failures if line not in self.bad]

    def finished(self, report: Path | None, nothing_to_do: bool = False) -> Finished:
        """What the run came to. Raises InputError where no article gave a claim, unless that may well be."""
        if not self.claims_done and not nothing_to_do:
            raise nothing_usable(self.bad)
        return Finished(
            self.id, report, self.articles_done, self.claims_done, self.incomplete, tuple(self.bad)
        )

    async def _fetched_article(self, named: Named) -> Article:
        url = named.url or ""
        capture = await self._web.capture(url)
        if capture.outcome != "ok":
            raise InputError(
                f"{url}: {capture.outcome} ({capture.detail or 'no detail'}); save it and name the file"
            )
        body = await self._web.body(capture)
        return article_from_bytes(body, url, True, self.plan.published, self.plan.lang, url)

    def _record_taken(self) -> None:
        if not self._taken:
            return
        with self.store.turn():
            self.store.add_articles(self.id, [taken.article for taken in self._taken])
            found = [(taken.article, taken.claims, taken.excluded) for taken in self._taken]
            self.store.add_claims_of(self.id, found)
            self.plan.taken([taken.where for taken in self._taken])

    def _record_pages(
        self,
        named: Mapping[str, tuple[tuple[Candidate, ...], tuple[PublishedCheck, ...]]],
        captures: Sequence[Capture],
        documents: Sequence[Document],
    ) -> None:
        with self.store.turn():
            add_named(self.store, self.id, named)
            self.store.add_captures(self.id, captures)
            self.store.add_documents(documents)
            self._web.keep_texts(documents, {capture.id: capture for capture in captures})
