"""Bytes become text by the strongest evidence there is for their charset."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.read.charset import decode

ARABIC = "قال المتحدث إن القمة ستعقد في الموعد المحدد لها، ونفى ما تردد عن تأجيلها إلى الشهر المقبل."
RUSSIAN = "Представитель сообщил, что саммит пройдёт в намеченный срок, и опроверг слухи о переносе."


@pytest.mark.parametrize(
    ("body", "content_type", "text"),
    [
        (ARABIC.encode(), None, ARABIC),
        (codecs.BOM_UTF8 + ARABIC.encode(), "text/html; charset=windows-1256", ARABIC),
        (ARABIC.encode("utf-16"), "text/html; charset=utf-8", ARABIC),
        (codecs.BOM_UTF16_BE + ARABIC.encode("utf-16-be"), None, ARABIC),
        (ARABIC.encode("cp1256"), "text/html; charset=windows-1256", ARABIC),
        (ARABIC.encode("cp1256"), None, ARABIC),
        (RUSSIAN.encode("cp1251"), None, RUSSIAN),
        (RUSSIAN.encode("koi8-r"), "text/plain; charset=KOI8-R", RUSSIAN),
        (ARABIC.encode("iso8859-6"), "text/html; charset=iso-8859-6", ARABIC),
        ("café".encode("cp1252"), "text/html; charset=ISO-8859-1", "café"),
        (ARABIC.encode(), "text/html; charset=ISO-8859-1", ARABIC),  # servers add this to every page
        (ARABIC.encode("cp1256"), "text/html; charset=utf-8", ARABIC),  # broken UTF-8 is no UTF-8
        (ARABIC.encode(), "text/html; charset=no-such-charset", ARABIC),
        (ARABIC.encode("cp1256"), "text/html; charset=rot13", ARABIC),
    ],
)
def test_strongest_evidence_decides(body: bytes, content_type: str | None, text: str) -> None:
    assert decode(body, content_type) == text


def test_page_says_its_charset() -> None:
    page = f'<html><head><meta charset="windows-1256"></head><p>{ARABIC}'
    assert ARABIC in decode(page.encode("cp1256"))
    assert ARABIC in decode(page.replace("windows-1256", "utf-8").encode("cp1256"))


def test_one_broken_letter_changes_nothing_else() -> None:
    body = (ARABIC * 20).encode()
    middle = len(ARABIC[:50].encode())
    broken = body[:middle] + b"\xff" + body[middle:]
    assert decode(broken, "text/html; charset=utf-8").replace("\ufffd", "") == ARABIC * 20


def test_control_characters_and_line_ends_are_made_plain() -> None:
    assert decode("a\x00b\x1fc\x7f\r\nd\re\tf\ufeff".encode()) == "abc\nd\ne\tf"


@given(st.binary(max_size=300), st.none() | st.text(max_size=40).map("text/html; charset={}".format))
def test_any_bytes_give_text_without_noise(body: bytes, content_type: str | None) -> None:
    text = decode(body, content_type)
    assert not set(text) & set("\x00\r\x1b\ufeff")
    text.encode("utf-8")


@given(
    st.text(alphabet=st.characters(exclude_categories=("Cc", "Cs", "Cn", "Cf"))).filter(
        lambda t: not t.startswith("\ufeff")
    )
)
def test_sound_utf8_is_read_as_it_is(text: str) -> None:
    assert decode(text.encode(), "text/plain; charset=utf-8") == text
