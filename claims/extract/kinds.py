"""What kind of thing a clause claims, and whether it affirms or denies it."""

from __future__ import annotations

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
    modes = [link.mode for link in attribution]
    for mode in reversed(modes):
        if mode in _BY_MODE:
            return _BY_MODE[mode]
    words = split_words(text)
    table = cues(lang)
    forms = [word for word in words if not word.quoted]
    bare = {word.bare for word in forms} | {word.form for word in forms}
    if any(_agrees(word, forms, i, lang) for i, word in enumerate(forms)):
        return "agreement"
    if bare & table["plan.words"] or (lang == "ar" and _future(forms)):
        if when and where and lang == "en" and not bare & {"plans", "planned", "planning", "intends"}:
            return "event"
        return "plan"
    if numbers and bare & table["quantity.words"]:
        return "quantity"
    if bare & table["event.words"] and not (forms and forms[0].bare in table["state.words"]):
        return "event"
    if when and where:
        return "event"
    return "state"


def polarity_of(text: str, lang: str, kind: Kind) -> Polarity:
    """Negated for a denial and where the first words of the content carry a negation."""
    if kind == "denial":
        return "negated"
    negations = cues(lang)["negation.words"]
    for word in split_words(text)[:8]:
        if word.quoted:
            break
        if (
            word.bare in negations or word.form in negations or word.form.endswith("n't")
        ) and word.form != "غير":
            if word.form == "ما" and lang == "ar":
                continue
            return "negated"
    return "affirmed"


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


def _future(forms: list[Word]) -> bool:
    """An Arabic verb in the future: س before an imperfect ("ستستضيف"), within the first words."""
    prefixes = tuple(cues("ar")["plan.future_prefix"])
    first = forms[:4]
    return any(
        word.bare.startswith(prefixes) and len(word.bare) >= 6 and _imperfect(word.bare[1:]) for word in first
    )


def _imperfect(form: str) -> bool:
    return form[0] in "يتن" and not form.startswith(("تين", "يد")) and len(form) in range(4, 9)
