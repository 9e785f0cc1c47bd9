"""What the quote tagger sees: words with exact offsets, and hashed features of words, alone and beside a cue.

Every feature is a place in a table of weights. Places are computed on whole arrays, so a text costs time in
proportion to its length. Training and tagging share this module; a change here asks for new weights
(`claims.extract.train_quotes`).
"""

from __future__ import annotations

import re
import tomllib
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from claims.language.cues import cues
from claims.language.letters import fold
from claims.language.sentences import split_sentences

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float32]
Places = npt.NDArray[np.int32]

BITS = 17
PLACES = 1 << BITS  # of each table of weights
LONGEST_SENTENCE = 160  # words; what is longer is read in pieces
AFTER = 2  # sentences after that of a cue in which a quotation may go on
_LONGEST_WORD = 40  # letters; longer ones are not words
_TOKEN = re.compile(  # "''" is a quotation mark of some agencies; a run of marks of one sort is one token
    r"""\d+(?:[.,]\d+)+|\w+(?:[-.&]\w+)*(?:['’](?:t|re|ve|ll|d|m)\b)?|['’]s\b|''+|["“”«»„]+|[()\[\]]+|['’‘`]|[^\w\s"“”«»„()\[\]'’‘`]+""",
    re.IGNORECASE,
)
_QUOTES = ('"', "''")
_SEPARATORS = frozenset({",", ";", ":", "-", "(", ")", "--"})
_WORDS = {
    name: tuple(words.split())
    for name, words in tomllib.loads(
        (Path(__file__).parent / "data" / "quote_words.toml").read_text(encoding="utf-8")
    ).items()
}
_PRONOUNS, _SUBORDINATORS = frozenset(_WORDS["pronouns"]), frozenset(_WORDS["subordinators"])
_CLOSED = frozenset(_WORDS["closed"]) | _PRONOUNS
_ENDINGS = _WORDS["endings"]
_OF_A_WORD = (  # what of `Tokens` a word has by itself, in the order of `_describe`
    "form", "stem", "suffix", "sort", "shape", "mode",
    "is_quote", "is_separator", "is_subordinator", "is_pronoun", "is_name",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tokens:
    """The words and marks of a text as arrays of one length: offsets, hashes, marks, counts."""

    start: Ints
    end: Ints
    form: Ints
    stem: Ints
    suffix: Ints
    sort: Ints  # a closed-class word itself, else capitals and ending
    shape: Ints
    mode: Ints  # by the list of reporting verbs it is in
    is_quote: Ints
    is_separator: Ints
    is_subordinator: Ints
    is_pronoun: Ints
    is_name: Ints
    inside: Ints  # 1 within a quotation
    sentence: Ints
    paragraph: Ints
    sentence_start: Ints  # index of the first and the last but one token of each sentence
    sentence_end: Ints

    def __len__(self) -> int:
        return len(self.start)


def read_tokens(text: str) -> Tokens:
    """The words and marks of a text in order; `text[start:end]` is each of them."""
    words: dict[str, int] = {}
    ids: list[int] = []
    starts: list[int] = []
    ends: list[int] = []
    for match in _TOKEN.finditer(text):
        ids.append(words.setdefault(match.group(), len(words)))
        starts.append(match.start())
        ends.append(match.end())
    start, end = np.array(starts, dtype=np.int64), np.array(ends, dtype=np.int64)
    sentences = split_sentences(text.replace("''", '" '))
    opens = np.array([s.start for s in sentences], dtype=np.int64)
    known = np.array([_describe(word) for word in words], dtype=np.int64).reshape(-1, len(_OF_A_WORD))
    of_words = dict(zip(_OF_A_WORD, known[np.array(ids, dtype=np.int64)].T, strict=True))
    whole = np.maximum(np.searchsorted(opens, start, side="right") - 1, 0)
    paragraph = np.array([s.paragraph for s in sentences] or [0], dtype=np.int64)[whole]
    inside = _inside(text, start, of_words["is_quote"], paragraph)
    begins = np.diff(whole, prepend=-1) != 0
    begins[_after_quotations(text, start, of_words["is_quote"], inside)] = True
    since = np.arange(len(start)) - np.maximum.accumulate(np.where(begins, np.arange(len(start)), 0))
    begins |= since % LONGEST_SENTENCE == 0
    edges = np.append(np.flatnonzero(begins), len(start))
    return Tokens(
        start=start,
        end=end,
        inside=inside,
        sentence=np.cumsum(begins) - 1,
        paragraph=paragraph,
        sentence_start=edges[:-1],
        sentence_end=edges[1:],
        **of_words,
    )


@lru_cache(maxsize=50_000)
def _describe(word: str) -> tuple[int, ...]:
    """What is known of a word by itself, in the order of `_OF_A_WORD`."""
    word = word[:_LONGEST_WORD]
    form = word.lower() if word.isascii() else fold(word).strip() or word[:1]
    if form == "n't":
        form = "not"
    is_word = form[0].isalnum()
    capital = word[0].isupper()
    ending = next((e for e in _ENDINGS if len(form) > len(e) + 2 and form.endswith(e)), "")
    if form in _CLOSED or not is_word:
        sort = form
    elif word[0].isdigit():
        sort = "<number>"
    else:
        sort = f"<{'X' if capital else 'x'}{ending}>"
    shape = f"{capital:d}{word.isupper():d}{word[-1].isdigit():d}{'-' in word:d}{min(len(word), 4)}"
    return (
        _hash(form), _hash(_stem(form)), _hash(form[-3:]), _hash(sort), _hash(shape),
        _hash(cues("en").modes.get(form, "")),
        form.startswith(_QUOTES), form in _SEPARATORS, form in _SUBORDINATORS, form in _PRONOUNS,
        capital and form not in _CLOSED,
    )  # fmt: skip


def _stem(form: str) -> str:
    """A verb's form without its ending, so that "claims", "claimed" and "claiming" are one."""
    for ending in ("ies", "ied", "ing", "ed", "es", "s", "e"):
        if form.endswith(ending) and len(form) - len(ending) >= 3:
            stem = form[: -len(ending)]
            if ending in ("ing", "ed") and len(stem) > 3 and stem[-1] == stem[-2] and stem[-1] not in "ls":
                stem = stem[:-1]
            return stem + "y" if ending in ("ies", "ied") else stem.removesuffix("e")
    return form


def _hash(text: str) -> int:
    return zlib.crc32(text.encode("utf-8", "replace"))


def _inside(text: str, start: Ints, is_quote: Ints, paragraph: Ints) -> Ints:
    """1 for each token that stands within a quotation, marks included; a paragraph's end closes all."""
    change = np.zeros(len(start) + 1, dtype=np.int64)
    opened, at_paragraph = -1, -1
    marks = np.flatnonzero(is_quote)
    for i, place, which in zip(marks.tolist(), start[marks].tolist(), paragraph[marks].tolist(), strict=True):
        if which != at_paragraph:
            opened, at_paragraph = -1, which
        mark = text[place]
        if opened < 0:
            if mark not in "”»":
                opened = i
        elif mark in "”»" or not (mark in "“«„" or text[place - 1] in " \n("):
            change[opened] += 1
            change[i + 1] -= 1
            opened = -1
    return np.cumsum(change)[:-1]


def _after_quotations(text: str, start: Ints, is_quote: Ints, inside: Ints) -> list[int]:
    """The tokens that begin a sentence after a quotation that ends with a full stop."""
    closing = np.flatnonzero((is_quote[:-1] & inside[:-1]) > 0)
    return [
        i + 1
        for i, at, following in zip(
            closing.tolist(), start[closing].tolist(), start[closing + 1].tolist(), strict=True
        )
        if at and text[at - 1] == "." and (text[following].isupper() or text[following] in "“\"'")
    ]


def _mix(template: int, *parts: Ints) -> Places:
    """The place in the table of one feature for each row of the parts."""
    value = np.full(len(parts[0]), template * 0x9E3779B97F4A7C15 & (1 << 64) - 1, dtype=np.uint64)
    for part in parts:
        value = (value ^ part.astype(np.uint64)) * np.uint64(0xBF58476D1CE4E5B9)
        value ^= value >> np.uint64(29)
    return (value >> np.uint64(64 - BITS - 5) & np.uint64(PLACES - 1)).astype(np.int32)


def _near(values: Ints, offset: int) -> Ints:
    """Each token's neighbour's value; zero beyond the ends of the text."""
    out = np.zeros_like(values)
    if offset < 0:
        out[-offset:] = values[:offset]
    elif offset > 0:
        out[:-offset] = values[offset:]
    else:
        out = values
    return out


def _ahead(marks: Ints, limit: int) -> Ints:
    """How many tokens later the next marked one comes, at most `limit`."""
    index = np.arange(len(marks))
    places = np.where(marks > 0, index, len(marks) + limit)
    following = np.minimum.accumulate(places[::-1])[::-1]
    return np.minimum(following - index, limit)


def _behind(marks: Ints, limit: int) -> Ints:
    return _ahead(marks[::-1], limit)[::-1]


def _bucket(distance: Ints) -> Ints:
    """Distances with their sign: exact to 4, then ever coarser."""
    size = np.abs(distance)
    coarse = np.where(size <= 4, size, np.searchsorted(np.array([6, 9, 13, 18, 25, 40]), size) + 5)
    return np.asarray(np.sign(distance) * coarse, dtype=np.int64)


def cue_features(t: Tokens) -> Iterator[Places]:
    """What is seen of each token as a possible cue: feature by feature, its place for every token."""
    f, s, p = t.form, t.stem, t.sort
    f1, f2, b1, b2 = _near(f, 1), _near(f, 2), _near(f, -1), _near(f, -2)
    p1, p2, q1, q2 = _near(p, 1), _near(p, 2), _near(p, -1), _near(p, -2)
    r1 = _near(s, -1)
    subject = t.is_pronoun | t.is_name
    quote_ahead = np.minimum(_ahead(t.is_quote, 12), 12) // 2
    quote_behind = np.minimum(_behind(t.is_quote, 8), 8) // 2
    that_ahead = _ahead((f == _hash("that")).astype(np.int64), 5)
    subject_behind = _behind(subject, 5)
    pronoun_behind = _behind(t.is_pronoun, 4)
    quoted = np.add.reduceat(t.is_quote, t.sentence_start)[t.sentence] if len(t) else t.is_quote
    has_quote = np.minimum(quoted, 2)
    from_start = np.minimum(np.arange(len(t)) - t.sentence_start[t.sentence], 6)
    to_end = np.minimum(t.sentence_end[t.sentence] - np.arange(len(t)), 4)
    title = (t.paragraph == 0).astype(np.int64)
    opening = f[t.sentence_start[t.sentence]]
    features: tuple[tuple[Ints, ...], ...] = (
        (f,), (s,), (t.suffix,), (p,), (t.shape, from_start == 0), (f1,), (b1,), (f2,), (b2,), (p1,),
        (q1,), (b1, f), (f, f1), (s, f1), (s, p1), (q1, s), (q1, p, p1), (q2, q1, p), (p, p1, p2),
        (f, f1, f2), (s, t.inside, has_quote), (q1, s, p1), (r1, s), (s, f2), (s, quote_ahead),
        (s, quote_behind), (s, that_ahead), (s, subject_behind), (p, subject_behind, that_ahead),
        (p, from_start, to_end), (t.mode, quote_ahead, quote_behind), (t.mode, q1, p1), (p, t.inside),
        (p, q1, title), (opening, s), (t.suffix, q1, p1), (pronoun_behind, s), (b2, b1, f),
        (p, pronoun_behind, p1), (q2, q1, p, p1, p2),
    )  # fmt: skip
    for template, parts in enumerate(features):
        yield _mix(template, *parts)


@dataclass(frozen=True, slots=True)
class Window:
    """What is read around cues: each position's token, its cue, and which cue that is."""

    token: Ints
    cue: Ints
    which: Ints
    first: Ints  # position at which the window of each cue begins
    length: Ints


def windows(t: Tokens, at: Ints, likely: Floats) -> Window:
    """The tokens of each cue's sentence.

    The likeliest cue of a sentence also sees the sentences after it, while they go on with a quotation.
    `at` are the cues, `likely` how likely each token of the text is one.
    """
    here = t.sentence[at]
    begin = t.sentence_start[here]
    end = t.sentence_end[here]
    order = np.lexsort((at, -likely[at], here))
    goes_on = np.zeros(len(at), dtype=np.bool_)
    goes_on[order[np.flatnonzero(np.diff(here[order], prepend=-1))]] = True
    for step in range(1, AFTER + 1):
        following = np.minimum(here + step, len(t.sentence_start) - 1)
        opens = t.sentence_start[following]
        goes_on &= (here + step < len(t.sentence_start)) & (t.paragraph[opens] == t.paragraph[at])
        goes_on &= (t.is_quote[opens] | t.inside[opens]) > 0
        end = np.where(goes_on, t.sentence_end[following], end)
    length = end - begin
    first = np.cumsum(length) - length
    which = np.repeat(np.arange(len(at)), length)
    token = np.arange(len(which)) - first[which] + begin[which]
    return Window(token, at[which], which, first, length)


def span_features(t: Tokens, w: Window, likely: Floats) -> tuple[Iterator[Places], Iterator[Places]]:
    """What is seen of each position beside its cue, and of it as a border with the position before.

    `likely` is how likely each token is a cue, 0 to 1.
    """
    x, c = w.token, w.cue
    level = np.searchsorted(np.array([0.08, 0.3, 0.7]), likely).astype(np.int64)
    verbs, commas, quotes, joins, nouns = (
        np.concatenate([[0], np.cumsum(m)])
        for m in (level >= 2, t.is_separator, t.is_quote, t.is_subordinator, t.is_name | t.is_pronoun)
    )
    low, high = np.minimum(x, c), np.maximum(x, c)
    low = np.where(x < c, low, low + 1)  # what stands strictly between, the nearer token itself included

    def between(counted: npt.NDArray[np.int64], most: int) -> Ints:
        return np.asarray(np.minimum(counted[high] - counted[low], most))

    side = np.sign(x - c)
    d = _bucket(x - c)
    g = between(commas, 3)
    v = between(verbs, 2)
    k = between(quotes, 3)
    j = between(joins, 3)
    n = between(nouns, 3)
    f, p = t.form, t.sort
    f0, p0 = f[x], p[x]
    f1, fb, p1, pb = _near(f, 1)[x], _near(f, -1)[x], _near(p, 1)[x], _near(p, -1)[x]
    cs, cp = t.stem[c], p[c]
    cn, cb = _near(f, 1)[c], _near(f, -1)[c]
    cpn, cpb = _near(p, 1)[c], _near(p, -1)[c]
    later = t.sentence[x] - t.sentence[c]
    inside, cue_inside = t.inside[x], t.inside[c]
    inside_before = np.where(x == c, 0, _near(t.inside, -1)[x])
    lv = level[x]
    opens = t.sentence_start[t.sentence[c]]
    pattern = t.inside[opens] * 4 + np.minimum(t.is_quote[np.maximum(c - 1, 0)] + 2 * (c == opens), 3)
    rest = np.minimum(t.sentence_end[t.sentence[c]] - c, 3)
    alone: tuple[tuple[Ints, ...], ...] = (
        (d,), (f0, side), (p0, d), (fb, side), (f1, side), (cs, d), (cs, p0, side), (cn, side, g),
        (cs, cn, side), (g, v, side), (g, j, k, side), (inside, cue_inside, k, side, later),
        (cp, cpn, side, g), (pb, p0, p1, side), (n, p0, side), (cb, side, d), (fb, f0, side),
        (t.shape[x], d), (v, d), (f[opens], side, g), (pattern, side, inside, later),
        (cs, inside, side, g), (lv, side, v, n), (cs, side, g, v), (cs, side, j, n),
        (pattern, rest, side, k, cs), (cpb, cp, cpn, d), (n, v, g, j, side), (p0, side, n, v),
        (cpb, side, n, g),
    )  # fmt: skip
    border: tuple[tuple[Ints, ...], ...] = (
        (side,), (f0, side), (fb, side), (pb, p0, side), (d,), (inside, inside_before, side, k),
        (cs, np.clip(x - c, -2, 4)), (p0, p1, side), (cn, np.clip(x - c, -2, 5)), (pb, p0, p1),
        (lv, p0, side), (f0, g, v, side), (fb, p0, k, side), (cpb, np.clip(x - c, -5, 1), pb),
    )  # fmt: skip
    return (
        (_mix(100 + template, *parts) for template, parts in enumerate(alone)),
        (_mix(200 + template, *parts) for template, parts in enumerate(border)),
    )


def whole_features(
    t: Tokens, cue: Ints, likely: Floats, source: tuple[Ints, Ints], content: tuple[Ints, Ints], signs: Ints
) -> Iterator[Places]:
    """What is seen of whole attributions: feature by feature, its place for each.

    `likely` is that of each cue; source and content are first and last tokens, -1 where there is none;
    `signs` sums up how they were found.
    """
    (a, b), (c, d) = source, content
    found, told = a >= 0, c >= 0
    a, b, c, d = (np.maximum(x, 0) for x in (a, b, c, d))
    f, p = t.form, t.sort

    def of(values: Ints, at: Ints, there: npt.NDArray[np.bool_]) -> Ints:
        return np.where(there, values[at], 1)

    level = np.searchsorted(np.array([0.08, 0.12, 0.18, 0.25, 0.35, 0.5, 0.65, 0.8, 0.92]), likely)
    before = np.where(found, _bucket(np.where(a > cue, a - cue, b - cue)), 99)
    after = np.where(told, _bucket(np.where(c > cue, c - cue, d - cue)), 99)
    wide, broad = np.where(told, _bucket(d - c), 99), np.where(found, _bucket(b - a), 99)
    last = np.minimum(d + 1, len(t) - 1)
    quoted = of(t.inside, c, told)
    stem, sort = t.stem[cue], p[cue]
    here = t.sentence[cue]
    order = np.lexsort((-likely, here))
    rank = np.empty(len(cue), dtype=np.int64)
    rank[order] = np.minimum(np.arange(len(cue)) - np.searchsorted(here[order], here[order], side="left"), 3)
    features: tuple[tuple[Ints, ...], ...] = (
        (stem, np.sign(before), np.sign(after)), (stem, of(f, c, told)), (stem, of(p, c, told)),
        (stem, wide), (before, after), (of(p, b, found), before), (of(p, a, found), broad),
        (of(f, b, found), np.sign(before)), (of(f, c, told), after), (sort, of(p, c, told), after),
        (level, signs), (stem, level), (quoted, wide, level), (of(f, last, told),),
        (of(f, last, told), quoted, wide), (of(_near(f, -1), a, found), np.sign(before)),
        (_near(p, -1)[cue], sort, _near(p, 1)[cue]), (stem, _near(f, 1)[cue]), (stem, of(p, b, found)),
        (stem,), (rank, level), (before, wide, np.sign(after)), (of(_near(f, -1), c, told), after),
        (sort, before, after), (of(t.stem, b, found), stem), (t.suffix[cue], before, after),
        (of(p, d, told), wide), (t.inside[cue], quoted, level),
    )  # fmt: skip
    for template, parts in enumerate(features):
        yield _mix(300 + template, *parts)
