"""Arabic words for "according to" (وفقا لـ, بحسب, على حد قول, كما أفاد): who is named, and what was said."""

from __future__ import annotations

from collections.abc import Sequence

from claims.extract.arabic_nouns import can_speak
from claims.extract.arabic_phrases import form_at, name_end
from claims.extract.attribution import Said, Span
from claims.language.cues import cues
from claims.language.words import Word

_CUES = cues("ar")
_FEWEST_BEFORE = 3  # words that may be what was said; fewer only lead in
_PHRASES = [tuple(phrase.split("_")) for phrase in sorted(_CUES["according_to.phrases"])]
# No other word begins one of them.
BEGIN = (
    _CUES["according_to.with_lam"]
    | _CUES["according_to.alone"]
    | _CUES["according_to.with_verb"]
    | {phrase[0] for phrase in _PHRASES}
)


def according(part: Sequence[Word], i: int) -> tuple[Said, Span | None, int] | None:
    """Who is named, what was said if it stands before, and the word at which it begins if it follows."""
    opened = _opening(part, i)
    if opened is None:
        return None
    first, lam = opened
    verb: int | None = None
    if lam and form_at(part, first) == "لما":
        if not _reporting(form_at(part, first + 1)):
            return None
        first, lam = first + 1, False
    if lam and form_at(part, first) == "ل":  # before a quotation mark, and a dash before that
        first, lam = first + (2 if form_at(part, first + 1) == "-" else 1), False
    if first < len(part) and _reporting(part[first].form):
        verb, first = first, first + 1
        if form_at(part, first) in ("به", "بها"):
            first += 1
    elif part[i].bare == "كما" or (part[i].form == "علي" and part[first - 1].form == "ما"):
        return None
    last = name_end(part, first, lam=lam)
    if last == first or not _can_be_cited(part[first:last], lam):
        return None
    start = part[first].start + (1 if lam else 0)
    cue = (part[i].start, part[verb].end if verb is not None else part[i].end)
    link = Said((start, part[last - 1].end), cue, "says")
    return link, _before(part, i), _after(part, last)


def _can_be_cited(words: Sequence[Word], lam: bool) -> bool:
    """Whether something can be so according to the phrase: not to a law, an hour or an act."""
    head = words[0].form
    if lam:
        if not head.startswith("ل"):
            return False
        head = "ال" + head[2:] if head.startswith("لل") else head[1:]
    return head not in _CUES["according_to.rules"] and can_speak([words[0]._replace(form=head), *words[1:]])


def _before(part: Sequence[Word], i: int) -> Span | None:
    """What was said, where it stands before "according to"."""
    if i < _FEWEST_BEFORE:
        return None
    end = part[i - 1].end if part[i - 1].form != "," else part[i - 2].end
    begin = 0
    if impersonal(part, 0):
        begin = 2 if form_at(part, 1) == "ان" else 3
    return part[min(begin, i - 1)].start, end


def _after(part: Sequence[Word], last: int) -> int:
    """The word at which begins what was said, where who said it ends at `last`."""
    after = last
    while after < len(part) and part[after].form not in (",", ":") and after - last < 8:
        if part[after].form in ("فان", "فانه", "فانها"):
            break
        after += 1
    if after >= len(part) or after - last >= 8:
        after = last
    while after < len(part) and part[after].form in (",", ":"):
        after += 1
    return after + 1 if form_at(part, after) in _CUES["complement.that"] else after


def _opening(part: Sequence[Word], i: int) -> tuple[int, bool] | None:
    """The word after "according to", and whether ل is joined to it."""
    word = part[i]
    if word.form == "فحسب":  # "only"
        return None
    for form in (word.form, word.bare):
        if form in _CUES["according_to.with_lam"]:
            return i + 1, True
        if form in _CUES["according_to.alone"]:
            if form_at(part, i + 1) != "ما":
                return i + 1, False
            return (i + 2, False) if _reporting(form_at(part, i + 2)) else None
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


def impersonal(part: Sequence[Word], i: int) -> bool:
    """يذكر أن, يشار إلى أن: the outlet itself says so."""
    if part[i].form not in _CUES["says.impersonal"] and part[i].bare not in _CUES["says.impersonal"]:
        return False
    return form_at(part, i + 1) == "ان" or (form_at(part, i + 1) == "الي" and form_at(part, i + 2) == "ان")
