"""Pages a second of the fetcher beside those of a bare httpx client, over loopback, in the same run.

    python tests/bench/bench_fetch.py            1,000 pages from 100 hosts, five rounds of each
    python tests/bench/bench_fetch.py --memory   10,000 pages in one run: resident memory on the way
    python tests/bench/bench_fetch.py --delays   the time of a polite run beside its lower bound

The fetcher does everything that it does on the web: address checks, robots.txt, digests, and the WARC.
"""

from __future__ import annotations

import asyncio
import gzip
import multiprocessing
import random
import resource
import statistics
import sys
import tempfile
import time
from multiprocessing.connection import Connection
from pathlib import Path

import httpx

from claims.fetch.archive import Archive
from claims.fetch.client import Fetcher
from claims.sources import FetchPolicy

HOSTS = 100
CONCURRENCY = 16
ROUNDS = 5
WORDS = ("البيان", "القمة", "الوزير", "أعلن", "الاتفاق", "president", "said", "agreement", "talks", "summit")


def page(number: int) -> bytes:
    """A news page of some 30 kB, different for each number, compressed as servers send it."""
    dice = random.Random(number)
    paragraphs = "".join(f"<p>{' '.join(dice.choices(WORDS, k=90))}</p>" for _ in range(35))
    return gzip.compress(f"<html><title>{number}</title><body>{paragraphs}</body></html>".encode(), 6)


def serve(pages: int, channel: Connection) -> None:
    """Answers on every loopback address until the process is ended."""
    bodies = [page(number) for number in range(min(pages, 1_000))]

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                path = head.split(b" ", 2)[1]
                if path == b"/robots.txt":
                    writer.write(
                        b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 33\r\n\r\n"
                        b"User-agent: *\nDisallow: /private\n"
                    )
                    continue
                body = bodies[int(path[1:]) % len(bodies)]
                writer.write(
                    b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Encoding: gzip\r\n"
                    b"Content-Length: %d\r\n\r\n" % len(body)
                )
                writer.write(body)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def run() -> None:
        server = await asyncio.start_server(answer, "0.0.0.0", 0, backlog=1_000)
        channel.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(run())


def addresses(port: int, pages: int) -> list[str]:
    return [f"http://127.0.1.{number % HOSTS + 1}:{port}/{number}" for number in range(pages)]


async def bare(urls: list[str]) -> float:
    """Seconds that a bare client takes."""
    places = asyncio.Semaphore(CONCURRENCY)
    async with httpx.AsyncClient(trust_env=False) as client:

        async def get(url: str) -> None:
            async with places:
                answer = await client.get(url)
                assert answer.status_code == 200 and len(answer.content) > 10_000

        started = time.perf_counter()
        await asyncio.gather(*map(get, urls))
        return time.perf_counter() - started


async def ours(urls: list[str], delay_s: float = 0.0, watch: bool = False) -> float:
    """Seconds that the fetcher takes, everything archived."""
    policy = FetchPolicy(
        allow_networks=("127.0.0.0/8",), per_host_delay_s=delay_s, max_concurrency=CONCURRENCY, timeout_s=60
    )
    with tempfile.TemporaryDirectory() as workspace, Archive(Path(workspace), "bench") as archive:
        async with Fetcher(policy, archive) as fetcher:
            started = time.perf_counter()
            for begin in range(0, len(urls), 1_000):
                captures = await asyncio.gather(*map(fetcher.capture, urls[begin : begin + 1_000]))
                bad = [capture for capture in captures if capture.outcome != "ok"]
                assert not bad, bad[0]
                if watch:
                    print(f"{begin + len(captures):6} pages  {resident_mb():6.1f} MB resident")
            return time.perf_counter() - started


def resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1e6


def main() -> None:
    memory, delays = "--memory" in sys.argv, "--delays" in sys.argv
    count = 10_000 if memory else 1_000
    ours_end, theirs = multiprocessing.Pipe()
    server = multiprocessing.Process(target=serve, args=(count, theirs), daemon=True)
    server.start()
    urls = addresses(ours_end.recv(), count)
    try:
        if memory:
            asyncio.run(ours(urls, watch=True))
        elif delays:
            delay_s = 5.0  # so that it is the schedule that is measured and not the machine
            bound = (count // HOSTS - 1) * delay_s
            took = asyncio.run(ours(urls, delay_s))
            print(f"{took:.2f} s; lower bound {bound:.2f} s; ratio {took / bound:.3f} (goal at most 1.1)")
        else:
            rates: dict[str, list[float]] = {"bare": [], "ours": []}
            for _ in range(ROUNDS):
                rates["bare"].append(count / asyncio.run(bare(urls)))
                rates["ours"].append(count / asyncio.run(ours(urls)))
            bare_rate, our_rate = (statistics.median(rates[name]) for name in ("bare", "ours"))
            print(f"bare httpx.AsyncClient {bare_rate:6.0f} pages/s  {[round(r) for r in rates['bare']]}")
            print(f"fetcher                {our_rate:6.0f} pages/s  {[round(r) for r in rates['ours']]}")
            print(f"ratio {our_rate / bare_rate:.2f} (goal at least 0.8)")
    finally:
        server.terminate()


if __name__ == "__main__":
    main()
