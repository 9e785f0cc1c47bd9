"""One measure for each kind of set: rows in, figures out, by the same functions that the commands call."""

from __future__ import annotations

import gzip
import math
import re
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Literal

from claims import __version__
from claims.bench.closed_web import check_closed_web
from claims.bench.expected import expected_days, expected_numbers
from claims.bench.figures import average_precision, by_group, calibration_error, f1, macro_f1, share
from claims.bench.overlap import rule_by_overlap
from claims.bench.sets import Kind, LabelledSet, Row
from claims.errors import InputError
from claims.extract.claims import reading_language
from claims.extract.quotes import find_quotes
from claims.extract.worth import worth_many
from claims.language.dates import find_dates
from claims.language.numbers import find_numbers
from claims.lines import parse_published
from claims.model import Document, digest
from claims.read.page import read_page
from claims.weigh.engine import Weigher
from claims.weigh.matching import Matcher
from claims.weigh.origins import find_origins
from claims.weigh.pairs import stance_of_pair

Figures = dict[str, float]
Span = tuple[int, int]
Part = Literal["model", "checks"]
_LABELS = ("supports", "refutes", "neutral")


@dataclass(frozen=True, slots=True)
class Measured:
    """The figures of one set. `seconds` are of processor time, the loading of models included."""

    set: str
    kind: Kind
    rows: int
    figures: Figures
    seconds: float
    engine: str
    without: Part | None = None  # what was left out


def measure(data: LabelledSet, known: Sequence[Row] = (), without: Part | None = None) -> Measured:
    """The figures of a set. `known` are the claims that sets to be matched are matched with.

    `without` leaves out the model or the checks where stance is measured, to see what each is worth.
    Raises InputError where a set cannot be measured.
    """
    began = time.process_time()
    if data.kind == "stance":
        found = _stance(data.rows, without)
    elif data.kind == "match":
        found = _match(data.rows, known)
    elif data.kind == "read":
        found = _read(data)
    else:
        found = _MEASURES[data.kind](data.rows)
    spent = time.process_time() - began
    engine = f"tabayyun {__version__}"
    if data.kind in ("stance", "closed web"):
        engine = Weigher().engine
    return Measured(data.name, data.kind, len(data.rows), found, spent, engine, without)


def _stance(rows: Sequence[Row], without: Part | None) -> Figures:
    """Sets of two labels are answered with the likelier of the two, as their makers do."""
    labels = sorted({str(row["label"]) for row in rows})
    said, sure = [], []
    for row in rows:
        judged = stance_of_pair(
            str(row["claim"]),
            str(row["evidence"]),
            _date(row, "claim_date"),
            _date(row, "evidence_date"),
            without,
        )
        shares: dict[str, float] = {label: judged[label] for label in _LABELS}
        if "not_supports" in labels:
            shares = {"supports": shares["supports"], "not_supports": 1.0 - shares["supports"]}
        elif labels == ["refutes", "supports"]:
            both = (shares["supports"] + shares["refutes"]) or 1.0
            shares = {label: shares[label] / both for label in labels}
        label = max(shares, key=lambda name: shares[name])
        said.append(label)
        sure.append(shares[label])
    gold = [str(row["label"]) for row in rows]
    right = [g == s for g, s in zip(gold, said, strict=True)]
    found = {
        "accuracy": share(right),
        "macro-F1": macro_f1(gold, said),
        "calibration error": calibration_error(sure, right),
    }
    if all("category" in row for row in rows):
        found |= by_group([str(row["category"]) for row in rows], right)
    return found


def _closed_web(rows: Sequence[Row]) -> Figures:
    web = check_closed_web(rows)
    texts = {str(row["claim_id"]): str(row["claim"]) for row in rows}
    baseline = rule_by_overlap([texts[one.claim] for one in web.checked], web.documents.values())
    ruled = [(one.true, ruling == "supported") for one, ruling in zip(web.checked, baseline, strict=True)]
    return {
        "true supported": web.share(True, ["supported"]),
        "false supported": web.share(False, ["supported"]),
        "true refuted": web.share(True, ["refuted"]),
        "false refuted": web.share(False, ["refuted"]),
        "true left open": web.share(True, ["not_enough_evidence", "conflicting"]),
        "false left open": web.share(False, ["not_enough_evidence", "conflicting"]),
        "seconds a claim": sum(one.seconds for one in web.checked) / len(web.checked),
        "processor seconds a claim": sum(one.processor_seconds for one in web.checked) / len(web.checked),
        "baseline: true supported": share(supported for true, supported in ruled if true),
        "baseline: false supported": share(supported for true, supported in ruled if not true),
    }


def _origins(rows: Sequence[Row]) -> Figures:
    """Whether two pages count as one origin because one copies the other; agencies and hosts left aside."""
    joined: dict[str, list[bool]] = {}
    for row in rows:
        pages = [_bare(side, str(row[f"text_{side}"])) for side in ("a", "b")]
        origins = find_origins(pages)
        together = any("copy" in origins[page.id].joined_by for page in pages)
        joined.setdefault(str(row["silver"]), []).append(together)
    return {f"joined: {label}": share(joined[label]) for label in sorted(joined)}


def _bare(side: str, text: str) -> Document:
    url = f"https://{side}.example/"
    return Document("d_" + digest(side, text), "", url, None, text, (), None, None, None, None, None)


