"""Sentence vectors across languages, behind one small interface so that the engine can be changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
WIDTH = 384
MODEL = Path(__file__).parent / "model"
_LONGEST = 700  # letters; a sentence seldom has more
_MOST_PIECES = 512  # the model has no places for more
_TOGETHER = 8  # texts in one pass; more do not stay in the processor's cache
_THREADS = 2  # passes at one time
_REMEMBERED = 200_000  # texts, of 1.5 kB each
_CPU = Path("/proc/cpuinfo")


class Embedder(Protocol):
    """Anything that turns texts into vectors of length one."""

    name: str

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One row of length one for each text."""


class E5Embedder:
    """multilingual-e5-small in eight bits, from files that come with the package: 384 numbers a text.

    Arabic, English, Russian and Persian share one space. Vectors are remembered by text, so a page that
    many claims look at is embedded once a run.
    """

    name = "multilingual-e5-small/int8"

    def __init__(self) -> None:
        self._known: dict[str, NDArray[np.float32]] = {}

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One row of length one for each text, bit for bit the same for the same text in any batch."""
        missing = {text for text in texts if text not in self._known}
        if len(self._known) + len(missing) > _REMEMBERED:
            self._known.clear()
            missing = set(texts)
        wanted = sorted(missing)
        rows = run_model(session("embedder.onnx"), [_ids(text) for text in wanted]) if wanted else ()
        self._known.update(zip(wanted, rows, strict=True))
        return np.stack([self._known[text] for text in texts]) if texts else np.zeros((0, WIDTH), np.float32)


def run_model(model: Any, texts: Sequence[Sequence[int]]) -> NDArray[np.float32]:
    """One row of the model's numbers for each text, given as ids of pieces.

    Texts of one length go together, never padded, so that what is beside a text cannot change its numbers.
    """
    by_length: dict[int, list[int]] = defaultdict(list)
    for at, ids in enumerate(texts):
        by_length[len(ids)].append(at)
    passes = [
        places[start : start + _TOGETHER]
        for places in by_length.values()
        for start in range(0, len(places), _TOGETHER)
    ]

    def run(places: Sequence[int]) -> NDArray[np.float32]:
        (found,) = model.run(None, {"ids": np.array([texts[at] for at in places], np.int64)})
        return np.asarray(found, np.float32)

    rows: list[NDArray[np.float32]] = [np.zeros(0, np.float32)] * len(texts)
    # Two passes side by side take two thirds of the time of one pass after another on two threads each. The
    # threads end with the call: a process forked later would wait for ever for those it did not inherit.
    with ThreadPoolExecutor(_THREADS, thread_name_prefix="model") as threads:
        for places, found in zip(passes, threads.map(run, passes), strict=True):
            for at, row in zip(places, found, strict=True):
                rows[at] = row
    return np.stack(rows)


@cache
def session(file: str) -> Any:
    """The model of this name among the files of the package, loaded once; a pass takes one thread."""
    import onnxruntime  # a tenth of a second, only when it is needed

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    if not adds_in_full(_CPU):
        # It halves the speed of a processor that does not need it, and changes none of its bits.
        options.add_session_config_entry("session.x64quantprecision", "1")
    return onnxruntime.InferenceSession(MODEL / file, options, providers=["CPUExecutionProvider"])


def adds_in_full(cpu: Path) -> bool:
    """Whether the processor is known to have dot products of eight bits (VNNI).

    Others add in sixteen bits, which overflow; told not to, they give what these give, but for rounding.
    """
    return bool({"avx512_vnni", "avx_vnni"} & processor_words(cpu))


def processor_words(cpu: Path = _CPU) -> frozenset[str]:
    """What Linux tells of the processor, word by word; nothing on other systems."""
    try:
        return frozenset(cpu.read_text(encoding="ascii", errors="replace").split())
    except OSError:
        return frozenset()


@cache
def tokenizer() -> Any:
    """The tokenizer that all models of the package share, which cuts nothing off."""
    from tokenizers import Tokenizer

    return Tokenizer.from_file(str(MODEL / "tokenizer.json"))


def _ids(text: str) -> list[int]:
    clean = text[:_LONGEST].encode("utf-8", "replace").decode("utf-8")  # a lone surrogate has no UTF-8
    # The model was taught to be told what a text is for; "query" suits texts compared with each other.
    ids: list[int] = tokenizer().encode(f"query: {clean}").ids
    return ids if len(ids) <= _MOST_PIECES else [*ids[: _MOST_PIECES - 1], ids[-1]]


@cache
def default_embedder() -> E5Embedder:
    """The embedder of this process."""
    return E5Embedder()
