"""English phrases: the subject before a verb, the name after one, where what was said begins."""

from __future__ import annotations

from collections.abc import Sequence

from claims.extract.attribution import Back, Span
from claims.language.cues import cues
from claims.language.names import find_names
from claims.language.words import Word
from claims.model import Mode

_LONGEST_SPEAKER = 16  # words
_LONGEST_ASIDE = 20  # words between the commas of an apposition
_CUES = cues("en")
_NO_SUBJECT = frozenset(["this", "there", "these", "here", "that"])


def is_subject(words: Sequence[Word], i: int) -> bool:
    """Whether a word may begin a subject."""
    form = words[i].form
    return (
        form in _CUES["noun_phrase.pronouns"]
        or form in _CUES["noun_phrase.determiners"]
        or form in _CUES["noun_phrase.possessives"]
        or form in _CUES["noun_phrase.roles"]
        or bool(find_names(form, "en").who)
    )


def find_subject(text: str, part: Sequence[Word], i: int, first: int = 0) -> tuple[Span | None, Back]:
    """The subject that stands before a verb, as a span, or a word on whom to look back to."""
    end = i
    while end > first and part[end - 1].form in _CUES["auxiliary.words"]:
        end -= 1
    shared = _first_verb(part, first, end - 1) if end > first and part[end - 1].form == "and" else None
    if shared is not None:
        return find_subject(text, part, shared, first)  # "So-and-so defended it and urged …"
    whole = end
    begin, end = _run(part, end, first)
    if (
        end < whole - 2
        and _names_person(text, part[end + 1 : whole - 1])
        and not _names_person(text, part[begin:end])
    ):
        end = whole - 1  # "a spokesman, Colonel So-and-so, said": the name is in the aside
    while begin < end and part[begin].form in ("but", "and", "while", "although", "though", "meanwhile"):
        begin += 1
    if begin == end:
        if part[first].form in _CUES["says.participles"]:
            return None, "nearest"
        if part[first].form in _CUES.modes or i == first:
            return None, "speaker" if i > first else "subject"
        return (None, "nearest") if part[first].form in ("and", "but") else (None, None)
    if end - begin == 1 and part[begin].form in _CUES["noun_phrase.pronouns"]:
        return None, "nearest" if part[begin].form == "they" else "speaker"
    if part[end - 1].form in _CUES["noun_phrase.pronouns"]:  # "in September it accused"
        return None, "subject"
    if end - begin == 2 and part[begin + 1].form in _CUES["noun_phrase.agency_again"]:
        return None, "agency"
    span = (part[begin].start, part[end - 1].end)
    words = {w.form for w in part[begin:end]}
    if (
        words & _CUES["noun_phrase.roles"]
        or part[begin].form in _CUES["noun_phrase.determiners"]
        or first > 0
    ):
        return span, None
    if text[span[0]].isupper() and part[begin].form not in _NO_SUBJECT:
        return span, None
    return (span, None) if find_names(text[span[0] : span[1]], "en").who else (None, None)


def _first_verb(part: Sequence[Word], first: int, end: int) -> int | None:
    """The first verb in the past that has words before it, where one stands before `end`."""
    return next(
        (
            k
            for k in range(first + 1, end)
            if not part[k].quoted
            and (
                part[k].form in _CUES["event.words"]
                or (part[k].form.endswith("ed") and len(part[k].form) > 4)
            )
        ),
        None,
    )


def _run(part: Sequence[Word], end: int, first: int) -> tuple[int, int]:
    """The words before `end` that belong together, an apposition between commas left out."""
    begin = end
    while begin > first and end - begin < _LONGEST_SPEAKER:
        form = part[begin - 1].form
        if form == "," and begin < end and _lists(part, begin, end):
            begin -= 1
            continue
        if form in (",", ";", ":", '"') or part[begin - 1].quoted:
            opener = _aside(part, begin, first)
            if form == "," and opener is not None:
                if begin == end:
                    end = opener  # "Sergei Lavrov, the foreign minister, said"
                begin = opener
                continue
            break
        if (
            begin < end
            and form in _CUES["clause.breaks"]
            and not (form == "and" and _lists(part, begin, end))
        ):
            break
        if form in ("on", "in", "at") and begin < end and begin - 1 == first:
            break
        begin -= 1
    return begin, end


def _names_person(text: str, words: Sequence[Word]) -> bool:
    return any(who.type == "person" for who in find_names(text[words[0].start : words[-1].end], "en").who)


