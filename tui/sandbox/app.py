"""The sandbox as an ASGI app: three dialects under one origin, and a control route that makes it fail.

The dialects are at `/juzi/api/v1/…`, `/useasy/openapi/crm/…` and `/ima/basic/openapi/v1/…`. `GET /sandbox/faults` tells
the faults that are set, `POST /sandbox/faults` with `{"faults": ["drop-after:add_follow:count=1"]}` replaces them, and
`GET /sandbox/calls` counts the calls that came in since the start.
"""

import asyncio
import sqlite3
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from email.utils import formatdate
from pathlib import Path
from typing import Final, TypeVar

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route as Address
from starlette.routing import Router
from starlette.types import Receive, Scope, Send

from tui.sandbox import ima, juzi, useasy
from tui.sandbox.faults import Dropped, FaultKind, Faults, InjectedFault
from tui.sandbox.tables import connect
from tui.sandbox.wire import Call, RefusedError, Route, Vendor, WireAnswer, encode

DIALECTS: Final = (juzi.DIALECT, useasy.DIALECT, ima.DIALECT)

DEFAULT_CUSTOMERS: Final = 5000
"""How many customers the demo has."""

_JSON: Final = "application/json; charset=utf-8"
_GATEWAY_PAGE: Final = (
    "<html>\r\n<head><title>{status}</title></head>\r\n<body>\r\n<center><h1>{status}</h1></center>\r\n"
    "<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
)
_GARBAGE: Final = b'\x1f{"errcode": 0, "data": [<<<'
_FAULT_CODE: Final = "-1"
"""The code of a `code` fault that names none."""


