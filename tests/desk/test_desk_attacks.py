"""Attacks over real HTTP: each refused, written down, and nothing changed."""

from __future__ import annotations

import contextlib
import json
import re
import stat
from pathlib import Path

import httpx
import pytest
from desk_server import PASSWORD, Person, copied, person, running

from claims.desk.accounts import Accounts
from claims.desk.sessions import Throttle
from claims.record.store import Store

SQL = "'; DROP TABLE action; --"


def state_of(workspace: Path) -> tuple[object, ...]:
    """All that an attack could have changed: how many rows every table has, the accounts, the files served."""
    with Store(workspace, busy_wait_s=120).turn() as con:
        tables = con.execute(
            "SELECT table_name FROM duckdb_tables() WHERE NOT internal ORDER BY 1"
        ).fetchall()
        rows = [con.execute(f"SELECT count(*) FROM {name}").fetchall() for (name,) in tables]
    files = sorted(str(file) for file in (workspace / "reports").rglob("*"))
    return (tables, rows, (workspace / ".desk" / "accounts.json").read_bytes(), files)


def refused(workspace: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in (workspace / ".desk" / "refused.log").read_text().splitlines()]


@pytest.fixture
def claim(desk_url: str) -> str:
    return person(desk_url, "ravi").claims()[0]


def test_nobody_sees_or_does_anything_without_a_session(
    desk_url: str, desk_workspace: Path, claim: str
) -> None:
    before, anyone = state_of(desk_workspace), Person(desk_url)
    for path in ("/", f"/claims/{claim}", "/reports", "/charts", "/reports/x/index.html"):
        assert anyone.http.get(path).headers["location"].startswith("/sign-in"), path
    seen = person(desk_url, "ravi").form(claim)
    assert anyone.act(claim, "comment", seen, reason="x").headers["location"] == "/sign-in"
    anyone.http.cookies.set("desk", "made-up.signature.here")
    assert anyone.http.get("/").status_code == 303
    assert state_of(desk_workspace) == before
    assert refused(desk_workspace)[-1]["why"] == "not signed in"


def test_a_reader_reads_and_does_nothing(desk_url: str, desk_workspace: Path, claim: str) -> None:
    before, reader = state_of(desk_workspace), person(desk_url, "rana")
    page = reader.page(f"/claims/{claim}")
    assert not page.select("form[action$=act]")
    token = str(page.select_one("input[name=token]")["value"])  # type: ignore[index]
    assert reader.act(claim, "comment", {"token": token}, reason="x").status_code == 403
    assert state_of(desk_workspace) == before


@pytest.mark.parametrize("token", ["", "forged", None])
def test_a_forged_form_does_nothing(
    desk_url: str, desk_workspace: Path, claim: str, token: str | None
) -> None:
    before, ravi = state_of(desk_workspace), person(desk_url, "ravi")
    form = ravi.form(claim)
    del form["token"]
    given = form if token is None else form | {"token": token}
    assert ravi.act(claim, "comment", given, reason="x").status_code == 403
    another = person(desk_url, "salma").form(claim)["token"]
    assert ravi.act(claim, "comment", form | {"token": another}, reason="x").status_code == 403
    mine = ravi.form(claim)
    foreign = ravi.http.post(
        f"/claims/{claim}/act",
        data=mine | {"do": "comment", "reason": "x"},
        headers={"Origin": "https://evil.example"},
    )
    assert foreign.status_code == 403
    assert state_of(desk_workspace) == before
    assert refused(desk_workspace)[-1]["why"] == "forged or missing token"


