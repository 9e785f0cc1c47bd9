"""What the worth model sees in a text: features a person can read, and hashed word and letter n-grams.

Both halves work on the folded text, so diacritics, hamza and digits of any script make no difference.
Training and scoring share this module; a change here asks for new weights (`claims.extract.train_worth`).
"""

from __future__ import annotations

import math
import re
import tomllib
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt

from claims.language.embedding import default_embedder
from claims.language.letters import fold, script_share

Head = Literal["ar", "en"]
HEADS: tuple[Head, ...] = ("ar", "en")
BITS = 18
DIMENSIONS = 1 << BITS  # hashed n-grams of a head
VECTOR = 384  # numbers of a sentence embedding
_FIRST = np.array([True])  # the first of sorted places is always new
_LONGEST_WORD = 40  # letters; longer ones are not words
MAX_LETTERS = 4000  # a claim is far shorter; what follows is not read, so no text takes long

PLAIN = "has no sign of a social post"  # the feature of a text without link, hashtag and account

_WORDS_FILE = Path(__file__).parent / "data" / "worth_words.toml"
_LINK = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_TOKEN = re.compile(r"[^\W_]+(?:'[^\W_]+)*|[^\w\s]")
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_DIGITS = re.compile(r"\d+(?:[.,:]\d+)*")
_YEAR = re.compile(r"(?<!\d)(?:1[89]|20)\d\d(?!\d)")
_MONEY_SIGN = re.compile(r"[$€£¥]")
_EMOJI = re.compile("[\u2600-\u27bf\U0001f000-\U0001faff]")
_QUOTE = re.compile(r'"[^"]{3,}"')
_NAME = re.compile(r"(?<=[a-z,;] )[A-Z][\w'’-]+|\b[A-Z]{2,}\b")
_IMPERATIVE = re.compile(
    r"(?:please |do not |don't |just |never )?(?:let|look|listen|join|call|stop|give|help|remember|imagine"
    r"|tell|watch|ask|go|come|vote|share|follow|read|see|think|wait|try|keep|make sure)\b"
)


@dataclass(frozen=True, slots=True)
class Features:
    """What was seen. `read` is name and strength, 0 to 1, of each readable feature that is present."""

    head: Head
    words: tuple[str, ...]  # folded, in order, repeated ones too
    read: dict[str, float]
    places: npt.NDArray[np.int64]  # of n-grams, ascending, each once
    counts: npt.NDArray[np.int64]


def head_of(text: str) -> Head:
    """The head that scores the text: Arabic where its letters prevail over Latin ones."""
    share = script_share(_LINK.sub(" ", text[:MAX_LETTERS]))
    return "ar" if share["arabic"] > share["latin"] else "en"


def features_of(text: str) -> Features:
    """The features of a text, of which at most `MAX_LETTERS` letters are read."""
    text = text[:MAX_LETTERS]
    head = head_of(text)
    bare, links = _LINK.subn(" ", text)
    folded = " ".join(fold(bare).replace("_", " ").split())
    words = _WORD.findall(folded)
    read = {name: strength for name, strength in _readable(text, folded, words, links, head) if strength > 0}
    grams = _hashes(folded, links)
    places = np.fromiter(grams, np.int64, len(grams))
    places.sort()
    firsts = np.flatnonzero(np.concatenate((_FIRST, places[1:] != places[:-1])))[: len(places)]
    counts = np.concatenate((firsts[1:], [len(places)])) - firsts
    return Features(head, tuple(words), read, places[firsts], counts)


def names_of_features() -> tuple[str, ...]:
    """Every readable feature as reasons name it, in the order of the weights."""
    return (*_lexicon("en").says, *_COUNTED)


_COUNTED = (
    "has a number", "has several numbers", "has a year", "has a percentage sign or currency sign",
    "names with capital letters", "is a question", "is exclaimed", "starts like an order", "has an emoji",
    "has a link", "has hashtags", "mentions an account", PLAIN, "quotes speech",
    "is very short", "is short", "is long", "its length", "has dots that trail off",
    "names an actor and a number", "names an actor and a date", "names an actor and a deed",
    "names an actor who says or denies it",
    "has neither number, date, name nor deed",
)  # fmt: skip


def _readable(
    text: str, folded: str, tokens: list[str], links: int, head: Head
) -> Iterable[tuple[str, float]]:
    """Each readable feature with its strength; a second find of the same kind adds to it, a third less."""
    lexicon = _lexicon(head)
    found = dict(zip(lexicon.says, map(_strength, lexicon.count(tokens, head)), strict=True))
    words = len(tokens)
    numbers = len(_DIGITS.findall(folded))
    post = text.count("#") + text.count("@") + links
    capitals = len(_NAME.findall(text)) if head == "en" else 0
    found |= {
        "has a number": float(numbers > 0),
        "has several numbers": float(numbers > 1),
        "has a year": float(bool(_YEAR.search(folded))),
        "has a percentage sign or currency sign": float("%" in folded or bool(_MONEY_SIGN.search(folded))),
        "names with capital letters": _strength(capitals),
        "is a question": float("?" in folded),
        "is exclaimed": _strength(folded.count("!")),
        "starts like an order": float(head == "en" and bool(_IMPERATIVE.match(folded))),
        "has an emoji": _strength(len(_EMOJI.findall(text))),
        "has a link": _strength(links),
        "has hashtags": _strength(text.count("#")),
        "mentions an account": _strength(text.count("@")),
        PLAIN: float(post == 0),
        "quotes speech": float(bool(_QUOTE.search(folded))),
        "is very short": float(words <= 5),
        "is short": float(5 < words <= 10),
        "is long": float(words > 25),
        "its length": min(1.0, math.log1p(words) / math.log1p(60)),
        "has dots that trail off": float(".." in folded or "…" in text),
    }
    number = numbers > 0 or found["has a number in words"] > 0
    dated = found["has a date"] > 0 or found["has a year"] > 0
    actor = found["names an actor"] > 0 or capitals > 0
    deed = found["tells what somebody did"] > 0 or found["tells of a rise or a fall"] > 0
    said = (
        found["has a statement cue"]
        + found["holds a denial or a confirmation"]
        + found["holds an accusation"]
        > 0
    )
    found["names an actor and a number"] = float(actor and number)
    found["names an actor and a date"] = float(actor and dated)
    found["names an actor and a deed"] = float(actor and deed)
    found["names an actor who says or denies it"] = float(actor and said)
    found["has neither number, date, name nor deed"] = float(not (number or dated or actor or deed))
    return found.items()


