"""A token of a date expression, and how numbers become tokens."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any


@dataclass(slots=True)
class Token:
    """A word, number, sign or what the grammar made of several; offsets into the folded text."""

    tag: str
    value: Any
    start: int
    end: int
    section: str = ""


def number(word: str, start: int) -> Token:
    """A token for a row of digits: d may be a day, y a year, # is anything else."""
    end = start + len(word)
    if not word.isdecimal():
        return Token("#", 0, start, end, "long")
    if len(word) == 4 and "1000" <= word <= "2999":
        return Token("y", int(word), start, end, "digits")
    if len(word) <= 2 and 1 <= int(word) <= 31:
        return Token("d", int(word), start, end, "padded" if word[0] == "0" else "digits")
    return Token("#", int(word[:9]), start, end, "digits" if len(word) <= 4 else "long")


def compose(tokens: list[Token]) -> list[Token]:
    """The tokens with number words put together: twenty first, nineteen ninety, الثالث والعشرين."""
    out: list[Token] = []
    at = 0
    while at < len(tokens):
        if tokens[at].tag in "co" and tokens[at].section != "few":
            token, after = _number_at(tokens, at)
            out.append(tokens[at] if after == at + 1 and token.tag == tokens[at].tag else token)
            at = after
        elif tokens[at].tag == "n":  # عشر سنوات: ten, where no unit stands before it
            out.append(replace(tokens[at], tag="c"))
            at += 1
        else:
            out.append(tokens[at])
            at += 1
    return out


def _number_at(tokens: list[Token], at: int) -> tuple[Token, int]:
    tag, value, after = _below_hundred(tokens, at)
    is_year = False
    if tag == "c" and after < len(tokens):
        following = tokens[after]
        if following.tag == "c" and following.value == 1000 and value < 10:
            value, after = value * 1000, after + 1
            is_year = True
        if value in (1000, 2000):
            is_year = True
            rest, end = _below_thousand(tokens, after)
            value, after = value + rest, end
        elif following.tag == "c" and following.value == 100 and not is_year:
            rest, after = _rest(tokens, after + 1)
            value = value * 100 + rest
            is_year = value >= 1000
        elif (
            10 <= value <= 20
            and following.tag == "c"
            and (following.value == 0 or 10 <= following.value <= 90)
        ):
            if following.value == 0 and after + 1 < len(tokens) and tokens[after + 1].tag == "c":
                value, after, is_year = value * 100 + tokens[after + 1].value, after + 2, True
            elif following.value:
                _, rest, after = _below_hundred(tokens, after)
                value, is_year = value * 100 + rest, True
    if is_year and not 1000 <= value <= 2999:
        is_year = False
    tag = "y" if is_year else tag
    return Token(tag, value, tokens[at].start, tokens[after - 1].end, "words"), after


def _below_thousand(tokens: list[Token], at: int) -> tuple[int, int]:
    """What follows "two thousand": a number below a thousand, with or without "and", or nothing."""
    start = at + 1 if at < len(tokens) and tokens[at].tag == "&" else at
    if start >= len(tokens) or tokens[start].tag != "c" or tokens[start].value >= 1000:
        return 0, at
    _, value, after = _below_hundred(tokens, start)
    if after < len(tokens) and tokens[after].tag == "c" and tokens[after].value == 100:
        rest, after = _rest(tokens, after + 1)
        return value * 100 + rest, after
    return value, after


def _rest(tokens: list[Token], at: int) -> tuple[int, int]:
    start = at + 1 if at < len(tokens) and tokens[at].tag == "&" else at
    if start < len(tokens) and tokens[start].tag == "c" and 0 < tokens[start].value < 100:
        _, value, after = _below_hundred(tokens, start)
        return value, after
    return 0, at


def _below_hundred(tokens: list[Token], at: int) -> tuple[str, int, int]:
    """Tag, value and end of a number of one or two words."""
    first = tokens[at]
    tag, value = first.tag, first.value
    following = tokens[at + 1] if at + 1 < len(tokens) else None
    if following is None:
        return tag, value, at + 1
    teen = following.tag == "n" or following.section == "teen"
    if teen and 0 < value < 10 and first.section not in ("digits", "padded"):
        return tag, value + 10, at + 2
    step = 2 if following.tag in "&-" else 1
    other = tokens[at + step] if at + step < len(tokens) and following.tag in "&-co" else None
    if (
        other is None
        or other.tag not in "co"
        or other.section in ("few", "digits", "padded")
        or first.section in ("digits", "padded")
    ):
        return tag, value, at + 1
    tens_first = value in range(20, 100, 10) and 0 < other.value < 10 and following.section != "clitic"
    units_first = following.section == "clitic" and 0 < value < 10 and other.value in range(20, 100, 10)
    if tens_first and tag == "c":
        return other.tag, value + other.value, at + step + 1
    if units_first:
        return tag, value + other.value, at + step + 1
    return tag, value, at + 1
