"""Addresses: one form for links that lead to the same page."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from w3lib.url import canonicalize_url

# Parameters that say how a reader came to a page, never which page it is
_TRACKING = re.compile(
    r"(?:utm_\w+|at_(?:medium|campaign|link\w*|format|ptr_name|bbc_team)|mc_[ce]id|mkt_tok|pk_\w+|hsa_\w+|_hs\w+|"
    r"fbclid|gclid|gclsrc|dclid|yclid|ysclid|msclkid|twclid|ttclid|igshid|igsh|wbraid|gbraid|_openstat|"
    r"cmpid|ocid|ncid|ns_\w+|smid|sh|rss|from_rss|ref_src|ref_url|__twitter_impression)",
    re.IGNORECASE,
)

_REVISION = "oldid="  # MediaWiki's


def canonical_url(url: str) -> str:
    """The address without fragment and tracking parameters, its parts in one order and one writing.

    What is no http address, or cannot be taken apart, comes back as it is.
    """
    if not url.lower().startswith(("http://", "https://")):
        return url
    try:
        parts = urlsplit(canonicalize_url(url))
    except ValueError:
        return url
    if not parts.netloc:
        return url
    kept = [(name, value) for name, value in parse_qsl(parts.query, True) if not _TRACKING.fullmatch(name)]
    host = parts.netloc.lower()
    default = {"http": ":80", "https": ":443"}.get(parts.scheme)
    if default and host.endswith(default):
        host = host.removesuffix(default)
    return urlunsplit((parts.scheme, host, parts.path, urlencode(kept), ""))


def page_key(url: str) -> str:
    """What two addresses have in common that lead to one page.

    Left aside: scheme, `www.`, a last slash, and which revision of a wiki's page is meant.
    """
    canonical = canonical_url(url)
    scheme, separator, rest = canonical.partition("://")
    if not separator or scheme not in ("http", "https"):
        return canonical
    path, _, query = rest.removeprefix("www.").partition("?")
    kept = "&".join(part for part in query.split("&") if part and not part.startswith(_REVISION))
    return path.rstrip("/") + ("?" + kept if kept else "")


def names_revision(url: str) -> bool:
    """Whether the address is that of one revision of a wiki's page, which stays as it is."""
    return any(part.startswith(_REVISION) for part in urlsplit(url).query.split("&"))
