"""A desk as its own process over real HTTP, and somebody who uses it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import httpx
from bs4 import BeautifulSoup

PASSWORD = "a long enough password"  # of every account of the tests
PEOPLE = {"rana": "reader", "ravi": "reviewer", "salma": "reviewer", "edith": "editor"}


def copied(workspace: Path, to: Path) -> Path:
    """A workspace of one's own with an account for each of the people."""
    shutil.copytree(workspace, to)
    return with_people(to)


def with_people(workspace: Path) -> Path:
    """The workspace, with an account for each of the people."""
    from claims.desk.accounts import Accounts

    for name, role in PEOPLE.items():
        Accounts(workspace).add(name, role, PASSWORD)
    return workspace


@contextmanager
def running(workspace: Path) -> Iterator[str]:
    """The address of a desk that `tabayyun desk` serves on a free port."""
    command = [sys.executable, "-m", "claims.cli", "desk", "--workspace", str(workspace), "--port", "0"]
    told = workspace / "desk.stderr"
    with told.open("w") as errors:
        process = subprocess.Popen(command, stderr=errors, env=os.environ | {"LC_ALL": "C.UTF-8"})
    try:
        found = None
        for _ in range(600):
            if found := re.search(r"http://127\.0\.0\.1:\d+", told.read_text()):
                break
            assert process.poll() is None, told.read_text()
            time.sleep(0.05)
        assert found, told.read_text()
        for _ in range(200):
            try:
                httpx.get(found[0] + "/static/desk.css")
                break
            except httpx.TransportError:
                time.sleep(0.05)
        yield found[0]
    finally:
        process.terminate()
        process.wait(timeout=20)


class Person:
    """Somebody at the desk, with the forms of the pages as a browser would fill them in."""

    def __init__(self, url: str, name: str | None = None, lang: str = "en") -> None:
        self.name = name
        self.http = httpx.Client(base_url=url, timeout=60)
        self.http.cookies.set("lang", lang)
        if name:
            answer = self.sign_in(name, PASSWORD)
            assert answer.status_code == 303, answer.text

    def sign_in(self, name: str, password: str) -> httpx.Response:
        form = fields(self.http.get("/sign-in").text, "/sign-in")
        return self.http.post("/sign-in", data=form | {"name": name, "password": password})

    def page(self, path: str) -> BeautifulSoup:
        answer = self.http.get(path)
        assert answer.status_code == 200, (path, answer.status_code, answer.text[:300])
        return BeautifulSoup(answer.text, "lxml")

    def form(self, claim: str) -> dict[str, str]:
        return fields(self.http.get(f"/claims/{claim}").text, "/act")

    def act(self, claim: str, do: str, seen: dict[str, str] | None = None, **given: str) -> httpx.Response:
        return self.http.post(f"/claims/{claim}/act", data=(seen or self.form(claim)) | {"do": do} | given)

    def claims(self, **query: Any) -> list[str]:
        links = self.page("/?" + "&".join(f"{k}={v}" for k, v in query.items())).select("tbody th a")
        return [str(link["href"]).removeprefix("/claims/") for link in links]


@cache
def person(url: str, name: str) -> Person:
    """One of the people, signed in once for all tests that leave the session as it is."""
    return Person(url, name)


def fields(html: str, action: str) -> dict[str, str]:
    """What the form whose address ends so holds when it is opened."""
    page = BeautifulSoup(html, "lxml")
    form = next(f for f in page.find_all("form") if action in str(f["action"]))
    filled = {str(i["name"]): str(i.get("value", "")) for i in form.select("input[name]")}
    filled |= {str(t["name"]): t.get_text() for t in form.select("textarea[name]")}
    for select in form.select("select[name]"):
        chosen = select.select_one("option[selected]")
        filled[str(select["name"])] = str(chosen["value"]) if chosen else ""
    return filled
