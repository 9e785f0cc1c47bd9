"""Arabic speech: the constructions by which a clause says who said what."""

from __future__ import annotations

from collections.abc import Sequence

from claims.extract.arabic_phrases import (
    complement,
    is_name,
    name_end,
    quote_length,
    said_parts,
    subject_before,
    subject_end,
    whole_words,
    without_stop,
)
from claims.extract.attribution import Back, Said, Span, Speech
from claims.language.cues import cues
from claims.language.letters import fold
from claims.language.names import find_names
from claims.language.words import Word
from claims.model import Mode

_CUES = cues("ar")
_DEEPEST = 2  # speakers within what a speaker said
_PHRASES = [tuple(phrase.split("_")) for phrase in sorted(_CUES["according_to.phrases"])]
_NO_TRUTH = [tuple(phrase.split("_")) for phrase in sorted(_CUES["denies.no_truth"])]
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
_NEAR = 16  # words within which a verb's object is looked for


def read_speech(text: str, part: Sequence[Word]) -> Speech | None:
    """The chain of speech in a clause, or None where the outlet itself speaks."""
    for i, word in enumerate(part):
        if word.quoted or (word.form not in _BEGIN and word.bare not in _BEGIN):
            continue
        speech = (
            _according_to(text, part, i)
            or _relayed(text, part, i)
            or _denied_it(text, part, i)
            or _expressed(text, part, i)
            or _charged(text, part, i)
            or _rejected(text, part, i)
            or _reported(text, part, i)
            or _acted(text, part, i)
        )
        if speech:
            return _without_truth(text, part, speech)
    return None


def _mode(word: Word) -> Mode | None:
    return _CUES.modes.get(word.form) or _CUES.modes.get(word.bare)


def _according_to(text: str, part: Sequence[Word], i: int) -> Speech | None:
    """وفقا لـ… فإن…, بحسب…, على ما أفاد…, and the same after what was said."""
    opened = _opening(part, i)
    if opened is None:
        return None
    first, lam = opened
    verb: int | None = None
    if first < len(part) and _reporting(part[first].form):
        verb, first = first, first + 1
        if _at(part, first) in ("به", "بها"):
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
        return Speech((link,), ((part[0].start, end),))
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


def _opening(part: Sequence[Word], i: int) -> tuple[int, bool] | None:
    """The word after "according to", and whether ل is joined to it."""
    word = part[i]
    for form in (word.form, word.bare):
        if form in _CUES["according_to.with_lam"]:
            return i + 1, True
        if form in _CUES["according_to.alone"]:
            return (i + 2 if _at(part, i + 1) == "ما" else i + 1), False
        if form in _CUES["according_to.with_verb"] and _reporting(_at(part, i + 1)):
            return i + 1, False
        for words in _PHRASES:
            if form == words[0] and all(_at(part, i + k) == w for k, w in enumerate(words) if k):
                if form == "كما" and i < 3:
                    return None  # "as … said" follows what was said; before it, it means "also"
                return i + len(words), False
    return None


def _at(part: Sequence[Word], i: int) -> str:
    return part[i].form if i < len(part) else ""


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


def _denied_it(text: str, part: Sequence[Word], i: int) -> Speech | None:
    """وهو ما تنفيه طهران: a denial of what went before."""
    if part[i].bare not in _CUES["denies_it.forms"] and part[i].form not in _CUES["denies_it.forms"]:
        return None
    end = name_end(part, i + 1)
    cue = (part[i].start, part[i].end)
    if end == i + 1:
        return Speech((Said(None, cue, "denies", "speaker"),), ())
    return Speech((Said((part[i + 1].start, part[end - 1].end), cue, "denies"),), ())


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
    back = None if source else _back(part, i)
    if hope:
        found = complement(part, feeling + 1, len(part))
        return Speech(
            (Said(source, cue, "hopes", back),), said_parts(part, found[1] if found else feeling + 1)
        )
    return Speech((Said(source, cue, "says", back),), (_whole(part),))


def _charged(text: str, part: Sequence[Word], i: int) -> Speech | None:
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
    end = subject_end(text, part, first, noun)
    cue = (part[i].start, part[i].end)
    source = (part[first].start, part[end - 1].end) if end > first else subject_before(part, i)
    content = without_stop(part, (part[end if end > first else noun].start, part[-1].end))
    return Speech((Said(source, cue, "accuses", None if source else "subject"),), (content,))


