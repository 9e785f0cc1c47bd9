"""Arabic phrases: where the name of a speaker ends, where what was said begins, what is a verb."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from claims.extract.arabic_nouns import begins_name, definite, heads_name, is_agency, is_name, is_thing
from claims.extract.attribution import Back, Span
from claims.language.cues import cues
from claims.language.names import find_names
from claims.language.words import Word

_CUES = cues("ar")
_THAT = _CUES["complement.that"]
_HOWEVER = frozenset({"لكنه", "لكنها", "لكنهم", "ولكنه", "ولكنها", "ولكنهم"})  # who speaks goes on
LONGEST_SPEAKER = 14  # words; a longer run is no name
_LONGEST_DELAY = 40  # words between a verb of saying and what was said
_LONGEST_TITLE = 4  # words of the name of an outlet between quotation marks
_VERBS = (
    _CUES["event.words"] | _CUES["quantity.verbs"] | _CUES["speech_acts.forms"] | _CUES["expresses.forms"]
)
_LONGEST_HEAD = 3  # words of a construct before the definite one that closes it ("an official of the …")


def complement(part: Sequence[Word], first: int, last: int) -> tuple[int, int] | None:
    """Where the words before what was said end, and where what was said begins (word indices)."""
    for j in range(first, min(last, first + _LONGEST_DELAY)):
        word = part[j]
        if word.form in _THAT and not word.quoted:
            if word.form in ("ان", "بان", "فان"):
                # "expressed his readiness that" and the like stay inside; "إلى أن" is one mark
                begin = j - 1 if j > first and part[j - 1].form in ("الي", "علي") else j
                return begin, j + 1
            return j, j
        if word.form == ":" and j + 1 < len(part):
            return j, j + 1
        if word.form == '"' and not word.quoted and quote_length(part, j) > 1 and not _names_outlet(part, j):
            return j, j
        if word.form in (";", ".") and not word.quoted:
            return None
    return None


def _names_outlet(part: Sequence[Word], j: int) -> bool:
    """Whether what stands between quotation marks is the name of an outlet or an organisation."""
    bodies = _CUES["noun_phrase.organisations"]
    named = part[j - 1].form == "ل" or part[j - 1].form in bodies or part[j + 1].form in bodies
    return named and quote_length(part, j) <= _LONGEST_TITLE


def quote_length(part: Sequence[Word], j: int) -> int:
    """How many words stand inside the quotation that opens at `j`."""
    length = 0
    for word in part[j + 1 :]:
        if not word.quoted:
            break
        length += 1
    return length


def said_parts(part: Sequence[Word], after: int) -> tuple[Span, ...]:
    """What was said, from the word `after` on, divided at "and that"."""
    starts = [after]
    for j in range(after + 2, len(part)):
        word = part[j]
        goes_on = word.form[0] == "و" and word.form[1:] in _CUES["complement.that"]
        turns = word.form in _HOWEVER and part[j - 1].form == "," and j + 2 < len(part)
        if not word.quoted and (goes_on or turns):
            starts.append(j)
    spans: list[Span] = []
    for a, b in zip(starts, [*starts[1:], len(part)], strict=True):
        if a > after and part[a].form[1:] in ("ان", "بان"):
            a += 1
        while b - 1 > a and part[b - 1].form in ",;:":
            b -= 1
        if a < b:
            spans.append(without_stop(part, (part[a].start, part[b - 1].end)))
    return tuple(spans)


def without_stop(part: Sequence[Word], span: Span) -> Span:
    """The span without a full stop at its end."""
    last = part[-1]
    if last.form in (".", "!", "?") and span[1] == last.end and last.start > span[0]:
        return span[0], last.start
    return span


def name_end(part: Sequence[Word], first: int, upto: int | None = None, *, lam: bool = False) -> int:
    """The word index at which a speaker's name that begins at `first` ends; `first` where there is none.

    With `lam` the first word is joined to the preposition ل.
    """
    limit = min(len(part), first + LONGEST_SPEAKER, upto if upto is not None else len(part))
    organisation = False
    j = first
    while j < limit:
        form = part[j].form
        joined = lam and j == first
        if not joined and _ends_name(part, first, j, organisation):
            break
        heads = {form, form[1:], "ال" + form[2:]} if joined else {form, part[j].bare}
        organisation = organisation or bool(heads & _CUES["noun_phrase.organisations"])
        j += 1
    while j > first and part[j - 1].form in ('"', "("):
        if part[j - 1].form == '"' and j - 2 >= first and part[j - 2].quoted:
            break
        j -= 1
    return j


def named_beside(part: Sequence[Word], first: int, end: int, upto: int) -> int:
    """The end of an office with the name between commas after it ("the governor of Bitlis, So-and-so,").

    `end` itself where what follows the office is something else.
    """
    head = {part[first].form, part[first].bare}
    if head.isdisjoint(_CUES["noun_phrase.roles"]) or form_at(part, end) != ",":
        return end
    close = next((j for j in range(end + 1, min(upto, end + 6)) if part[j].form == ","), upto)
    words = part[end + 1 : close]
    person = 2 <= len(words) <= 4 and name_end(part, end + 1, upto=close) == close
    plain = person and not any(w.form[0] in "وبل" or w.form in _VERBS or w.form in _CUES.modes for w in words)
    return close if plain and words[0].form not in _CUES["noun_phrase.relative"] else end


def seated(part: Sequence[Word], first: int, end: int, upto: int) -> int:
    """The end of an organisation with the place where it sits ("the ministry of health in Gaza")."""
    body = part[first].form in _CUES["noun_phrase.organisations"] and end > first
    there = body and form_at(part, end) == "في" and end + 2 <= upto and _is_place(part[end + 1].form)
    return end + 2 if there else end


@lru_cache(maxsize=20_000)
def _is_place(form: str) -> bool:
    return bool(find_names(form, "ar").where)


def _ends_name(part: Sequence[Word], first: int, j: int, organisation: bool) -> bool:
    form = part[j].form
    if part[j].quoted and j > first:
        return False  # a short title: what it is made of means nothing here
    if form in _CUES["noun_phrase.stop"] or form in _CUES["complement.that"]:
        return True
    if form == '"' and _opens_speech(part, first, j):
        return True
    if form in (",", ":", ".", ";", "-", "?", "!"):
        return True
    if form in _CUES["noun_phrase.adverbs"] or form in _CUES["says.participles"] or form == "ل":
        return True
    if form in _CUES["noun_phrase.time"] and not _general(part, first, j):
        return True
    if form.startswith("لل"):
        return not organisation or form[2:] in _CUES["speaker.outlets"]
    if j == first:
        return len(form) > 4 and (opens_joined(form) or _addressed(form) or _after_preposition(form))
    if form in _CUES.modes or part[j - 1].form in _CUES["noun_phrase.ours"]:
        return True
    if form in _CUES["speaker.asides"]:
        return True
    if form in _VERBS and (definite(part[j - 1].form) or is_name(part[j - 1].form)):
        return True
    if _object(part, j):
        return True
    if form[0] == "ل" and len(form) > 3:
        whom = form[1:]
        paper = part[first].bare in _CUES["speaker.papers"]  # "a report of Reuters"
        agency = not paper and is_agency(f"{whom} {form_at(part, j + 1)}")
        return whom.startswith("ل") or is_name(whom) or agency or _told(whom, organisation)
    return form[0] == "ب" and len(form) > 4 and not _by_itself(form) and not _governs(part, first, j)


def _opens_speech(part: Sequence[Word], first: int, j: int) -> bool:
    """Whether a quotation mark begins what was said, and not the name of an outlet or its other name."""
    if j > first and part[j - 1].quoted:
        return False  # it closes
    length = quote_length(part, j)
    return not 0 < length <= _LONGEST_TITLE or part[j + 1].form in _CUES["speaker.nobody"]


def _addressed(form: str) -> bool:
    """Whether a word that begins with ل tells to whom something was said ("to Reuters", "to a newspaper")."""
    whom = form[1:]
    known = whom in _CUES["noun_phrase.counterparts"] or heads_name(whom) or is_name(whom)
    return form[0] == "ل" and known and not begins_name(form) and not heads_name(form)


def _told(whom: str, organisation: bool) -> bool:
    """Whether a word tells to whom or about what something was said, and completes no organisation's name."""
    beside = whom in _CUES["speaker.outlets"] or is_thing(whom)
    return whom in _CUES["noun_phrase.counterparts"] or (beside and not organisation)


