"""What people have begun to write on a claim and not sent: kept for each of them, seen by nobody else."""

from __future__ import annotations

import hashlib
import json
import os
import threading
from collections import deque
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from claims.desk.forms import FIELDS, Draft

_MOST = 500  # drafts of one person; the oldest goes
_SENT = 2_000  # forms that are remembered as sent


class Drafts:
    """One file a person and claim, in a folder of its owner's alone."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "drafts"
        self._lock = threading.Lock()
        self._sent: deque[str] = deque(maxlen=_SENT)

    def keep(self, account: str, claim: str, draft: Draft) -> None:
        """The draft is kept, or where nothing is written in it, none is any more."""
        file = self._file(account, claim)
        with self._lock:
            if draft.form in self._sent:  # the form was sent while this was on its way
                return
            if not any(draft.values.values()):
                file.unlink(missing_ok=True)
                return
            file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            part = file.with_suffix(".part")
            descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8", errors="replace") as out:
                json.dump(dict(draft.values), out)
            part.replace(file)
            kept = sorted(file.parent.glob("*.json"), key=lambda one: one.stat().st_mtime_ns)
            for old in kept[:-_MOST]:
                old.unlink()

    def of(self, account: str, claim: str) -> Draft:
        """The person's draft on the claim; an empty one where there is none or it cannot be read."""
        file = self._file(account, claim)
        try:
            values = json.loads(file.read_text(encoding="utf-8"))
            at = datetime.fromtimestamp(file.stat().st_mtime, UTC)
        except (OSError, ValueError):
            return Draft()
        if not isinstance(values, Mapping):
            return Draft()
        return Draft({name: str(values.get(name, "")) for name in FIELDS}, kept=at)

    def sent(self, account: str, claim: str, form: str) -> None:
        """What was written is recorded: there is no draft, nor does one come later from the same form."""
        with self._lock:
            self._sent.append(form)
            self._file(account, claim).unlink(missing_ok=True)

    def _file(self, account: str, claim: str) -> Path:
        return self._folder / hashlib.sha256(account.encode()).hexdigest()[:32] / f"{claim}.json"
