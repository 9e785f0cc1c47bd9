"""Arabic verbs by their shape, for the place at the head of a clause where a verb is expected."""

from __future__ import annotations

from typing import Literal

from claims.language.cues import cues

Tense = Literal["past", "present", "future"]

_CUES = cues("ar")
_SHORTEST = 4  # letters; shorter verbs are told by the word lists alone


def tense(form: str) -> Tense | None:
    """The tense of a folded word if it is a verb, as far as its letters tell; None for everything else.

    Nouns of the same shape are few at the head of a clause, and the common ones are listed.
    """
    if form in _CUES["event.words"] or form in _CUES["quantity.verbs"] or form in _CUES["agreement.words"]:
        return "past"
    if form in _CUES["state.words"]:
        return "present"
    if len(form) < _SHORTEST or form in _CUES["verbs.never"] or form.startswith(("ال", "لل", "بال")):
        return None
    if form[0] == "س" and len(form) >= 5 and _present(form[1:]):
        return "future"
    if _present(form):
        return "present"
    return "past" if _past(form) else None


def _present(form: str) -> bool:
    if form in _CUES["verbs.never"] or not 4 <= len(form) <= 9:
        return False
    if form[0] == "ي":
        return True
    masdar = len(form) == 5 and form[3] == "ي"  # تفعيل
    return form[0] == "ت" and not masdar and form[-1] not in "ته" and form[-2] != "ا"


def _past(form: str) -> bool:
    if (form.endswith("ت") and not form.endswith("ات")) or form.endswith("وا"):
        return True
    if form[0] == "ا" and form[-1] not in "هءي" and len(form) == 4:  # أفعل, أضاع
        return True
    derived = form[0] == "ا" and form[-1] not in "هءي" and form[-2] != "ا"
    if derived and len(form) == 5 and (form[1] == "ن" or form[2] in "تط" or form[1] == "ت"):  # انفعل, افتعل
        return True
    return derived and len(form) == 6 and form.startswith("است")
