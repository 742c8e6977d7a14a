"""One profile's HTTP conversation with its vendor: authorised, capped, retried where that does no harm.

Every failure is one `KehuError`. httpx's errors are never chained to it: they hold the request, whose address or
headers are signed by then, and a crash report that shows local variables would show it.
"""

from __future__ import annotations

import asyncio
import logging
import os
import random
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from enum import StrEnum
from functools import cached_property

import httpx
from socksio import SOCKSError

from tui.client.body import ACCEPT_ENCODING, encoded, read_body
from tui.client.departure import note_departure
from tui.client.error_mapping import LineFault, date_of
from tui.client.response_log import LoggedResponse
from tui.client.response_reader import Hit, Miss, Replies, Reply
from tui.client.road import Road, find_road, vendor_url
from tui.client.road_faults import LOGIN_STATUS, TUNNEL_LOGIN, fault_of
from tui.client.service import ConnectionInfo, ServiceSettings
from tui.client.stages import Way
from tui.model.errors import (
    N_,
    InvalidError,
    KehuError,
    NetworkError,
    OutcomeUnknownError,
    ProtocolError,
    VendorError,
)

ATTEMPTS = 3
"""Of a call that may be repeated: one, and two more."""
FIRST_WAIT = 0.5
"""Seconds before the second attempt; each further wait is twice as long, and jitter takes up to half of it away."""
LONGEST_WAIT = 30.0
"""Seconds that a vendor's Retry-After is waited for; what asks for more is told to the person instead."""
LAST_START = 45.0
"""Seconds after the first attempt began in which a further one may begin."""
HTTP_LOGGERS = (
    "httpx",
    "httpcore.connection",
    "httpcore.http11",
    "httpcore.http2",
    "httpcore.proxy",
    "httpcore.socks",
)
"""Whoever in httpx writes to a log."""

log = logging.getLogger("tui.client")


class Effect(StrEnum):
    """What a call does at the vendor, and so whether it may be sent again."""

    READ = "read"
    """Changes nothing: tried again with backoff and jitter."""
    REPEATABLE = "repeatable"
    """A write that twice is the same as once: tried again likewise."""
    ONCE = "once"
    """A write that must not happen twice: never tried again."""


