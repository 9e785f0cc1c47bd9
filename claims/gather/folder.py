"""A folder of text and HTML files as a source."""

from __future__ import annotations

import asyncio
import os
import threading
from pathlib import Path

from claims.errors import SourceUnusable
from claims.gather.base import MAX_SNIPPET, MAX_TITLE, clean_text
from claims.gather.lexical import LexicalIndex
from claims.gather.plaintext import search_text
from claims.model import Candidate, Query

_TYPES = {".txt": "text/plain", ".md": "text/plain", ".html": "text/html", ".htm": "text/html"}
_MAX_FILES = 20_000
_MAX_FILE_BYTES = 5_000_000
_TITLE_WEIGHT = 3


class FolderConnector:
    """Searches the files under `path`, which are read on the first question."""

    def __init__(self, name: str, path: Path, limit: int) -> None:
        self.name = name
        self.path = path.resolve()
        self._limit = limit
        self._lock = threading.Lock()
        self._index: LexicalIndex | None = None
        self._candidates: dict[str, Candidate] = {}

    async def search(self, query: Query) -> list[Candidate]:
        """The files that share words with the query, best first. Raises SourceUnusable without a folder."""
        return await asyncio.to_thread(self._search, query)

    def _search(self, query: Query) -> list[Candidate]:
        with self._lock:
            if self._index is None:
                self._index = self._built()
        return [self._candidates[key] for key, _ in self._index.search(query.text)[: self._limit]]

    def _built(self) -> LexicalIndex:
        if not self.path.is_dir():
            raise SourceUnusable(f"{self.name}: {self.path} is no folder; correct path in the sources file")
        index = LexicalIndex()
        for file in self._files():
            content_type = _TYPES[file.suffix.lower()]
            text = search_text(file.read_bytes(), content_type)
            if not text.text and not text.title:
                continue
            key = file.as_uri()
            title = clean_text(text.title, MAX_TITLE) or file.stem
            self._candidates[key] = Candidate(
                url=key, source=self.name, title=title, snippet=clean_text(text.text, MAX_SNIPPET)
            )
            index.add(key, ((title, _TITLE_WEIGHT), (text.text, 1)))
        return index

    def _files(self) -> list[Path]:
        """The readable files of the known types, none of them outside the folder, in a fixed order."""
        found: list[Path] = []
        for folder, names, files in os.walk(self.path):  # does not follow links to folders
            names.sort()
            for name in sorted(files):
                file = Path(folder, name).resolve()
                if (
                    file.suffix.lower() in _TYPES
                    and file.is_relative_to(self.path)
                    and file.is_file()
                    and os.access(file, os.R_OK)
                    and file.stat().st_size <= _MAX_FILE_BYTES
                ):
                    found.append(file)
                if len(found) >= _MAX_FILES:
                    return found
        return sorted(set(found))
