"""Pages are read to their text, and to what they say of themselves."""

from __future__ import annotations

import json
import re
import time
from collections import Counter
from datetime import UTC, date, datetime

import pytest
from arabic_pages import FLOOD, SAMPLES, TRADE, Sample
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from claims.model import Capture
from claims.read.page import Page, document_of, read_page

URL = "https://www.almina.example/news/12"


CAPTURE = Capture("k_1", URL, URL, "ok", 200, "0", 1, "text/html", "w", 0, datetime(2024, 10, 12, tzinfo=UTC))
LONG = tuple(f"{number}. {text}" for number in range(4) for text in (*FLOOD, *TRADE))


def read(head: str = "", body: str = "", url: str = URL, lang: str = "ar") -> Page:
    markup = f'<html lang="{lang}"><head>{head}</head><body>{body}</body></html>'
    return read_page(markup.encode(), url, "text/html; charset=utf-8")


def article(texts: tuple[str, ...] = FLOOD) -> str:
    return "<article>" + "".join(f"<p>{text}</p>" for text in texts) + "</article>"


def ld(**node: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(node)}</script>'


def similarity(wanted: str, got: str) -> float:
    """F1 over rows of four words."""

    def rows(text: str) -> Counter[tuple[str, ...]]:
        words = re.findall(r"\w+", text)
        return Counter(tuple(words[at : at + 4]) for at in range(max(1, len(words) - 3)))

    shared = sum((rows(wanted) & rows(got)).values())
    return 2 * shared / (sum(rows(wanted).values()) + sum(rows(got).values()))


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_arabic_pages_are_read_right(sample: Sample) -> None:
    dated = sample.name == "captions_and_newsletter"  # only its address tells the day
    url = "https://www.almina.example/2024/10/09/flood" if dated else URL
    page = read_page(sample.body, url, sample.content_type)
    assert similarity(sample.text, page.text) >= 0.97
    assert (page.title, str(page.published), page.lang) == (sample.title, sample.published, "ar")
    assert page.authors == sample.authors
    assert page.problem is None


def test_text_is_clean_paragraphs() -> None:
    page = read(body=article())
    assert page.text.split("\n") == list(FLOOD)


@pytest.mark.parametrize(
    ("head", "published", "modified"),
    [
        ('<meta property="article:modified_time" content="2024-10-20">', None, "2024-10-20"),
        (ld(**{"@type": "NewsArticle", "dateModified": "2024-10-20"}), None, "2024-10-20"),
        (ld(**{"@type": ["Article"], "datePublished": "20241009T101500Z"}), "2024-10-09", None),
        (ld(**{"@type": "NewsArticle", "datePublished": 1728468000}), "2024-10-09", None),
        ('<meta name="DC.date.issued" content="09.10.2024">', "2024-10-09", None),
        ('<meta property="article:published_time" content="2024-13-45">', None, None),
        ('<meta property="article:published_time" content="0001-01-01T00:00:00">', None, None),
    ],
)
def test_change_is_never_taken_for_publication(
    head: str, published: str | None, modified: str | None
) -> None:
    page = read(head, article())
    assert (page.published and str(page.published), page.modified and str(page.modified)) == (
        published,
        modified,
    )


@pytest.mark.parametrize(
    ("body", "day"),
    [
        ('<time datetime="2024-10-09T08:00">x</time>', date(2024, 10, 9)),
        ('<time class="updated" datetime="2024-10-20">x</time>', None),
        ('<div class="post-date">الأربعاء 9 أكتوبر/تشرين الأول 2024</div>', date(2024, 10, 9)),
        ('<span class="date">October 9, 2024</span>', date(2024, 10, 9)),
        ('<span class="date">آخر تحديث: 9 أكتوبر 2024</span>', None),
    ],
)
def test_dates_for_readers(body: str, day: date | None) -> None:
    assert read(body=body + article()).published == day


def test_wiki_page_shows_only_when_it_was_changed() -> None:
    body = '<div id="mw-revision-date">09:15، 9 أكتوبر 2024</div>' + article()
    assert read('<meta name="generator" content="MediaWiki 1.39.1">', body).published is None


