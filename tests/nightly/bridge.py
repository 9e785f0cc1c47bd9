"""A newsroom that watches one folder and finds its evidence in another: a bridge that was opened."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb

from claims.pipeline import Finished, plan_night, run_plan

ARTICLE = (
    "أعلنت بلدية المرسى أن الجسر الجديد افتتح في 3 مارس 2024 بحضور وزير النقل. "
    "وقالت البلدية إن كلفة الجسر بلغت 40 مليون دينار."
)
PAGES = {
    "one.html": (
        "صحيفة الشاطئ",
        "افتتح وزير النقل الجسر الجديد في المرسى في 3 مارس 2024، وبلغت كلفته 40 مليون دينار.",
    ),
    "two.html": (
        "أخبار الميناء",
        "شهدت المرسى في 3 مارس 2024 افتتاح الجسر الجديد. وحضر وزير النقل الافتتاح.",
    ),
}


def make_desk(folder: Path) -> Path:
    """The desk file, beside it what it watches and the pages."""
    inbox, pages = folder / "inbox", folder / "pages"
    inbox.mkdir()
    pages.mkdir()
    (inbox / "bridge.txt").write_text(ARTICLE, encoding="utf-8")
    for name, (outlet, text) in PAGES.items():
        write_page(pages / name, outlet, text)
    (folder / "sources.toml").write_text(
        '[fetch]\nfresh_s = 0\n[[source]]\nname = "pages"\nkind = "folder"\npath = "pages"\n',
        encoding="utf-8",
    )
    file = folder / "desk.toml"
    file.write_text('sources = "sources.toml"\n[[watch]]\nname = "inbox"\nkind = "folder"\npath = "inbox"\n')
    return file


def write_page(file: Path, outlet: str, text: str) -> None:
    file.write_text(
        f'<html lang="ar"><head><meta charset="utf-8"><title>الجسر</title>'
        f'<meta property="og:site_name" content="{outlet}">'
        f'<meta property="article:published_time" content="2024-03-04"></head>'
        f"<body><article><h1>الجسر</h1><p>{text}</p></article></body></html>",
        encoding="utf-8",
    )


def night(desk: Path, days: int = 0) -> Finished:
    """A night, so many days after today."""
    workspace = desk.parent / "workspace"
    now = datetime.now(UTC)
    plan = plan_night(desk, workspace, now.date() + timedelta(days=days))
    return asyncio.run(run_plan(replace(plan, started_at=now + timedelta(days=days)), nothing_to_do=True))


def ask(desk: Path, sql: str) -> list[tuple[object, ...]]:
    """What the published snapshot answers."""
    with duckdb.connect(str(desk.parent / "workspace" / "published.duckdb"), read_only=True) as con:
        return con.execute(sql).fetchall()
