"""A workspace as Parquet and WARC files with their digests, and the way back."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Any

from claims.errors import InputError, StoreError
from claims.record import publish
from claims.record.integrity import broken_links
from claims.record.materialise import MARKER
from claims.record.migrate import migrations
from claims.record.query import snapshot
from claims.record.store import FILE_NAME, Store

MANIFEST = "manifest.json"
_TABLES = "tables"
_FILES = "files"
_DERIVED = (FILE_NAME, publish.FILE_NAME)


def backup(store: Store, folder: Path) -> dict[str, int]:
    """The folder holds every table as Parquet, every other file of the workspace, and their digests.

    It must not exist yet, and it stands there whole or not at all. Nobody who writes is held up: it is
    the snapshot, published anew, that is copied, and the archive after it, which then holds all that is
    cited. Returns how many rows each table has. Raises InputError where the folder cannot be made.
    """
    if folder.exists() or folder.is_symlink():
        raise InputError(f"{folder}: exists already; name a folder that does not")
    store.publish()
    counts: dict[str, int] = {}
    with _aside(folder) as building:
        (building / _TABLES).mkdir()
        with snapshot(store.workspace, writable=building / _TABLES) as con:
            made = {name for (name,) in con.execute(f"SELECT name FROM {MARKER}").fetchall()}  # noqa: S608
            tables = [
                name
                for (name,) in con.execute("SELECT table_name FROM duckdb_tables() ORDER BY 1").fetchall()
            ]
            for name in tables:
                if name in made or name == MARKER:
                    continue
                target = str(building / _TABLES / f"{name}.parquet").replace("'", "''")
                con.execute(f"COPY {name} TO '{target}' (FORMAT parquet, COMPRESSION zstd)")
                counts[name] = con.execute(f"SELECT count(*) FROM {name}").fetchall()[0][0]  # noqa: S608
        for path in _others(store.workspace):
            copy = building / _FILES / path.relative_to(store.workspace)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)
        digests = {_name(path, building): _digest(path) for path in _regular(building)}
        manifest = {"step": migrations()[-1].number, "rows": counts, "sha256": digests}
        (building / MANIFEST).write_text(json.dumps(manifest, indent=1, sort_keys=True), encoding="utf-8")
    return counts


def restore(folder: Path, workspace: Path, memory_limit_mb: int = 1024) -> dict[str, int]:
    """The workspace stands as it was when `backup` wrote the folder. Returns the rows of each table.

    It must not exist yet, or be an empty folder. Every digest, every count of rows and every link is
    checked before anything stands there. Raises InputError where the folder is not a whole backup.
    """
    manifest = _checked(folder)
    if workspace.exists() and (not workspace.is_dir() or any(workspace.iterdir())):
        raise InputError(f"{workspace}: is not empty; restore into a folder that is, or does not exist")
    if manifest["step"] > migrations()[-1].number:
        raise InputError(f"{folder}: written by a newer version; update tabayyun")
    counts: dict[str, int] = manifest["rows"]
    if workspace.exists():
        workspace.rmdir()
    with _aside(workspace) as building:
        for path in _regular(folder / _FILES):
            target = building / path.relative_to(folder / _FILES)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
        store = Store(building, memory_limit_mb)
        with store.turn() as con:
            for name, count in counts.items():
                if name == "_migrations":
                    continue
                source = str(folder / _TABLES / f"{name}.parquet").replace("'", "''")
                con.execute(f"INSERT INTO {name} BY NAME FROM read_parquet('{source}')")
                if con.execute(f"SELECT count(*) FROM {name}").fetchall()[0][0] != count:  # noqa: S608
                    raise InputError(
                        f"{folder}: table {name} does not have its {count} rows; use another backup"
                    )
            broken = broken_links(con)
            if broken:
                raise StoreError(
                    f"{folder}: its record does not hold together ({broken[0]}); use another backup"
                )
        store.publish()
    return counts


def _checked(folder: Path) -> dict[str, Any]:
    """The manifest of a backup whose every file is there as it was written."""
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        digests: dict[str, str] = manifest["sha256"]
        step, rows = int(manifest["step"]), {str(name): int(n) for name, n in manifest["rows"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise InputError(f"{folder}: is not a backup; name the folder that 'tabayyun backup' made") from None
    found = {_name(path, folder) for path in _regular(folder)} - {MANIFEST}
    if found != set(digests):
        odd = sorted(found ^ set(digests))[0]
        raise InputError(f"{folder}: {odd} is missing or was added; use another backup")
    for name, expected in sorted(digests.items()):
        if _digest(folder / name) != expected:
            raise InputError(f"{folder}: {name} is not what was written; use another backup")
    known = {f"{_TABLES}/{name}.parquet" for name in rows}
    if not known <= set(digests) or not all(name.isidentifier() for name in rows):
        raise InputError(f"{folder}: its tables are not those of a backup; use another one")
    return {"step": step, "rows": rows}


@contextmanager
def _aside(folder: Path) -> Iterator[Path]:
    """A folder beside it that takes its name at the end, or is removed."""
    building = folder.with_name(f".{folder.name}.{os.getpid()}-{secrets.token_hex(4)}.tmp")
    try:
        building.mkdir(parents=True)
        yield building
        building.rename(folder)
    except OSError as error:
        raise StoreError(
            f"{folder}: cannot be written ({error.strerror or error}); make room or name another folder"
        ) from None
    finally:
        shutil.rmtree(building, ignore_errors=True)


def _others(workspace: Path) -> Iterator[Path]:
    """The files of a workspace that are not databases, locks or half written."""
    for path in _regular(workspace):
        name = path.relative_to(workspace).parts
        if not any(part.startswith(".") for part in name) and not name[0].startswith(_DERIVED):
            yield path


def _regular(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


def _name(path: Path, folder: Path) -> str:
    return str(PurePosixPath(path.relative_to(folder)))


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