def test_title_is_the_one_most_of_the_page_agrees_on() -> None:
    head = (
        '<title>سيول في الساحل | صحيفة الميناء</title><meta property="og:title" content="شاهد ما حدث الليلة">'
    )
    page = read(
        head + '<meta property="og:site_name" content="صحيفة الميناء">', "<h1>سيول في الساحل</h1>" + article()
    )
    assert (page.title, page.outlet) == ("سيول في الساحل", "صحيفة الميناء")
    assert page.text.split("\n")[0] == FLOOD[0]


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("Flood on the coast - Almina", "Flood on the coast"),
        ("Almina: news | Flood on the coast tonight", "Flood on the coast tonight"),
        ("Coast - city - flood", "Coast - city - flood"),
        ("&quot;Flood&quot; on   the\ncoast", '"Flood" on the coast'),
    ],
)
def test_outlet_is_taken_off_the_title(title: str, shown: str) -> None:
    assert read(f"<title>{title}</title>", article(), lang="en").title == shown


def test_authors_and_outlet() -> None:
    people = [{"name": "Mona Saleh and Omar Aziz"}, {"name": "https://x.example/omar"}, "Omar Aziz"]
    page = read(
        ld(**{"@type": "NewsArticle", "author": people, "publisher": {"name": "Coast Daily"}}), article()
    )
    assert (page.authors, page.outlet) == (("Mona Saleh", "Omar Aziz"), "Coast Daily")
    assert read(body=article()).outlet == "almina.example"


def test_canonical_and_links_are_absolute_and_safe() -> None:
    body = '<a href="/a#x">1</a><a href="javascript:x()">2</a><a href="http://[bad">3</a><a href="https://b.example/c">4</a>'
    page = read(
        '<base href="https://evil.example/"><link rel="canonical" href="/news/12?id=1">', body + article()
    )
    assert page.canonical == "https://www.almina.example/news/12?id=1"
    assert page.links == ("https://www.almina.example/a", "https://b.example/c")


def test_claim_reviews_are_kept() -> None:
    review = {"@type": "ClaimReview", "claimReviewed": "x", "reviewRating": {"alternateName": "False"}}
    page = read(ld(**{"@graph": [review, {"@type": "ClaimReview"}]}) + ld(**review), article())
    assert page.claim_reviews == (review,)


def test_claim_reviews_in_microdata_have_the_same_shape() -> None:
    body = """<div itemscope itemtype="https://schema.org/ClaimReview"><p itemprop="claimReviewed">The bridge fell</p>
    <div itemprop="reviewRating" itemscope itemtype="http://schema.org/Rating"><meta itemprop="ratingValue" content="1">
    <span itemprop="alternateName">False</span></div><a itemprop="url" href="/check/1">x</a></div>"""
    rating = {"@type": "Rating", "ratingValue": "1", "alternateName": "False"}
    assert read(body=body + article()).claim_reviews == (
        {
            "@type": "ClaimReview",
            "claimReviewed": "The bridge fell",
            "reviewRating": rating,
            "url": "/check/1",
        },
    )


NODE = '{"@type":"NewsArticle","headline":"H of the page","datePublished":"2024-10-09"}'


@pytest.mark.parametrize(
    "block",
    [
        NODE.replace("}", ",}"),
        f"<!-- {NODE} -->",
        f"//<![CDATA[\n[{NODE}]\n//]]>",
        NODE.replace("H of ", "H of\n") + ";",
        NODE.replace(',"datePublished', '\n"datePublished'),
        '{"@context":"x"}' + NODE.replace("NewsArticle", "http://schema.org/NewsArticle"),
    ],
)
def test_broken_json_ld_is_read(block: str) -> None:
    page = read(f'<script type="application/ld+json">{block}</script>', article())
    assert (page.title, page.published) == ("H of the page", date(2024, 10, 9))


