"""Arabic accusations: who accuses, who is accused, and of what."""

from __future__ import annotations

from collections.abc import Sequence

from claims.extract.arabic_phrases import (
    back_to,
    form_at,
    participle,
    subject_end,
    whole_words,
    without_stop,
)
from claims.extract.arabic_subjects import subject_before
from claims.extract.attribution import Back, Said, Span, Speech
from claims.language.cues import cues
from claims.language.names import find_names
from claims.language.words import Word

_CUES = cues("ar")
_NEAR = 16  # words within which a verb's object is looked for


def charged(text: str, part: Sequence[Word], i: int) -> Speech | None:
    """وجهت النيابة إلى … تهمة …, حملت … مسؤولية …: a light verb and a noun that accuses."""
    if (
        part[i].bare not in _CUES["accusation_noun.verbs"]
        and part[i].form not in _CUES["accusation_noun.verbs"]
    ):
        return None
    noun = next(
        (
            j
            for j in range(i + 1, min(len(part), i + _NEAR))
            if part[j].form in _CUES["accusation_noun.nouns"]
        ),
        None,
    )
    if noun is None:
        return None
    first = i + 1
    while first < noun and part[first].form in _CUES["noun_phrase.adverbs"]:
        first += 1
    end = first if participle(part[i]) else subject_end(text, part, first, noun)
    cue = (part[i].start, part[i].end)
    source = (part[first].start, part[end - 1].end) if end > first else subject_before(part, i)
    begin = end if end > first or participle(part[i]) else noun
    content = without_stop(part, (part[begin].start, part[-1].end))
    back: Back = "nearest" if participle(part[i]) else "subject"
    return Speech((Said(source, cue, "accuses", None if source else back),), (content,))


def accusation(text: str, part: Sequence[Word], i: int, cue: Span) -> Speech | None:
    act = next((j for j in range(i + 1, min(len(part), i + _NEAR)) if _is_act(part, j)), None)
    if act is None or act == i + 1:
        return None
    start, end = part[i + 1].start, part[act - 1].end
    named = sorted(
        (who.start + start, who.end + start, who.type) for who in find_names(text[start:end], "ar").who
    )
    if named:
        accused = whole_words(part, named[-1][:2])
        rest = [
            w for w in part[i + 1 : act] if w.start >= accused[1] and w.form not in _CUES["noun_phrase.stop"]
        ]
        if (
            rest and named[-1][2] == "person"
        ):  # the name is that of who accuses: "the minister So-and-so his rivals"
            accused = rest[0].start, rest[-1].end
        before = [w for w in part[i + 1 : act] if w.end <= accused[0] and w.form != ","]
        if not before and accused[1] < part[act - 1].start and part[i + 1].form in _CUES["noun_phrase.roles"]:
            before, accused = _split_objects(text, part, i, act)
    else:
        before, accused = _split_objects(text, part, i, act)
    subject = subject_before(part, i)
    if subject and before:  # who accuses stands before the verb: all that follows it is the accused
        accused = before[0].start, accused[1]
    content = without_stop(part, (accused[0], part[-1].end if part[-1].form not in ",;" else part[-2].end))
    if before and subject is None:
        link = Said((before[0].start, before[-1].end), cue, "accuses")
    else:
        link = Said(
            subject,
            cue,
            "accuses",
            None if subject else "nearest" if back_to(part, i) == "nearest" else "subject",
        )
    return Speech((link,), (content,), accused)


def _split_objects(text: str, part: Sequence[Word], i: int, act: int) -> tuple[list[Word], Span]:
    """Who accuses and who is accused, where neither is a known name: two nouns, or the accused alone."""
    end = subject_end(text, part, i + 1, act)
    if i + 1 < end < act:
        return list(part[i + 1 : end]), (part[end].start, part[act - 1].end)
    return [], (part[i + 1].start, part[act - 1].end)


def _is_act(part: Sequence[Word], j: int) -> bool:
    """ "of doing": a word joined to ب that is no name, or ب before a quotation."""
    word = part[j]
    if word.form in ("بان", "بانه", "بانها", "بانهم"):
        return True
    if word.form == "ب":
        return form_at(part, j + 1) == '"'
    return word.form[0] == "ب" and len(word.form) > 3 and word.form not in _CUES["accusation.not_act"]
