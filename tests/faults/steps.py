"""The steps of a write at which a process can be killed, and how it comes to its death there.

The hooks are laid around the store and the transport of one process of the tests; the program itself knows none.
"""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable
from typing import Any, Final

import httpx

from tui.store.store import Store

RECORDING: Final = ("before-record", "half-recorded", "recorded")
CLAIMING: Final = ("before-claim", "half-claimed", "claimed")
SENDING: Final = ("before-send", "sent", "waiting", "answered")
SETTLING: Final = ("before-settle", "half-settled", "settled")
STEPS: Final = (*RECORDING, *CLAIMING, *SENDING, *SETTLING)
"""Every step, in its order: `half-…` is inside the transaction, `waiting` a moment after the call has gone out."""

MOMENT: Final = 0.05
"""Seconds that a call which has gone out is waited for before the process dies `waiting`."""

WRITES: Final = ("/add", "/update", "/delete", "/set_remark", "/add_follow")
"""Ends of the paths of calls that change something; ima's have the one path for all."""

_TRACED: Final = {
    "before-send": "http11.send_request_headers.started",
    "sent": "http11.send_request_body.complete",
    "waiting": "http11.send_request_body.complete",
    "answered": "http11.receive_response_body.complete",
}
"""What httpcore says of a request's way at each step."""


def die() -> None:
    """End this process as a power cut would end it."""
    os.kill(os.getpid(), signal.SIGKILL)


def lay_on(store: Store, step: str) -> None:
    """Have the process die at `step`, if it is one of the store's."""
    for steps, name in ((RECORDING, "add"), (CLAIMING, "claim"), (SETTLING, "settle")):
        if step in steps:
            setattr(store.changes, name, _deadly(store, getattr(store.changes, name), steps.index(step)))


def _deadly(store: Store, call: Callable[..., Any], place: int) -> Callable[..., Any]:
    """`call` with death before it (`place` 0), inside its transaction (1), or after it (2)."""

    def before_commit(statement: str) -> None:
        if statement.startswith("COMMIT"):
            die()

    def deadly(*arguments: Any, **named: Any) -> Any:
        if place == 0:
            die()
        if place == 1:
            store._database.connection.set_trace_callback(before_commit)
        result = call(*arguments, **named)
        die()
        return result

    return deadly


class DeadlyTransport(httpx.AsyncHTTPTransport):
    """The network, with death at `step` of the first write that passes, if it is one of the line's."""

    def __init__(self, step: str) -> None:
        super().__init__(verify=False)  # plain HTTP, and reading the trusted certificates takes longer than a run
        self._event = _TRACED.get(step)
        self._later = step == "waiting"

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send `request`."""
        if self._event is not None and _changes_something(request):
            request.extensions["trace"] = self._trace
        return await super().handle_async_request(request)

    async def _trace(self, event: str, info: object) -> None:
        if event == self._event:
            if self._later:
                asyncio.get_running_loop().call_later(MOMENT, die)
            else:
                die()


def _changes_something(request: httpx.Request) -> bool:
    path = request.url.path
    return path.endswith(WRITES) or (request.method in ("POST", "PUT") and path.startswith("/ima/"))
