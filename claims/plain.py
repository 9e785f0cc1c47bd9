"""Anything of this project as lists, dictionaries, strings and numbers, ready for JSON."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import date, datetime
from typing import Any


def plain(thing: Any) -> Any:
    """The thing as lists, dictionaries, strings and numbers only, ready for JSON."""
    if is_dataclass(thing) and not isinstance(thing, type):
        return {f.name: plain(getattr(thing, f.name)) for f in fields(thing)}
    if isinstance(thing, (list, tuple)):
        return [plain(item) for item in thing]
    if isinstance(thing, dict):
        return {str(key): plain(value) for key, value in thing.items()}
    if isinstance(thing, datetime):
        return thing.isoformat(timespec="seconds").replace("+00:00", "Z")
    if isinstance(thing, date):
        return thing.isoformat()
    return thing
