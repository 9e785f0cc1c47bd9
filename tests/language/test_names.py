import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.language.names import (
    Names,
    countries_official_languages,
    country_of,
    find_names,
    names_in,
)
from claims.language.skeleton import skeleton

ARTICLE = Path(__file__).parents[3] / "shared" / "articles" / "ashgabat_2024-10-12.ar.txt"


def who(text: str) -> list[tuple[str, str]]:
    return [(one.text, one.id) for one in find_names(text).who]


def where(text: str) -> list[tuple[str, str, str | None]]:
    return [(one.text, one.name, one.country) for one in find_names(text).where]


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("زار الوزير الولايات المتحدة الأمريكية", "US"),
        ("visited the U.S. again", "US"),
        ("переговоры в США", "US"),
        ("سفر به ایالات متحده", "US"),
        ("وقال مسؤول إيراني", "IR"),
        ("the Iranians said", "IR"),
        ("с иранскими властями", "IR"),
        ("مقام‌های ایرانی", "IR"),
        ("أعلنت بريطانيا", "GB"),
        ("заявили в России", "RU"),
        ("بالإماراتِ العربيّةِ المتّحدة", "AE"),
        ("Saudi Arabian officials", "SA"),
        ("للولايات المتحدة", "US"),
    ],
)
def test_a_country_has_one_id_in_every_language_and_form(text: str, country: str) -> None:
    assert [one.id for one in find_names(text).who] == [country]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("تستضيف قازان القمة", ("قازان", "Kazan", "RU")),
        ("وصل إلى كازان", ("كازان", "Kazan", "RU")),
        ("саммит в Казани", ("Казани", "Kazan", "RU")),
        ("اجتماع سران در کازان", ("کازان", "Kazan", "RU")),
        ("وفي عشق أباد", ("عشق أباد", "Ashgabat", "TM")),
        ("прилетел в Ашхабад", ("Ашхабад", "Ashgabat", "TM")),
        ("بدبي", ("دبي", "Dubai", "AE")),
        ("fighting near Kharkiv", ("Kharkiv", "Kharkiv", "UA")),
    ],
)
def test_a_place_is_found_without_the_prefix_that_clings_to_it(
    text: str, place: tuple[str, str, str]
) -> None:
    assert where(text) == [place]


def test_a_capital_is_a_government_unless_it_is_only_a_place() -> None:
    assert who("وهو ما تنفيه طهران") == [("طهران", "IR")]
    assert who("وصل الوفد إلى طهران") == []
    assert who("بطهران عقد الاجتماع") == []
    assert who("Moscow denies it") == [("Moscow", "RU")]
    assert who("He lives in Moscow now") == []
    assert who("موسكو: أعلن متحدث") == []
    assert where("وهو ما تنفيه طهران") == [("طهران", "Tehran", "IR")]


def test_ordinary_words_are_not_cities() -> None:
    assert where("كان الخبر كبيرا يوميا في مدينة عالية") == []
    assert where("Nice weather. Reading is of Most use to a mobile Man.") == []
    assert where("the turkey and the china were sold") == []
    assert where("Tom Boulder spoke") == []


def test_one_name_of_two_places_is_the_one_whose_country_the_text_speaks_of() -> None:
    assert country_of(find_names("في طرابلس قال مسؤول ليبي").where[0].name) == "LY"
    oman, amman = "سلطنة عمان ومسقط. زار عمان", "العاهل الأردني والحكومة الأردنية في عمان"
    assert find_names(oman).where[-1].country == "OM"
    assert find_names(amman).where[-1].country == "JO"


@pytest.mark.parametrize(
    ("text", "span", "agency"),
    [
        ("وأفادت وكالة الإعلام الروسي (ريا) بأن", "وكالة الإعلام الروسي (ريا)", "agency:ria"),
        ("نقلت وكالة “تاس” الروسية للأنباء عن", "وكالة “تاس” الروسية للأنباء", "agency:tass"),
        ("(رويترز)", "رويترز", "agency:reuters"),
        ("باريس (أ ف ب)", "أ ف ب", "agency:afp"),
        ("told Reuters on Friday", "Reuters", "agency:reuters"),
        ("сообщило агентство РИА Новости", "агентство РИА Новости", "agency:ria"),
        ("به گزارش ایرنا", "ایرنا", "agency:irna"),
    ],
)
def test_an_agency_is_one_name_with_its_surroundings(text: str, span: str, agency: str) -> None:
    assert (span, agency) in who(text)


def test_organisations_and_ministries() -> None:
    assert who("قمة دول البريكس") == [("دول البريكس", "org:BRICS")]
    assert who("أعلن الكرملين") == [("الكرملين", "org:kremlin")]
    assert who("the Russian Foreign Ministry said") == [
        ("Russian Foreign Ministry", "org:ru_foreign_ministry")
    ]
    assert who("قالت وزارة الخارجية الروسية") == [("وزارة الخارجية الروسية", "org:ru_foreign_ministry")]
    assert who("заявили в МИД России") == [("МИД России", "org:ru_foreign_ministry")]


