"""RFC 9309, and files that were written to hurt."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.fetch.robots import MAX_CRAWL_DELAY_S, MAX_ROBOTS_BYTES, Rules

FILE = b"""\xef\xbb\xbf# comment
User-agent: *
Disallow: /all-closed
Disallow: /folder/
Allow: /folder/open

USER-AGENT: Tabayyun extra words
User-agent: friend
disallow: /*.pdf$
Disallow: /\xd8\xae\xd8\xa8\xd8\xb1
Crawl-delay: 2.5

User-agent: slow
Crawl-delay: 86400
Disallow:
"""


@pytest.mark.parametrize(
    ("agent", "path", "allowed"),
    [
        ("other", "/", True),
        ("other", "/all-closed/x", False),
        ("other", "/folder/x", False),
        ("other", "/folder/open/x", True),
        ("tabayyun", "/all-closed", True),
        ("tabayyun", "/a.pdf", False),
        ("tabayyun", "/a.pdf?x", True),
        ("tabayyun", "/%D8%AE%D8%A8%D8%B1/1", False),
        ("friend", "/a.pdf", False),
        ("slow", "/folder/x", True),
        ("other", "/robots.txt", True),
    ],
)
def test_the_group_that_names_us_counts_and_the_longest_rule_wins(
    agent: str, path: str, allowed: bool
) -> None:
    assert Rules(FILE).allows(f"https://example.com{path}", agent) is allowed


def test_the_delay_is_ours_and_within_a_bound() -> None:
    rules = Rules(FILE)
    assert rules.crawl_delay_s("tabayyun") == 2.5
    assert rules.crawl_delay_s("slow") == MAX_CRAWL_DELAY_S
    assert rules.crawl_delay_s("other") == 0


def test_only_the_first_500_kib_are_read_and_no_half_line() -> None:
    line = b"Disallow: /x\n"
    body = b"User-agent: *\n" + line * (MAX_ROBOTS_BYTES // len(line)) + b"Disallow: /late\n" * 10
    assert Rules(body).allows("https://example.com/late", "tabayyun")
    assert not Rules(body).allows("https://example.com/x", "tabayyun")
    filler = b"#" * (MAX_ROBOTS_BYTES - len(b"User-agent: *\n") - len(b"\nDisallow: /"))
    cut = b"User-agent: *\n" + filler + b"\nDisallow: /only-this"
    assert Rules(cut).allows("https://example.com/page", "tabayyun")


def test_files_made_to_exhaust_us_are_cut_short() -> None:
    agents = b"".join(b"User-agent: a%d\n" % number for number in range(15_000))
    for body in (
        agents + b"Disallow: /x\n" * 18_000,
        agents + agents,
        b"User-agent: *\n" + b"Disallow: /" + b"*a" * 200_000 + b"\n",
        b"User-agent: *\n" + b"Disallow: /*a*a*a*a*a*a*a*b$\n" * 15_000,
    ):
        started = time.monotonic()
        Rules(body).allows("https://example.com/" + "a" * 5_000, "tabayyun")
        assert time.monotonic() - started < 3


@given(st.binary(max_size=400))
def test_any_bytes_are_rules(body: bytes) -> None:
    rules = Rules(body)
    assert rules.allows("https://example.com/a", "tabayyun") in (True, False)
    assert 0 <= rules.crawl_delay_s("tabayyun") <= MAX_CRAWL_DELAY_S
