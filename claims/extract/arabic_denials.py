"""Arabic denials: what is denied, and whether it stands here or went before."""

from __future__ import annotations

from collections.abc import Sequence

from claims.extract.arabic_phrases import (
    back_to,
    form_at,
    name_end,
    participle,
    said_parts,
    subject_end,
)
from claims.extract.arabic_subjects import subject_before
from claims.extract.attribution import Said, Span, Speech
from claims.language.cues import cues
from claims.language.letters import fold
from claims.language.words import Word

_CUES = cues("ar")
_NO_TRUTH = [tuple(phrase.split("_")) for phrase in sorted(_CUES["denies.no_truth"])]


def denied_it(text: str, part: Sequence[Word], i: int) -> Speech | None:
    """وهو ما تنفيه طهران: a denial of what went before."""
    if part[i].bare not in _CUES["denies_it.forms"] and part[i].form not in _CUES["denies_it.forms"]:
        return None
    end = name_end(part, i + 1)
    cue = (part[i].start, part[i].end)
    if end == i + 1:
        return Speech((Said(None, cue, "denies", "speaker"),), ())
    return Speech((Said((part[i + 1].start, part[end - 1].end), cue, "denies"),), ())


def rejected(text: str, part: Sequence[Word], i: int) -> Speech | None:
    """رفضت … هذه الاتهامات: a denial of what went before."""
    if part[i].bare not in _CUES["denies.with_back"] and part[i].form not in _CUES["denies.with_back"]:
        return None
    back = next(
        (j for j in range(i + 1, min(len(part), i + 10)) if part[j].form in _CUES["denies.charges"]), None
    )
    if back is None:
        return None
    end = subject_end(text, part, i + 1, back)
    source = (part[i + 1].start, part[end - 1].end) if end > i + 1 else subject_before(part, i)
    cue = (part[i].start, part[i].end)
    return Speech((Said(source, cue, "denies", None if source else back_to(part, i)),), ())


def called_false(part: Sequence[Word], i: int) -> bool:
    """وصف … الاتهام بأنه كاذب: what is said of a charge denies it."""
    charge = next(
        (j for j in range(i + 1, min(len(part), i + 12)) if part[j].form in _CUES["denies.charges"]), None
    )
    if charge is None:
        return False
    said = [word.form for word in part[charge + 1 : charge + 7]]
    return any(form in _CUES["denies.false"] or form[1:] in _CUES["denies.false"] for form in said)


def denial(text: str, part: Sequence[Word], i: int, cue: Span, found: tuple[int, int] | None) -> Speech:
    upto = found[0] if found else len(part)
    source = subject_before(part, i)
    end = i + 1
    if source is None:
        if form_at(part, i + 1) not in _CUES["denies.objects"] and not participle(part[i]):
            end = subject_end(text, part, i + 1, upto)
        source = (part[i + 1].start, part[end - 1].end) if end > i + 1 else None
    after = found[1] if found and found[1] > end else end
    if (
        not found
        or found[0] - end > 4
        or any(w.form in _CUES["denies.objects"] for w in part[end : found[0]])
    ):
        after = end
    parts = said_parts(part, _what(part, after)) if after < len(part) else ()
    if parts and _points_back(text, parts[0]):
        parts = ()
    return Speech((Said(source, cue, "denies", None if source else back_to(part, i)),), parts)


def _what(part: Sequence[Word], after: int) -> int:
    """Where what is denied begins: after "in a statement" and "the truth of what is said about"."""
    at = after
    if at + 1 < len(part) and part[at].form == "في" and part[at + 1].form in _CUES["denies.venues"]:
        at += 2
    while at < len(part) and part[at].form in _CUES["denies.adverbs"]:
        at += 1
    preface = at
    while preface < len(part) and part[preface].form in _CUES["denies.preface"]:
        preface += 1
    if preface > at and preface < len(part) and part[preface].form in _CUES["complement.that"]:
        preface += 1
    return preface if preface < len(part) - 1 else after


def _points_back(text: str, span: Span) -> bool:
    """Whether what is denied only points to what went before ("this", "these accusations")."""
    words = fold(text[span[0] : span[1]]).split()
    return bool(words) and words[0].strip('.,"') in _CUES["denies.back"]


def without_truth(text: str, part: Sequence[Word], speech: Speech) -> Speech:
    """The speech as a denial where what was said begins with "there is no truth in"."""
    if not speech.parts:
        return speech
    start, end = speech.parts[0]
    words = [w for w in part if w.start >= start and w.end <= end and w.form.isalnum()]
    head = tuple(w.form if n else w.bare for n, w in enumerate(words[:6]))
    after = next((k + len(p) for p in _NO_TRUTH for k in (0, 1, 2) if head[k : k + len(p)] == p), 0)
    if not after:
        return speech
    last = speech.links[-1]
    links = (*speech.links[:-1], Said(last.source, last.cue, "denies", last.back))
    while after < len(words) and words[after].form.removeprefix("ل") in _CUES["denies.preface"]:
        after += 1
    if len(words) - after < 3 or words[after].form.removeprefix("ل") in _CUES["denies.back"]:
        return Speech(links, ())
    return Speech(links, ((words[after].start, end), *speech.parts[1:]))
