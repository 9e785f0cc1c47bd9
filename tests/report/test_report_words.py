"""The catalogs: both languages say the same things, and nothing is said that no page shows."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest
from babel import Locale

from claims import model
from claims.errors import ConfigError
from claims.model import When
from claims.report import pages, words
from claims.report.view import UNCHECKED
from claims.report.words import LANGUAGES, Words, load_catalog
from claims.run_record import CAUSES
from claims.wording import reason

REPORT = Path(words.__file__).parent
SOURCES = "\n".join(
    file.read_text(encoding="utf-8")
    for folder in (REPORT, REPORT.parent / "desk")
    for pattern in ("*.py", "templates/*.html")
    for file in sorted(folder.glob(pattern))
)
PLACE = re.compile(r"\{(\w*)\}")
# Families of entries whose last part comes from the records: every value that can occur has its words.
FAMILIES = {
    "cause": set(CAUSES),
    "verdict": {*model.RULINGS, UNCHECKED},
    "so": {*model.RULINGS, UNCHECKED, "question"},
    "said": {*model.RULINGS, "question", "nobody"},
    "kind": set(get_args(model.Kind)),
    "mode": set(get_args(model.Mode)),
    "stance": set(get_args(model.Stance)),
    "sought": set(get_args(model.SoughtOutcome)),
    "fetch": set(get_args(model.FetchOutcome)),
    "unit_type": {"person", "organisation", "country", "agency"},
}


def test_both_catalogs_have_the_same_keys_of_the_same_sort() -> None:
    shapes = [{key: type(entry) for key, entry in load_catalog(lang).items()} for lang in LANGUAGES]
    assert shapes[0] == shapes[1]
    assert len(shapes[0]) > 100


def test_both_catalogs_fill_the_same_places() -> None:
    def places(lang: str) -> dict[str, set[str]]:
        return {
            key: set(PLACE.findall(entry if isinstance(entry, str) else entry["other"]))
            for key, entry in load_catalog(lang).items()
        }

    assert places("ar") == places("en")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_is_counted_has_every_plural_form_of_its_language(lang: str) -> None:
    needed = {*Locale.parse(lang).plural_form.tags, "other"}
    counted = {key: entry for key, entry in load_catalog(lang).items() if isinstance(entry, dict)}
    assert counted
    assert {key: set(forms) for key, forms in counted.items()} == dict.fromkeys(counted, needed)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_catalogs_hold_plain_text(lang: str) -> None:
    for entry in load_catalog(lang).values():
        for text in [entry] if isinstance(entry, str) else entry.values():
            assert not re.search(r"[<>&]", text)
            assert text == text.strip() != ""


def test_every_entry_is_used() -> None:
    joined = set(re.findall(r'"([\w.]+)\."(?: ~|[,)])', SOURCES))
    assert joined >= set(FAMILIES)
    stems = tuple(re.findall(r'"([\w.]+_)" ~', SOURCES))

    def used(key: str) -> bool:
        family = key.rpartition(".")[0]
        return f'"{key}"' in SOURCES or key.startswith(stems) or (family in joined and family not in FAMILIES)

    entries = [key for key in load_catalog("en") if key.split(".")[0] not in FAMILIES]
    assert [key for key in entries if not used(key)] == []


@pytest.mark.parametrize("family", FAMILIES)
def test_every_value_that_a_record_can_hold_has_its_words(family: str) -> None:
    named = {key.split(".")[1] for key in load_catalog("ar") if key.startswith(family + ".")}
    assert named == FAMILIES[family]


def test_every_entry_that_a_page_names_exists() -> None:
    named = set(re.findall(r'words\.[tn]\("([\w.]+)"[,)]', SOURCES))
    assert len(named) > 60
    assert named <= set(load_catalog("en"))


def test_arabic_counts_in_its_own_forms() -> None:
    said = [str(Words("ar").n("count.origins", count)) for count in (0, 1, 2, 3, 11, 100)]
    assert said == [
        "لا أصل مستقلًا", "أصل مستقل واحد", "أصلان مستقلان",
        "3 أصول مستقلة", "11 أصلًا مستقلًا", "100 أصل مستقل",
    ]  # fmt: skip
    assert [str(Words("en").n("count.origins", count)) for count in (0, 1, 2)] == [
        "0 independent origins", "1 independent origin", "2 independent origins",
    ]  # fmt: skip


def test_days_are_written_as_closely_as_the_text_names_them() -> None:
    from datetime import date

    def period(first: date, last: date, grain: object) -> tuple[str, str]:
        when = When("", 0, 0, first, last, grain)  # type: ignore[arg-type]
        return Words("ar").period(when), Words("en").period(when)

    assert period(date(2022, 9, 15), date(2022, 9, 15), "day") == ("15 سبتمبر 2022", "15 September 2022")
    assert period(date(2022, 9, 1), date(2022, 9, 30), "month") == ("سبتمبر 2022", "September 2022")
    assert period(date(2022, 1, 1), date(2022, 12, 31), "year") == ("2022", "2022")
    assert period(date(2022, 9, 15), date(2022, 9, 16), "day")[0] == "15–16 سبتمبر 2022"


def test_reasons_are_worded_with_their_values_apart_and_escaped() -> None:
    stored = reason("dates_differ", "2022-09-15/2022-09-16", "<b>2023")
    assert "\u206815–16 سبتمبر 2022\u2069" in Words("ar").reason(stored)
    assert "\u2068&lt;b&gt;2023\u2069" in Words("en").reason(stored)
    assert Words("en").reason("<i>no code</i>") == '<bdi dir="auto">&lt;i&gt;no code&lt;/i&gt;</bdi>'


def test_values_put_into_an_entry_are_escaped() -> None:
    assert Words("en").t("article.unnamed", name="<script>") == "Article &lt;script&gt;"


def test_an_unknown_language_is_refused_by_name() -> None:
    with pytest.raises(ConfigError, match=r"'fr'.*ar, en"):
        Words("fr")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("تنعقد القمة", "auto"),
        ("Interwire تقول إن القمة تنعقد في سمرقند", "rtl"),
        ("تاس reports that the summit opens in Samarkand", "ltr"),
        ("15–16", "auto"),
        ("Саммит пройдёт", "auto"),
    ],
)
def test_direction_follows_most_letters_where_the_first_one_misleads(text: str, expected: str) -> None:
    assert pages.direction(text) == expected


@pytest.mark.parametrize("lang", ["ar", "zh-Hant", "en-GB"])
def test_a_language_tag_is_kept(lang: str) -> None:
    assert f' lang="{lang}"' in pages.attributes("x", lang)


@pytest.mark.parametrize("lang", ['en" onload="x', "<b>", "", "e", "en_GB", None])
def test_what_is_no_language_tag_is_dropped(lang: str | None) -> None:
    assert "lang" not in pages.attributes("x", lang)