@pytest.mark.parametrize(
    ("text", "declared", "lang"),
    [
        (FLOOD[0], "en", "ar"),
        (FLOOD[0], None, "ar"),
        (
            "رئیس‌جمهور گفت که نشست سران در شهر کازان برگزار می‌شود و گفتگوها ادامه خواهد یافت.",
            "ar",
            "fa",
        ),
        (
            "Президент заявил, что саммит пройдёт в Казани, и пригласил коллегу приехать в конце месяца.",
            "en",
            "ru",
        ),
        ("Le président a déclaré que le sommet aurait lieu à Kazan. " * 8, "en", "fr"),
        (
            "The president said that the summit would be held in Kazan in the last week of October.",
            None,
            "en",
        ),
        ("O presidente disse que a cimeira terá lugar em Kazan no final do mês.", "pt-BR", "pt"),
    ],
)
def test_language_is_what_the_letters_bear_out(text: str, declared: str | None, lang: str) -> None:
    page = read_page(f"<html lang='{declared or ''}'><body><p>{text}</p>".encode(), URL, "text/html")
    assert page.lang == lang


@pytest.mark.parametrize(
    ("head", "body", "problem"),
    [
        ("<title>404 Not Found</title>", "<h1>Page not found</h1><p>Try the home page.</p>", "gone"),
        ("<title>الميناء</title>", "<h1>عذرا، الصفحة غير موجودة</h1>", "gone"),
        (
            "",
            "<h1>Talks end</h1><p>The talks ended on Friday.</p><div>Subscribe to continue reading</div>",
            "paywalled",
        ),
        (
            ld(**{"@type": "NewsArticle", "isAccessibleForFree": "False"}),
            "<p>The talks ended on Friday.</p>",
            "paywalled",
        ),
        ("", "<p>Before you continue, accept cookies.</p>", "paywalled"),
        ("", "<p>Talks ended.</p><div class='paywall-box'><b>Abonnez-vous</b></div>", "paywalled"),
        ("", "<p>انتهت المحادثات.</p><div id='regwall'>اشترك الآن وواصل القراءة</div>", "paywalled"),
        ("", "<p>Die Gespräche endeten.</p><div class='abo-wall'>Jetzt testen</div>", "paywalled"),
        (
            ld(**{"@type": "NewsArticle", "hasPart": {"isAccessibleForFree": False, "cssSelector": ".rest"}}),
            "<p>The talks ended on Friday.</p><div class='rest'></div>",
            "paywalled",
        ),
        (
            ld(**{"@type": "NewsArticle", "hasPart": {"isAccessibleForFree": False, "cssSelector": ".rest"}}),
            f"<div class='x rest'>{article()}</div>",
            None,
        ),
        (
            "",
            "<div id='onetrust-banner-sdk'>We use cookies. <button>Accept all</button><button>Reject all</button></div>",
            "paywalled",
        ),
        ("", article() + "<div id='onetrust-banner-sdk'>We use cookies. Accept all. Reject all.</div>", None),
        ("", article() + "<footer>Subscribe now to our newsletter</footer>", None),
        ("<title>Highway 404 not found safe</title>", article(LONG), None),
        ("", article(LONG) + "<div>Already a subscriber?</div>", None),
    ],
)
def test_walls_and_missing_pages_are_called_so(head: str, body: str, problem: str | None) -> None:
    assert read(head, body).problem == problem


def test_plain_text_keeps_its_lines() -> None:
    page = read_page(b"First  line\r\n\r\n  <b>second</b>\x00 line  \n", URL, "text/plain")
    assert (page.text, page.title) == ("First line\n<b>second</b> line", None)
    assert read_page("سطر أول\nسطر ثان".encode(), URL, None).text == "سطر أول\nسطر ثان"


def test_persian_words_keep_the_sign_that_parts_them() -> None:
    text = "رئیس‌جمهور گفت که مذاکرات هسته‌ای ادامه می‌یابد و نتیجه آن در نشست هفته آینده اعلام خواهد شد."
    assert (
        read(body=article((text, text.replace("رئیس‌جمهور", "سخنگو"))), lang="fa").text.split("\n")[0] == text
    )


