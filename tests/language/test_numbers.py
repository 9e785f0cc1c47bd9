import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.language.numbers import find_numbers


def read(text: str, lang: str | None = None) -> list[tuple[float, str | None]]:
    return [(one.value, one.unit) for one in find_numbers(text, lang)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("١٬٢٣٤٬٥٦٧", 1_234_567),
        ("٣٫٥", 3.5),
        ("۱۲۳", 123),
        ("१२", 12),
        ("1 414 021 100", 1_414_021_100),
        ("1.234.567,89", 1_234_567.89),
        ("½", 0.5),
        ("2½", 2.5),
        ("3/4", 0.75),
        ("-7.25", -7.25),
        ("6e3", 6000),
        ("ألفان", 2000),
        ("مئتا", 200),
        ("خمسة وعشرون ألفا", 25_000),
        ("مئة وخمسة وعشرون ألفا وثلاثمئة وستة", 125_306),
        ("ثلاثة ملايين ونصف", 3_500_000),
        ("مليون ونصف المليون", 1_500_000),
        ("ثلاث مئة وأربعة عشر", 314),
        ("سبعة عشر", 17),
        ("ثلاثة أرباع", 0.75),
        ("نصف مليون", 500_000),
        ("7 ملايين و200 ألف", 7_200_000),
        ("three and a half million", 3_500_000),
        ("two dozen", 24),
        ("1.5bn", 1_500_000_000),
        ("two point seven five", 2.75),
        ("a quarter of a million", 250_000),
        ("four hundred and six thousand and nineteen", 406_019),
        ("minus forty", -40),
        ("двести тридцать тысяч", 230_000),
        ("полтора миллиона", 1_500_000),
        ("سه میلیون و دویست هزار", 3_200_000),
    ],
)
def test_a_number_has_its_value(text: str, value: float) -> None:
    assert [one.value for one in find_numbers(text)] == [pytest.approx(value)]


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("12.5 في المئة", 12.5, "percent"),
        ("٪٤٠", 40, "percent"),
        ("forty per cent", 40, "percent"),
        ("$5m", 5_000_000, "USD"),
        ("1.5 مليار دولار أمريكي", 1_500_000_000, "USD"),
        ("عشرون دينارا كويتيا", 20, "KWD"),
        ("300 Qatari riyals", 300, "QAR"),
        ("20 يورو و15 سنتا", 20.15, "EUR"),
        ("15 тыс. рублей", 15_000, "RUB"),
        ("ساعتين", 2, "hour"),
        ("half an hour", 30, "minute"),
        ("ثلاث سنوات ونصف", 42, "month"),
        ("2 weeks and 3 days", 17, "day"),
        ("ten-day", 10, "day"),
        ("0.5 كيلوغرام", 500, "gram"),
        ("12 km", 12_000, "metre"),
        ("2.5 million barrels", 2_500_000, "barrel"),
        ("twenty-third", 23, "ordinal"),
        ("الخامس والعشرون", 25, "ordinal"),
        ("3-й", 3, "ordinal"),
    ],
)
def test_a_quantity_has_its_unit(text: str, value: float, unit: str) -> None:
    assert read(text) == [(pytest.approx(value), unit)]


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("استمرت نحو ساعة أمس", "نحو ساعة"),
        ("قتل ما لا يقل عن 11 شخصا", "ما لا يقل عن 11"),
        ("cost more than $40 then", "more than $40"),
        ("exactly 20 people", None),
        ("about half an hour", "about half an hour"),
        ("قتل 20 شخصا على الأقل", "20 شخصا على الأقل"),
        ("30 دولارا تقريبا", "30 دولارا تقريبا"),
        ("около трех тысяч человек", "около трех тысяч"),
    ],
)
def test_approximation_is_kept_with_the_number(text: str, span: str | None) -> None:
    (one,) = find_numbers(text)
    assert one.approximate == (span is not None)
    assert span is None or one.text == span


def test_a_range_gives_both_ends_with_one_unit() -> None:
    assert read("بين 10 و20 بالمئة") == [(10, "percent"), (20, "percent")]
    assert read("10-20 dollars") == [(10, "USD"), (20, "USD")]
    assert read("من 22 إلى 24 أكتوبر") == [(22, None), (24, None)]


