"""A page that is known costs a question at most, and a host no more than it and the budgets allow."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from visits import accepted, policy, record_types
from zoo import PAGE, Zoo, answer, open_zoo

from claims.errors import ConfigError, SourceSkipped
from claims.fetch.archive import Archive
from claims.fetch.cache import KnownPage, Memory, Past, Validators, Visit, fresh_until
from claims.fetch.client import Fetcher
from claims.model import Capture
from claims.record.store import Store
from claims.sources import load_sources

NOW = datetime.now(UTC)
PATIENT = 30.0  # seconds: nothing here waits for it


class Reader:
    """Visits pages of one zoo again and again, each time with a fetcher of its own and one record."""

    def __init__(self, workspace: Path, zoo: Zoo) -> None:
        self.zoo = zoo
        self.workspace = workspace
        self.store = Store(workspace)
        self.runs = 0

    async def read(self, *paths: str, past: Past | None = None, **changes: Any) -> list[Visit]:
        """The visits of one more run."""
        self.runs += 1
        name = f"run-{self.runs}"
        chosen = policy(timeout_s=PATIENT, **changes)
        past = past or await asyncio.to_thread(self.store.known_past)
        with Archive(self.workspace, name) as archive:
            async with Fetcher(chosen, archive, memory=Memory(self.store.known_pages), past=past) as fetcher:
                visits = await asyncio.gather(*(fetcher.visit(self.zoo.url(path)) for path in paths))
                for visit in visits:
                    if visit.capture.outcome == "ok":
                        await fetcher.body(visit.capture)
                self.store.add_visits(name, fetcher.take_visits())
        assert not archive.path.exists() or accepted(archive.path)
        return list(visits)

    def kinds(self) -> list[str]:
        """The kinds of record in the archive of the last run."""
        return record_types(self.workspace / "archive" / f"run-{self.runs}.warc.gz")

    def age(self, days: float) -> None:
        """All that is recorded happened so many days earlier."""
        with self.store.turn() as con:
            con.execute("UPDATE visit SET visited_at = visited_at - to_seconds(?)", [days * 86_400.0])

    def changes(self) -> list[tuple[Any, ...]]:
        with self.store.turn() as con:
            return con.execute(
                "SELECT kind, before_capture, after_capture, run_id FROM page_changes ORDER BY run_id, url"
            ).fetchall()


def at_the_zoo(workspace: Path, errand: Any) -> None:
    async def run() -> None:
        async with open_zoo() as zoo:
            await errand(Reader(workspace, zoo))

    asyncio.run(run())


def versioned(etag: str, body: bytes = PAGE) -> bytes:
    return answer("200 OK", body, f"ETag: {etag}")


NOT_MODIFIED = b"HTTP/1.1 304 Not Modified\r\nContent-Length: 0\r\n\r\n"


def test_a_known_page_is_asked_for_by_its_version_and_not_sent_again(tmp_path: Path) -> None:
    async def errand(reader: Reader) -> None:
        zoo = reader.zoo
        zoo.robots = answer("200 OK", b"User-agent: *\nAllow: /\n", kind="text/plain")
        zoo.pages["/page"] = versioned('"one"')
        (first,) = await reader.read("/page")
        assert (first.how, first.requests, first.validators.etag) == ("fetched", 1, '"one"')
        assert "If-None-Match" not in zoo.heads["/page"]
        zoo.pages["/page"] = NOT_MODIFIED
        (again,) = await reader.read("/page")
        assert 'If-None-Match: "one"\r\n' in zoo.heads["/page"]
        assert (again.how, again.capture, again.validators.etag) == ("not_modified", first.capture, '"one"')
        assert reader.kinds() == ["warcinfo", "revisit", "request"]
        assert zoo.asked == {"/page": 2, "/robots.txt": 1}  # no younger than a day, so not asked for again
        zoo.pages["/page"] = versioned('"two"', b"<p>edited</p>")
        (edited,) = await reader.read("/page")
        assert edited.how == "fetched" and edited.capture.id != first.capture.id
        assert reader.changes() == [("edited", first.capture.id, edited.capture.id, "run-3")]

    at_the_zoo(tmp_path, errand)


def test_a_date_of_change_serves_where_the_page_cannot_have_changed_since(tmp_path: Path) -> None:
    async def errand(reader: Reader) -> None:
        dated = "Date: Tue, 22 Oct 2024 10:00:10 GMT"
        old, same = "Tue, 22 Oct 2024 10:00:00 GMT", "Tue, 22 Oct 2024 10:00:10 GMT"
        reader.zoo.pages["/old"] = answer("200 OK", PAGE, dated, f"Last-Modified: {old}")
        reader.zoo.pages["/same"] = answer("200 OK", PAGE, dated, f"Last-Modified: {same}")
        reader.zoo.pages["/odd"] = answer("200 OK", PAGE, "ETag: \xe9", "Last-Modified: soon")
        await reader.read("/old", "/same", "/odd")
        await reader.read("/old", "/same", "/odd")
        heads = reader.zoo.heads
        assert f"If-Modified-Since: {old}\r\n" in heads["/old"]
        assert not any("If-" in heads[path] for path in ("/same", "/odd"))

    at_the_zoo(tmp_path, errand)


def test_a_version_is_named_to_the_address_that_named_it_alone(tmp_path: Path) -> None:
    async def errand(reader: Reader) -> None:
        reader.zoo.pages["/end"] = versioned('"end"')
        await reader.read("/to//end")
        reader.zoo.pages["/end"] = NOT_MODIFIED
        (again,) = await reader.read("/to//end")
        assert again.how == "not_modified" and "If-None-Match" not in reader.zoo.heads["/to//end"]
        reader.zoo.pages["/other"] = NOT_MODIFIED  # nobody asked it whether anything had changed
        reader.zoo.pages["/to//end"] = answer("302 Found", b"", "Location: /other")
        (moved,) = await reader.read("/to//end")
        assert moved.capture.outcome == "error" and "If-None-Match" not in reader.zoo.heads["/other"]

    at_the_zoo(tmp_path, errand)


def test_a_lost_archive_has_the_page_sent_once_more(tmp_path: Path) -> None:
    async def errand(reader: Reader) -> None:
        reader.zoo.pages["/page"] = versioned('"one"')
        (first,) = await reader.read("/page")
        (tmp_path / str(first.capture.warc)).unlink()

        async def feed(path: str, writer: asyncio.StreamWriter) -> None:
            writer.write(NOT_MODIFIED if "If-None-Match" in reader.zoo.heads[path] else versioned('"one"'))

        reader.zoo.feed = feed  # type: ignore[method-assign]
        (again,) = await reader.read("/page")
        assert again.how == "fetched" and again.requests == 2

    at_the_zoo(tmp_path, errand)


def test_what_was_unchanged_for_long_is_left_alone(tmp_path: Path) -> None:
    async def errand(reader: Reader) -> None:
        (first,) = await reader.read("/page")
        reader.age(10)
        (second,) = await reader.read("/page")
        (third,) = await reader.read("/page")
        assert (first.how, second.how, third.how) == ("fetched", "fetched", "fresh")
        assert third.capture == first.capture and reader.zoo.asked["/page"] == 2
        assert (await reader.read("/page", fresh_s=0))[0].how == "fetched"
        reader.age(8)
        assert (await reader.read("/page"))[0].how == "fetched"
        assert reader.changes() == []

    at_the_zoo(tmp_path, errand)


def test_pages_of_one_night_do_not_fall_due_in_one_night() -> None:
    def due(number: int) -> int | None:
        url = f"https://paper.example/{number}"
        capture = Capture("k", url, url, "ok", 200, "0", 1, None, "w", 0, NOW)
        seen = NOW - timedelta(days=30)
        page = KnownPage(url, (capture,), capture, Validators(), NOW, seen)
        until = fresh_until(page, 7 * 86_400)
        assert until == fresh_until(page, 7 * 86_400)
        return (until - NOW).days if until else None

    nights = Counter(map(due, range(1_000)))
    assert set(nights) == {3, 4, 5, 6} and max(nights.values()) < 350


def test_gone_and_out_of_reach_are_told_apart_and_both_versions_stay(tmp_path: Path) -> None:
    async def errand(reader: Reader) -> None:
        paths = ("/stays", "/goes", "/fails")
        stays, goes, fails = (visit.capture for visit in await reader.read(*paths))
        reader.zoo.pages["/goes"] = answer("410 Gone", b"")
        reader.zoo.pages["/fails"] = answer("500 Oops", b"")
        await reader.read(*paths)
        await reader.read(*paths)  # nothing new
        del reader.zoo.pages["/goes"], reader.zoo.pages["/fails"]
        await reader.read(*paths)
        told = {(kind, before, after, run) for kind, before, after, run in reader.changes()}
        assert told == {
            ("vanished", goes.id, None, "run-2"),
            ("unreachable", fails.id, None, "run-2"),
            ("returned", goes.id, goes.id, "run-4"),
            ("returned", fails.id, fails.id, "run-4"),
        }
        with reader.store.turn() as con:
            kept = {row[0] for row in con.execute("SELECT capture_id FROM capture").fetchall()}
        assert {stays.id, goes.id, fails.id} <= kept

    at_the_zoo(tmp_path, errand)


def test_an_address_that_keeps_failing_is_given_up_for_good(tmp_path: Path) -> None:
    async def errand(reader: Reader) -> None:
        for _ in range(3):
            (failed,) = await reader.read("/status/500", attempts=1, attempts_ever=3)
            assert failed.capture.outcome == "unreachable"
        (given_up,) = await reader.read("/status/500", attempts=1, attempts_ever=3)
        assert (given_up.how, given_up.capture.outcome) == ("not_asked", "given_up")
        assert "3 requests failed (status 500)" in str(given_up.capture.detail)
        assert reader.zoo.asked["/status/500"] == 3
        (more,) = await reader.read("/status/500", attempts=1, attempts_ever=4)
        assert more.capture.outcome == "unreachable"

    at_the_zoo(tmp_path, errand)


def test_a_host_and_a_domain_have_their_budgets(tmp_path: Path) -> None:
    async def errand(reader: Reader) -> None:
        paths = [f"/{number}" for number in range(5)]
        outcomes = Counter(v.capture.outcome for v in await reader.read(*paths, pages_per_host=3))
        assert outcomes == {"ok": 3, "over_budget": 2}
        limits = {"127.0.0.1": {"pages": 0}}
        (refused,) = await reader.read("/0", domains=limits)
        assert refused.capture.detail == "127.0.0.1: this run has asked for 0 of its pages already"
        assert not reader.changes()  # not looked is not changed

    at_the_zoo(tmp_path, errand)


def test_the_budget_of_a_night_counts_what_earlier_runs_asked(tmp_path: Path) -> None:
    async def errand(reader: Reader) -> None:
        await reader.read("/0", "/1")  # with robots.txt, three requests
        visits = await reader.read("/2", "/3", requests_per_night=4)
        assert sorted(visit.capture.outcome for visit in visits) == ["ok", "over_budget"]
        reader.age(1.1)
        visits = await reader.read("/2", "/3", requests_per_night=4)
        assert [visit.capture.outcome for visit in visits] == ["ok", "ok"]
        with Archive(tmp_path, "asked") as archive:
            async with Fetcher(policy(requests_per_night=1), archive, past=Past(1)) as fetcher:
                with pytest.raises(SourceSkipped, match="budget") as skipped:
                    await fetcher.ask(reader.zoo.url("/api"), {})
                assert skipped.value.outcome == "rate_limited"

    at_the_zoo(tmp_path, errand)


def test_a_host_that_asked_to_be_left_alone_is_so_in_the_next_run(tmp_path: Path) -> None:
    async def errand(reader: Reader) -> None:
        reader.zoo.pages["/busy"] = answer("429 Slow down", b"", "Retry-After: 3600")
        (busy,) = await reader.read("/busy")
        assert busy.not_before and busy.capture.outcome == "unreachable"
        (other,) = await reader.read("/page")
        assert other.how == "not_asked" and "asked to be left alone" in str(other.capture.detail)
        assert reader.zoo.asked["/page"] == 0

    at_the_zoo(tmp_path, errand)


def test_limits_of_a_domain_hold_for_all_names_below_it(tmp_path: Path) -> None:
    file = tmp_path / "sources.toml"
    file.write_text(
        '[fetch.domains."مثال.example"]\ndelay_s = 5\n[fetch.domains."slow.example"]\npages = 7\n', "utf-8"
    )
    policy = load_sources(file).fetch
    arabic = "xn--mgbh0fb.example"
    assert policy.domain(f"www.{arabic}") == policy.domain(arabic) == arabic
    assert policy.delay_s(arabic) == 5 and policy.pages(arabic) == policy.pages_per_host
    assert policy.pages(policy.domain("a.b.slow.example")) == 7
    assert policy.domain("notslow.example") == "notslow.example"
    file.write_text('[fetch.domains."slow.example"]\nrate = 7\n', "utf-8")
    with pytest.raises(ConfigError, match=r"sources.toml: \[fetch\]"):
        load_sources(file)


def test_many_addresses_are_looked_up_at_once_and_a_fault_reaches_who_asked() -> None:
    asked: list[list[str]] = []

    def look_up(urls: Sequence[str]) -> dict[str, KnownPage]:
        asked.append(list(urls))
        if "bad" in urls:
            raise ValueError("no")
        return {url: KnownPage(url) for url in urls if url != "new"}

    async def run() -> None:
        memory = Memory(look_up)
        found = await asyncio.gather(*map(memory.page, ["a", "b", "a", "new"]))
        assert [page and page.url for page in found] == ["a", "b", "a", None]
        with pytest.raises(ValueError, match="no"):
            await memory.page("bad")

    asyncio.run(run())
    assert asked == [["a", "b", "new"], ["bad"]]
