"""Commands for sources: whether each of them can be used, and what its kind declares."""

from __future__ import annotations

import asyncio
import contextlib
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from claims.commands.shared import OutOption, SourcesOption
from claims.commands.streams import line, writing
from claims.fetch.archive import Archive
from claims.fetch.client import Answer, Fetcher
from claims.gather.health import Health, check_sources
from claims.gather.search import open_connectors
from claims.source_kinds import KINDS, FactCheckToolsSource
from claims.sources import Sources, load_sources

_OUT_OF_REACH = 3  # exit status: done, but not all of it could be asked

sources_app = typer.Typer(help="Where evidence comes from: what works, and what each kind needs.")


def register(app: typer.Typer) -> None:
    """The commands are known to the app."""
    app.add_typer(sources_app, name="sources")


@sources_app.command()
def check(
    sources: SourcesOption = None,
    json_: Annotated[bool, typer.Option("--json", help="One record a source.")] = False,
    out: OutOption = None,
) -> None:
    """Ask every source one question; say which can be used and why the others cannot (exit status 3)."""
    evidence = load_sources(sources)
    found = asyncio.run(_asked(evidence))
    if json_ or out:
        with writing(out) as file:
            for health in found:
                file.write(line(_record(health)))
    else:
        _show(evidence.name, found)
    if not found or not all(health.usable for health in found):
        raise typer.Exit(_OUT_OF_REACH)


@sources_app.command()
def kinds(
    json_: Annotated[bool, typer.Option("--json", help="One record a kind.")] = False, out: OutOption = None
) -> None:
    """List the kinds of source: what each asks, within which limits, how to get access, its settings."""
    records = [_kind_record(kind) for kind in KINDS]
    if json_ or out:
        with writing(out) as file:
            for record in records:
                file.write(line(record))
        return
    for record in records:
        print(f"{record['kind']}: {record['about']}")
        print(f"  asks      {record['asks']}\n  limits    {record['limits']}\n  access    {record['access']}")
        for name, told in record["settings"].items():
            print(f"  {name:<14} {told}")
        print()


async def _asked(evidence: Sources) -> list[Health]:
    """How the sources did. What they answered is archived aside and thrown away."""
    fetcher: Fetcher

    async def ask(url: str, params: Mapping[str, str], *, headers: Mapping[str, str] | None = None) -> Answer:
        return await fetcher.ask(url, params, headers=headers)

    with (
        tempfile.TemporaryDirectory(prefix="tabayyun-check-") as folder,
        contextlib.closing(Archive(Path(folder), "check")) as archive,
    ):
        async with open_connectors(evidence.sources, ask) as opened:
            fetcher = Fetcher(
                evidence.fetch, archive, routes=opened.routes, folders=opened.folders, trusted=opened.trusted
            )
            async with fetcher:
                return await check_sources(evidence.sources, opened)


def _record(health: Health) -> dict[str, Any]:
    spec = health.spec
    return {
        "name": spec.name,
        "kind": spec.kind,
        "place": spec.place,
        "usable": health.usable,
        "outcome": health.outcome,
        "question": health.question,
        "found": health.found,
        "detail": health.detail,
        "key": _key(spec) if isinstance(spec, FactCheckToolsSource) else None,
        "languages": list(spec.languages),
        "asks": spec.asks,
        "limits": spec.limits,
        "access": spec.access,
    }


def _key(spec: FactCheckToolsSource) -> str:
    """Whether there is a key, never the key."""
    return "set" if spec.secret() else f"not set ({spec.key_env})"


def _kind_record(kind: str) -> dict[str, Any]:
    spec = KINDS[kind]
    return {
        "kind": kind,
        "about": " ".join((spec.__doc__ or "").split()),
        "asks": spec.asks,
        "limits": spec.limits,
        "access": spec.access,
        "settings": {
            name: "required" if field.is_required() else f"default {_plain(field.default)}"
            for name, field in spec.model_fields.items()
            if name != "kind"
        },
    }


def _plain(default: object) -> str:
    if isinstance(default, tuple):
        return "[" + ", ".join(f'"{item}"' for item in default) + "]"
    return "none" if default is None else str(default)


def _show(name: str, found: list[Health]) -> None:
    """A table for people, then what is wrong and what each source asks, whole lines of it."""
    console = Console(file=sys.stdout, width=None if sys.stdout.isatty() else 200)
    table = Table("source", "kind", "usable", "outcome", "found", "place", title=name, title_justify="left")
    for health in found:
        spec = health.spec
        usable = "yes" if health.usable else "no"
        table.add_row(spec.name, spec.kind, usable, health.outcome, str(health.found), spec.place)
    console.print(table, markup=False) if found else console.print(f"{name}: names no source", markup=False)
    for health in found:
        spec = health.spec
        lines = [f"{spec.name} ({spec.kind})", f"  asks    {spec.asks}", f"  limits  {spec.limits}"]
        lines.append(f"  access  {spec.access}")
        if isinstance(spec, FactCheckToolsSource):
            lines.append(f"  key     {_key(spec)}")
        if not health.usable:
            lines.append(f"  WHY NOT {health.detail or health.outcome}")
        console.print("\n".join(lines), markup=False, highlight=False, soft_wrap=True)
