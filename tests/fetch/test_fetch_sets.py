"""The public sets of hostile addresses and of robots.txt, row by row."""

from __future__ import annotations

import asyncio
import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from visits import policy
from zoo import answer, open_zoo

from claims.fetch.archive import Archive
from claims.fetch.client import Fetcher
from claims.fetch.robots import Rules

# Google takes the agent up to its first space, and an address that is not percent-encoded as it is; Protego
# takes the first word and encodes, as RFC 9309 has it.
KNOWN = {"google-robots-40", "google-robots-65"}


def rows(file: Path) -> list[dict[str, Any]]:
    packed = file.read_bytes()
    text = gzip.decompress(packed) if file.suffix == ".gz" else packed
    return [json.loads(line) for line in text.splitlines()]


@pytest.mark.slow
def test_no_hostile_address_and_no_redirect_to_one_is_connected_to(tmp_path: Path, shared: Path) -> None:
    hostile = [row["url"] for row in rows(shared / "data" / "security" / "ssrf_payload_urls.jsonl")]
    resolved: list[str] = []

    async def resolver(host: str, port: int) -> list[str]:
        resolved.append(host)
        return ["127.0.0.1"]  # the worst that a name server could say

    async def run() -> None:
        # Names are asked of our resolver; the zoo alone, by its port, is an origin that may be asked.
        async with open_zoo() as zoo:
            for number, url in enumerate(hostile):
                location = f"Location: {url}".encode("ascii", "backslashreplace").decode("ascii")
                zoo.pages[f"/{number}"] = answer("302 Found", b"", location)
            chosen = policy(allow_networks=(), timeout_s=60)
            with Archive(tmp_path, "run") as archive:
                async with Fetcher(
                    chosen, archive, trusted=[f"http://127.0.0.1:{zoo.port}"], resolver=resolver
                ) as fetcher:
                    for url in hostile:
                        capture = await fetcher.capture(url)
                        assert capture.outcome == "unsafe_address" and capture.detail, (url, capture)
                    for number, url in enumerate(hostile):
                        capture = await fetcher.capture(zoo.url(f"/{number}"))
                        if "//" not in url:  # without a host of its own it is a path of where it stands
                            assert capture.final_url.startswith(zoo.url("/"))
                            continue
                        assert capture.outcome == "unsafe_address" and capture.detail, (url, capture)
            assert len(hostile) > 100
            pathless = {"/robots.txt", "/127.0.0.1/"}
            assert set(zoo.asked) - pathless == {f"/{number}" for number in range(len(hostile))}

    asyncio.run(run())


@pytest.mark.slow
def test_robots_files_mean_what_the_sets_say(shared: Path) -> None:
    folder = shared / "data" / "security"
    wrong = {
        row["id"]
        for row in rows(folder / "robots_txt_conformance.jsonl")
        if Rules(row["robots_txt"].encode()).allows(row["url"], row["user_agent"]) != row["allowed"]
    }
    assert wrong <= KNOWN
    for row in rows(folder / "robots_txt_real_files.jsonl.gz"):
        Rules((row["robots_txt"] or "").encode("utf-8", "surrogatepass")).allows(
            "https://a.example/", "tabayyun"
        )