def _strength(count: int) -> float:
    """Nothing for none, half for one, all of it for three."""
    return min(1.0, math.log2(1 + count) / 2) if count else 0.0


def _hashes(folded: str, links: int) -> list[int]:
    """Places of words and of pairs of words, and of the letters within each word."""
    tokens = _TOKEN.findall(folded) + ["<link>"] * min(links, 1)
    pairs = zip(["^", *tokens], [*tokens, "$"], strict=True)
    places = [_place(f"p{first} {second}") for first, second in pairs]
    for token in tokens:
        places += places_of_word(token)
    return places


@lru_cache(maxsize=50_000)
def places_of_word(word: str) -> tuple[int, ...]:
    """Places of a folded word itself and of its runs of 2 to 5 letters, its edges marked."""
    edged = f" {word[:_LONGEST_WORD]} "
    runs = [edged[at : at + n] for n in range(2, 6) for at in range(max(1, len(edged) - n + 1))]
    return (_place(f"w{word}"), *(_place(f"c{run}") for run in runs))


def _place(gram: str) -> int:
    """The place of an n-gram among `DIMENSIONS`; the same on every machine and in every run."""
    return zlib.crc32(gram.encode("utf-8", "replace")) & (DIMENSIONS - 1)


def vectors_of(texts: Sequence[str]) -> npt.NDArray[np.float64]:
    """One row of 384 numbers for each text: its meaning, as multilingual-e5-small sees it.

    Links and the signs of hashtags are left out. Rows depend on their own text alone.
    """
    bare = [_LINK.sub(" ", text[:MAX_LETTERS]).replace("#", " ").replace("_", " ") for text in texts]
    return default_embedder().embed([" ".join(text.split()) for text in bare]).astype(np.float64)


@dataclass(frozen=True, slots=True)
class _Lexicon:
    """The word lists of a language: entries by their first word, and the entries that end in an asterisk."""

    says: tuple[str, ...]  # the feature of each list
    entries: dict[str, tuple[tuple[int, tuple[str, ...]], ...]]  # first word: list and further words
    beginnings: tuple[tuple[str, int], ...]

    def count(self, words: list[str], head: Head) -> list[int]:
        """How many words or phrases of each list occur in the words of a text."""
        counts = [0] * len(self.says)
        for at, word in enumerate(words):
            certain, phrases = _begun_by(head, word)
            hits = certain
            for which, rest in phrases:
                following = words[at + 1 : at + 1 + len(rest)]
                if len(following) == len(rest) and all(
                    part in _forms(head, next_) for part, next_ in zip(rest, following, strict=True)
                ):
                    hits = hits | {which}
            for which in hits:
                counts[which] += 1
        return counts


@lru_cache(maxsize=50_000)
def _begun_by(head: Head, word: str) -> tuple[frozenset[int], tuple[tuple[int, tuple[str, ...]], ...]]:
    """The lists that hold the word itself or a beginning of it, and the phrases that it may open."""
    lexicon, certain, phrases = _lexicon(head), set[int](), []
    for form in _forms(head, word):
        certain |= {which for start, which in lexicon.beginnings if form.startswith(start)}
        for which, rest in lexicon.entries.get(form, ()):
            if rest:
                phrases.append((which, rest))
            else:
                certain.add(which)
    return frozenset(certain), tuple(phrases)


@cache
def _lexicon(head: Head) -> _Lexicon:
    tables = tomllib.loads(_WORDS_FILE.read_text(encoding="utf-8"))
    entries: dict[str, list[tuple[int, tuple[str, ...]]]] = {}
    beginnings: list[tuple[str, int]] = []
    for which, table in enumerate(tables.values()):
        for entry in table[head]:
            first, *rest = fold(entry).split()
            if first.endswith("*"):
                beginnings.append((first.rstrip("*"), which))
            else:
                entries.setdefault(first, []).append((which, tuple(rest)))
    says = tuple(str(table["says"]) for table in tables.values())
    return _Lexicon(says, {first: tuple(found) for first, found in entries.items()}, tuple(beginnings))


@lru_cache(maxsize=50_000)
def _forms(head: Head, word: str) -> tuple[str, ...]:
    """A word as written; an Arabic one also without the particles and the article joined to its front."""
    if head == "en":
        return (word,)
    forms = [word]
    if len(word) > 3 and word[0] in "وف":
        forms.append(word[1:])
    for form in tuple(forms):
        if len(form) > 4 and form[0] in "بك" and form[1:3] == "ال":
            forms.append(form[3:])
        if len(form) > 4 and form[:2] in ("ال", "لل"):
            forms.append(form[2:])
        if len(form) > 3 and form[0] in "بلك":
            forms.append(form[1:])
    return tuple(forms)
