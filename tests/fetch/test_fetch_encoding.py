"""Bodies unpack to what was packed and never to more than the bound."""

from __future__ import annotations

import contextlib
import gzip
import resource
import zlib
from collections.abc import Callable

import brotli  # type: ignore[import-untyped]
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from claims.fetch.encoding import ACCEPT_ENCODING, Damaged, TooLarge, decode


def raw_deflate(data: bytes) -> bytes:
    machine = zlib.compressobj(wbits=-15)
    return machine.compress(data) + machine.flush()


def two_members(data: bytes) -> bytes:
    half = len(data) // 2
    return gzip.compress(data[:half]) + gzip.compress(data[half:])


def two_frames(data: bytes) -> bytes:
    half = len(data) // 2
    return zstandard.compress(data[:half]) + zstandard.compress(data[half:])


PACKERS: list[tuple[str, Callable[[bytes], bytes]]] = [
    ("", bytes),
    ("identity", bytes),
    ("gzip", gzip.compress),
    ("X-GZIP, identity", gzip.compress),
    ("gzip", two_members),
    ("deflate", zlib.compress),
    ("deflate", raw_deflate),
    ("br", brotli.compress),
    ("zstd", zstandard.compress),
    ("zstd", two_frames),
    ("br, gzip", lambda data: gzip.compress(brotli.compress(data))),
    ("gzip, zstd", lambda data: zstandard.compress(gzip.compress(data))),
]


@given(st.sampled_from(PACKERS), st.binary(max_size=4_000))
def test_what_was_packed_comes_out(packer: tuple[str, Callable[[bytes], bytes]], body: bytes) -> None:
    name, pack = packer
    assert decode(pack(body), name, len(body) + 200) == body


@pytest.mark.parametrize(("name", "pack"), PACKERS)
def test_one_byte_over_the_bound_is_too_large(name: str, pack: Callable[[bytes], bytes]) -> None:
    with pytest.raises(TooLarge):
        decode(pack(bytes(1_000_000)), name, 999_999)


@given(st.sampled_from(PACKERS[2:]), st.binary(min_size=1, max_size=300), st.data())
def test_damage_is_named_and_never_anything_else(
    packer: tuple[str, Callable[[bytes], bytes]], body: bytes, data: st.DataObject
) -> None:
    name, pack = packer
    packed = bytearray(pack(body))
    packed[data.draw(st.integers(0, len(packed) - 1))] ^= data.draw(st.integers(1, 255))
    with contextlib.suppress(Damaged, TooLarge):
        decode(bytes(packed), name, 10_000)
    with pytest.raises(Damaged):
        decode(pack(body)[:-1], name, 10_000)


def test_an_unknown_encoding_is_damage_and_an_empty_body_is_none() -> None:
    for name in ("compress", "gzip, xz", "gzip, gzip, gzip, gzip", "x" * 500):
        with pytest.raises(Damaged, match="cannot be decoded"):
            decode(b"x", name, 100)
    assert decode(b"", "gzip", 100) == b""


def test_what_is_asked_for_is_what_can_be_decoded() -> None:
    asked = {part.partition(";")[0].strip() for part in ACCEPT_ENCODING.split(",")}
    assert asked == {"gzip", "deflate", "br", "zstd"} <= {name for name, _ in PACKERS}


def brotli_bomb() -> bytes:
    machine = brotli.Compressor(quality=1)
    return b"".join(machine.process(bytes(5_000_000)) for _ in range(60)) + machine.finish()


def zstd_bomb() -> bytes:
    machine = zstandard.ZstdCompressor(level=1).compressobj()
    return b"".join(machine.compress(bytes(5_000_000)) for _ in range(60)) + machine.flush()


@pytest.mark.parametrize(
    ("name", "pack"),
    [("br", brotli_bomb), ("zstd", zstd_bomb), ("zstd, zstd", lambda: zstandard.compress(zstd_bomb()))],
)
def test_a_bomb_is_stopped_at_the_bound(name: str, pack: Callable[[], bytes]) -> None:
    body = pack()
    assert len(body) < 100_000
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(TooLarge):
        decode(body, name, 5_000_000)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 60_000  # kB


def test_a_frame_that_asks_for_a_huge_window_is_damage() -> None:
    settings = zstandard.ZstdCompressionParameters(window_log=27, write_content_size=False)
    packed = zstandard.ZstdCompressor(compression_params=settings).compressobj()
    body = packed.compress(bytes(1_000)) + packed.flush()
    with pytest.raises(Damaged, match="memory"):
        decode(body, "zstd", 10_000)


def test_a_body_of_countless_empty_members_is_damage() -> None:
    with pytest.raises(Damaged, match="members"):
        decode(gzip.compress(b"") * 100_000, "gzip", 5_000_000)
    with pytest.raises(Damaged, match="frames"):
        decode(zstandard.compress(b"") * 100_000, "zstd", 5_000_000)
