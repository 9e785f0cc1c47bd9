"""Which addresses may be connected to.

A name is resolved once, every address it gave is checked, and the connection is then made to one of the
checked addresses, never to the name: what a name server answers between check and connect is of no use
to an attacker.
"""

from __future__ import annotations

import asyncio
import ipaddress
import re
import socket
import threading
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote, urljoin

import idna

from claims.errors import ConfigError, TabayyunError

Resolver = Callable[[str, int], Awaitable[Sequence[str]]]
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

MAX_URL_CHARACTERS = 8_000
DEFAULT_PORTS = {"http": 80, "https": 443}

# The blocks of the IANA special-purpose registries, with the word that a reader of the reason understands.
# The narrower block stands before the wider one.
_REFUSED: tuple[tuple[Network, str], ...] = tuple(
    (ipaddress.ip_network(block), reason)
    for block, reason in (
        ("0.0.0.0/8", "unspecified"),
        ("10.0.0.0/8", "private"),
        ("100.64.0.0/10", "carrier-grade NAT"),
        ("127.0.0.0/8", "loopback"),
        ("169.254.0.0/16", "link-local, cloud metadata"),
        ("172.16.0.0/12", "private"),
        ("192.0.0.0/24", "protocol assignments"),
        ("192.0.2.0/24", "documentation"),
        ("192.31.196.0/24", "AS112"),
        ("192.52.193.0/24", "AMT"),
        ("192.88.99.0/24", "6to4 relay"),
        ("192.168.0.0/16", "private"),
        ("192.175.48.0/24", "AS112"),
        ("198.18.0.0/15", "benchmarking"),
        ("198.51.100.0/24", "documentation"),
        ("203.0.113.0/24", "documentation"),
        ("224.0.0.0/4", "multicast"),
        ("255.255.255.255/32", "broadcast"),
        ("240.0.0.0/4", "reserved"),
        ("::/128", "unspecified"),
        ("::1/128", "loopback"),
        ("::ffff:0:0:0/96", "IPv4-translated"),
        ("::ffff:0:0/96", "IPv4-mapped"),
        ("::/96", "IPv4-compatible"),
        ("64:ff9b::/96", "NAT64"),
        ("64:ff9b:1::/48", "NAT64"),
        ("100::/64", "discard-only"),
        ("2001::/32", "Teredo"),
        ("2001::/23", "protocol assignments"),
        ("2001:db8::/32", "documentation"),
        ("2002::/16", "6to4"),
        ("3fff::/20", "documentation"),
        ("5f00::/16", "segment routing"),
        ("fc00::/7", "private, unique local"),
        ("fe80::/10", "link-local"),
        ("fec0::/10", "site-local"),
        ("ff00::/8", "multicast"),
    )
)
_GLOBAL_IPV6 = ipaddress.ip_network("2000::/3")

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")
_HOST_NAME = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*")
# Names that only ever mean a machine nearby (RFC 6761, 6762, 8375, and the reserved .internal).
_LOCAL_NAME = re.compile(r"[^.]+|(?:.*\.)?(?:localhost|localdomain|local|internal|home\.arpa)")
_NUMBER_LABEL = re.compile(r"[0-9]+|0[xo][0-9a-f]*")
_DOTTED_QUAD = re.compile(r"(?:0|[1-9][0-9]{0,2})(?:\.(?:0|[1-9][0-9]{0,2})){3}")
_PATH_SAFE = "/%:@!$&'()*+,;=~-._"
_QUERY_SAFE = _PATH_SAFE + "?"


class UnsafeAddress(TabayyunError):
    """An address that must not be connected to; the message is the reason."""


class NotResolved(TabayyunError):
    """A host name for which no address was found."""


