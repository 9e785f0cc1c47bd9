"""The article itself, in whatever dress, is told from pages that only tell the same story."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from project import SAMPLE_ARTICLE

from claims.pipeline.pages import is_copy

TEXT = SAMPLE_ARTICLE.read_text(encoding="utf-8")
LINES = [line for line in TEXT.splitlines() if line.strip()]
BOILERPLATE = (
    "اشترك في نشرتنا البريدية لتصلك آخر الأخبار كل صباح. جميع الحقوق محفوظة لصاحب الموقع. "
    "اقرأ أيضا: أسعار الذهب اليوم في الأسواق المحلية. حالة الطقس غدا. نتائج مباريات الأسبوع كاملة."
)


@pytest.mark.parametrize(
    "page",
    [
        TEXT,
        TEXT.replace("\n", "\r\n\r\n").replace(" ", "  "),
        f"{BOILERPLATE}\n{TEXT}\n{BOILERPLATE * 3}",
        TEXT.replace("ا", "اـ").replace("أ", "ا"),  # stretched, without hamza
        "\n".join(LINES[: len(LINES) * 2 // 3]),  # cut off by a paywall
        "\n".join(reversed(LINES)),
        "\n".join(LINES[:3]) if len(" ".join(LINES[:3]).split()) > 40 else "\n".join(LINES[:6]),
        "خبر عاجل: " + TEXT.replace("وقال", "وذكر").replace("الجمعة", "أمس"),
    ],
)
def test_copies_are_known(page: str) -> None:
    assert is_copy(page, TEXT)


@pytest.mark.parametrize(
    "page",
    [
        "",
        BOILERPLATE,
        # another report that quotes one sentence of it
        f"في تقرير مستقل عن الزيارة كتب مراسلنا ما يلي وقد حضر اللقاء بنفسه منذ الصباح الباكر. {LINES[1]} "
        + BOILERPLATE * 2,
        " ".join(TEXT.split()[:6]),  # a short statement that the article quotes is a source, not its copy
    ],
)
def test_other_pages_are_not(page: str) -> None:
    assert not is_copy(page, TEXT)


def test_texts_too_short_for_shingles_are_compared_whole() -> None:
    assert is_copy("نفت  غاز\n", "نفت غاز")
    assert not is_copy("نفت ماء", "نفت غاز")


@settings(deadline=None, max_examples=50)
@given(st.text(max_size=300), st.text(max_size=100))
def test_a_text_is_always_its_own_copy(text: str, other: str) -> None:
    assert is_copy(text, text)
    assert is_copy(f"{text} {text}", text) or len(text.split()) < 50
    assert isinstance(is_copy(text, other), bool)
