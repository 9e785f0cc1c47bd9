"""The web application: who asks, what they may, and the pages and actions of the desk."""

from __future__ import annotations

import asyncio
import contextlib
import re
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.routing import Route

from claims.desk import adding, charts, publishing
from claims.desk.accounts import Account, Accounts, Role
from claims.desk.drafts import Drafts
from claims.desk.forms import Draft, draft_of, text, wanted
from claims.desk.guard import REPORT_POLICY, Guard, Refusals
from claims.desk.pages import page, static
from claims.desk.reader import PAGE, Asked, Reader
from claims.desk.sessions import COOKIE, Session, Sessions, Throttle, same
from claims.desk.visit import LANGUAGE, Visit, foreign, set_cookie, way_onward, words_of
from claims.errors import InputError, StoreBusy, TabayyunError
from claims.model import RULINGS
from claims.record.desk import Action, Moved, act, new_action, review_rows
from claims.record.store import Store
from claims.report.claimreview import FOLDER, Publisher
from claims.report.copies import view_copies
from claims.report.view import ClaimView, view_run
from claims.report.words import LANGUAGES, Words
from claims.settings import Settings
from claims.sources import Sources

_VISITOR = "visitor"
_STATES = ("open", "second_wanted", "decided", "confirmed", "rejected", "published", "joined")
_CLAIM = re.compile(r"c_[0-9a-f]{16}")
_COPY = re.compile(r"k_[0-9a-f]{16}\.html")
_SERVED = {
    ".html": "text/html",
    ".csv": "text/csv",
    ".jsonl": "application/x-ndjson",
    ".json": "application/json",
    ".parquet": "application/vnd.apache.parquet",
    ".atom": "application/atom+xml",
}
_MOST_PAGES = 100_000
_TURN_S = 0.0005


Handler = Callable[[Visit], Response]


