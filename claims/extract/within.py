"""What a stretch of text holds: found facts looked up by their offsets."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import Generic, Protocol, TypeVar


class _Placed(Protocol):
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


T = TypeVar("T", bound=_Placed)


class Within(Generic[T]):
    """Things of one sort in a text, in order, so that those of a stretch are found without reading all."""

    def __init__(self, things: Sequence[T]) -> None:
        self.things = sorted(things, key=lambda thing: thing.start)
        self._starts = [thing.start for thing in self.things]
        self._longest = max((thing.end - thing.start for thing in self.things), default=0)

    def inside(self, start: int, end: int) -> tuple[T, ...]:
        """Those that lie wholly within the stretch."""
        first, last = bisect_left(self._starts, start), bisect_left(self._starts, end)
        return tuple(thing for thing in self.things[first:last] if thing.end <= end)

    def touching(self, start: int, end: int) -> tuple[T, ...]:
        """Those that share a letter with the stretch."""
        first, last = bisect_left(self._starts, start - self._longest), bisect_left(self._starts, end)
        return tuple(thing for thing in self.things[first:last] if thing.end > start)
