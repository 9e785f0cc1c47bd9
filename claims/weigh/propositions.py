"""What has to be so for a claim to hold, apart from who says it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from claims.language.cues import cues
from claims.language.names import country_of
from claims.language.words import split_words
from claims.model import Article, Claim, Kind, Mode, Polarity, Quantity, When, Where, Who
from claims.weigh.statements import settlements_in


@dataclass(frozen=True, slots=True)
class Proposition:
    """The content of a claim. `denied` is true where the claim says that it is not so.

    `parties` are the countries (or ids of others) with an interest in the answer: who accuses, who is
    accused, who denies, and whose own words the claim repeats.
    """

    text: str
    lang: str
    kind: Kind
    polarity: Polarity
    denied: bool
    when: tuple[When, ...]
    where: tuple[Where, ...]
    who: tuple[Who, ...]
    numbers: tuple[Quantity, ...]
    speaker: str | None
    mode: Mode | None
    parties: frozenset[str]
    opinion: bool  # what ought to be, which nothing can show to be so
    published: date | None

    @property
    def disputable(self) -> bool:
        """Whether parties stand against each other over it, so that a denial is to be expected."""
        return self.denied or self.kind in ("accusation", "denial")

    @property
    def anchored(self) -> bool:
        """Whether it names anybody, any place, day or figure by which it could be found elsewhere."""
        return bool(self.who or self.where or self.when or self.numbers)

    @property
    def specific(self) -> bool:
        """Whether it names more than one thing by which it could be told from others."""
        return (
            len({one.id for one in self.who}) + len(self.settlements) + len(self.when) + len(self.numbers) > 1
        )

    @property
    def settlements(self) -> frozenset[str]:
        """The places more exact than a country."""
        return settlements_in(self.where, self.who)


def proposition_of(claim: Claim, article: Article, answered: Claim | None) -> Proposition:
    """The proposition of a claim; for a denial, that of the claim that it answers, denied."""
    facts = claim
    denied = claim.kind == "denial"
    if denied and answered is not None and answered.content is not None:
        facts = answered
    span = facts.content or (facts.start, facts.end)
    inside = [who for who in facts.who if span[0] <= who.start and who.end <= span[1]]
    innermost = claim.attribution[-1] if claim.attribution else None
    polarity: Polarity = "affirmed" if facts.kind in ("denial", "accusation") else facts.polarity
    return Proposition(
        text=article.text[span[0] : span[1]],
        lang=claim.lang,
        kind=facts.kind,
        polarity=polarity,
        denied=denied,
        when=tuple(w for w in facts.when if span[0] <= w.start and w.end <= span[1]),
        where=tuple(w for w in facts.where if span[0] <= w.start and w.end <= span[1]),
        who=tuple(inside),
        numbers=tuple(n for n in facts.numbers if span[0] <= n.start and n.end <= span[1]),
        speaker=innermost.speaker_id if innermost else None,
        mode=innermost.mode if innermost else None,
        parties=_parties(claim, facts, inside),
        opinion=_is_opinion(article.text[span[0] : span[1]], claim.lang),
        published=article.published,
    )


def _is_opinion(text: str, lang: str) -> bool:
    """Whether the text says in its first words what ought to be."""
    first = {word.bare for word in split_words(text)[:6]}
    return bool(first & cues(lang if lang in ("ar", "en") else "en")["opinion.ought"])


def _parties(claim: Claim, facts: Claim, inside: list[Who]) -> frozenset[str]:
    """Who has an interest: the speakers, and in a dispute everybody that the content names."""
    speakers = [
        link.speaker_id for one in (claim, facts) for link in one.attribution if link.mode != "reports"
    ]
    interested = {_side(identity) for identity in speakers if identity}
    if facts.kind in ("accusation", "denial") or claim.kind == "denial":
        interested |= {_side(who.id) for who in inside if who.type != "agency"}
    return frozenset(side for side in interested if side)


def _side(identity: str) -> str:
    """On whose side somebody stands: their country where it is known, else they themselves."""
    return country_of(identity) or identity


def on_side(identity: str | None, parties: frozenset[str]) -> bool:
    """Whether somebody is, or speaks for, one of the parties."""
    return identity is not None and _side(identity) in parties
