"""The engine of the grammar: rules over the tags of an island, each putting one token for several.

Rules run in the order in which they are added, each over the whole island from left to right. A rule
whose function gives None leaves the island as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from claims.language.dates.tokens import Token

_REMEMBERED = 4096  # islands; news says "on Friday" again and again

Built = tuple[str, Any]
Build = Callable[["Parts"], Built | None]


@dataclass(frozen=True, slots=True)
class Parts:
    """The tokens a rule matched, by the names of its groups; nothing for a group that it has not."""

    tokens: list[Token]
    match: re.Match[str]

    def token(self, name: str) -> Token | None:
        return self.tokens[self.match.start(name)] if self.tag(name) else None

    def __getitem__(self, name: str) -> Any:
        token = self.token(name)
        return None if token is None else token.value

    def tag(self, name: str) -> str:
        return self.match.groupdict().get(name) or ""

    def section(self, name: str) -> str:
        token = self.token(name)
        return "" if token is None else token.section


class Grammar:
    """Rules in the order in which they run."""

    def __init__(self) -> None:
        self._rules: list[tuple[re.Pattern[str], Build]] = []
        self._parsed: dict[tuple[object, ...], list[Token]] = {}

    def rule(self, pattern: str) -> Callable[[Build], Build]:
        """Add a function as the rule for a pattern of tags."""

        def add(build: Build) -> Build:
            self._rules.append((re.compile(pattern), build))
            return build

        return add

    def parse(self, island: list[Token]) -> list[Token]:
        """The island after all rules have run; what was parsed before is not parsed again."""
        base = island[0].start
        key = tuple((t.tag, t.value, t.section, t.start - base, t.end - base) for t in island)
        parsed = self._parsed.get(key)
        if parsed is None:
            parsed = self._run([_moved(token, -base) for token in island])
            if len(self._parsed) >= _REMEMBERED:
                self._parsed.clear()
            self._parsed[key] = parsed
        return [_moved(token, base) for token in parsed]

    def _run(self, tokens: list[Token]) -> list[Token]:
        tags = "".join(t.tag for t in tokens)
        for pattern, build in self._rules:
            at = 0
            while match := pattern.search(tags, at):
                start, end = match.span()
                made = build(Parts(tokens, match))
                if made is None:
                    at = start + 1
                    continue
                token = Token(made[0], made[1], tokens[start].start, tokens[end - 1].end, "made")
                tokens = [*tokens[:start], token, *tokens[end:]]
                tags = f"{tags[:start]}{made[0]}{tags[end:]}"
                at = start + 1
        return tokens


def _moved(token: Token, by: int) -> Token:
    value = token.value
    if token.tag == "2":
        value = tuple(_moved(part, by) for part in value)
    return Token(token.tag, value, token.start + by, token.end + by, token.section)
