"""Arabic clauses: where a sentence divides, and who is said to have said what in each part."""

from __future__ import annotations

from collections.abc import Sequence

from claims.extract.attribution import Clause, Said, Span, Speech
from claims.language.cues import cues
from claims.language.letters import fold
from claims.language.names import find_names
from claims.language.words import Word, split_words

_LONGEST_SPEAKER = 14  # words; a longer run is no name
_CUES = cues("ar")


def read_clauses(text: str) -> list[Clause]:
    """The clauses of an Arabic sentence, in order, each with the speech in it."""
    words = split_words(text)
    found: list[Clause] = []
    for first, last in _divide(words):
        part = words[first:last]
        speech = _read_speech(text, part)
        start, end = _edges(part)
        found.append(Clause(start, end, speech))
    return found


def _divide(words: Sequence[Word]) -> list[tuple[int, int]]:
    """Word ranges of the clauses: divided at a comma or at "and" before a verb of its own."""
    cuts = [0]
    for i in range(1, len(words)):
        word = words[i]
        if word.quoted or i - cuts[-1] < 3:
            continue
        after_comma = words[i - 1].form in (",", ";")
        joined = word.form[0] == "و" and len(word.form) > 3
        reporting = joined and word.bare in _CUES.modes and _CUES.modes[word.bare] != "hopes"
        other = joined and (word.bare in _CUES["event.words"] or word.bare in _CUES["state.words"])
        if (
            after_comma
            and (
                reporting
                or other
                or word.form in _CUES["clause.starts"]
                or word.form in _CUES["clause.which"]
            )
        ) or (reporting and _complement(words, i + 1, len(words)) is not None):
            cuts.append(i)
    return [(a, b) for a, b in zip(cuts, [*cuts[1:], len(words)], strict=True) if a < b]


def _edges(part: Sequence[Word]) -> Span:
    """From the first word to the last one, without commas at the ends."""
    first, last = 0, len(part) - 1
    while first < last and part[first].form in ",;-:":
        first += 1
    while last > first and part[last].form in ",;:":
        last -= 1
    return part[first].start, part[last].end


def _read_speech(text: str, part: Sequence[Word]) -> Speech | None:
    """The chain of speech in a clause, or None where the outlet itself speaks."""
    for i, word in enumerate(part):
        if word.quoted:
            continue
        speech = (
            _according_to(text, part, i)
            or _relayed(text, part, i)
            or _denied_it(text, part, i)
            or _hoped(text, part, i)
            or _reported(text, part, i)
        )
        if speech:
            return speech
    return None


def _according_to(text: str, part: Sequence[Word], i: int) -> Speech | None:
    """وفقا لـ… فإن…, بحسب…, and the same after what was said."""
    known = _CUES["according_to.alone"] | _CUES["according_to.with_lam"] | _CUES["according_to.with_verb"]
    bare = part[i].form if part[i].form in known else part[i].bare
    verb: tuple[int, int] | None = None
    if bare in _CUES["according_to.with_lam"]:
        first = i + 1
    elif bare in _CUES["according_to.alone"]:
        first = i + 2 if i + 1 < len(part) and part[i + 1].form == "ما" else i + 1
    elif bare in _CUES["according_to.with_verb"] and i + 1 < len(part) and part[i + 1].form in _CUES.modes:
        first = i + 2
    else:
        return None
    if first < len(part) and part[first].form in _CUES.modes:
        verb, first = (first, first), first + 1
    lam = bare in _CUES["according_to.with_lam"]
    last = _name_end(part, first, lam=lam)
    if last == first:
        return None
    start = part[first].start
    if lam and part[first].form.startswith("ل"):
        start += 1
    source = (start, part[last - 1].end)
    cue = (part[i].start, part[verb[1] if verb else i].end)
    link = Said(source, cue, "says")
    if i >= 3:
        end = part[i - 1].end if part[i - 1].form != "," else part[i - 2].end
        return Speech((link,), ((part[0].start, end),))
    after = last
    while after < len(part) and part[after].form in (",", ":"):
        after += 1
    if after < len(part) and part[after].form in _CUES["complement.that"]:
        after += 1
    return _with_inner(text, part, link, after)


