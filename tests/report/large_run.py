"""A large run made by rule: the same numbers give the same record. Own words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from sample_run import RUN, capture_of, document_of, evidence, sample_record

from claims.model import Article, Claim, Evidence, Sought, Verdict, digest
from claims.run_record import ArticleChecked, RunRecord
from claims.wording import reason

PER_ARTICLE, PER_PAGE = 20, 10
_AR = (
    "أعلنت الهيئة رقم {n} أن الميناء الشمالي استقبل {n} سفينة خلال شهر أيلول/ سبتمبر، وأن حركة الحاويات زادت "
    "بنسبة {m} في المئة مقارنة بالعام السابق."
)
_EN = (
    "Authority number {n} said that the northern port had received {n} ships in September and that container "
    "traffic had grown by {m} per cent on the year before."
)
_AROUND = (
    "وكانت الأعمال في الأرصفة الجديدة قد بدأت في الربيع، وتستمر بحسب القائمين عليها حتى نهاية العام المقبل. "
)


def large_record(claims: int = 1_000, quotes: int = 20) -> RunRecord:
    """A run of so many claims with so many quotes each, ten of them on a page."""
    first, second, *_ = sample_record().articles[0].claims
    base = evidence(first, "host_ar", "تنعقد … الأوزبكية.", "supports", 0.9)
    pages = [_page(number) for number in range(max(1, claims * quotes // PER_PAGE))]
    checked = []
    for at in range(0, claims, PER_ARTICLE):
        texts = [_AR.format(n=n, m=n % 90) for n in range(at, min(at + PER_ARTICLE, claims))]
        article = Article(
            f"a_{digest(at)}", "\n".join(texts), date(2022, 9, 14), "ar", f"article-{at}",
            f"https://sahifa.example/{at}", "صحيفة المساء", f"الموانئ في أسبوع، الحلقة {at}",
        )  # fmt: skip
        made: list[Claim] = []
        verdicts: dict[str, Verdict] = {}
        start = 0
        for n, text in enumerate(texts, at):
            claim = replace(
                second, id=f"c_{digest(n)}", article=article.id, text=text, standalone=text,
                start=start, end=start + len(text), sentence=n - at, worth=n % 100 / 100,
            )  # fmt: skip
            start += len(text) + 1
            made.append(claim)
            cited = tuple(
                _quote(base, claim, pages[(n * quotes + q) // PER_PAGE], q % PER_PAGE, q)
                for q in range(quotes)
            )
            verdicts[claim.id] = Verdict(
                claim=claim.id, verdict=("supported", "refuted", "conflicting", "not_enough_evidence")[n % 4],
                said="supported", confidence=0.8, supports=3, refutes=1, evidence=cited, unread=(),
                sought=tuple(Sought("metasearch", f"{text[:40]} {ask}", "ok", 7) for ask in range(6)),
                gaps=(reason("gap_any"),), reasons=(), engine=RUN.engine,
            )  # fmt: skip
        checked.append(ArticleChecked(article, tuple(made), (), verdicts))
    captures = {capture.id: capture for capture, _ in pages}
    documents = {document.id: document for _, document in pages}
    return RunRecord(RUN, tuple(checked), captures, documents, ())


def _page(number: int) -> tuple[Any, Any]:
    lines = []
    for at in range(PER_PAGE):
        n = number * PER_PAGE + at
        lines += [(_AR if number % 2 else _EN).format(n=n, m=n % 90), _AROUND * 2]
    capture = replace(
        capture_of("host_ar"), id=f"k_{digest('page', number)}", url=f"https://site{number % 300}.example/{number}",
        final_url=f"https://site{number % 300}.example/{number}", sha256=digest(number) * 4,
    )  # fmt: skip
    document = replace(
        document_of("host_ar"), id=f"d_{digest(number)}", capture=capture.id, text="\n".join(lines),
        title=f"نشرة الموانئ {number}", outlet=f"نشرة {number % 300}",
    )  # fmt: skip
    return capture, document


def _quote(base: Evidence, claim: Claim, page: tuple[Any, Any], line: int, at: int) -> Evidence:
    capture, document = page
    quote = document.text.split("\n")[2 * line]
    start = document.text.index(quote)
    return replace(
        base, id=f"e_{digest(claim.id, at)}", claim=claim.id, document=document.id, capture=capture.id,
        url=capture.url, outlet=document.outlet, quote=quote, start=start, end=start + len(quote),
        lang="ar" if quote.startswith("أ") else "en",
        stance=("supports", "neutral", "refutes", "neutral", "neutral")[at % 5], origin=f"وكالة {at % 7}",
        origin_chain=(str(document.outlet), f"وكالة {at % 7}", f"الناطق باسم الهيئة {at % 5}"),
        question="said" if at % 4 == 3 else "so", published=date(2022, 9, 1) + timedelta(days=at),
    )  # fmt: skip