def _lists(part: Sequence[Word], begin: int, end: int) -> bool:
    """Whether the words from `begin` on close a list of names ("Britain, France and Germany")."""
    if part[begin - 1].form == "and":
        return not any(
            w.form in _CUES.modes or w.form in _CUES["auxiliary.finite"]
            for w in part[max(0, begin - 6) : begin - 1]
        )
    return (
        begin + 1 < end
        and part[begin + 1].form in ("and", ",")
        and part[begin].form not in _CUES["noun_phrase.determiners"]
    )


def _aside(part: Sequence[Word], begin: int, first: int) -> int | None:
    """The comma that opens the apposition which the comma before `begin` closes."""
    opener = begin - 2
    while opener > first and begin - opener < _LONGEST_ASIDE and part[opener].form != ",":
        if part[opener].quoted or part[opener].form == '"':
            return None
        opener -= 1
    # what stands before an apposition is a name, not the end of a sentence that was quoted
    return opener if opener > first and part[opener].form == "," and opener <= 12 else None


def name_after(part: Sequence[Word], first: int, *, source: bool = False) -> int:
    """The word index at which a name that begins at `first` ends.

    With `source` it may go on with a preposition ("data from the ministry"), and where it is told how it
    came out, with all that follows ("a study published on Monday in the journal").
    """
    j = first
    came_out = False
    while j < min(len(part), first + _LONGEST_SPEAKER):
        form = part[j].form
        if form in (",", ".", ";", ":", '"'):
            break
        came_out = came_out or (source and form in _CUES["noun_phrase.came_out"])
        goes_on = came_out and form in _CUES["time.words"]
        if (
            form in _CUES["noun_phrase.stop"]
            and j > first
            and not (source and (goes_on or form in ("from", "by", "for", "at", "in")))
        ):
            break
        j += 1
    return j


def content_start(part: Sequence[Word], i: int, mode: Mode) -> int | None:
    """The word at which what was said begins, or None where the verb introduces nothing."""
    after = i + 1
    while (
        part[i].form in ("told", "tells", "telling") and after < len(part) - 1 and _is_told(part[after].form)
    ):
        after += 1
    limit = min(len(part), i + _LONGEST_SPEAKER)
    that = next((j for j in range(after, limit) if part[j].form == "that" and not part[j].quoted), None)
    mark = next((j for j in range(after, limit) if part[j].form in ('"', ":")), None)
    plain = part[i].form in _CUES["says.plain"]
    if that is not None and (mark is None or that < mark) and (not plain or that - after <= 6):
        return that + 1 if that + 1 < len(part) else None
    if mark is not None and not (plain and (mark - after > 4 or _goes_on(part[after:mark]))):
        after = mark + 1 if part[mark].form == ":" else mark
    elif mode == "says" and not plain:
        return None
    while after < len(part) and (part[after].form in _CUES["time.words"] or part[after].form == ","):
        if part[after].form == "a" and part[after - 1].form != "in":
            break
        after += 1
    return after if after < len(part) and part[after].form not in (".", "!", "?") else None


def _is_told(form: str) -> bool:
    return form in _CUES["says.addressees"]


def _goes_on(between: Sequence[Word]) -> bool:
    """Whether what was said begins before the words that are quoted of it ("said he was 'delighted'")."""
    return any(w.form in _CUES["auxiliary.finite"] for w in between)


def closes(part: Sequence[Word], i: int) -> bool:
    """Whether the verb ends what it belongs to: "…, the minister said on Friday."."""
    if i == len(part) - 1 or part[i + 1].form in (".", ","):
        return True
    if part[i].form == "told" and len(part) - i <= 5 and part[-1].form == ".":
        return not any(w.form in _CUES["auxiliary.finite"] for w in part[i:])
    if part[i + 1].form == "a":  # "found a fault"; "in a statement" begins with "in"
        return False
    return part[i + 1].form in _CUES["time.words"] or part[i + 1].form in _CUES["time.places"]


def said_parts(part: Sequence[Word], after: int) -> tuple[Span, ...]:
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
            spans.append(without_stop(part, (part[a].start, part[end - 1].end)))
    return tuple(spans)


def without_stop(part: Sequence[Word], span: Span) -> Span:
    """The span without a full stop at its end."""
    last = part[-1]
    if last.form in (".", "!", "?") and span[1] == last.end and last.start > span[0]:
        return span[0], last.start
    return span
