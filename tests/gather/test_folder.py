"""The folder connector finds files by their words and never leaves its folder."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from claims.errors import SourceUnusable
from claims.gather.folder import FolderConnector
from claims.model import Query


def found(folder: Path, text: str, limit: int = 10) -> list[str]:
    candidates = asyncio.run(FolderConnector("notes", folder, limit).search(Query(text, "ar")))
    return [Path(candidate.url.removeprefix("file://")).name for candidate in candidates]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    inside = tmp_path / "notes"
    (inside / "deeper").mkdir(parents=True)
    (inside / "kazan.txt").write_text("قِمّة بريكس تُعقد في قازان هذا الشهر", encoding="utf-8")
    (inside / "old.txt").write_bytes("القمة السابقة في جوهانسبرغ".encode("cp1256"))
    (inside / "deeper/page.html").write_text("<title>Саммит в Казани</title><p>саммита", encoding="utf-8")
    (inside / "empty.txt").write_text("")
    (inside / "picture.png").write_text("قازان")
    (inside / "binary.txt").write_bytes(b"\x00\x01\x02 \xd9\x82")
    return inside


def test_files_are_ranked_by_shared_words_in_any_writing(folder: Path) -> None:
    assert found(folder, "القمّة في قازان") == ["kazan.txt", "old.txt"]
    assert found(folder, "саммиты") == ["page.html"]
    assert found(folder, "nothing") == []
    assert found(folder, "القمة", limit=1) == ["old.txt"]


def test_title_and_snippet_come_from_the_file(folder: Path) -> None:
    (first,) = asyncio.run(FolderConnector("notes", folder, 5).search(Query("саммит", "ru")))
    assert (first.title, first.snippet, first.source) == ("Саммит в Казани", "саммита", "notes")


def test_links_out_of_the_folder_and_large_files_are_left_out(folder: Path) -> None:
    outside = folder.parent / "secret.txt"
    outside.write_text("قازان سر", encoding="utf-8")
    (folder / "link.txt").symlink_to(outside)
    (folder / "away").symlink_to(folder.parent)
    (folder / "dead.txt").symlink_to(folder / "none")
    (folder / "large.txt").write_text("قازان " * 1_000_000, encoding="utf-8")
    assert found(folder, "قازان سر") == ["kazan.txt"]


def test_missing_folder_is_unusable(tmp_path: Path) -> None:
    with pytest.raises(SourceUnusable, match="no folder"):
        found(tmp_path / "none", "x")
