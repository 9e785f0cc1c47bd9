"""No spelling of an inside address gets through, and public ones do."""

from __future__ import annotations

import asyncio
import ipaddress
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.fetch.safety import (
    AddressGuard,
    NotResolved,
    UnsafeAddress,
    address_refusal,
    join_target,
    parse_target,
)

REFUSED = [
    "http://127.0.0.1/", "https://127.0.0.1:443/", "http://127.1/", "http://127.0.1/", "http://0/",
    "http://0.0.0.0/", "http://2130706433/", "http://017700000001/", "http://0x7f.1/", "http://0x7f000001/",
    "http://0177.0.0.1/", "http://0o177.0.0.1/", "http://00000177.0.0.1/", "http://127.0.0.1./",
    "http://[::1]/", "http://[::]/", "http://[0:0::1]:80/", "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:7f00:1]/", "http://[::127.0.0.1]/", "http://[64:ff9b::7f00:1]/",
    "http://[2002:7f00:1::]/", "http://[2001:0:7f00:1::]/", "http://[fe80::1]/", "http://[fe80::1%25eth0]/",
    "http://[fc00::1]/", "http://[fd00:ec2::254]/", "http://[ff02::1]/", "http://[fec0::1]/",
    "http://[4000::1]/", "http://10.0.0.1/", "http://172.16.0.1/", "http://192.168.1.1/",
    "http://169.254.169.254/latest/", "http://100.100.100.200/", "http://192.0.0.192/", "http://224.0.0.1/",
    "http://240.0.0.1/", "http://255.255.255.255/", "http://198.18.0.1/", "http://203.0.113.9/",
    "http://①②⑦.⓪.⓪.①/", "http://１２７.0.0.1/", "http://127。0。0。1/", "http://127．0．0．1/",
    "http://1.2.3.4.5/", "http://256.1.1.1/", "http://1.1.1.0x1/", "http://a.0x7f/",
    "http://localhost/", "http://LOCALHOST./", "http://ⓛocalhost/", "http://x.localhost/", "http://intranet/",
    "http://metadata.google.internal/", "http://printer.local/",
    "http://user@example.com/", "http://user:pw@example.com/", "http://@example.com/",
    "http://127.0.0.1:80\\@example.com/", "http://example.com\\@127.0.0.1/", "http://example.com:80:80/",
    "http://example.com:0/", "http://example.com:65536/", "http://example.com:١٢٣/", "http://example.com:-1/",
    "http:///", "http://", "http:/example.com/", "http:example.com/", "//example.com/", "example.com", "",
    "http://exa mple.com/", "http://exa%6dple.com/", "http://[example.com]/", "http://[::1/", "http://::1/",
    "http://example..com/", "http://.example.com/", "http://-a.example.com/", "http://ex\tample.com/",
    "http://example.com/\r\nHost: inside", "http://example.com/\x00", "http://xn--/", "http://a\u200db.com/",
    "http://example.com/\ud800", "http://" + "a" * 64 + ".com/", "http://" + "a." * 200 + "com/",
    "http://example.com/" + "a" * 9_000, "http://${HOST}/", "http://test,com/",
    "ftp://example.com/", "file:///etc/passwd", "gopher://example.com/", "javascript:alert(1)",
    "jar:https://127.0.0.1!/", "data:text/html,x", "dict://127.0.0.1:11211/", "ws://example.com/",
]  # fmt: skip


@pytest.mark.parametrize("url", REFUSED)
def test_it_is_refused_with_a_reason(url: str) -> None:
    with pytest.raises(UnsafeAddress) as refused:
        AddressGuard().check_early(parse_target(url))
    assert str(refused.value) and "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("http://example.com", "http://example.com/"),
        (" HTTPS://Example.COM.:443/a b?q=x y#frag\n", "https://example.com/a%20b?q=x%20y"),
        ("http://example.com:8080?x=1", "http://example.com:8080/?x=1"),
        ("http://مثال.إختبار/خبر?س=ق", "http://xn--mgbh0fb.xn--kgbechtv/%D8%AE%D8%A8%D8%B1?%D8%B3=%D9%82"),
        ("http://ⓔxample。com/", "http://example.com/"),
        ("http://example.com/a/./b/../c/%2E%2e/d", "http://example.com/a/d"),
        ("http://example.com/..", "http://example.com/"),
        ("http://example.com/a/..", "http://example.com/"),
        ("http://example.com//a//b", "http://example.com//a//b"),
        ("http://example.com/?a=/../b", "http://example.com/?a=/../b"),
        ("http://example.com/a\\b", "http://example.com/a%5Cb"),
        ("http://example.com/%zz%41", "http://example.com/%zz%41"),
        ("http://8.8.8.8:53/", "http://8.8.8.8:53/"),
        ("http://[2606:4700:0::1111]/", "http://[2606:4700::1111]/"),
        ("http://my_host.example.com/", "http://my_host.example.com/"),
    ],
)
def test_a_public_address_has_one_spelling(url: str, canonical: str) -> None:
    target = parse_target(url)
    AddressGuard().check_early(target)
    assert target.url == canonical and parse_target(canonical) == target


