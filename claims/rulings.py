"""What a verdict can be. It stands alone, so that whoever only asks loads nothing else."""

from __future__ import annotations

from typing import Literal

Ruling = Literal["supported", "refuted", "conflicting", "not_enough_evidence"]
RULINGS: tuple[Ruling, ...] = ("supported", "refuted", "conflicting", "not_enough_evidence")
