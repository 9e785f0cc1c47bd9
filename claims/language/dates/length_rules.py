"""Rules for lengths of time: a month and 21 days ago, within three weeks, since the beginning of the year."""

from __future__ import annotations

from claims.language.dates import combine, lengths, relative
from claims.language.dates.lengths import Length
from claims.language.dates.meaning import Expression
from claims.language.dates.range_rules import expression
from claims.language.dates.rules import Built, Grammar, Parts

_DATE = "[DPYRETCW]"
_FIRST = "(?:[dc]&1NU|[dc1]U|V|(?<=[AIvp~])U)"
# Another unit of the same length of time
_MORE = "(?:,?&?[dc1]U|&[UV]|&BU(?![LXHjF@])|&B(?![FG]?[PRYyU])|&1?N(?!F))"
_WAY = {"L": -1, "a": -1, "A": -1, "<": -1}


def add_length_rules(grammar: Grammar) -> None:
    """The grammar knows lengths of several units, and stretches that begin or end with the day of writing."""
    rule = grammar.rule
    rule(r"(?P<u>U)(?P<z>z)")(_named_today)
    rule(r"(?<=[UV]f)(?P<today>[Uz])")(_from_today)
    rule(rf"[dc]&1?NU|{_FIRST}{_MORE}+")(_length)
    rule(r"(?P<half>B)U(?![Hj])")(_half)
    rule(r"(?P<quarter>q)(?P<u>U)")(_quarter_century)
    rule(rf"(?P<way>[AI])(?P<size>=)fG?(?P<anchor>{_DATE})")(_shifted)
    rule(rf"(?P<size>=)(?P<way>[<>AIf])G?(?P<anchor>{_DATE})")(_shifted)
    rule(r"(?P<way>A)~?(?P<size>=)(?!f)")(_moved)
    rule(r"~?(?P<size>=)(?P<way>[ah])")(_moved)
    rule(r"[Ii]~?(?P<size>=)(?!f)")(lambda parts: lengths.moved(parts["size"], 1, weak=True))
    rule(r"vG?(?P<next>X?)(?P<size>=)")(lambda p: lengths.inside(p["size"], ahead=bool(p.tag("next"))))
    rule(r"G?(?P<way>[LX])(?P<size>=)")(lambda p: lengths.run(p["size"], _WAY.get(p.tag("way"), 1)))
    rule(rf"v(?:[dc1#]?U|V)[Ff>]G?(?P<anchor>{_DATE})")(_within_after)
    rule(r"vG?(?P<next>X?)(?:[dc1#]?U|V)(?![ahlr])")(_within)
    rule(r"vG?(?:U[dc]?|V)(?P<next>X)")(_within)
    rule(r"(?P<p>p)(?:[dc]?U|V)(?P<next>f[zT])")(_during)
    rule(r"(?P<p>p)(?:[dc]?U|V)(?![LXHpfF&]|G?[dcoJ])")(_during)
    rule(r"[fA]G?(?P<b>B)F?G?(?P<u>U)[Hj]?(?![t@-])")(_since_beginning)
    rule(r"G?(?P<u>U)tx")(_to_date)
    rule(rf"[fb]?(?P<from>{_DATE})tx")(_to_date)


def _named_today(parts: Parts) -> Built | None:
    """نهار غد: the word for day makes a date of a bare word."""
    return ("T", parts["z"]) if parts["u"] == "day" and parts["z"] else None


def _from_today(parts: Parts) -> Built | None:
    """بعد أسبوع من اليوم, من الآن: counted from the day of writing."""
    today = parts["today"] == 0 if parts.tag("today") == "z" else parts["today"] == "day"
    return ("T", 0) if today and (parts.tag("today") == "z" or parts.section("today") == "definite") else None


def _size(parts: Parts) -> Length | None:
    tokens = parts.tokens[parts.match.start() : parts.match.end()]
    return lengths.length([token for token in tokens if token.tag in "dc1#UVBN"])


def _length(parts: Parts) -> Built | None:
    tokens = parts.tokens[parts.match.start() : parts.match.end()]
    if tokens[1].tag == "&" and tokens[-2].tag == "N":  # two and a half years
        tokens = [tokens[0], tokens[-1], tokens[-2]]
    size = lengths.length([token for token in tokens if token.tag in "dc1#UVBN"])
    at, end = parts.match.span()
    if at and parts.tokens[at - 1].tag in "LX" and end < len(parts.tokens) and parts.tokens[end].tag in "ahl":
        return None  # the last three months, and two days ago
    return ("=", size) if size and len(size.parts) > 1 else None


def _half(parts: Parts) -> Built | None:
    """نصف قرن: half of a century, while نصف العام is the middle of the year."""
    size = _size(parts) if parts.section("half") == "half_of" else None
    return ("=", size) if size else None


def _quarter_century(parts: Parts) -> Built | None:
    """قبل ربع قرن."""
    if parts["u"] != "century" or parts["quarter"] != 1 or parts.section("u") != "unit":
        return None
    return "=", Length((("year", 25),))


def _moved(parts: Parts) -> Built:
    return lengths.moved(parts["size"], _WAY.get(parts.tag("way"), 1))


def _anchor(parts: Parts) -> Expression:
    token = parts.token("anchor")
    assert token is not None  # noqa: S101  the pattern demands it
    return expression(token)


def _shifted(parts: Parts) -> Built | None:
    return lengths.shift(_anchor(parts), parts["size"], _WAY.get(parts.tag("way"), 1))


def _within(parts: Parts) -> Built | None:
    size = _size(parts)
    ahead = "next" in parts.match.groupdict() and bool(parts.tag("next"))
    return lengths.inside(size, ahead=ahead) if size else None


def _within_after(parts: Parts) -> Built | None:
    size, anchor = _size(parts), _anchor(parts)
    return lengths.inside(size, anchor) if size and anchor.grain == "day" else None


def _during(parts: Parts) -> Built | None:
    """خلال أسبوعين: within two weeks, where the sentence looks ahead."""
    return _within(parts) if parts.section("p") == "during" else None


def _since_beginning(parts: Parts) -> Built | None:
    """Since the beginning of the year: all of it up to the day of writing."""
    whole = relative.unit(parts["u"], 0) if parts.section("u") != "units" and parts["u"] != "day" else None
    if whole is None or parts["b"] not in ("start", "beginning", "early"):
        return None
    return combine.until_now(whole[1])


def _to_date(parts: Parts) -> Built | None:
    """The year to date, from March to date."""
    if "from" in parts.match.groupdict():
        token = parts.token("from")
        return combine.stretch(expression(token), relative.day(0)) if token else None
    whole = relative.unit(parts["u"], 0) if parts.section("u") != "units" else None
    return combine.until_now(whole[1]) if whole else None
