"""`tabayyun verify` and `tabayyun extract`: articles in, claims and verdicts out."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from claims.commands.flow import run_flow
from claims.commands.shared import (
    HERE,
    LangOption,
    OutOption,
    PublishedOption,
    SetOption,
    SourcesOption,
    WorkspaceOption,
)
from claims.commands.streams import line, note, writing
from claims.contract import claim_record, excluded_record
from claims.errors import InputError, StoreError
from claims.extract.claims import extract_claims
from claims.intake import article_from_bytes, named_articles, nothing_usable
from claims.lines import parse_published
from claims.model import RULINGS
from claims.pipeline import (
    Finished,
    differences,
    files_that_differ,
    make_request,
    replay_folder,
    require_ready,
    verdict_lines,
)
from claims.record.shared_store import open_store
from claims.record.store import Store
from claims.run_record import RunRecord
from claims.settings import load_settings

_MARKS = {"supported": "✓", "refuted": "✗", "conflicting": "≠", "not_enough_evidence": "?"}
ArticlesArgument = Annotated[
    list[str], typer.Argument(help="Text or HTML files, addresses, .jsonl files, or -.")
]


def register(app: typer.Typer) -> None:
    """The commands are known to the app."""
    app.command()(verify)
    app.command()(extract)


def verify(
    source: Annotated[
        list[str] | None, typer.Argument(help="Text or HTML files, addresses, .jsonl files, or -.")
    ] = None,
    published: PublishedOption = None,
    lang: LangOption = None,
    sources: SourcesOption = None,
    workspace: WorkspaceOption = HERE,
    set_: SetOption = None,
    json_: Annotated[bool, typer.Option("--json", help="Print one verdict record a claim.")] = False,
    out: OutOption = None,
    replay: Annotated[
        str | None,
        typer.Option(help="Repeat this run from its record and archive, without network, and compare."),
    ] = None,
) -> None:
    """Check every claim of the articles: find evidence, archive it, weigh it, write a report."""
    if replay:
        if source or published or lang or sources or set_:
            raise InputError("--replay takes articles, sources and settings from the run; name the run alone")
        _replay(replay, workspace, json_, out)
        return
    if not source:
        raise InputError("no article was named; name files, addresses, .jsonl files, or - for standard input")
    request = make_request(source, published, lang, workspace, sources, set_ or [])
    require_ready(request)
    if request.evidence.sample:
        note("note: evidence comes from the packaged sample web; name your own with --sources FILE")
    finished = run_flow(
        "verify",
        sources=list(source),
        published=published,
        lang=lang,
        workspace=str(workspace),
        evidence=str(sources) if sources else None,
        overrides=set_ or [],
    )
    for bad in finished.bad:
        note(f"skipped: {bad}")
    _tell(request.store().read_run(finished.run), finished, json_, out)
    if finished.incomplete:
        note("some sources could not be asked; the report lists them")
        raise typer.Exit(3)


def _replay(run: str, workspace: Path, json_: bool, out: Path | None) -> None:
    """The run was repeated and compared with what it came to at first. Raises StoreError where they differ
    although the same version made both."""
    finished = run_flow("verify", sources=[], workspace=str(workspace), replay=run)
    before = open_store(workspace, load_settings(workspace)).read_run(run)
    after = Store(replay_folder(workspace, run)).read_run(run)
    _tell(after, finished, json_, out)
    first = workspace / "reports" / run
    if before.run.engine != after.run.engine:
        note(f"the run was made by {before.run.engine}, this is {after.run.engine}; what differs:")
        for difference in differences(before, after) or ["nothing in any verdict"]:
            note(f"  {difference}")
        return
    if not first.is_dir() or finished.report is None:
        note(f"{first}: the first report is not there any more, so it is not compared")
        return
    differing = files_that_differ(first, finished.report.parent)
    if differing:
        raise StoreError(
            f"{finished.report.parent}: differs from {first} in {', '.join(differing[:5])}"
            f"{' and more' if len(differing) > 5 else ''}; 'tabayyun archive check' tells whether what is"
            " archived is whole"
        )
    note(f"{first} came out again, byte for byte")


def _tell(record: RunRecord, finished: Finished, json_: bool, out: Path | None) -> None:
    """The verdicts are printed, as records or as a summary."""
    if json_ or out:
        with writing(out) as file:
            for verdict in verdict_lines(record):
                file.write(line(verdict))
    if not json_:
        _print_summary(record, finished)


def extract(
    source: ArticlesArgument,
    published: PublishedOption = None,
    lang: LangOption = None,
    excluded: Annotated[
        bool, typer.Option("--excluded", help="Also print what was left out, and why.")
    ] = False,
    sources: SourcesOption = None,
    workspace: WorkspaceOption = HERE,
    set_: SetOption = None,
    out: OutOption = None,
) -> None:
    """Print the claims of the articles, one record a line."""
    settings = load_settings(workspace, set_)
    bad: list[str] = []
    read = 0
    articles = named_articles(
        source, parse_published(published), _known(lang), settings.max_article_bytes, bad
    )
    with writing(out) as file:
        for named in articles:
            article = named.article
            if article is None:
                body = _downloaded(named.url or "", sources, workspace)
                article = article_from_bytes(
                    body, named.where, True, parse_published(published), lang, named.url
                )
            read += 1
            extraction = extract_claims(article)
            for claim in extraction.claims:
                file.write(line(claim_record(claim, article.name)))
            if excluded:
                for left in extraction.excluded:
                    file.write(line(excluded_record(left, article.name)))
    if not read:
        raise nothing_usable(bad)
    for message in bad:
        note(f"skipped: {message}")


def _known(lang: str | None) -> str | None:
    if lang not in (None, "ar", "en"):
        raise InputError(f"--lang {lang}: only ar and en are read")
    return lang


def _downloaded(url: str, sources: Path | None, workspace: Path) -> bytes:
    from claims.commands.evidence import fetched  # the fetcher is needed for addresses only

    return fetched(url, sources, workspace)


def _print_summary(record: RunRecord, finished: Finished) -> None:
    console = Console(soft_wrap=True, highlight=False)
    counts: Counter[str] = Counter()
    for checked in record.articles:
        for claim in checked.claims:
            verdict = checked.verdicts.get(claim.id)
            if verdict is None:
                continue
            counts[verdict.verdict] += 1
            said = f"  said: {verdict.said}" if verdict.said else ""
            console.print(f"{_MARKS[verdict.verdict]} {verdict.verdict}{said}", style="bold", markup=False)
            console.print(f"  {claim.text}", markup=False)
    console.print(", ".join(f"{counts[ruling]} {ruling}" for ruling in RULINGS), markup=False)
    console.print(f"report: {finished.report}", markup=False)
