"""Copies, agencies and speakers: many pages, one witness."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from weigh_pages import page

from claims.model import Mark
from claims.weigh.credits import credited_agency
from claims.weigh.origins import Witness, find_origins, join_speakers

STORY = (
    "The regional council met on Monday to discuss the flooding of the lower valley. Engineers said that the "
    "dam had held and that the water would fall by Wednesday. Two villages remain cut off and the army is "
    "bringing food by boat. Schools stay closed until the end of the week, the council said in a statement."
)


def test_a_copy_with_small_edits_has_the_origin_of_its_model() -> None:
    copy = STORY.replace("Monday", "Monday evening").replace("lower valley", "valley")
    other = "The football federation named a new coach on Tuesday after three defeats in a row, ending weeks of talk."
    documents = [page("one.example", STORY)[0], page("two.example", copy)[0], page("three.example", other)[0]]
    origins = find_origins(documents)
    assert origins[documents[0].id].key == origins[documents[1].id].key
    assert origins[documents[0].id].key != origins[documents[2].id].key
    assert "copy" in origins[documents[1].id].joined_by


def test_a_text_printed_inside_a_longer_one_is_a_copy() -> None:
    longer = STORY + " " + " ".join(f"Our reporter adds detail number {n} from the field." for n in range(40))
    documents = [page("one.example", STORY)[0], page("two.example", longer)[0]]
    origins = find_origins(documents)
    assert origins[documents[0].id].key == origins[documents[1].id].key


def test_a_long_run_of_words_within_other_text_is_a_copy_and_a_short_one_is_not() -> None:
    sentence = "The regional council met on Monday to discuss the flooding of the lower valley, and engineers said that the dam had held through the night."
    own = [" ".join(f"{word}{n}" for n in range(120)) for word in ("bridge", "market")]
    first, second = (page(f"{n}.example", f"{text} {sentence}")[0] for n, text in enumerate(own))
    short = page("3.example", f"{own[1]} {sentence[:80]}")[0]
    assert "copy" in find_origins([first, second])[first.id].joined_by
    assert find_origins([first, short])[first.id].joined_by == ()


def test_pages_that_credit_one_agency_are_one_origin() -> None:
    first = page("one.example", "وصل الوفد إلى العاصمة صباح اليوم وبدأ محادثاته مع الحكومة.\n(رويترز)", "ar")[
        0
    ]
    second = page(
        "two.example",
        "LONDON (Reuters) - The delegation has left the capital without a deal, officials said.",
    )[0]
    assert credited_agency(first) == credited_agency(second) == "agency:reuters"
    origins = find_origins([first, second])
    assert origins[first.id].key == origins[second.id].key


def test_an_agency_that_is_only_mentioned_is_not_credited() -> None:
    text = "Reuters opened an office in the city in 1985 and has employed local reporters ever since. " * 8
    assert credited_agency(page("one.example", text)[0]) is None


def test_groups_that_only_quote_one_speaker_are_one() -> None:
    quoting = [Witness(f"outlet {n}", frozenset({"the minister"}), False) for n in range(30)]
    own = Witness("witness", frozenset({"the minister"}), True)
    names = join_speakers([*quoting, own])
    assert {names[w.group] for w in quoting} == {"the minister"}
    assert names["witness"] == "witness"


def test_a_story_between_what_two_sites_print_around_it_is_a_copy() -> None:
    around = [
        " ".join(f"{word} {n} of this site" for n in range(12)) for word in ("Menu", "Offer", "Reader", "Tag")
    ]
    first = page("one.example", f"{around[0]}. {STORY} {around[1]}")[0]
    second = page("two.example", f"{around[2]}. {STORY} {around[3]}")[0]
    origins = find_origins([first, second])
    assert origins[first.id].key == origins[second.id].key


def test_thirty_printings_of_one_accusation_are_one_origin() -> None:
    """Each outlet writes a sentence of its own before and after it; some credit the agency."""
    told = "اتهمت وزارة الخارجية دولة مجاورة بتمويل جماعات مسلحة على الحدود، ولم تقدم أي دليل على ذلك حتى مساء اليوم."
    pages = [
        page(
            f"outlet{n}.example",
            f"أخبار المنفذ رقم {n} لهذا اليوم. {told} تابعوا المنفذ {n} على القنوات.",
            "ar",
        )[0]
        for n in range(30)
    ]
    assert len({origin.key for origin in find_origins(pages).values()}) == 1


CREDITS = [
    ("بغداد (رويترز) - قال مسؤولون إن الجسر أغلق.", "agency:reuters"),
    ("بيروت - أ ف ب\nقال مسؤولون إن الجسر أغلق.", "agency:afp"),
    ("قال مسؤولون نقلا عن وكالة فرانس برس إن الجسر أغلق.", "agency:afp"),
    ("قال مسؤولون إن الجسر أغلق.\nالمصدر: الأناضول", "agency:anadolu"),
    ("By AFP\nThe bridge was closed, officials said.", "agency:afp"),
    ("PARIS (AP) - The bridge was closed, officials said.", "agency:ap"),
    ("The bridge was closed, according to Reuters.", "agency:reuters"),
    ("أبلغ شاهد رويترز عن إغلاق الجسر مساء أمس.", None),
    ("مكتب وكالة رويترز في المدينة تعرض لأضرار طفيفة.", None),
    ("The AP office was damaged when the bridge fell.", None),
]


@pytest.mark.parametrize(("text", "agency"), CREDITS)
def test_an_agency_counts_where_it_is_credited(text: str, agency: str | None) -> None:
    assert credited_agency(page("one.example", text)[0]) == agency


ENGLISH = (
    "Ministers of Egypt, Jordan and Iraq met in Baghdad on Sunday. They agreed to build 320 kilometres of power "
    "lines between Aqaba and Rutba, at a cost of 480 million dollars. Egypt will sell 150 megawatts to Iraq, the "
    "minister told reporters in Baghdad. Jordan asked Saudi Arabia to join, and Kuwait sent an observer. The next "
    "meeting is in Cairo, after a visit of the three ministers to Turkey and Greece in 2025."
)
TRANSLATED = (
    "التقى وزراء مصر والأردن والعراق في بغداد يوم الأحد. واتفقوا على مد 320 كيلومترا من خطوط الكهرباء بين العقبة "
    "والرطبة بكلفة 480 مليون دولار. وستبيع مصر 150 ميغاواط للعراق، كما قال الوزير للصحفيين في بغداد. وطلب الأردن من "
    "السعودية الانضمام، وأوفدت الكويت مراقبا. والاجتماع المقبل في القاهرة بعد زيارة الوزراء الثلاثة تركيا واليونان عام 2025."
)
ON_THE_SAME_DAY = (
    "في القاهرة قال متحدث إن الكويت لن تشارك. وكانت تركيا والعراق قد وقعا اتفاقا على 90 ميغاواط في أنقرة. ويربط الخط "
    "بغداد بالعقبة في الأردن بطول 320 كيلومترا. وترى السعودية أن المشروع مكلف. وزار وفد من اليونان مصر يوم الاثنين، "
    "وبحث مع لبنان وسوريا مد 70 كيلومترا أخرى، وفق ما أعلن في بيروت ودمشق."
)


def test_a_translation_has_the_origin_of_what_it_translates_and_another_report_has_not() -> None:
    pages = [
        page("one.example", ENGLISH)[0],
        page("two.example", TRANSLATED, "ar")[0],
        page("three.example", ON_THE_SAME_DAY, "ar")[0],
    ]
    origins = find_origins(pages)
    assert origins[pages[0].id].key == origins[pages[1].id].key != origins[pages[2].id].key
    assert origins[pages[1].id].joined_by == ("rewrite",)


def test_a_page_that_links_to_another_and_uses_its_words_has_its_origin() -> None:
    model = page("one.example", STORY)[0]
    part = (
        STORY.split(". ")[0]
        + ". Our readers know the valley well. "
        + " ".join(f"In the year {1900 + n} it was flooded too." for n in range(9))
    )
    linking = replace(page("two.example", part)[0], links=(model.url + "#top",))
    silent = replace(linking, links=())
    recommending = replace(
        page("three.example", " ".join(f"Sport page {n} has scores." for n in range(20)))[0],
        links=(model.url,),
    )
    assert find_origins([model, linking])[linking.id].joined_by == ("link",)
    assert find_origins([model, silent])[silent.id].joined_by == ()
    assert find_origins([model, recommending])[recommending.id].joined_by == ()


def test_sixty_pages_take_little_time() -> None:
    pages = [
        page(f"host{n}.example", " ".join(f"w{(n * 31 + m * 7) % 997}" for m in range(900)))[0]
        for n in range(60)
    ]
    began = time.process_time()
    find_origins(pages)
    assert time.process_time() - began < 1.0


OTHER = (
    "Engineers inspected the dam again on Tuesday. The gauge at the bridge shows two metres less than it did at the "
    "weekend, and families have begun to return to the houses by the river. The mayor thanked the volunteers."
)


@pytest.mark.parametrize("of", ["http://one.example/story", "one.example", "One.Example "])
def test_a_page_that_a_person_marked_as_a_copy_has_the_origin_of_its_model(of: str) -> None:
    model = replace(page("one.example", STORY)[0], url="https://www.one.example/story/")
    copy = page("two.example", OTHER)[0]
    marks = [Mark("copy", "ravi", copy.url, of)]
    assert find_origins([model, copy])[copy.id].key != find_origins([model, copy])[model.id].key
    for order in ([model, copy], [copy, model]):
        origins = find_origins(order, marks)
        assert origins[model.id].key == origins[copy.id].key
        assert "marked_copy" in origins[copy.id].joined_by


def test_copies_of_what_is_not_among_the_pages_are_one_origin_of_its_name() -> None:
    pages = [page("one.example", STORY)[0], page("two.example", OTHER)[0]]
    origins = find_origins(pages, [Mark("copy", "ravi", one.url, "Fars News") for one in pages])
    assert {origins[one.id].key for one in pages} == {"Fars News"}
    assert origins[pages[0].id].chain == ("one.example", "Fars News")


def test_a_copy_of_an_agencys_story_counts_with_the_pages_that_credit_it() -> None:
    credited = page("one.example", "LONDON (Reuters) - The dam held, engineers said on Monday after a look.")[
        0
    ]
    copy = page("two.example", OTHER)[0]
    origins = find_origins([credited, copy], [Mark("copy", "ravi", copy.url, "reuters")])
    assert origins[credited.id].key == origins[copy.id].key
