"""Articles as the caller names them: files, addresses, JSON Lines; each one loaded when it is needed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from claims.errors import InputError
from claims.extract.claims import reading_language
from claims.lines import lines_of, parse_line, parse_published
from claims.model import Article, digest
from claims.read.charset import decode
from claims.read.page import read_page

_HTML = (".html", ".htm", ".xhtml")
_FEWEST_LETTERS = 20


@dataclass(frozen=True, slots=True)
class Named:
    """One article as it was named: where it is, or its text already."""

    where: str  # for messages
    article: Article | None  # None: an address that has to be fetched
    url: str | None = None


def named_articles(
    sources: Sequence[str],
    published: date | None,
    lang: str | None,
    max_bytes: int,
    on_bad: list[str],
) -> Iterator[Named]:
    """The articles, one after another; JSON Lines are read line by line.

    An article that cannot be used is left out and its line of explanation appended to `on_bad`, so that
    the others can go on.
    """
    for source in sources:
        try:
            if source.startswith(("http://", "https://")):
                yield Named(source, None, source)
            elif source == "-" or source.endswith(".jsonl"):
                yield from _from_lines(source, published, lang, max_bytes, on_bad)
            else:
                yield Named(source, article_from_file(Path(source), published, lang, max_bytes))
        except InputError as error:
            on_bad.append(str(error))


def nothing_usable(bad: Sequence[str]) -> InputError:
    """The error to raise where no article could be used, for the reasons in `bad`."""
    more = f" (and {len(bad) - 1} more that cannot be used)" if len(bad) > 1 else ""
    return InputError(f"{bad[0]}{more}" if bad else "no article was given")


def article_from_file(path: Path, published: date | None, lang: str | None, max_bytes: int) -> Article:
    """The article in a text or HTML file. Raises InputError where it is missing, too large or no text."""
    try:
        with path.open("rb") as file:
            body = file.read(max_bytes + 1)  # the size that a file says it has is not trusted
    except FileNotFoundError:
        raise InputError(f"{path}: no such file") from None
    except IsADirectoryError:
        raise InputError(f"{path}: is a folder; name the files in it") from None
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from None
    if len(body) > max_bytes:
        raise InputError(
            f"{path}: more than the {max_bytes:,} bytes allowed; cut it, or raise max_article_bytes"
        )
    return article_from_bytes(body, str(path), path.suffix.lower() in _HTML, published, lang)


def article_from_bytes(
    body: bytes, where: str, html: bool, published: date | None, lang: str | None, url: str | None = None
) -> Article:
    """The article in a file's or a page's bytes. Raises InputError where they hold no text."""
    if not body.strip():
        raise InputError(f"{where}: is empty")
    if html:
        page = read_page(body, url or "", "text/html")
        return make_article(
            page.full_text,
            where,
            published or page.published,
            lang,
            url=url,
            outlet=page.outlet,
            title=page.title,
        )
    return make_article(_text(body, where), where, published, lang, url=url)


def make_article(
    text: str,
    where: str,
    published: date | None,
    lang: str | None,
    *,
    ref: str | None = None,
    url: str | None = None,
    outlet: str | None = None,
    title: str | None = None,
) -> Article:
    """The article with its id and language. Raises InputError where there is no text to speak of."""
    letters = sum(map(str.isalpha, text[:10_000]))
    if letters < _FEWEST_LETTERS:
        raise InputError(f"{where}: holds no text that could claim anything ({letters} letters)")
    language = lang or reading_language("", text)
    return Article("a_" + digest(text), text, published, language, ref, url, outlet, title)


def _wide(body: bytes) -> str | None:
    """The encoding of a text of two bytes a letter, told by its mark, or by its high bytes; else None.

    The high bytes of Latin, Cyrillic and Arabic letters are 0, 4 and 6, which no other text is full of.
    """
    if body[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    head = body[:4096]
    for name, high in (("utf-16-le", head[1::2]), ("utf-16-be", head[::2])):
        if len(body) % 2 == 0 and sum(map(high.count, (0, 4, 6))) > 0.9 * len(high) > 0:
            return name
    return None


def _text(body: bytes, where: str) -> str:
    """The text in a file's bytes. Raises InputError for a binary file or an encoding that is not known."""
    wide = _wide(body)
    if not wide and b"\0" in body[:100_000]:
        raise InputError(f"{where}: is a binary file, not a text; save the article as UTF-8 text or HTML")
    try:
        text = body.decode(wide or "utf-8-sig")
    except UnicodeDecodeError:
        text = decode(body)
    strange = sum(
        letter == "\ufffd" or (letter < " " and letter not in "\t\n\r\f") for letter in text[:100_000]
    )
    if strange > len(text[:100_000]) // 50:
        raise InputError(f"{where}: cannot be read as text in any known encoding; save it as UTF-8")
    return text


def _from_lines(
    source: str, published: date | None, lang: str | None, max_bytes: int, on_bad: list[str]
) -> Iterator[Named]:
    for number, line in enumerate(lines_of(source, max_bytes), 1):
        where = f"{source} line {number}"
        try:
            row = parse_line(line, where, max_bytes)
            named = Named(where, _from_row(row, where, published, lang)) if row is not None else None
        except InputError as error:
            on_bad.append(str(error))
            continue
        if named:
            yield named


def _from_row(row: dict[str, Any], where: str, published: date | None, lang: str | None) -> Article:
    text = row.get("text")
    if not isinstance(text, str):
        raise InputError(f'{where}: has no "text"')
    day = row.get("published")
    if day is not None and not isinstance(day, str):
        raise InputError(f'{where}: "published" is not a day; write it as "2024-10-12"')
    own = row.get("lang")
    url = row.get("url")
    return make_article(
        text,
        where,
        parse_published(day, f"{where}: ") or published,
        lang or (own if isinstance(own, str) else None),
        ref=str(row["id"]) if row.get("id") is not None else None,
        url=url if isinstance(url, str) else None,
    )
