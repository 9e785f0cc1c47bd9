"""Debian's MediaWiki on loopback, filled with pages of our own, served by PHP's own web server.

Nothing of the installed package is changed or copied: settings, database and log lie in one folder.
"""

from __future__ import annotations

import contextlib
import secrets
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from server_process import free_port, run, running

INSTALLED = Path("/usr/share/mediawiki")
PACKAGES = "mediawiki php-cli php-sqlite3 php-mbstring php-xml php-intl"
PAGES = Path(__file__).with_name("wiki_pages.toml")

_SETTINGS = """
$wgArticlePath = "/wiki/$1";  # as the large wikis have it, and as searx expects it
$wgUsePathInfo = true;
$wgJobRunRate = 0;  # jobs run when they are asked for, not during somebody's request
"""
_ROUTER = """<?php
if ( str_starts_with( $_SERVER['REQUEST_URI'], '/wiki/' ) ) {
	$_SERVER['SCRIPT_NAME'] = '/w/index.php';
	require '%s/index.php';
	return true;
}
return false;
"""


@dataclass(frozen=True)
class Wiki:
    """A wiki that answers."""

    origin: str  # scheme, host and port
    port: int

    @property
    def api(self) -> str:
        """The address of its Action API."""
        return f"{self.origin}/w/api.php"


def missing() -> str:
    """What must be installed first, as one line; empty where nothing is missing."""
    php = shutil.which("php")
    if php and (INSTALLED / "api.php").is_file():
        modules = (
            subprocess.run([php, "-m"], capture_output=True, text=True, check=True).stdout.lower().split()
        )
        if {"sqlite3", "mbstring", "xml", "intl"} <= set(modules):
            return ""
    return f"no MediaWiki here: apt-get install --no-install-recommends {PACKAGES}"


@contextlib.contextmanager
def mediawiki(folder: Path) -> Iterator[Wiki]:
    """A wiki with the pages of `wiki_pages.toml` answers, searchable; ended afterwards.

    `folder` is empty and keeps all that it writes. Call it where `missing()` is empty.
    """
    port = free_port()
    wiki = Wiki(f"http://127.0.0.1:{port}", port)
    config, log = folder / "LocalSettings.php", folder / "log"
    (folder / "site").mkdir()
    (folder / "site" / "w").symlink_to(INSTALLED)
    (folder / "router.php").write_text(_ROUTER % INSTALLED, encoding="utf-8")
    environment = {"MW_CONFIG_FILE": str(config)}

    def maintain(script: str, *arguments: str) -> None:
        run(["php", str(INSTALLED / "maintenance" / script), *arguments], environment, log)

    install = ["--confpath", str(folder), "--dbtype", "sqlite", "--dbpath", str(folder / "data")]
    install += ["--lang", "ar", "--scriptpath", "/w", "--server", wiki.origin]
    maintain("install.php", *install, "--pass", secrets.token_urlsafe(24), "موسوعة الاختبار", "admin")
    with config.open("a", encoding="utf-8") as settings:
        settings.write(_SETTINGS)
    maintain("importTextFiles.php", *(str(file) for file in _texts(folder / "texts")))
    maintain("runJobs.php")  # without it the search index stays empty
    server = ["php", "-S", f"127.0.0.1:{port}", "-t", str(folder / "site"), str(folder / "router.php")]
    with running(server, environment, f"{wiki.api}?action=query&meta=siteinfo&format=json", log):
        yield wiki


def pages() -> dict[str, str]:
    """The wikitext of every page by title."""
    table = tomllib.loads(PAGES.read_text(encoding="utf-8"))
    return {page["title"]: page["text"].strip() for page in table["page"]}


def _texts(folder: Path) -> list[Path]:
    """One file a page, named by its title as the import script wants it."""
    folder.mkdir()
    files = []
    for title, text in pages().items():
        file = folder / f"{title.replace(' ', '_')}.txt"
        file.write_text(text + "\n", encoding="utf-8")
        files.append(file)
    return files