@dataclass(frozen=True, slots=True)
class Target:
    """A web address in its one canonical form: what is checked is what is asked for.

    `host` is ASCII and lower case, without the brackets of IPv6; `path` holds the query too.
    """

    scheme: str
    host: str
    port: int
    path: str

    @property
    def netloc(self) -> str:
        """Host and, where it is not the scheme's own, port: the value of the Host header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def origin(self) -> str:
        """Scheme, host and port: what robots.txt and trust are about."""
        return f"{self.scheme}://{self.netloc}"

    @property
    def url(self) -> str:
        """The whole address, without fragment."""
        return self.origin + self.path


def parse_target(url: str) -> Target:
    """The one meaning of a web address. Raises UnsafeAddress where it has none or more than one."""
    text = url.strip(" \t\r\n\f")
    if len(text) > MAX_URL_CHARACTERS:
        raise UnsafeAddress(f"the address is longer than {MAX_URL_CHARACTERS} characters")
    if _CONTROL.search(text):
        raise UnsafeAddress("the address holds a control character")
    scheme_match = _SCHEME.match(text)
    if not scheme_match:
        raise UnsafeAddress("the address has no scheme; only http and https are fetched")
    scheme = scheme_match[1].lower()
    if scheme not in DEFAULT_PORTS:
        raise UnsafeAddress(f"scheme {scheme!r}; only http and https are fetched")
    rest = text[scheme_match.end() :]
    if not rest.startswith("//"):
        raise UnsafeAddress("the address does not name its host after //")
    authority, path = _split_authority(rest[2:])
    host, port = _split_port(authority, DEFAULT_PORTS[scheme])
    return Target(scheme, _canonical_host(host), port, _canonical_path(path))


def join_target(base: Target, location: str) -> Target:
    """Where a redirect from `base` leads. Raises UnsafeAddress as `parse_target` does."""
    try:
        return parse_target(urljoin(base.url, location.strip(" \t\r\n\f")))
    except ValueError:
        raise UnsafeAddress("the redirect's address cannot be read") from None


def address_refusal(address: str, allowed: Sequence[Network] = ()) -> str | None:
    """Why this IP address must not be connected to, or None where it may be."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return f"{address!r} is not an IP address"
    if any(ip in network for network in allowed if network.version == ip.version):
        return None
    for network, reason in _REFUSED:
        if network.version == ip.version and ip in network:
            return f"{ip} is not a public address ({reason})"
    if ip.version == 6 and ip not in _GLOBAL_IPV6:
        return f"{ip} is not a public address (reserved)"
    return None


class AddressGuard:
    """Decides, for every connection, to which addresses it may be made.

    `trusted` are origins that the operator configured as sources: they may lie in any network. `routes`
    name hosts ("*" for every host) that a replay server at an address of ours stands in for.
    Raises ConfigError where a network or origin cannot be read.
    """

    def __init__(
        self,
        allow_networks: Sequence[str] = (),
        *,
        trusted: Collection[str] = (),
        routes: Mapping[str, tuple[str, int]] | None = None,
        resolver: Resolver | None = None,
    ) -> None:
        try:
            self._allowed = tuple(ipaddress.ip_network(block, strict=False) for block in allow_networks)
            self._trusted = {(target.host, target.port) for target in map(parse_target, trusted)}
        except (ValueError, UnsafeAddress) as error:
            raise ConfigError(f"fetching cannot start: {error}") from None
        self._routes = {host.lower(): place for host, place in (routes or {}).items()}
        self._resolve = resolver or resolve

    def route(self, host: str) -> tuple[str, int] | None:
        """The replay server that stands in for a host, if one does."""
        return self._routes.get(host) or self._routes.get("*")

    def check_early(self, target: Target) -> None:
        """Nothing, where the target may be tried. Raises UnsafeAddress where its host is refused as it is
        written, so that no name server need be asked."""
        host = target.host
        if self.route(host) or (host, target.port) in self._trusted:
            return
        if self._is_ip(host):
            self._check(host, [host])
        elif not self._allowed and _LOCAL_NAME.fullmatch(host):
            raise UnsafeAddress(f"{host} is a name of the local network; allow_networks can allow it")

    async def places(self, host: str, port: int) -> list[tuple[str, int]]:
        """The checked addresses of a host, at least one, in the order to try.

        Raises UnsafeAddress where any of them is refused, NotResolved where there is none.
        """
        route = self.route(host)
        if route:
            return [route]
        addresses = [host] if self._is_ip(host) else list(await self._resolve(host, port))
        if not addresses:
            raise NotResolved(f"{host} does not resolve to an address")
        if (host, port) not in self._trusted:
            self._check(host, addresses)
        return [(address, port) for address in dict.fromkeys(addresses)]

    def _check(self, host: str, addresses: Sequence[str]) -> None:
        for address in addresses:
            reason = address_refusal(address, self._allowed)
            if reason:
                named = "" if host == address else f"{host} resolves to a refused address: "
                raise UnsafeAddress(f"{named}{reason}; allow_networks can allow it")

    @staticmethod
    def _is_ip(host: str) -> bool:
        return ":" in host or bool(_DOTTED_QUAD.fullmatch(host))


