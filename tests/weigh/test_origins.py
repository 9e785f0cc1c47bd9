"""Copies, agencies and speakers: many pages, one witness."""

from __future__ import annotations

from weigh_pages import page

from claims.weigh.origins import Witness, credited_agency, find_origins, join_speakers

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
