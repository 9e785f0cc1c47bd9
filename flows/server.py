"""Prefect's temporary server: it ends with the process that it was started for, however that ends."""

from __future__ import annotations

import subprocess
from typing import Any

from prefect.server.api.server import SubprocessASGIServer

_PORT_TAKEN = 3  # how it ends before Prefect starts it at another port


class _Mortal(SubprocessASGIServer):
    """The server that Prefect starts where no other is named.

    Prefect ends it when this process comes to its end by itself. A process that is killed cannot: then a
    shell, which waits for this process on a pipe, ends it.
    """

    _watcher: subprocess.Popen[bytes] | None = None

    def _run_uvicorn_command(self) -> subprocess.Popen[Any]:
        server = super()._run_uvicorn_command()
        self._dismiss()  # of a server whose port was taken
        self._watcher = subprocess.Popen(  # noqa: S603
            ["/bin/sh", "-c", f"read _; kill {server.pid}"],
            stdin=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # so that Ctrl-C does not end it before its time
        )
        return server

    def stop(self) -> None:
        """The server has ended."""
        self._dismiss()  # first: it would end whatever has the number of the server by then
        super().stop()

    def _dismiss(self) -> None:
        if self._watcher:
            self._watcher.kill()
            self._watcher.wait()
            self._watcher = None


def server_ends_with_us() -> None:
    """Prefect's temporary server, should it be started from now on, ends with this process."""
    _Mortal()  # Prefect keeps one server for each port, and takes the one that is there


def server_died() -> bool:
    """Whether a server that Prefect started for this process has ended by itself."""
    processes = [server.server_process for server in list(SubprocessASGIServer._instances.values())]
    return any(process is not None and process.poll() not in (None, _PORT_TAKEN) for process in processes)


def stop_server() -> None:
    """The server that Prefect started for this process has ended."""
    for server in list(SubprocessASGIServer._instances.values()):
        server.stop()
