"""The stance model: does a passage support or refute a claim, as a fine-tuned cross-encoder sees it.

`claims/language/model/STANCE.md` says what it learned from and how often it is right.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from claims.language.embedding import MODEL, run_model, session, tokenizer

_FILE = "stance.onnx"
_LONGEST = (500, 900)  # letters of a claim and of a passage
_MOST_PIECES = 256
_REMEMBERED = 100_000  # pairs


class StanceModel:
    """Shares for (claim, passage) pairs in Arabic, English and Russian, also across languages.

    Its `name` has the first digits of the file's SHA-256: a verdict tells by which weights it was reached,
    and what was decided by others is weighed anew.
    """

    def __init__(self) -> None:
        self.name = f"stance/{hashlib.sha256((MODEL / _FILE).read_bytes()).hexdigest()[:8]}"
        self._known: dict[tuple[str, str], NDArray[np.float32]] = {}

    def shares(self, pairs: Sequence[tuple[str, str]]) -> NDArray[np.float32]:
        """One row (supports, refutes, neutral) that sums to 1 for each pair, the same bits in any batch."""
        if not pairs:
            return np.zeros((0, 3), np.float32)
        missing = {pair for pair in pairs if pair not in self._known}
        if len(self._known) + len(missing) > _REMEMBERED:
            self._known.clear()
            missing = set(pairs)
        wanted = sorted(missing)
        rows = run_model(session(_FILE), [_ids(*pair) for pair in wanted]) if wanted else ()
        self._known.update(zip(wanted, rows, strict=True))
        return np.stack([self._known[pair] for pair in pairs])


def _ids(claim: str, passage: str) -> list[int]:
    texts = [
        text[:most].encode("utf-8", "replace").decode("utf-8")  # a lone surrogate has no UTF-8
        for text, most in zip((claim, passage), _LONGEST, strict=True)
    ]
    ids: list[int] = tokenizer().encode(*texts).ids
    return ids if len(ids) <= _MOST_PIECES else [*ids[: _MOST_PIECES - 1], ids[-1]]


@cache
def default_stance_model() -> StanceModel:
    """The stance model of this process."""
    return StanceModel()