def _rejected(text: str, part: Sequence[Word], i: int) -> Speech | None:
    """رفضت … هذه الاتهامات: a denial of what went before."""
    if part[i].bare not in _CUES["denies.with_back"] and part[i].form not in _CUES["denies.with_back"]:
        return None
    back = next(
        (j for j in range(i + 1, min(len(part), i + 10)) if part[j].form in _CUES["denies.charges"]), None
    )
    if back is None:
        return None
    end = subject_end(text, part, i + 1, back)
    source = (part[i + 1].start, part[end - 1].end) if end > i + 1 else subject_before(part, i)
    cue = (part[i].start, part[i].end)
    return Speech((Said(source, cue, "denies", None if source else _back(part, i)),), ())


def _acted(text: str, part: Sequence[Word], i: int) -> Speech | None:
    """دعت فرنسا إلى …, أدان …: speech with no clause of its own; the whole clause tells it."""
    form = part[i].form if part[i].form in _CUES["speech_acts.forms"] else part[i].bare
    if form not in _CUES["speech_acts.forms"] or not _heads(part, i):
        return None
    cue = (part[i].start, part[i].end)
    end = subject_end(text, part, i + 1, len(part))
    source = (part[i + 1].start, part[end - 1].end) if end > i + 1 else subject_before(part, i)
    return Speech((Said(source, cue, "says", None if source else _back(part, i)),), (_whole(part),))


def _heads(part: Sequence[Word], i: int) -> bool:
    """Whether a verb is that of its clause: at its head, after a particle, or after what opens it."""
    return (
        all(w.form in _CUES["clause.particles"] or w.form in _CUES["clause.conjunctions"] for w in part[:i])
        or (part[i - 1].form in (",", "قد", "كما", "ان"))
        or (i <= 6 and subject_before(part, i) is not None)
    )


def _whole(part: Sequence[Word]) -> Span:
    """All of a clause but the full stop and the commas around it."""
    first, last = 0, len(part) - 1
    while first < last and part[first].form in ",;-:":
        first += 1
    while last > first and part[last].form in ",;:.!":
        last -= 1
    return part[first].start, part[last].end


def _back(part: Sequence[Word], i: int) -> Back:
    """Whom to look for where nobody is named: whoever spoke or acted just before for a participle."""
    return "nearest" if part[i].form in _CUES["says.participles"] else "speaker"


def _reported(text: str, part: Sequence[Word], i: int, depth: int = 0) -> Speech | None:
    """A reporting verb with its subject after it, before it, or left out."""
    mode = _mode(part[i])
    if mode is None:
        return None
    cue = (part[i].start, part[i].end)
    if mode == "accuses":
        return _accusation(text, part, i, cue)
    found = complement(part, i + 1, len(part))
    if mode == "denies":
        return _denial(text, part, i, cue, found)
    if found is None:
        found = _prepositional(part, i, mode) or _direct(text, part, i, mode)
    if found is None:
        return None
    end = name_end(part, i + 1, upto=found[0])
    if end > i + 1:
        link = Said((part[i + 1].start, part[end - 1].end), cue, mode)
    else:
        before = subject_before(part, i)
        link = Said(before, cue, mode, None if before else _back(part, i))
    return _with_inner(text, part, link, found[1], depth)


def _direct(text: str, part: Sequence[Word], i: int, mode: Mode) -> tuple[int, int] | None:
    """أعلن النادي إصابة …, توقع محللون ارتفاع …: what was said is the object of the verb."""
    if mode not in ("announces", "says") or not _heads(part, i):
        return None
    if mode == "says" and part[i].bare not in _CUES["says.with_object"]:
        return None
    end = subject_end(text, part, i + 1, len(part))
    after = _after_addressee(part, end)
    return (end, after) if i + 1 < end and after < len(part) - 1 else None


def _after_addressee(part: Sequence[Word], at: int) -> int:
    """The word after "to the channel", where one is told."""
    if not _at(part, at).startswith("ل"):
        return at
    at += 1
    if _at(part, at) == '"':
        at += quote_length(part, at) + 2
    while at < len(part) and part[at].form in _CUES["noun_phrase.adjectives"]:
        at += 1
    return at


def _accusation(text: str, part: Sequence[Word], i: int, cue: Span) -> Speech | None:
    act = next((j for j in range(i + 1, min(len(part), i + _NEAR)) if _is_act(part[j])), None)
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
    content = without_stop(part, (accused[0], part[-1].end if part[-1].form not in ",;" else part[-2].end))
    if before:
        link = Said((before[0].start, before[-1].end), cue, "accuses")
    else:
        subject = subject_before(part, i)
        link = Said(
            subject,
            cue,
            "accuses",
            None if subject else "nearest" if _back(part, i) == "nearest" else "subject",
        )
    return Speech((link,), (content,), accused)