def test_a_session_begins_anew_at_sign_in_and_ends_at_sign_out(desk_url: str) -> None:
    ravi = Person(desk_url, "ravi")
    planted = ravi.http.cookies["desk"]
    victim = Person(desk_url)
    victim.http.cookies.set("desk", planted)
    form = {"token": victim.page("/sign-in").select_one("form input[name=token]")["value"]}  # type: ignore[index]
    answer = victim.http.post("/sign-in", data=form | {"name": "salma", "password": PASSWORD})
    cookie = next(c for c in answer.headers.get_list("set-cookie") if c.startswith("desk="))
    assert planted not in cookie
    assert "HttpOnly" in cookie and "samesite=lax" in cookie.lower()
    assert ravi.http.get("/").status_code == 303  # what was planted is worth nothing any more
    salma = Person(desk_url, "salma")
    kept = salma.http.cookies["desk"]
    token = salma.page("/").select_one("input[name=token]")["value"]  # type: ignore[index]
    salma.http.post("/sign-out", data={"token": token})
    salma.http.cookies.set("desk", kept)
    assert salma.http.get("/").status_code == 303


@pytest.mark.parametrize(
    "path",
    [
        "../claims.duckdb", "..%2f.desk%2faccounts.json", "%2e%2e/%2e%2e/etc/passwd", "%2fetc%2fpasswd",
        "....//claims.duckdb", "..%5c..%5cetc", ".desk/accounts.json", "%00", "../published.duckdb", "x" * 5000,
    ],
)  # fmt: skip
def test_no_path_leads_out_of_the_reports(desk_url: str, desk_workspace: Path, claim: str, path: str) -> None:
    before = state_of(desk_workspace)
    host, port = desk_url.removeprefix("http://").split(":")
    ravi = person(desk_url, "ravi")
    import http.client

    for prefix in ("/reports/", f"/claims/{claim}/copies/", "/static/"):
        raw = http.client.HTTPConnection(host, int(port), timeout=20)  # httpx would tidy the path up
        raw.putrequest("GET", prefix + path, skip_accept_encoding=True)
        raw.putheader("Cookie", f"desk={ravi.http.cookies['desk']}")
        written = len(refused(desk_workspace))
        raw.endheaders()
        answer = raw.getresponse()
        body = answer.read()
        assert answer.status in (400, 404, 414), (prefix, path, answer.status)
        assert b"argon2" not in body and b"root:" not in body
        assert answer.status != 404 or len(refused(desk_workspace)) == written + 1, (prefix, path)
        raw.close()
    assert state_of(desk_workspace) == before


def test_sql_in_every_field_is_text(desk_url: str, desk_workspace: Path, claim: str) -> None:
    ravi = person(desk_url, "ravi")
    for name in ("verdict", "state", "of", "order", "page", "lang"):
        assert ravi.http.get("/", params={name: SQL}).status_code == 200
    assert ravi.http.get(f"/claims/{SQL}").status_code == 404
    before, written = state_of(desk_workspace), len(refused(desk_workspace))
    form = dict.fromkeys(ravi.form(claim), SQL) | {"token": ravi.form(claim)["token"]}
    tried = ("change", "accept", "copy", "interested", "join", "undo:" + SQL, "add_source", SQL)
    for do in tried:
        assert ravi.act(claim, do, form).status_code in (409, 422), do
    assert len(refused(desk_workspace)) >= written + len(tried)
    assert state_of(desk_workspace) == before
    assert ravi.act(claim, "comment", reason=SQL).is_redirect
    assert SQL in ravi.page(f"/claims/{claim}").select_one("#desk-log").get_text()  # type: ignore[union-attr]


def test_nothing_large_is_taken(desk_url: str, desk_workspace: Path, claim: str) -> None:
    ravi = person(desk_url, "ravi")
    form = ravi.form(claim) | {"do": "comment"}

    def endless():  # type: ignore[no-untyped-def]
        for _ in range(1600):
            yield b"x" * 65_536  # 100 MB, of no told length

    for sent in ({"data": form | {"reason": "x" * 100_000}}, {"content": endless()}):
        with contextlib.suppress(httpx.TransportError):  # it may hang up while we are still sending
            assert ravi.http.post(f"/claims/{claim}/act", **sent).status_code == 413
        assert refused(desk_workspace)[-1]["status"] == 413
    assert ravi.http.post("/sign-in", files={"file": b"x"}).status_code == 415
    assert refused(desk_workspace)[-1]["status"] == 415