def _match(rows: Sequence[Row], known: Sequence[Row]) -> Figures:
    if not known:
        raise InputError("a set to be matched needs the known claims (rows with vclaim_id, vclaim) beside it")
    matcher = Matcher((row["vclaim_id"], f"{row.get('title') or ''} {row['vclaim']}") for row in known)
    precision, first = [], []
    for row in rows:
        wanted = {str(identity) for identity in row["relevant_vclaims"]}
        if not wanted:
            continue
        got = [str(match.id) in wanted for match in matcher.best(str(row["text"]), 5)]
        hits = [sum(got[: rank + 1]) / (rank + 1) for rank, hit in enumerate(got) if hit]
        precision.append(sum(hits) / min(5, len(wanted)))
        first.append(bool(got[:1] and got[0]))
    return {"MAP@5": sum(precision) / max(1, len(precision)), "hit@1": share(first)}


def _worth(rows: Sequence[Row]) -> Figures:
    scores = [rating.score for rating in worth_many([str(row["text"]) for row in rows])]
    positive = [str(row["label"]).lower() in ("1", "yes", "true") for row in rows]
    return {
        "average precision": average_precision(scores, positive),
        "macro-F1": macro_f1(positive, [score >= 0.5 for score in scores]),
    }


def _normalise(rows: Sequence[Row]) -> Figures:
    dates, numbers = [], []
    for row in rows:
        text, lang = str(row["text"]), row.get("lang")
        if wanted := expected_days(row):
            found = find_dates(text, _date(row, "reference"), lang)
            dates.append(any((when.first, when.last) in wanted for when in found))
        elif values := expected_numbers(row):
            given = [number.value for number in find_numbers(text, lang or reading_language("", text))]
            numbers.append(any(math.isclose(v, g, rel_tol=1e-9) for v in values for g in given))
    named = (("dates", dates), ("numbers", numbers))
    return {name: share(right) for name, right in named if right}


def _quotes(rows: Sequence[Row]) -> Figures:
    """A pair is right where the sources overlap and the contents share half of the longer one."""
    hits = false = missed = 0
    for row in rows:
        text = str(row["text"])
        open_ = [pair for one in row["attributions"] if (pair := _pair(one))]
        lang = row.get("lang")
        for one in find_quotes(text, lang if lang in ("ar", "en") else reading_language("", text)):
            said = _pair(one)
            if said is None:
                continue
            match = next((pair for pair in open_ if _same(said, pair)), None)
            if match is None:
                false += 1
            else:
                open_.remove(match)
                hits += 1
        missed += len(open_)
    return {
        "precision": hits / max(1, hits + false),
        "recall": hits / max(1, hits + missed),
        "F1": f1(hits, false, missed),
    }


def _pair(attribution: Row) -> tuple[Span, Span] | None:
    source, content = (_span(attribution.get(part)) for part in ("source", "content"))
    return (source, content) if source and content else None


def _span(parts: object) -> Span | None:
    """The first start and the last end of a span or a list of spans."""
    listed = [parts] if isinstance(parts, dict) else parts if isinstance(parts, list) else []
    if not listed:
        return None
    return min(int(part["start"]) for part in listed), max(int(part["end"]) for part in listed)


def _same(one: tuple[Span, Span], other: tuple[Span, Span]) -> bool:
    sources, contents = (_overlap(a, b) for a, b in zip(one, other, strict=True))
    return sources > 0 and contents >= 0.5 * max(end - start for start, end in (one[1], other[1]))


def _overlap(one: Span, other: Span) -> int:
    return max(0, min(one[1], other[1]) - max(one[0], other[0]))


def _read(data: LabelledSet) -> Figures:
    """How much of a page's text is read and how little else, in runs of four words; its title, its date."""
    texts, titles, days = [], [], []
    for row in data.rows:
        if not row.get("html_file"):
            continue
        page = read_page(_page_bytes(data, str(row["html_file"])), str(row["url"]))
        body = row.get("articleBody") or "\n".join(row.get("paragraphs") or ())
        if body:
            wanted, got = _runs(body), _runs(page.text)
            hits = sum((wanted & got).values())
            texts.append(f1(hits, got.total() - hits, wanted.total() - hits))
        if row.get("title"):
            titles.append(" ".join((page.title or "").split()) == " ".join(str(row["title"]).split()))
        if day := row.get("publishing_date") or row.get("date"):
            days.append(page.published is not None and page.published.isoformat() == str(day)[:10])
    found = {"text F1": sum(texts) / len(texts)} if texts else {}
    return found | {name: share(right) for name, right in (("title", titles), ("date", days)) if right}


def _page_bytes(data: LabelledSet, name: str) -> bytes:
    file = data.path.parent / name
    try:
        return gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
    except (OSError, EOFError) as error:
        raise InputError(f"{file}: cannot be read ({error})") from None


def _runs(text: str) -> Counter[tuple[str, ...]]:
    words = re.findall(r"\w+", text)
    return Counter(tuple(words[i : i + 4]) for i in range(max(1, len(words) - 3))) if words else Counter()


def _date(row: Row, key: str) -> date | None:
    value = row.get(key)
    with suppress(InputError):  # a set may write a year or a season; then the day is unknown
        return parse_published(str(value)[:10]) if value else None
    return None


_MEASURES: dict[Kind, Callable[[Sequence[Row]], Figures]] = {
    "closed web": _closed_web,
    "origins": _origins,
    "worth": _worth,
    "normalise": _normalise,
    "quotes": _quotes,
}
