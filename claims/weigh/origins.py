"""Origins: pages that go back to one text, one agency or one speaker are one witness, not many."""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from claims.language.letters import fold
from claims.language.names import find_names, names_in
from claims.model import Document

_SHINGLE = 4  # words
_COPY = 0.5  # share of the shorter text's shingles that the longer one holds too
_CREDIT_REACH = 220  # letters at either end of a page where an agency is credited
_CREDIT_MARK = re.compile(
    r"[(\[]\s*([^()\[\]]{2,40}?)\s*[)\]]|(?:المصدر|وكالات|source|via|источник|منبع)\s*[::]\s*([^\n.]{2,40})|"
    r"(?:نقلا عن|according to|по сообщению|به نقل از)\s+([^\n.,]{2,40})",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a page's words come from: a name for it, the chain from the page to there, why it was joined."""

    key: str
    chain: tuple[str, ...]
    joined_by: tuple[str, ...]


def find_origins(documents: Sequence[Document]) -> dict[str, Origin]:
    """The origin of each document, by document id. Copies and pages that credit one agency share theirs.

    Copies are found by shingles of four words (Broder 1997), compared by containment, so that a text
    printed inside a longer one still counts.
    """
    parent = {document.id: document.id for document in documents}
    reasons: dict[str, set[str]] = defaultdict(set)

    def root(one: str) -> str:
        while parent[one] != one:
            parent[one] = parent[parent[one]]
            one = parent[one]
        return one

    def join(one: str, other: str, why: str) -> None:
        reasons[one].add(why)
        reasons[other].add(why)
        parent[max(root(one), root(other))] = min(root(one), root(other))

    for one, other in _copies(documents):
        join(one, other, "copy")
    by_host: dict[str, str] = {}
    for document in documents:
        host = _host(document)
        if host in by_host:
            join(by_host[host], document.id, "same_outlet")
        by_host.setdefault(host, document.id)
    agencies = {document.id: credited_agency(document) for document in documents}
    first_with: dict[str, str] = {}
    for document in documents:
        agency = agencies[document.id]
        if agency is None:
            continue
        if agency in first_with:
            join(first_with[agency], document.id, "same_agency")
        first_with.setdefault(agency, document.id)
    members: dict[str, list[Document]] = defaultdict(list)
    for document in documents:
        members[root(document.id)].append(document)
    return {
        document.id: _origin(document, members[root(document.id)], agencies, reasons[document.id])
        for document in documents
    }


@dataclass(frozen=True, slots=True)
class Witness:
    """Whose word a group of pages gives on a claim: the speakers it quotes, or its own voice."""

    group: str  # name of the pages' origin
    speakers: frozenset[str]
    own_voice: bool


def join_speakers(witnesses: Sequence[Witness]) -> dict[str, str]:
    """The name of the origin that each group counts for, by group.

    Groups that only quote, and quote the same speaker, rest on that one word: they count as one.
    """
    parent: dict[str, str] = {}

    def root(one: str) -> str:
        while parent.setdefault(one, one) != one:
            one = parent[one]
        return one

    for witness in witnesses:
        if not witness.own_voice:
            for speaker in sorted(witness.speakers):
                # A speaker's name is the root, so that the origin is called by it.
                parent[root(f"page|{witness.group}")] = root(f"speaker|{speaker}")
    return {w.group: root(f"page|{w.group}").partition("|")[2] for w in witnesses}


def _origin(
    document: Document, members: Sequence[Document], agencies: Mapping[str, str | None], why: set[str]
) -> Origin:
    credits = sorted({agency for other in members if (agency := agencies[other.id])})
    page = document.outlet or _host(document)
    if credits:
        name = (names_in(credits[0], "en") or (credits[0].removeprefix("agency:"),))[0]
        return Origin(name, (page, name), tuple(sorted(why)))
    name = min(other.outlet or _host(other) for other in members)
    return Origin(name, (page,) if name == page else (page, name), tuple(sorted(why)))


def credited_agency(document: Document) -> str | None:
    """The agency that a page credits at its beginning or end as where its text is from, by id."""
    return _credited(document.text, document.authors)


@lru_cache(maxsize=2_000)
def _credited(text: str, authors: tuple[str, ...]) -> str | None:
    ends = text[:_CREDIT_REACH] + "\n" + text[-_CREDIT_REACH:] if len(text) > 2 * _CREDIT_REACH else text
    candidates = [*authors]
    for match in _CREDIT_MARK.finditer(ends):
        candidates.append(next(group for group in match.groups() if group))
    for candidate in candidates:
        for who in find_names(candidate).who:
            if who.type == "agency" and len(fold(candidate)) <= len(fold(who.text)) + 12:
                return who.id
    return None


def _host(document: Document) -> str:
    return re.sub(r"^\w+://(?:www\.)?([^/:?#]+).*$", r"\1", document.url)


def _copies(documents: Sequence[Document]) -> list[tuple[str, str]]:
    """Pages with the page that holds at least half of their shingles.

    Longest first, each page is compared with those that are no copies themselves, so that a hundred copies
    cost a hundred comparisons.
    """
    shingles = {document.id: _shingles(document.text) for document in documents}
    holders: dict[int, list[str]] = defaultdict(list)
    pairs: list[tuple[str, str]] = []  # model, copy
    for one in sorted(shingles, key=lambda page: (-len(shingles[page]), page)):
        shared: Counter[str] = Counter()
        for shingle in shingles[one]:
            shared.update(holders.get(shingle, ()))
        model, count = max(shared.items(), key=lambda item: (item[1], item[0]), default=("", 0))
        if count and count >= _COPY * len(shingles[one]):
            pairs.append((model, one))
            continue
        for shingle in shingles[one]:
            holders[shingle].append(one)
    return pairs


@lru_cache(maxsize=2_000)
def _shingles(text: str) -> frozenset[int]:
    words = re.findall(r"\w+", fold(text))
    return frozenset(
        int.from_bytes(hashlib.blake2b(" ".join(words[i : i + _SHINGLE]).encode(), digest_size=8).digest())
        for i in range(len(words) - _SHINGLE + 1)
    )
