"""A run repeated from its record and its archive: the web as it was then, and the comparison with it."""

from __future__ import annotations

import asyncio
import contextlib
import filecmp
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence, Set
from datetime import date
from pathlib import Path

from claims.errors import SourceSkipped
from claims.fetch.archived import archived_body
from claims.fetch.client import Answer
from claims.gather.search import Gathered
from claims.intake import Named
from claims.model import Article, Candidate, Capture, Claim, Document, Mark, Query, digest
from claims.pipeline.by_hand import recorded_by_hand
from claims.pipeline.plan import Plan
from claims.record import nights
from claims.record.replay import Recording, rewind
from claims.record.shared_store import open_store
from claims.record.store import Store
from claims.run_record import RunRecord
from claims.settings import Settings, load_settings

FOLDER = "replays"
_OF_THE_MACHINE = ("memory_limit_mb", "busy_wait_s")


def replay_folder(workspace: Path, run_id: str) -> Path:
    """The workspace into which a run of `workspace` is repeated."""
    return workspace / FOLDER / run_id


class RecordedWeb:
    """The web as one run saw it. Nothing leaves the machine."""

    def __init__(self, workspace: Path, recording: Recording, store: Store) -> None:
        self._workspace = workspace
        self._recording = recording
        self._store = store
        self.sources = recording.sources

    async def ask(
        self, url: str, params: Mapping[str, str], *, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Nothing: what was asked then is on record."""
        raise SourceSkipped(f"{url}: a run that is repeated asks nobody", "unreachable")

    async def named_before(self, claims: Sequence[Claim], again: Set[str]) -> Mapping[str, nights.Before]:
        """What was named for each claim then, as it was divided then; nothing is added to it."""
        ids = [claim.id for claim in claims]
        return await asyncio.to_thread(nights.named_in, self._store, ids, self._recording.run.id)

    async def find(self, claim: Claim, queries: Sequence[Query], article: Article, limit: int) -> Gathered:
        """What the sources named for the claim then, archived copies of pages that were gone among it;
        nothing where they were not asked about it."""
        named = self._recording.named.get(claim.id)
        if named is None:
            return Gathered((), ())
        return Gathered(named.candidates, named.sought, named.checks)

    async def by_hand(self, marks: Mapping[str, Sequence[Mark]]) -> Mapping[str, tuple[Candidate, ...]]:
        """What people had brought then."""
        return recorded_by_hand({claim: named.candidates for claim, named in self._recording.named.items()})

    async def cited(self, claims: Sequence[Claim]) -> list[str]:
        """The addresses on which verdicts rested before the run."""
        return await asyncio.to_thread(self._store.known_citations, [claim.id for claim in claims])

    async def archived(self, urls: Sequence[str], near: date | None) -> dict[str, Gathered]:
        """Nothing more: what the archives named then is among what was named for each claim."""
        return {}

    async def capture(self, url: str) -> Capture:
        """What came from the address then."""
        capture = self._recording.captures.get(url)
        if capture:
            return capture
        run = self._recording.run
        return Capture(
            id="k_" + digest(url, None, None),
            url=url,
            final_url=url,
            outcome="error",
            status=None,
            sha256=None,
            bytes=0,
            content_type=None,
            warc=None,
            offset=None,
            fetched_at=run.started_at,
            detail=f"run {run.id}, which is repeated, did not ask for it",
        )

    async def body(self, capture: Capture) -> bytes:
        """The body, from the archive."""
        return await asyncio.to_thread(archived_body, self._workspace, capture)

    def keep_texts(self, documents: Sequence[Document], captures: Mapping[str, Capture]) -> None:
        """They stand in the archive already."""


def plan_replay(workspace: Path, run_id: str) -> Plan:
    """The run of the workspace can be repeated, into a workspace of its own below it.

    Articles, settings, questions, answers, pages and times are those of the record. Raises InputError
    where the run cannot be repeated, StoreError where there is no room for it.
    """
    settings = load_settings(workspace)
    store = Store(replay_folder(workspace, run_id), settings.memory_limit_mb, settings.busy_wait_s)
    origin = open_store(workspace, settings)
    recording = rewind(origin, run_id, store)
    run = recording.run

    def articles(bad: list[str]) -> Iterator[Named]:
        bad.extend(recording.record.failures)
        return iter([Named(article.name, article) for article in recording.articles])

    @contextlib.asynccontextmanager
    async def web() -> AsyncIterator[RecordedWeb]:
        yield RecordedWeb(workspace, recording, store)

    return Plan(
        run=run.id,
        started_at=run.started_at,
        clock=lambda what: recording.moments.get(what, recording.moments[run.id]),
        sources=run.sources,
        sample=run.sample,
        settings=_as_then(settings, recording.settings),
        store=store,
        articles=articles,
        web=web,
        report=store.workspace / "reports" / run.id,
        again={
            checked.article.id: frozenset(claim.id for claim in checked.claims)
            for checked in recording.record.articles
            if nights.is_night(run.id)
        },
    )


def _as_then(now: Settings, then: Mapping[str, object]) -> Settings:
    """The settings of the run; what concerns the machine is that of this one, and so is what is new."""
    known = {name: then[name] for name in Settings.model_fields if name in then}
    return Settings(**now.model_dump() | known | {name: getattr(now, name) for name in _OF_THE_MACHINE})


def differences(before: RunRecord, after: RunRecord) -> list[str]:
    """One line for each claim on which the repetition comes to something else, in the order of the claims."""
    then, now = _rulings(before), _rulings(after)
    lines = []
    for claim in dict.fromkeys([*then, *now]):
        old, new = then.get(claim), now.get(claim)
        if old != new:
            lines.append(f"{claim}: {old or 'not found'} then, {new or 'not found'} now")
    return lines


def _rulings(record: RunRecord) -> dict[str, str]:
    """What was ruled on each claim, on how much evidence, in words that can be compared."""
    rulings = {}
    for checked in record.articles:
        for claim in checked.claims:
            verdict = checked.verdicts.get(claim.id)
            said = f", said: {verdict.said}" if verdict and verdict.said else ""
            rulings[claim.id] = (
                f"{verdict.verdict}{said} ({verdict.supports} for, {verdict.refutes} against, "
                f"{len(verdict.evidence)} quotes)"
                if verdict
                else "unchecked"
            )
    return rulings


def files_that_differ(one: Path, other: Path) -> list[str]:
    """The files that are not the same in both folders, byte for byte, or stand in one alone; in order."""
    names = {
        path.relative_to(folder) for folder in (one, other) for path in folder.rglob("*") if path.is_file()
    }
    return sorted(
        str(name)
        for name in names
        if not ((one / name).is_file() and (other / name).is_file())
        or not filecmp.cmp(one / name, other / name, shallow=False)
    )
