"""Who said what: the shape that both languages' readers give."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from claims.model import Mode

Span = tuple[int, int]
Back = Literal["speaker", "agency", "subject", "nearest"] | None


@dataclass(frozen=True, slots=True)
class Said:
    """One link of a chain of speech, in offsets into the text that was read.

    `back` says that the source is not named here: "speaker" for the one who spoke last ("he added"),
    "agency" for the agency that was named last, "subject" for the subject of the clause before, "nearest"
    for whoever spoke or acted last ("…, adding that").
    """

    source: Span | None
    cue: Span
    mode: Mode
    back: Back = None


@dataclass(frozen=True, slots=True)
class Speech:
    """A chain of links, outermost first, and what was said at its end.

    `parts` holds one span for each thing said ("that …, and that …"); it is empty where the content
    lies elsewhere ("which Tehran denies"). `passive` says that the accused is the clause's subject.
    """

    links: tuple[Said, ...]
    parts: tuple[Span, ...]
    accused: Span | None = None
    passive: bool = False


@dataclass(frozen=True, slots=True)
class Clause:
    """A stretch of a sentence with a verb of its own; `subject` is who acts where nobody speaks."""

    start: int
    end: int
    speech: Speech | None
    subject: Span | None = None
