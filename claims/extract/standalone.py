"""A claim in words that can be read alone: the speaker named, dates spelled out, or nothing at all."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

from babel.dates import format_date

from claims.extract.arabic_nouns import is_name
from claims.extract.arabic_verbs import tense
from claims.extract.attribution import Span
from claims.extract.both import Both, pair_words
from claims.language.cues import cues
from claims.language.letters import fold
from claims.language.words import split_words
from claims.model import Claim, Mode, When

_COMMA_INSIDE = re.compile(r"[,،]([\"”»])$")  # of a quotation that went on with its speaker
_COMMA = {"ar": "،", "en": ","}
_LEADING = re.compile(
    r"^(?:(?:حيث|فيما|بينما|and|but|while|which|however,|meanwhile,)\s+"
    r"|و?(?:يذكر|يشار إلى|الجدير بالذكر|جدير بالذكر|من الجدير بالذكر)[،,]? [أا]ن\s+"
    r"|و?(?:في (?:سياق|شأن) متصل|في (?:المقابل|الأثناء|غضون ذلك)|من (?:جهته|جهتها|جانبه|جانبها))[،,]?\s+)",
    re.IGNORECASE,
)
# What و may be joined to at the head of a claim, besides a verb and a word with the article
_AFTER_AND = cues("ar")["standalone.after_and"]


def standalone(claim: Claim, text: str, answered: Claim | None, both: Both) -> str | None:
    """The claim to be read alone, or None where a speaker, a pointing word or a pair stays unknown.

    `text` is the article; `answered` is the claim that a denial answers.
    """
    told = _tells_itself(claim, text)
    if not told and any(link.speaker is None for link in claim.attribution):
        return None
    source = claim
    if claim.content is None:
        if answered is None or answered.content is None:
            return None
        source = answered
    whole = (claim.start, claim.end)
    span = (source.content if source.content and source.attribution else None) or whole
    what = _noted(source, text, span, both)
    if what is None:
        return None
    what = _without_opening(_COMMA_INSIDE.sub(r"\1", what.strip(" ،,؛;:.\n")))
    if not told and claim.content:
        what = _speaker_for_pronoun(what, claim)
    if _points(what, claim.lang):
        return None
    if told:
        return what
    chain = _chain(claim, text, span if source is claim else None, both)
    return chain and f"{chain}: {what}"


def _without_opening(what: str) -> str:
    """The words without what only ties them to the sentence before: "while", "in a related matter", و."""
    what = _LEADING.sub("", what)
    word, _, rest = what.partition(" ")
    form = fold(word)
    if not form.startswith("و") or not rest or _a_word_of_its_own(form):
        return what
    bare = form[1:]
    short_verb = len(bare) == 3 and bare[0] in "يت"
    table = cues("ar")
    verb = tense(bare.removesuffix("ها")) is not None
    verb = verb or bare in table.modes or bare in table["speech_acts.forms"]
    joined = verb or bare.startswith("ال") or bare in _AFTER_AND or short_verb
    return what[what.index("و") + 1 :] if joined else what


def _a_word_of_its_own(form: str) -> bool:
    """Whether a word that begins with و is one whole: وقع, واشنطن, وزير."""
    table = cues("ar")
    known = (
        "says.participles",
        "event.words",
        "state.words",
        "quantity.verbs",
        "noun_phrase.roles",
        "noun_phrase.organisations",
    )
    if form[1:] in table.modes or form[1:] in table["speech_acts.forms"]:
        return False
    stem = form.removesuffix("ت")
    pattern = stem.startswith("وا") and len(stem) == 4  # واصل, وافق, واجه
    return pattern or any(form in table[name] for name in known) or form in table.modes or is_name(form)


def _tells_itself(claim: Claim, text: str) -> bool:
    """Whether the words of what is claimed tell who says it, or nobody does ("France called for …")."""
    if not claim.attribution:
        return True
    if claim.content is None:
        return False
    start, end = claim.content
    last = claim.attribution[-1]
    if not start <= last.start < last.end <= end:
        return False
    accused = last.mode == "accuses" and len(claim.attribution) == 1
    return (last.speaker in text[start:end]) if last.speaker else accused


def _chain(claim: Claim, text: str, said: Span | None, both: Both) -> str | None:
    """Who speaks, outermost first, with the days that stand beside it; None where a pair is unknown."""
    days = [w for w in claim.when if said and not said[0] <= w.start < said[1]]
    links: list[str] = []
    for link in claim.attribution:
        words = split_words(link.speaker or "")
        pair = next(iter(pair_words(words, claim.lang)), None)
        named = both.named(words, pair, claim.sentence, claim.start) if pair is not None else ""
        if named is None:
            return None
        speaker = f"{link.speaker} ({named})" if named else link.speaker
        day = (
            f"{_COMMA[claim.lang]} {_written(days[0], claim.lang)}"
            if days and link is claim.attribution[-1]
            else ""
        )
        links.append(f"{speaker} ({_verb(link.mode, claim.lang)}{day})")
    return " ← ".join(links)


def _speaker_for_pronoun(what: str, claim: Claim) -> str:
    """The words with the speaker in the place of a pronoun at their head that can mean nobody else.

    "It" is an organisation that says what it does; إنها, after a verb in the feminine, is who speaks.
    """
    link = claim.attribution[-1]
    words = split_words(what)[:3]
    if link.speaker is None or len(words) < 3:
        return what
    table, forms = cues(claim.lang), [word.form for word in words]
    if claim.lang == "en":
        body = (link.speaker_id or "person:").split(":")[0] != "person"
        body = body or not table["standalone.bodies"].isdisjoint(fold(link.speaker).split())
        goes_on = forms[0] == "it" and forms[1] in table["standalone.it_goes_on"]
        body = body and link.speaker in claim.text
        meant = body and goes_on and forms[2] not in table["standalone.it_is_nobody"]
    else:
        cue = fold(link.cue).removeprefix("و")
        meant = forms[0] in table["standalone.she"] and (cue.endswith("ت") or cue.startswith("ت"))
    return link.speaker + what[words[0].end :] if meant else what


def _verb(mode: Mode, lang: str) -> str:
    """The plainest verb of a mode: the first of its forms."""
    return cues(lang).plainest[mode]


def _points(what: str, lang: str) -> bool:
    first = [word.strip("\"'()،.,:“”«»") for word in fold(what).split()[:2]]
    return bool(first) and first[0] in cues(lang)["standalone.pointing"]


def _noted(claim: Claim, text: str, span: Span, both: Both) -> str | None:
    """The span with each date followed by what it resolves to, and each pair by whom it means.

    None where a pair stays unknown.
    """
    inside = [w for w in claim.when if span[0] <= w.start and w.end <= span[1] and not _absolute(w)]
    notes = [(w.end, _written(w, claim.lang)) for w in inside]
    words = split_words(text[span[0] : span[1]])
    for i in pair_words(words, claim.lang):
        named = both.named(words, i, claim.sentence, span[0] + words[i].start)
        if named is None:
            return None
        notes.append((span[0] + words[i].end, named))
    out: list[str] = []
    at = span[0]
    for end, note in sorted(notes):
        out.append(f"{text[at:end]} ({note})")
        at = end
    out.append(text[at : span[1]])
    return "".join(out)


def _absolute(when: When) -> bool:
    """Whether the text itself says of which year: nothing has to be added."""
    return str(when.first.year) in fold(when.text) or str(when.last.year) in fold(when.text)


def _written(when: When, lang: str) -> str:
    first = _day(when.first, lang)
    return first if when.first == when.last else f"{first} – {_day(when.last, lang)}"


@lru_cache(maxsize=5_000)
def _day(day: date, lang: str) -> str:
    return str(format_date(day, "d MMMM y", locale=lang))
