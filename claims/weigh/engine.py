"""From pages to a verdict: the statements that bear on a claim, their origins, the two rulings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from claims.language.embedding import Embedder, default_embedder
from claims.language.names import country_of, names_in
from claims.language.stems import content_stems
from claims.model import Article, Capture, Claim, Document, Evidence, Mark, Sought, Unread, Verdict, digest
from claims.weigh.evidence import best, joined, joined_with, latest, marked, shown
from claims.weigh.origins import Origin, find_origins
from claims.weigh.passages import worth_a_look
from claims.weigh.propositions import Proposition, on_side, proposition_of
from claims.weigh.stance import NEAR, Judge, Judgement, bearing, shares_words
from claims.weigh.stance_joined import JoinedJudge
from claims.weigh.statements import Statement, statements_of
from claims.weigh.verdict import rule_said, rule_so, undecidable
from claims.wording import reason

_MODES_ALIKE = {
    "denies": {"denies"},
    "accuses": {"accuses", "says", "announces"},
    "pledges": {"pledges", "says", "announces", "hopes"},
    "hopes": {"hopes", "says", "announces"},
    "says": {"says", "announces", "pledges", "hopes", "accuses", "reports"},
    "announces": {"says", "announces", "pledges"},
    "reports": {"says", "announces", "reports"},
}
_NOT_DONE = frozenset({"pledges", "hopes"})  # what is promised or hoped has not happened
# Whoever accuses or denies says of whom: with the same speaker and names, less closeness will do.
_POINTED = frozenset({"accuses", "denies"})
_NEAR_POINTED = 0.81
# Of the same speaker on the same matter: how far the model may find the opposite, and how far it must find
# the same, for it to be what he said. Fitted on tests/weigh/near_misses/said_seen.jsonl.
_SAID_DOUBT = 0.5
_SAID_SUPPORT = 0.1
_CALLED_ALIKE = 0.6  # share of the words for two speakers that are common to both
_PAGES_REMEMBERED = 2_000


@dataclass(frozen=True, slots=True)
class Page:
    """A page with what it states and whence it has it."""

    document: Document
    capture: Capture
    statements: tuple[Statement, ...]


class Weigher:
    """Weighs the pages of one run. Pages are read and embedded once, however many claims look at them."""

    def __init__(self, judge: Judge | None = None, embedder: Embedder | None = None) -> None:
        self.judge: Judge = judge or JoinedJudge()
        self.embedder: Embedder = embedder or default_embedder()
        self._statements: dict[str, tuple[Statement, ...]] = {}

    @property
    def engine(self) -> str:
        """Name and version of what decides."""
        from claims import __version__

        return f"tabayyun {__version__} ({self.judge.name}, {self.embedder.name})"

    def weigh(
        self,
        claim: Claim,
        article: Article,
        claims: Mapping[str, Claim],
        pages: Sequence[tuple[Document, Capture]],
        sought: tuple[Sought, ...],
        unread: tuple[Unread, ...],
        passages_per_page: int = 3,
        marks: Sequence[Mark] = (),
    ) -> Verdict:
        """The verdict on a claim from the pages found for it.

        `claims` are all claims of the article by id, for denials answer others. What people marked holds
        without question. The same pages give the same verdict in whatever order they come.
        """
        answered = claims.get(claim.about or "")
        proposition = proposition_of(claim, article, answered)
        read = [Page(doc, capture, self.read(doc)) for doc, capture in sorted(pages, key=lambda p: p[0].id)]
        origins = find_origins([page.document for page in read], marks)
        so: list[Evidence] = []
        said: list[Evidence] = []
        looked_at = [
            (page, statement, near)
            for page, found in zip(read, self._closeness(proposition, read), strict=True)
            for statement, near in sorted(
                found, key=lambda pair: (-bearing(proposition, *pair), pair[0].start)
            )[:passages_per_page]
        ]
        self.judge.prepare(proposition, [(statement, near) for _, statement, near in looked_at])
        for page, statement, near in looked_at:
            document, origin = page.document, origins[page.document.id]
            item = self._so(claim, proposition, page, statement, near, origin)
            so.append(marked(item, document, marks))
            if claim.attribution:
                item = self._said(claim, proposition, page, statement, near, origin)
                said.append(marked(item, document, marks))
        so, said = joined(best(latest(so))), best(said)
        if claim.kind == "denial" and answered is None and claim.content is None:
            so = []
        said_sum = rule_said(said) if claim.attribution else None
        # An accusation that was made, or that a confirmed denial answers, is asserted by whoever makes it.
        made = claim.kind == "accusation" or (answered is not None and answered.kind == "accusation")
        so_sum = rule_so(
            so,
            disputable=proposition.disputable,
            denied=proposition.denied,
            asserted=made and said_sum is not None and said_sum.ruling == "supported",
        )
        if proposition.opinion:
            so_sum = undecidable(so_sum, reason("opinion"))
        elif not proposition.anchored:
            so_sum = undecidable(so_sum, reason("unanchored"))
        gaps = so_sum.gaps + (said_sum.gaps if said_sum else ())
        if unread:
            gaps += (reason("gap_unread", str(len(unread))),)
        failed = sorted({s.source for s in sought if s.outcome not in ("ok", "empty")})
        if failed:
            gaps += (reason("gap_sources", ", ".join(failed)),)
        return Verdict(
            claim=claim.id,
            verdict=so_sum.ruling,
            said=said_sum.ruling if said_sum else None,
            confidence=so_sum.confidence,
            supports=so_sum.supports,
            refutes=so_sum.refutes,
            evidence=tuple(shown(so) + shown(said)),
            sought=sought,
            unread=unread,
            gaps=gaps,
            reasons=so_sum.reasons + (said_sum.reasons if said_sum else ()) + joined_with(marks),
            engine=self.engine,
        )

    def read(self, document: Document) -> tuple[Statement, ...]:
        """What a page states; read once, then remembered."""
        if document.id not in self._statements:
            if len(self._statements) >= _PAGES_REMEMBERED:
                self._statements.clear()
            self._statements[document.id] = statements_of(document)
        return self._statements[document.id]

    def _closeness(
        self, proposition: Proposition, pages: Sequence[Page]
    ) -> list[list[tuple[Statement, float]]]:
        """For each page the statements worth a look, with the cosine of the proposition and each."""
        if not pages:
            return []
        found = [worth_a_look(proposition, page.statements) for page in pages]
        mine = self.embedder.embed([proposition.text])[0]
        theirs = iter(self.embedder.embed([statement.content for some in found for statement in some]))
        # Vector by vector: a product of the whole could add up in another order than that of a part.
        return [[(one, round(float(np.dot(next(theirs), mine)), 4)) for one in some] for some in found]

    def _so(
        self,
        claim: Claim,
        proposition: Proposition,
        page: Page,
        statement: Statement,
        near: float,
        origin: Origin,
    ) -> Evidence:
        judgement = self.judge.judge(proposition, statement, near)
        why = list(judgement.why)
        speaker = statement.speakers[-1] if statement.speakers else None
        interested = bool(statement.speakers) and (speaker is None or on_side(speaker, proposition.parties))
        if statement.speakers and speaker is None:
            why.append(reason("speaker_unknown"))
        if (
            judgement.stance == "supports"
            and statement.mode in _NOT_DONE
            and proposition.mode not in _NOT_DONE
        ):
            judgement = Judgement(0.3, judgement.refutes, judgement.why)
            why.append(reason("only_promised"))
        if judgement.stance == "supports" and proposition.mode in _NOT_DONE:
            judgement = Judgement(0.3, judgement.refutes, judgement.why)
            why.append(reason("not_yet"))
        if judgement.stance == "supports" and _too_early(proposition, page.document):
            judgement = Judgement(0.3, judgement.refutes, judgement.why)
            why.append(reason("before_event"))
        if proposition.denied:
            judgement = judgement.turned()
        if interested and judgement.stance != "neutral":
            why.append(reason("interested", _called(speaker, statement)))
        if statement.speakers and judgement.stance != "neutral":
            # Whoever tells it, it is this speaker's word: one origin however many outlets carry it.
            origin = replace(origin, chain=(*origin.chain, _called(speaker, statement)))
        return _evidence(claim, proposition, "so", page, statement, judgement, origin, interested, why)

    def _said(
        self,
        claim: Claim,
        proposition: Proposition,
        page: Page,
        statement: Statement,
        near: float,
        origin: Origin,
    ) -> Evidence:
        judgement = self._judge_said(claim, proposition, statement, near)
        own = on_side(statement.speakers[-1], proposition.parties) if statement.speakers else False
        return _evidence(
            claim, proposition, "said", page, statement, judgement, origin, own, list(judgement.why)
        )

    def _judge_said(
        self, claim: Claim, proposition: Proposition, statement: Statement, near: float
    ) -> Judgement:
        """Does the page show that this speaker said this?"""
        called = claim.attribution[-1].speaker if claim.attribution else None
        if (proposition.speaker or called) is None or not statement.speakers or statement.mode is None:
            return Judgement(0.02, 0.02, (reason("nobody_quoted"),))
        if proposition.speaker:
            match = _same_speaker(proposition.speaker, statement.speakers)
        else:
            match = _called_alike(called or "", claim.lang, statement)
        if match == 0.0:
            return Judgement(
                0.02, 0.02, (reason("other_speaker", _called(statement.speakers[-1], statement)),)
            )
        content = self.judge.judge(proposition, statement, near)
        found_by = content.why[0] if content.why else ""
        about = max(content.supports, content.refutes)
        pointed = statement.mode == proposition.mode and statement.mode in _POINTED
        near_enough = _NEAR_POINTED if pointed and _all_named(proposition, statement) else NEAR
        # Somebody else of a country is close to its news whatever he says: the content must be the same.
        unlike = not pointed and (match < 1.0 or not shares_words(proposition, statement))
        if about <= 0.5:
            if near < near_enough or unlike or not proposition.speaker:
                return Judgement(0.1, 0.05, (reason("said_other_things"),))
            if not pointed:  # who is accused of what by whom, or denies it, tells enough where all three meet
                supports, refutes = self.judge.reading(proposition, statement, near)
                if refutes >= _SAID_DOUBT or supports < _SAID_SUPPORT:
                    return Judgement(0.1, 0.05, (reason("model_unlike_said", f"{supports:.2f}"),))
        alike = statement.mode in _MODES_ALIKE[proposition.mode or "says"]
        if not alike and statement.mode == "denies" and about > 0.5:
            if found_by.startswith("model_"):  # he may deny what goes before it in the claim
                return Judgement(0.1, 0.05, (reason("said_other_things"),))
            return Judgement(0.05, 0.75 * match, (reason("speaker_denies"), *content.why))
        if not alike:
            return Judgement(0.3, 0.05, (reason("said_differently"),))
        if found_by.startswith(("dates_differ", "figures_differ")):
            return Judgement(0.2, 0.7 * match, (reason("said_otherwise"), *content.why))
        strength = match * (0.9 if about > 0.5 else 0.7)
        return Judgement(strength, 0.03, (reason("said_here", _called(statement.speakers[-1], statement)),))


def _all_named(proposition: Proposition, statement: Statement) -> bool:
    return {who.id for who in proposition.who} <= statement.names


def _same_speaker(wanted: str, speakers: Sequence[str | None]) -> float:
    """1 where the same person or body speaks, .9 or .7 where somebody of the same country does, else 0."""
    if wanted in speakers:
        return 1.0
    country = country_of(wanted)
    if country and not wanted.startswith("person:") and any(s and country_of(s) == country for s in speakers):
        return 0.9
    if country and any(s and not s.startswith("person:") and country_of(s) == country for s in speakers[-1:]):
        return 0.7
    return 0.0


def _called_alike(wanted: str, lang: str, statement: Statement) -> float:
    """.9 where somebody who is not known by name ("the police chief of Homs") is called the same, else 0.

    A longer name may hold the shorter ("the coalition against …", "the international coalition").
    """
    mine, theirs = (
        content_stems(words, language)
        for words, language in ((wanted, lang), (statement.speaker_names[-1], statement.lang))
    )
    shared, shorter = mine & theirs, min(len(mine), len(theirs))
    alike = len(shared) >= _CALLED_ALIKE * len(mine | theirs) or len(shared) == shorter > 1
    return 0.9 if shared and alike else 0.0


def _called(identity: str | None, statement: Statement) -> str:
    if identity:
        return (names_in(identity, "en") or (identity.split(":")[-1],))[0]
    return statement.speaker_names[-1] if statement.speaker_names and statement.speaker_names[-1] else "?"


def _too_early(proposition: Proposition, document: Document) -> bool:
    """A page from before a past event cannot show that it happened."""
    if (
        document.published is None
        or proposition.kind not in ("event", "agreement")
        or proposition.published is None
    ):
        return False
    past = [w for w in proposition.when if w.last <= proposition.published and w.grain == "day"]
    return bool(past) and document.published < min(w.first for w in past)


def _age(proposition: Proposition, document: Document) -> tuple[str, ...]:
    """How many days the page is older or newer than what the claim tells of, or else than the claim."""
    days = [w.first for w in proposition.when if w.grain == "day"]
    told = min(days) if days else proposition.published
    if told is None or document.published is None:
        return ()
    apart = (document.published - told).days
    if apart == 0:
        return (reason("same_day"),)
    return (reason("days_after" if apart > 0 else "days_before", str(abs(apart))),)


def _evidence(
    claim: Claim,
    proposition: Proposition,
    question: str,
    page: Page,
    statement: Statement,
    judgement: Judgement,
    origin: Origin,
    interested: bool,
    why: Sequence[str],
) -> Evidence:
    document = page.document
    speaker = _called(statement.speakers[-1], statement) if statement.speakers else None
    age = _age(proposition, document)
    return Evidence(
        id="e_" + digest(claim.id, question, document.id, statement.start, statement.end, statement.content),
        claim=claim.id,
        question="so" if question == "so" else "said",
        document=document.id,
        capture=page.capture.id,
        url=page.capture.url,
        outlet=document.outlet,
        origin=origin.key,
        origin_chain=origin.chain,
        published=document.published,
        lang=document.lang,
        quote=document.text[statement.start : statement.end],
        start=statement.start,
        end=statement.end,
        stance=judgement.stance,
        supports=round(judgement.supports, 4),
        refutes=round(judgement.refutes, 4),
        interested=interested,
        speaker=speaker,
        why=(*why, *(reason("joined_" + how) for how in origin.joined_by), *age),
    )
