"""The one tree of errors.

TabayyunError
├── InputError        what the caller gave cannot be used; nothing was started (exit status 2)
├── ConfigError       settings or sources are wrong; nothing was started (exit status 2)
├── StoreError        the workspace cannot be read or written (exit status 1)
│   ├── StoreBusy     another process holds the database for writing
│   └── StoreTooNew   the database was written by a newer version
├── SourceSkipped     this look-up failed; go on with the next one
└── SourceUnusable    this source cannot be used at all; stop asking it in this run

Every message says what happened, on what, and what to do next, in one line.
"""

from __future__ import annotations

from typing import Literal

SoughtFailure = Literal["unreachable", "refused", "rate_limited", "misconfigured"]


class TabayyunError(Exception):
    """Root of every error that this project raises on purpose."""

    exit_status = 1


class InputError(TabayyunError):
    """An article, a date or an option that cannot be used."""

    exit_status = 2


class ConfigError(TabayyunError):
    """A settings or sources file that cannot be used."""

    exit_status = 2


class StoreError(TabayyunError):
    """The workspace cannot be read or written."""


class StoreBusy(StoreError):
    """Another process holds the database for writing."""


class StoreTooNew(StoreError):
    """The database was written by a newer version of the project."""


class SourceSkipped(TabayyunError):
    """One look-up failed; the source may still answer the next one."""

    def __init__(self, message: str, outcome: SoughtFailure = "unreachable") -> None:
        super().__init__(message)
        self.outcome: SoughtFailure = outcome


class SourceUnusable(TabayyunError):
    """The source cannot be used at all in this run."""

    def __init__(self, message: str, outcome: SoughtFailure = "misconfigured") -> None:
        super().__init__(message)
        self.outcome: SoughtFailure = outcome
