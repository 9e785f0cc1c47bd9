"""A workspace's record moved from its one file to a shared one, and back."""

from __future__ import annotations

from pathlib import Path

from claims.errors import InputError, StoreError
from claims.record.integrity import broken_links
from claims.record.layers import tables
from claims.record.shared_store import SharedStore, open_store
from claims.record.store import FILE_NAME, Store
from claims.settings import FILE_NAME as SETTINGS_FILE
from claims.settings import Settings

_LEFT = ".moved"


def move(workspace: Path, settings: Settings, to: Settings) -> dict[str, int]:
    """The record is where `to` says and the workspace's settings name that place. Returns its rows by table.

    Every count and every link is checked before the settings are changed; what stood in the old place is left
    there, a file under another name. Nobody else may write meanwhile. Raises InputError where it is there
    already, or nothing is recorded; StoreError where something else is in the new place.
    """
    if bool(settings.store) == bool(to.store):
        raise InputError(f"{workspace}: its record is {_place(workspace, settings)} already")
    old, new = open_store(workspace, settings), open_store(workspace, to)
    if not old.exists():
        raise InputError(f"{workspace}: holds no record; name another --workspace")
    if isinstance(new, SharedStore):
        old.publish()  # brings the file up to date
        new.add_workspace(old.path)
    elif new.exists():
        raise StoreError(f"{new.path}: holds a record already; move it away")
    else:
        old.copy_to(new.path)
    counts, expected = _rows(new), _rows(old)
    if counts != expected:
        wrong = next(name for name in counts if counts[name] != expected[name])
        raise StoreError(f"{new.path}: table {wrong} has not all of its rows; the record is where it was")
    with new.turn() as con:
        if broken := broken_links(con):
            raise StoreError(f"{new.path}: does not hold together ({broken[0]}); the record is where it was")
    _name_place(workspace, to)
    if isinstance(new, SharedStore):
        old.path.replace(workspace / (FILE_NAME + _LEFT))
    new.publish()
    return counts


def _rows(store: Store) -> dict[str, int]:
    with store.turn() as con:
        return {
            table.name: con.execute(f"SELECT count(*) FROM {table.name}").fetchall()[0][0]  # noqa: S608
            for table in tables()
        }


def _name_place(workspace: Path, settings: Settings) -> None:
    """The settings file names the place; the rest of it stays as it is."""
    path = workspace / SETTINGS_FILE
    kept = [
        line
        for line in (path.read_text(encoding="utf-8").splitlines() if path.exists() else [])
        if line.partition("=")[0].strip() not in ("store", "store_data")
    ]
    named = [
        f'{name} = "{value}"'
        for name, value in (("store", settings.store), ("store_data", settings.store_data))
        if value
    ]
    building = path.with_name(f".{path.name}.part")
    building.write_text("".join(f"{line}\n" for line in [*named, *kept]), encoding="utf-8")
    building.replace(path)


def _place(workspace: Path, settings: Settings) -> str:
    return f"in {settings.store}" if settings.store else f"the file {workspace / FILE_NAME}"
