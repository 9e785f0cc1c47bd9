"""`archive check` finds whatever is cited and not there any more, and nothing else."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from archive_world import World
from fastwarc.warc import ArchiveIterator
from warcio.checker import Checker

from claims import cli
from claims.record.audit import broken, cited
from claims.record.query import run_sql
from claims.record.store import Store


def tabayyun(monkeypatch: pytest.MonkeyPatch, *arguments: str | Path) -> int:
    """The exit status of the command line."""
    monkeypatch.setattr(sys, "argv", ["tabayyun", *map(str, arguments)])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    return int(ended.value.code or 0)


def lines(world: World) -> list[str]:
    everything = cited(Store(world.workspace))
    return list(broken(world.workspace, everything, lambda done, total: None))


def test_an_archive_that_is_whole_passes(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert tabayyun(monkeypatch, "archive", "check", "--workspace", world.workspace) == 0
    assert "are what they were" in capsys.readouterr().out
    everything = cited(Store(world.workspace))
    assert len(everything) >= 3 and sum(len(one.quotations) for one in everything) >= 1


def test_the_index_leads_from_a_quote_to_its_bytes(world: World) -> None:
    _, rows = run_sql(world.workspace, "SELECT quote, warc, warc_offset, sha256 FROM evidence_quotes")
    found = list(rows)
    assert found
    for _, warc, offset, sha256 in found:
        path = world.workspace / warc
        with path.open("rb") as file:
            file.seek(offset)
            record = next(iter(ArchiveIterator(file)))
        assert record.headers["WARC-Type"] == "response" and len(sha256) == 64


def test_every_archive_is_accepted_by_readers_of_others(world: World) -> None:
    names = [str(path) for path in (world.workspace / "archive").glob("*.warc.gz")]
    assert names
    checker = Checker(type("Args", (), {"inputs": names, "verbose": False}))
    checker.process_all()
    assert checker.exit_value == 0
    for name in names:
        with Path(name).open("rb") as file:
            assert all(record.verify_block_digest() for record in ArchiveIterator(file, parse_http=False))


def test_a_file_that_is_missing_names_all_that_stood_in_it(
    own_world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    own_world.warc.unlink()
    assert tabayyun(monkeypatch, "archive", "check", "--workspace", own_world.workspace) == 1
    said = capsys.readouterr()
    everything = cited(Store(own_world.workspace))
    broken_lines = len(everything) + sum(len(one.quotations) for one in everything)
    assert len(said.out.splitlines()) == broken_lines
    assert said.err.splitlines()[-1].startswith(f"tabayyun: {broken_lines} broken")


@pytest.mark.parametrize("forged", ["damaged", "moved", "other words", "another quote"])
def test_one_broken_thing_is_named_and_the_others_pass(own_world: World, forged: str) -> None:
    store = Store(own_world.workspace)
    victim = next(one for one in cited(store) if one.quotations)
    capture = victim.capture
    assert capture.offset is not None
    data = bytearray(own_world.warc.read_bytes())
    if forged == "damaged":
        data[capture.offset + 200] ^= 0x55
        own_world.warc.write_bytes(data)
    elif forged == "another quote":
        with store.turn() as con:
            con.execute(
                "UPDATE evidence SET quote = 'nobody wrote this' WHERE evidence_id = ?",
                [victim.quotations[0].evidence],
            )
    else:
        with store.turn() as con:
            if forged == "moved":
                con.execute(
                    "UPDATE capture SET warc_offset = warc_offset + 3 WHERE capture_id = ?", [capture.id]
                )
            else:
                con.execute("UPDATE capture SET sha256 = repeat('0', 64) WHERE capture_id = ?", [capture.id])
    found = lines(own_world)
    named = victim.quotations[0].evidence if forged == "another quote" else capture.id
    assert found and named in found[0]
    assert all(capture.id in line or named in line for line in found)


def test_another_page_in_the_place_of_the_cited_one_is_found(own_world: World) -> None:
    """Its digests hold, but it is not what was recorded."""
    store = Store(own_world.workspace)
    everything = cited(store)
    victim = next(one for one in everything if one.quotations).capture
    other = next(one for one in everything if one.capture.sha256 != victim.sha256).capture
    with store.turn() as con:
        con.execute("UPDATE capture SET warc_offset = ? WHERE capture_id = ?", [other.offset, victim.id])
    assert any(line.startswith(victim.id) and "not the one of" in line for line in lines(own_world))


def test_a_workspace_without_a_record_is_said_to_be_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert tabayyun(monkeypatch, "archive", "check", "--workspace", tmp_path) == 2
    assert "nothing is recorded here" in capsys.readouterr().err and not list(tmp_path.iterdir())