def _relayed(text: str, part: Sequence[Word], i: int) -> Speech | None:
    """نقلت وكالة … عن … قوله …: an agency passes on what somebody said."""
    bare = part[i].bare
    if _CUES.modes.get(bare) != "reports":
        return None
    about = next(
        (j for j in range(i + 1, min(len(part), i + 12)) if part[j].form in ("عن", "عنه", "عنها")), None
    )
    if about is None or _complement(part, i + 1, about) is not None:
        return None
    cue = (part[i].start, part[i].end)
    agency_end = _name_end(part, i + 1, upto=about)
    agency = (
        Said((part[i + 1].start, part[agency_end - 1].end), cue, "reports") if agency_end > i + 1 else None
    )
    if agency is None or (part[i + 1].form in _CUES["noun_phrase.agency_again"] and agency_end == i + 2):
        agency = Said(None, cue, "reports", "agency")
    found = _complement(part, about + 1, len(part))
    if found is None:
        return None
    saying = next((j for j in range(about, found[0] + 1) if part[j].form in _CUES["says.forms"]), about)
    inner_cue = (part[saying].start, part[saying].end) if saying != about else cue
    if part[about].form != "عن":
        speaker = Said(None, inner_cue, "says", "speaker")
    else:
        end = _name_end(part, about + 1, upto=found[0])
        if end == about + 1:
            return None
        speaker = Said((part[about + 1].start, part[end - 1].end), inner_cue, "says")
    return Speech((agency, speaker), _parts(part, found[1]))


def _denied_it(text: str, part: Sequence[Word], i: int) -> Speech | None:
    """وهو ما تنفيه طهران: a denial of what went before."""
    if part[i].bare not in _CUES["denies_it.forms"] and part[i].form not in _CUES["denies_it.forms"]:
        return None
    end = _name_end(part, i + 1)
    cue = (part[i].start, part[i].end)
    if end == i + 1:
        return Speech((Said(None, cue, "denies", "speaker"),), ())
    return Speech((Said((part[i + 1].start, part[end - 1].end), cue, "denies"),), ())


def _hoped(text: str, part: Sequence[Word], i: int) -> Speech | None:
    """عبر … عن أمله في أن …"""
    if part[i].bare not in _CUES["expresses.forms"]:
        return None
    hope = next(
        (j for j in range(i + 1, min(len(part), i + 14)) if part[j].form in _CUES["expresses.hope"]), None
    )
    if hope is None:
        return None
    end = _name_end(part, i + 1, upto=hope)
    cue = (part[i].start, part[hope].end) if end == i + 1 else (part[hope].start, part[hope].end)
    source = (part[i + 1].start, part[end - 1].end) if end > i + 1 else None
    found = _complement(part, hope + 1, len(part))
    after = found[1] if found else hope + 1
    return Speech((Said(source, cue, "hopes", None if source else "speaker"),), _parts(part, after))


def _reported(text: str, part: Sequence[Word], i: int) -> Speech | None:
    """A reporting verb with its subject after it, before it, or left out."""
    bare = part[i].form if part[i].form in _CUES.modes else part[i].bare
    mode = _CUES.modes.get(bare)
    if mode is None:
        return None
    cue = (part[i].start, part[i].end)
    if mode == "accuses":
        return _accusation(text, part, i, cue)
    found = _complement(part, i + 1, len(part))
    if mode == "denies":
        return _denial(text, part, i, cue, found)
    if found is None:
        found = _prepositional(part, i, mode)
    if found is None:
        return None
    end = _name_end(part, i + 1, upto=found[0])
    if end > i + 1:
        link = Said((part[i + 1].start, part[end - 1].end), cue, mode)
    else:
        before = _subject_before(part, i)
        link = Said(before, cue, mode, None if before else "speaker")
    return _with_inner(text, part, link, found[1])


def _accusation(text: str, part: Sequence[Word], i: int, cue: Span) -> Speech | None:
    act = next((j for j in range(i + 1, min(len(part), i + 16)) if _is_act(part[j])), None)
    if act is None or act == i + 1:
        return None
    start, end = part[i + 1].start, part[act - 1].end
    named = sorted((who.start + start, who.end + start) for who in find_names(text[start:end], "ar").who)
    if not named:
        return None
    accused = _whole_words(part, named[-1])
    before = [w for w in part[i + 1 : act] if w.end <= accused[0] and w.form != ","]
    content = (accused[0], part[-1].end if part[-1].form not in ",;" else part[-2].end)
    if before:
        link = Said((before[0].start, before[-1].end), cue, "accuses")
    else:
        subject = _subject_before(part, i)
        link = Said(subject, cue, "accuses", None if subject else "subject")
    return Speech((link,), (_without_stop(part, content),), accused)