def _after_preposition(form: str) -> bool:
    """Whether a preposition is joined to an act ("called for a ban") or to somebody ("praised the chief")."""
    if begins_name(form) or heads_name(form):
        return False
    return (form[0] in "بل" and is_thing(form[1:])) or (form[0] == "ب" and heads_name(form[1:]))


def _object(part: Sequence[Word], j: int) -> bool:
    """Whether an act or a state without its article follows a name: the verb's object, no part of the name.

    After an office or a body it completes that ("the committee for the liberation of …").
    """
    form, before = part[j].form, part[j - 1].form
    printed = form in _CUES["speaker.papers"] and (definite(before) or is_name(before))
    if definite(form) or form.startswith("باسم") or not (printed or is_thing(form)):
        return False
    return definite(before) or not (heads_name(before) or before == "باسم")


def _by_itself(form: str) -> bool:
    """Whether a word that begins with ب is one whole: a parliamentary committee, Bolivia."""
    return form.startswith("باسم") or form in _CUES["noun_phrase.not_joined"] or is_name(form)


def _governs(part: Sequence[Word], first: int, j: int) -> bool:
    """Whether the word before is an office that a place's name completes ("the governor of Bitlis")."""
    before = {part[j - 1].form, part[j - 1].bare} if j > first else set[str]()
    return not before.isdisjoint(_CUES["noun_phrase.govern"]) and not part[j].form.startswith("بال")


