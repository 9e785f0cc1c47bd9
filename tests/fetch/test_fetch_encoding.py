"""Bodies unpack to what was packed and never to more than the bound."""

from __future__ import annotations

import contextlib
import gzip
import zlib
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.fetch.encoding import ACCEPT_ENCODING, Damaged, TooLarge, decode


def raw_deflate(data: bytes) -> bytes:
    machine = zlib.compressobj(wbits=-15)
    return machine.compress(data) + machine.flush()


def two_members(data: bytes) -> bytes:
    half = len(data) // 2
    return gzip.compress(data[:half]) + gzip.compress(data[half:])


PACKERS: list[tuple[str, Callable[[bytes], bytes]]] = [
    ("", bytes),
    ("identity", bytes),
    ("gzip", gzip.compress),
    ("X-GZIP, identity", gzip.compress),
    ("gzip", two_members),
    ("deflate", zlib.compress),
    ("deflate", raw_deflate),
]
if "br" in ACCEPT_ENCODING:
    import brotli

    PACKERS.append(("br", brotli.compress))


@given(st.sampled_from(PACKERS), st.binary(max_size=4_000))
def test_what_was_packed_comes_out(packer: tuple[str, Callable[[bytes], bytes]], body: bytes) -> None:
    name, pack = packer
    assert decode(pack(body), name, len(body)) == body


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
    for name in ("zstd", "compress", "gzip, gzip", "x" * 500):
        with pytest.raises(Damaged, match="cannot be decoded"):
            decode(b"x", name, 100)
    assert decode(b"", "gzip", 100) == b""


def test_a_body_of_countless_empty_members_is_damage() -> None:
    with pytest.raises(Damaged, match="members"):
        decode(gzip.compress(b"") * 100_000, "gzip", 5_000_000)
