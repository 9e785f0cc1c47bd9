"""A claim in words that can be read alone: the speaker named, dates spelled out, or nothing at all."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

from babel.dates import format_date

from claims.extract.arabic_phrases import is_name
from claims.extract.arabic_verbs import tense
from claims.language.cues import cues
from claims.language.letters import fold
from claims.model import Attribution, Claim, Mode, When

_LEADING = re.compile(
    r"^(?:(?:حيث|فيما|بينما|and|but|while|which)\s+"
    r"|و?(?:في (?:سياق|شأن) متصل|في (?:المقابل|الأثناء|غضون ذلك)|من (?:جهته|جهتها|جانبه|جانبها))[،,]?\s+)",
    re.IGNORECASE,
)
# What و may be joined to at the head of a claim, besides a verb and a word with the article
_AFTER_AND = cues("ar")["standalone.after_and"]


def standalone(claim: Claim, text: str, answered: Claim | None) -> str | None:
    """The claim to be read alone, or None where a speaker or a pointing word stays unknown.

    `text` is the article; `answered` is the claim that a denial answers.
    """
    told = _tells_itself(claim, text)
    if not told and any(link.speaker is None for link in claim.attribution):
        return None
    if claim.content is None:
        if answered is None or answered.content is None:
            return None
        what = _dated(text, answered.content, answered.when)
    else:
        span = claim.content if claim.attribution else (claim.start, claim.end)
        what = _dated(text, span, claim.when)
    what = _without_opening(what.strip(" ،,؛;:.\n"))
    if _points(what, claim.lang):
        return None
    if told:
        return what
    return f"{_chain(claim.attribution, claim.lang)}: {what}"


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
    verb = tense(bare) is not None or bare in table.modes or bare in table["speech_acts.forms"]
    joined = verb or bare.startswith("ال") or bare in _AFTER_AND or short_verb
    return what[what.index("و") + 1 :] if joined else what


def _a_word_of_its_own(form: str) -> bool:
    """Whether a word that begins with و is one whole: وقع, واشنطن, وزير."""
    table = cues("ar")
    known = ("event.words", "state.words", "quantity.verbs", "noun_phrase.roles", "noun_phrase.organisations")
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


def _chain(attribution: tuple[Attribution, ...], lang: str) -> str:
    words = [f"{link.speaker} ({_verb(link.mode, lang)})" for link in attribution]
    return " ← ".join(words)


def _verb(mode: Mode, lang: str) -> str:
    """The plainest verb of a mode: the first of its forms."""
    return cues(lang).plainest[mode]


def _points(what: str, lang: str) -> bool:
    first = [word.strip("\"'()،.,:“”«»") for word in fold(what).split()[:2]]
    return bool(first) and first[0] in cues(lang)["standalone.pointing"]


def _dated(text: str, span: tuple[int, int], when: tuple[When, ...]) -> str:
    """The span with each date followed by what it resolves to."""
    out: list[str] = []
    at = span[0]
    for named in sorted(when, key=lambda w: w.start):
        if named.start < at or named.end > span[1]:
            continue
        out.append(text[at : named.end])
        out.append(f" ({_written(named)})")
        at = named.end
    out.append(text[at : span[1]])
    return "".join(out)


def _written(when: When) -> str:
    lang = "ar" if any("\u0600" <= letter <= "\u06ff" for letter in when.text) else "en"
    first = _day(when.first, lang)
    return first if when.first == when.last else f"{first} – {_day(when.last, lang)}"


@lru_cache(maxsize=5_000)
def _day(day: date, lang: str) -> str:
    return str(format_date(day, "d MMMM y", locale=lang))
