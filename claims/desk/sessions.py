"""Sessions, tokens against forged forms, and how often somebody may try to sign in."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
import time
from collections import OrderedDict, deque
from dataclasses import dataclass

from itsdangerous import BadSignature, TimestampSigner

COOKIE = "desk"
IDLE_S = 8 * 3600
_LONGEST_S = 7 * 24 * 3600
_MOST_SESSIONS = 10_000
_WINDOW_S = 900
_TRIES = {"account": 10, "address": 30}
_MOST_KEYS = 20_000


@dataclass(slots=True)
class Session:
    """Somebody who is signed in."""

    account: str
    token: str  # that every form of the session has to carry
    seen: float


class Sessions:
    """Who is signed in, kept in this process; a cookie holds nothing but a signed random name.

    A session begins under a new name whatever cookie came before, so none can be foisted on anybody.
    """

    def __init__(self, secret: str) -> None:
        self._signer = TimestampSigner(secret, salt="session", digest_method=hashlib.sha256)
        self._key = secret.encode()
        self._sessions: OrderedDict[str, Session] = OrderedDict()
        self._lock = threading.Lock()

    def begin(self, account: str) -> str:
        """A new session of the account; returns the cookie for it."""
        name = secrets.token_urlsafe(32)
        with self._lock:
            self._sessions[name] = Session(account, secrets.token_urlsafe(32), time.monotonic())
            while len(self._sessions) > _MOST_SESSIONS:
                self._sessions.popitem(last=False)
        return self._signer.sign(name).decode()

    def of(self, cookie: str | None) -> Session | None:
        """The session that the cookie names, while it lasts."""
        name = self._name(cookie)
        with self._lock:
            session = self._sessions.get(name) if name else None
            if name is None or session is None:
                return None
            if time.monotonic() - session.seen > IDLE_S:
                del self._sessions[name]
                return None
            session.seen = time.monotonic()
            self._sessions.move_to_end(name)
            return session

    def end(self, cookie: str | None) -> None:
        """The session is over; its cookie is worth nothing any more."""
        name = self._name(cookie)
        with self._lock:
            self._sessions.pop(name or "", None)

    def visitor(self, cookie: str | None) -> str:
        """The name of somebody who is not signed in: the one that the cookie holds, else a new one."""
        return cookie if cookie and len(cookie) <= 64 else secrets.token_urlsafe(32)

    def visitor_token(self, visitor: str) -> str:
        """The token of the sign-in form that was given to this visitor."""
        return hmac.new(self._key, b"visitor:" + visitor.encode(), hashlib.sha256).hexdigest()

    def _name(self, cookie: str | None) -> str | None:
        try:
            return self._signer.unsign(cookie, max_age=_LONGEST_S).decode() if cookie else None
        except (BadSignature, UnicodeError):
            return None


def same(given: object, wanted: str) -> bool:
    """Whether the token is the right one, told in a time that does not depend on where it differs."""
    return isinstance(given, str) and hmac.compare_digest(given.encode(), wanted.encode())


class Throttle:
    """Wrong passwords of the last quarter of an hour, by account and by address."""

    def __init__(self) -> None:
        self._failed: OrderedDict[tuple[str, str], deque[float]] = OrderedDict()
        self._lock = threading.Lock()

    def wait_s(self, account: str, address: str) -> int:
        """Seconds until another try is heard; 0 where it may be made now."""
        now = time.monotonic()
        with self._lock:
            return max(
                self._wait((kind, name), most, now)
                for kind, name, most in (
                    ("account", account, _TRIES["account"]),
                    ("address", address, _TRIES["address"]),
                )
            )

    def failed(self, account: str, address: str) -> None:
        """A wrong password was given."""
        now = time.monotonic()
        with self._lock:
            for key in (("account", account), ("address", address)):
                self._failed.setdefault(key, deque(maxlen=max(_TRIES.values()))).append(now)
                self._failed.move_to_end(key)
            while len(self._failed) > _MOST_KEYS:
                self._failed.popitem(last=False)

    def succeeded(self, account: str, address: str) -> None:
        """The right password was given: the account's tries begin anew, and this one counts for nobody."""
        with self._lock:
            self._failed.pop(("account", account), None)
            if tries := self._failed.get(("address", address)):
                tries.pop()

    def _wait(self, key: tuple[str, str], most: int, now: float) -> int:
        times = self._failed.get(key)
        while times and now - times[0] > _WINDOW_S:
            times.popleft()
        return int(_WINDOW_S - (now - times[-most])) + 1 if times and len(times) >= most else 0
