"""Templates of the desk, in the report's environment: everything escaped, nothing loaded from the web."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from jinja2 import ChoiceLoader, Environment, FileSystemLoader
from starlette.responses import HTMLResponse

from claims.report import pages as report

_REPORT = Path(report.__file__).parent / "templates"
_OWN = Path(__file__).parent / "templates"
_STATIC = {
    "desk.js": (_OWN / "desk.js",),
    "desk.css": (_REPORT / "base.css", _REPORT / "report.css", _OWN / "desk.css"),
    "copy.css": (_REPORT / "base.css", _REPORT / "copy.css", _OWN / "desk.css"),
}


@cache
def environment() -> Environment:
    """The report's environment with the desk's templates before its own."""
    loader = ChoiceLoader([FileSystemLoader(_OWN), FileSystemLoader(_REPORT)])
    return report.environment().overlay(loader=loader)


def page(template: str, status: int = 200, **given: object) -> HTMLResponse:
    """A page as an answer."""
    text = environment().get_template(template).render(**given)
    return HTMLResponse(text.encode("utf-8", "replace"), status)


@cache
def static(name: str) -> tuple[bytes, str] | None:
    """A style sheet of the desk or its script, with its type; None where there is none of that name."""
    files = _STATIC.get(name)
    if files is None:
        return None
    media_type = "text/javascript" if name.endswith(".js") else "text/css"
    return b"\n".join(file.read_bytes() for file in files), media_type
