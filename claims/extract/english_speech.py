"""English speech: the constructions by which a clause says who said what."""

from __future__ import annotations

from collections.abc import Sequence

from claims.extract.attribution import Said, Span, Speech
from claims.extract.english_phrases import (
    closes,
    content_start,
    find_subject,
    name_after,
    said_parts,
    without_stop,
)
from claims.language.cues import cues
from claims.language.words import Word
from claims.model import Mode

_CUES = cues("en")
# No other word begins a construction.
_BEGIN = (
    frozenset(_CUES.modes)
    | {"according", "hold", "holds", "held", "holding"}
    | _CUES["expresses.forms"]
    | _CUES["speech_acts.forms"]
)
_DEEPEST = 2  # speakers within what a speaker said
_BE = frozenset(["was", "were", "is", "are", "been", "being", "be"])


def read_speech(text: str, part: Sequence[Word]) -> Speech | None:
    """The chain of speech in a clause, or None where the outlet itself speaks."""
    for i, word in enumerate(part):
        if word.form not in _BEGIN or word.quoted or (i and _surname(text, part, i)):
            continue
        speech = (
            _according_to(text, part, i)
            or _hoped(text, part, i)
            or _held(text, part, i)
            or _reported(text, part, i)
            or _acted(text, part, i)
        )
        if speech:
            return _without_truth(part, speech)
    return None


def _surname(text: str, part: Sequence[Word], i: int) -> bool:
    """Whether a word that looks like a verb is written as a name ("Omar Said announced")."""
    return text[part[i].start].isupper() and text[part[i - 1].start].isupper() and part[i - 1].form != '"'


def _according_to(text: str, part: Sequence[Word], i: int) -> Speech | None:
    if part[i].form != "according" or i + 2 >= len(part) or part[i + 1].form != "to":
        return None
    end = name_after(part, i + 2, source=True)
    if end == i + 2:
        return None
    link = Said((part[i + 2].start, part[end - 1].end), (part[i].start, part[i + 1].end), "says")
    if i >= 3:
        last = part[i - 1] if part[i - 1].form != "," else part[i - 2]
        return Speech((link,), ((part[0].start, last.end),))
    comma = next((j for j in range(end, min(len(part), end + 9)) if part[j].form == ","), end)
    after = comma
    while after < len(part) and part[after].form in (",", ":"):
        after += 1
    return _with_inner(text, part, link, after)


def _hoped(text: str, part: Sequence[Word], i: int) -> Speech | None:
    """ "expressed hope that …", "voiced concern over …"."""
    if part[i].form not in _CUES["expresses.forms"]:
        return None
    source, back = find_subject(text, part, i)
    if source is None and back is None:
        return None
    hope = next(
        (j for j in range(i + 1, min(len(part), i + 4)) if part[j].form in _CUES["expresses.hope"]), None
    )
    if hope is None:
        if not any(w.form in _CUES["expresses.feelings"] for w in part[i + 1 : i + 5]):
            return None
        return Speech((Said(source, (part[i].start, part[i].end), "says", back),), (_whole(part),))
    after = hope + 2 if hope + 1 < len(part) and part[hope + 1].form == "that" else hope + 1
    return Speech((Said(source, (part[i].start, part[hope].end), "hopes", back),), said_parts(part, after))


def _held(text: str, part: Sequence[Word], i: int) -> Speech | None:
    """ "held Iran responsible for …"."""
    if part[i].form not in ("hold", "holds", "held", "holding"):
        return None
    if not any(w.form == "responsible" for w in part[i + 1 : i + 7]):
        return None
    source, back = find_subject(text, part, i)
    if source is None and back is None:
        return None
    content = without_stop(part, (part[i + 1].start, part[-1].end))
    return Speech((Said(source, (part[i].start, part[i].end), "accuses", back),), (content,))


