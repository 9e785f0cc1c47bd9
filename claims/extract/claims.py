"""An article to its checkable claims, and to what was left out with the reason."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

from claims.extract import arabic, english
from claims.extract.attribution import Clause, Said, Span
from claims.extract.both import Both
from claims.extract.kinds import kind_of, polarity_of
from claims.extract.links import link_denials
from claims.extract.speakers import Speakers
from claims.extract.standalone import standalone
from claims.extract.within import Within
from claims.extract.worth import worth_many
from claims.language.cues import cues
from claims.language.dates import find_dates
from claims.language.letters import script_share
from claims.language.names import find_names
from claims.language.numbers import find_numbers
from claims.language.sentences import Sentence, split_sentences
from claims.language.words import split_words
from claims.model import Article, Attribution, Claim, Excluded

_READERS = {"ar": arabic.read_clauses, "en": english.read_clauses}
_FEWEST_WORDS = 3
_MOST_LETTERS = 100_000  # of one article; no news is longer, and what nobody wrote must not take minutes
_DATELINE_WITHIN = 4  # sentences: a headline and a summary may come before it
_DATELINE = re.compile(
    r"^[^\n:]{2,60}?\s*(?:\([^)\n]{2,30}\)\s*)?[:–—-]\s+(?:\([^)\n]{2,30}\)\s*[:–—-]?\s*)?"
)
_CREDIT = re.compile(r"^(?:[(\[][^)\]]{2,40}[)\]]|[^-–—.,،:]{2,30} [-–—] [^-–—.,،:\s]{2,20}\.?)$")


@dataclass(frozen=True, slots=True)
class Extraction:
    """What an article claims, in its order, and what in it claims nothing that can be checked."""

    claims: tuple[Claim, ...]
    excluded: tuple[Excluded, ...]


class _Facts:
    """All dates, names and numbers of an article, found once; and the ids that its claims get."""

    def __init__(self, text: str, published: date | None, lang: str) -> None:
        names = find_names(text, lang)
        self.when = Within(find_dates(text, published, lang))
        self.where = Within(names.where)
        self.who = Within(names.who)
        # the digits of a date are no quantity
        self.numbers = Within([n for n in find_numbers(text, lang) if not self.when.touching(n.start, n.end)])
        self._hashed = hashlib.sha256(
            (json.dumps([text], ensure_ascii=False)[:-1] + ",").encode("utf-8", "surrogatepass")
        )

    def claim_id(self, start: int, end: int) -> str:
        """The same as `digest(text, start, end)`, without reading the text again for each claim."""
        hashed = self._hashed.copy()
        hashed.update(f"{start},{end}]".encode())
        return "c_" + hashed.hexdigest()[:16]


def extract_claims(article: Article) -> Extraction:
    """The claims of an article with speakers, dates, places, numbers, links, wording and worth.

    The same text gives the same claims with the same ids. Languages other than Arabic and English are
    read by script: Arabic script as Arabic, everything else as English.
    """
    read = read_claims(article)
    return Extraction(_finished(article, read.claims), read.excluded)


def read_claims(article: Article) -> Extraction:
    """The claims of an article with everything but their standalone wording and worth.

    Pages that hold evidence are read this way too. An article is read up to 100,000 letters; what lies
    beyond is among the excluded.
    """
    text = article.text[: _readable(article.text)]
    lang = reading_language(article.lang, text)
    facts = _Facts(text, article.published, lang)
    speakers = Speakers(text, lang, facts.who, facts.where)
    found: list[Claim] = []
    excluded: list[Excluded] = []
    for number, sentence in enumerate(split_sentences(text)):
        if number < _DATELINE_WITHIN and not (lang == "ar" and arabic.has_heading(sentence.text)):
            sentence = _without_dateline(sentence, facts)
        reason = _nothing_to_check(sentence, lang)
        if reason:
            excluded.append(Excluded(article.id, sentence.start, sentence.end, reason))
            continue
        for clause in _READERS[lang](sentence.text):
            for claim in _claims_of(article, lang, sentence, number, clause, facts, speakers):
                if isinstance(claim, Excluded):
                    excluded.append(claim)
                else:
                    found.append(claim)
    if len(text) < len(article.text):
        excluded.append(
            Excluded(article.id, len(text), len(article.text), "beyond what is read of one article")
        )
    return Extraction(tuple(link_denials(found, text)), tuple(excluded))


def _readable(text: str) -> int:
    """How many letters of a text are read: all, or up to the end of a line or a word before the limit."""
    if len(text) <= _MOST_LETTERS:
        return len(text)
    line = text.rfind("\n", _MOST_LETTERS // 2, _MOST_LETTERS)
    return line if line > 0 else max(text.rfind(" ", _MOST_LETTERS // 2, _MOST_LETTERS), _MOST_LETTERS // 2)


def reading_language(lang: str, text: str) -> str:
    """ "ar" or "en": which reader fits the text."""
    if lang in _READERS:
        return lang
    return "ar" if script_share(text[:5000])["arabic"] > 0.3 else "en"


def _claims_of(
    article: Article,
    lang: str,
    sentence: Sentence,
    number: int,
    clause: Clause,
    facts: _Facts,
    speakers: Speakers,
) -> list[Claim | Excluded]:
    base = sentence.start
    start, end = base + clause.start, base + clause.end
    text = article.text
    if clause.speech is None or clause.speech.passive:
        subject = clause.subject and (base + clause.subject[0], base + clause.subject[1])
        speakers.note_subject(start, end, number, subject)
    if clause.speech is None:
        reason = _no_claim(text[start:end], lang, facts, start, end)
        if reason:
            return [Excluded(article.id, start, end, reason)]
        return [_claim(article, lang, number, (start, end), (), (start, end), facts)]
    links = [_shifted(link, base) for link in clause.speech.links]
    chain = speakers.resolve(links, number)
    parts = [(base + a, base + b) for a, b in clause.speech.parts]
    if not parts:
        return [_claim(article, lang, number, (start, end), chain, None, facts)]
    claims: list[Claim | Excluded] = []
    for at, part in enumerate(parts):
        span = (start if at == 0 else part[0], max(part[1], chain[-1].end if at == 0 else 0))
        if at == len(parts) - 1 and at == 0:
            span = (start, end)
        claims.append(_claim(article, lang, number, span, chain, part, facts))
    return claims


def _claim(
    article: Article,
    lang: str,
    number: int,
    span: Span,
    chain: tuple[Attribution, ...],
    content: Span | None,
    facts: _Facts,
) -> Claim:
    start, end = span
    text = article.text[start:end]
    when, where = facts.when.inside(start, end), facts.where.inside(start, end)
    who, numbers = facts.who.inside(start, end), facts.numbers.inside(start, end)
    said = article.text[content[0] : content[1]] if content else text
    kind = kind_of(said, lang, chain, when, where, numbers)
    return Claim(
        id=facts.claim_id(start, end),
        article=article.id,
        text=text,
        start=start,
        end=end,
        sentence=number,
        lang=lang,
        kind=kind,
        standalone=None,
        attribution=chain,
        polarity=polarity_of(said, lang, kind),
        when=when,
        where=where,
        who=who,
        numbers=numbers,
        about=None,
        worth=0.0,
        reasons=(),
        content=content,
    )


def _finished(article: Article, linked: tuple[Claim, ...]) -> tuple[Claim, ...]:
    """The claims with standalone wording and worth."""
    by_id = {claim.id: claim for claim in linked}
    both = Both(linked, article.text, linked[0].lang if linked else "en")
    worded = [standalone(claim, article.text, by_id.get(claim.about or ""), both) for claim in linked]
    rated = worth_many([words or claim.text for words, claim in zip(worded, linked, strict=True)])
    return tuple(
        replace(claim, standalone=words, worth=rating.score, reasons=rating.reasons)
        for claim, words, rating in zip(linked, worded, rated, strict=True)
    )


def _shifted(link: Said, by: int) -> Said:
    source = (link.source[0] + by, link.source[1] + by) if link.source else None
    return replace(link, source=source, cue=(link.cue[0] + by, link.cue[1] + by))


def _without_dateline(sentence: Sentence, facts: _Facts) -> Sentence:
    """The sentence without "MOSCOW (Agency) -" before it."""
    match = _DATELINE.match(sentence.text)
    if not match:
        return sentence
    until = sentence.start + match.end()
    places = [w for w in facts.where.inside(sentence.start, until) if w.start <= sentence.start + 4]
    offices = [
        w
        for w in facts.who.inside(sentence.start, until)
        if w.start <= sentence.start + 4 and w.type != "person"
    ]
    if not places and not offices:
        return sentence
    return Sentence(until, sentence.end, sentence.paragraph, sentence.text[match.end() :])


def _nothing_to_check(sentence: Sentence, lang: str) -> str | None:
    """Why a whole sentence claims nothing, or None."""
    text = sentence.text
    if _CREDIT.match(text):
        return "agency credit"
    words = [word.form for word in split_words(text) if word.form[0].isalnum()]
    if len(words) < _FEWEST_WORDS:
        return "too short to claim anything"
    known = set(words)
    if any(note <= known for note in _notes(lang)):
        return "a note on the outlet's own work"
    if text.rstrip("\"”»')").endswith(("?", "؟")):
        return "a question"
    return None


@cache
def _notes(lang: str) -> tuple[frozenset[str], ...]:
    """The sets of words that together tell of the outlet's own work."""
    return tuple(frozenset(note.split("_")) for note in sorted(cues(lang)["note.together"]))


def _no_claim(text: str, lang: str, facts: _Facts, start: int, end: int) -> str | None:
    """Why a clause in the outlet's own voice claims nothing that can be checked, or None."""
    words = [word.bare for word in split_words(text) if word.form[0].isalnum()]
    if len(words) < _FEWEST_WORDS:
        return "too short to claim anything"
    facets = (facts.when, facts.who, facts.where, facts.numbers)
    anchored = any(facet.inside(start, end) for facet in facets)
    if not anchored and set(words) & cues(lang)["opinion.words"]:
        return "an opinion"
    if not anchored and text.rstrip().endswith("!"):
        return "an exclamation"
    measured = bool(set(words) & cues(lang)["quantity.verbs"])
    if not anchored and not measured and len(words) < 6:
        return "names nobody, no place, no date and no number"
    return None
