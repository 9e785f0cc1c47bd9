"""How fast the desk answers among many claims, with readers at it and nights that write and publish meanwhile.

    python tests/bench/bench_desk.py                        100,000 claims, 20 readers, a minute
    python tests/bench/bench_desk.py --pause 0              readers who never stop to read
    python tests/bench/bench_desk.py --folder DIR           keep the workspace there, or use the one that is there

The claims are those of bench_record.py. The desk, the readers (one process, a thread each, over real HTTP with sessions
of their own) and the nights share the machine. A reader opens a page of the queue, then three claims of it, and every
fifth time the archived copies behind a claim or the charts; between two pages there is a pause of random length. The
nights are `tabayyun nightly` as it is delivered, one after another: each checks a new article and claims that have
fallen due, writes, and publishes a snapshot of all claims, which the desk takes up.
"""

from __future__ import annotations

import argparse
import http.client
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import urlencode

from bench_record import generate

from claims.desk.accounts import Accounts
from claims.record.store import Store

ROOT = Path(__file__).resolve().parent.parent.parent
PASSWORD = "a long enough password"
DUE = 2  # claims that are checked again in a night
TABAYYUN = [sys.executable, "-m", "claims.cli"]


class Reader(threading.Thread):
    """Somebody who reads until told to stop; `took` has the seconds of each kind of page."""

    def __init__(self, port: int, number: int, pause_s: float, stop: threading.Event) -> None:
        super().__init__(daemon=True)
        self.http = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.cookies: dict[str, str] = {}
        self.chance = random.Random(number)
        self.pause_s = pause_s
        self.stop = stop
        self.took: dict[str, list[float]] = defaultdict(list)
        page = self.ask("GET", "/sign-in")
        token = re.search(r'name="token" value="([^"]+)"', page)
        assert token
        form = {"token": token[1], "name": f"reader {number % 4}", "password": PASSWORD}
        self.ask("POST", "/sign-in", urlencode(form))

    def run(self) -> None:
        while not self.stop.is_set():
            query = {"page": self.chance.randrange(1, 200), "order": self.chance.choice(("worth", "age"))}
            if self.chance.random() < 0.5:
                query["verdict"] = self.chance.choice(("supported", "refuted", "conflicting"))
            found = re.findall(
                r'href="(/claims/c_[0-9a-f]{16})"', self.timed("queue", "/?" + urlencode(query))
            )
            for claim in self.chance.sample(found, min(3, len(found))):
                page = self.timed("claim", claim)
                copies = re.findall(r'href="(/claims/c_[0-9a-f]{16}/copies/[^"#]+)', page)
                if copies and self.chance.random() < 0.2:
                    self.timed("copy", copies[0])
            if self.chance.random() < 0.05:
                self.timed("charts", "/charts")

    def timed(self, kind: str, path: str) -> str:
        if self.stop.wait(self.chance.expovariate(1 / self.pause_s) if self.pause_s else 0):
            return ""
        began = time.perf_counter()
        page = self.ask("GET", path)
        self.took[kind].append(time.perf_counter() - began)
        return page

    def ask(self, method: str, path: str, body: str | None = None) -> str:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            self.http.request(method, path, body, headers)
            answer = self.http.getresponse()
        except http.client.RemoteDisconnected:  # the desk closes what nobody used for 15 s
            self.http.close()
            self.http.request(method, path, body, headers)
            answer = self.http.getresponse()
        text = answer.read().decode()
        for name, value in re.findall(
            r"(\w+)=([^;]*)", "\n".join(answer.headers.get_all("set-cookie") or ())
        ):
            if name in ("desk", "visitor"):
                self.cookies[name] = value
        assert answer.status in (200, 303), (path, answer.status)
        return text