def _reported(text: str, part: Sequence[Word], i: int, depth: int = 0) -> Speech | None:
    mode = _CUES.modes.get(part[i].form)
    if mode is None:
        return None
    cue = (part[i].start, part[i].end)
    if mode in ("says", "denies") and i and part[i - 1].form in _BE and part[i].form.endswith("ed"):
        return None  # "such payments have been alleged": nobody is named who alleges
    if i and part[i - 1].form == "to":
        return None  # "refused to say"
    if part[i].form == "deny" and i and part[i - 1].form in _CUES["denies.not_after"]:
        return None  # "refused to deny", "did not deny"
    if part[i].form in ("quoted", "cited", "quoting", "citing"):
        return _relayed(text, part, i, cue)
    if mode == "accuses" and i and any(w.form in _BE for w in part[max(0, i - 3) : i]):
        return _accused(text, part, i, cue)
    inverted = _after_quote(text, part, i, cue, mode)
    if inverted:
        return inverted
    source, back = find_subject(text, part, i)
    if source is None and back is None:
        return None
    if part[i].form in _CUES["says.hears"] and not _before_court(part, source):
        return None
    if mode == "accuses":
        return _accusation(part, i, Said(source, cue, mode, back))
    if mode == "denies":
        return Speech((Said(source, cue, mode, back),), _denied(part, i))
    after = content_start(part, i, mode)
    if after is None:
        return None
    return _with_inner(text, part, Said(source, cue, mode, back), after, depth)


def _before_court(part: Sequence[Word], source: Span | None) -> bool:
    spoken = {w.form for w in part if source and source[0] <= w.start < source[1]}
    return bool(spoken & _CUES["says.courts"])


def _denied(part: Sequence[Word], i: int) -> tuple[Span, ...]:
    """What is denied; nothing where it stands elsewhere ("which Tehran denies", "denied the charge")."""
    following = [word.form for word in part[i + 1 : i + 5]]
    if not following or following[0] in (".", ",", "it", "this", "doing"):
        return ()
    if following[0] == "that" and following[1:2] in ([], ["."], [","]):
        return ()
    if part[0].form == "which" and len(part) - i < 4:
        return ()
    if set(following) & _CUES["denies.back"]:
        about = next(
            (j for j in range(i + 1, min(len(part), i + 6)) if part[j].form in _CUES["denies.back"]),
            len(part),
        )
        if about + 2 < len(part) and part[about + 1].form in ("that", "of"):
            return said_parts(part, about + 2)
        return ()
    return said_parts(part, i + 2 if following[0] == "that" else i + 1)


def _after_quote(text: str, part: Sequence[Word], i: int, cue: Span, mode: Mode) -> Speech | None:
    """ "…," she said / said the minister / the minister said."""
    closing = next(
        (j for j in range(i - 1, max(-1, i - 18), -1) if part[j].form == '"' and not part[j].quoted), None
    )
    comma = next(
        (
            j
            for j in range(i - 1, max(0, i - 14), -1)
            if part[j].form == "," and not part[j].quoted and part[j + 1].start > part[j].end
        ),
        None,
    )
    if mode not in ("says", "announces", "reports"):
        return None
    if closing is not None and i - closing <= 16 and closing > 2:
        between, end = closing + 1, part[closing].end
    elif comma is not None and i - comma <= 12 and comma >= 3 and closes(part, i):
        between, end = comma + 1, part[comma - 1].end
    else:
        return None
    while between < i and part[between].form == ",":
        between += 1
    if between < i:
        source, back = find_subject(text, part, i, between)
    else:
        last = name_after(part, i + 1)
        aside = any(w.form == "," for w in part[max(0, i - 15) : i - 1]) and part[i - 1].form == ","
        if last == i + 1 or aside:
            return None
        source, back = (part[i + 1].start, part[last - 1].end), None
        if part[i + 1].form in _CUES["noun_phrase.pronouns"]:
            source, back = None, "speaker"
    if source is None and back is None:
        return None
    return Speech((Said(source, cue, mode, back),), ((part[0].start, end),))


