"""Timestamps of archive files, made by an authority of our own on loopback: `openssl ts`."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from archive_world import World
from loopback import Asked, Said, answering

from claims import cli
from claims.errors import SourceSkipped, SourceUnusable
from claims.fetch.archive import Archive
from claims.fetch.client import Fetcher
from claims.fetch.stamp import covered, stamp, trusted_roots
from claims.record.query import run_sql
from claims.record.stamps import stamps
from claims.record.store import Store
from claims.source_kinds import origin_of
from claims.sources import FetchPolicy

_CONFIG = """
[req]
distinguished_name = name
prompt = no
[name]
CN = Test authority
[ca]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign
[leaf]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
[tsa]
default_tsa = here
[here]
serial = {folder}/serial
signer_cert = {folder}/leaf.pem
signer_key = {folder}/leaf.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
ess_cert_id_alg = sha256
"""


@dataclass(frozen=True, slots=True)
class Authority:
    folder: Path

    @property
    def root(self) -> Path:
        return self.folder / "root.pem"

    def openssl(self, *arguments: str | Path) -> bytes:
        done = subprocess.run(["openssl", *map(str, arguments)], capture_output=True, cwd=self.folder)
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout

    def reply(self, asked: Asked) -> Said:
        """What the authority makes of a request."""
        assert asked.method == "POST" and asked.headers["content-type"] == "application/timestamp-query"
        query = self.folder / "query"
        query.write_bytes(asked.body)
        out = self.folder / "reply"
        self.openssl("ts", "-reply", "-config", "cnf", "-queryfile", query, "-out", out)
        return Said(out.read_bytes(), headers={"Content-Type": "application/timestamp-reply"})


def _authority(folder: Path) -> Authority:
    folder.mkdir()
    (folder / "cnf").write_text(_CONFIG.format(folder=folder))
    (folder / "serial").write_text("01\n")
    authority = Authority(folder)
    for name in ("root", "leaf"):
        authority.openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", f"{name}.key")
    for line in (
        "req -x509 -config cnf -extensions ca -key root.key -days 30 -out root.pem",
        "req -new -config cnf -subj /CN=Leaf -key leaf.key -out leaf.csr",
        "x509 -req -in leaf.csr -CA root.pem -CAkey root.key -CAcreateserial -days 30 -extfile cnf -extensions leaf -out leaf.pem",
    ):
        authority.openssl(*line.split())
    return authority


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return _authority(tmp_path_factory.mktemp("tsa") / "one")


@pytest.fixture
def run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str, str]]:
    """The command line: its exit status and what it printed."""

    def command(*arguments: str | Path) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["tabayyun", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        said = capsys.readouterr()
        return int(ended.value.code or 0), said.out, said.err

    return command


def _stamp(run: Callable[..., tuple[int, str, str]], world: World, tsa: str, root: Path, *files: Path) -> str:
    status, out, err = run(
        "archive", "timestamp", "--tsa", tsa, "--roots", root, "--workspace", world.workspace, *files
    )
    assert status == 0, err
    return out


def test_each_file_is_stamped_once_and_anybody_can_verify_the_token(
    own_world: World, authority: Authority, run: Callable[..., tuple[int, str, str]]
) -> None:
    with answering(authority.reply) as (tsa, heard):
        _stamp(run, own_world, tsa, authority.root)
        assert len(heard) == len(list(own_world.warc.parent.glob("*.warc.gz"))) == 1
        assert _stamp(run, own_world, tsa, authority.root, own_world.warc) == ""
        assert len(heard) == 1, "what has not changed is not stamped again"
    token = own_world.warc.with_name(own_world.warc.name + ".tsr")
    arguments = ("ts", "-verify", "-in", token, "-data", own_world.warc, "-CAfile", authority.root)
    authority.openssl(*arguments)
    _, rows = run_sql(own_world.workspace, "SELECT warc, bytes, sha256, authority FROM stamp")
    data = own_world.warc.read_bytes()
    row = (f"archive/{own_world.warc.name}", len(data), hashlib.sha256(data).hexdigest(), tsa)
    assert list(rows) == [row]
    status, out, _ = run("archive", "check", "--workspace", own_world.workspace)
    assert status == 0 and "1 timestamps hold" in out


def test_the_request_is_what_openssl_takes_it_for(
    own_world: World, authority: Authority, run: Callable[..., tuple[int, str, str]]
) -> None:
    with answering(authority.reply) as (tsa, heard):
        _stamp(run, own_world, tsa, authority.root)
    query = authority.folder / "seen"
    query.write_bytes(heard[0].body)
    text = authority.openssl("ts", "-query", "-in", query, "-text").decode()
    assert "Hash Algorithm: sha256" in text and "Certificate required: yes" in text and "Nonce: 0x" in text
    theirs = authority.openssl("ts", "-query", "-data", own_world.warc, "-sha256", "-cert")
    assert theirs[2:56] == heard[0].body[2:56], "version, algorithm and digest, in the same bytes"
    assert "authorization" not in heard[0].headers and "cookie" not in heard[0].headers


def test_a_file_that_grew_keeps_its_stamp_and_gets_another(
    own_world: World, authority: Authority, run: Callable[..., tuple[int, str, str]]
) -> None:
    before = own_world.warc.stat().st_size
    with answering(authority.reply) as (tsa, _):
        _stamp(run, own_world, tsa, authority.root)
        with own_world.warc.open("ab") as file:
            file.write(gzip.compress(b"WARC/1.1\r\nWARC-Type: metadata\r\nContent-Length: 0\r\n\r\n\r\n\r\n"))
        assert run("archive", "check", "--workspace", own_world.workspace)[0] == 0
        _stamp(run, own_world, tsa, authority.root)
    found = stamps(Store(own_world.workspace))
    assert [one.covered.bytes for one in found] == [before, own_world.warc.stat().st_size]
    assert [one.token[-6:] for one in found] == ["gz.tsr", ".2.tsr"]
    status, out, _ = run("archive", "check", "--workspace", own_world.workspace)
    assert status == 0 and "2 timestamps hold" in out


def test_a_record_that_is_being_written_is_not_covered(own_world: World) -> None:
    name = f"archive/{own_world.warc.name}"
    whole = covered(own_world.workspace, name)
    with own_world.warc.open("ab") as file:
        file.write(gzip.compress(os.urandom(5_000))[:3_000])
    assert covered(own_world.workspace, name) == whole


def test_check_names_what_is_not_what_was_stamped(
    own_world: World, authority: Authority, run: Callable[..., tuple[int, str, str]]
) -> None:
    with answering(authority.reply) as (tsa, _):
        _stamp(run, own_world, tsa, authority.root)
    warc, token = own_world.warc, own_world.warc.with_name(own_world.warc.name + ".tsr")
    whole, signed = warc.read_bytes(), token.read_bytes()
    # in the header of the first gzip member, which no digest inside covers
    changed = whole[:9] + bytes([whole[9] ^ 1]) + whole[10:]

    def checked(word: str) -> None:
        status, out, err = run("archive", "check", "--workspace", own_world.workspace)
        assert status == 1 and "broken" in err
        assert [line for line in out.splitlines() if warc.name in line and word in line], out
        warc.write_bytes(whole)
        token.write_bytes(signed)

    warc.write_bytes(changed)
    checked("changed since")
    warc.write_bytes(whole[:-20])
    checked("cut short")
    warc.unlink()
    checked("cannot be read (No such file")
    token.unlink()
    checked(f"the timestamp of archive/{warc.name} cannot be read (No such file")
    token.write_bytes(signed[:-3] + bytes([signed[-3] ^ 1]) + signed[-2:])
    checked("does not hold")
    warc.write_bytes(changed)  # and the digest on record with it: the token gives it away
    with Store(own_world.workspace).turn() as con:
        con.execute("UPDATE stamp SET sha256 = ?", [hashlib.sha256(changed).hexdigest()])
    checked("it is of other bytes")


def test_an_answer_that_does_not_hold_is_not_kept(
    authority: Authority, tmp_path: Path, run: Callable[..., tuple[int, str, str]]
) -> None:
    other = _authority(tmp_path / "other")
    warc = tmp_path / "ws" / "archive" / "one.warc.gz"
    warc.parent.mkdir(parents=True)
    warc.write_bytes(gzip.compress(b"a record"))
    Store(tmp_path / "ws").publish()

    def swapped(asked: Asked) -> Said:
        return authority.reply(replace(asked, body=asked.body[:24] + bytes(32) + asked.body[56:]))

    def replayed(asked: Asked) -> Said:  # the right bytes, but the answer to another's question
        return authority.reply(replace(asked, body=asked.body[:-5] + b"\x01\x01" + asked.body[-3:]))

    answers: list[tuple[Callable[[Asked], Said], str]] = [
        (swapped, "it is of other bytes"),
        (replayed, "Nonce mismatch"),
        (other.reply, "leads to no root that is trusted"),
        (lambda asked: authority.reply(replace(asked, body=b"no query")), "refused"),
        (lambda asked: Said(b"<html>no</html>"), "does not hold"),
        (lambda asked: Said(bytes(200_000)), "more than 100000 bytes"),
        (lambda asked: Said(b"", 307, {"Location": "/elsewhere"}), "redirects, which is not followed"),
        (lambda asked: Said(b"", 404), "status 404"),
        (lambda asked: Said(b"", 503, {"Retry-After": "600"}), "status 503"),
    ]
    part = covered(tmp_path / "ws", "archive/one.warc.gz")
    roots = trusted_roots(authority.root)

    async def stamped(tsa: str) -> None:
        policy = FetchPolicy()
        async with Fetcher(policy, Archive(tmp_path / "ws", "talk"), trusted=(origin_of(tsa),)) as fetcher:
            for number, (_, word) in enumerate(answers, 1):
                with pytest.raises((SourceSkipped, SourceUnusable), match=word) as raised:
                    await stamp(fetcher, tmp_path / "ws", part, tsa, roots)
                assert "\n" not in str(raised.value) and str(raised.value).startswith(f"{tsa}: ")
                assert len(heard) == number, "asked once, and nowhere else"
            with pytest.raises(SourceSkipped, match="asked to be left alone"):
                await stamp(fetcher, tmp_path / "ws", part, tsa, roots)
            assert len(heard) == len(answers)

    with answering(lambda asked: answers[len(heard) - 1][0](asked)) as (tsa, heard):
        asyncio.run(stamped(tsa))
        answers.append((other.reply, ""))
        status, out, err = run(
            "archive", "timestamp", "--tsa", tsa, "--roots", authority.root, "--workspace", tmp_path / "ws"
        )
    assert status == 1 and out == "" and err.startswith(f"tabayyun: {tsa}: ") and err.count("\n") == 1
    assert stamps(Store(tmp_path / "ws")) == [] and not list(warc.parent.glob("*.tsr"))


def test_without_the_library_one_line_names_the_extra(
    own_world: World,
    authority: Authority,
    run: Callable[..., tuple[int, str, str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with answering(authority.reply) as (tsa, _):
        _stamp(run, own_world, tsa, authority.root)
    monkeypatch.setitem(sys.modules, "rfc3161_client", None)
    status, _, err = run("archive", "timestamp", "--workspace", own_world.workspace)
    assert status == 2 and "tabayyun[timestamps]" in err and err.count("\n") == 1
    status, _, err = run("archive", "check", "--workspace", own_world.workspace)
    assert status == 0 and "not verified" in err, "the digests are compared all the same"
    own_world.warc.write_bytes(own_world.warc.read_bytes()[:-20])
    assert "cut short" in run("archive", "check", "--workspace", own_world.workspace)[1]


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("--tsa", "ftp://tsa.example"), "only http and https"),
        (("--tsa", "nothing"), "no scheme"),
        (("--roots", "missing.pem"), "missing.pem"),
        (("elsewhere.warc.gz",), "is no archive file"),
    ],
)
def test_what_cannot_be_used_is_said_in_one_line(
    own_world: World, run: Callable[..., tuple[int, str, str]], arguments: tuple[str, ...], word: str
) -> None:
    status, _, err = run("archive", "timestamp", "--workspace", own_world.workspace, *arguments)
    assert status in (1, 2) and word in err and err.count("\n") == 1