async def resolve(host: str, port: int) -> list[str]:
    """The addresses that the system's resolver gives. Raises NotResolved.

    Each look-up has a daemon thread of its own: one slow name server neither fills a pool that others
    need nor keeps the program from ending.
    """
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[list[str]] = loop.create_future()

    def deliver(addresses: list[str], error: Exception | None) -> None:
        if answer.done():
            return
        if error:
            answer.set_exception(error)
        else:
            answer.set_result(addresses)

    def look_up() -> None:
        addresses: list[str] = []
        failure: Exception | None = None
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            addresses = [str(entry[4][0]) for entry in found]
        except (OSError, UnicodeError) as error:
            failure = NotResolved(f"{host} does not resolve ({error})")
        if not loop.is_closed():
            loop.call_soon_threadsafe(deliver, addresses, failure)

    threading.Thread(target=look_up, name=f"resolve {host}", daemon=True).start()
    return await answer


def _split_authority(rest: str) -> tuple[str, str]:
    end = min((at for at in map(rest.find, "/?#") if at >= 0), default=len(rest))
    authority, tail = rest[:end], rest[end:].split("#", 1)[0]
    if "@" in authority:
        raise UnsafeAddress("the address holds credentials")
    if "\\" in authority:
        raise UnsafeAddress("the address holds a backslash where its host stands")
    return authority, tail if tail.startswith("/") else "/" + tail


def _split_port(authority: str, default: int) -> tuple[str, int]:
    host, colon, port = authority.rpartition(":")
    if not colon or authority.endswith("]"):
        return authority, default
    if not port:
        return host, default
    if not re.fullmatch("[0-9]{1,5}", port) or not 0 < int(port) < 65_536:
        raise UnsafeAddress(f"{port!r} is not a port")
    return host, int(port)


def _canonical_host(host: str) -> str:
    if host.startswith("[") and host.endswith("]"):
        try:
            return str(ipaddress.IPv6Address(host[1:-1].split("%")[0] if "%" not in host else ""))
        except ValueError:
            raise UnsafeAddress(f"{host} is not an IPv6 address") from None
    if host.isascii():
        name = host.lower()
    else:
        try:
            name = idna.encode(host, uts46=True).decode("ascii").lower()
        except (idna.IDNAError, UnicodeError):
            raise UnsafeAddress("the host is not an international host name") from None
    name = name.removesuffix(".")
    if len(name) > 253 or not _HOST_NAME.fullmatch(name):
        raise UnsafeAddress("the host is not a host name")
    if _NUMBER_LABEL.fullmatch(name.rpartition(".")[2]):
        if not _DOTTED_QUAD.fullmatch(name) or any(int(part) > 255 for part in name.split(".")):
            raise UnsafeAddress("the host is a number in disguise; only dotted decimal is read")
        if not host.isascii():
            raise UnsafeAddress("the host is an IP address in disguise")
    return name


def _canonical_path(path: str) -> str:
    way, mark, query = path.partition("?")
    try:
        return _without_dots(quote(way, safe=_PATH_SAFE)) + mark + quote(query, safe=_QUERY_SAFE)
    except UnicodeEncodeError:
        raise UnsafeAddress("the address holds half a character") from None


def _without_dots(path: str) -> str:
    """The path with its `.` and `..` followed, so that what robots.txt speaks of is what is asked for."""
    kept: list[str] = []
    steps = path.split("/")[1:]
    for number, step in enumerate(steps, 1):
        plain = step.lower().replace("%2e", ".")
        if plain == ".." and kept:
            kept.pop()
        if plain not in (".", ".."):
            kept.append(step)
        elif number == len(steps):
            kept.append("")
    return "/" + "/".join(kept)
