"""Who may come in, and as what. Kept beside the record, not in it: snapshots are handed to others."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import re
import secrets
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Literal, get_args

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from claims.errors import ConfigError, InputError, StoreError

Role = Literal["reader", "reviewer", "editor"]
FOLDER = ".desk"  # of the workspace; nothing in it is served
SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 200
_NAME = re.compile(r"[\w][\w .@-]{0,63}")
_HASHER = PasswordHasher()
# Checked where there is no such account, so that the answer takes as long
_NOBODY = _HASHER.hash(secrets.token_urlsafe(16))


@dataclass(frozen=True, slots=True)
class Account:
    """A person who may sign in. `hash` is argon2id's, with its parameters and salt."""

    name: str
    role: Role
    hash: str
    disabled: bool = False

    def may(self, role: Role) -> bool:
        """Whether the account's role is this one or above it."""
        order = get_args(Role)
        return not self.disabled and order.index(self.role) >= order.index(role)


class Accounts:
    """The accounts of a workspace, in a file that only its owner can read."""

    def __init__(self, workspace: Path) -> None:
        self.folder = workspace / FOLDER
        self.path = self.folder / "accounts.json"
        self._read: tuple[tuple[int, int], dict[str, Account]] | None = None

    def all(self) -> dict[str, Account]:
        """The accounts by name, as the file has them now. Raises ConfigError where it cannot be read."""
        try:
            status = self.path.stat()
            stamp = (status.st_mtime_ns, status.st_ino)
            if self._read is None or self._read[0] != stamp:
                rows = json.loads(self.path.read_text(encoding="utf-8"))
                self._read = (stamp, {row["name"]: Account(**row) for row in rows})
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise ConfigError(f"{self.path}: cannot be read ({error}); restore it from a copy") from None
        return self._read[1]

    def add(self, name: str, role: str, password: str) -> None:
        """The account is there. Raises InputError where it was already, or cannot be made so."""
        if not _NAME.fullmatch(name):
            raise InputError(f"account {name!r}: letters, digits, spaces and . @ - _ only, 64 at most")
        if role not in get_args(Role):
            raise InputError(f"--role {role}: give one of {', '.join(get_args(Role))}")
        if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
            raise InputError(
                f"account {name}: a password has {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} letters"
            )
        hashed = _HASHER.hash(password)
        with self._changing() as accounts:
            if name in accounts:
                raise InputError(f"account {name}: is there already; disable it and add another")
            accounts[name] = Account(name, role, hashed)  # type: ignore[arg-type]

    def disable(self, name: str) -> None:
        """The account cannot sign in any more, and whoever is signed in with it is out at once."""
        with self._changing() as accounts:
            if name not in accounts:
                raise InputError(f"account {name}: there is none; 'tabayyun desk account list' names them")
            accounts[name] = replace(accounts[name], disabled=True)

    def signed_in(self, name: str, password: str) -> Account | None:
        """The account where the password is its own and it is not disabled, else None; as slow either way."""
        account = self.all().get(name)
        usable = account is not None and not account.disabled
        try:
            _HASHER.verify(account.hash if account and usable else _NOBODY, password)
        except (VerificationError, InvalidHashError):
            return None
        return account if usable else None

    def secret(self) -> str:
        """The key that signs cookies, made at the first call."""
        path = self.folder / "secret"
        with self._locked():
            if not path.exists():
                _write_private(path, secrets.token_urlsafe(48))
            return path.read_text(encoding="utf-8")

    @contextlib.contextmanager
    def _changing(self) -> Iterator[dict[str, Account]]:
        with self._locked():
            self._read = None
            accounts = dict(self.all())
            yield accounts
            rows = [asdict(accounts[name]) for name in sorted(accounts)]
            _write_private(self.path, json.dumps(rows, ensure_ascii=False, indent=1) + "\n")

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = os.open(self.folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise StoreError(f"{self.folder}: cannot be written ({error.strerror})") from None
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)


def _write_private(path: Path, text: str) -> None:
    """The file holds the text and is its owner's alone; a killed writer leaves the old one."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    part.unlink(missing_ok=True)
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
