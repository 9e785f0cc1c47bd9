"""The kinds of source: what each must be told, what it is asked within, and how one comes by access.

This is the one place that declares it. A sources file is checked against it before any work begins, and
`tabayyun sources check` prints it.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, ClassVar, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator

HttpAddress = Annotated[str, Field(pattern=r"^https?://[^\s/?#@]+(?:[/?#][^\s]*)?$", max_length=2_000)]
Seconds = Annotated[float, Field(ge=0, le=3_600)]
Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}$")]


class ServerOrFolder(BaseModel):
    """What every source has. `languages`: only questions in these are put to it; none: all of them."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    asks: ClassVar[str]
    limits: ClassVar[str]
    access: ClassVar[str] = "open; no key"

    name: str = Field(min_length=1, max_length=100)
    languages: tuple[Language, ...] = ()
    limit: Annotated[int, Field(ge=1, le=500)] = 20

    @property
    def place(self) -> str:
        """Where it is: an address or a path."""
        return str(getattr(self, "url", None) or getattr(self, "path", ""))

    @property
    def origins(self) -> tuple[str, ...]:
        """Scheme, host and port of each server that the source asks."""
        url = getattr(self, "url", None)
        return (origin_of(url),) if url else ()


class SearxngSource(ServerOrFolder):
    """A SearXNG or searx server."""

    asks = "GET {url}/search?q=…&format=json, page after page, at most 5 pages a question"
    limits = "one question at a time; what the server's own limiter allows"
    access = "a server of your own with json among search.formats in its settings.yml; no key"

    kind: Literal["searxng"]
    url: HttpAddress


class MediaWikiSource(ServerOrFolder):
    """A MediaWiki, 1.39 or later."""

    asks = "the Action API at {url} (an api.php address): list=search, then the revisions of what was found"
    limits = "one question at a time, with maxlag=5 and the Retry-After of the wiki; at most 50 pages"
    access = "open; no key. Name a way to reach you in fetch.user_agent, which Wikimedia's wikis demand"

    kind: Literal["mediawiki"]
    url: HttpAddress
    limit: Annotated[int, Field(ge=1, le=50)] = 20


class GdeltSource(ServerOrFolder):
    """The DOC 2.0 API of GDELT: news of the last months in 65 languages, searched in English."""

    asks = "GET {url}?query=…&mode=artlist&format=json around the days of the claim"
    limits = "one question every 5 seconds (delay_s), at most 250 articles each, about the last 3 months"

    kind: Literal["gdelt"]
    url: HttpAddress = "https://api.gdeltproject.org/api/v2/doc/doc"
    languages: tuple[Language, ...] = ("en",)
    limit: Annotated[int, Field(ge=1, le=250)] = 20
    delay_s: Seconds = 5.0
    questions: Annotated[int, Field(ge=1)] = 200  # in one run: they take delay_s each


class FactCheckToolsSource(ServerOrFolder):
    """Google's Fact Check Tools: what fact-checkers published. It is listed and never counted."""

    asks = "GET {url}?query=…&languageCode=…: published checks of claims like the claim"
    limits = "a quota a day and a minute for each key; at most 100 checks a question"
    access = (
        "a free key: make a project at console.cloud.google.com, switch on the Fact Check Tools API, make an"
        " API key, and put it into the environment variable that key_env names"
    )

    kind: Literal["factcheck_tools"]
    url: HttpAddress = "https://factchecktools.googleapis.com/v1alpha1/claims:search"
    limit: Annotated[int, Field(ge=1, le=100)] = 10
    max_age_days: Annotated[int, Field(ge=1)] | None = None
    key_env: Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")] = "TABAYYUN_FACTCHECK_KEY"
    key: SecretStr | None = None  # better left to the environment: files are copied about

    @field_validator("key")
    @classmethod
    def _key(cls, value: SecretStr | None) -> SecretStr | None:
        return None if value is None else SecretStr(sendable(value.get_secret_value(), "key"))

    def secret(self) -> str | None:
        """The key, from this file or from the environment. Raises ValueError where it is no key."""
        if self.key:
            return self.key.get_secret_value()
        found = os.environ.get(self.key_env, "").strip()
        return sendable(found, self.key_env) if found else None


class FeedSource(ServerOrFolder):
    """One RSS or Atom feed."""

    asks = "GET {url} once a run; its entries are matched to the claim's words and days"
    limits = "one request a run; the newest 1,000 entries of at most fetch.max_bytes"

    kind: Literal["feed"]
    url: HttpAddress


class SitemapSource(ServerOrFolder):
    """A sitemap or sitemap index of a news site, also packed with gzip."""

    asks = "GET {url} once a run, and of an index its newest sitemaps on the same host"
    limits = "1 + sitemaps requests a run; the newest 50,000 addresses; fetch.max_bytes each"

    kind: Literal["sitemap"]
    url: HttpAddress
    sitemaps: Annotated[int, Field(ge=1, le=200)] = 5  # of an index, newest first


class WaybackSource(ServerOrFolder):
    """The Internet Archive's Wayback Machine: archived copies of pages that are gone."""

    asks = "the availability API at {available_url} and the CDX server below {url}, by address"
    limits = "one question every second (delay_s), at most `limit` pages for one article"

    kind: Literal["wayback"]
    url: HttpAddress = "https://web.archive.org"
    available_url: HttpAddress = "https://archive.org/wayback/available"
    delay_s: Seconds = 1.0

    @property
    def origins(self) -> tuple[str, ...]:
        """Both servers."""
        return origin_of(self.url), origin_of(self.available_url)


class FolderSource(ServerOrFolder):
    """A folder of text and HTML files."""

    asks = "the files under {path}, by the words in them"
    limits = "20,000 files of at most 5,000,000 bytes"
    access = "the folder must be readable"

    kind: Literal["folder"]
    path: Path


class ReplaySource(ServerOrFolder):
    """A recorded web, served on loopback."""

    asks = "the recorded pages under {path}, by the words in them; nothing leaves this machine"
    limits = "none"
    access = "a folder with web.toml, or WARC files"

    kind: Literal["replay"]
    path: Path


SourceSpec = (
    SearxngSource
    | MediaWikiSource
    | GdeltSource
    | FactCheckToolsSource
    | FeedSource
    | SitemapSource
    | WaybackSource
    | FolderSource
    | ReplaySource
)
KINDS: dict[str, type[SourceSpec]] = {
    "searxng": SearxngSource,
    "mediawiki": MediaWikiSource,
    "gdelt": GdeltSource,
    "factcheck_tools": FactCheckToolsSource,
    "feed": FeedSource,
    "sitemap": SitemapSource,
    "wayback": WaybackSource,
    "folder": FolderSource,
    "replay": ReplaySource,
}


def origin_of(url: str) -> str:
    """Scheme, host and port of an address, such as `http://127.0.0.1:8888`."""
    parts = urlsplit(url)
    return f"{parts.scheme.lower()}://{parts.netloc.lower()}"


def sendable(key: str, where: str) -> str:
    """The key. Raises ValueError, which does not repeat it, where it cannot be sent as a header."""
    if not key.isascii() or not key.isprintable() or " " in key or not 1 <= len(key) <= 500:
        raise ValueError(f"{where} holds no key (letters, digits and dashes without spaces)")
    return key