def _is_act(word: Word) -> bool:
    """ "of doing": a word joined to ب that is no name."""
    return word.form[0] == "ب" and len(word.form) > 3 and word.form not in _CUES["accusation.not_act"]


def _denial(text: str, part: Sequence[Word], i: int, cue: Span, found: tuple[int, int] | None) -> Speech:
    end = _first_name_end(text, part, i + 1, found[0] if found else len(part))
    source = (part[i + 1].start, part[end - 1].end) if end > i + 1 else None
    back = None
    if source is None:
        source = _subject_before(part, i)
        back = None if source else "speaker"
    after = found[1] if found else end
    parts = _parts(part, after) if after < len(part) else ()
    if parts and fold(text[parts[0][0] : parts[0][1]]).split()[0] in _CUES["denies.back"]:
        parts = ()
    return Speech((Said(source, cue, "denies", "speaker" if back else None),), parts)


def _with_inner(text: str, part: Sequence[Word], link: Said, after: int) -> Speech | None:
    """The speech whose outermost link is given, with a second speaker that what was said may begin with."""
    if after >= len(part):
        return None
    for i in range(after, min(len(part), after + 6)):
        if part[i].quoted or part[i].form in (",", ":"):
            break
        if part[i].form in _CUES.modes or part[i].bare in _CUES.modes:
            inner = _reported(text, part[after:], i - after)
            if (
                inner
                and inner.links[0].source
                and inner.links[0].mode in ("says", "announces", "denies", "accuses")
            ):
                return Speech((link, *inner.links), inner.parts, inner.accused)
            break
    return Speech((link,), _parts(part, after))


def _complement(part: Sequence[Word], first: int, last: int) -> tuple[int, int] | None:
    """Where the words before what was said end, and where what was said begins (word indices)."""
    for j in range(first, last):
        word = part[j]
        if word.form in _CUES["complement.that"]:
            if word.form in ("ان", "بان", "فان"):
                # "expressed his readiness that" and the like stay inside; "إلى أن" is one mark
                begin = j - 1 if j > first and part[j - 1].form == "الي" else j
                return begin, j + 1
            return j, j
        if word.form == ":" and j + 1 < len(part):
            return j, j + 1
        if word.form == '"' and not word.quoted and _quote_length(part, j) > 3:
            return j, j
        if word.form in (";", ".") and not word.quoted:
            return None
    return None


def _prepositional(part: Sequence[Word], i: int, mode: str) -> tuple[int, int] | None:
    """أعلن … عن …, تعهد … بـ…: what was said follows a preposition."""
    for j in range(i + 1, min(len(part), i + 14)):
        form = part[j].form
        if mode == "announces" and form == "عن":
            return j, j + 1
        if mode == "pledges" and form[0] == "ب" and len(form) > 3 and j > i + 1 and not _is_name(part[j]):
            return j, j
        if mode == "pledges" and j == i + 1 and form[0] == "ب" and len(form) > 3 and not _is_name(part[j]):
            return j, j
    return None


def _is_name(word: Word) -> bool:
    return bool(find_names(word.form, "ar").who)


def _quote_length(part: Sequence[Word], j: int) -> int:
    length = 0
    for word in part[j + 1 :]:
        if not word.quoted:
            break
        length += 1
    return length


def _parts(part: Sequence[Word], after: int) -> tuple[Span, ...]:
    """What was said, divided at "and that"."""
    starts = [after]
    for j in range(after + 2, len(part)):
        word = part[j]
        if not word.quoted and word.form[0] == "و" and word.form[1:] in _CUES["complement.that"]:
            starts.append(j)
    spans: list[Span] = []
    for a, b in zip(starts, [*starts[1:], len(part)], strict=True):
        if a > after and part[a].form[1:] in ("ان", "بان"):
            a += 1
        while b - 1 > a and part[b - 1].form in ",;:":
            b -= 1
        if a < b:
            spans.append(_without_stop(part, (part[a].start, part[b - 1].end)))
    return tuple(spans)


