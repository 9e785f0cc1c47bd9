"""Queries are short, in the right languages, and name what the claim is about."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.gather.queries import queries_for
from claims.gather.vocabulary import content_words
from claims.language.dates import find_dates
from claims.language.names import find_names
from claims.model import Article, Attribution, Claim, Query

PUBLISHED = date(2024, 10, 12)


def claim_of(text: str, lang: str = "ar", speaker: str | None = None, standalone: str | None = None) -> Claim:
    names = find_names(text, lang)
    said = (Attribution(speaker, speaker, "قال", "says", 0, 3),) if speaker else ()
    return Claim(
        id="c_1",
        article="a_1",
        text=text,
        start=0,
        end=len(text),
        sentence=0,
        lang=lang,
        kind="event",
        standalone=standalone,
        attribution=said,
        polarity="affirmed",
        when=tuple(find_dates(text, PUBLISHED, lang)),
        where=names.where,
        who=names.who,
        numbers=(),
        about=None,
        worth=0.5,
        reasons=(),
    )


def queries(text: str, lang: str = "ar", limit: int = 6, speaker: str | None = None) -> list[Query]:
    return queries_for(claim_of(text, lang, speaker), Article("a_1", text, PUBLISHED, lang), limit)


def words(found: list[Query], lang: str) -> set[str]:
    return {word for query in found if query.lang == lang for word in query.text.split()}


def test_summit_is_sought_in_the_languages_of_those_involved() -> None:
    found = queries(
        "تستضيف روسيا قمة دول البريكس في قازان، في الفترة من 22 إلى 24 أكتوبر/ تشرين الأول الجاري."
    )
    assert {query.lang for query in found} == {"ar", "en", "ru"}
    assert {"قازان", "قمة", "أكتوبر", "2024"} <= words(found, "ar")
    assert {"Kazan", "BRICS", "Russia", "summit", "October", "2024"} <= words(found, "en")
    assert {"Казань", "БРИКС", "саммит"} <= words(found, "ru")


def test_accusation_is_sought_in_persian_and_russian_too() -> None:
    found = queries("واتهمت الولايات المتحدة إيران بتزويد روسيا بصواريخ باليستية لاستخدامها في حرب أوكرانيا")
    assert {"ar", "en", "fa", "ru"} <= {query.lang for query in found}
    assert {"Iran", "missiles", "ballistic"} <= words(found, "en")
    assert {"ایران", "موشک"} <= words(found, "fa")
    assert {"Иран", "ракеты"} <= words(found, "ru")


def test_english_claim_is_sought_in_arabic() -> None:
    found = queries("Syria denied on Friday that it had received missiles from Iran", "en")
    assert found[0].lang == "en"
    assert {"سوريا", "صواريخ"} <= words(found, "ar")


def test_speaker_is_sought_with_what_was_said() -> None:
    found = queries("قال إن العلاقات الاقتصادية مع إيران تتطور", speaker="person:putin")
    assert any("بوتين" in query.text and "إيران" in query.text for query in found if query.lang == "ar")
    agency = queries("قال إن العلاقات الاقتصادية مع إيران تتطور", speaker="agency:tass")
    assert "تاس" not in words(agency, "ar")


def test_known_words_are_found_behind_what_arabic_writes_in_front_of_them() -> None:
    shown = {
        word.text: word.in_language("en") for word in content_words("وبصواريخ، للمحادثات وتنفي القِمّة", "ar")
    }
    assert shown == {"صواريخ": "missiles", "محادثات": "talks", "تنفي": "denies", "قمة": "summit"}


def test_names_that_a_claim_leaves_to_its_article_are_taken_from_there() -> None:
    text = "وأعلن البلدان أنهما على وشك توقيع اتفاقية شراكة استراتيجية."
    article = Article(
        "a_1",
        f"التقى بوتين نظيره في موسكو.\nوتقول روسيا وإيران إن العلاقات تنمو.\n{text}\nوزارت إيران وفود من روسيا.",
        PUBLISHED,
        "ar",
    )
    found = queries_for(claim_of(text), article, 6)
    assert {"روسيا", "إيران", "توقيع"} <= words(found, "ar")
    assert {"Russia", "Iran", "signing"} <= words(found, "en")
    assert {"ru", "fa"} <= {query.lang for query in found}
    assert "روسیه" in words(found, "fa") and "فدراسیون" not in words(found, "fa")
    assert "موسكو" not in words(found, "ar")  # named once, in passing


def test_without_names_the_words_are_taken_as_they_stand() -> None:
    assert queries("حضره عدد كبير") != []
    assert queries("xyzzy plugh", "en")[0].text == "xyzzy plugh"
    assert [(query.text, query.lang) for query in queries("...", "en")] == [("...", "en")]


def test_queries_say_which_days_they_are_about() -> None:
    days = (date(2024, 10, 22), date(2024, 10, 24))
    named = queries("تستضيف روسيا قمة دول البريكس في قازان، في الفترة من 22 إلى 24 أكتوبر الجاري.")
    assert {(query.first, query.last) for query in named} == {days}
    unnamed = queries("تستضيف روسيا قمة دول البريكس في قازان")
    assert {(query.first, query.last) for query in unnamed} == {(PUBLISHED, PUBLISHED)}


@pytest.mark.parametrize("limit", [1, 2, 6])
def test_limit_is_kept(limit: int) -> None:
    found = queries("تستضيف روسيا قمة بريكس في قازان", limit=limit)
    assert len(found) <= limit
    assert found[0].lang == "ar"


SCRAPS = """قمة روسيا إيران بوتين صواريخ في من 22 أكتوبر 2024 الجاري summit Russia denied missiles саммит
Путин نشست , . « » ؟ ـ 5% ‏"""
pieces = st.sampled_from(SCRAPS.split())


@settings(deadline=None, max_examples=60)
@given(
    st.lists(pieces, min_size=1, max_size=25).map(" ".join) | st.text(min_size=1),
    st.sampled_from(["ar", "en", "ru", "fa", "fr"]),
)
def test_queries_are_short_unique_and_always_the_same(text: str, lang: str) -> None:
    found = queries(text, lang)
    assert len(set(found)) == len(found) <= 6
    assert all(1 <= len(query.text.split()) <= 9 for query in found)
    assert found == queries(text, lang)
    assert found or not text.split()
