"""A run built by hand: two articles, every kind of verdict, evidence in four languages. Own words."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from claims.language.sentences import split_sentences
from claims.model import (
    Article,
    Attribution,
    Capture,
    Claim,
    Document,
    Evidence,
    Excluded,
    Quantity,
    Sought,
    Unread,
    Verdict,
    When,
    Where,
    Who,
    digest,
)
from claims.run_record import ArticleChecked, Run, RunRecord
from claims.wording import reason

ENGINE = "tabayyun 0.1.0 rules"
RUN = Run(
    id="2022-09-17-0215",
    started_at=datetime(2022, 9, 17, 2, 15, 3, 454769, tzinfo=UTC),
    finished_at=datetime(2022, 9, 17, 2, 16, 40, tzinfo=UTC),
    engine=ENGINE,
    sources="sources.toml",
    sample=True,
)
AR_TEXT = (
    "طشقند: وصل رؤساء عشر دول إلى سمرقند للمشاركة في قمة منظمة شنغهاي للتعاون.\n"
    "وتستضيف أوزبكستان القمة في سمرقند يومي 15 و16 أيلول/ سبتمبر الجاري. "
    "ونقلت وكالة «تاس» عن مساعد الرئيس الروسي قوله إن «جدول الأعمال يضم اثني عشر لقاء ثنائيا».\n"
    "واتهمت كييف طهران بتزويد موسكو بطائرات مسيّرة، وهو ما تنفيه طهران. "
    "وقالت الوزارة إن الموانئ صدّرت نحو 9 ملايين طن من الحبوب منذ مطلع آب/ أغسطس.\n"
    "فهل تكفي القمة لتبديد الشكوك؟"
)
EN_TEXT = (
    "The port authority said on Friday that traffic through the canal had doubled within a year. "
    "It promised to publish its figures every month."
)

PAGES: dict[str, dict[str, Any]] = tomllib.loads(
    (Path(__file__).parent / "sample_pages.toml").read_text(encoding="utf-8")
)


def capture_of(name: str) -> Capture:
    page = PAGES[name]
    url = f"https://www.{page['host']}/{name}/2022"
    sha = digest(page["text"]) * 4
    return Capture(
        "k_" + digest(url, 200, sha), url, url, "ok", 200, sha, len(page["text"].encode()), "text/html",
        "archive/2022-09-17.warc.gz", 1000 + 777 * list(PAGES).index(name),
        datetime(2022, 9, 17, 2, 15, 30, tzinfo=UTC),
    )  # fmt: skip


def document_of(name: str) -> Document:
    page, capture = PAGES[name], capture_of(name)
    return Document(
        "d_" + digest(capture.id, page["text"]), capture.id, capture.url, page["title"], page["text"], (),
        page.get("outlet"), page.get("published"), None, page["lang"], None,
    )  # fmt: skip


def evidence(
    claim: Claim, page: str, words: str, stance: Any, strength: float, *chain: str, **given: Any
) -> Evidence:
    """The evidence that a page gives with the quote that begins and ends as in `words`: "first … last"."""
    document = document_of(page)
    begin, end = words.split(" … ")
    first = document.text.index(begin)
    last = document.text.index(end, first) + len(end)
    question = given.get("question", "so")
    supports, refutes = {"supports": (strength, 0.04), "refutes": (0.03, strength)}.get(stance, (0.1, 0.1))
    return Evidence(
        "e_" + digest(claim.id, question, document.id, first, last), claim.id, question, document.id,
        document.capture, document.url, document.outlet, chain[-1] if chain else PAGES[page]["host"], chain,
        document.published, document.lang, document.text[first:last], first, last, stance, supports, refutes,
        given.get("interested", False), given.get("why", (reason("says_the_same", "0.91"),)),
    )  # fmt: skip


def claim(article: Article, text: str, kind: Any, **given: Any) -> Claim:
    start = article.text.index(text)
    end = start + len(text)
    sentence = next(n for n, s in enumerate(split_sentences(article.text)) if s.start <= start < s.end)
    values: dict[str, Any] = {
        "standalone": text, "attribution": (), "polarity": "affirmed", "when": (), "where": (), "who": (),
        "numbers": (), "about": None, "worth": 0.7, "reasons": ("it names a date",),
    }  # fmt: skip
    return Claim(
        id="c_" + digest(article.text, start, end), article=article.id, text=text, start=start, end=end,
        sentence=sentence, lang=article.lang, kind=kind, **(values | given),
    )  # fmt: skip


def said_by(
    article: Article, speaker: str | None, cue: str, mode: Any, speaker_id: str | None = None
) -> Attribution:
    at = article.text.index(cue)
    return Attribution(speaker, speaker_id, cue, mode, at, at + len(cue))


def verdict(
    of: Claim, ruling: Any, said: Any, counts: tuple[int, int], *items: Evidence, **given: Any
) -> Verdict:
    sought = (
        Sought("metasearch", of.text[:60], "ok", 7),
        Sought("metasearch", "summit Samarkand September 2022", "empty", 0),
        Sought("encyclopedia", of.text[:60], "unreachable", 0, "connection refused"),
    )
    values: dict[str, Any] = {
        "confidence": 0.82, "sought": sought, "unread": (), "gaps": (), "reasons": (), "engine": ENGINE,
    }  # fmt: skip
    return Verdict(
        claim=of.id, verdict=ruling, said=said, supports=counts[0], refutes=counts[1], evidence=items,
        **(values | given),
    )  # fmt: skip


def sample_record() -> RunRecord:
    """The run; every call gives the same."""
    ar = Article(
        "a_" + digest(AR_TEXT), AR_TEXT, date(2022, 9, 14), "ar", "sample-ar", "https://sahifa.example/qimma",
        "صحيفة المساء", "رؤساء عشر دول في سمرقند",
    )  # fmt: skip
    en = Article("a_" + digest(EN_TEXT), EN_TEXT, date(2022, 9, 16), "en", "sample-en")
    summit = claim(
        ar, "تستضيف أوزبكستان القمة في سمرقند يومي 15 و16 أيلول/ سبتمبر الجاري", "event", worth=0.9,
        standalone="تستضيف أوزبكستان قمة منظمة شنغهاي للتعاون في سمرقند يومي 15 و16 أيلول/ سبتمبر 2022",
        when=(When("يومي 15 و16 أيلول/ سبتمبر الجاري", 0, 1, date(2022, 9, 15), date(2022, 9, 16), "day"),),
        where=(Where("سمرقند", 0, 1, "Samarkand", "UZ"),), who=(Who("أوزبكستان", 0, 1, "UZ", "country"),),
    )  # fmt: skip
    meetings = claim(
        ar, "جدول الأعمال يضم اثني عشر لقاء ثنائيا", "statement",
        attribution=(
            said_by(ar, "وكالة «تاس»", "نقلت", "reports"),
            said_by(ar, "مساعد الرئيس الروسي", "قوله", "says"),
        ),
        numbers=(Quantity("اثني عشر لقاء", 0, 1, 12, "meeting"),),
    )  # fmt: skip
    drones = claim(
        ar, "اتهمت كييف طهران بتزويد موسكو بطائرات مسيّرة", "accusation", worth=0.95,
        attribution=(said_by(ar, "كييف", "اتهمت", "accuses", "UA"),),
    )  # fmt: skip
    denial = claim(
        ar, "وهو ما تنفيه طهران", "denial", standalone=None, polarity="negated", about=drones.id,
        attribution=(said_by(ar, "طهران", "تنفيه", "denies", "IR"),),
    )  # fmt: skip
    grain = claim(
        ar, "وقالت الوزارة إن الموانئ صدّرت نحو 9 ملايين طن من الحبوب منذ مطلع آب/ أغسطس", "quantity",
        attribution=(said_by(ar, None, "قالت", "says"),),
        numbers=(Quantity("نحو 9 ملايين طن", 0, 1, 9_000_000, "tonne", True),),
        when=(When("مطلع آب/ أغسطس", 0, 1, date(2022, 8, 1), date(2022, 8, 31), "month", True),),
    )  # fmt: skip
    ports = claim(ar, "صدّرت نحو 9 ملايين طن من الحبوب", "quantity", worth=0.2)
    canal = claim(en, "traffic through the canal had doubled within a year", "quantity",
        attribution=(said_by(en, "The port authority", "said", "says"),))  # fmt: skip
    promise = claim(en, "It promised to publish its figures every month", "pledge", worth=0.3)

    wire = ("Uzbekistan will … 16 September", "supports", 0.94)
    days = reason("dates_agree", "2022-09-15/2022-09-16")
    joined = (days, reason("joined_same_agency"))
    ministry, tehran = "Ukraine's defence ministry", "وزارت خارجهٔ ایران"
    centre, experts = "مركز التنسيق المشترك", "خبراء مستقلون"
    found, tested = "Ukraine's … Kupiansk.", "Our engineers … built in Iran."
    accused = [
        evidence(
            drones, "kyiv", found, "supports", 0.88, "Dnipro Post", ministry,
            interested=True, why=(reason("says_the_same", "0.93"), reason("interested", ministry)),
        ),
        evidence(drones, "lab", tested, "supports", 0.83, "Arms Laboratory"),
        evidence(drones, "doubt", "راجع خبراء … قبل أيلول.", "refutes", 0.79, "ميزان", experts),
        evidence(
            drones, "fa", "سخنگوی … نگذاشته است.", "refutes", 0.91, "روزنامهٔ بامداد", tehran,
            interested=True, why=(reason("denied_here"), reason("interested", tehran)),
        ),
        evidence(drones, "kyiv", found, "supports", 0.9, "Dnipro Post", ministry, question="said"),
    ]  # fmt: skip
    unread = (
        Unread("https://closed.example/a", "paywalled"),
        Unread("https://slow.example/b?x=1&y=2", "unreachable", "no answer in 15 s"),
        Unread("https://robots.example/c", "blocked_by_robots"),
    )
    verdicts = [
        verdict(
            summit, "supported", None, (3, 0),
            evidence(
                summit, "host_ar", "تنعقد … الأوزبكية.", "supports", 0.97, "أخبار اليوم",
                "الرئاسة الأوزبكية", why=(days,),
            ),
            evidence(summit, "wire_en", *wire, "The Herald", "Interwire", why=joined),
            evidence(summit, "wire_copy", *wire, "Courier", "Interwire", why=joined),
            evidence(summit, "wire_third", *wire, "The Gazette", "Interwire", why=joined),
            evidence(summit, "ru", "Саммит … сентября.", "supports", 0.93, "Вести Севера", why=(days,)),
            evidence(summit, "wire_en", "Roads … off.", "neutral", 0.1, "The Herald", why=(reason("far"),)),
            reasons=(reason("origins_support", "3"), reason("origins_refute", "0")),
        ),
        verdict(
            meetings, "not_enough_evidence", "supported", (0, 0),
            evidence(
                meetings, "ru", "Саммит … встреч.", "supports", 0.7, "Вести Севера", "помощник президента",
                question="said", why=(reason("said_here", "помощник президента"),),
            ),
            gaps=(reason("gap_any"), "جدول أعمال القمة كما نشره منظموها", reason("gap_unread", "1")),
            confidence=0.41, unread=unread[:1],
        ),
        verdict(
            drones, "conflicting", "supported", (1, 1), *accused, unread=unread, confidence=0.66,
            gaps=(reason("gap_disputed"), reason("gap_unread", "3")),
            reasons=(reason("parties_assert", ministry), reason("parties_deny", tehran)),
        ),
        verdict(
            denial, "conflicting", "supported", (1, 1),
            evidence(denial, "doubt", "راجع خبراء … لا تكفي.", "supports", 0.79, "ميزان", experts),
            evidence(denial, "lab", tested, "refutes", 0.8, "Arms Laboratory"),
            evidence(
                denial, "fa", "سخنگوی … بی‌اساس خواند.", "supports", 0.97,
                "روزنامهٔ بامداد", tehran, question="said",
            ),
            confidence=0.61,
        ),
        verdict(
            grain, "refuted", "not_enough_evidence", (0, 1),
            evidence(
                grain, "grain", "بلغ ما … المشترك.", "refutes", 0.92, "نشرة الحبوب", centre,
                why=(reason("figures_differ", "9 ملايين طن", "2.4 مليون طن"),),
            ),
            evidence(grain, "grain_en", "Since … centre said.", "refutes", 0.9, "centre.example", centre),
            confidence=0.77,
        ),
        verdict(ports, "not_enough_evidence", None, (0, 0), confidence=0.0, gaps=(reason("gap_any"),)),
    ]  # fmt: skip
    settled = verdict(canal, "supported", "refuted", (1, 0), decided_by="person", confidence=1.0)
    captures = {capture_of(name).id: capture_of(name) for name in PAGES}
    documents = {document_of(name).id: document_of(name) for name in PAGES}
    question = "فهل تكفي القمة لتبديد الشكوك؟"
    excluded = (Excluded(ar.id, AR_TEXT.index(question), len(AR_TEXT), "a question asserts nothing"),)
    return RunRecord(
        RUN,
        (
            ArticleChecked(
                ar, (summit, meetings, drones, denial, grain, ports), excluded, {v.claim: v for v in verdicts}
            ),
            ArticleChecked(en, (canal, promise), (), {canal.id: settled}),
        ),
        captures,
        documents,
        ("https://akhbar.example/broken: the page could not be read as text",),
    )  # fmt: skip


def single_article() -> RunRecord:
    """The same run with its Arabic article alone."""
    record = sample_record()
    return replace(record, articles=record.articles[:1])
