"""A newsroom of many machines on one: PostgreSQL, Prefect's server on it, workers, and articles to check."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from postgres import Postgres, free_port
from project import ROOT

PREFECT = str(Path(sys.executable).with_name("prefect"))
TABAYYUN = str(Path(sys.executable).with_name("tabayyun"))
_TOWNS = ("المرسى", "الزهراء", "النخيل", "الواحة", "الشاطئ", "القلعة", "الميناء", "الروضة", "السد", "الجبل")


def write_world(folder: Path, articles: int) -> Path:
    """Articles in a folder, each with pages of a recorded web that is served on loopback; the desk file.

    One page a dozen articles is cited by all of them, so that workers meet on it.
    """
    inbox, web = folder / "inbox", folder / "web"
    inbox.mkdir(parents=True)
    web.mkdir()
    table = []
    for number in range(articles):
        town, day, cost = _TOWNS[number % len(_TOWNS)], number % 27 + 1, 40 + number
        (inbox / f"{number:04d}.txt").write_text(
            f"أعلنت بلدية {town} أن الجسر رقم {number + 3} افتتح في {day} مارس 2024 بحضور وزير النقل. "
            f"وقالت البلدية إن كلفته بلغت {cost} مليون دينار.",
            encoding="utf-8",
        )
        texts = (
            f"شهدت {town} في {day} مارس 2024 افتتاح الجسر رقم {number + 3}. وحضر وزير النقل الافتتاح.",
            f"افتتح وزير النقل الجسر رقم {number + 3} في {town} في {day} مارس 2024، وبلغت كلفته {cost} مليون دينار.",
        )
        for kind, text in enumerate(texts):
            name = f"{number:04d}-{kind}.html"
            (web / name).write_text(_page(f"الجسر رقم {number + 3} في {town}", text), encoding="utf-8")
            table.append(
                (f"http://paper{kind}-{number % 17}.example/{number}", name, f"الجسر رقم {number + 3}")
            )
    for dozen in range(0, articles, 12):
        name = f"all-{dozen:04d}.html"
        numbers = "، ".join(f"الجسر رقم {number + 3}" for number in range(dozen, min(dozen + 12, articles)))
        (web / name).write_text(
            _page("جسور جديدة", f"قال وزير النقل إن جسورا افتتحت: {numbers}."), encoding="utf-8"
        )
        table.append((f"http://ministry.example/{dozen}", name, f"جسور جديدة {numbers}"))
    (web / "web.toml").write_text(
        "".join(
            f'[[page]]\nurl = "{url}"\nfile = "{name}"\nlang = "ar"\ntitle = "{title}"\n'
            for url, name, title in table
        ),
        encoding="utf-8",
    )
    (folder / "sources.toml").write_text(
        '[fetch]\nper_host_delay_s = 0\n[[source]]\nname = "recorded"\nkind = "replay"\npath = "web/web.toml"\n'
    )
    desk = folder / "desk.toml"
    desk.write_text(
        f'sources = "sources.toml"\n[budget]\nnew_articles = {articles}\n'
        f'[[watch]]\nname = "inbox"\nkind = "folder"\npath = "inbox"\nlimit = {articles}\n'
    )
    return desk


def _page(title: str, text: str) -> str:
    return (
        f'<html lang="ar"><head><meta charset="utf-8"><title>{title}</title></head>'
        f"<body><article><h1>{title}</h1><p>{text}</p></article></body></html>"
    )


class Newsroom:
    """Prefect's server on PostgreSQL, with the deployments of `flows/prefect.yaml` and the pools they name."""

    def __init__(self, folder: Path, server: Postgres) -> None:
        self.folder = folder
        self.port = free_port()
        self.api = f"http://127.0.0.1:{self.port}/api"
        self._running = ExitStack()
        name = f"prefect{self.port}"
        server.make(name)
        self.env = os.environ | {
            "PREFECT_HOME": str(folder / "prefect"),
            "PREFECT_API_URL": self.api,
            "PREFECT_API_DATABASE_CONNECTION_URL": (
                f"postgresql+asyncpg://tabayyun@127.0.0.1:{server.port}/{name}"
            ),
            "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
            "PREFECT_WORKER_QUERY_SECONDS": "2",
            "PREFECT_API_DATABASE_TIMEOUT": "60",
            "PREFECT_API_DATABASE_CONNECTION_TIMEOUT": "60",
            "PYTHONPATH": str(ROOT),
        }

    def __enter__(self) -> Newsroom:
        shutil.copytree(ROOT / "flows", self.folder / "flows", ignore=shutil.ignore_patterns("__pycache__"))
        self.start("server", PREFECT, "server", "start", "--port", str(self.port))
        self.wait_for_server()
        for pool in ("tabayyun", "tabayyun-parts"):
            self.prefect("work-pool", "create", pool, "--type", "process")
        self.prefect("deploy", "--prefect-file", "flows/prefect.yaml", "--all")
        return self

    def __exit__(self, *_: object) -> None:
        self._running.close()

    def wait_for_server(self, seconds: float = 600) -> None:
        end = time.monotonic() + seconds
        while True:
            try:
                if self.ask("health"):
                    return
            except OSError:
                if time.monotonic() > end:
                    raise
            time.sleep(0.5)

    def ask(self, path: str, body: dict[str, Any] | None = None) -> Any:
        request = urllib.request.Request(
            f"{self.api}/{path}",
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
        )
        for left in reversed(range(60)):
            try:
                with urllib.request.urlopen(request, timeout=60) as answer:
                    return json.loads(answer.read() or b"null")
            except urllib.error.HTTPError as error:
                if error.code != 503 or not left:  # its database is busy
                    raise
            time.sleep(1)
        raise AssertionError("unreachable")

    def parts(self, *states: str) -> list[dict[str, Any]]:
        """The flow runs of parts that are in one of the states."""
        wanted = {"flows": {"name": {"any_": ["part"]}}, "limit": 200}
        if states:
            wanted["flow_runs"] = {"state": {"name": {"any_": list(states)}}}
        return list(self.ask("flow_runs/filter", wanted))

    def prefect(self, *command: str) -> None:
        done = subprocess.run(
            [PREFECT, "--no-prompt", *command],
            env=self.env,
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=300,
        )
        assert done.returncode == 0, done.stdout + done.stderr

    def start(self, name: str, *command: str) -> subprocess.Popen[bytes]:
        """A process with a group of its own, which is ended with the newsroom."""
        log = (self.folder / f"{name}.log").open("wb")
        process = subprocess.Popen(
            list(command), env=self.env, cwd=self.folder, stdout=log, stderr=log, start_new_session=True
        )
        self._running.callback(_end, process)
        self._running.callback(log.close)
        return process

    def worker(self, name: str) -> subprocess.Popen[bytes]:
        """Somebody who serves the pool of parts, one at a time."""
        return self.start(
            name, PREFECT, "worker", "start", "--pool", "tabayyun-parts", "--name", name, "--limit", "1"
        )

    def busy(self, name: str) -> bool:
        """Whether the worker has begun a part that it has not finished."""
        told = (self.folder / f"{name}.log").read_text(encoding="utf-8", errors="replace")
        return told.count("Beginning flow run") > told.count("Finished in state")

    def night(self, desk: Path, workspace: Path, *settings: str) -> subprocess.Popen[bytes]:
        """`tabayyun nightly`, begun."""
        chosen = [word for setting in settings for word in ("--set", setting)]
        return self.start(
            f"night-{workspace.name}", TABAYYUN, "nightly", str(desk), "--workspace", str(workspace), *chosen
        )


def kill(process: subprocess.Popen[bytes]) -> None:
    """The worker and all that it has started are gone at once, as when a machine loses its power."""
    for group in {process.pid, *descendants(process.pid)}:
        try:
            os.kill(group, signal.SIGKILL)
        except ProcessLookupError:
            continue


def descendants(pid: int) -> list[int]:
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == pid:
            child = int(path.parent.name)
            found += [child, *descendants(child)]
    return found


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            kill(process)
            process.wait()


@contextmanager
def newsroom(folder: Path, server: Postgres) -> Iterator[Newsroom]:
    folder.mkdir(parents=True, exist_ok=True)
    with Newsroom(folder, server) as made:
        yield made
