"""A command starts with what it needs alone."""

from __future__ import annotations

import subprocess
import sys

from claims.cli import application


def commands_of(command: str | None) -> set[str]:
    app = application(command)
    named = {one.name or one.callback.__name__ for one in app.registered_commands if one.callback}
    return named | {str(group.name) for group in app.registered_groups}


def test_every_command_comes_with_its_own_module_alone() -> None:
    everything = commands_of(None)
    assert commands_of("no such command") == commands_of("--help") == everything
    for command in everything:
        assert command in commands_of(command) < everything


def test_a_question_to_the_record_does_not_load_the_pipeline() -> None:
    asked = "import sys; from claims.cli import application; application('status'); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert "claims.record.status" in loaded.stdout.split()
    heavy = {"claims.pipeline", "claims.extract", "numpy", "onnxruntime", "prefect", "lxml", "rich.progress"}
    assert not heavy & set(loaded.stdout.split())
