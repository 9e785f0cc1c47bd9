"""Debian's searx on loopback, with wikis as its only engines."""

from __future__ import annotations

import contextlib
import json
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path

from server_process import free_port, running

_SHARE = Path("/usr/share/python3-searx")
# Later servers let the operator choose the answer's formats and refuse others with 403. This one always
# answers JSON, so the refusal, where it is wanted, is put in front of its own application.
_WITHOUT_JSON = """
from flask import abort, request
from searx import webapp

@webapp.app.before_request
def refuse_json():
    if request.values.get("format", "html") != "html":
        abort(403)

webapp.run()
"""


def missing() -> str:
    """What must be installed first, as one line; empty where nothing is missing."""
    if shutil.which("searx-run"):
        return ""
    return "no searx here: apt-get install --no-install-recommends searx"


@contextlib.contextmanager
def searx(folder: Path, wiki: str, json_on: bool = True) -> Iterator[str]:
    """A search server answers; yields its address. Its one engine asks the wiki at the origin `wiki`."""
    port = free_port()
    origin = f"http://127.0.0.1:{port}"
    settings = folder / "settings.yml"
    settings.write_text(json.dumps(_settings(port, wiki)), encoding="utf-8")  # JSON is YAML as well
    command = ["searx-run"] if json_on else ["/usr/bin/python3", "-c", _WITHOUT_JSON]
    with running(command, {"SEARX_SETTINGS_PATH": str(settings)}, f"{origin}/healthz", folder / "log"):
        yield origin


def _settings(port: int, wiki: str) -> dict[str, object]:
    """All the settings it wants: it takes no defaults from anywhere."""
    return {
        "general": {"debug": False, "instance_name": "searx", "contact_url": False, "enable_stats": False},
        "brand": dict.fromkeys(
            ("git_url", "git_branch", "issue_url", "docs_url", "public_instances", "wiki_url", "twitter_url"),
            "",
        ),
        "search": {
            "safe_search": 0,
            "autocomplete": "",
            "default_lang": "",
            "ban_time_on_fail": 5,
            "max_ban_time_on_fail": 120,
        },
        "server": {
            "port": port,
            "bind_address": "127.0.0.1",
            "secret_key": secrets.token_hex(16),
            "base_url": False,
            "image_proxy": False,
            "http_protocol_version": "1.0",
            "method": "GET",
            "default_http_headers": {},
        },
        "ui": {
            "static_path": str(_SHARE / "static"),
            "templates_path": str(_SHARE / "templates"),
            "default_theme": "oscar",
            "default_locale": "",
            "theme_args": {"oscar_style": "logicodev"},
        },
        "outgoing": {"request_timeout": 10.0, "useragent_suffix": ""},
        "checker": {},
        "locales": {"en": "English", "ar": "العربية"},
        "doi_resolvers": {"none": "http://127.0.0.1:9/"},
        "default_doi_resolver": "none",
        "engines": [
            {
                "name": "wiki",
                "engine": "mediawiki",
                "shortcut": "wk",
                "categories": "general",
                "base_url": f"{wiki}/",
                "enable_http": True,  # engines are asked over https only otherwise
                "search_type": "text",
                "number_of_results": 10,
                "timeout": 10.0,
            }
        ],
    }