def _split_objects(text: str, part: Sequence[Word], i: int, act: int) -> tuple[list[Word], Span]:
    """Who accuses and who is accused, where neither is a known name: two nouns, or the accused alone."""
    end = subject_end(text, part, i + 1, act)
    if i + 1 < end < act:
        return list(part[i + 1 : end]), (part[end].start, part[act - 1].end)
    return [], (part[i + 1].start, part[act - 1].end)


def _is_act(word: Word) -> bool:
    """ "of doing": a word joined to ب that is no name."""
    if word.form in ("بان", "بانه", "بانها", "بانهم"):
        return True
    return word.form[0] == "ب" and len(word.form) > 3 and word.form not in _CUES["accusation.not_act"]


def _denial(text: str, part: Sequence[Word], i: int, cue: Span, found: tuple[int, int] | None) -> Speech:
    upto = found[0] if found else len(part)
    source = subject_before(part, i)
    end = i + 1
    if source is None:
        if _at(part, i + 1) not in _CUES["denies.objects"]:
            end = subject_end(text, part, i + 1, upto)
        source = (part[i + 1].start, part[end - 1].end) if end > i + 1 else None
    after = found[1] if found and found[1] > end else end
    if (
        not found
        or found[0] - end > 4
        or any(w.form in _CUES["denies.objects"] for w in part[end : found[0]])
    ):
        after = end
    parts = said_parts(part, _what(part, after)) if after < len(part) else ()
    if parts and _points_back(text, parts[0]):
        parts = ()
    return Speech((Said(source, cue, "denies", None if source else _back(part, i)),), parts)


def _what(part: Sequence[Word], after: int) -> int:
    """Where what is denied begins: after "in a statement" and "the truth of what is said about"."""
    at = after
    if at + 1 < len(part) and part[at].form == "في" and part[at + 1].form in _CUES["denies.venues"]:
        at += 2
    while at < len(part) and part[at].form in _CUES["denies.adverbs"]:
        at += 1
    preface = at
    while preface < len(part) and part[preface].form in _CUES["denies.preface"]:
        preface += 1
    if preface > at and preface < len(part) and part[preface].form in _CUES["complement.that"]:
        preface += 1
    return preface if preface < len(part) - 1 else after


def _points_back(text: str, span: Span) -> bool:
    """Whether what is denied only points to what went before ("this", "these accusations")."""
    words = fold(text[span[0] : span[1]]).split()
    return bool(words) and words[0].strip('.,"') in _CUES["denies.back"]


def _without_truth(text: str, part: Sequence[Word], speech: Speech) -> Speech:
    """The speech as a denial where what was said begins with "there is no truth in"."""
    if not speech.parts:
        return speech
    start, end = speech.parts[0]
    words = [w for w in part if w.start >= start and w.end <= end and w.form.isalnum()]
    head = tuple(w.form if n else w.bare for n, w in enumerate(words[:6]))
    after = next((k + len(p) for p in _NO_TRUTH for k in (0, 1, 2) if head[k : k + len(p)] == p), 0)
    if not after:
        return speech
    last = speech.links[-1]
    links = (*speech.links[:-1], Said(last.source, last.cue, "denies", last.back))
    while after < len(words) and words[after].form.removeprefix("ل") in _CUES["denies.preface"]:
        after += 1
    if len(words) - after < 3 or words[after].form.removeprefix("ل") in _CUES["denies.back"]:
        return Speech(links, ())
    return Speech(links, ((words[after].start, end), *speech.parts[1:]))


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
            inner = _reported(text, part[after:], i - after, depth + 1)
            if (
                inner
                and inner.links[0].source
                and inner.links[0].mode in ("says", "announces", "denies", "accuses")
            ):
                return Speech((link, *inner.links), inner.parts, inner.accused)
            break
    return Speech((link,), said_parts(part, after))


def _prepositional(part: Sequence[Word], i: int, mode: Mode) -> tuple[int, int] | None:
    """أعلن … عن …, تعهد … بـ…: what was said follows a preposition."""
    for j in range(i + 1, min(len(part), i + 14)):
        form = part[j].form
        if mode == "announces" and form == "عن":
            return j, j + 1
        if mode == "pledges" and form[0] == "ب" and len(form) > 3 and not is_name(form):
            return j, j
    return None
