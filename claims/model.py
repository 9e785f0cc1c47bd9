"""The nouns: what an article claims, where evidence was sought, what it says, what follows.

Everything here is immutable and content-addressed: an id is a hash of what the thing is, so the same
input gives the same ids on every run and every machine. Offsets are Unicode code points into the text
exactly as given, end exclusive. Dates are ISO 8601 strings at the edges and `date` inside.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from claims.rulings import RULINGS as RULINGS
from claims.rulings import Ruling as Ruling

Kind = Literal[
    "event", "state", "quantity", "statement", "accusation", "denial", "pledge", "plan", "agreement"
]
Mode = Literal["says", "accuses", "denies", "pledges", "hopes", "announces", "reports"]
Polarity = Literal["affirmed", "negated"]
Stance = Literal["supports", "refutes", "neutral"]
Grain = Literal["day", "week", "month", "quarter", "year"]
SoughtOutcome = Literal["ok", "empty", "unreachable", "refused", "rate_limited", "misconfigured"]
FetchOutcome = Literal[
    "ok",
    "blocked_by_robots",
    "paywalled",
    "unreachable",
    "unsafe_address",
    "too_large",
    "unsupported_type",
    "gone",
    "error",
    "over_budget",  # not asked: a budget is used up
    "given_up",  # not asked any more: it failed too often
]


def digest(*parts: object) -> str:
    """Sixteen hex digits that depend on every part and on where one part ends and the next begins."""
    payload = json.dumps(parts, ensure_ascii=False, default=str, separators=(",", ":"))
    return hashlib.sha256(payload.encode("utf-8", "surrogatepass")).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Article:
    """A news text to be checked. `ref` is the caller's own id for it, where one was given."""

    id: str  # "a_" + digest of the text
    text: str
    published: date | None
    lang: str
    ref: str | None = None
    url: str | None = None
    outlet: str | None = None
    title: str | None = None

    @property
    def name(self) -> str:
        """What the caller calls this article."""
        return self.ref or self.id


@dataclass(frozen=True, slots=True)
class When:
    """A stretch of days named by the text: first and last day, both included."""

    text: str
    start: int
    end: int
    first: date
    last: date
    grain: Grain
    approximate: bool = False


@dataclass(frozen=True, slots=True)
class Where:
    """A place named by the text; `name` is English, `country` is ISO 3166-1 alpha-2."""

    text: str
    start: int
    end: int
    name: str
    country: str | None


@dataclass(frozen=True, slots=True)
class Who:
    """A person, organisation, country or agency named by the text; `id` is the same in every language."""

    text: str
    start: int
    end: int
    id: str
    type: Literal["person", "organisation", "country", "agency"]


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit; `approximate` where the text says about, nearly, more than."""

    text: str
    start: int
    end: int
    value: float
    unit: str | None
    approximate: bool = False


@dataclass(frozen=True, slots=True)
class Attribution:
    """One link of the chain that ends in what was said: who, by which word, in which way.

    `speaker` is the exact text where the speaker is named, which may lie in an earlier sentence;
    it is None where the text does not let us know.
    """

    speaker: str | None
    speaker_id: str | None
    cue: str
    mode: Mode
    start: int  # of the cue
    end: int


@dataclass(frozen=True, slots=True)
class Claim:
    """One checkable statement of an article.

    `attribution` runs from the outermost speaker inward and is empty where the outlet itself asserts.
    `content` is the span of what is said to be so, without who says it; for a denial that only points
    back ("which Tehran denies") it is None and `about` names the claim that is denied.
    """

    id: str  # "c_" + digest of article text and span
    article: str
    text: str
    start: int
    end: int
    sentence: int
    lang: str
    kind: Kind
    standalone: str | None
    attribution: tuple[Attribution, ...]
    polarity: Polarity
    when: tuple[When, ...]
    where: tuple[Where, ...]
    who: tuple[Who, ...]
    numbers: tuple[Quantity, ...]
    about: str | None
    worth: float
    reasons: tuple[str, ...]
    content: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Excluded:
    """A stretch of the article that holds nothing checkable, with the reason."""

    article: str
    start: int
    end: int
    reason: str


@dataclass(frozen=True, slots=True)
class Query:
    """What a connector is asked, in one language. `first` and `last` are the days it is about, if known."""

    text: str
    lang: str
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class PublishedCheck:
    """A check of some claim that somebody else published. It is shown beside a verdict and never counted.

    `claim` and `rating` are the publisher's words. `source` names what told of it: a source, or the page
    itself, whose capture then holds it. `score` is how near that claim is to ours, from 0 to 1.
    """

    url: str
    publisher: str
    claim: str
    claimant: str | None
    rating: str | None
    published: date | None
    lang: str | None
    source: str
    capture: str | None = None
    relation: Literal["same", "related"] = "related"
    score: float = 0.0


@dataclass(frozen=True, slots=True)
class Mark:
    """What a person told about a claim's pages, or of another claim that is the same: the engine goes by it.

    `about` is the address of a page, or the claim that this one was joined with. `of` is the address, or
    the name, of what a copy was copied from.
    """

    kind: Literal["interested", "copy", "add_source", "join"]
    who: str
    about: str
    of: str = ""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A page that a source named as possibly holding evidence; not fetched yet.

    Where it has a `check`, the page checks a claim itself: that is listed, and the page is no evidence.
    """

    url: str
    source: str  # the configured name of the source
    title: str | None = None
    published: date | None = None
    snippet: str | None = None
    check: PublishedCheck | None = None


