"""The parts that texts are compared by, worked out once for each text and kept between runs."""

from __future__ import annotations

import hashlib
import os
import secrets
import zipfile
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from claims.language.embedding import WIDTH, Embedder
from claims.language.letters import fold

_GRAMS = (3, 4, 5)
_LONGEST = 2_000  # letters that are looked at
_TOGETHER = 2_000  # texts in one file, so that a run that is cut short keeps what it did
_FORMAT = "1"
_MARKS = str.maketrans(dict.fromkeys('“”„«»"‘’‚‹›`', "'"))

Codes = NDArray[np.uint32]
Counts = NDArray[np.uint16]
Terms = tuple[Codes, Counts]


@dataclass(frozen=True, slots=True)
class Parts:
    """A text taken apart: runs of letters with their counts, and its meaning.

    `vectors` has three rows: the whole, its first line (a title) and its last (the claim); where a text
    has one line only, they are the same.
    """

    grams: Terms
    vectors: NDArray[Any]


class Kept:
    """Parts of texts in a folder: files that are added, never changed, each of which may be removed.

    A text is found by its own hash, so any list of known claims uses what any other left here.
    """

    def __init__(self, folder: Path | None, embedder: Embedder) -> None:
        """Nothing is kept where `folder` is None."""
        self._folder = folder
        self._embedder = embedder

    def parts(self, texts: Sequence[str]) -> list[Parts]:
        """The parts of each text. Those that were not there are worked out, and kept."""
        keys = [self._key(text) for text in texts]
        found = self._read(set(keys))
        missing = list(dict.fromkeys(text for key, text in zip(keys, texts, strict=True) if key not in found))
        for start in range(0, len(missing), _TOGETHER):
            some = missing[start : start + _TOGETHER]
            made = dict(zip(map(self._key, some), take_apart(some, self._embedder), strict=True))
            self._keep(made)
            found |= made
        return [found[key] for key in keys]

    def _key(self, text: str) -> bytes:
        whole = "\n".join((_FORMAT, self._embedder.name, *_lines(text)))
        return hashlib.sha256(whole.encode("utf-8", "surrogatepass")).digest()[:16]

    def _read(self, wanted: set[bytes]) -> dict[bytes, Parts]:
        found: dict[bytes, Parts] = {}
        for path in sorted(self._folder.glob("*.npz")) if self._folder else ():
            try:
                with np.load(path, allow_pickle=False) as file:
                    found |= _unpacked(file, wanted)
            except (OSError, ValueError, KeyError, IndexError, EOFError, zipfile.BadZipFile):
                path.unlink(missing_ok=True)  # damaged; it only saves work
        return found

    def _keep(self, made: dict[bytes, Parts]) -> None:
        if self._folder is None:
            return
        building = self._folder / f".{os.getpid()}-{secrets.token_hex(4)}.tmp"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with building.open("wb") as file:
                np.savez(file, **_packed(made))
            building.replace(building.with_name(building.name[1:-4] + ".npz"))
        except OSError:  # a full or foreign disk: the next run works it out again
            with suppress(OSError):
                building.unlink()


def take_apart(texts: Sequence[str], embedder: Embedder) -> list[Parts]:
    """The parts of each text, worked out together."""
    lines = [_lines(text) for text in texts]
    whole = [" ".join(item) for item in lines]
    wanted = [*whole, *(item[0] for item in lines), *(item[-1] for item in lines)]
    vectors = embedder.embed(wanted).astype(np.float16).reshape(3, len(texts), WIDTH)
    return [Parts(terms_of(text), vectors[:, number]) for number, text in enumerate(whole)]


def _lines(text: str) -> list[str]:
    """The lines that hold something, with quotation marks of one kind: claims are copied with any."""
    lines = [line.translate(_MARKS).strip() for line in text.splitlines()]
    return [line for line in lines if line] or [""]


def terms_of(text: str) -> Terms:
    """The runs of letters of a text, counted."""
    counted = Counter(crc32(gram.encode("utf-8", "surrogatepass")) for gram in _grams(text))
    codes = np.fromiter(counted.keys(), np.uint32, len(counted))
    counts = np.fromiter((min(n, 60_000) for n in counted.values()), np.uint16, len(counted))
    return codes, counts


def words_of(text: str) -> list[str]:
    """The words of a text, folded."""
    folded = fold(text[:_LONGEST])
    return "".join(letter if letter.isalnum() else " " for letter in folded).split()


def _grams(text: str) -> Iterable[str]:
    """The runs of three to five letters of each word, with the spaces around it."""
    for word in words_of(text):
        padded = f" {word} "
        for size in _GRAMS:
            for start in range(max(len(padded) - size + 1, 0)):
                yield padded[start : start + size]


def _packed(made: dict[bytes, Parts]) -> dict[str, Any]:
    parts = list(made.values())
    return {
        "keys": np.frombuffer(b"".join(made), np.uint8).reshape(-1, 16),
        "vectors": np.stack([part.vectors for part in parts]),
        "sizes": np.array([len(part.grams[0]) for part in parts], np.uint32),
        "codes": np.concatenate([part.grams[0] for part in parts]),
        "counts": np.concatenate([part.grams[1] for part in parts]),
    }


def _unpacked(file: Any, wanted: set[bytes]) -> dict[bytes, Parts]:
    keys, vectors, codes, counts = (file[name] for name in ("keys", "vectors", "codes", "counts"))
    ends = np.cumsum(file["sizes"].astype(np.int64))
    whole = len(keys) == len(ends) > 0 and ends[-1] == len(codes) == len(counts)
    if not whole or vectors.shape != (len(keys), 3, WIDTH):
        raise ValueError("cut short, or of another kind")
    grams = zip(np.split(codes, ends[:-1]), np.split(counts, ends[:-1]), strict=True)
    return {
        key: Parts(one, vectors[at])
        for at, (key, one) in enumerate(zip(map(bytes, keys), grams, strict=True))
        if key in wanted
    }
