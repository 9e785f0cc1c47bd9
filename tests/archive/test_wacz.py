"""A WACZ holds what a report or a verdict cites, byte for byte, and others can read it."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from archive_world import World
from cdxj_indexer.main import CDXJIndexer
from fastwarc.warc import ArchiveIterator
from hypothesis import given, settings
from hypothesis import strategies as st

from claims import cli
from claims.errors import InputError, StoreError
from claims.fetch.wacz import sort_key, write_wacz
from claims.record.cited import pages_of_claim, pages_of_run
from claims.record.store import Store


@pytest.fixture(scope="module")
def exported(world: World, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The evidence of the whole run."""
    file = tmp_path_factory.mktemp("wacz") / "run.wacz"
    export(world, file)
    return file


def export(world: World, file: Path, claim: str | None = None) -> None:
    store = Store(world.workspace)
    bundle = pages_of_claim(store, claim) if claim else pages_of_run(store, world.run)
    write_wacz(world.workspace, bundle.pages, file, bundle.title, bundle.created)


def part(file: Path, name: str) -> bytes:
    with zipfile.ZipFile(file) as archive:
        return archive.read(name)


def index(file: Path) -> list[tuple[str, str, dict[str, Any]]]:
    lines = part(file, "indexes/index.cdx").decode().splitlines()
    rows = [line.split(" ", 2) for line in lines]
    return [(key, moment, json.loads(rest)) for key, moment, rest in rows]


def cited_urls(world: World) -> set[str]:
    store = Store(world.workspace)
    return {page.capture.final_url for page in pages_of_run(store, world.run).pages}


def test_every_part_is_listed_with_its_digest(exported: Path) -> None:
    package = json.loads(part(exported, "datapackage.json"))
    with zipfile.ZipFile(exported) as archive:
        infos = archive.infolist()
    assert all(info.compress_type == zipfile.ZIP_STORED for info in infos)
    listed = {resource["path"]: resource for resource in package["resources"]}
    assert set(listed) | {"datapackage.json", "datapackage-digest.json"} == {i.filename for i in infos}
    for path, resource in listed.items():
        data = part(exported, path)
        assert resource["hash"] == f"sha256:{hashlib.sha256(data).hexdigest()}"
        assert resource["bytes"] == len(data)
    assert package["wacz_version"] == "1.1.1" and package["profile"] == "data-package"
    whole = json.loads(part(exported, "datapackage-digest.json"))
    digest = hashlib.sha256(part(exported, "datapackage.json")).hexdigest()
    assert whole == {"path": "datapackage.json", "hash": f"sha256:{digest}"}


def test_the_pages_are_those_that_are_cited_and_the_index_leads_to_them(world: World, exported: Path) -> None:
    header, *pages = [json.loads(line) for line in part(exported, "pages/pages.jsonl").splitlines()]
    assert header["format"] == "json-pages-1.0" and header["hasText"]
    assert {page["url"] for page in pages} == cited_urls(world) and pages
    assert all(page["title"] and page["text"] for page in pages)
    rows = index(exported)
    assert rows == sorted(rows, key=lambda row: row[:2])
    moments = {(row["url"], moment) for _, moment, row in rows}
    for page in pages:  # a reader finds a page by its address and its moment
        assert (page["url"], "".join(filter(str.isdigit, page["ts"]))) in moments


def test_records_stand_in_it_as_they_stand_in_the_archive(world: World, exported: Path) -> None:
    original = world.warc.read_bytes()
    kinds = set()
    for _, _, row in index(exported):
        data = part(exported, f"archive/{row['filename']}")
        member = data[int(row["offset"]) : int(row["offset"]) + int(row["length"])]
        assert member in original
        record = next(iter(ArchiveIterator(io.BytesIO(member), parse_http=False)))
        assert record.headers["WARC-Target-URI"] == row["url"] and record.verify_block_digest()
        assert record.headers["WARC-Payload-Digest"] == row["digest"]
        assert gzip.decompress(member).startswith(b"WARC/1.1")
        assert f"sha256:{hashlib.sha256(member).hexdigest()}" == row["recordDigest"]
        kinds.add(row["status"])
    assert kinds == {"200", "301"}  # how the English page was come by is in it too
    types = [
        record.headers["WARC-Type"]
        for record in ArchiveIterator(io.BytesIO(part(exported, f"archive/{world.run}.warc.gz")))
    ]
    assert types[0] == "warcinfo" and types.count("request") == types.count("response")
    assert types.count("conversion") == len(cited_urls(world))


