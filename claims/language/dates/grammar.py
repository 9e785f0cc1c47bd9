"""The grammar of dates: numbers are composed already; the order of the rules is the order of this list."""

from __future__ import annotations

from claims.language.dates.anaphora_rules import add_later_rules
from claims.language.dates.calendar_rules import add_calendar_rules
from claims.language.dates.count_rules import add_count_rules
from claims.language.dates.length_rules import add_length_rules
from claims.language.dates.range_rules import add_day_range_rules, add_list_rules, add_range_rules
from claims.language.dates.relative_rules import add_direction_rules, add_relative_rules
from claims.language.dates.rules import Grammar

GRAMMAR = Grammar()
add_calendar_rules(GRAMMAR)
add_direction_rules(GRAMMAR)
add_day_range_rules(GRAMMAR)
add_list_rules(GRAMMAR)
add_count_rules(GRAMMAR)
add_length_rules(GRAMMAR)
add_later_rules(GRAMMAR)
add_relative_rules(GRAMMAR)
add_range_rules(GRAMMAR)
