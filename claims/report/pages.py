"""Templates to pages. Nothing of an article or of a page on the web ever leaves here as markup."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cache, lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.runtime import Context, Macro
from markupsafe import Markup, escape

from claims.plain import plain
from claims.report.spans import Piece

_RTL = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]+")
_LETTERS = re.compile(r"[^\W\d_]+")
_LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}")
_WEB_ADDRESS = re.compile(r"https?://[^\s\x00-\x20<>\"'`\\]+", re.IGNORECASE)
_DIRECTION_SEEN = 400  # letters of a text that decide its direction
_KEPT = 5_000  # texts whose markup is kept: most stand on several pages, and in both languages
# Not allowed in HTML at all, or read by browsers as something else; one for one, so offsets stay.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


def direction(text: str) -> str:
    """`auto` where the browser's rule (the first letter decides) is right, else the way of most letters."""
    if text.isascii():
        return "auto"
    seen = text[:_DIRECTION_SEEN]
    words = _LETTERS.findall(seen)
    if not words:
        return "auto"
    most_rtl = 2 * sum(map(len, _RTL.findall(seen))) > sum(map(len, words))
    first_rtl = bool(_RTL.match(words[0]))
    return "auto" if most_rtl == first_rtl else "rtl" if most_rtl else "ltr"


@lru_cache(maxsize=_KEPT)
def attributes(text: str, lang: str | None = None) -> Markup:
    """`dir`, and `lang` where the language is known, for an element that holds nothing but the text."""
    known = f' lang="{lang}"' if lang and _LANGUAGE_TAG.fullmatch(lang) else ""
    return Markup(f' dir="{direction(text)}"{known}')  # noqa: S704 - one of three words and a checked tag


def isolated(text: object, lang: str | None = None) -> Markup:
    """The text as it is, kept apart from the direction of the words around it."""
    return _isolated(str(text), lang)


@lru_cache(maxsize=_KEPT)
def _isolated(text: str, lang: str | None) -> Markup:
    said = printable(text)
    return Markup(f"<bdi{attributes(said, lang)}>{escape(said)}</bdi>")  # noqa: S704 - escaped here


def joined(paragraph: Iterable[Piece]) -> str:
    """The paragraph in one piece."""
    return "".join(piece.text for piece in paragraph)


def web_address(url: str) -> str | None:
    """The address where it is one of the web and so may be linked, else None."""
    if not _WEB_ADDRESS.fullmatch(url):
        return None
    try:
        return url if urlsplit(url).hostname else None
    except ValueError:
        return None


def host(url: str) -> str:
    """The host of an address of the web without `www.`, or the whole address where it is none."""
    name = urlsplit(url).hostname if web_address(url) else None
    return name.removeprefix("www.") if name else url


def printable(text: str) -> str:
    """The text with what neither HTML nor a spreadsheet can hold replaced, letter for letter."""
    return text if text.isprintable() else _UNPRINTABLE.sub("\ufffd", text)


def _finalize(value: object) -> object:
    """The value with what HTML cannot hold replaced; autoescape follows."""
    return printable(value) if type(value) is str else value


@cache
def icon(name: str) -> Markup:
    """The drawing of that name from the page's own set; no reader hears it."""
    return Markup(  # noqa: S704 - the name is escaped
        f'<svg class="icon i-{escape(name)}" aria-hidden="true" focusable="false">'
        f'<use href="#i-{escape(name)}"/></svg>'
    )


class _Context(Context):
    """Calls what a template calls without looking at each call whether it wants to be given this context.

    That is a seventh of the time that a page takes. No function of ours wants it; a macro wants to know
    whether texts are escaped.
    """

    def call(self, called: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
        kwargs.pop("_block_vars", None)
        kwargs.pop("_loop_vars", None)
        if type(called) is Macro:
            return called(self.eval_ctx, *args, **kwargs)
        return called(*args, **kwargs)


class _Environment(Environment):
    context_class = _Context


@cache
def environment() -> Environment:
    """The one Jinja environment: everything escaped, an unknown name is an error."""
    env = _Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_finalize,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.globals.update(attributes=attributes, host=host, joined=joined, plain=plain, web_address=web_address)
    # a filter on a constant is worked out when the template is compiled, and none is looked at as a call
    env.filters.update(bdi=isolated, icon=icon, way=way)
    return env


def way(names: Iterable[str]) -> Markup:
    """Whose word it is, from the page to whoever stands behind it."""
    steps = f" {icon('next')} ".join(isolated(name) for name in names)
    return Markup(f'<span class="way">{steps}</span>')  # noqa: S704 - each name is escaped


def render(template: str, **given: object) -> bytes:
    """A page as bytes in UTF-8."""
    return environment().get_template(template).render(**given).encode("utf-8", "replace")