class Sandbox:
    """The ASGI app. `close` it when no call is under way any more.

    Called in-process, a dropped connection raises `Dropped`; over TCP `tui.sandbox.serve` closes the connection.
    """

    def __init__(
        self, database: Path, customers: int, faults: Faults | None = None, clock: Callable[[], float] = time.time
    ) -> None:
        self.faults = faults or Faults()
        self.calls: Counter[str] = Counter()
        """How often each `METHOD /path` was called, refused and dropped calls included."""
        self.clock = clock
        self.database = SandboxDatabase(database, customers)
        self._router = Router(
            [
                *(
                    Address(dialect.prefix + route.path, _Endpoint(self, dialect, route), methods=[route.method])
                    for dialect in DIALECTS
                    for route in dialect.routes
                ),
                Address("/sandbox/faults", self._show_faults, methods=["GET"]),
                Address("/sandbox/faults", self._set_faults, methods=["POST"]),
                Address("/sandbox/calls", self._show_calls, methods=["GET"]),
            ],
            redirect_slashes=False,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one HTTP request; anything else is no business of the sandbox."""
        if scope["type"] == "http":
            await self._router(scope, receive, send)

    def close(self) -> None:
        """Close the database. Blocks until the work under way is done."""
        self.database.close()

    async def _show_faults(self, request: Request) -> Response:
        return _json({"faults": self.faults.report()})

    async def _set_faults(self, request: Request) -> Response:
        try:
            body = await request.json()
            texts = body["faults"]
            self.faults.set([InjectedFault.parse(text) for text in texts])
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            return _json({"error": str(error), "expected": {"faults": ["drop-after:add_follow:count=1"]}}, 400)
        return _json({"faults": self.faults.report()})

    async def _show_calls(self, request: Request) -> Response:
        return _json({"calls": dict(self.calls)})


def create_app(
    database: Path,
    *,
    customers: int = DEFAULT_CUSTOMERS,
    faults: Faults | None = None,
    clock: Callable[[], float] = time.time,
) -> Sandbox:
    """The sandbox on one database file, which the first call seeds with so many customers where it is missing.

    Nothing is opened before the first call. Several processes may share the file.
    """
    return Sandbox(database, customers, faults, clock)


class _Endpoint:
    """One address: reads the call, lets the faults strike, has the dialect answer it, and sends the answer."""

    def __init__(self, sandbox: Sandbox, dialect: Vendor, route: Route) -> None:
        self._sandbox = sandbox
        self._dialect = dialect
        self._route = route
        self._under_way = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        name = f"{request.method} {request.url.path}"
        self._sandbox.calls[name] += 1
        struck = self._sandbox.faults.strike(name)
        self._under_way += 1
        try:
            response = await self._respond(request, name, struck)
        finally:
            self._under_way -= 1
        response.headers["date"] = formatdate(self._sandbox.clock(), usegmt=True)
        if FaultKind.TRUNCATE in struck:
            await _send_half(response, send)
            raise Dropped(f"{name}: closed half-way through the answer")
        await response(scope, receive, send)

    async def _respond(self, request: Request, name: str, struck: dict[FaultKind, InjectedFault]) -> Response:
        too_many = self._route.at_once is not None and self._under_way > self._route.at_once
        body = await request.body()
        if fault := struck.get(FaultKind.LATENCY):
            await asyncio.sleep(fault.seconds)
        if FaultKind.DROP_BEFORE in struck:
            raise Dropped(f"{name}: closed before anything was done")
        if fault := struck.get(FaultKind.STATUS) or struck.get(FaultKind.HTML):
            return _bare(fault)
        call = Call(
            query=request.query_params,
            headers=request.headers,
            path=request.path_params,
            body=body,
            now=self._sandbox.clock(),
            refusal=lambda: self._sandbox.faults.refusal(name),
        )
        try:
            self._dialect.authorise(call)
            if fault := struck.get(FaultKind.CODE):
                raise RefusedError(fault.code or _FAULT_CODE, fault.message or "sandbox fault", fault.status or 200)
            if too_many:
                raise self._dialect.busy
            text, status = await self._sandbox.database.run(lambda connection: self._answer(connection, call))
        except RefusedError as error:
            text, status = _text(self._dialect.refuse(error))
        except (sqlite3.Error, OSError) as error:
            return Response(f"the sandbox's database failed: {error}\n", 500, media_type="text/plain")
        if fault := struck.get(FaultKind.STALL):
            await asyncio.sleep(fault.seconds)
        if FaultKind.DROP_AFTER in struck:
            raise Dropped(f"{name}: applied, and closed without an answer")
        if FaultKind.GARBAGE in struck:
            return Response(_GARBAGE, media_type=_JSON)
        return Response(text, status, media_type=_JSON)

    def _answer(self, connection: sqlite3.Connection, call: Call) -> tuple[str, int]:
        """Runs on the database's thread, and so does the encoding of what may be a thousand customers."""
        return _text(self._route.handler(connection, call))


def _text(answer: WireAnswer) -> tuple[str, int]:
    return encode(answer.body), answer.status


def _json(body: object, status: int = 200) -> Response:
    return Response(encode(body), status, media_type=_JSON)


def _bare(fault: InjectedFault) -> Response:
    """A status with no vendor behind it: from a gateway, as a page, or as a line of text."""
    headers = {"retry-after": fault.retry_after} if fault.retry_after else None
    if fault.kind is FaultKind.HTML:
        return Response(_GATEWAY_PAGE.format(status=fault.status), fault.status, headers, "text/html")
    return Response(fault.message, fault.status, headers, "text/plain")


async def _send_half(response: Response, send: Send) -> None:
    """The head of the answer, which promises all of it, and half of its body."""
    await send({"type": "http.response.start", "status": response.status_code, "headers": response.raw_headers})
    half = bytes(response.body)[: len(response.body) // 2]
    await send({"type": "http.response.body", "body": half, "more_body": True})


T = TypeVar("T")


class SandboxDatabase:
    """One SQLite file, and the one thread that works on it. Opening waits until the first piece of work.

    So neither a slow query nor another process's write ever stops the event loop of the desk in whose process it runs.
    """

    def __init__(self, path: Path, customers: int) -> None:
        self._path = path
        self._customers = customers
        self._connection: sqlite3.Connection | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="kehu-sandbox")

    async def run(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Do one piece of work on the thread. It is done to its end, even if nobody waits for it any more.

        Raises:
            sqlite3.Error: the database cannot be opened, or the work failed in it.
            OSError: the database is missing and cannot be written.
        """
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._work, work)

    def close(self) -> None:
        """Finish the work under way, and close the file."""
        self._thread.submit(self._close).result()
        self._thread.shutdown()

    def _work(self, work: Callable[[sqlite3.Connection], T]) -> T:
        if self._connection is None:
            if not self._path.exists():
                from tui.sandbox.seed import seed  # the word lists are needed once in the life of a database

                seed(self._path, self._customers)
            self._connection = connect(self._path)
        return work(self._connection)

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
