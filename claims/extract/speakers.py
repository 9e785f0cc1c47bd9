"""Whose words they are: speakers followed from sentence to sentence, null where the text does not tell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice

from claims.extract.attribution import Said, Span
from claims.extract.within import Within
from claims.language.cues import cues
from claims.language.letters import fold
from claims.language.names import country_of
from claims.model import Attribution, Where, Who

_MOST_PERSONS = 200  # of whom an article may tell the office
_NEAR = 120  # letters
_REACH = 4  # sentences; an elided speaker further back is not resolved


@dataclass
class Speakers:
    """What is known so far, reading an article from its beginning."""

    text: str
    lang: str
    who: Within[Who]
    where: Within[Where]
    _last: dict[str, tuple[int, str, str | None]] = field(default_factory=dict)  # role → sentence, text, id
    _offices: dict[tuple[str, str], str | None] = field(default_factory=dict)
    _introduced: list[tuple[str, Who]] | None = None
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
                speaker = self._written(link.source)
                speaker_id = self._identity(link.source)
            elif link.back:
                speaker, speaker_id = self._at_hand(link) or self._recalled(link.back, sentence)
            cue = self.text[link.cue[0] : link.cue[1]]
            chain.append(Attribution(speaker, speaker_id, cue, link.mode, link.cue[0], link.cue[1]))
        for attribution in chain:
            if attribution.speaker is None:
                continue
            role = "agency" if (attribution.speaker_id or "").startswith("agency:") else "speaker"
            self._last[role] = (sentence, attribution.speaker, attribution.speaker_id)
            self._nearest = "speaker"
        return tuple(chain)

    def _written(self, source: Span) -> str:
        """The words for a speaker; with the article where ل and ال are written as لل."""
        words = self.text[source[0] : source[1]]
        article = source[0] > 0 and self.text[source[0] - 1] == "ل" == words[:1]
        return "ال" + words[1:] if article else words

    def _at_hand(self, link: Said) -> tuple[str, str] | None:
        """Whom "the agency" means where one that gives no news was named just before ("NASA's probe")."""
        near = self.who.inside(max(0, link.cue[0] - _NEAR), link.cue[0]) if link.back == "agency" else ()
        bodies = [who for who in near if who.type in ("organisation", "agency")]
        return (bodies[-1].text, bodies[-1].id) if bodies else None

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
        named = self.who.inside(start, end)
        people = [who for who in named if who.type != "agency" and not self._adjective(who)]
        if people:
            first = people[0]
            self._last["subject"] = (sentence, first.text, first.id)
            self._nearest = "subject"

    def _adjective(self, who: Who) -> bool:
        """Whether a country is named by its adjective alone ("the Syrian …"), which is no place."""
        return who.type == "country" and not self.where.touching(who.start, who.end)

    def _identity(self, span: Span) -> str | None:
        """The id of who is named in a span: a person, else an agency, else what is named first.

        Of several persons it is the last one: "the assistant of the president, so-and-so". Nobody is known
        by "its mission to the United Nations".
        """
        inside = self.who.touching(*span)
        first = fold(self.text[span[0] : span[1]]).split()[:1]
        if not inside or (first and first[0] in cues(self.lang)["noun_phrase.possessives"]):
            return None
        people = [who for who in inside if who.type == "person"]
        if people:
            return people[-1].id
        known = self._by_family_name(span)
        if known:
            return known
        agencies = [who for who in inside if who.type == "agency"]
        if agencies:
            return agencies[0].id
        if inside[0].type == "country":
            return self._office_holder(span, inside[0]) or self._country(span, inside[0])
        return inside[0].id

    def _country(self, span: Span, country: Who) -> str | None:
        """The country, unless who speaks is one of its people and not of its government."""
        words = {
            word for form in fold(self.text[slice(*span)]).split() for word in (form, form.strip(",.()"))
        }
        return None if words & cues(self.lang)["noun_phrase.private"] else country.id

    def _by_family_name(self, span: Span) -> str | None:
        """The person introduced before of whose name a single word is the last ("Sudani" is no country)."""
        word = fold(self.text[span[0] : span[1]])
        if " " in word:
            return None
        before = (who for _, who in self._persons() if who.start < span[0])
        return next((who.id for who in before if fold(who.text).split()[-1] == word), None)

    def _office_holder(self, span: Span, country: Who) -> str | None:
        """The person whom the article itself calls by this office ("the Iranian president")."""
        phrase = fold(self.text[span[0] : span[1]])
        if len(phrase.split()) < 2 or not set(phrase.split()) & cues(self.lang)["noun_phrase.roles"]:
            return None
        key = (phrase, country.id)
        if key not in self._offices:
            named = (w for before, w in self._persons() if before.endswith(phrase))
            fitting = (w.id for w in named if country_of(w.id) in (country.id, None))
            self._offices[key] = next(fitting, None)
        return self._offices[key]

    def _persons(self) -> list[tuple[str, Who]]:
        """The first persons of the article, each with the words that stand before the name."""
        if self._introduced is None:
            persons = (who for who in self.who.things if who.type == "person")
            self._introduced = [
                (fold(self.text[max(0, who.start - 60) : who.start]).rstrip(), who)
                for who in islice(persons, _MOST_PERSONS)
            ]
        return self._introduced