class Nights(threading.Thread):
    """Nights that write and publish in the workspace, one after another, until told to stop.

    Each has an article of its own to check, and claims that have fallen due to check again.
    """

    def __init__(self, folder: Path, stop: threading.Event) -> None:
        super().__init__(daemon=True)
        self.folder = folder
        self.stop = stop
        self.runs = 0

    def run(self) -> None:
        inbox = self.folder / "inbox"
        inbox.mkdir(exist_ok=True)
        desk = self.folder / "desk.toml"
        desk.write_text(
            f"[budget]\nclaims_again = {DUE}\n[[watch]]\nname = 'inbox'\nkind = 'folder'\npath = 'inbox'\n"
        )
        article = (ROOT / "claims" / "sample" / "article.ar.txt").read_text(encoding="utf-8")
        command = [*TABAYYUN, "nightly", str(desk), "--workspace", str(self.folder)]
        day = date.today()
        while not self.stop.is_set():
            day += timedelta(days=1)
            (inbox / f"{day}-{time.time_ns()}.txt").write_text(f"{article}\n{day}\n", encoding="utf-8")
            with subprocess.Popen(
                [*command, "--day", str(day)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            ) as night:
                while night.poll() is None:
                    if self.stop.wait(0.2):
                        night.terminate()
                        return
            assert night.returncode in (0, 3), night.returncode
            self.runs += 1


def measure(folder: Path, readers: int, seconds: float, pause_s: float) -> None:
    """Prints how long each kind of page took."""
    told = folder / "desk.stderr"
    with told.open("w") as errors:
        desk = subprocess.Popen(
            [*TABAYYUN, "desk", "--workspace", str(folder), "--port", "0"], stderr=errors, env=os.environ
        )
    sys.setswitchinterval(0.0005)  # readers do not wait for one another
    try:
        port = _port(told, desk)
        before = processor_s(desk.pid)
        stop = threading.Event()
        people = [Reader(port, number, pause_s, stop) for number in range(readers)]
        nights = Nights(folder, stop)
        nights.start()
        for person in people:
            person.start()
        time.sleep(seconds)
        stop.set()
        for thread in (*people, nights):
            thread.join(60)
        spent = processor_s(desk.pid)
    finally:
        desk.terminate()
        desk.wait(20)
    took: dict[str, list[float]] = defaultdict(list)
    for person in people:
        for kind, times in person.took.items():
            took[kind] += times
            took["all pages"] += times
    print(
        f"{readers} readers, pause {pause_s:g} s, {seconds:g} s; nights that ended meanwhile: {nights.runs}"
    )
    pages = len(took["all pages"])
    print(
        f"the desk used {1000 * (spent - before) / pages:.0f} ms of a processor for a page, taking up snapshots included"
    )
    for kind, times in sorted(took.items(), key=lambda item: len(item[1])):
        ms = sorted(1000 * one for one in times)
        print(
            f"{kind:10} {len(ms):6} pages  median {statistics.median(ms):6.0f} ms  95 % within "
            f"{ms[int(0.95 * (len(ms) - 1))]:6.0f} ms  longest {ms[-1]:6.0f} ms"
        )


def processor_s(pid: int) -> float:
    """Seconds of a processor that the process has used."""
    used = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(used[11]) + int(used[12])) / os.sysconf("SC_CLK_TCK")


def _port(told: Path, desk: subprocess.Popen[bytes]) -> int:
    for _ in range(600):
        if found := re.search(r"http://127\.0\.0\.1:(\d+)", told.read_text()):
            asked = http.client.HTTPConnection("127.0.0.1", int(found[1]), timeout=60)
            try:
                asked.request("GET", "/sign-in")
                asked.getresponse().read()
                return int(found[1])
            except OSError:
                pass
            finally:
                asked.close()
        assert desk.poll() is None, told.read_text()
        time.sleep(0.1)
    raise AssertionError(told.read_text())


def main(claims: int, folder: Path, readers: int, seconds: float, pause_s: float) -> None:
    """Makes the workspace where there is none, and measures."""
    store = Store(folder, 4096, 60)
    if not store.path.exists():
        generate(store, claims)
        store.publish()
    accounts = Accounts(folder)
    for number in range(4):
        if f"reader {number}" not in accounts.all():
            accounts.add(f"reader {number}", "reviewer", PASSWORD)
    measure(folder, readers, seconds, pause_s)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--claims", type=int, default=100_000)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--readers", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--pause", type=float, default=2.0, help="seconds, the mean")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        main(given.claims, given.folder or Path(temporary), given.readers, given.seconds, given.pause)
