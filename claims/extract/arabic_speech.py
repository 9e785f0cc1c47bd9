"""Arabic speech: the constructions by which a clause says who said what."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from claims.extract.arabic_according import BEGIN, according, impersonal
from claims.extract.arabic_accusations import accusation, charged
from claims.extract.arabic_denials import called_false, denial, denied_it, rejected, without_truth
from claims.extract.arabic_nouns import begins_name, can_speak, definite, heads_name, is_name, is_thing
from claims.extract.arabic_phrases import (
    back_to,
    complement,
    form_at,
    name_end,
    named_beside,
    participle,
    quote_length,
    said_parts,
    seated,
    subject_end,
    whole,
)
from claims.extract.arabic_subjects import subject_before, thing_before
from claims.extract.attribution import Said, Span, Speech
from claims.language.cues import cues
from claims.language.letters import fold
from claims.language.words import Word
from claims.model import Mode

_CUES = cues("ar")
_DEEPEST = 2  # speakers within what a speaker said
_NEAR = 8  # words after "pointing" within which stands to what
_MOST_TRIES = 12  # words of a clause that may begin a construction; nobody writes more
# No other word begins a construction.
_BEGIN = (
    frozenset(_CUES.modes)
    | BEGIN
    | _CUES["denies_it.forms"]
    | _CUES["denies.with_back"]
    | _CUES["expresses.forms"]
    | _CUES["accusation_noun.verbs"]
    | _CUES["speech_acts.forms"]
)


def read_speech(text: str, part: Sequence[Word]) -> Speech | None:
    """The chain of speech in a clause, or None where the outlet itself speaks."""
    for i in islice(_beginnings(text, part), _MOST_TRIES):
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
            speech = _said_by_somebody(part, speech, i)
            return without_truth(text, part, _relayed_at_end(text, part, i, speech))
    return None


def _beginnings(text: str, part: Sequence[Word]) -> Iterator[int]:
    """The places of words that may begin a construction."""
    for i, word in enumerate(part):
        if word.quoted or (word.form not in _BEGIN and word.bare not in _BEGIN):
            continue
        if not _is_noun(text, part, i):
            yield i


def _is_noun(text: str, part: Sequence[Word], i: int) -> bool:
    """Whether a word with the letters of a cue means something else ("opinion", "here", "through")."""
    form, bare = part[i].form, part[i].bare
    written = text[part[i].start : part[i].end]
    before = part[i - 1].form if i else ""
    if (bare == "هنا" and "أ" not in written) or written == "رأي":  # folded like "congratulated" and "saw"
        return True
    if bare == "القول":
        return before != "الي"  # "went as far as saying"
    if bare == "توقع":  # "sign", written like "expected"
        signed = form_at(part, i + 1) in _CUES["agreement.nouns"]
        if signed or before in _CUES["negation.words"]:
            return True
    if bare == "تابع" and form_at(part, i + 1).startswith("ل"):
        return True  # "belonging to", written like "went on"
    if before in _CUES["clause.was"] and participle(part[i]):
        return True  # "was remarkable"
    if bare in _CUES["says.points_to"]:  # "pointing to"; without that, "a sign", "remarkable"
        return all(word.form not in ("الي", "ان") for word in part[i + 1 : i + _NEAR])
    if bare == "عبر":
        return not _heads(part, i) or is_thing(form_at(part, i + 1))
    following = form_at(part, i + 1)
    return form in _CUES["says.or_noun"] and (
        before in _CUES["says.noun_after"] or _governs(before) or following == "فعل" or is_thing(following)
    )


def _governs(before: str) -> bool:
    """Whether a word is an act that the noun after it completes ("a request for the transfer of …")."""
    return is_thing(before) and not definite(before)


def _said_by_somebody(part: Sequence[Word], speech: Speech, i: int) -> Speech:
    """The speech with nobody named where what stands in the speaker's place cannot speak."""
    links = tuple(
        link
        if link.source is None or _can_be_who(part, link)
        else Said(None, link.cue, link.mode, back_to(part, i))
        for link in speech.links
    )
    return speech if links == speech.links else Speech(links, speech.parts, speech.accused, speech.passive)


def _can_be_who(part: Sequence[Word], link: Said) -> bool:
    """Whether what stands in a speaker's place can speak and, right after its verb, is no object of it."""
    span = link.source or link.cue
    first = next(at for at, word in enumerate(part) if word.end > span[0])
    words = [word for word in part[first:] if word.start < span[1]]
    verb = part[first - 1] if first else None
    after_verb = verb is not None and verb.end == link.cue[1] and verb.bare not in BEGIN and verb.form != "عن"
    # "urged the French to"; and a verb in the plural has no subject after it
    is_object = verb is not None and (words[0].form.endswith("يين") or verb.form.endswith(("وا", "ون")))
    return can_speak(words) and not (after_verb and is_object)


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
    found = according(part, i)
    if found is None:
        return None
    link, before, after = found
    return Speech((link,), (before,)) if before else _with_inner(text, part, link, after)


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
    if mode is None or impersonal(part, i):
        return None
    cue = (part[i].start, part[i].end)
    if mode == "accuses":
        return accusation(text, part, i, cue)
    found = complement(part, i + 1, len(part))
    if mode == "denies":
        return denial(text, part, i, cue, found)
    clause = found is not None
    if found is None:
        found = _prepositional(part, i, mode) or _direct(text, part, i, mode)
    if found is None:
        return None
    first = _after_adverbs(part, i + 1, found[0])
    told = part[i].bare in _CUES["reports.with_b"] and _is_told(part, first)
    end = first if told else name_end(part, first, upto=found[0])
    if end > first and is_thing(part[first].form):
        if clause and definite(part[first].form):
            return None  # "the clashes show that": nobody is quoted
        found, end = (first, first), first  # "stressed the need for": what was said begins here
    if end > first:
        end = seated(part, first, named_beside(part, first, end, found[0]), found[0])
        link = Said((part[first].start, part[end - 1].end), cue, mode)
    elif thing_before(part, i) and not participle(part[i]):
        return None
    else:
        before = subject_before(part, i)
        link = Said(before, cue, mode, None if before else back_to(part, i))
    cited = _cited(part, end, found[0]) if link.source else None
    if cited:
        return Speech((link, cited), said_parts(part, found[1]))
    return _with_inner(text, part, link, found[1], depth)


def _is_told(part: Sequence[Word], first: int) -> bool:
    """Whether ب is joined to what is reported, and is no letter of who reports it."""
    form = form_at(part, first)
    named = begins_name(f"{form} {form_at(part, first + 1)}") or heads_name(form)
    return form.startswith("ب") and not named


def _after_adverbs(part: Sequence[Word], first: int, upto: int) -> int:
    """The word after "also", "yesterday" and "to him", where whoever speaks is named after them."""
    while first < upto and part[first].form in _CUES["noun_phrase.adverbs"]:
        first += 1
    return first


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


def _direct(text: str, part: Sequence[Word], i: int, mode: Mode) -> tuple[int, int] | None:
    """أعلن النادي إصابة …, توقع محللون ارتفاع …: what was said is the object of the verb."""
    if mode not in ("announces", "says") or not _heads(part, i):
        return None
    if mode == "says" and part[i].bare not in _CUES["says.with_object"]:
        return None
    following = form_at(part, i + 1)
    somebody = heads_name(following) or is_name(following)
    if participle(part[i]) or is_thing(following) or (not somebody and subject_before(part, i)):
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
