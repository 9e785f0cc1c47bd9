"""Rules for what is said from a date named before: في الشهر نفسه, the following week, بعد ذلك بيومين."""

from __future__ import annotations

from claims.language.dates import anaphora, lengths
from claims.language.dates.calendar_rules import OF
from claims.language.dates.meaning import Expression, Partial
from claims.language.dates.rules import Built, Grammar, Parts

_COUNTED = "[dc1#]U"
_SIZE = f"(?:{_COUNTED}|[UV])"


def add_same_rules(grammar: Grammar) -> None:
    """The grammar knows the same week and that year, and the same month of another year."""
    rule = grammar.rule
    rule(rf"G?(?P<same>@)(?P<u>[Uq]){OF}(?P<whole>[RYy])")(_same_in)
    rule(rf"(?P<u>[Uq])(?P<same>@){OF}(?P<whole>[RYy])")(_same_in)
    rule(r"G?(?P<same>@)(?P<u>U)(?![-U])")(_same)
    rule(r"(?P<u>U)(?P<same>@)")(_same)


def add_later_rules(grammar: Grammar) -> None:
    """The grammar knows two years later, بعدها بيومين and بعد يومين من ذلك."""
    rule = grammar.rule
    rule(rf"~?(?:{_COUNTED}|(?P<size>=))(?P<way>[lr])(?!_|{OF}[jLXRU])")(_later)
    rule(rf"(?P<way>O)(?P<by>p)~?(?:{_SIZE}|(?P<size>=))")(_later)
    rule(rf"(?P<way>[AI])~?(?:{_SIZE}|(?P<size>=))f(?P<that>@)")(_later)


def _is_same(parts: Parts) -> bool:
    """Arabic puts "same" on either side, but before it the noun has its article: ذات يوم is "once"."""
    if parts.section("u") in ("units", "made") or (parts.tag("u") == "q" and parts["u"] != 2):
        return False
    if parts.match.start("same") > parts.match.start("u"):
        return parts.section("same") == "same"
    return parts.section("same") != "same" and (parts["same"] == 1 or parts.section("u") != "unit")


def _same(parts: Parts) -> Built | None:
    return anaphora.same(parts["u"]) if _is_same(parts) else None


def _same_in(parts: Parts) -> Built | None:
    whole: Expression | int = parts["whole"]
    unit = "quarter" if parts.tag("u") == "q" else parts["u"]
    if not _is_same(parts):
        return None
    return anaphora.same_in(unit, Partial(year=whole) if isinstance(whole, int) else whole)


def _later(parts: Parts) -> Built | None:
    groups = parts.match.groupdict()
    if (groups.get("that") and parts.section("that") != "that") or (groups.get("by") and parts["by"] != "ب"):
        return None
    size = parts["size"]
    if size is None:
        tokens = parts.tokens[parts.match.start() : parts.match.end()]
        size = lengths.length([token for token in tokens if token.tag in "dc1#UV"])
    before = parts.tag("way") in "rA" or (parts.tag("way") == "O" and parts["way"] < 0)
    return anaphora.later(size, -1 if before else 1) if size else None
