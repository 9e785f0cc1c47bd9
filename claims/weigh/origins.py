"""Origins: pages that go back to one text, one agency or one speaker are one witness, not many."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from claims.gather.wayback import original_address
from claims.language.names import names_in
from claims.language.shingles import longest_run, shared_shingles, shingles
from claims.model import Document, Mark
from claims.weigh.credits import credited_agency
from claims.weigh.rewrites import rewritten

# Share of the shorter text's shingles that the longer one holds too. Around one and the same agency story
# sites print so much of their own that a third is common; unrelated pages share next to nothing (below .04
# on Arabic news).
_COPY = 0.33
# A smaller share will do where words stand alike in one run that two reporters would hardly both write.
_PARTIAL, _RUN = 0.1, 20
_LINKED = 0.1  # the same, of a page that links to the other
_SCHEME = re.compile(r"^\w+://(?:www\.)?")


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a page's words come from: a name for it, the chain from the page to there, why it was joined."""

    key: str
    chain: tuple[str, ...]
    joined_by: tuple[str, ...]


def find_origins(documents: Sequence[Document], marks: Sequence[Mark] = ()) -> dict[str, Origin]:
    """The origin of each document, by document id.

    Pages share one where one copies the other, puts it into another language, or links to it and uses its
    words; where both are of one outlet; where both credit one agency; and where a person marked one as a
    copy of the other, or both as copies of the same. Joining only ever lowers counts.

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
    for one, other in rewritten(sorted(documents, key=lambda document: document.id)):
        join(one, other, "rewrite")
    for one, other in _linked(documents):
        join(one, other, "link")
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
    named: dict[str, str] = {}
    for one, other, name in _marked(documents, agencies, marks):
        join(one, other, "marked_copy")
        named[one] = name
    members: dict[str, list[Document]] = defaultdict(list)
    for document in documents:
        members[root(document.id)].append(document)
    return {
        document.id: _origin(document, members[root(document.id)], agencies, reasons[document.id], named)
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
    document: Document,
    members: Sequence[Document],
    agencies: Mapping[str, str | None],
    why: set[str],
    named: Mapping[str, str],
) -> Origin:
    credits = sorted({agency for other in members if (agency := agencies[other.id])})
    page = document.outlet or _host(document)
    told = sorted({name for other in members if (name := named.get(other.id))})
    if told:
        return Origin(told[0], (page, told[0]), tuple(sorted(why)))
    if credits:
        name = (names_in(credits[0], "en") or (credits[0].removeprefix("agency:"),))[0]
        return Origin(name, (page, name), tuple(sorted(why)))
    name = min(other.outlet or _host(other) for other in members)
    return Origin(name, (page,) if name == page else (page, name), tuple(sorted(why)))


def _marked(
    documents: Sequence[Document], agencies: Mapping[str, str | None], marks: Sequence[Mark]
) -> list[tuple[str, str, str]]:
    """Pages with the page that a person called their model, and what the model was called if not by address.

    It is called by its address, its outlet, or the agency that it credits. Where no page is it, the first of
    its copies stands for it.
    """
    if not any(mark.kind == "copy" for mark in marks):
        return []
    known = {_called(document.outlet or _host(document)): document.id for document in documents}
    for document in documents:
        agency = agencies[document.id] or ""
        names = (*names_in(agency, "ar"), *names_in(agency, "en"))
        known |= dict.fromkeys(map(_called, names), document.id)
    known |= {address_of(document.url): document.id for document in documents}
    found = []
    copies = (mark for mark in marks if mark.kind == "copy")
    for mark in sorted(copies, key=lambda mark: (mark.of, mark.about)):
        copy = known.get(address_of(mark.about))
        if copy is not None:
            is_address = bool(_SCHEME.match(mark.of))
            model = known.setdefault(address_of(mark.of) if is_address else _called(mark.of), copy)
            found.append((copy, model, "" if is_address else mark.of))
    return found


def _called(name: str) -> str:
    return " ".join(name.casefold().split())


def is_of_source(mark: Mark, document: Document) -> bool:
    """Whether the page is one of the source of which a person marked a page."""
    return host_of(mark.about) == _host(document)


def _host(document: Document) -> str:
    return host_of(document.url)


def host_of(url: str) -> str:
    """The site of an address, of an archived copy the site that it is a copy of."""
    return re.sub(r"^\w+://(?:www\.)?([^/:?#]+).*$", r"\1", original_address(url))


def _linked(documents: Sequence[Document]) -> list[tuple[str, str]]:
    """Pages with a page of another outlet to which they link and of whose words they hold some.

    A link alone may only recommend; so may words in common come from a third page.
    """
    by_address = {address_of(document.url): document for document in documents}
    return [
        (document.id, model.id)
        for document in documents
        for link in document.links
        if (model := by_address.get(address_of(link)))
        and _host(model) != _host(document)
        and _held(document, model) >= _LINKED
    ]


def _held(one: Document, other: Document) -> float:
    """The share of the shorter text's shingles that the longer one holds."""
    mine, theirs = shingles(one.text), shingles(other.text)
    return len(mine & theirs) / (min(len(mine), len(theirs)) or 1)


def address_of(url: str) -> str:
    """An address without what may differ between two links to one page."""
    return _SCHEME.sub("", original_address(url).partition("#")[0]).rstrip("/").lower()


def _copies(documents: Sequence[Document]) -> list[tuple[str, str]]:
    """Pages with the page that holds so many of their shingles, or so long a run, that they are copies.

    Longest first, each page is compared with those that are no copies themselves.
    """
    held = [shingles(document.text) for document in documents]
    counts = shared_shingles([document.text for document in documents])
    models: list[int] = []
    pairs: list[tuple[str, str]] = []  # model, copy
    for at in sorted(range(len(documents)), key=lambda one: (-len(held[one]), documents[one].id)):
        model = max(models, key=lambda one: (counts[at, one], documents[one].id), default=at)
        count = int(counts[at, model])
        copied = count >= _COPY * len(held[at]) or (
            count >= _PARTIAL * len(held[at]) and longest_run(documents[at].text, held[model]) >= _RUN
        )
        if count and copied:
            pairs.append((documents[model].id, documents[at].id))
        else:
            models.append(at)
    return pairs
