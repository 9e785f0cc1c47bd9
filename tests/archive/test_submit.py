"""Pages handed to a public archive: a server on loopback answers as its documentation says."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from archive_world import World
from loopback import Asked, Said, answering

from claims import cli
from claims.commands import archive as commands
from claims.fetch.submit import KEY_ENV, SECRET_ENV, Pace
from claims.record.audit import cited
from claims.record.query import run_sql
from claims.record.stamps import submissions
from claims.record.store import Store

_KEYS = ("Sesame17", "Qamar42")
_PAGE = "https://news.example/maan?a=1&b=محطة"


def _json(status: int = 200, headers: dict[str, str] | None = None, **said: object) -> Said:
    return Said(json.dumps(said).encode(), status, {"Content-Type": "application/json"} | (headers or {}))


@dataclass(slots=True)
class SavePageNow:
    """The service as documented. `jobs` says what questions after any job are answered with, in turn;
    `each`, where it is given, what those after the first, second, … job are."""

    taken: list[Said] = field(default_factory=list)
    jobs: list[Said] = field(default_factory=list)
    each: list[Said] = field(default_factory=list)
    site: str = ""
    heard: list[Asked] = field(default_factory=list)

    def answer(self, asked: Asked) -> Said:
        if asked.method == "POST":
            assert asked.path == "/save"
            page = parse_qs(asked.body.decode())["url"][0]
            job = f"spn2-{len(self.posts) - 1}" if self.each else "spn2-0a1b"
            return self.taken.pop(0) if self.taken else _json(url=page, job_id=job)
        if self.each:
            return self.each[int(asked.path.removeprefix("/save/status/spn2-"))]
        assert asked.path == "/save/status/spn2-0a1b"
        return self.jobs.pop(0) if len(self.jobs) > 1 else self.jobs[0]

    @property
    def posts(self) -> list[Asked]:
        return [asked for asked in self.heard if asked.method == "POST"]


def _job(**said: object) -> Said:
    """What is said of a job; `status` here is the job's."""
    return Said(json.dumps(said).encode(), 200, {"Content-Type": "application/json"})


_PENDING = _job(status="pending", job_id="spn2-0a1b", resources=[])
_SUCCESS = _job(status="success", job_id="spn2-0a1b", timestamp="20241012101112", original_url=_PAGE)


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[SavePageNow]:
    """A small Save Page Now that is done at the second question."""
    monkeypatch.setattr(commands, "PACE", Pace(submit_s=0.0, poll_s=0.02, wait_s=5.0))
    monkeypatch.delenv(KEY_ENV, raising=False)
    monkeypatch.delenv(SECRET_ENV, raising=False)
    save = SavePageNow(jobs=[_PENDING, _SUCCESS])
    with answering(save.answer) as (site, heard):
        save.site, save.heard = site, heard
        yield save


Run = Callable[..., tuple[int, list[list[str]], str]]


