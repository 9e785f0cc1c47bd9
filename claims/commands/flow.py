"""A flow, run from the command line."""

from __future__ import annotations

import asyncio
import importlib
import os
import threading
from concurrent.futures import Future, wait
from pathlib import Path
from typing import Any

from claims.commands.streams import Stopped, progress_shown
from claims.errors import StoreError
from claims.pipeline import Finished

_PREFECT = {
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_LOGGING_LEVEL": "CRITICAL",
    "PREFECT_SERVER_LOGGING_LEVEL": "CRITICAL",
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",
    # Tasks are recorded many at a time, a third of the work of one by one, and no later than the eye sees
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_BATCH_SIZE": "64",
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_READ_BATCH_SIZE": "64",
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_FLUSH_INTERVAL": "1",
}
# What a server that lives for one run has no use for, and that would look for work all the time
_UNUSED = (
    *("SCHEDULER", "LATE_RUNS", "FOREMAN", "CANCELLATION_CLEANUP", "PAUSE_EXPIRATIONS", "TRIGGERS"),
    *("REPOSSESSOR", "CLEANUP_RECONCILER"),
)
_ORCHESTRATOR = ("prefect", "httpx", "httpcore")  # whose errors are its own
_CLOSING_S = 3.0  # for a run that is told to end
_LOOK_S = 1.0  # between two looks at the server of our own

_UnderWay = tuple[asyncio.AbstractEventLoop, asyncio.Task[Any]]


def run_flow(name: str, **parameters: Any) -> Finished:
    """What the flow of this name came to, run in this process with Prefect quiet: what matters is said by us.

    It runs in a thread of its own, so that signals end it here. Prefect would answer them by telling its
    server, which the same Ctrl-C has ended, and wait.
    """
    _require_home()
    for variable, value in _PREFECT.items():
        os.environ.setdefault(variable, value)
    from flows.verify import showing  # Prefect takes a second to import

    own_server = "PREFECT_API_URL" not in os.environ
    if own_server:
        from flows.server import server_died, server_ends_with_us, stop_server  # another second

        for service in _UNUSED:
            os.environ.setdefault(f"PREFECT_SERVER_SERVICES_{service}_ENABLED", "false")
        server_ends_with_us()
    made: Any = getattr(importlib.import_module(f"flows.{name}"), f"{name}_flow")

    outcome: Future[Finished] = Future()
    under_way: list[_UnderWay] = []

    async def flow() -> Finished:
        task = asyncio.current_task()
        if task:
            under_way.append((asyncio.get_running_loop(), task))
        finished: Finished = await made(**parameters)
        return finished

    def work() -> None:
        showing.set(progress)
        try:
            outcome.set_result(asyncio.run(flow()))
        except BaseException as error:  # raised again by whoever waits for the outcome
            outcome.set_exception(error)

    with progress_shown() as progress:
        threading.Thread(target=work, name=name, daemon=True).start()
        try:
            while not wait([outcome], _LOOK_S).done:
                if own_server and server_died():  # Prefect would go on asking it for minutes
                    _close(under_way, outcome)
                    raise StoreError(
                        "the orchestrator's server has ended; what was recorded stays, run the same again"
                    )
            return outcome.result()
        except Stopped:
            _close(under_way, outcome)
            if own_server:
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


def _close(under_way: list[_UnderWay], outcome: Future[Finished]) -> None:
    """The run was told to end, and given time to, so that no record of the archive is cut in two."""
    for loop, task in under_way:
        loop.call_soon_threadsafe(task.cancel)
    wait([outcome], _CLOSING_S)


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