@dataclass(frozen=True, slots=True)
class Sought:
    """One question put to one source, and how that went."""

    source: str
    query: str
    outcome: SoughtOutcome
    found: int
    detail: str | None = None


@dataclass(frozen=True, slots=True)
class Capture:
    """One answer of the web, archived. `warc` is relative to the workspace; `offset` is in bytes.

    `id` depends on the address, the status and the body, so an unchanged page gives the same capture,
    and `warc`, `offset` and `fetched_at` then point to where it was archived first.
    """

    id: str  # "k_" + digest of url, status, sha256
    url: str
    final_url: str
    outcome: FetchOutcome
    status: int | None
    sha256: str | None
    bytes: int
    content_type: str | None
    warc: str | None
    offset: int | None
    fetched_at: datetime
    detail: str | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """What a capture says, as text. Offsets of passages refer to `text`, which is stored as it is."""

    id: str  # "d_" + digest of capture id and text
    capture: str
    url: str
    title: str | None
    text: str
    authors: tuple[str, ...]
    outlet: str | None
    published: date | None
    modified: date | None
    lang: str | None
    canonical: str | None
    links: tuple[str, ...] = ()
    claim_reviews: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """A passage with its bearing on one question of one claim, and on whose word it rests."""

    id: str  # "e_" + digest of claim, question, document and span
    claim: str
    question: Literal["so", "said"]
    document: str
    capture: str
    url: str
    outlet: str | None
    origin: str
    origin_chain: tuple[str, ...]  # page, agency, speaker: as far as the page tells
    published: date | None
    lang: str | None
    quote: str
    start: int
    end: int
    stance: Stance
    supports: float
    refutes: float
    interested: bool
    why: tuple[str, ...]
    speaker: str | None = None  # whose word it is, where the page quotes somebody


@dataclass(frozen=True, slots=True)
class Unread:
    """A page that was named but could not be read, and why."""

    url: str
    outcome: FetchOutcome
    detail: str | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What follows for a claim: is it so, and (where somebody is quoted) was it said.

    `supports` and `refutes` count independent, disinterested origins for *is it so*.
    """

    claim: str
    verdict: Ruling
    said: Ruling | None
    confidence: float
    supports: int
    refutes: int
    evidence: tuple[Evidence, ...]
    sought: tuple[Sought, ...]
    unread: tuple[Unread, ...]
    gaps: tuple[str, ...]
    reasons: tuple[str, ...]
    engine: str
    decided_by: Literal["engine", "person"] = "engine"
    checks: tuple[PublishedCheck, ...] = ()  # by others, nearest first; they decide nothing


@dataclass(frozen=True, slots=True)
class Review:
    """A person's decision on a claim; it stands above every verdict of the engine."""

    claim: str
    verdict: Ruling
    said: Ruling | None
    reviewer: str
    reason: str
    decided_at: datetime
