"""English clauses: where a sentence divides, and who is said to have said what in each part."""

from __future__ import annotations

from collections.abc import Sequence

from claims.extract.attribution import Back, Clause, Said, Span, Speech
from claims.language.cues import cues
from claims.language.names import find_names
from claims.language.words import Word, split_words
from claims.model import Mode

_LONGEST_SPEAKER = 16  # words
_CUES = cues("en")


def read_clauses(text: str) -> list[Clause]:
    """The clauses of an English sentence, in order, each with the speech in it."""
    words = split_words(text)
    found: list[Clause] = []
    for first, last in _divide(words):
        part = words[first:last]
        start, end = part[0].start, part[-1].end
        while len(part) > 1 and part[0].form in (",", ";", "-"):
            part = part[1:]
            start = part[0].start
        while len(part) > 1 and part[-1].form in (",", ";", ":"):
            part = part[:-1]
            end = part[-1].end
        found.append(Clause(start, end, _read_speech(text, part)))
    return found


def _divide(words: Sequence[Word]) -> list[tuple[int, int]]:
    cuts = [0]
    for i in range(2, len(words) - 1):
        word = words[i]
        if word.quoted or words[i - 1].form not in (",", ";") or i - cuts[-1] < 4:
            continue
        following = words[i + 1].form
        reporting = any(w.form in _CUES.modes for w in words[i + 1 : i + 6])
        contrast = word.form in _CUES["clause.starts"]
        which = word.form in _CUES["clause.which"] and any(
            w.form in _CUES["denies_it.forms"] for w in words[i + 1 : i + 8]
        )
        joined = word.form == "and" and (
            following in _CUES.modes
            or following in _CUES["event.words"]
            or (reporting and _is_subject(words, i + 1))
        )
        if (
            contrast
            or which
            or joined
            or (word.form == "a" and following in ("charge", "claim", "accusation"))
        ):
            cuts.append(i)
    return [(a, b) for a, b in zip(cuts, [*cuts[1:], len(words)], strict=True) if a < b]


def _is_subject(words: Sequence[Word], i: int) -> bool:
    form = words[i].form
    return form in _CUES["noun_phrase.pronouns"] or bool(find_names(form, "en").who) or form == "the"


def _read_speech(text: str, part: Sequence[Word]) -> Speech | None:
    for i, word in enumerate(part):
        if word.quoted:
            continue
        speech = _according_to(text, part, i) or _hoped(text, part, i) or _reported(text, part, i)
        if speech:
            return speech
    return None


def _according_to(text: str, part: Sequence[Word], i: int) -> Speech | None:
    if part[i].form != "according" or i + 2 >= len(part) or part[i + 1].form != "to":
        return None
    end = _name_after(part, i + 2)
    if end == i + 2:
        return None
    link = Said((part[i + 2].start, part[end - 1].end), (part[i].start, part[i + 1].end), "says")
    if i >= 3:
        last = part[i - 1] if part[i - 1].form != "," else part[i - 2]
        return Speech((link,), ((part[0].start, last.end),))
    after = end
    while after < len(part) and part[after].form in (",", ":"):
        after += 1
    return _with_inner(text, part, link, after)


def _hoped(text: str, part: Sequence[Word], i: int) -> Speech | None:
    if part[i].form not in _CUES["expresses.forms"]:
        return None
    hope = next(
        (j for j in range(i + 1, min(len(part), i + 4)) if part[j].form in _CUES["expresses.hope"]), None
    )
    if hope is None:
        return None
    source, back = _subject(text, part, i)
    after = hope + 2 if hope + 1 < len(part) and part[hope + 1].form == "that" else hope + 1
    return Speech((Said(source, (part[i].start, part[hope].end), "hopes", back),), _parts(text, part, after))


