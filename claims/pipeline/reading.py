"""The pages that were named: captured, sought in archives where they are gone, and read."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from claims.errors import StoreError
from claims.pipeline.progress import Progress
from claims.pipeline.web import Web
from claims.pipeline.work import FetchedPages, Work, fault
from claims.read.page import document_of, read_page
from claims.weigh.engine import Weigher


async def capture_pages(web: Web, pages: FetchedPages, urls: Sequence[str], progress: Progress) -> None:
    """What came from every address stands among the pages, whatever it was."""
    done = 0

    async def one(url: str) -> None:
        nonlocal done
        pages.captures[url] = await web.capture(url)
        done += 1
        progress("fetch", done, len(urls))

    await asyncio.gather(*(one(url) for url in urls))


async def archived_copies(web: Web, work: Work) -> tuple[list[str], bool]:
    """Addresses of archived copies of the pages that are gone, and whether an archive failed to answer.

    The copies are candidates of the same claims.
    """
    captures = work.pages.captures
    named = dict.fromkeys(c.url for found in work.found.values() for c in found.candidates)
    gone = [url for url in named if captures[url].outcome == "gone"]
    copies = await web.archived(gone, work.article.published) if gone else {}
    for claim_id, found in work.found.items():
        own = [copies[candidate.url] for candidate in found.candidates if candidate.url in copies]
        work.found[claim_id] = replace(
            found,
            candidates=found.candidates + tuple(c for copy in own for c in copy.candidates),
            sought=found.sought + tuple(s for copy in own for s in copy.sought),
        )
    failed = any(s.outcome not in ("ok", "empty") for copy in copies.values() for s in copy.sought)
    found_there = dict.fromkeys(c.url for copy in copies.values() for c in copy.candidates)
    return [url for url in found_there if url not in captures], failed


async def read_captured(web: Web, weigher: Weigher, pages: FetchedPages, url: str) -> None:
    """The page's text is at hand, or why it is not stands with its capture."""
    capture = pages.captures[url]
    if capture.outcome != "ok":
        return
    try:
        body = await web.body(capture)
        page = await asyncio.to_thread(read_page, body, capture.final_url, capture.content_type)
        if page.problem:
            said = page.detail or "by what the page itself says"
            pages.captures[url] = replace(capture, outcome=page.problem, detail=said)
            return
        document = document_of(capture, page)
        await asyncio.to_thread(weigher.read, document)
    except StoreError as error:  # an archive of an earlier run is gone or damaged: this page's loss alone
        pages.captures[url] = replace(capture, outcome="error", detail=str(error))
    except Exception as error:  # a page that trips the reader must not cost the others
        detail = fault(f"page {url}: could not be read", error)
        pages.captures[url] = replace(capture, outcome="error", detail=detail)
    else:
        if document.text:
            pages.documents[url] = document
        else:
            pages.captures[url] = replace(capture, outcome="error", detail="no text was found in it")
