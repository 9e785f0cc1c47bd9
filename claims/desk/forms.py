"""What a form says, checked."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, get_args

from claims.errors import InputError
from claims.model import RULINGS
from claims.record.desk import ActionKind
from claims.report.pages import web_address

LONGEST_TEXT = 4000  # letters of a reason or comment
_LONGEST_FIELD = 2000
_CLAIM = re.compile(r"c_[0-9a-f]{16}")
_NEEDS_REASON = frozenset({"change", "comment", "reject", "reopen"})
FIELDS = ("reason", "verdict", "said", "page", "copy_of", "url", "other")


@dataclass(frozen=True, slots=True)
class Draft:
    """A form as it was filled in: given back to the person where it could not be acted on, or was left."""

    values: Mapping[str, str] = field(default_factory=dict)
    form: str = field(default_factory=lambda: secrets.token_urlsafe(12))
    kept: datetime | None = None

    def __getitem__(self, name: str) -> str:
        return self.values.get(name, "")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a form asks for. `seen` is the last action that the person saw, `verdict_seen` the engine's."""

    kind: ActionKind
    reason: str
    payload: dict[str, Any]
    seen: str | None
    verdict_seen: str | None
    draft: Draft


def draft_of(form: Mapping[str, Any]) -> Draft:
    """What was typed, each text cut where no field is that long."""
    return Draft({name: text(form, name, LONGEST_TEXT * 2) for name in FIELDS})


def wanted(form: Mapping[str, Any]) -> Wanted:
    """What the form asks for. Raises InputError naming what is missing or cannot be."""
    do, _, argument = text(form, "do", _LONGEST_FIELD).partition(":")
    told_apart = do == "apart"  # a comment that says so: it changes nothing but what is suggested
    do = "comment" if told_apart else do
    kind = next((known for known in get_args(ActionKind) if known == do), None)
    if kind is None:
        raise InputError("desk.wrong.action")
    reason = text(form, "reason", LONGEST_TEXT * 2).strip()
    if len(reason) > LONGEST_TEXT:
        raise InputError("desk.wrong.long")
    if kind in _NEEDS_REASON and not reason and not told_apart:
        raise InputError("desk.wrong.reason")
    return Wanted(
        kind,
        reason,
        _payload("apart" if told_apart else kind, argument, form),
        text(form, "seen", 64) or None,
        text(form, "verdict_seen", 64) or None,
        draft_of(form),
    )


def text(form: Mapping[str, Any], name: str, most: int) -> str:
    """A field of the form; empty where it is missing or not text."""
    value = form.get(name)
    return value[:most].replace("\r\n", "\n") if isinstance(value, str) else ""


def _payload(kind: str, argument: str, form: Mapping[str, Any]) -> dict[str, Any]:
    if kind == "change":
        verdict, said = text(form, "verdict", 64), text(form, "said", 64)
        if verdict not in RULINGS or said not in (*RULINGS, ""):
            raise InputError("desk.wrong.verdict")
        return {"verdict": verdict, "said": said or None}
    if kind == "undo":
        return {"undoes": argument}
    if kind in ("interested", "copy"):
        page = text(form, "page", _LONGEST_FIELD)
        if not page:
            raise InputError("desk.wrong.page")
        return {"url": page} | ({"of": text(form, "copy_of", _LONGEST_FIELD)} if kind == "copy" else {})
    if kind == "add_source":
        url = text(form, "url", _LONGEST_FIELD).strip()
        if not web_address(url):
            raise InputError("desk.wrong.url")
        return {"url": url}
    if kind in ("join", "apart"):
        other = _CLAIM.search(argument or text(form, "other", _LONGEST_FIELD))
        if other is None:
            raise InputError("desk.wrong.other")
        return {"claim" if kind == "join" else "apart": other[0]}
    return {}
