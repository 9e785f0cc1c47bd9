"""What the README tells people to type works, and what it names exists."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from project import ROOT
from typer.testing import CliRunner

from claims.cli import application
from claims.sources import load_sources

APP = application()
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^\$ \.venv/bin/tabayyun (.+)$", README, re.MULTILINE)


def test_the_sources_file_can_be_used(tmp_path: Path) -> None:
    (block,) = re.findall(r"```toml\n(.*?)```", README, re.DOTALL)
    file = tmp_path / "sources.toml"
    file.write_text(block, encoding="utf-8")
    sources = load_sources(file)
    assert [(source.kind, source.url) for source in sources.sources] == [("searxng", "http://127.0.0.1:8888")]
    assert not sources.sample


def test_the_table_names_every_command_and_no_other() -> None:
    table = README[README.index("| command | does |") : README.index("Exit status: 0")]
    rows = [row.split("|")[1] for row in table.splitlines() if row.startswith("| `")]
    named = {name for row in rows for name in re.findall(r"`([a-z]+)`", row)}
    known = {
        command.name or command.callback.__name__ for command in APP.registered_commands if command.callback
    } | {str(group.name) for group in APP.registered_groups}
    assert named == known


@pytest.mark.parametrize("command", [c for c in COMMANDS if not c.startswith("verify")])
def test_the_questions_are_answered(command: str, sample_workspace: Path) -> None:
    result = CliRunner().invoke(APP, [*shlex.split(command), "--workspace", str(sample_workspace)])
    assert result.exit_code == 0, result.output
    assert result.output.strip()


def test_the_folders_and_files_it_links_to_exist() -> None:
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", README) if "://" not in link]
    assert links
    assert not [link for link in links if not (ROOT / link).exists()]
