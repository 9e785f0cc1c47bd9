"""`tabayyun desk`: the web application for people, and who may come in."""

from __future__ import annotations

import contextlib
import getpass
import ipaddress
import socket
import sys
from typing import Annotated

import typer

from claims.commands.shared import HERE, SetOption, SourcesOption, WorkspaceOption
from claims.commands.streams import Stopped, note
from claims.desk.accounts import Accounts
from claims.errors import ConfigError, InputError
from claims.record.publish import FILE_NAME
from claims.record.shared_store import open_store
from claims.settings import load_settings
from claims.sources import load_sources

desk_app = typer.Typer(
    help="The desk: people read what was found, decide, and publish.", invoke_without_command=True
)
account_app = typer.Typer(help="Who may come in.")
desk_app.add_typer(account_app, name="account")


def register(app: typer.Typer) -> None:
    """The commands are known to the app."""
    app.add_typer(desk_app, name="desk")


@desk_app.callback()
def desk(
    context: typer.Context,
    workspace: WorkspaceOption = HERE,
    sources: SourcesOption = None,
    host: Annotated[
        str, typer.Option(help="Address to listen on; others reach it where it is not loopback.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port; 0 takes a free one.")] = 8765,
    set_: SetOption = None,
) -> None:
    """Serve the desk of the workspace until interrupted."""
    if context.invoked_subcommand is not None:
        return
    import uvicorn  # these two take half a second that no other command should pay

    from claims.desk.app import Desk, application

    settings = load_settings(workspace, set_ or [])
    store = open_store(workspace, settings)
    if not (workspace / FILE_NAME).exists():
        raise InputError(
            f"{workspace / FILE_NAME}: nothing was published here yet; run 'tabayyun verify' first"
        )
    accounts = Accounts(workspace)
    if not accounts.all():
        raise InputError(
            "nobody may come in yet; 'tabayyun desk account add NAME --role editor' makes an account"
        )
    loopback = _is_loopback(host)
    if not loopback:
        note(f"warning: {host} can be reached by others, and passwords go unencrypted; put HTTPS before it")
    listening = _listening(host, port)
    number = listening.getsockname()[1]
    shown = f"[{host}]" if ":" in host else host
    note(f"desk: http://{shown}:{number}/ (Ctrl-C ends it)")
    hosts = frozenset({"localhost", "127.0.0.1", "::1", host.lower()}) if loopback else None
    app = application(Desk(store, settings, load_sources(sources), accounts), hosts)
    config = uvicorn.Config(
        app, log_level="warning", access_log=False, proxy_headers=False, server_header=False,
        h11_max_incomplete_event_size=32_768, timeout_keep_alive=15, limit_concurrency=200,
    )  # fmt: skip
    with contextlib.suppress(Stopped):  # the way in which it is meant to end
        uvicorn.Server(config).run(sockets=[listening])


@account_app.command()
def add(
    name: Annotated[str, typer.Argument(help="The name to sign in with; it stands with every action.")],
    role: Annotated[str, typer.Option(help="reader (reads), reviewer (decides), editor (also publishes).")],
    workspace: WorkspaceOption = HERE,
) -> None:
    """Make an account; the password is asked for, or read from standard input."""
    if sys.stdin.isatty():
        password = getpass.getpass("Password: ")
        if getpass.getpass("Again: ") != password:
            raise InputError("the two are not the same; no account was made")
    else:
        password = sys.stdin.readline().rstrip("\n")
    Accounts(workspace).add(name, role, password)
    note(f"{name} may sign in as {role}")


@account_app.command()
def disable(
    name: Annotated[str, typer.Argument(help="The account.")], workspace: WorkspaceOption = HERE
) -> None:
    """Shut an account out, at once and for good; what it did stays in the record."""
    Accounts(workspace).disable(name)
    note(f"{name} may not sign in any more")


@account_app.command(name="list")
def list_(workspace: WorkspaceOption = HERE) -> None:
    """Print the accounts with their roles."""
    for account in sorted(Accounts(workspace).all().values(), key=lambda account: account.name):
        print(f"{account.name}\t{account.role}{'	disabled' if account.disabled else ''}")


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def _listening(host: str, port: int) -> socket.socket:
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family, backlog=128)
    except OSError as error:
        raise ConfigError(
            f"--host {host} --port {port}: cannot listen there ({error.strerror or error})"
        ) from None
