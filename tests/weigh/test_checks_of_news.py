"""The checks by what news does: plans, silence, other places, other doers, bodies that tell of their own work."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from claims.weigh.acts import acts_in, kin
from claims.weigh.slots import slots_in
from claims.weigh.stance_checks import Checks, checks_of
from claims.weigh.stance_rule import features, frame_of, reasons

DAY = date(2024, 5, 20)
OPEN = np.full(3, 1 / 3, np.float32)


def checks(claim: str, passage: str, day: date | None = DAY) -> Checks:
    return checks_of(claim, passage, 0.9, day, day)


@pytest.mark.parametrize(
    ("claim", "passage", "frame"),
    [
        (
            "The bridge at Kalba was unsafe",
            "The mayor said that the bridge at Kalba was unsafe.",
            "attributed",
        ),
        ("كان جسر كلباء خطرا", "قال رئيس البلدية إن جسر كلباء كان خطرا.", "attributed"),
        ("The council opened the library", "The council is due to open the library in June.", "only_planned"),
        ("The regulator approved the merger", "The merger awaits approval by the regulator.", "only_planned"),
        ("ألغت الشركة رحلاتها إلى عمان", "قد تلغي الشركة رحلاتها إلى عمان.", "only_planned"),
        ("وافق مجلس الشيوخ على القانون", "لا يزال القانون بحاجة إلى موافقة مجلس الشيوخ.", "only_planned"),
        ("The driver had fallen asleep", "Police suspect that the driver had fallen asleep.", "attributed"),
        ("نام السائق", "يشتبه المحققون في أن السائق نام.", "attributed"),
        ("افتتح المجلس المكتبة", "من المقرر أن يفتتح المجلس المكتبة في يونيو.", "only_planned"),
        (
            "The parties signed the final contract for the tunnel",
            "The parties agreed on the tunnel. The final contract has yet to be signed.",
            "only_planned",
        ),
        (
            "The governor said that the tunnel was flooded",
            "The engineer said that the tunnel was flooded.",
            "unsaid",
        ),
        ("قال المحافظ إن النفق غمرته المياه", "قال المهندس إن النفق غمرته المياه.", "unsaid"),
        ("Jordan's parliament passed the water law", "Iraq's parliament passed the water law.", "elsewhere"),
        ("The library was closed on Monday", "The library was closed on Monday.", "told"),
        ("أغلقت المكتبة يوم الاثنين", "أغلقت المكتبة يوم الاثنين.", "told"),
    ],
)
def test_how_a_passage_tells_what_a_claim_says(claim: str, passage: str, frame: str) -> None:
    assert frame_of(checks(claim, passage)) == frame


def test_where_the_day_of_a_text_is_not_known_it_is_no_news() -> None:
    claim, passage = "The bridge was unsafe", "The mayor said that the bridge was unsafe."
    assert frame_of(checks(claim, passage, None)) == "undated"
    assert features(OPEN, checks(claim, passage, None))["is_attributed"] == 0.0


@pytest.mark.parametrize(
    ("claim", "passage"),
    [
        ("The statistics office's count was 4,120 boats", "The statistics office said that 4,120 boats were counted."),
        ("بلغ عدد القوارب 4120 قاربا", "قالت هيئة الإحصاء إن عدد القوارب بلغ 4120 قاربا."),
    ],
)  # fmt: skip
def test_a_body_is_taken_at_its_word_about_its_own_work(claim: str, passage: str) -> None:
    found = checks(claim, passage)
    assert found.authority and not found.attributed


def test_agreement_counts_only_where_the_same_is_told() -> None:
    claim = "The ministry handed out 900 tents"
    done = features(OPEN, checks(claim, "The ministry handed out 900 tents."))
    planned = features(OPEN, checks(claim, "The ministry plans to hand out 900 tents."))
    assert done["figures_agree"] == 1.0 and planned["figures_agree"] == 0.0


def test_what_another_says_cannot_clash() -> None:
    claim = "The unions said that 700 workers had left"
    own = features(OPEN, checks(claim, "The unions said that 400 workers had left."))
    other = features(OPEN, checks(claim, "The owners said that 400 workers had left."))
    assert own["figures_differ"] == 1.0 and other["figures_differ"] == 0.0


@pytest.mark.parametrize(
    ("claim", "passage", "spot"),
    [
        ("The ferry with the pilgrims docked in Aden", "The ferry with the pilgrims docked in Jeddah.", "said"),
        ("رست عبارة الحجاج في ميناء صفاقس", "رست عبارة الحجاج في ميناء جدة.", "said"),
        ("In Aden a ferry with many pilgrims docked early", "A ferry with many pilgrims docked in Jeddah.", "about"),
        ("The ferry docked in Jeddah", "The ferry docked in Jeddah.", None),
        # a capital may be its government
        ("وقعت الرباط اتفاقا مع مدريد", "وقع المغرب وإسبانيا اتفاقا في طنجة.", None),
    ],
)  # fmt: skip
def test_another_place(claim: str, passage: str, spot: str | None) -> None:
    assert checks(claim, passage).other_place == spot


@pytest.mark.parametrize(
    ("claim", "passage", "spot"),
    [
        ("استقال أمس من منصبه وزير الكهرباء", "استقال أمس من منصبه وزير المالية.", "said"),
        ("أقيمت المباراة الأخيرة على ملعب النخيل", "أقيمت المباراة الأخيرة على ملعب الزيتون.", "said"),
        ("The letter was handed over by the transport minister", "The letter was handed over by the health minister.", "said"),
        ("The fire broke out in a barn near Rivas", "The fire broke out in a barn near Olmo.", "said"),
        ("وقع الانفجار في ريفاس", "وقع الانفجار في أولمو.", "said"),
        ("The transport minister resigned", "The transport minister resigned.", None),
        ("وقع الانفجار في ريفاس", "وقع الانفجار في ريفاس في مايو.", None),
    ],
)  # fmt: skip
def test_bodies_and_places_are_told_apart_without_a_list_of_their_names(
    claim: str, passage: str, spot: str | None
) -> None:
    assert checks(claim, passage).told_apart == spot


def test_what_somebody_else_did() -> None:
    passage = "Marta Olin beat Rosa Veidt in the final on Sunday."
    assert checks("Rosa Veidt won the final", passage).doer_differs
    assert not checks("Marta Olin won the final", passage).doer_differs


@pytest.mark.parametrize(
    ("claim", "passage"),
    [
        ("The airline Brisa denied the report", "The report named the airline Brisa, which did not respond."),
        ("نفت شركة بريسا التقرير", "ذكر التقرير شركة بريسا، ولم يصدر تعليق من الشركة."),
    ],
)
def test_who_kept_silent_has_denied_nothing(claim: str, passage: str) -> None:
    assert checks(claim, passage).kept_silent
    assert not checks(claim, claim + ".").kept_silent


def test_the_company_is_the_one_named_before() -> None:
    passage = "Brisa is investigated for fraud. The company said that the charge was baseless."
    assert checks("Brisa denied the charge of fraud", passage).same_speaker
    assert not checks("Kestrel denied the charge of fraud", passage).same_speaker


@pytest.mark.parametrize(
    ("claim", "passage"),
    [
        ("Brisa admitted that its plane was overloaded", "Brisa denied that its plane was overloaded."),
        ("Brisa denied that its plane was overloaded", "Brisa admitted that its plane was overloaded."),
        ("أقرت شركة بريسا بأن طائرتها محملة", "نفت شركة بريسا أن تكون طائرتها محملة."),
    ],
)
def test_who_denies_has_not_admitted(claim: str, passage: str) -> None:
    assert checks(claim, passage).denial_differs
    assert not checks(claim, claim + ".").denial_differs


def test_two_ministers_are_two_speakers() -> None:
    passage = "The interior minister of Morocco said that the riots were paid for."
    assert checks("The interior minister of Morocco said the riots were paid for", passage).same_speaker
    assert checks("The prime minister of Morocco said the riots were paid for", passage).speaker_missing


def test_a_day_after_publication_clashes_with_another_day_and_not_with_none() -> None:
    claim = "The mill was sold on 3 July 2024"
    assert checks(claim, "The mill was sold on 3 May 2024.").dates == "differ"
    assert checks(claim, "The mill was sold.").dates == "later"


def test_a_sentence_that_turns_to_a_plan_is_no_plan_before_that() -> None:
    passage = "رفعت الهيئة أجور العمال على أن تدفع الزيادة في يونيو."
    assert not checks("رفعت الهيئة أجور العمال", passage).only_planned
    assert checks("دفعت الزيادة للعمال", passage).only_planned


@pytest.mark.parametrize(
    ("one", "other", "lang", "same"),
    [
        ("sign", "signatur", "en", True),
        ("won", "beat", "en", True),
        ("won", "lost", "en", False),
        ("اشتر", "ابتاع", "ar", True),
    ],
)
def test_words_of_one_family(one: str, other: str, lang: str, same: bool) -> None:
    assert kin(one, other, lang) is same


def test_acts_and_slots_are_read_where_they_stand() -> None:
    text = "The airline Brisa bought a hangar at Tema airport."
    assert [act.verb for act in acts_in(text, "en")] == ["bought"]
    assert acts_in(text, "en")[0].doer == ("brisa",)
    assert [(kind, name) for kind, name, _ in slots_in(text, "en")] == [
        ("airport", "tema"),
        ("hangar at", "tema"),
    ]


def test_each_check_has_its_words() -> None:
    found = checks("رست عبارة الحجاج في ميناء صفاقس", "رست عبارة الحجاج في ميناء جدة.")
    codes = {reason.partition("|")[0] for reason in reasons(OPEN, found)}
    assert {"check_place", "check_told_apart"} <= codes