def _general(part: Sequence[Word], first: int, j: int) -> bool:
    """Whether a word for "year" is the adjective of an office ("the secretary general")."""
    following = part[j + 1].form if j + 1 < len(part) else ""
    return part[j].form == "العام" and j > first and following not in _CUES["noun_phrase.directions"]


def opens_joined(form: str) -> bool:
    """Whether a word begins with the article after a preposition ("بال…", "لل…")."""
    return form.startswith(("بال", "لل")) and not is_name(form)


def subject_end(text: str, part: Sequence[Word], first: int, upto: int) -> int:
    """The end of a subject that its object follows without any mark between ("نفت إيران تزويد…")."""
    end = name_end(part, first, upto)
    for j in range(first + 1, end):
        if part[j].form in _CUES["denies.objects"] or part[j].form in _CUES["denies.back"]:
            end = j
            break
    if end <= first + 1:
        return end
    phrase = _phrase_end(part, first, end)
    reach = _named_end(text, part, first, end, part[phrase - 1].end)
    if reach is None:
        return phrase
    closing = [j for j in range(first, end) if part[j].end <= reach or part[j].start < reach]
    last = closing[-1] + 1
    if last < end and part[last].form == ")":
        last += 1
    return max(phrase, last)


def _named_end(text: str, part: Sequence[Word], first: int, end: int, phrase: int) -> int | None:
    """Where the names end that belong to the subject, or None where it holds none."""
    start = part[first].start
    named = sorted(
        (w.start + start, w.end + start, w.type)
        for w in find_names(text[start : part[end - 1].end], "ar").who
    )
    if not named or named[0][0] > phrase + 3:  # a space, and ل with the article
        return None
    reach = named[0][1]
    for next_start, next_end, kind in named[1:]:
        between = [w for w in part if reach <= w.start < next_start]
        if kind == "person" and len(between) <= 1:
            reach = next_end
        else:
            break
    return reach


def _phrase_end(part: Sequence[Word], first: int, end: int) -> int:
    """The end of a noun with what belongs to it: a construct up to its definite word, and adjectives."""
    j = first
    if part[first].form in _CUES["noun_phrase.organisations"] and form_at(part, first + 1) == '"':
        j = first + quote_length(part, first + 1) + 3  # «Noor» for cars
        while j < end and (_adjective(part[j].form) or part[j].form.startswith("لل")):
            j += 1
        return min(j, end)
    while j < end and not definite(part[j].form) and j - first < _LONGEST_HEAD:
        if is_name(part[j].form) or _plural(part[j].form):
            break
        j += 1
    j = min(j + 1, end)
    while j < end and (_adjective(part[j].form) or part[j].form.startswith("باسم")):
        j += 2 if part[j].form == "باسم" else 1
    return min(j, end)


def _plural(form: str) -> bool:
    """Whether a word is a plural of people without its article, which nothing that follows completes."""
    return form.endswith("ون") and len(form) > 5 and not definite(form)


def _adjective(form: str) -> bool:
    return definite(form) and (
        form.endswith(("ي", "يه", "يون", "يين", "يتان")) or form in _CUES["noun_phrase.adjectives"]
    )


def whole_words(part: Sequence[Word], span: Span) -> Span:
    """The span grown to the words that it touches."""
    touched = [w for w in part if w.start < span[1] and w.end > span[0]]
    return touched[0].start, touched[-1].end


def form_at(part: Sequence[Word], i: int) -> str:
    return part[i].form if i < len(part) else ""


def back_to(part: Sequence[Word], i: int) -> Back:
    """Whom to look for where nobody is named: whoever spoke or acted just before for a participle."""
    return "nearest" if participle(part[i]) else "speaker"


def participle(word: Word) -> bool:
    """Whether a word goes on with who acted before ("calling on …"): what follows is never its subject."""
    return word.form in _CUES["says.participles"]


def whole(part: Sequence[Word]) -> Span:
    """All of a clause but the full stop and the commas around it."""
    first, last = 0, len(part) - 1
    while first < last and part[first].form in ",;-:":
        first += 1
    while last > first and part[last].form in ",;:.!":
        last -= 1
    return part[first].start, part[last].end