class Transport:
    """The one `httpx.AsyncClient` of a profile: TLS verified, redirects not followed, calls and answers bounded.

    `auth` authorises each attempt afresh, and `judge` says what an answer stands for (`Replies`). `transport` replaces
    the network. `pause` waits and `now` tells the time, in seconds.
    """

    def __init__(
        self,
        settings: ServiceSettings,
        auth: httpx.Auth,
        judge: Callable[[Reply], None],
        transport: httpx.AsyncBaseTransport | None = None,
        *,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._settings = settings
        self._base = vendor_url(settings)
        self._base_text = str(self._base).rstrip("/")
        self._auth = auth
        self._transport = transport
        self._road: Road | None = None
        self._pause = pause
        self._now = now
        self.replies = Replies(settings, judge, now)
        self._slots = asyncio.Semaphore(settings.concurrency)
        self.connection_info: ConnectionInfo | None = None
        """Of the last call that was answered, whatever the answer was."""

    @cached_property
    def _client(self) -> httpx.AsyncClient:
        """Made at the first call: reading the authorities takes longer than the desk's first frame may.

        Raises: RoadError, and the next call tries again: a file that is put right needs no new start.
        """
        _hush_http_loggers()
        network = self._transport
        if network is None:
            self._road = find_road(self._settings, os.environ)
            network = self._road.transport(self._settings.concurrency)
        return httpx.AsyncClient(
            auth=self._auth,
            base_url=self._base,
            headers={"Accept": "application/json", "Accept-Encoding": ACCEPT_ENCODING, "User-Agent": "kehu"},
            timeout=self._settings.timeout,
            follow_redirects=False,
            transport=network,
            trust_env=False,
        )

    def require_road(self) -> None:
        """Go on where calls can be made at all, as far as this machine's own settings go.

        Raises: RoadError.
        """
        _ = self._client

    async def call(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        body: object | None = None,
    ) -> Mapping[str, object]:
        """The JSON object that the vendor answers to a read, once the dialect's `judge` is content with it.

        `path` is below base_url, its ids quoted; `body` is sent as JSON.

        Raises: KehuError.
        """
        return (await self._answered(method, path, Effect.READ, params, body)).data

    async def write(
        self,
        method: str,
        path: str,
        effect: Effect,
        *,
        params: Mapping[str, str] | None = None,
        body: object | None = None,
    ) -> LoggedResponse:
        """The same for a write with `effect`, and the answer as it may be kept.

        Raises: KehuError. A write that may have been applied raises `OutcomeUnknownError` where it must not be sent
        again; where it may, its error is `unclear`.
        """
        hit = await self._answered(method, path, effect, params, body)
        return LoggedResponse(hit.data, self.replies.to_keep(hit.data, hit.signatures))

    async def _answered(
        self, method: str, path: str, effect: Effect, params: Mapping[str, str] | None, body: object | None
    ) -> Hit:
        """The answer to a call, tried as often as `effect` allows."""
        content = encoded(body, params or {})
        began = time.monotonic()
        unclear = False
        attempt = 0
        while True:
            attempt += 1
            if effect is not Effect.READ:
                note_departure()
            outcome = await self._attempt(method, path, params, content, writes=effect is not Effect.READ)
            if not isinstance(outcome, Miss):
                return outcome
            unclear = unclear or outcome.unclear
            wait = None if effect is Effect.ONCE or not outcome.again else _wait(attempt, outcome.error, began)
            if wait is None:
                break
            log.debug("%s %s: attempt %d failed, next in %.1f s", method, path, attempt, wait)
            await self._pause(wait)
        if effect is Effect.ONCE and unclear:
            raise self._unknown(outcome.error) from outcome.error
        outcome.error.unclear = unclear and effect is Effect.REPEATABLE
        raise outcome.error

    async def aclose(self) -> None:
        """Close the connections; twice does no harm."""
        if "_client" in self.__dict__:
            await self._client.aclose()

    async def _attempt(
        self, method: str, path: str, params: Mapping[str, str] | None, content: bytes | None, *, writes: bool
    ) -> Hit | Miss:
        """One attempt. No local variable here holds the request: it is signed, and a crash report may show it."""
        address = f"{self._base_text}/{path.lstrip('/')}"
        headers = {"Content-Type": "application/json"} if content is not None else None
        way = Way(self._settings.timeout)
        try:
            async with self._slots:
                began = time.perf_counter()
                async with (
                    way,
                    self._client.stream(
                        method, path, params=params, content=content, headers=headers, extensions={"trace": way.trace}
                    ) as response,
                ):
                    self._record_latency(response.headers, time.perf_counter() - began)
                    sent = response.request.headers
                    body = await read_body(response, self._settings.max_body)
        except KehuError as error:
            log.debug("%s %s: %s", method, address, type(error).__name__, extra=_details(params))
            error.method, error.address = method, address
            return Miss(error.with_traceback(None), unclear=isinstance(error, ProtocolError), again=False)
        except (httpx.RequestError, OSError, SOCKSError) as error:
            log.debug("%s %s: %s", method, address, type(error).__name__, extra=_details(params))
            return self._line_failed(*fault_of(error, way, self._road), method, address)
        except httpx.InvalidURL as error:
            what = N_("the values are too long for the address of a call")
            if "too long" not in str(error):
                what = N_("the values make no address of a call")
            return Miss(InvalidError(what, method=method, address=address), unclear=False, again=False)
        if response.status_code == LOGIN_STATUS and self._road is not None and self._road.is_read:
            return self._line_failed(TUNNEL_LOGIN, "", method, address)
        if log.isEnabledFor(logging.DEBUG):
            text = "%s %s: %d, %d bytes, %.0f ms"
            took = (time.perf_counter() - began) * 1000
            details = _details(params, content, sent, response.headers)
            log.debug(text, method, address, response.status_code, len(body), took, extra=details)
        reply = Reply({}, method, address, response.status_code, path, writes)
        return self.replies.read(reply, response.headers, body, sent, self.connection_info)

    def _line_failed(self, fault: LineFault, reason: str, method: str, address: str) -> Miss:
        """What comes of a call that met `fault`, with the `reason` in others' words."""
        proxy = self._road.proxy if self._road is not None else None
        read_by_proxy = proxy is not None and self._road is not None and self._road.is_read
        kind = ProtocolError if fault.garbled else NetworkError
        told = kind(
            fault.what,
            todo=fault.todo,
            method=method,
            address=address,
            host=f"{proxy.place} → {self._base.host}" if proxy and read_by_proxy and fault.sent else self._base.host,
            proxy=proxy.place if proxy else "",
            source=proxy.source if proxy else "",
            profile=self._settings.profile,
            seconds=self._settings.timeout,
            reason=reason,
        )
        return Miss(told, unclear=fault.sent, again=fault.passing)

    def _record_latency(self, headers: httpx.Headers, seconds: float) -> None:
        date = date_of(headers, "Date")
        self.connection_info = ConnectionInfo(seconds * 1000, date.timestamp() - self._now() if date else None)

    def _unknown(self, error: KehuError) -> OutcomeUnknownError:
        return OutcomeUnknownError(
            N_("{reason}; it was sent this once, and may have been applied"),
            todo=N_("Look whether it was applied, and send it again only if it was not."),
            reason=error,
            code=error.code,
            detail=error.detail,
            method=error.method,
            address=error.address,
            status=error.status,
            trace_id=error.trace_id,
            answer=error.answer,
        )


TOLD_HEADERS = frozenset(
    {
        *("accept", "accept-encoding", "content-type", "content-length", "content-encoding", "user-agent"),
        *("date", "server", "via", "age", "cache-control", "retry-after", "transfer-encoding", "connection"),
        *("x-request-id", "x-trace-id", "traceid", "x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"),
    }
)
"""Headers that say nothing of who calls: all others may hold a token or a signature, or repeat one."""

SHORT_NUMBER = 4
"""Digits of a parameter's value that is told: a page's, a size's. Longer ones may be a person's phone or id."""


def _details(
    params: Mapping[str, str] | None,
    content: bytes | None = None,
    sent: httpx.Headers | None = None,
    received: httpx.Headers | None = None,
) -> dict[str, Sequence[str]]:
    """What a log may tell of a call beside its address: nothing of what authorises it, and of no person."""
    lines = [f"? {name}={_told_value(value)}" for name, value in (params or {}).items()]
    for mark, headers in ((">", sent), ("<", received)):
        lines += [f"{mark} {name}: {value}" for name, value in (headers or {}).items() if name.lower() in TOLD_HEADERS]
    if content is not None:
        lines.append(f"> {len(content)} bytes")
    return {"details": lines}


def _told_value(value: str) -> str:
    return value if value.isdecimal() and len(value) <= SHORT_NUMBER else f"… ({len(value)})"


def _wait(attempt: int, error: KehuError, began: float) -> float | None:
    """Seconds to wait after `attempt`, or None where it was the last. `began` is the first one's monotonic time."""
    if attempt >= ATTEMPTS:
        return None
    asked = error.retry_after if isinstance(error, VendorError) else None
    wait = FIRST_WAIT * 2 ** (attempt - 1) * random.uniform(0.5, 1) if asked is None else asked  # noqa: S311  # jitter
    return wait if wait <= LONGEST_WAIT and time.monotonic() - began + wait <= LAST_START else None


def _hush_http_loggers() -> None:
    """Silence the loggers that write whole addresses and headers; `log` above tells of every attempt instead."""
    for name in HTTP_LOGGERS:
        logging.getLogger(name).addFilter(_nothing)


def _nothing(record: logging.LogRecord) -> bool:
    return False