def _reported(text: str, part: Sequence[Word], i: int) -> Speech | None:
    mode = _CUES.modes.get(part[i].form)
    if mode is None:
        return None
    cue = (part[i].start, part[i].end)
    if part[i].form in ("quoted", "cited", "quoting", "citing"):
        return _relayed(text, part, i, cue)
    inverted = _after_quote(text, part, i, cue, mode)
    if inverted:
        return inverted
    source, back = _subject(text, part, i)
    if source is None and back is None:
        return None
    if mode == "accuses":
        return _accusation(text, part, i, Said(source, cue, mode, back))
    if mode == "denies":
        return Speech((Said(source, cue, mode, back),), _denied(text, part, i))
    after = _content_start(part, i, mode)
    if after is None:
        return None
    return _with_inner(text, part, Said(source, cue, mode, back), after)


def _denied(text: str, part: Sequence[Word], i: int) -> tuple[Span, ...]:
    """What is denied; nothing where it stands elsewhere ("which Tehran denies", "denied the charge")."""
    following = [word.form for word in part[i + 1 : i + 5]]
    if part[0].form == "which" or not following or following[0] in (".", ",", "it", "this", "doing"):
        return ()
    if set(following) & _CUES["denies.back"]:
        return ()
    return _parts(text, part, i + 2 if following[0] == "that" else i + 1)


def _content_start(part: Sequence[Word], i: int, mode: Mode) -> int | None:
    """The word at which what was said begins, or None where the verb introduces nothing."""
    after = i + 1
    limit = min(len(part), i + _LONGEST_SPEAKER)
    that = next((j for j in range(after, limit) if part[j].form == "that" and not part[j].quoted), None)
    mark = next((j for j in range(after, limit) if part[j].form in ('"', ":")), None)
    if that is not None and (mark is None or that < mark):
        return that + 1 if that + 1 < len(part) else None
    if mark is not None:
        after = mark + 1 if part[mark].form == ":" else mark
    elif mode == "says" and part[i].form not in ("said", "says", "told", "saying"):
        return None
    while after < len(part) and (_is_time(part[after]) or part[after].form == ","):
        after += 1
    return after if after < len(part) else None


def _is_time(word: Word) -> bool:
    return word.form in _CUES["time.words"]


def _after_quote(text: str, part: Sequence[Word], i: int, cue: Span, mode: Mode) -> Speech | None:
    """ "…," she said / said the minister / the minister said."""
    closing = next((j for j in range(i - 1, -1, -1) if part[j].form == '"' and not part[j].quoted), None)
    comma = next((j for j in range(i - 1, 0, -1) if part[j].form == "," and not part[j].quoted), None)
    if mode not in ("says", "announces", "reports"):
        return None
    if closing is not None and i - closing <= 12 and closing > 2:
        between, end = closing + 1, part[closing].end
    elif comma is not None and i - comma <= 6 and comma >= 4 and _closes(part, i):
        between, end = comma + 1, part[comma - 1].end
    else:
        return None
    if between < i:
        source, back = _subject(text, part, i, between)
    else:
        last = _name_after(part, i + 1)
        if last == i + 1:
            return None
        source, back = (part[i + 1].start, part[last - 1].end), None
        if part[i + 1].form in _CUES["noun_phrase.pronouns"]:
            source, back = None, "speaker"
    if source is None and back is None:
        return None
    return Speech((Said(source, cue, mode, back),), ((part[0].start, end),))


def _closes(part: Sequence[Word], i: int) -> bool:
    """Whether the verb ends what it belongs to: "…, the minister said on Friday."."""
    return i == len(part) - 1 or part[i + 1].form in (".", ",") or _is_time(part[i + 1])


def _relayed(text: str, part: Sequence[Word], i: int, cue: Span) -> Speech | None:
    """An agency quoted somebody as saying."""
    saying = next((j for j in range(i + 1, min(len(part), i + 16)) if part[j].form == "saying"), None)
    if saying is None:
        return None
    agency, _ = _subject(text, part, i)
    end = saying - 1 if part[saying - 1].form == "as" else saying
    after = saying + 1
    if after < len(part) and part[after].form in ("that", ":", ","):
        after += 1
    if end <= i + 1 or after >= len(part):
        return None
    links = (
        Said(agency, cue, "reports", "agency" if agency is None else None),
        Said((part[i + 1].start, part[end - 1].end), (part[saying].start, part[saying].end), "says"),
    )
    return Speech(links, _parts(text, part, after))