def test_known_persons_in_every_language() -> None:
    for text in ("التقى بوتين", "met Vladimir Putin", "встреча с Владимиром Путиным", "دیدار با پوتین"):
        assert [one.id for one in find_names(text).who] == ["person:putin"]
    assert who("وببزشكيان") == [("بزشكيان", "person:pezeshkian")]


def test_a_titled_stranger_is_a_person_and_is_known_later_by_family_name() -> None:
    found = who("Foreign Minister Alfonso Brandt met reporters. Brandt said nothing.")
    assert found == [("Alfonso Brandt", "person:brndt"), ("Brandt", "person:brndt")]
    found = who("قال وزير الصحة سامر البرنجكي إن الوضع صعب. وأضاف البرنجكي")
    assert [text for text, _ in found] == []  # a given name that nobody has listed proves no person
    found = who("قال وزير الصحة سامي البرنجكي إن الوضع صعب. وأضاف البرنجكي")
    assert [text for text, _ in found] == ["سامي البرنجكي", "البرنجكي"]
    assert len({person for _, person in found}) == 1


def test_an_office_is_whoever_the_text_introduced_with_it() -> None:
    text = "أجرى الرئيس الإيراني مسعود بزشكيان محادثات. وقال الرئيس الإيراني إن"
    assert who(text)[-1] == ("الرئيس الإيراني", "person:pezeshkian")
    assert who("وقال الرئيس الإيراني إن")[-1] == ("الإيراني", "IR")


def test_the_head_of_a_body_is_not_the_body() -> None:
    assert who("president of the Harmony Forum said") == []
    assert who("في مستشفى الملك فهد التخصصي") == []


def test_skeletons_agree_across_scripts() -> None:
    assert skeleton("Pezeshkian") == skeleton("بزشكيان") == skeleton("Пезешкиан") == skeleton("پزشکیان")
    assert skeleton("Lavrov") == skeleton("لافروف") == skeleton("Лавров")


def test_facts_about_ids() -> None:
    assert names_in("IR", "ar")[0] == "إيران"
    assert names_in("Kazan", "ru")[0] == "Казань"
    assert names_in("person:putin", "fa")[0] == "ولادیمیر پوتین"
    assert names_in("person:nobody", "ar") == ()
    assert country_of("Kazan") == "RU"
    assert country_of("agency:reuters") == "GB"
    assert country_of("nowhere") is None
    assert countries_official_languages("IR") == ("fa",)
    assert "ar" in countries_official_languages("AE")


@pytest.mark.skipif(not ARTICLE.exists(), reason="the shared article is not here")
def test_the_shared_article() -> None:
    text = ARTICLE.read_text(encoding="utf-8")
    names = find_names(text)
    places = {(one.name, one.country) for one in names.where}
    assert {
        ("Kazan", "RU"),
        ("Ashgabat", "TM"),
        ("Turkmenistan", "TM"),
        ("Dubai", "AE"),
        ("Moscow", "RU"),
    } <= places
    actors = {one.id for one in names.who}
    assert {one for one in actors if one.startswith("person:")} == {"person:putin", "person:pezeshkian"}
    assert {one for one in actors if one.startswith("agency:")} == {
        "agency:ria",
        "agency:irna",
        "agency:tass",
        "agency:reuters",
    }
    assert {one for one in actors if len(one) == 2} == {"RU", "IR", "TM", "US", "UA", "IL"}
    assert {one for one in actors if one.startswith("org:")} == {
        "org:EU",
        "org:BRICS",
        "org:kremlin",
        "org:CIS",
        "org:EAEU",
        "org:SCO",
    }


PIECES = st.sampled_from(
    [
        "الرئيس الإيراني ",
        "مسعود بزشكيان",
        " (ريا)",
        "وكالة ",
        "U.S.",
        "Казани ",
        "و",
        "\u202b",
        "ـ",
        "ّ",
        "é",
        "🙂",
        "\n",
        ". ",
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.text(max_size=80), st.lists(PIECES, max_size=25).map("".join)))
def test_spans_are_exact_and_do_not_overlap(text: str) -> None:
    names: Names = find_names(text)
    for spans in (names.where, names.who):
        end = 0
        for one in spans:
            assert text[one.start : one.end] == one.text
            assert one.start >= end
            assert one.start < one.end
            end = one.end


def test_a_megabyte_of_names_is_read_in_seconds() -> None:
    find_names("warm")
    started = time.process_time()
    for piece in ("وكالة (ريا) ", "إيران ", "San "):
        find_names(piece * (300_000 // len(piece)))
    assert time.process_time() - started < 6
