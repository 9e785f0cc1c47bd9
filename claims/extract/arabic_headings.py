"""Arabic headings that name who says it before a colon: "رويترز: …", "الكرملين: «…»", "رويترز عن مصدر: …"."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from claims.extract.arabic_nouns import can_speak, is_agency, is_name, is_thing
from claims.extract.arabic_phrases import form_at, name_end, quote_length, seated
from claims.extract.arabic_verbs import tense
from claims.extract.attribution import Said, Span, Speech
from claims.language.cues import cues
from claims.language.names import find_names
from claims.language.words import Word

_CUES = cues("ar")
_LONGEST = 14  # words before the colon
_FEWEST = 3  # words after it; fewer are a byline or a label
_HEADS = _CUES["speaker.headings"]


class Heading(NamedTuple):
    """Whose words follow, outermost first, and the word at which they begin."""

    links: tuple[Said, ...]
    after: int


def read_heading(text: str, words: Sequence[Word]) -> Heading | None:
    """The heading of a sentence; None where what stands before a colon is a place, a label or a clause."""
    colon = next((j for j, word in enumerate(words[:_LONGEST]) if word.form == ":" and not word.quoted), 0)
    if not colon or _is_hour(words, colon) or not _states(words[colon + 1 :]):
        return None
    about = next((j for j in range(1, colon - 1) if words[j].form == "عن"), None)
    if about is None:
        speaker = _speaker(text, words, 0, colon)
        if speaker is None:
            return None
        cue = (words[colon].start, words[colon].end)
        return Heading(
            (Said(speaker, cue, "reports" if is_agency(text[slice(*speaker)]) else "says"),), colon + 1
        )
    before = about - 1 if words[about - 1].form == "نقلا" else about
    teller, source = _speaker(text, words, 0, before), (words[about + 1].start, words[colon - 1].end)
    if teller is None or not can_speak(words[about + 1 : colon]):
        return None
    cue = (words[before].start, words[about].end)
    return Heading((Said(teller, cue, "reports"), Said(source, cue, "says")), colon + 1)


def under(heading: Heading, speech: Speech | None, whole: Span) -> Speech:
    """What a clause says, as the words of whoever the heading names."""
    if speech is None or speech.links[0].source is None:
        return Speech(heading.links, speech.parts if speech and speech.parts else (whole,))
    return Speech((*heading.links, *speech.links), speech.parts, speech.accused, speech.passive)


def _states(words: Sequence[Word]) -> bool:
    """Whether the words tell something, and are not only names, as in a byline."""
    if words and words[0].form == '"':
        return quote_length(words, 0) >= _FEWEST
    if sum(word.form.isalnum() for word in words) < _FEWEST:
        return False
    small = _CUES["noun_phrase.stop"] | _CUES["negation.words"] | _CUES["complement.that"]
    return any(
        w.form in small or w.form.startswith("لل") or is_thing(w.form) or tense(w.bare) is not None
        for w in words
    )


def _speaker(text: str, words: Sequence[Word], first: int, upto: int) -> Span | None:
    """Who is named there: a known name, or an office or a body, with to whom or where it was said."""
    end = name_end(words, first, upto)
    apart = any(word.form == "," for word in words[first:upto])
    if end == first or apart or (end < upto and not _circumstance(words[end].form)):
        return None
    last = seated(words, first, end, upto)
    if last - first > 2 and words[first].form == words[last - 1].form == '"':  # around a name alone
        first, last = first + 1, last - 1
    span = (words[first].start, words[last - 1].end)
    if _runs_on(words[first + 1 : end]):
        return None
    head = words[first].form
    if head in _HEADS or head.removeprefix("ال") in _HEADS:
        return span if end > first + 1 or head not in _CUES["speaker.labels"] else None
    called = text[slice(*span)]
    named = find_names(called, "ar").who
    whole = bool(named) and named[0].start <= 1 and max(who.end for who in named) >= len(called) - 1
    # a country before a colon is most often where it happened
    speaks = any(who.type != "country" for who in named) or _quotes(words[upto + 1 :])
    return span if whole and speaks else None


def _quotes(words: Sequence[Word]) -> bool:
    """Whether the words are somebody's own: between quotation marks, or "we will", "we do not"."""
    first, second = form_at(words, 0), form_at(words, 1)
    return first == '"' or first.startswith("سن") or (first in _CUES["negation.words"] and second[:1] == "ن")


def _is_hour(words: Sequence[Word], colon: int) -> bool:
    """Whether the colon stands in a time of day."""
    return words[colon - 1].form.isdigit() and colon + 1 < len(words) and words[colon + 1].form.isdigit()


def _runs_on(words: Sequence[Word]) -> bool:
    """Whether a verb with something after it stands there: a clause, and not a name alone."""
    return any(tense(word.form) == "present" and not is_name(word.form) for word in words[:-1])


def _circumstance(form: str) -> bool:
    """Whether a word after the name leads in to whom, where or when it was said."""
    if form in _CUES["noun_phrase.relative"]:
        return False
    return form in _CUES["noun_phrase.stop"] or form.startswith("ل")
