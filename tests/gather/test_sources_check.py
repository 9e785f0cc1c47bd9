"""`sources check` asks every source one question and says why one cannot be used; wrong settings are refused."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest
from services import Reply, Seen, service
from typer.testing import CliRunner, Result

from claims.cli import application
from claims.errors import ConfigError
from claims.source_kinds import KINDS
from claims.sources import load_sources

FEED = b"<rss version='2.0'><channel><item><title>world news</title><link>http://a.example/</link></item></channel></rss>"
SITEMAP = b"<urlset><url><loc>http://a.example/world-news</loc></url></urlset>"
KEY = "AIzaSecret1"


def answer(asked: Seen) -> Reply:
    tables: dict[str, object] = {
        "/search": {"query": "x", "results": []},
        "/w/api.php": {"batchcomplete": True, "query": {"search": []}},
        "/gdelt": {},
        "/checks": {},
        "/available": {"archived_snapshots": {}},
        "/cdx/search/cdx": [],
    }
    if asked.path in ("/feed", "/map"):
        return Reply(FEED if asked.path == "/feed" else SITEMAP, kind="text/xml")
    if asked.path in tables:
        return Reply(json.dumps(tables[asked.path]).encode())
    return Reply(b"nothing", 404, "text/plain")


def closed_port() -> str:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{taken.getsockname()[1]}"


def sources_file(folder: Path, *rows: dict[str, str]) -> Path:
    text = "[fetch]\nper_host_delay_s = 0\nattempts = 1\ntimeout_s = 5\n"
    for row in rows:
        text += "\n[[source]]\n" + "".join(f"{name} = {json.dumps(value)}\n" for name, value in row.items())
    file = folder / "sources.toml"
    file.write_text(text, encoding="utf-8")
    return file


def check(file: Path, *more: str) -> Result:
    return CliRunner().invoke(application(), ["sources", "check", "--sources", str(file), *more])


def every_kind(origin: str, folder: Path) -> list[dict[str, str]]:
    (folder / "notes").mkdir()
    (folder / "web").mkdir()
    (folder / "web" / "web.toml").write_text('[[page]]\nurl = "http://a.example/"\nfile = "a.html"\n')
    (folder / "web" / "a.html").write_text("<title>world news</title>")
    return [
        {"name": "s", "kind": "searxng", "url": origin},
        {"name": "m", "kind": "mediawiki", "url": f"{origin}/w/api.php"},
        {"name": "g", "kind": "gdelt", "url": f"{origin}/gdelt"},
        {"name": "c", "kind": "factcheck_tools", "url": f"{origin}/checks"},
        {"name": "f", "kind": "feed", "url": f"{origin}/feed"},
        {"name": "p", "kind": "sitemap", "url": f"{origin}/map"},
        {"name": "w", "kind": "wayback", "url": origin, "available_url": f"{origin}/available"},
        {"name": "d", "kind": "folder", "path": "notes"},
        {"name": "r", "kind": "replay", "path": "web"},
    ]


def test_every_kind_is_asked_once_and_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TABAYYUN_FACTCHECK_KEY", KEY)
    with service(answer) as server:
        file = sources_file(tmp_path, *every_kind(server.origin, tmp_path))
        done = check(file, "--json")
        assert done.exit_code == 0, done.output
        asked = [seen.path for seen in server.seen]
    rows = {row["kind"]: row for row in map(json.loads, done.stdout.splitlines())}
    assert list(rows) == list(KINDS)
    assert {kind for kind, row in rows.items() if row["outcome"] == "ok"} == {"feed", "sitemap", "replay"}
    assert all(row["usable"] and row["asks"] and row["limits"] and row["access"] for row in rows.values())
    assert rows["factcheck_tools"]["key"] == "set" and KEY not in done.output
    assert (
        max(asked.count(path) for path in asked) <= 2
    )  # words that found nothing may be asked for once more
    assert sorted(path.name for path in tmp_path.iterdir()) == ["notes", "sources.toml", "web"]


def test_what_cannot_be_used_is_named_with_the_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TABAYYUN_FACTCHECK_KEY", raising=False)
    gone = closed_port()
    with service(lambda seen: Reply(b"{}", 403) if seen.path == "/checks" else answer(seen)) as server:
        file = sources_file(
            tmp_path,
            {"name": "works", "kind": "feed", "url": f"{server.origin}/feed"},
            {"name": "moved", "kind": "feed", "url": f"{server.origin}/elsewhere"},
            {"name": "down", "kind": "gdelt", "url": f"{gone}/gdelt"},
            {"name": "keyless", "kind": "factcheck_tools", "url": f"{server.origin}/checks"},
        )
        done, told = check(file), check(file, "--json")
    assert (done.exit_code, told.exit_code) == (3, 3)
    rows = {row["name"]: row for row in map(json.loads, told.stdout.splitlines())}
    assert {name: row["outcome"] for name, row in rows.items()} == {
        "works": "ok", "moved": "misconfigured", "down": "unreachable", "keyless": "refused",
    }  # fmt: skip
    assert "TABAYYUN_FACTCHECK_KEY" in rows["keyless"]["detail"] and rows["keyless"]["key"].startswith(
        "not set"
    )
    for words in ("404", gone, "no key is set", "WHY NOT", "one question every 5 seconds"):
        assert words in done.stdout


def test_a_file_without_sources_cannot_be_used(tmp_path: Path) -> None:
    assert check(sources_file(tmp_path)).exit_code == 3


def test_kinds_are_listed_with_settings_and_access() -> None:
    done = CliRunner().invoke(application(), ["sources", "kinds", "--json"])
    rows = {row["kind"]: row for row in map(json.loads, done.stdout.splitlines())}
    assert list(rows) == list(KINDS)
    assert rows["gdelt"]["settings"]["delay_s"] == "default 5.0"
    assert rows["feed"]["settings"]["url"] == "required"
    assert "API key" in rows["factcheck_tools"]["access"]
    shown = CliRunner().invoke(application(), ["sources", "kinds"]).stdout
    assert all(f"{kind}: " in shown for kind in KINDS)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"kind": "feed"}, "url: Field required"),
        ({"kind": "feed", "url": "ftp://a.example/"}, "url: "),
        ({"kind": "feed", "url": "http://user:pass@a.example/"}, "url: "),
        ({"kind": "feed", "url": "http://a.example/", "path": "x"}, "path is not known"),
        ({"kind": "feed", "url": "http://a.example/", "limit": 0}, "limit: "),
        ({"kind": "mediawiki", "url": "http://a.example/", "limit": 51}, "limit: "),
        ({"kind": "gdelt", "delay_s": -1}, "delay_s: "),
        ({"kind": "gdelt", "languages": ["English"]}, "languages.0: "),
        ({"kind": "factcheck_tools", "key": "two words"}, "key"),
        ({"kind": "factcheck_tools", "key_env": "A B"}, "key_env: "),
        ({"kind": "folder", "path": "missing"}, "does not exist"),
        ({"kind": "rss", "url": "http://a.example/"}, "kind 'rss' is not known; searxng, "),
        ({}, "kind is missing"),
    ],
)
def test_wrong_settings_are_refused_before_any_work(
    tmp_path: Path, row: dict[str, object], said: str
) -> None:
    file = sources_file(tmp_path, {"name": "one", **row})  # type: ignore[arg-type]
    with pytest.raises(ConfigError) as error:
        load_sources(file)
    message = str(error.value)
    assert said in message and "source 1 (one)" in message and "\n" not in message
    assert "two words" not in message and "pass" not in message


def test_a_key_that_cannot_be_sent_is_refused_without_being_repeated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TABAYYUN_FACTCHECK_KEY", "secret\r\nX-Evil: 1")
    with pytest.raises(ConfigError, match="TABAYYUN_FACTCHECK_KEY holds no key") as error:
        load_sources(sources_file(tmp_path, {"name": "one", "kind": "factcheck_tools"}))
    assert "secret" not in str(error.value)
