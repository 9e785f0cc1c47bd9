"""Whose words they are: speakers followed from sentence to sentence, null where the text does not tell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from claims.extract.attribution import Said, Span
from claims.language.cues import cues
from claims.language.letters import fold
from claims.language.names import country_of
from claims.model import Attribution, Who

_REACH = 4  # sentences; an elided speaker further back is not resolved


@dataclass
class Speakers:
    """What is known so far, reading an article from its beginning."""

    text: str
    lang: str
    who: Sequence[Who]
    _last: dict[str, tuple[int, str, str | None]] = field(default_factory=dict)  # role → sentence, text, id
    _nearest: str = "speaker"  # of "speaker" and "subject", the one seen last

    def resolve(self, links: Sequence[Said], sentence: int) -> tuple[Attribution, ...]:
        """The chain with its speakers named, as far as the text so far lets them be known.

        Offsets of the links are those of the article. The last speaker is remembered for what follows.
        """
        chain: list[Attribution] = []
        for link in links:
            speaker: str | None = None
            speaker_id: str | None = None
            if link.source:
                speaker = self.text[link.source[0] : link.source[1]]
                speaker_id = self._identity(link.source)
            elif link.back:
                speaker, speaker_id = self._recalled(link.back, sentence)
            cue = self.text[link.cue[0] : link.cue[1]]
            chain.append(Attribution(speaker, speaker_id, cue, link.mode, link.cue[0], link.cue[1]))
        for attribution in chain:
            if attribution.speaker is None:
                continue
            role = "agency" if (attribution.speaker_id or "").startswith("agency:") else "speaker"
            self._last[role] = (sentence, attribution.speaker, attribution.speaker_id)
            self._nearest = "speaker"
        return tuple(chain)

    def _recalled(self, back: str, sentence: int) -> tuple[str | None, str | None]:
        """Who is meant without being named; a subject may stand in for a speaker, and the other way."""
        first = self._nearest if back == "nearest" else back
        other = {"speaker": "subject", "subject": "speaker"}.get(first)
        for role in (first, other):
            seen, text, identity = self._last.get(role or "", (-_REACH - 1, "", None))
            if sentence - seen <= _REACH:
                return text, identity
        return None, None

    def note_subject(self, start: int, end: int, sentence: int, subject: Span | None = None) -> None:
        """Remembers the subject of a clause, or else its first name, for a clause that names none."""
        if subject:
            self._last["subject"] = (sentence, self.text[subject[0] : subject[1]], self._identity(subject))
            self._nearest = "subject"
            return
        named = [who for who in self.who if start <= who.start and who.end <= end]
        people = [who for who in named if who.type != "agency"]
        if people:
            first = people[0]
            self._last["subject"] = (sentence, first.text, first.id)
            self._nearest = "subject"

    def _identity(self, span: Span) -> str | None:
        """The id of who is named in a span: a person, else an agency, else what is named first.

        Of several persons it is the last one: "the assistant of the president, so-and-so". Nobody is known
        by "its mission to the United Nations".
        """
        inside = [who for who in self.who if who.start < span[1] and who.end > span[0]]
        first = fold(self.text[span[0] : span[1]]).split()[:1]
        if not inside or (first and first[0] in cues(self.lang)["noun_phrase.possessives"]):
            return None
        people = [who for who in inside if who.type == "person"]
        if people:
            return people[-1].id
        agencies = [who for who in inside if who.type == "agency"]
        if agencies:
            return agencies[0].id
        if inside[0].type == "country":
            return self._office_holder(span, inside[0]) or inside[0].id
        return inside[0].id

    def _office_holder(self, span: Span, country: Who) -> str | None:
        """The person whom the article itself calls by this office ("the Iranian president")."""
        phrase = fold(self.text[span[0] : span[1]])
        if len(phrase.split()) < 2 or not set(phrase.split()) & cues(self.lang)["noun_phrase.roles"]:
            return None
        for who in self.who:
            if who.type != "person":
                continue
            before = fold(self.text[max(0, who.start - 60) : who.start]).rstrip()
            if before.endswith(phrase) and country_of(who.id) in (country.id, None):
                return who.id
        return None