def _without_stop(part: Sequence[Word], span: Span) -> Span:
    """The span without a full stop at its end."""
    last = part[-1]
    if last.form in (".", "!", "?") and span[1] == last.end and last.start > span[0]:
        return span[0], last.start
    return span


def _name_end(part: Sequence[Word], first: int, upto: int | None = None, *, lam: bool = False) -> int:
    """The word index at which a speaker's name that begins at `first` ends; `first` where there is none."""
    limit = min(len(part), first + _LONGEST_SPEAKER, upto if upto is not None else len(part))
    organisation = False
    j = first
    while j < limit:
        form = part[j].form
        if form in _CUES["noun_phrase.stop"] or form in _CUES["complement.that"]:
            break
        if form in (",", ":", ".", ";", "-") or (form == '"' and _quote_length(part, j) > 3):
            break
        if j > first and form in _CUES.modes:
            break
        if form.startswith("لل") and not organisation:
            break
        if form[0] == "ل" and len(form) > 3 and j > first and not form.startswith("لل"):
            rest = form[1:]
            if rest.startswith("ل") or _is_name(Word(rest, 0, 0, False)) or rest in ("نظيره", "نظيرته"):
                break
        if form[0] == "ب" and len(form) > 4 and j > first and form not in ("باسم",) and not _is_name(part[j]):
            break
        if form in ("شهر", "الشهر", "العام", "الاسبوع") and j > first:
            break
        heads = {form, form[1:]} if lam else {form}
        organisation = organisation or bool(heads & _CUES["noun_phrase.organisations"])
        j += 1
    while j > first and part[j - 1].form in ('"', "("):
        if part[j - 1].form == '"' and j - 2 >= first and part[j - 2].quoted:
            break
        j -= 1
    return j


def _first_name_end(text: str, part: Sequence[Word], first: int, upto: int) -> int:
    """The end of a subject that its object follows without any mark between ("نفت إيران تزويد…")."""
    end = _name_end(part, first, upto)
    if end == first:
        return first
    start = part[first].start
    named = sorted(
        (w.start + start, w.end + start, w.type)
        for w in find_names(text[start : part[end - 1].end], "ar").who
    )
    if not named:
        return end
    reach = named[0][1]
    for next_start, next_end, kind in named[1:]:
        between = [w for w in part if reach <= w.start < next_start]
        if kind == "person" and len(between) <= 1:
            reach = next_end
        else:
            break
    closing = [j for j in range(first, end) if part[j].end <= reach or part[j].start < reach]
    last = closing[-1] + 1
    if last < end and part[last].form == ")":
        last += 1
    return last


def _subject_before(part: Sequence[Word], i: int) -> Span | None:
    """The subject that stands before its verb ("روسيا تقول"), if the clause begins with a name."""
    words = [w for w in part[:i] if w.form not in (",", "كما", "وقد", "قد", "كان", "وكان", "وكانت")]
    relative = next(
        (j for j in (i - 1, i - 2) if j > 0 and part[j].form in _CUES["noun_phrase.relative"]), None
    )
    if relative is not None:
        return _name_before(part, relative)
    if not words or len(words) > 8 or i == 0:
        return None
    if words[0].form in _CUES["noun_phrase.stop"]:
        return None
    named = any(find_names(w.form, "ar").who for w in words) or words[0].bare in _CUES["noun_phrase.roles"]
    if not named or any(w.form in _CUES["noun_phrase.stop"] for w in words):
        return None
    start = words[0].start + (1 if words[0].form[0] == "و" and words[0].form != words[0].bare else 0)
    return start, words[-1].end


def _name_before(part: Sequence[Word], end: int) -> Span | None:
    """The name that ends where a relative clause begins ("the United States, which accused…")."""
    for width in (4, 3, 2, 1):
        words = part[max(0, end - width) : end]
        text = " ".join(word.form for word in words)
        named = find_names(text, "ar").who
        if named and named[0].start <= 1 and named[-1].end >= len(text) - 1:
            return words[0].start, words[-1].end
    return None


def _whole_words(part: Sequence[Word], span: Span) -> Span:
    """The span grown to the words that it touches."""
    touched = [w for w in part if w.start < span[1] and w.end > span[0]]
    return touched[0].start, touched[-1].end