class Desk:
    """The desk of one workspace."""

    def __init__(self, store: Store, settings: Settings, evidence: Sources, accounts: Accounts) -> None:
        self.store = store
        self.settings = settings
        self.evidence = evidence
        self.accounts = accounts
        self.reader = Reader(store)
        self.sessions = Sessions(accounts.secret())
        self.throttle = Throttle()
        self.refusals = Refusals(accounts.folder)
        self.drafts = Drafts(accounts.folder)
        self.reports = (store.workspace / "reports").resolve()
        self._hashing = asyncio.Semaphore(2)  # argon2 takes 64 MB a password

    def publish_checks(self) -> None:
        """The folder of ClaimReviews holds exactly the checks that stand published."""
        by = Publisher(self.settings.publisher, self.settings.publisher_url)
        publishing.write_published(self.reader, self.reports, by)

    # Pages

    def queue(self, visit: Visit) -> Response:
        """What waits, the most worthy and the oldest first."""
        query = visit.request.query_params
        number = query.get("page", "1")
        asked = Asked(
            verdict=query.get("verdict") if query.get("verdict") in RULINGS else None,
            state=query.get("state") if query.get("state") in _STATES else None,
            lang=query.get("of") if re.fullmatch(r"[a-z]{2,3}", query.get("of", "")) else None,
            order="age" if query.get("order") == "age" else "worth",
            page=min(int(number), _MOST_PAGES)
            if number.isascii() and number.isdigit() and int(number)
            else 1,
        )
        found, total = self.reader.queue(asked)
        filters = {"verdict": asked.verdict, "state": asked.state, "of": asked.lang, "order": asked.order}
        here = "&".join(f"{name}={value}" for name, value in filters.items() if value)
        pages = max(1, -(-total // PAGE))
        return self._page(
            visit, "queue.html", found=found, total=total, asked=asked, here=here, pages=pages, states=_STATES
        )

    def claim(self, visit: Visit) -> Response:
        """One claim with everything known of it, and what may be done."""
        return self._claim_page(visit, visit.request.path_params["claim"])

    def copy(self, visit: Visit) -> Response:
        """The archived copy of a page that the claim's verdict cites, the quotes marked."""
        claim, name = visit.request.path_params["claim"], visit.request.path_params["name"]
        valid = _CLAIM.fullmatch(claim) and _COPY.fullmatch(name)
        record = self.reader.record_of(claim) if valid else None
        for copy in view_copies(record) if record else ():
            if copy.capture.id == name.removesuffix(".html"):
                return self._page(visit, "desk_copy.html", copy=copy, claim=claim)
        raise HTTPException(404)

    def report_list(self, visit: Visit) -> Response:
        """The reports, the newest first, and the checks that are published."""
        checks = publishing.published(self.reader)
        return self._page(
            visit,
            "reports.html",
            reports=adding.reports_of(self.store.workspace, visit.words.lang),
            checks=checks,
            folder=FOLDER,
        )

    def report_file(self, visit: Visit) -> Response:
        """A file of a report, as it stands."""
        asked = visit.request.path_params["path"]
        try:
            file = (self.reports / asked).resolve()
            inside = file.is_relative_to(self.reports) and file.is_file()
        except (OSError, ValueError):
            inside = False
        hidden = any(part.startswith(".") for part in asked.split("/"))
        if not inside or hidden or file.suffix not in _SERVED:
            raise HTTPException(404, "no such file of a report")
        return FileResponse(
            file, media_type=_SERVED[file.suffix], headers={"Content-Security-Policy": REPORT_POLICY}
        )

    def charts(self, visit: Visit) -> Response:
        """How the desk's work goes."""
        with self.reader.reading() as con:
            shown = charts.charts(con, self.reader.all_actions())
        return self._page(visit, "charts.html", charts=shown)

    # Actions

    def act(self, visit: Visit) -> Response:
        """What the form asks for is recorded, or the page comes back with the draft and why not."""
        claim = visit.request.path_params["claim"]
        if not _CLAIM.fullmatch(claim):
            raise HTTPException(404)
        t, person, form = visit.words.t, visit.account.name, text(visit.form, "form", 64)
        if visit.form.get("do") == "draft":
            self.drafts.keep(person, claim, replace(draft_of(visit.form), form=form))
            return RedirectResponse(f"/claims/{claim}#act-h", 303)
        try:
            asked = wanted(visit.form)
        except InputError as error:
            self.refusals.add(visit.request.scope, str(error), visit.account.name, 422)
            return self._claim_page(visit, claim, draft_of(visit.form), t(str(error)), 422)
        if self._needs_editor(claim, asked.kind) and not visit.account.may("editor"):
            self.refusals.add(visit.request.scope, f"{asked.kind} needs an editor", visit.account.name)
            return self._claim_page(visit, claim, asked.draft, t("desk.wrong.editor"), 403)
        payload = asked.payload
        try:
            if asked.kind == "add_source":
                capture = asyncio.run(adding.fetch_source(self.store, self.evidence, payload["url"]))
                if capture.outcome != "ok":
                    self.refusals.add(
                        visit.request.scope, f"address: {capture.outcome}", visit.account.name, 422
                    )
                    said = t("desk.wrong.fetched", outcome=t(f"fetch.{capture.outcome}"))
                    return self._claim_page(visit, claim, asked.draft, said, 422)
                payload = payload | {"capture": capture.id, "url": capture.final_url or payload["url"]}
            action = new_action(
                claim, asked.kind, person, asked.reason, payload, asked.seen, form,
            )  # fmt: skip
            act(self.store, action, asked.verdict_seen, visit.account.may("editor"))
            self.reader.after_acting()
        except Moved:
            self.refusals.add(visit.request.scope, "somebody was faster", visit.account.name, 409)
            self.reader.after_acting()
            with contextlib.suppress(StoreBusy):
                self.reader.catch_up()
            return self._claim_page(visit, claim, asked.draft, t("desk.wrong.moved"), 409, asked.seen)
        except InputError as error:
            self.refusals.add(visit.request.scope, str(error), visit.account.name, 422)
            return self._claim_page(visit, claim, asked.draft, t("desk.wrong.refused", why=str(error)), 422)
        except StoreBusy:
            return self._claim_page(visit, claim, asked.draft, t("desk.wrong.busy"), 503)
        self.drafts.sent(person, claim, form)
        if asked.kind in ("publish", "reopen", "undo"):
            self.publish_checks()
        return RedirectResponse(f"/claims/{claim}#desk-log", 303)

    def sign_out(self, visit: Visit) -> Response:
        """The session is over."""
        self.sessions.end(visit.request.cookies.get(COOKIE))
        answer = RedirectResponse("/sign-in", 303)
        answer.delete_cookie(COOKIE)
        return answer

    async def sign_in(self, request: Request) -> Response:
        """The form, or a session for whoever fills it in rightly."""
        words = words_of(request, self.settings)
        visitor = self.sessions.visitor(request.cookies.get(_VISITOR))
        token = self.sessions.visitor_token(visitor)
        onward = way_onward(request.query_params.get("next"))

        def again(status: int, wrong: str | None = None, name: str = "") -> Response:
            answer = page(
                "sign_in.html", status, words=words, token=token, wrong=wrong, name=name, onward=onward,
                account=None, session=None, path=f"/sign-in?next={quote(onward)}",
            )  # fmt: skip
            set_cookie(answer, request, _VISITOR, visitor)
            return answer

        if request.method != "POST":
            return again(200)
        form = await request.form(max_fields=10)
        name, password = text(form, "name", 64).strip(), text(form, "password", 1000)
        address = request.client.host if request.client else "?"
        if not same(form.get("token"), token) or foreign(request):
            self.refusals.add(request.scope, "forged or old sign-in form")
            return again(403, words.t("desk.wrong.form"), name)
        wait = self.throttle.wait_s(name, address)
        if wait:
            self.refusals.add(request.scope, "too many wrong passwords", name, 429)
            return again(429, words.t("desk.wrong.wait", minutes=words.number(-(-wait // 60))), name)
        self.throttle.failed(name, address)  # before the answer is known, so that none slips by meanwhile
        async with self._hashing:
            account = await run_in_threadpool(self.accounts.signed_in, name, password)
        if account is None:
            self.refusals.add(request.scope, "wrong name or password", name, 401)
            return again(401, words.t("desk.wrong.password"), name)
        self.throttle.succeeded(name, address)
        self.sessions.end(request.cookies.get(COOKIE))
        answer = RedirectResponse(onward, 303)
        set_cookie(answer, request, COOKIE, self.sessions.begin(account.name))
        answer.delete_cookie(_VISITOR)
        return answer

    # Who asks

    def endpoint(self, role: Role, handler: Handler) -> Callable[[Request], Awaitable[Response]]:
        """The handler for those who are signed in with the role or one above; all others are refused."""

        async def answer(request: Request) -> Response:
            words = words_of(request, self.settings)
            session = self.sessions.of(request.cookies.get(COOKIE))
            account = self.accounts.all().get(session.account) if session else None
            if session is None or account is None or account.disabled:
                self.refusals.add(request.scope, "not signed in", status=303)
                onward = f"?next={quote(request.url.path)}" if request.method == "GET" else ""
                return RedirectResponse(f"/sign-in{onward}", 303)
            if not account.may(role):
                self.refusals.add(request.scope, f"needs the role {role}", account.name)
                return self._error(request, words, 403, words.t("desk.wrong.role"), account, session)
            form: Mapping[str, Any] = {}
            if request.method == "POST":
                form = await request.form(max_fields=40)
                if not same(form.get("token"), session.token) or foreign(request):
                    self.refusals.add(request.scope, "forged or missing token", account.name)
                    return self._error(request, words, 403, words.t("desk.wrong.form"), account, session)
            visit = Visit(request, account, session, words, form)
            try:
                made = await run_in_threadpool(handler, visit)
            except HTTPException as error:
                self.refusals.add(request.scope, error.detail, account.name, error.status_code)
                return self._error(
                    request, words, error.status_code, words.t("desk.wrong.nothing"), account, session
                )
            except TabayyunError as error:
                return self._error(request, words, 500, str(error), account, session)
            if request.query_params.get("lang") in LANGUAGES:
                set_cookie(made, request, LANGUAGE, words.lang)
            return made

        return answer

    async def nothing_here(self, request: Request, error: Exception) -> Response:
        """The answer for addresses and methods that the desk does not have."""
        status = error.status_code if isinstance(error, HTTPException) else 500
        self.refusals.add(request.scope, "no such page", status=status)
        words = words_of(request, self.settings)
        return self._error(request, words, status, words.t("desk.wrong.nothing"), None, None)

    def _error(
        self, request: Request, words: Words, status: int, said: str, account: Account | None,
        session: Session | None,
    ) -> Response:  # fmt: skip
        return page("error.html", status, words=words, said=said, account=account, session=session, path="/")

    def _page(self, visit: Visit, template: str, status: int = 200, **given: object) -> Response:
        return page(
            template, status, words=visit.words, account=visit.account, session=visit.session,
            path=visit.request.url.path, **given,
        )  # fmt: skip

    def _claim_page(
        self, visit: Visit, claim: str, draft: Draft | None = None, wrong: str | None = None,
        status: int = 200, seen: str | None = None,
    ) -> Response:  # fmt: skip
        log = self.reader.log(claim)
        found = self.reader.claim(claim) if _CLAIM.fullmatch(claim) else None
        if found is None:
            raise HTTPException(404)
        record = found.with_reviews(review_rows(log))
        held = self.reader.standing_of(claim)
        shown: ClaimView = view_run(record).articles[0].claims[0]
        pages = sorted({item.url for item in shown.verdict.evidence}) if shown.verdict else []
        return self._page(
            visit, "desk_claim.html", status, shown=shown, held=held, log=log,
            draft=draft or self.drafts.of(visit.account.name, claim),
            wrong=wrong, engine=found.engine, pages=pages, rulings=RULINGS, run=record.run,
            new=_since(log, seen) if status == 409 else (), root=f"/claims/{claim}/",
            alike=self.reader.alike(claim),
            undone={action.payload.get("undoes") for action in log},
        )  # fmt: skip

    def _needs_editor(self, claim: str, kind: str) -> bool:
        published = self.reader.standing_of(claim).state == "published"
        return kind == "publish" or (published and kind in ("reopen", "undo"))


def application(desk: Desk, hosts: frozenset[str] | None) -> Guard:
    """The desk as an ASGI application. `hosts` are the names it answers to; None: any."""
    page_of = desk.endpoint
    routes = [
        Route("/", page_of("reader", desk.queue)),
        Route("/sign-in", desk.sign_in, methods=["GET", "POST"]),
        Route("/sign-out", page_of("reader", desk.sign_out), methods=["POST"]),
        Route("/claims/{claim}", page_of("reader", desk.claim)),
        Route("/claims/{claim}/act", page_of("reviewer", desk.act), methods=["POST"]),
        Route("/claims/{claim}/copies/{name}", page_of("reader", desk.copy)),
        Route("/reports", page_of("reader", desk.report_list)),
        Route("/reports/{path:path}", page_of("reader", desk.report_file)),
        Route("/charts", page_of("reader", desk.charts)),
        Route("/static/{name}", _static),
    ]

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        # A claim is read with some twenty questions to DuckDB, and other threads run during each: to get
        # its turn back afterwards a thread may wait for this long, at Python's own choice for 5 ms
        sys.setswitchinterval(_TURN_S)
        await run_in_threadpool(desk.reader.start)
        await run_in_threadpool(desk.publish_checks)
        try:
            yield
        finally:
            await run_in_threadpool(desk.reader.close)

    handlers: Any = {404: desk.nothing_here, 405: desk.nothing_here}
    return Guard(
        Starlette(routes=routes, lifespan=lifespan, exception_handlers=handlers), desk.refusals, hosts
    )


async def _static(request: Request) -> Response:
    found = static(request.path_params["name"])
    if found is None:
        raise HTTPException(404)
    body, media_type = found
    return Response(body, media_type=media_type, headers={"Cache-Control": "max-age=300"})


def _since(log: tuple[Action, ...], seen: str | None) -> tuple[Action, ...]:
    places = [at for at, action in enumerate(log) if action.id == seen]
    return log[places[0] + 1 :] if places else log
