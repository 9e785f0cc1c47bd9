"""`tabayyun verify` and `tabayyun extract`: articles in, claims and verdicts out."""

from __future__ import annotations

import asyncio
import os
import threading
from collections import Counter
from concurrent.futures import Future, wait
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from claims.commands.shared import (
    HERE,
    LangOption,
    OutOption,
    PublishedOption,
    SetOption,
    SourcesOption,
    Stopped,
    WorkspaceOption,
    line,
    note,
    progress_shown,
    writing,
)
from claims.contract import claim_record, excluded_record
from claims.errors import InputError, StoreError
from claims.extract.claims import extract_claims
from claims.intake import article_from_bytes, named_articles, nothing_usable, parse_published
from claims.model import RULINGS, RunRecord
from claims.pipeline import Finished, make_request, require_ready, verdict_lines
from claims.settings import load_settings

_PREFECT = {
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_LOGGING_LEVEL": "CRITICAL",
    "PREFECT_SERVER_LOGGING_LEVEL": "CRITICAL",
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",
}
_ORCHESTRATOR = ("prefect", "httpx", "httpcore")  # whose errors are its own
_CLOSING_S = 3.0  # for a run that is told to end
_MARKS = {"supported": "✓", "refuted": "✗", "conflicting": "≠", "not_enough_evidence": "?"}
ArticlesArgument = Annotated[
    list[str], typer.Argument(help="Text or HTML files, addresses, .jsonl files, or -.")
]


def register(app: typer.Typer) -> None:
    """The commands are known to the app."""
    app.command()(verify)
    app.command()(extract)


def verify(
    source: ArticlesArgument,
    published: PublishedOption = None,
    lang: LangOption = None,
    sources: SourcesOption = None,
    workspace: WorkspaceOption = HERE,
    set_: SetOption = None,
    json_: Annotated[bool, typer.Option("--json", help="Print one verdict record a claim.")] = False,
    out: OutOption = None,
) -> None:
    """Check every claim of the articles: find evidence, archive it, weigh it, write a report."""
    request = make_request(source, published, lang, workspace, sources, set_ or [])
    require_ready(request)
    if request.evidence.sample:
        note("note: evidence comes from the packaged sample web; name your own with --sources FILE")
    finished = _run(
        sources=list(source),
        published=published,
        lang=lang,
        workspace=str(workspace),
        evidence=str(sources) if sources else None,
        overrides=set_ or [],
    )
    for bad in finished.bad:
        note(f"skipped: {bad}")
    record = request.store().read_run(finished.run)
    if json_ or out:
        with writing(out) as file:
            for verdict in verdict_lines(record):
                file.write(line(verdict))
    if not json_:
        _print_summary(record, finished)
    if finished.incomplete:
        note("some sources could not be asked; the report lists them")
        raise typer.Exit(3)


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


def _run(**parameters: Any) -> Finished:
    """The flow, run in this process with Prefect quiet: what matters is said by us.

    It runs in a thread of its own, so that signals end it here. Prefect would answer them by telling its
    server, which the same Ctrl-C has ended, and wait.
    """
    _require_home()
    for name, value in _PREFECT.items():
        os.environ.setdefault(name, value)
    from flows.verify import showing, stop_server, verify_flow  # Prefect takes a second to import

    outcome: Future[Finished] = Future()
    under_way: list[tuple[asyncio.AbstractEventLoop, asyncio.Task[Any]]] = []

    async def flow() -> Finished:
        task = asyncio.current_task()
        if task:
            under_way.append((asyncio.get_running_loop(), task))
        finished: Finished = await verify_flow(**parameters)
        return finished

    def work() -> None:
        showing.set(progress)
        try:
            outcome.set_result(asyncio.run(flow()))
        except BaseException as error:  # raised again by whoever waits for the outcome
            outcome.set_exception(error)

    with progress_shown() as progress:
        threading.Thread(target=work, name="verify", daemon=True).start()
        try:
            return outcome.result()
        except Stopped:
            for loop, task in under_way:
                loop.call_soon_threadsafe(task.cancel)  # so that no record of the archive is cut in two
            wait([outcome], _CLOSING_S)
            stop_server()
            raise
        except Exception as error:
            if type(error).__module__.partition(".")[0] in _ORCHESTRATOR or "Prefect API server" in str(
                error
            ):
                said = " ".join(str(error).split())[:200]
                raise StoreError(
                    f"the orchestrator has failed ({type(error).__name__}: {said}); what was recorded stays, "
                    "run the same again"
                ) from None
            raise


def _require_home() -> None:
    """Prefect can keep its records. Raises StoreError at once; Prefect would try for two minutes."""
    if "PREFECT_API_URL" in os.environ:
        return  # a server elsewhere keeps them
    home = Path(os.environ.get("PREFECT_HOME") or Path.home() / ".prefect")
    try:
        home.mkdir(parents=True, exist_ok=True)
        writable = os.access(home, os.W_OK)
    except OSError:
        writable = False
    if not writable:
        raise StoreError(
            f"{home}: the orchestrator cannot write there; name a folder where it can in PREFECT_HOME"
        )


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