@pytest.mark.slow
def test_a_thousand_wrong_passwords_are_a_few_tries(sample_workspace: Path, tmp_path: Path) -> None:
    workspace = copied(sample_workspace, tmp_path / "workspace")
    with running(workspace) as url:
        anyone = Person(url)
        form = {"token": anyone.page("/sign-in").select_one("form input[name=token]")["value"]}  # type: ignore[index]
        said = [
            anyone.http.post("/sign-in", data=form | {"name": "edith", "password": f"guess {n}"}).status_code
            for n in range(1000)
        ]
        assert said == [401] * 10 + [429] * 990
        right = anyone.http.post("/sign-in", data=form | {"name": "edith", "password": PASSWORD})
        assert right.status_code == 429
        Person(url, "ravi")  # somebody else's account still opens
        assert sum(line["status"] == 429 for line in refused(workspace)) == 991
        ravi = Person(url, "ravi")
        Accounts(workspace).disable("ravi")
        assert ravi.http.get("/").status_code == 303


def test_another_hosts_name_is_not_answered(desk_url: str) -> None:
    assert httpx.get(desk_url + "/sign-in", headers={"Host": "evil.example"}).status_code == 421


def test_every_answer_forbids_frames_and_all_scripts_but_the_desks_own(desk_url: str, claim: str) -> None:
    ravi = person(desk_url, "ravi")
    for path in ("/", f"/claims/{claim}", "/reports", "/charts", "/sign-in", "/nowhere", "/static/desk.css"):
        answer = ravi.http.get(path)
        policy = answer.headers["content-security-policy"]
        assert (
            "default-src 'none'" in policy and "frame-ancestors 'none'" in policy and "unsafe" not in policy
        )
        assert "script-src 'self';" in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "style=" not in answer.text
        scripts = re.findall("<script[^>]*>[^<]*", answer.text)
        assert scripts == (['<script src="/static/desk.js" defer>'] if "/claims/" in path else [])


def test_nothing_that_was_brought_is_served_as_a_script(desk_url: str, desk_workspace: Path) -> None:
    ravi = person(desk_url, "ravi")
    planted = desk_workspace / "reports" / "planted.js"
    planted.write_text("window.hit = 1")
    try:
        assert ravi.http.get("/reports/planted.js").status_code == 404
    finally:
        planted.unlink()
    for path in ("/reports/claimreview/index.json", "/reports/index.html"):
        answer = ravi.http.get(path)
        if answer.status_code == 200:
            assert "javascript" not in answer.headers["content-type"]
            assert "script-src" not in answer.headers["content-security-policy"]
    assert ravi.http.get("/static/desk.js").headers["content-type"].startswith("text/javascript")


def test_what_is_secret_is_its_owners_alone(desk_workspace: Path) -> None:
    folder = desk_workspace / ".desk"
    for file in folder.rglob("*"):
        assert stat.S_IMODE(file.stat().st_mode) == (0o700 if file.is_dir() else 0o600), file
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert "$argon2id$" in (folder / "accounts.json").read_text()
    assert PASSWORD not in (folder / "accounts.json").read_text()


def test_after_some_wrong_passwords_no_more_are_tried() -> None:
    throttle = Throttle()
    for _ in range(10):
        assert throttle.wait_s("edith", "10.0.0.1") == 0
        throttle.failed("edith", "10.0.0.1")
    assert throttle.wait_s("edith", "10.0.0.2") > 800  # from wherever
    assert throttle.wait_s("ravi", "10.0.0.1") == 0
    throttle.failed("ravi", "10.0.0.1")
    throttle.succeeded("ravi", "10.0.0.1")
    for number in range(20):
        throttle.failed(f"somebody {number}", "10.0.0.1")
    assert throttle.wait_s("ravi", "10.0.0.1") > 800  # whoever's account