LEDE = "أمطار غزيرة تغمر أحياء الساحل وفرق الإنقاذ تجلي مئات الأسر من بيوتها ليلا"


@pytest.mark.parametrize("place", ["<p class='lead'>{}</p>{}", "<header><h2>{}</h2></header>{}"])
def test_what_the_page_calls_a_summary_is_kept_apart(place: str) -> None:
    node = ld(**{"@type": "NewsArticle", "description": LEDE})
    page = read(node, place.format(LEDE, article()))
    assert (page.summary, page.text) == (LEDE, "\n".join(FLOOD))
    assert page.full_text == "\n".join((LEDE, *FLOOD))
    assert document_of(CAPTURE, page).text == page.full_text


def test_any_other_summary_is_the_first_paragraph() -> None:
    page = read(f'<meta name="description" content="{LEDE}">', f"<div><h3>{LEDE}</h3></div>{article()}")
    assert (page.summary, page.text) == (None, "\n".join((LEDE, *FLOOD)))


def test_soft_hyphens_stand_where_the_page_has_them() -> None:
    texts = (
        "Neben Kon\u00adflikten trägt auch der Klima\u00adwandel dazu bei, dass die Zahlen wieder steigen.",
    )
    assert read(body=article(texts + FLOOD), lang="de").text.split("\n")[0] == texts[0]


def test_document_belongs_to_its_capture() -> None:
    body = f"<html><body>{article()}".encode()
    document = document_of(CAPTURE, read_page(body, URL, "text/html"))
    assert (document.capture, document.url, document.text) == ("k_1", URL, "\n".join(FLOOD))
    assert document == document_of(CAPTURE, read_page(body, URL, "text/html"))
    changed = read_page(body.replace("أحد عشر".encode(), b"11"), URL, "text/html")
    assert document.id != document_of(CAPTURE, changed).id


HOSTILE = {
    "deep": b"<div>" * 300_000,
    "deep_blocks": (b"<div class=x>" * 200 + b"text" + b"</div>" * 200) * 200,
    "flat": b"<p>word one two three four" * 60_000,
    "tables": b"<table><tr><td>" * 100_000,
    "entities": b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]><p>' + b"&b;" * 200_000,
    "title": b"<title>" + b"a - " * 200_000 + b"</title><p>x",
    "json": b'<script type="application/ld+json">' + b"[" * 200_000 + b"</script><p>x",
    "dates": b'<div class="date meta">10 October</div>' * 10_000,
    "angles": b"<" * 2_000_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_pages_take_bounded_time(name: str) -> None:
    begun = time.process_time()
    page = read_page(HOSTILE[name], URL, "text/html")
    assert time.process_time() - begun < 5
    assert len(page.text) <= 1_000_000


def test_entities_are_not_expanded() -> None:
    page = read_page(HOSTILE["entities"], URL, "text/html")
    assert "aaaa" not in page.text


SCRAPS = """<p>|</p>|<div class='date'>|<h1>|</h1>|<script type='application/ld+json'>|</script>|<table><td>|
{"@type":"Article","headline":|"x"|}|<title>|<time datetime='2024-|<meta property='og:title' content='|'>|
قمة قازان |9 أكتوبر 2024 |&#x0;|&amp;lt;|\x00|<!--|-->|<![CDATA[|<a href='//|<svg><p>|<html lang='ar"""
scraps = st.sampled_from(SCRAPS.split("|"))


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(scraps, max_size=40).map(lambda parts: "".join(parts).encode()) | st.binary(max_size=400),
    st.sampled_from(["text/html", "text/plain", "image/png", None]),
    st.sampled_from([URL, "file:///tmp/x.html", "", "http://[", "x"]),
)
def test_any_bytes_give_the_same_page_twice(body: bytes, content_type: str | None, url: str) -> None:
    page = read_page(body, url, content_type)
    assert page == read_page(body, url, content_type)
    assert not set(page.text) & set("\x00\r\x1b")
    assert page.text == "\n".join(line.strip() for line in page.text.split("\n") if line.strip())
