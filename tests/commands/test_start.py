"""A command starts with what it needs alone."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from claims.cli import application
from claims.commands.questions import HELP


def commands_of(command: str | None) -> set[str]:
    app = application(command)
    named = {one.name or one.callback.__name__ for one in app.registered_commands if one.callback}
    return named | {str(group.name) for group in app.registered_groups}


def test_every_command_comes_with_its_own_module_alone() -> None:
    everything = commands_of(None)
    assert commands_of("no such command") == commands_of("--help") == everything
    for command in everything:
        assert command in commands_of(command) < everything


def test_a_question_to_the_record_loads_little_else(sample_workspace: Path) -> None:
    asked = "import sys, claims.cli\ntry: claims.cli.main()\nfinally: print(*sys.modules, file=sys.stderr)"
    for question in (["status"], ["status", "--json"], ["sql", "FROM claim_status"]):
        command = [sys.executable, "-c", asked, *question, "--workspace", str(sample_workspace)]
        ran = subprocess.run(command, capture_output=True, text=True, check=True)
        assert ran.stdout
        loaded = set(ran.stderr.split())
        assert "claims.record.query" in loaded
        heavy = {"claims.pipeline", "claims.model", "numpy", "prefect", "lxml", "rich", "typer", "pydantic"}
        assert not heavy & loaded


def test_the_help_of_all_commands_has_those_that_start_by_themselves() -> None:
    asked = [sys.executable, "-m", "claims.cli"]
    told = subprocess.run([*asked, "--help"], capture_output=True, text=True, check=True).stdout
    assert "Ask the published snapshot" in told
    for command in HELP:
        told = subprocess.run([*asked, command, "--help"], capture_output=True, text=True, check=True).stdout
        assert told.startswith(f"Usage: tabayyun {command}")
        assert HELP[command] in told.replace("\n", " ")
    wrong = subprocess.run(
        [*asked, "status", "--verdikt", "refuted"], capture_output=True, text=True, check=False
    )
    assert (wrong.returncode, wrong.stdout, wrong.stderr.count("\n")) == (2, "", 1)