def _accusation(text: str, part: Sequence[Word], i: int, link: Said) -> Speech | None:
    of = next((j for j in range(i + 1, min(len(part), i + 14)) if part[j].form == "of"), None)
    if of is None or of == i + 1:
        return None
    content = _without_stop(part, (part[i + 1].start, part[-1].end))
    return Speech((link,), (content,), (part[i + 1].start, part[of - 1].end))


def _subject(text: str, part: Sequence[Word], i: int, first: int = 0) -> tuple[Span | None, Back]:
    """The subject that stands before a verb, as a span, or a word on whom to look back to."""
    end = i
    while end > first and part[end - 1].form in _CUES["auxiliary.words"]:
        end -= 1
    begin = end
    while begin > first and end - begin < _LONGEST_SPEAKER:
        form = part[begin - 1].form
        if form in (",", ";", ":", '"') or part[begin - 1].quoted:
            # a comma may close an apposition: "Sergei Lavrov, the foreign minister, said"
            opener = begin - 2
            while opener > first and begin - opener < 12 and part[opener].form != ",":
                opener -= 1
            if form == "," and begin == end and opener > first and part[opener].form == ",":
                end, begin = opener, opener
                continue
            break
        if form in ("and", "but", "that", "when", "after", "because", "which", "where") and begin < end:
            break
        if form in ("on", "in", "at") and begin < end:
            break
        begin -= 1
    if begin == end:
        if part[first].form in _CUES.modes or i == first:
            return None, "speaker" if i > first else "subject"
        return None, None
    if end - begin == 1 and part[begin].form in _CUES["noun_phrase.pronouns"]:
        return None, "speaker"
    if end - begin == 2 and part[begin + 1].form in _CUES["noun_phrase.agency_again"]:
        return None, "agency"
    span = (part[begin].start, part[end - 1].end)
    words = {w.form for w in part[begin:end]}
    if find_names(text[span[0] : span[1]], "en").who or words & _CUES["noun_phrase.roles"]:
        return span, None
    if part[begin].form in _CUES["noun_phrase.determiners"] or first > 0:
        return span, None
    if text[span[0]].isupper() and part[begin].form not in ("this", "there", "these", "here", "it"):
        return span, None
    return None, None


def _name_after(part: Sequence[Word], first: int) -> int:
    j = first
    while j < min(len(part), first + _LONGEST_SPEAKER):
        form = part[j].form
        if form in (",", ".", ";", ":", '"') or (form in _CUES["noun_phrase.stop"] and j > first):
            break
        j += 1
    return j


def _with_inner(text: str, part: Sequence[Word], link: Said, after: int) -> Speech | None:
    if after >= len(part):
        return None
    for i in range(after + 1, min(len(part), after + 6)):
        if part[i].quoted or part[i].form in (",", ":"):
            break
        if part[i].form in _CUES.modes:
            inner = _reported(text, part[after:], i - after)
            if inner and inner.links[0].source and inner.parts:
                return Speech((link, *inner.links), inner.parts, inner.accused)
            break
    return Speech((link,), _parts(text, part, after))


def _parts(text: str, part: Sequence[Word], after: int) -> tuple[Span, ...]:
    """What was said, divided at "and that"."""
    starts = [after]
    for j in range(after + 2, len(part) - 1):
        if not part[j].quoted and part[j].form == "and" and part[j + 1].form == "that":
            starts.append(j + 2)
    spans: list[Span] = []
    for number, (a, b) in enumerate(zip(starts, [*starts[1:], len(part)], strict=True)):
        end = b - 2 if number < len(starts) - 1 else b
        while end - 1 > a and part[end - 1].form in (",", ";", ":"):
            end -= 1
        if a < end:
            spans.append(_without_stop(part, (part[a].start, part[end - 1].end)))
    return tuple(spans)


def _without_stop(part: Sequence[Word], span: Span) -> Span:
    last = part[-1]
    if last.form in (".", "!", "?") and span[1] == last.end and last.start > span[0]:
        return span[0], last.start
    return span
