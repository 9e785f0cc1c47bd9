"""Pairs written by hand for training: `data/own/*.jsonl`, one passage a line with claims about it.

A line is `{"passage": …, "claims": [[label, what was changed, claim], …]}`; the file's name before its last
underscore tells the kind, `news_ar.jsonl` being news in Arabic. Everything in them is made up, and none of
it is installed with the package: only training reads it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

FOLDER = Path(__file__).parent / "data" / "own"
_SCRIPTS = (("ar", re.compile(r"[\u0621-\u064a]")), ("ru", re.compile(r"[\u0400-\u04ff]")))


def own_rows() -> Iterator[dict[str, str]]:
    """All pairs, in the shape of the shared sets' rows; `dataset` is `own_` and the kind."""
    for path in sorted(FOLDER.glob("*.jsonl")):
        kind = path.stem.rpartition("_")[0]
        for number, line in enumerate(path.read_text("utf-8").splitlines()):
            told = json.loads(line)
            for place, (label, _, claim) in enumerate(told["claims"]):
                yield {
                    "id": f"{path.stem}-{number}-{place}",
                    "dataset": f"own_{kind}",
                    "lang": next((lang for lang, letters in _SCRIPTS if letters.search(claim)), "en"),
                    "claim": claim,
                    "evidence": told["passage"],
                    "label": label,
                }
