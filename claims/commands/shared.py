"""The options that commands have in common."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

WorkspaceOption = Annotated[
    Path, typer.Option("--workspace", help="Folder of the database, the archive and the reports.")
]
SourcesOption = Annotated[
    Path | None,
    typer.Option("--sources", help="Where evidence may come from; without it, the packaged sample web."),
]
SetOption = Annotated[
    list[str] | None, typer.Option("--set", help="A setting as NAME=VALUE; may be repeated.")
]
OutOption = Annotated[
    Path | None, typer.Option("--out", help="Write to this file instead of standard output.")
]
PublishedOption = Annotated[
    str | None, typer.Option("--published", help="Day of publication, as 2024-10-12.")
]
LangOption = Annotated[str | None, typer.Option("--lang", help="Language of the text: ar or en.")]
HERE = Path()
