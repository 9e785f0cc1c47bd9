"""Letters: one folded form for text that means the same, with the way back to the exact offsets."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

# Written differently, meant the same: final and Persian ya, ta marbuta and ha, Persian kaf, quotes, dashes
_SAME = str.maketrans(
    {
        "ى": "ي", "ی": "ي", "ې": "ي", "ے": "ي", "ة": "ه", "ۀ": "ه", "ە": "ه", "ہ": "ه", "ک": "ك", "ٱ": "ا",
        "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‟": '"', "＂": '"',
        "‘": "'", "’": "'", "‚": "'", "‛": "'", "`": "'", "´": "'",
        "–": "-", "—": "-", "−": "-", "‐": "-", "‑": "-", "‒": "-",
        "٪": "%", "٫": ".", "،": ",", "؛": ";", "؟": "?", "ё": "е",
    }
)  # fmt: skip
_KEEP_COMPOSED = frozenset("йЙ")  # a letter of its own, though Unicode takes it apart
_ARABIC = re.compile(r"[\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufeff]")
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_LATIN = re.compile(r"[\u0000-\u024f]")


def _fold_letter(letter: str) -> str:
    """The folded form of one code point: empty for marks, tatweel and invisible signs."""
    if letter in _KEEP_COMPOSED:
        return letter.lower()
    if letter == "\u0640" or unicodedata.category(letter) in ("Mn", "Me", "Cf"):
        return ""
    if letter.isdecimal():
        return str(unicodedata.decimal(letter))
    out = []
    for part in unicodedata.normalize("NFKD", letter.translate(_SAME)):
        if unicodedata.category(part) in ("Mn", "Me", "Cf") or part == "\u0640":
            continue
        out.append(part.translate(_SAME))
    return "".join(out).lower()


class _Folding(dict[int, str]):
    """The folded form of every code point seen so far, for `str.translate`; `uneven` are those that do not
    give exactly one letter."""

    def __init__(self) -> None:
        super().__init__()
        self.uneven: set[str] = set()

    def __missing__(self, code: int) -> str:
        letter = chr(code)
        folded = self[code] = _fold_letter(letter)
        if len(folded) != 1:
            self.uneven.add(letter)
        return folded


_FOLDING = _Folding()  # grows to the letters in use, at most all of Unicode


@dataclass(frozen=True, slots=True)
class Folded:
    """Folded text; `starts[i]` is the offset in the original of the letter that gave `text[i]`."""

    text: str
    starts: Sequence[int]
    length: int  # of the original

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The stretch of the original that gave `text[start:end]`, marks that follow included."""
        if start >= end:
            at = self.starts[start] if start < len(self.starts) else self.length
            return at, at
        last = self.starts[end - 1]
        following = end
        while following < len(self.starts) and self.starts[following] == last:
            following += 1
        return self.starts[start], self.starts[following] if following < len(self.starts) else self._tail(
            last
        )

    def _tail(self, last: int) -> int:
        return self.length if self.length > last else last + 1

    def position(self, offset: int) -> int:
        """The place in the folded text of an offset in the original."""
        return bisect_right(self.starts, offset - 1)


def fold(text: str) -> str:
    """The text in lower case, without marks, tatweel and bidi signs, digits in ASCII, variants made one."""
    return text.translate(_FOLDING)


def fold_with_offsets(text: str) -> Folded:
    """`fold` with the way back to the original offsets."""
    folded = text.translate(_FOLDING)
    if _FOLDING.uneven.isdisjoint(text):
        return Folded(folded, range(len(text)), len(text))
    starts: list[int] = []
    reach = 0
    for at in [at for at, letter in enumerate(text) if letter in _FOLDING.uneven]:
        starts.extend(range(reach, at))
        starts.extend([at] * len(_FOLDING[ord(text[at])]))
        reach = at + 1
    starts.extend(range(reach, len(text)))
    return Folded(folded, starts, len(text))


def script_share(text: str) -> dict[str, float]:
    """The share of Arabic, Cyrillic and Latin letters among all letters of the text."""
    letters = "".join(filter(str.isalpha, text))
    counts = {
        "arabic": len(_ARABIC.findall(letters)),
        "cyrillic": len(_CYRILLIC.findall(letters)),
        "latin": len(_LATIN.findall(letters)),
    }
    return {name: count / len(letters) if letters else 0.0 for name, count in counts.items()}
