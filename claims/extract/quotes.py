"""Who said what, as spans: the attributions of a text as `tabayyun quotes` prints them."""

from __future__ import annotations

from typing import Any

from claims.extract import arabic, english
from claims.extract.attribution import Said, Speech
from claims.language.sentences import split_sentences

_READERS = {"ar": arabic.read_clauses, "en": english.read_clauses}


def find_quotes(text: str, lang: str) -> list[dict[str, Any]]:
    """The attributions of a text in order: source, cue and content as offsets, and the mode.

    A source that is not named where it speaks ("he added") is left as the cue's own place is: null.
    """
    found: list[dict[str, Any]] = []
    for sentence in split_sentences(text):
        for clause in _READERS[lang](sentence.text):
            if clause.speech:
                found.extend(_rows(clause.speech, sentence.start))
    return found


def _rows(speech: Speech, base: int) -> list[dict[str, Any]]:
    if not speech.parts:
        return []
    content = {"start": base + speech.parts[0][0], "end": base + speech.parts[-1][1]}
    return [
        {"source": _source(link, base), "cue": _at(link.cue, base), "content": content, "mode": link.mode}
        for link in speech.links
    ]


def _source(link: Said, base: int) -> dict[str, int] | None:
    return _at(link.source, base) if link.source else None


def _at(span: tuple[int, int], base: int) -> dict[str, int]:
    return {"start": base + span[0], "end": base + span[1]}
