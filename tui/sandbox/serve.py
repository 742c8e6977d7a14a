"""Serve the sandbox on a loopback port, for programs that want to speak to it over TCP.

Standard output gets one line, a JSON object with the address and the test credentials of each dialect, once connections
are accepted. SIGINT and SIGTERM end it.
"""

import json
import signal
import socket
import sys
from asyncio import Transport, run
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Final

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from tui.sandbox.app import DEFAULT_CUSTOMERS, create_app
from tui.sandbox.demo import DEMO_ORIGIN, DEMO_PROFILES
from tui.sandbox.faults import Dropped, Faults
from tui.sandbox.seed import seed

LOOPBACK: Final = "127.0.0.1"
"""The one address that is served: the test credentials are public."""

_GRACE_SECONDS: Final = 2
"""How long calls under way may take once the server is told to stop."""

_TOLD_FROM: Final = 10_000
"""From so many customers on, seeding takes long enough to be told about."""

_TRANSPORT: Final = "kehu.transport"


def _print_line(facts: Mapping[str, object]) -> None:
    print(json.dumps(facts), flush=True)  # noqa: T201


def _print_told(text: str) -> None:
    print(text, file=sys.stderr, flush=True)  # noqa: T201


def serve(
    database: Path,
    port: int,
    customers: int = DEFAULT_CUSTOMERS,
    faults: Faults | None = None,
    *,
    announce: Callable[[Mapping[str, object]], None] = _print_line,
    tell: Callable[[str], None] = _print_told,
) -> None:
    """Serve until SIGINT or SIGTERM; port 0 takes a free one. Call it in the main thread.

    A number of customers other than the demo's has a file of its own beside `database` (`file_for`), so that the demo
    keeps its people. `announce` is told where it listens, its file and the credentials once it does; `tell`, in words,
    how far a long seeding has come.

    Raises:
        SeedMismatchError: the file holds another number of customers.
        OSError: the port is taken, or the database cannot be written.
        sqlite3.Error: the database cannot be written.
    """
    path = file_for(database, customers)
    with socket.create_server((LOOPBACK, port)) as listener:
        _serve(listener, path, customers, faults, announce, tell)


def _serve(
    listener: socket.socket,
    path: Path,
    customers: int,
    faults: Faults | None,
    announce: Callable[[Mapping[str, object]], None],
    tell: Callable[[str], None],
) -> None:
    # asyncio sees to it for sockets that name TCP alone; else head and body of an answer are 40 ms apart.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    seed(path, customers, progress=_teller(tell) if customers >= _TOLD_FROM and not path.exists() else None)
    app = create_app(path, customers=customers, faults=faults)
    server = _Server(partial(announce, _announcement(listener, path)), app)
    # uvicorn raises the signal that ended it once more when it is done, and would so turn being asked to stop into a
    # failure; with its own handler in place it stops just as well before it has begun to listen for signals itself.
    before = {number: signal.signal(number, server.handle_exit) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        run(server.serve([listener]))
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        app.close()


def file_for(database: Path, customers: int) -> Path:
    """The file for so many customers: `sandbox.db` for the demo's number, `sandbox-200.db` beside it for 200."""
    return database if customers == DEFAULT_CUSTOMERS else database.with_stem(f"{database.stem}-{customers}")


class Hangup:
    """Closes the TCP connection where the sandbox drops it, after what was sent before."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or a part of it."""
        try:
            await self._app(scope, receive, send)
        except Dropped:
            transport: Transport = scope["state"][_TRANSPORT]
            transport.close()
            while (await receive())["type"] != "http.disconnect":
                pass  # until uvicorn knows, it would answer with a 500


class HangupProtocol(H11Protocol):
    """uvicorn's HTTP/1.1, with the connection in the `state` of each request's scope."""

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        """Keep the connection where `Hangup` finds it."""
        super().connection_made(transport)
        self.app_state = {**self.app_state, _TRANSPORT: transport}


def configure(app: ASGIApp) -> uvicorn.Config:
    """How uvicorn serves the sandbox: quietly (its addresses hold tokens), and able to hang up."""
    return uvicorn.Config(
        Hangup(app),
        http=HangupProtocol,
        ws="none",
        loop="asyncio",
        lifespan="off",
        log_config=None,
        log_level="critical",
        access_log=False,
        date_header=False,
        server_header=False,
        timeout_graceful_shutdown=_GRACE_SECONDS,
    )


class _Server(uvicorn.Server):
    """A server that says when it is ready."""

    def __init__(self, announce: Callable[[], None], app: ASGIApp) -> None:
        super().__init__(configure(app))
        self._announce = announce

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._announce()


def _announcement(listener: socket.socket, database: Path) -> Mapping[str, object]:
    address = f"http://{LOOPBACK}:{listener.getsockname()[1]}"
    profiles = {
        profile["dialect"]: {
            key: value.replace(DEMO_ORIGIN, address) for key, value in profile.items() if key != "dialect"
        }
        for profile in DEMO_PROFILES.values()
    }
    return {"address": address, "database": str(database), **profiles}


def _teller(tell: Callable[[str], None]) -> Callable[[int, int], None]:
    def progress(written: int, customers: int) -> None:
        if written % _TOLD_FROM == 0 or written == customers:
            tell(f"seeding the sandbox: {written:,} of {customers:,}")

    return progress