def test_an_indexer_of_others_gives_the_same_index(world: World, exported: Path, tmp_path: Path) -> None:
    warc = tmp_path / f"{world.run}.warc.gz"
    warc.write_bytes(part(exported, f"archive/{warc.name}"))
    out = io.StringIO()
    CDXJIndexer(out, [str(warc)], sort=True).process_all()
    theirs = [line.split(" ", 2) for line in out.getvalue().splitlines()]
    ours = index(exported)
    assert [(key, moment) for key, moment, _ in theirs] == [(key, moment) for key, moment, _ in ours]
    for (_, _, rest), (_, _, row) in zip(theirs, ours, strict=True):
        their_row = json.loads(rest)
        shared = ("url", "status", "digest", "offset", "length", "filename")
        assert {name: their_row[name] for name in shared} == {name: row[name] for name in shared}


def test_the_same_evidence_gives_the_same_file(world: World, exported: Path, tmp_path: Path) -> None:
    export(world, tmp_path / "again.wacz")
    assert (tmp_path / "again.wacz").read_bytes() == exported.read_bytes()


def test_one_claim_takes_only_its_own_pages(world: World, exported: Path, tmp_path: Path) -> None:
    records = [record for record in world.claims() if record["evidence"]]
    record = records[0]
    export(world, tmp_path / "claim.wacz", record["claim"]["id"])  # type: ignore[index]
    pages = [json.loads(line) for line in part(tmp_path / "claim.wacz", "pages/pages.jsonl").splitlines()][1:]
    evidence = record["evidence"]
    assert isinstance(evidence, list) and len(pages) == len({item["capture"]["sha256"] for item in evidence})


@pytest.mark.slow
def test_the_validator_of_others_accepts_it(exported: Path) -> None:
    from wacz.main import main

    assert main(["validate", "-f", str(exported)]) == 0


def test_what_cannot_be_exported_is_said_and_leaves_no_file(
    own_world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    store = Store(own_world.workspace)
    with pytest.raises(InputError, match="no verdict on a claim"):
        pages_of_claim(store, "c_0")
    with pytest.raises(InputError, match="there is no run"):
        pages_of_run(store, "r_0")
    for arguments in ([], ["--run", "a", "--claim", "b"]):
        monkeypatch.setattr(sys, "argv", ["tabayyun", "archive", "export", "--wacz", "x.wacz", *arguments])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        assert ended.value.code == 2 and "either --run RUN or --claim ID" in capsys.readouterr().err
    data = bytearray(own_world.warc.read_bytes())
    data[len(data) // 2] ^= 0xFF
    own_world.warc.write_bytes(data)
    with pytest.raises(StoreError, match="restore it from a copy"):
        export(own_world, tmp_path / "broken.wacz")
    own_world.warc.unlink()
    with pytest.raises(StoreError, match="no such archive file"):
        export(own_world, tmp_path / "broken.wacz")
    assert [path.name for path in tmp_path.iterdir() if "wacz" in path.name] == []


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://www.Example.org/", "org,example)/"),
        ("http://a.b.example:8080/X?b=2&a=1", "example,b,a:8080)/x?a=1&b=2"),
        ("https://example.org:443/%D9%82", "org,example)/%d9%82"),
        ("file:///tmp/a b.html", "file:///tmp/a%20b.html"),
    ],
)
def test_addresses_are_sorted_by_site(url: str, key: str) -> None:
    assert sort_key(url) == key


@settings(max_examples=40)
@given(st.text(max_size=60))
def test_any_path_gives_a_key_of_one_word(path: str) -> None:
    from claims.fetch.safety import UnsafeAddress, parse_target

    try:
        url = parse_target(f"http://example.org/{path}").url
    except UnsafeAddress:
        return
    assert len(sort_key(url).split(" ")) == 1