@given(st.text(max_size=60), st.sampled_from(["", "http://", "https://", "http://[", "http://a.example/"]))
def test_any_text_is_refused_or_has_one_meaning(text: str, before: str) -> None:
    try:
        target = parse_target(before + text)
    except UnsafeAddress:
        return
    assert target.url.isascii() and parse_target(target.url) == target
    parts = urlsplit(target.url)  # another reader of addresses finds the same host behind it
    assert parts.hostname == target.host and parts.username is None
    assert (parts.port or {"http": 80, "https": 443}[parts.scheme]) == target.port


@given(st.integers(0, 2**32 - 1))
def test_refused_ipv4_is_refused_inside_every_ipv6_too(number: int) -> None:
    ip = ipaddress.IPv4Address(number)
    plain = address_refusal(str(ip))
    if plain is None:
        assert ip.is_global and not ip.is_multicast
    for prefix in ("::ffff:0:0", "::", "64:ff9b::", "::ffff:0:0:0"):
        wrapped = ipaddress.IPv6Address(int(ipaddress.IPv6Address(prefix)) | number)
        assert address_refusal(str(wrapped)) is not None


@given(st.integers(0, 2**128 - 1))
def test_only_public_ipv6_passes(number: int) -> None:
    ip = ipaddress.IPv6Address(number)
    if address_refusal(str(ip)) is None:
        assert ip.is_global and not ip.is_multicast and ip.sixtofour is None and ip.teredo is None


def test_an_allowed_network_is_allowed_and_nothing_beside_it() -> None:
    allowed = (ipaddress.ip_network("127.0.0.0/24"), ipaddress.ip_network("fd00::/64"))
    assert address_refusal("127.0.0.9", allowed) is None and address_refusal("fd00::9", allowed) is None
    assert address_refusal("127.0.1.9", allowed) and address_refusal("fd00:0:0:1::9", allowed)
    assert address_refusal("::ffff:127.0.0.9", allowed) and address_refusal("not an address", allowed)


def test_a_redirect_is_read_from_where_it_stands() -> None:
    base = parse_target("https://example.com/news/today?x=1")
    for location, lands in {
        "../b": "https://example.com/b",
        "?y=2": "https://example.com/news/today?y=2",
        "//other.example/x": "https://other.example/x",
        "http://other.example": "http://other.example/",
    }.items():
        assert join_target(base, location).url == lands
    for location in ("//127.0.0.1\\@x/", "http://[", "mailto:a@b.c", "//a@x.example/"):
        with pytest.raises(UnsafeAddress):
            AddressGuard().check_early(join_target(base, location))


def test_names_without_an_address_are_not_unsafe_but_unknown() -> None:
    async def nowhere(host: str, port: int) -> list[str]:
        return []

    with pytest.raises(NotResolved, match=r"gone\.example"):
        asyncio.run(AddressGuard(resolver=nowhere).places("gone.example", 80))
    with pytest.raises(NotResolved):
        asyncio.run(AddressGuard().places("no-such-name.invalid", 80))


def test_the_system_resolver_is_checked_like_any_other() -> None:
    with pytest.raises(UnsafeAddress, match="loopback"):
        asyncio.run(AddressGuard().places("localhost", 80))
    places = asyncio.run(AddressGuard(("127.0.0.0/8", "::1/128")).places("localhost", 80))
    assert ("127.0.0.1", 80) in places or ("::1", 80) in places
