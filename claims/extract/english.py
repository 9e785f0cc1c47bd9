"""English clauses: where a sentence divides, and who is said to have said what in each part."""

from __future__ import annotations

from collections.abc import Sequence

from claims.extract.attribution import Clause, Span, Speech
from claims.extract.english_phrases import find_subject, is_subject
from claims.extract.english_speech import read_speech
from claims.language.cues import cues
from claims.language.words import Word, split_words

_CUES = cues("en")
_FEWEST = 4  # words of a clause
_FEWEST_JOINED = 5  # of a clause before "and" without a comma


def read_clauses(text: str) -> list[Clause]:
    """The clauses of an English sentence, in order, each with the speech in it."""
    words = split_words(text)
    found: list[Clause] = []
    for first, last in _divide(words):
        part = _trimmed(words[first:last])
        speech = read_speech(text, part)
        subject = None if speech and not speech.passive else _subject(text, part)
        start, end = _edges(part)
        found.append(Clause(start, end, _within(speech, start), subject))
    return found


def _divide(words: Sequence[Word]) -> list[tuple[int, int]]:
    cuts = [0]
    for i in range(2, len(words) - 1):
        if not words[i].quoted and i - cuts[-1] >= _FEWEST and _begins_clause(words, i, cuts[-1]):
            cuts.append(i)
    return [(a, b) for a, b in zip(cuts, [*cuts[1:], len(words)], strict=True) if a < b]


def _begins_clause(words: Sequence[Word], i: int, begun: int) -> bool:
    form, before, following = words[i].form, words[i - 1].form, words[i + 1].form
    if before == ";":
        return len(words) - i > 2
    if before != ",":
        return _joined(words, i, begun)
    if form in _CUES["clause.starts"]:
        return len(words) - i > _FEWEST
    if form == "citing":
        return any(w.form == "saying" for w in words[i + 1 : i + 16])
    if form in _CUES["says.participles"]:
        return not _asks_for_subject(words, i)
    if form in _CUES["clause.which"]:
        return any(w.form in _CUES["denies_it.forms"] for w in words[i + 1 : i + 8])
    if form == "and":
        verb = following in _CUES.modes or following in _CUES["speech_acts.forms"] or _finite(following)
        return verb or (is_subject(words, i + 1) and _has_verb(words[i + 1 : i + 9]))
    return form == "a" and following in ("charge", "claim", "accusation")


def _joined(words: Sequence[Word], i: int, begun: int) -> bool:
    """Whether "and" or "but" without a comma goes on with a verb of its own."""
    if words[i].form not in ("and", "but") or i - begun < _FEWEST_JOINED or len(words) - i < _FEWEST_JOINED:
        return False
    following = words[i + 1].form
    if following in _CUES.modes and (following.endswith("ed") or following in ("said", "told", "wrote")):
        # "said this but denied that", not "was arrested and accused"
        return any(w.form in _CUES.modes for w in words[begun:i]) and words[i + 2].form not in ("of", "by")
    if following not in _CUES["auxiliary.finite"] and not _finite(following):
        return False
    # "was arrested and charged", "will meet and discussed": one verb phrase
    return words[i].form == "but" or words[i - 1].form not in _CUES["event.words"] | {
        "been",
        "was",
        "were",
        "be",
    }


def _finite(form: str) -> bool:
    return form in _CUES["event.words"] or form in _CUES["quantity.verbs"]


def _has_verb(words: Sequence[Word]) -> bool:
    return any(w.form in _CUES.modes or _finite(w.form) or w.form in _CUES["auxiliary.finite"] for w in words)


def _asks_for_subject(words: Sequence[Word], i: int) -> bool:
    """Whether a quotation stands before: then "saying" would have to be its own speaker's."""
    return words[i - 2].form == '"' and i - 2 < 3


def _trimmed(part: Sequence[Word]) -> Sequence[Word]:
    """The words without commas at the ends."""
    while len(part) > 1 and part[0].form in (",", ";", "-"):
        part = part[1:]
    while len(part) > 1 and part[-1].form in (",", ";", ":"):
        part = part[:-1]
    return part


def _edges(part: Sequence[Word]) -> Span:
    """From the first word that is no bare conjunction to the last one."""
    first = 0
    while first < len(part) - 2 and part[first].form in _CUES["clause.conjunctions"]:
        first += 1
    return part[first].start, part[-1].end


def _within(speech: Speech | None, start: int) -> Speech | None:
    """The speech with nothing said before the clause begins."""
    if speech is None or not speech.parts or speech.parts[0][0] >= start:
        return speech
    return Speech(
        speech.links, ((start, speech.parts[0][1]), *speech.parts[1:]), speech.accused, speech.passive
    )


def _subject(text: str, part: Sequence[Word]) -> Span | None:
    """The subject of a clause in which nobody speaks: the noun phrase before its verb."""
    for i, word in enumerate(part[:14]):
        if i and (
            word.form in _CUES["auxiliary.finite"] or _finite(word.form) or word.form in _CUES["state.words"]
        ):
            return find_subject(text, part, i)[0]
    return None