@pytest.fixture
def run(
    own_world: World,
    service: SavePageNow,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Run:
    """`tabayyun archive …` with this service: exit status, fields of the lines, standard error."""
    sources = tmp_path / "service.toml"
    sources.write_text(
        "[fetch]\nper_host_delay_s = 0\ntimeout_s = 2\nattempts = 1\n"
        f'[[source]]\nname = "wayback"\nkind = "wayback"\nurl = "{service.site}"\n'
    )

    def command(*arguments: str) -> tuple[int, list[list[str]], str]:
        options = ("--sources", str(sources), "--workspace", str(own_world.workspace))
        monkeypatch.setattr(sys, "argv", ["tabayyun", "archive", *arguments, *options])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        said = capsys.readouterr()
        return int(ended.value.code or 0), [line.split("\t") for line in said.out.splitlines()], said.err

    return command


def test_a_page_is_archived_when_the_service_says_so(
    run: Run, service: SavePageNow, own_world: World
) -> None:
    status, lines, _ = run("submit", _PAGE)
    copy = f"{service.site}/web/20241012101112/{_PAGE}"
    assert (status, lines) == (0, [["archived", _PAGE, copy]])
    post = service.posts[0]
    assert parse_qs(post.body.decode()) == {"url": [_PAGE], "skip_first_archive": ["1"]}
    assert post.headers["content-type"] == "application/x-www-form-urlencoded"
    assert len(service.posts) == 1 and len(service.heard) == 3
    _, rows = run_sql(
        own_world.workspace, "SELECT outcome, job_id FROM submission_answer ORDER BY answered_at"
    )
    assert list(rows) == [("pending", "spn2-0a1b"), ("archived", "spn2-0a1b")]
    assert run("submissions")[1] == lines and len(service.heard) == 3, "what is done is not asked after"


def test_submitted_is_pending_until_it_is_archived(run: Run, service: SavePageNow, own_world: World) -> None:
    service.jobs = [_PENDING]
    status, lines, err = run("submit", "--wait", "0.1", _PAGE)
    assert (status, lines) == (0, [["pending", _PAGE, "spn2-0a1b"]])
    assert "pending is not archived" in err
    assert run("submissions")[1] == lines
    assert run("submit", "--wait", "0", _PAGE)[1] == lines and len(service.posts) == 1, (
        "not handed over twice"
    )
    service.jobs = [_SUCCESS]
    assert run("submissions")[1][0][0] == "archived"
    assert [one.outcome for one in submissions(Store(own_world.workspace))] == ["archived"]


def test_a_page_that_is_not_taken_is_never_shown_as_archived(run: Run, service: SavePageNow) -> None:
    expected = [
        (_json(400, job_id=None, status_ext="error:blocked-url", message="Blocked."), "refused", "error:blocked-url: Blocked."),
        (_json(429, message="The limit of active sessions is reached."), "refused", "active sessions"),
        (_json(200, message="You cannot make new captures of this URL now."), "refused", "cannot make new"),
        (_json(200, job_id="../../other"), "refused", "no reason"),
        (Said(b"[1, 2", 200), "refused", "no reason"),
        (Said(b"<html>down for maintenance", 503), "failed", "status 503"),
        (_json(401, message="You need to be logged in."), "refused", "logged in"),
    ]  # fmt: skip
    service.taken = [answer for answer, _, _ in expected]
    pages = [f"https://news.example/{number}" for number in range(len(expected) + 1)]
    status, lines, err = run("submit", *pages)
    assert status == 1 and KEY_ENV in err.splitlines()[-1], "it lets nobody in, so the rest is not tried"
    assert [line[:2] for line in lines] == [
        [outcome, page] for (_, outcome, _), page in zip(expected, pages, strict=False)
    ]
    assert all(word in line[2] for (_, _, word), line in zip(expected, lines, strict=True))
    assert len(service.heard) == len(expected), "nothing is handed over twice"
    assert run("submissions")[1] == lines


def test_a_redirect_is_not_followed(run: Run, service: SavePageNow) -> None:
    service.taken = [Said(b"", 307, {"Location": "/save/elsewhere"})]
    status, lines, err = run("submit", _PAGE)
    assert (status, lines) == (1, []) and "redirects, which is not followed" in err
    assert len(service.heard) == 1


def test_what_becomes_of_a_job(run: Run, service: SavePageNow) -> None:
    expected = [
        (_job(status="error", status_ext="error:not-found", message="HTTP status=404"), "failed", "error:not-found: HTTP"),
        (_job(status="error", exception="Timeout\n\x1b[31m"), "failed", "Timeout [31m"),
        (_job(status="error"), "failed", "no reason"),
        (_SUCCESS, "archived", "/web/20241012101112/"),
        (_job(status="success", timestamp="not a time"), "pending", "spn2-4"),
        (_job(status="archived!"), "pending", "spn2-5"),
        (Said(b"<html>", 200), "pending", "spn2-6"),
        (Said(b"", 500), "pending", "spn2-7"),
        (Said(b"", 429, {"Retry-After": "300"}), "pending", "spn2-8"),
    ]  # fmt: skip
    service.each = [answer for answer, _, _ in expected]
    status, lines, err = run(
        "submit", "--wait", "0", *(f"https://a.example/{n}" for n in range(len(expected)))
    )
    assert status == 1 and "3 of 9 were not archived" in err
    assert [line[0] for line in lines] == [outcome for _, outcome, _ in expected]
    assert all(word in line[2] for (_, _, word), line in zip(expected, lines, strict=True))


def test_a_service_that_asks_for_time_is_left_alone(run: Run, service: SavePageNow) -> None:
    service.taken = [_json(429, headers={"Retry-After": "600"})]
    status, lines, _ = run("submit", "https://a.example/", "https://b.example/", "https://c.example/")
    assert status == 1 and [line[0] for line in lines] == ["refused"] * 3
    assert len(service.heard) == 1 and "asked to be left alone" in lines[2][2]


def test_the_service_names_the_copy_only_with_an_address(run: Run, service: SavePageNow) -> None:
    service.jobs = [_job(status="success", timestamp="20241012101112", original_url="javascript:alert(1)")]
    assert run("submit", _PAGE)[1][0][2] == f"{service.site}/web/20241012101112/{_PAGE}"


def test_addresses_that_nobody_else_can_reach_are_not_told(run: Run, service: SavePageNow) -> None:
    private = ["http://127.0.0.1:8080/x", "http://intranet/secret", "http://10.1.2.3/", "file:///etc/passwd"]
    status, lines, _ = run("submit", *private)
    assert status == 1 and [line[:2] for line in lines] == [["refused", url] for url in private]
    assert service.heard == []


def test_the_keys_go_to_the_service_and_nowhere_else(
    run: Run, service: SavePageNow, own_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(KEY_ENV, _KEYS[0])
    status, _, err = run("submit", _PAGE)
    assert status == 2 and SECRET_ENV in err and _KEYS[0] not in err and service.heard == []
    monkeypatch.setenv(SECRET_ENV, "line\nbreak")
    assert run("submit", _PAGE)[0] == 2
    monkeypatch.setenv(SECRET_ENV, _KEYS[1])
    before = {path for path in own_world.workspace.rglob("*") if path.is_file()}
    service.taken = [_json(401, message="Your keys are wrong.")]
    status, lines, err = run("submit", _PAGE)
    assert status == 1 and service.heard[0].headers["authorization"] == f"LOW {_KEYS[0]}:{_KEYS[1]}"
    status, archived, _ = run("submit", _PAGE)
    assert status == 0 and archived[0][0] == "archived"
    assert all(asked.headers["authorization"].startswith("LOW ") for asked in service.heard)
    assert not [key for key in _KEYS if key in err or any(key in cell for line in lines for cell in line)]
    for path in own_world.workspace.rglob("*"):
        assert not path.is_file() or not [key for key in _KEYS if key.encode() in path.read_bytes()]
    assert not [path for path in own_world.workspace.rglob("*.warc.gz") if path not in before]


def test_a_run_s_cited_pages_are_handed_over(run: Run, service: SavePageNow, own_world: World) -> None:
    status, lines, _ = run("submit", "--run", own_world.run)
    store = Store(own_world.workspace)
    wanted = {one.capture.final_url for one in cited(store) if one.quotations}
    assert status == 0 and {line[1] for line in lines} == wanted and len(service.posts) == len(lines) >= 1
    assert {one.run for one in submissions(store)} == {own_world.run}


@pytest.mark.parametrize("arguments", [(), ("--run", "none"), ("--run", "x", "https://a.example/")])
def test_what_to_submit_must_be_named(run: Run, arguments: tuple[str, ...]) -> None:
    status, _, err = run("submit", *arguments)
    assert status == 2 and err.count("\n") == 1
