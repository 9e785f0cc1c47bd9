"""What kind of thing a clause claims, and whether it affirms or denies it."""

from __future__ import annotations

from collections.abc import Sequence

from claims.extract.arabic_verbs import tense
from claims.language.cues import cues
from claims.language.words import Word, split_words
from claims.model import Attribution, Kind, Polarity, Quantity, When, Where

_BY_MODE: dict[str, Kind] = {
    "accuses": "accusation",
    "denies": "denial",
    "pledges": "pledge",
    "says": "statement",
    "hopes": "statement",
    "announces": "statement",
}
_HEAD = 6  # words within which an Arabic clause has its verb
_NEGATION_WITHIN = 10  # words; a negation further on is not that of the clause


def kind_of(
    text: str,
    lang: str,
    attribution: tuple[Attribution, ...],
    when: tuple[When, ...],
    where: tuple[Where, ...],
    numbers: tuple[Quantity, ...],
) -> Kind:
    """The kind of a claim: by who speaks where somebody does, else by the words of the clause.

    Where only an agency reports, the content decides, for the agency speaks as an outlet does.
    """
    for link in reversed(attribution):
        if link.mode in _BY_MODE:
            return _BY_MODE[link.mode]
    table = cues(lang)
    forms = [word for word in split_words(text) if not word.quoted and word.form[0].isalnum()]
    bare = {word.bare for word in forms} | {word.form for word in forms}
    if lang == "ar" and attribution and forms and forms[0].form.startswith("ب"):
        return "event"  # "reported the death of twelve"
    if any(_agrees(word, forms, i, lang) for i, word in enumerate(forms)):
        return "agreement"
    if lang == "ar" and _planned_in_arabic(forms):
        return "plan"
    if lang == "en" and bare & table["plan.words"]:
        return "event" if when and where and not bare & table["plan.sure"] else "plan"
    verb = _verb_kind(forms, lang)
    if numbers and (verb == "quantity" or (verb != "event" and bare & table["quantity.words"])):
        return "quantity"
    if verb == "event" or verb == "quantity":
        return "event"
    if when and where:
        return "event"
    if numbers and verb is None:
        return "quantity"
    return "state"


def _verb_kind(forms: list[Word], lang: str) -> Kind | None:
    """What the first verb of a clause tells: that something happened, is so, or is so much."""
    table = cues(lang)
    for i, word in enumerate(forms[:_HEAD] if lang == "ar" else forms):
        if lang == "en" and word.form in table["auxiliary.finite"] and _participle(forms[i + 1 : i + 4]):
            continue
        for form in (word.form, word.bare):
            if form in table["quantity.verbs"]:
                return "quantity"
            if form in table["state.words"]:
                return "state"
            if form in table["event.words"]:
                return "event"
        if lang == "ar":
            told = tense(word.bare)
            if told:
                return "event" if told == "past" else "state"
        elif word.form.endswith("ed") and len(word.form) > 4 and word.form not in table["event.never"]:
            return "event"
    return None


def _participle(forms: list[Word]) -> bool:
    """Whether a past participle follows an auxiliary ("have died", "were also killed")."""
    table = cues("en")
    return any(
        word.form in table["event.words"] or word.form in table["quantity.verbs"] or word.form.endswith("ed")
        for word in forms[:2]
    )


def polarity_of(text: str, lang: str, kind: Kind) -> Polarity:
    """Negated for a denial and where the first words of the content carry a negation."""
    if kind == "denial":
        return "negated"
    table = cues(lang)
    words = [word for word in _without_asides(split_words(text)) if word.form[0].isalnum()]
    for i, word in enumerate(words[:_NEGATION_WITHIN]):
        if word.form in table["negation.until"] and i > 0:
            break
        form = word.form if word.form in table["negation.words"] else word.form.removeprefix("و")
        if form.endswith("n't"):
            return "negated"
        if form in table["negation.words"]:
            following = words[i + 1].form if i + 1 < len(words) else ""
            before = words[i - 1].form if i else ""
            if following not in table["negation.not_before"] and before not in table["negation.not_after"]:
                return "negated"
    return "affirmed"


def _without_asides(words: Sequence[Word]) -> Sequence[Word]:
    """The words without what stands between two commas ("the group, which has ships, did not")."""
    commas = [i for i, word in enumerate(words) if word.form == ","]
    if len(commas) >= 2 and 0 < commas[0] < 8 and commas[1] - commas[0] < 14:
        return [*words[: commas[0]], *words[commas[1] + 1 :]]
    return words


def _agrees(word: Word, forms: list[Word], i: int, lang: str) -> bool:
    table = cues(lang)
    for form in (word.form, word.bare):
        if form not in table["agreement.words"]:
            continue
        if form not in table["agreement.needs_noun"]:
            return True
        following = {later.form for later in forms[i + 1 : i + 7]}
        return bool(following & table["agreement.nouns"])
    return False


def _planned_in_arabic(forms: list[Word]) -> bool:
    """A verb or noun of planning, or a verb in the future, among the first words."""
    head = forms[:_HEAD]
    words = cues("ar")["plan.words"]
    return any(w.form in words or w.bare in words or tense(w.bare) == "future" for w in head)
