"""Arabic speech: the constructions by which a clause says who said what."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from claims.extract.arabic_accusations import accusation, charged
from claims.extract.arabic_denials import called_false, denial, denied_it, rejected, without_truth
from claims.extract.arabic_phrases import (
    back_to,
    complement,
    form_at,
    is_name,
    name_end,
    named_beside,
    participle,
    quote_length,
    said_parts,
    seated,
    subject_before,
    subject_end,
    whole,
)
from claims.extract.attribution import Said, Span, Speech
from claims.language.cues import cues
from claims.language.letters import fold
from claims.language.words import Word
from claims.model import Mode

_CUES = cues("ar")
_DEEPEST = 2  # speakers within what a speaker said
_MOST_TRIES = 12  # words of a clause that may begin a construction; nobody writes more
_PHRASES = [tuple(phrase.split("_")) for phrase in sorted(_CUES["according_to.phrases"])]
# No other word begins a construction.
_BEGIN = (
    frozenset(_CUES.modes)
    | _CUES["according_to.with_lam"]
    | _CUES["according_to.alone"]
    | _CUES["according_to.with_verb"]
    | {phrase[0] for phrase in _PHRASES}
    | _CUES["denies_it.forms"]
    | _CUES["denies.with_back"]
    | _CUES["expresses.forms"]
    | _CUES["accusation_noun.verbs"]
    | _CUES["speech_acts.forms"]
)


def read_speech(text: str, part: Sequence[Word]) -> Speech | None:
    """The chain of speech in a clause, or None where the outlet itself speaks."""
    for i in islice(_beginnings(part), _MOST_TRIES):
        speech = (
            _according_to(text, part, i)
            or _relayed(text, part, i)
            or denied_it(text, part, i)
            or _expressed(text, part, i)
            or charged(text, part, i)
            or rejected(text, part, i)
            or _reported(text, part, i)
            or _acted(text, part, i)
        )
        if speech:
            return without_truth(text, part, _relayed_at_end(text, part, i, speech))
    return None


def _beginnings(part: Sequence[Word]) -> Iterator[int]:
    """The places of words that may begin a construction."""
    for i, word in enumerate(part):
        if not word.quoted and (word.form in _BEGIN or word.bare in _BEGIN):
            yield i


def _relayed_at_end(text: str, part: Sequence[Word], i: int, speech: Speech) -> Speech:
    """The speech with who passed it on, where that is said at its end: "…, بحسب وكالة رويترز"."""
    if len(speech.links) != 1 or len(speech.parts) != 1:
        return speech
    begin, end = speech.parts[0]
    for j in range(i + 3, len(part) - 1):
        if part[j].quoted or part[j].start <= begin or part[j - 1].form not in (",", ")"):
            continue
        outer = _according_to(text, part, j)
        if outer is None or outer.links[0].source is None or not _passes_on(text, outer.links[0].source):
            continue
        if any(not w.quoted and w.start > outer.links[0].source[1] and w.form.isalnum() for w in part):
            continue  # the sentence goes on after it
        inner = speech.links if speech.links[0].source or part[i].bare not in _CUES["says.thinks"] else ()
        return Speech((*outer.links, *inner), ((begin, min(end, part[j - 2].end)),), speech.accused)
    return speech


def _passes_on(text: str, source: Span) -> bool:
    """Whether the words name somebody known, or an organisation by its kind."""
    words = fold(text[slice(*source)]).split()
    return bool(words) and (
        is_name(" ".join(words))
        or is_name(words[0])
        or not {words[0], words[0][1:], "ال" + words[0][2:]}.isdisjoint(_CUES["noun_phrase.organisations"])
    )


def _mode(word: Word) -> Mode | None:
    return _CUES.modes.get(word.form) or _CUES.modes.get(word.bare)


def _according_to(text: str, part: Sequence[Word], i: int) -> Speech | None:
    """وفقا لـ… فإن…, بحسب…, على ما أفاد…, and the same after what was said."""
    opened = _opening(part, i)
    if opened is None:
        return None
    first, lam = opened
    verb: int | None = None
    if lam and form_at(part, first) == "لما":
        if not _reporting(form_at(part, first + 1)):
            return None
        first, lam = first + 1, False
    if _goes_by_rule(form_at(part, first), lam):
        return None
    if first < len(part) and _reporting(part[first].form):
        verb, first = first, first + 1
        if form_at(part, first) in ("به", "بها"):
            first += 1
    elif part[i].form == "كما" or (part[i].form == "علي" and part[first - 1].form == "ما"):
        return None
    last = name_end(part, first, lam=lam)
    if last == first:
        return None
    start = part[first].start
    if lam and part[first].form.startswith("ل"):
        start += 1
    cue = (part[i].start, part[verb].end if verb is not None else part[i].end)
    link = Said((start, part[last - 1].end), cue, "says")
    if i >= 3:
        end = part[i - 1].end if part[i - 1].form != "," else part[i - 2].end
        begin = 0
        if _impersonal(part, 0):
            begin = 2 if form_at(part, 1) == "ان" else 3
        return Speech((link,), ((part[min(begin, i - 1)].start, end),))
    after = last
    while after < len(part) and part[after].form not in (",", ":") and after - last < 8:
        if part[after].form in ("فان", "فانه", "فانها"):
            break
        after += 1
    if after >= len(part) or after - last >= 8:
        after = last
    while after < len(part) and part[after].form in (",", ":"):
        after += 1
    if after < len(part) and part[after].form in _CUES["complement.that"]:
        after += 1
    return _with_inner(text, part, link, after)


def _goes_by_rule(form: str, lam: bool) -> bool:
    """Whether the word, to which ل may be joined, is a law, a plan or an hour, none of which speak."""
    bare = "ال" + form[2:] if form.startswith("لل") else form[1:] if lam and form.startswith("ل") else form
    return bare in _CUES["according_to.rules"]


def _opening(part: Sequence[Word], i: int) -> tuple[int, bool] | None:
    """The word after "according to", and whether ل is joined to it."""
    word = part[i]
    for form in (word.form, word.bare):
        if form in _CUES["according_to.with_lam"]:
            return i + 1, True
        if form in _CUES["according_to.alone"]:
            return (i + 2 if form_at(part, i + 1) == "ما" else i + 1), False
        if form in _CUES["according_to.with_verb"] and _reporting(form_at(part, i + 1)):
            return i + 1, False
        for words in _PHRASES:
            if form == words[0] and all(form_at(part, i + k) == w for k, w in enumerate(words) if k):
                if form == "كما" and i < 3:
                    return None  # "as … said" follows what was said; before it, it means "also"
                return i + len(words), False
    return None


def _reporting(form: str) -> bool:
    """A reporting verb, also with an object ("as he confirmed it")."""
    return (
        form in _CUES.modes
        or (len(form) > 3 and form[-1] == "ه" and form[:-1] in _CUES.modes)
        or (len(form) > 4 and form.endswith("ته") and form[:-1] in _CUES.modes)
    )


def _relayed(text: str, part: Sequence[Word], i: int) -> Speech | None:
    """نقلت وكالة … عن … قوله …: an agency passes on what somebody said."""
    if _mode(part[i]) != "reports":
        return None
    about = next(
        (j for j in range(i + 1, min(len(part), i + 12)) if part[j].form in ("عن", "عنه", "عنها")), None
    )
    if about is None or complement(part, i + 1, about) is not None:
        return None
    cue = (part[i].start, part[i].end)
    agency_end = name_end(part, i + 1, upto=about)
    agency = (
        Said((part[i + 1].start, part[agency_end - 1].end), cue, "reports") if agency_end > i + 1 else None
    )
    if agency is None or (part[i + 1].form in _CUES["noun_phrase.agency_again"] and agency_end == i + 2):
        agency = Said(None, cue, "reports", "agency")
    found = complement(part, about + 1, len(part))
    if found is None:
        return None
    saying = next((j for j in range(about, found[0] + 1) if part[j].form in _CUES["says.forms"]), about)
    inner_cue = (part[saying].start, part[saying].end) if saying != about else cue
    if part[about].form != "عن":
        speaker = Said(None, inner_cue, "says", "speaker")
    else:
        end = name_end(part, about + 1, upto=found[0])
        if end == about + 1:
            return None
        speaker = Said((part[about + 1].start, part[end - 1].end), inner_cue, "says")
    return Speech((agency, speaker), said_parts(part, found[1]))


def _expressed(text: str, part: Sequence[Word], i: int) -> Speech | None:
    """عبر … عن أمله في أن …, أعرب … عن قلقه …, أبدى … استعداده …"""
    if part[i].bare not in _CUES["expresses.forms"] and part[i].form not in _CUES["expresses.forms"]:
        return None
    near = range(i + 1, min(len(part), i + 14))
    about = next((j for j in near if part[j].form in ("عن", "عنها")), None)
    if about is not None:
        feeling = about + 1
    else:
        owned = (j for j in near if len(part[j].form) > 4 and part[j].form.endswith(("ه", "ها", "هم", "هما")))
        feeling = next(
            (j for j in owned if part[j].form.endswith(("ته", "اده", "لقه", "دها", "قها", "تها", "تهم"))), -1
        )
    if feeling < 0 or feeling >= len(part):
        return None
    subject = name_end(part, i + 1, upto=about if about is not None else feeling)
    source = (part[i + 1].start, part[subject - 1].end) if subject > i + 1 else None
    hope = part[feeling].form in _CUES["expresses.hope"]
    cue = (part[i].start, part[i].end) if source else (part[i].start, part[feeling].end)
    back = None if source else back_to(part, i)
    if hope:
        found = complement(part, feeling + 1, len(part))
        return Speech(
            (Said(source, cue, "hopes", back),), said_parts(part, found[1] if found else feeling + 1)
        )
    return Speech((Said(source, cue, "says", back),), (whole(part),))


def _acted(text: str, part: Sequence[Word], i: int) -> Speech | None:
    """دعت فرنسا إلى …, أدان …: speech with no clause of its own; the whole clause tells it."""
    form = part[i].form if part[i].form in _CUES["speech_acts.forms"] else part[i].bare
    if form not in _CUES["speech_acts.forms"] or not _heads(part, i):
        return None
    cue = (part[i].start, part[i].end)
    source = subject_before(part, i)
    end = i + 1
    if source is None and not participle(part[i]):
        end = subject_end(text, part, i + 1, len(part))
        source = (part[i + 1].start, part[end - 1].end) if end > i + 1 else None
    if called_false(part, i):
        if source and end > i + 1 and part[i + 1].form in _CUES["denies.charges"]:
            source = None  # وصفت الاتهام بأنه كاذب: who speaks is left out
        return Speech((Said(source, cue, "denies", None if source else back_to(part, i)),), ())
    return Speech((Said(source, cue, "says", None if source else back_to(part, i)),), (whole(part),))


def _heads(part: Sequence[Word], i: int) -> bool:
    """Whether a verb is that of its clause: at its head, after a particle, or after what opens it."""
    return (
        all(w.form in _CUES["clause.particles"] or w.form in _CUES["clause.conjunctions"] for w in part[:i])
        or (part[i - 1].form in (",", "قد", "كما", "ان"))
        or (i <= 6 and subject_before(part, i) is not None)
    )


def _reported(text: str, part: Sequence[Word], i: int, depth: int = 0) -> Speech | None:
    """A reporting verb with its subject after it, before it, or left out."""
    mode = _mode(part[i])
    if mode is None or _impersonal(part, i):
        return None
    cue = (part[i].start, part[i].end)
    if mode == "accuses":
        return accusation(text, part, i, cue)
    found = complement(part, i + 1, len(part))
    if mode == "denies":
        return denial(text, part, i, cue, found)
    if found is None:
        found = _prepositional(part, i, mode) or _direct(text, part, i, mode)
    if found is None:
        return None
    end = name_end(part, i + 1, upto=found[0])
    if end > i + 1:
        end = seated(part, i + 1, named_beside(part, i + 1, end, found[0]), found[0])
        link = Said((part[i + 1].start, part[end - 1].end), cue, mode)
    else:
        before = subject_before(part, i)
        link = Said(before, cue, mode, None if before else back_to(part, i))
    cited = _cited(part, end, found[0]) if link.source else None
    if cited:
        return Speech((link, cited), said_parts(part, found[1]))
    return _with_inner(text, part, link, found[1], depth)


def _cited(part: Sequence[Word], first: int, last: int) -> Said | None:
    """كشفت الصحيفة نقلا عن مسؤولين أن …: whom the one who speaks cites."""
    about = next(
        (j for j in range(first, last - 1) if part[j].form == "نقلا" and part[j + 1].form == "عن"), None
    )
    if about is None:
        return None
    end = name_end(part, about + 2, upto=last)
    for j in range(about + 3, end):
        if part[j].form in ("لم", "لن", "لا"):  # "officials it did not name"
            end = j
            break
    if end == about + 2:
        return None
    return Said((part[about + 2].start, part[end - 1].end), (part[about].start, part[about + 1].end), "says")


def _impersonal(part: Sequence[Word], i: int) -> bool:
    """يذكر أن, يشار إلى أن: the outlet itself says so."""
    if part[i].form not in _CUES["says.impersonal"] and part[i].bare not in _CUES["says.impersonal"]:
        return False
    return form_at(part, i + 1) == "ان" or (form_at(part, i + 1) == "الي" and form_at(part, i + 2) == "ان")


def _direct(text: str, part: Sequence[Word], i: int, mode: Mode) -> tuple[int, int] | None:
    """أعلن النادي إصابة …, توقع محللون ارتفاع …: what was said is the object of the verb."""
    if mode not in ("announces", "says") or not _heads(part, i):
        return None
    if mode == "says" and part[i].bare not in _CUES["says.with_object"]:
        return None
    if participle(part[i]):
        return (i + 1, i + 1) if i + 2 < len(part) else None
    end = subject_end(text, part, i + 1, len(part))
    end = seated(part, i + 1, end, len(part))
    after = _after_aside(part, _after_addressee(part, end))
    return (end, after) if i + 1 < end and after < len(part) - 1 else None


def _after_aside(part: Sequence[Word], at: int) -> int:
    """The word after what stands between two commas, where that comes first."""
    if form_at(part, at) != ",":
        return at
    return next((j + 1 for j in range(at + 1, min(len(part), at + 8)) if part[j].form == ","), at)


def _after_addressee(part: Sequence[Word], at: int) -> int:
    """The word after "to the channel", where one is told."""
    if not form_at(part, at).startswith("ل"):
        return at
    at += 1
    if form_at(part, at) == '"':
        at += quote_length(part, at) + 2
    while at < len(part) and part[at].form in _CUES["noun_phrase.adjectives"]:
        at += 1
    return at


def _with_inner(text: str, part: Sequence[Word], link: Said, after: int, depth: int = 0) -> Speech | None:
    """The speech whose outermost link is given, with a second speaker that what was said may begin with."""
    if after >= len(part):
        return None
    if depth >= _DEEPEST:
        return Speech((link,), said_parts(part, after))
    for i in range(after, min(len(part), after + 6)):
        if part[i].quoted or part[i].form in (",", ":"):
            break
        if part[i].form in _CUES.modes or part[i].bare in _CUES.modes:
            begin = after - 1 if part[after - 1].form in _CUES["clause.before_noun"] else after
            inner = _reported(text, part[begin:], i - begin, depth + 1)
            if (
                inner
                and inner.links[0].source
                and inner.links[0].mode in ("says", "announces", "denies", "accuses")
            ):
                return Speech((link, *inner.links), inner.parts, inner.accused)
            break
    return Speech((link,), said_parts(part, after))


def _prepositional(part: Sequence[Word], i: int, mode: Mode) -> tuple[int, int] | None:
    """أعلن … عن …, تعهد … بـ…, أفاد … بـ…: what was said follows a preposition."""
    for j in range(i + 1, min(len(part), i + 14)):
        form = part[j].form
        if mode == "announces" and form == "عن":
            return j, j + 1
        if (
            (mode == "pledges" or part[i].bare in _CUES["reports.with_b"])
            and form[0] == "ب"
            and len(form) > 3
            and not is_name(form)
        ):
            return j, j
    return None
