"""Figures told in words, in ranges, as parts and as scores."""

from __future__ import annotations

import pytest

from claims.weigh.stance_checks import checks_of


@pytest.mark.parametrize(
    ("claim", "passage", "fit"),
    [
        ("About a third of voters stayed home", "34 percent of voters stayed home.", "agree"),
        ("Dozens of people were hurt", "The blast hurt 47 people.", "agree"),
        ("Hundreds of people were hurt", "The blast hurt 47 people.", "differ"),
        ("Thousands of people marched", "Some 12,000 people marched.", "agree"),
        ("The firm has between 50 and 60 shops", "The firm has 55 shops.", "agree"),
        ("The firm has 70 shops", "The firm has between 50 and 60 shops.", "differ"),
        ("The team won 3-1", "The team won 2-1.", "differ"),
        ("The team won 2-1", "The team won 2-1.", "agree"),
        ("The team scored three goals", "The team won 3-1.", "agree"),
        ("They won by four goals", "They won 26-22 in the hall.", "missing"),
        ("Two thirds of the seats went to women", "66 percent of the seats went to women.", "agree"),
        ("Half of the seats went to women", "66 percent of the seats went to women.", "differ"),
        ("The strike lasted a week", "The strike lasted 14 days.", "differ"),
        ("One person died", "Two people died.", "differ"),
        ("نحو ثلث الناخبين لم يصوتوا", "34 في المئة من الناخبين لم يصوتوا.", "agree"),
        ("أصيب العشرات في الانفجار", "أصيب 47 شخصا في الانفجار.", "agree"),
        ("أصيب مئات الأشخاص", "أصيب 47 شخصا في الانفجار.", "differ"),
        ("شارك آلاف المتظاهرين", "شارك نحو 12 ألف متظاهر.", "agree"),
        ("شارك عشرات الآلاف من المتظاهرين", "شارك نحو 12 ألف متظاهر.", "agree"),
        ("قتل خمسة آلاف شخص", "قتل 5 آلاف شخص.", "agree"),
        ("وزعت الهيئة ثلاثة آلاف خيمة", "وزعت الهيئة 7 آلاف خيمة.", "differ"),
        ("غرقت سفينتان", "غرقت ثلاث سفن.", "differ"),
        ("وصلت طائرتان", "وصلت طائرتان إلى المطار.", "agree"),
        ("بلغت الخسائر ملياري دولار", "بلغت الخسائر مليار دولار.", "differ"),
        ("ثلاثة أرباع المقاعد للنساء", "75 في المئة من المقاعد للنساء.", "agree"),
        ("فاز الفريق 3-1", "فاز الفريق 2-1.", "differ"),
        ("يتراوح العدد بين 50 و60 شخصا", "بلغ العدد 55 شخصا.", "agree"),
        ("زار باكستان وفد", "زار أفغانستان وفد.", "silent"),
    ],
)
def test_amounts_are_compared_as_they_are_meant(claim: str, passage: str, fit: str) -> None:
    assert checks_of(claim, passage, 0.9).figures == fit
