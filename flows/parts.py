"""A night over many machines: its articles go out as flow runs to a work pool, a part of them in each."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import stamina
from prefect import flow, get_client
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterId
from prefect.client.schemas.objects import FlowRun
from prefect.deployments import run_deployment
from prefect.states import Crashed

from claims.intake import Named
from claims.pipeline import PartOfNight, Step, Verification, in_parts, life_of, verify_part
from flows.verify import showing

DEPLOYMENT = "part/part"
_IN_FLIGHT = 200  # parts that are handed out at a time
_LOOK_S = 2.0
_TRIES = 5
_PATIENCE_S = 600.0  # with a server that does not answer
_STARTING = 5  # times as long may pass before the first sign: a process starts and reads its models


@flow(name="part", persist_result=False)
async def part_flow(
    part: dict[str, Any], desk: str, workspace: str, overrides: list[str] | None = None
) -> int:
    """Some articles of a night, checked and handed over to the shared record whole; how many."""
    work = PartOfNight(**part)
    return await verify_part(work, Path(desk), Path(workspace), overrides or [], showing.get())


@dataclass
class _Sent:
    """A part that somebody has, and since when nothing was heard of it."""

    part: PartOfNight
    flow_run: UUID
    attempt: int
    tries: int = 1
    sign: tuple[Any, ...] = ()
    heard: float = field(default_factory=time.monotonic)


@dataclass(frozen=True)
class FanOut:
    """The articles of a night given to whoever serves the work pool, until all of them are on record.

    A part whose worker has gone silent, or whose flow run has failed, is given to another.
    """

    desk: Path
    workspace: Path
    overrides: list[str]
    silent_s: float
    size: int

    async def __call__(self, run: Verification, articles: Iterable[Named], step: Step) -> None:
        """The articles are done, or what could not be done stands among the run's failures."""
        parts = list(in_parts(run.plan, articles, self.size))
        waiting = list(reversed(parts))
        sent: dict[UUID, _Sent] = {}
        began = time.time()
        async with get_client() as client:
            while waiting or sent:
                while waiting and len(sent) < _IN_FLIGHT:
                    part = waiting.pop()
                    one = await self._send(part, 0, began)
                    sent[one.flow_run] = one
                await asyncio.sleep(_LOOK_S)
                for found in await self._states(client, list(sent)):
                    one = sent[found.id]
                    if found.state is not None and found.state.is_completed():
                        del sent[found.id]
                        run.progress("parts", len(parts) - len(waiting) - len(sent), len(parts))
                    elif self._lost(one, found):
                        del sent[found.id]
                        await _tell_lost(client, found)
                        if one.tries >= _TRIES:
                            run.bad.append(f"{one.part.name}: given up after {_TRIES} tries")
                            run.incomplete = True
                            continue
                        again = await self._send(one.part, one.attempt + 1, began)
                        again.tries = one.tries + 1
                        sent[again.flow_run] = again
        for part in parts:
            life_of(self.workspace, part).unlink(missing_ok=True)
        await run.take_over()

    async def _send(self, part: PartOfNight, attempt: int, began: float) -> _Sent:
        """The part is given out. What an earlier start of the night gave out, and is not over, is joined."""
        while True:
            made = await self._given_out(part, f"{part.name}-{attempt}")
            over = made.state is not None and made.state.is_final() and not made.state.is_completed()
            if not over or (made.created and made.created.timestamp() >= began):
                return _Sent(part, made.id, attempt)
            attempt += 1

    @stamina.retry(on=Exception, attempts=None, timeout=_PATIENCE_S, wait_max=20)
    async def _given_out(self, part: PartOfNight, name: str) -> FlowRun:
        """The flow run of this name; asked for twice it is the same one."""
        parameters = {
            "part": asdict(part),
            "desk": str(self.desk),
            "workspace": str(self.workspace),
            "overrides": self.overrides,
        }
        made: FlowRun = await run_deployment(  # type: ignore[misc]
            DEPLOYMENT,
            parameters=parameters,
            flow_run_name=name,
            idempotency_key=name,
            timeout=0,
            as_subflow=False,
        )
        return made

    async def _states(self, client: PrefectClient, ids: list[UUID]) -> list[FlowRun]:
        """The flow runs as they stand; a server that is busy or starts anew is asked for some minutes."""
        chosen = FlowRunFilter(id=FlowRunFilterId(any_=ids))
        async for attempt in stamina.retry_context(
            on=Exception, attempts=None, timeout=_PATIENCE_S, wait_max=20
        ):
            with attempt:
                return await client.read_flow_runs(flow_run_filter=chosen, limit=_IN_FLIGHT)
        raise AssertionError  # for the type checker: the last attempt has raised

    def _lost(self, one: _Sent, found: FlowRun) -> bool:
        """Whether the flow run has ended badly, or is said to go on and shows no sign of life."""
        state = found.state
        if state is None or state.is_scheduled():
            one.heard = time.monotonic()  # nobody has taken it yet
            return False
        if state.is_final():
            return True
        try:
            signed = life_of(self.workspace, one.part).stat().st_mtime_ns
        except OSError:
            signed = 0
        sign = (state.type, signed)
        if sign != one.sign:
            one.sign, one.heard = sign, time.monotonic()
        longest = self.silent_s if state.is_running() and signed else _STARTING * self.silent_s
        return time.monotonic() - one.heard > longest


async def _tell_lost(client: PrefectClient, found: FlowRun) -> None:
    """Prefect shows that the flow run's worker is gone, so that its place in the queue is free."""
    if found.state is None or not found.state.is_final():
        await client.set_flow_run_state(found.id, Crashed(message="its worker has gone silent"), force=True)
