"""How far a call came before it failed, as httpcore tells it: what never left this machine is known for certain.

The class of an error does not tell: the silence of a proxy that is asked for a tunnel is the same `ReadTimeout` as the
silence of a vendor that has taken the call.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from enum import StrEnum
from types import TracebackType
from typing import Any, Self

ROAD_SILENCES = 2
"""Until a call leaves it takes at most this many time-outs: httpcore has none for what it talks with a SOCKS proxy."""

CALL_SILENCES = 6
"""A call as a whole takes at most this many, so that an answer that drips has an end."""


class Stage(StrEnum):
    """The parts of a call's way, in their order. Some roads lack some; a line that was kept lacks all but the last."""

    CONNECT = "connect"
    """Finding and reaching the first machine: the vendor, or a proxy."""
    SECURE = "secure"
    """Speaking TLS with it."""
    TUNNEL = "tunnel"
    """Asking the proxy for a way to the vendor."""
    SECURE_TUNNEL = "secure_tunnel"
    """Speaking TLS with the vendor through it."""
    SENT = "sent"
    """From the first byte of the call on: the vendor may have it."""


STAGES: Mapping[str, Stage] = {
    "connection.connect_tcp.started": Stage.CONNECT,
    "connection.start_tls.started": Stage.SECURE,
    "proxy.start_tls.started": Stage.SECURE_TUNNEL,
    "socks.connect_tcp.started": Stage.CONNECT,
    "socks.setup_socks5_connection.started": Stage.TUNNEL,
    "socks.start_tls.started": Stage.SECURE_TUNNEL,
    "http11.send_request_headers.started": Stage.SENT,
}
"""What httpcore calls the beginning of each in its `trace` extension; asking an HTTP proxy is a request as well."""


class Way:
    """The way of one call, to be entered around it: ends it where it takes too long. `seconds` is one time-out."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._line: Any = None
        self.stage: Stage | None = None
        """None: nothing began, or what stands in the network's place does not tell."""
        self.is_new = False
        """The line was made for this call."""

    async def __aenter__(self) -> Self:
        self._limit = asyncio.timeout(self._seconds * CALL_SILENCES)
        self._end = self._limit.when()
        await self._limit.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Close a line on which the call never left: httpcore leaves it open where a SOCKS proxy does not comply.

        Raises: TimeoutError where the call took too long.
        """
        if self._line is not None:
            await self._line.aclose()
        await self._limit.__aexit__(kind, error, traceback)

    async def trace(self, event: str, info: Mapping[str, Any]) -> None:
        """Hear from httpcore what it does next."""
        if event.endswith(".connect_tcp.complete"):
            self._line = info["return_value"]
        stage = STAGES.get(event)
        if stage is Stage.SENT and info["request"].method == b"CONNECT":
            stage = Stage.TUNNEL
        if stage is Stage.CONNECT:
            self.is_new = True
            self._limit.reschedule(asyncio.get_running_loop().time() + self._seconds * ROAD_SILENCES)
        elif stage is Stage.SENT:
            self._line = None
            self._limit.reschedule(self._end)
        self.stage = stage or self.stage