@pytest.mark.parametrize(
    "text",
    [
        "واحد من الرجال",
        "لم يحضر أحد يوم الاثنين",
        "في شهر أكتوبر",
        "عشرات الآلاف خرجوا",
        "one of the men said",
        "no one came",
        "The one thing that matters",
        "millions of people",
        "COVID-19 and G7 and B-52",
        "один из них",
    ],
)
def test_words_that_only_look_like_numbers_are_left_alone(text: str) -> None:
    assert find_numbers(text) == []


def test_two_numbers_are_not_added_up() -> None:
    assert [value for value, _ in read("خمسة وستة")] == [5, 6]
    assert [value for value, _ in read("ten and eleven")] == [10, 11]
    assert [value for value, _ in read("12/10/2024")] == [12, 10, 2024]
    assert [value for value, _ in read("12، 13")] == [12, 13]


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 999_999_999))
def test_every_grouping_and_script_of_digits_reads_the_same(number: int) -> None:
    grouped = f"{number:,}"
    arabic = grouped.translate(str.maketrans("0123456789,", "٠١٢٣٤٥٦٧٨٩٬"))
    for text in (str(number), grouped, arabic):
        assert [one.value for one in find_numbers(f"بلغ {text} شخصا")] == [number]


PIECES = st.sampled_from(
    [
        "خمسة",
        " و",
        "عشرون ",
        "ألف ",
        "1",
        ",",
        ".",
        "½",
        "$",
        " and ",
        "half ",
        "a ",
        "hour ",
        "ساعتين ",
        "ـ",
        "ّ",
        "\u200f",
        "-",
        "%",
        "نحو ",
        "1e999",
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=25).map("".join)))
def test_spans_are_exact_and_do_not_overlap(text: str) -> None:
    end = 0
    for one in find_numbers(text):
        assert text[one.start : one.end] == one.text
        assert end <= one.start < one.end
        assert one.value == one.value and abs(one.value) != float("inf")
        end = one.end


def test_a_megabyte_of_numbers_is_read_in_seconds() -> None:
    find_numbers("1")
    started = time.process_time()
    for piece in ("خمسة وعشرون ", "one and ", "2 years and 3 months, ", "ساعة ", "1,", "½"):
        find_numbers(piece * (300_000 // len(piece)))
    assert time.process_time() - started < 8


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # one with its tanwin, or with "and" after it; two only right before a noun
        ("بلغ عددهم مليوناً و845 ألفاً هذا العام", [1_845_000]),
        ("بلغ عددهم مليون و833 ألفا", [1_833_000]),
        ("بلغت الكلفة ملياراً و200 مليون دولار", [1_200_000_000]),
        ("بلغت الكلفة مليارا ونصف المليار دولار", [1_500_000_000]),
        ("عاد ألفا و250 لاجئا", [1250]),
        ("عاد ألفاً وخمسمئة لاجئ", [1500]),
        ("كان عددهم ألفاً.", [1000]),
        ("عاد ألفا لاجئ", [2000]),
        ("بيعت ألفا وحدة سكنية", [2000]),
        ("مليونا دولار", [2_000_000]),
    ],
)
def test_one_and_two_of_a_large_number_in_arabic(text: str, expected: list[float]) -> None:
    assert [value for value, _ in read(text)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ما بين 50 و100 مليار دولار", [(50e9, "USD"), (100e9, "USD")]),
        ("بين خمسة وستة ملايين يورو", [(5e6, "EUR"), (6e6, "EUR")]),
        ("من 7 إلى 9 آلاف", [(7000, None), (9000, None)]),
        ("10-20 km", [(10_000, "metre"), (20_000, "metre")]),
        ("from 10 to 15 million people", [(10e6, None), (15e6, None)]),
        ("from 900,000 to 1.2 million people", [(900_000, None), (1_200_000, None)]),
        ("from 3 to 5 percent", [(3, "percent"), (5, "percent")]),
    ],
)
def test_both_ends_of_a_range_are_of_one_size(text: str, expected: list[tuple[float, str | None]]) -> None:
    assert read(text) == expected
