"""Reasons are worded in both languages, whatever stage gives them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import claims
from claims.extract.worth_features import names_of_features
from claims.wording import LANGUAGES, catalog, reason, say

CODE = re.compile(r'\breason\(\s*"([^"]+)"\s*[,)]')


def codes_used() -> set[str]:
    sources = Path(claims.__file__).parent.rglob("*.py")
    joined = {f"joined_{how}" for how in ("copy", "rewrite", "link", "same_outlet", "same_agency")}
    return joined | {code for path in sources for code in CODE.findall(path.read_text(encoding="utf-8"))}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_code_that_the_program_gives_has_its_words(lang: str) -> None:
    english = {code for code in codes_used() if " " in code}  # these are words already
    missing = codes_used() - set(catalog(lang)) - (english if lang == "en" else set())
    assert not missing


def test_every_feature_of_worth_has_arabic_words() -> None:
    assert set(names_of_features()) <= set(catalog("ar"))


def test_values_stand_where_the_language_wants_them() -> None:
    stored = reason("dates_differ", "2024-10-12", "2024-10-22")
    assert say(stored, "en") == "the claim says 2024-10-12, this says 2024-10-22"
    assert "2024-10-12" in say(stored, "ar") and say(stored, "ar") != say(stored, "en")


def test_what_is_english_already_comes_back_with_its_values() -> None:
    assert say(reason("has a number", "+0.8"), "en") == "has a number (+0.8)"
    assert say("an unknown reason", "ar") == "an unknown reason"


def test_a_value_cannot_pass_for_two() -> None:
    assert say(reason("dates_agree", "a|b"), "en") == "gives the same days (a/b)"
