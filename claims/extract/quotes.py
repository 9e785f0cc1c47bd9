"""Who said what, as spans: the attributions of a text as `tabayyun quotes` prints them."""

from __future__ import annotations

from typing import Any

from claims.extract import arabic
from claims.extract.attribution import Speech
from claims.extract.quote_tagger import Tagged, tag
from claims.language.cues import cues
from claims.language.sentences import split_sentences

Span = tuple[int, int]


def find_quotes(text: str, lang: str) -> list[dict[str, Any]]:
    """The attributions of a text in order: source, cue and content as offsets, and the mode.

    Arabic is read by rules, English by trained weights. Where no words of the text stand for the source, a
    pronoun among them in English, it is null.
    """
    return _by_weights(text) if lang == "en" else _by_rules(text)


def _by_weights(text: str) -> list[dict[str, Any]]:
    return [_row(found.source, found.cue, found.content, _mode(text, found)) for found in tag(text)]


def _mode(text: str, found: Tagged) -> str:
    """The mode of the first word of the cue that has one."""
    words = text[slice(*found.cue)].lower().split()
    return next((cues("en").modes[word] for word in words if word in cues("en").modes), "says")


def _by_rules(text: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for sentence in split_sentences(text):
        for clause in arabic.read_clauses(sentence.text):
            if clause.speech:
                found.extend(_rows(clause.speech, sentence.start))
    return found


def _rows(speech: Speech, base: int) -> list[dict[str, Any]]:
    if not speech.parts:
        return []
    content = (base + speech.parts[0][0], base + speech.parts[-1][1])
    return [
        _row(_moved(link.source, base) if link.source else None, _moved(link.cue, base), content, link.mode)
        for link in speech.links
    ]


def _moved(span: Span, base: int) -> Span:
    return base + span[0], base + span[1]


def _row(source: Span | None, cue: Span, content: Span, mode: str) -> dict[str, Any]:
    return {
        "source": _at(source) if source else None, "cue": _at(cue), "content": _at(content), "mode": mode,
    }  # fmt: skip


def _at(span: Span) -> dict[str, int]:
    return {"start": span[0], "end": span[1]}
