"""Arabic clauses: where a sentence divides, and who is said to have said what in each part."""

from __future__ import annotations

from collections.abc import Sequence

from claims.extract.arabic_headings import read_heading, under
from claims.extract.arabic_nouns import can_speak, definite, is_name
from claims.extract.arabic_phrases import complement, form_at, subject_end
from claims.extract.arabic_speech import read_speech
from claims.extract.arabic_verbs import tense
from claims.extract.attribution import Clause, Span, Speech
from claims.language.cues import cues
from claims.language.words import Word, split_words

_CUES = cues("ar")
_WHEREAS = frozenset({("في", "حين"), ("غير", "ان")})
_FEWEST = 3  # words of a clause


def read_clauses(text: str) -> list[Clause]:
    """The clauses of an Arabic sentence, in order, each with the speech in it."""
    words: Sequence[Word] = split_words(text)
    heading = read_heading(text, words)
    begun = words[0].start if heading else None  # the first clause spans the heading
    if heading:
        words = words[heading.after :]
    found: list[Clause] = []
    for first, last in _divide(words):
        part = words[first:last]
        speech = read_speech(text, part)
        start, end = _edges(part)
        if heading:
            speech = under(heading, _within(speech, start), (start, end))
            start, begun = (start if begun is None else begun), None
        else:
            speech = _within(speech, start)
        found.append(Clause(start, end, speech, None if speech else _subject(text, part)))
    return found


def has_heading(text: str) -> bool:
    """Whether a sentence names before a colon who says it."""
    return read_heading(text, split_words(text)) is not None


def _divide(words: Sequence[Word]) -> list[tuple[int, int]]:
    """Word ranges of the clauses: divided at a comma or at "and" before a verb of its own."""
    cuts = [0]
    for i in range(1, len(words)):
        if words[i].quoted or i - cuts[-1] < _FEWEST:
            continue
        if _begins_clause(words, i, cuts[-1]):
            cuts.append(i)
    return [(a, b) for a, b in zip(cuts, [*cuts[1:], len(words)], strict=True) if a < b]


def _begins_clause(words: Sequence[Word], i: int, begun: int) -> bool:
    word = words[i]
    before = words[i - 1].form
    if before == ";":
        return len(words) - i > _FEWEST
    if word.form in _CUES["says.participles"]:
        return _goes_on(words, i, begun)
    joined = word.form[0] == "و" and len(word.form) > 3
    mode = _CUES.modes.get(word.bare) if joined else None
    reporting = mode is not None and mode != "hopes"
    if before != ",":
        return reporting and complement(words, i + 1, len(words)) is not None
    if reporting or word.form in _CUES["clause.which"]:
        return True
    if (word.form, form_at(words, i + 1)) in _WHEREAS:
        return len(words) - i > _FEWEST
    if word.form in _CUES["clause.starts"]:
        return not (word.form == "ولا" and i + 1 < len(words) and tense(words[i + 1].form) is None)
    if not joined or len(words) - i <= _FEWEST:
        return False
    return word.bare in _CUES["speech_acts.forms"] or _verb(words, i)


def _goes_on(words: Sequence[Word], i: int, begun: int) -> bool:
    """Whether a participle adds something said to a clause that is complete without it."""
    if words[i - 1].form == ",":
        return True
    opening = words[begun].form if words[begun].form in _CUES.modes else words[begun].bare
    says = opening in _CUES.modes or opening in ("علق", "رد", "تحدث", "صرح")
    if says and complement(words, begun + 1, i) is None:
        return False
    return complement(words, i + 1, min(len(words), i + 8)) is not None


def _verb(words: Sequence[Word], i: int) -> bool:
    """Whether "and" joins a verb here, and not one more noun of a list."""
    bare = words[i].bare
    if bare in _CUES["event.words"] or bare in _CUES["state.words"] or bare in _CUES["quantity.verbs"]:
        return True
    if bare.endswith("وا"):
        return tense(bare) is not None
    if bare.removesuffix("ها") in _CUES["event.words"] and not definite(bare):
        return _opens_subject(words[i + 1].form)  # "and its chairman adjourned it"
    # a verb has its subject after it; the second noun of a list is followed by what describes it
    return tense(bare) is not None and (
        definite(words[i + 1].form) or words[i + 1].form in _CUES["noun_phrase.stop"]
    )


def _opens_subject(form: str) -> bool:
    return definite(form) or form in _CUES["noun_phrase.roles"] or is_name(form)


def _edges(part: Sequence[Word]) -> Span:
    """From the first word to the last one, without commas at the ends and without a bare conjunction."""
    first, last = 0, len(part) - 1
    while first < last and (part[first].form in ",;-:" or part[first].form in _CUES["clause.conjunctions"]):
        first += 1
    if last - first > 1 and (part[first].form, part[first + 1].form) == ("في", "حين"):
        first += 2
    while last > first and part[last].form in ",;:":
        last -= 1
    return part[first].start, part[last].end


def _within(speech: Speech | None, start: int) -> Speech | None:
    """The speech with nothing said before the clause begins."""
    if speech is None or not speech.parts or speech.parts[0][0] >= start:
        return speech
    return Speech(speech.links, ((start, speech.parts[0][1]), *speech.parts[1:]), speech.accused)


def _subject(text: str, part: Sequence[Word]) -> Span | None:
    """The subject of a clause in which nobody speaks: what follows its verb, if it could go on to speak."""
    for i, word in enumerate(part[:5]):
        if word.form in _CUES["clause.particles"] or word.form in _CUES["clause.conjunctions"]:
            continue
        if tense(word.bare) is None or i + 1 >= len(part):
            return None
        end = subject_end(text, part, i + 1, len(part))
        named = end > i + 1 and can_speak(part[i + 1 : end])
        return (part[i + 1].start, part[end - 1].end) if named else None
    return None
