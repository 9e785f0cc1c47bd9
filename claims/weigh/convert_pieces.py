"""The pieces that the shipped models keep of the 250,000 of multilingual-e5-small, and their tokenizer.

A piece that is left out is spelt with shorter ones; letters of the scripts below are never left out.
"""

from __future__ import annotations

import gzip
import json
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from claims.weigh.convert_reader import Source

PIECES = 70_000
_SPECIAL = ("<s>", "<pad>", "</s>", "<unk>")
_RUSSIAN = frozenset("абвгдеёжзийклмнопрстуфхцчшщъыьэюя")
_LATIN = frozenset("abcdefghijklmnopqrstuvwxyzàâæçéèêëîïôœùûüÿ")
_SCRIPTS = ("ARABIC", "LATIN", "CYRILLIC")
_SPACE = "[\t\n\f\r\u1680\u200b-\u200f\u2028\u2029\u2581\ufeff\ufffd]"
_NOTHING = "[\x01-\x08\x0b\x0e-\x1f\x7f\x8f\x9f]"


def choose_pieces(source: Source, folder: Path) -> list[str]:
    """The pieces kept, in the order of the source, chosen with the texts under a folder.

    Kept are: every letter, digit and sign of our scripts; every piece that the texts use twice; every piece
    in the letters of Arabic, Persian, Urdu and Russian; then, by how probable the source holds them, pieces
    in the letters of English and French until there are `PIECES`.
    """
    seen: Counter[str] = Counter()
    tokenizer = _tokenizer(source.pieces, source)
    batch: list[str] = []
    for text in _texts(folder):
        batch.append(text[:20_000])
        if len(batch) == 512:
            for encoding in tokenizer.encode_batch(batch, add_special_tokens=False):
                seen.update(encoding.tokens)
            batch.clear()
    for encoding in tokenizer.encode_batch(batch, add_special_tokens=False):
        seen.update(encoding.tokens)
    kept = {piece for piece in source.pieces if _always(piece) or seen[piece] >= 2}
    for piece, _ in _by_score(source):
        if len(kept) >= PIECES - len(_SPECIAL):
            break
        letters = set(piece.strip("▁").lower())
        if letters and letters <= _LATIN:
            kept.add(piece)
    return [*_SPECIAL, *(piece for piece in source.pieces if piece in kept and piece not in _SPECIAL)]


def tokenizer_json(source: Source, pieces: Sequence[str]) -> str:
    """The tokenizer over these pieces, as the `tokenizers` library reads it; ids are places in the list."""
    text: str = _tokenizer(pieces, source).to_str()
    return text


def stored_pieces(tokenizer: Path) -> list[str]:
    """The pieces of a tokenizer that was written before, in order."""
    return [piece for piece, _ in json.loads(tokenizer.read_text("utf-8"))["model"]["vocab"]]


def _tokenizer(pieces: Sequence[str], source: Source) -> Any:
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors

    score = dict(zip(source.pieces, source.scores.tolist(), strict=True))
    vocabulary = [(piece, score[piece]) for piece in pieces]
    made = Tokenizer(models.Unigram(vocabulary, unk_id=pieces.index("<unk>"), byte_fallback=False))
    made.normalizer = normalizers.Sequence(
        [
            normalizers.Replace(Regex(_NOTHING), ""),
            normalizers.Replace(Regex(_SPACE), " "),
            normalizers.NFKC(),
            normalizers.Replace(Regex(" {2,}"), " "),
        ]
    )
    made.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    ends = [(piece, pieces.index(piece)) for piece in ("<s>", "</s>")]
    made.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>", special_tokens=ends
    )
    return made


def _always(piece: str) -> bool:
    bare = piece.strip("▁")
    if len(bare) <= 1:
        return not bare or _script(bare) in _SCRIPTS or unicodedata.category(bare)[0] in "NPS"
    return _RUSSIAN.issuperset(bare.lower()) or all(_everyday_arabic(letter) for letter in bare)


@cache
def _script(letter: str) -> str:
    return unicodedata.name(letter, "").split(" ")[0]


@cache
def _everyday_arabic(letter: str) -> bool:
    """A letter that Arabic, Persian or Urdu is written with, not one of Uyghur, Kurdish, Sindhi or Pashto."""
    return letter in "پچژگکیہھےۓںٹڈڑۃۂ" or "\u0621" <= letter <= "\u0652"


def _by_score(source: Source) -> list[tuple[str, float]]:
    return sorted(
        zip(source.pieces, source.scores.tolist(), strict=True), key=lambda pair: (-pair[1], pair[0])
    )


def _texts(folder: Path) -> Iterator[str]:
    """Every string of every JSON line under a folder, in the order of the paths."""
    for path in sorted(folder.rglob("*.jsonl*")):
        raw = path.read_bytes()
        text = (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode()
        for line in filter(None, text.split("\n")):
            yield from _strings(json.loads(line))


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item)
    elif isinstance(value, dict):
        for item in value.values():
            yield from _strings(item)