def _relayed(text: str, part: Sequence[Word], i: int, cue: Span) -> Speech | None:
    """An agency quoted somebody as saying."""
    saying = next((j for j in range(i + 1, min(len(part), i + 16)) if part[j].form == "saying"), None)
    if saying is None:
        return None
    agency, _ = find_subject(text, part, i)
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
    return Speech(links, said_parts(part, after))


def _accusation(part: Sequence[Word], i: int, link: Said) -> Speech | None:
    of = next(
        (j for j in range(i + 1, min(len(part), i + 14)) if part[j].form in ("of", "for", "with")), None
    )
    if i + 1 >= len(part) or of == i + 1:
        return None
    if of is None and part[i].form not in _CUES["accuses.blame"]:
        return None
    content = without_stop(part, (part[i + 1].start, part[-1].end))
    return Speech((link,), (content,), (part[i + 1].start, part[of - 1].end) if of else None)


def _accused(text: str, part: Sequence[Word], i: int, cue: Span) -> Speech | None:
    """ "was accused of …": nobody is named who accuses, unless "by" names them."""
    following = part[i + 1].form if i + 1 < len(part) else ""
    if following not in ("of", "by", "for", "over"):
        return None
    subject, _ = find_subject(text, part, i)
    source: Span | None = None
    if following == "by":
        end = name_after(part, i + 2)
        source = (part[i + 2].start, part[end - 1].end) if end > i + 2 else None
    content = without_stop(part, (part[0].start, part[-1].end))
    return Speech((Said(source, cue, "accuses"),), (content,), subject, passive=True)


def _acted(text: str, part: Sequence[Word], i: int) -> Speech | None:
    """ "called for …", "condemned …": speech with no clause of its own; the whole clause tells it."""
    if part[i].form not in _CUES["speech_acts.forms"] or (i and part[i - 1].form in _BE):
        return None
    if part[i].form in ("called", "calls") and not {"for", "on"} & {w.form for w in part[i + 1 : i + 3]}:
        return None
    source, back = find_subject(text, part, i)
    if source is None and back is None:
        return None
    cue = (part[i].start, part[i].end)
    following = [w.form for w in part[i + 1 : i + 9]]
    if set(following[:4]) & _CUES["denies.back"] and set(following) & _CUES["denies.false"]:
        return Speech((Said(source, cue, "denies", back),), ())
    return Speech((Said(source, cue, "says", back),), (_whole(part),))


def _whole(part: Sequence[Word]) -> Span:
    return without_stop(part, (part[0].start, part[-1].end))


def _without_truth(part: Sequence[Word], speech: Speech) -> Speech:
    """The speech as a denial where what was said begins with "there is no truth in"."""
    if not speech.parts:
        return speech
    start, end = speech.parts[0]
    words = [w for w in part if w.start >= start and w.end <= end and w.form.isalnum()]
    if [w.form for w in words[:4]] != ["there", "is", "no", "truth"]:
        return speech
    last = speech.links[-1]
    links = (*speech.links[:-1], Said(last.source, last.cue, "denies", last.back))
    rest = words[5:]
    if len(rest) < 4 or {w.form for w in rest[:3]} & _CUES["denies.back"]:
        return Speech(links, ())
    return Speech(links, ((rest[0].start, end), *speech.parts[1:]))


def _with_inner(text: str, part: Sequence[Word], link: Said, after: int, depth: int = 0) -> Speech | None:
    if after >= len(part):
        return None
    if depth >= _DEEPEST:
        return Speech((link,), said_parts(part, after))
    for i in range(after + 1, min(len(part), after + 6)):
        if part[i].quoted or part[i].form in (",", ":"):
            break
        if part[i].form in _CUES.modes:
            inner = _reported(text, part[after:], i - after, depth + 1)
            if (
                inner
                and inner.links[0].source
                and inner.parts
                and inner.parts[0][0] > inner.links[0].source[0]
            ):
                return Speech((link, *inner.links), inner.parts, inner.accused)
            break
    return Speech((link,), said_parts(part, after))
