"""A request to the desk: who makes it, in which language, and whether it comes from the desk's own pages."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from claims.desk.accounts import Account
from claims.desk.sessions import Session
from claims.report.words import LANGUAGES, Words
from claims.settings import Settings

LANGUAGE = "lang"  # of the query, and the cookie that remembers it
_WITHIN = re.compile(r"/(?![/\\])[A-Za-z0-9_./?=&:-]*")


@dataclass(frozen=True, slots=True)
class Visit:
    """A request of somebody who is signed in, and may make it."""

    request: Request
    account: Account
    session: Session
    words: Words
    form: Mapping[str, Any]


def words_of(request: Request, settings: Settings) -> Words:
    """The words of the page in the language that was asked for, or chosen before."""
    chosen = request.query_params.get("lang") or request.cookies.get(LANGUAGE)
    return _words_in(chosen if chosen in LANGUAGES else settings.report_lang)


@cache
def _words_in(lang: str) -> Words:
    return Words(lang)


def way_onward(wanted_path: str | None) -> str:
    """Where to go after signing in: a page of the desk and of nobody else."""
    return wanted_path if wanted_path and _WITHIN.fullmatch(wanted_path) else "/"


def foreign(request: Request) -> bool:
    """Whether a browser says that the form was on another site's page."""
    origin = request.headers.get("origin")
    return bool(origin) and urlsplit(origin or "").netloc != request.headers.get("host")


def set_cookie(answer: Response, request: Request, name: str, value: str) -> None:
    """The answer sets a cookie that no script reads and no other site sends."""
    answer.set_cookie(name, value, httponly=True, samesite="lax", secure=request.url.scheme == "https")
